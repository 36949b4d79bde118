package cameratest

import (
	"fmt"
	"image"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/dzong-id/dzong/drivers/camera"
)

// Shot is one picture of a sequence. Load may be called more than once and
// from any goroutine.
type Shot struct {
	At   time.Duration // since the sequence began
	Load func() (*image.Gray, error)

	// Corners are the outer corners of the code in the picture, clockwise from
	// the symbol's own top left, in pixels; where the maker knows them.
	Corners *[4][2]float64
}

// Still is a shot of pixels that are at hand.
func Still(at time.Duration, picture *image.Gray) Shot {
	return Shot{At: at, Load: func() (*image.Gray, error) { return picture, nil }}
}

// Files gives a shot per PNG or JPEG file, interval apart. A file is opened when
// the shot is loaded, so one that is missing or no image is the source's fault
// at that picture.
func Files(interval time.Duration, paths ...string) []Shot {
	shots := make([]Shot, len(paths))
	for i, path := range paths {
		shots[i] = Shot{At: time.Duration(i) * interval, Load: func() (*image.Gray, error) {
			file, err := os.ReadFile(path)
			if err != nil {
				return nil, fmt.Errorf("read picture: %w", err)
			}
			picture, err := camera.DecodeLuma(file, camera.MaxPixels)
			if err != nil {
				return nil, fmt.Errorf("open picture %s: %w", path, err)
			}
			return picture, nil
		}}
	}
	return shots
}

// Folder is Files over a folder's *.png, *.jpg and *.jpeg in the order of their
// names. A folder without any is an error.
func Folder(interval time.Duration, dir string) ([]Shot, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read folder of pictures: %w", err)
	}
	var paths []string
	for _, e := range entries {
		switch strings.ToLower(filepath.Ext(e.Name())) {
		case ".png", ".jpg", ".jpeg":
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("read folder of pictures: no PNG or JPEG in %s", dir)
	}
	sort.Strings(paths)
	return Files(interval, paths...), nil
}

// Loaded loads every shot now, so that playing them costs no decoding or
// rendering later.
func Loaded(shots []Shot) ([]Shot, error) {
	out := make([]Shot, len(shots))
	for i, s := range shots {
		picture, err := s.Load()
		if err != nil {
			return nil, fmt.Errorf("load picture %d of %d: %w", i+1, len(shots), err)
		}
		out[i] = Still(s.At, picture)
		out[i].Corners = s.Corners
	}
	return out, nil
}

// fill copies a picture into a frame of the same shape.
func fill(f *camera.Frame, picture *image.Gray) {
	b := picture.Rect
	for y := range b.Dy() {
		copy(f.Row(y), picture.Pix[picture.PixOffset(b.Min.X, b.Min.Y+y):][:b.Dx()])
	}
}
