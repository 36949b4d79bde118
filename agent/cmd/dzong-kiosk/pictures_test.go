package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/dzong-id/dzong/agent/config"
	"github.com/dzong-id/dzong/drivers/camera"
	"github.com/dzong-id/dzong/drivers/camera/cameratest"
)

// folderOf makes a folder of n pictures whose brightness is their number.
func folderOf(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	for i := range n {
		put(t, dir, i+1)
	}
	return dir
}

func put(t *testing.T, dir string, number int) {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 30, 20))
	for i := range img.Pix {
		img.Pix[i] = byte(number)
	}
	data, err := encode(img)
	if err != nil {
		t.Fatal(err)
	}
	if err := write(dir, fmt.Sprintf("%04d.png", number), data); err != nil {
		t.Fatal(err)
	}
}

// number takes the next picture's.
func number(source camera.Source) (int, error) {
	f, err := source.Next(context.Background())
	if err != nil {
		return 0, err
	}
	defer f.Release()
	return int(f.Luma[0]), nil
}

func TestPicturesAreACamera(t *testing.T) {
	dir := folderOf(t, 3)
	cameratest.TestSource(t, func(t *testing.T) camera.Source {
		s, err := openPictures(config.Camera{Kind: "files", Path: dir, Interval: time.Millisecond, Loop: true})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}, cameratest.Contract{})
}

func TestPicturesComeInOrderAndEnd(t *testing.T) {
	s, err := openPictures(config.Camera{Path: folderOf(t, 2), Interval: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for want := 1; want <= 2; want++ {
		if got, err := number(s); got != want || err != nil {
			t.Errorf("picture %d, %v; want %d", got, err, want)
		}
	}
	for range 2 {
		if _, err := number(s); err != io.EOF {
			t.Errorf("after the last: %v, want EOF", err)
		}
	}
}

func TestAFolderIsLookedIntoWithEveryRound(t *testing.T) {
	dir := folderOf(t, 2)
	s, err := openPictures(config.Camera{Path: dir, Interval: time.Millisecond, Loop: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	see := func(want int) {
		t.Helper()
		if got, err := number(s); got != want || err != nil {
			t.Fatalf("picture %d, %v; want %d", got, err, want)
		}
	}
	see(1)
	put(t, dir, 3)
	remove := func(n int) {
		if err := os.Remove(filepath.Join(dir, fmt.Sprintf("%04d.png", n))); err != nil {
			t.Fatal(err)
		}
	}
	remove(2) // after it was listed
	see(1)
	see(3)
	remove(1)
	remove(3)
	if _, err := number(s); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("an empty folder: %v", err)
	}
}

func TestPicturesThatCannotBe(t *testing.T) {
	dir := t.TempDir()
	if err := write(dir, "torn.png", []byte("\x89PNG\r\n\x1a\nand nothing else")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "none"), filepath.Join(dir, "lost.jpg")); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"a torn picture":                 filepath.Join(dir, "torn.png"),
		"a folder of a link to nothing":  filepath.Join(dir),
		"a folder without pictures":      t.TempDir(),
		"nothing":                        filepath.Join(dir, "none"),
		"a link to nothing, by its name": filepath.Join(dir, "lost.jpg"),
	} {
		for _, loop := range []bool{false, true} {
			s, err := openCamera(context.Background(), config.Camera{Kind: "files", Path: path, Interval: time.Millisecond, Loop: loop})
			if err == nil {
				_, err = number(s)
				s.Close()
			}
			if err == nil || errors.Is(err, io.EOF) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if _, err := openCamera(context.Background(), config.Camera{Kind: "v4l3"}); err == nil {
		t.Error("a camera of a kind nobody knows was opened")
	}
}
