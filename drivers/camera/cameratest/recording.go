package cameratest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/dzong-id/dzong/drivers/camera"
)

// recordingIndex is a recording folder's index.json:
//
//	{"format": 1, "frames": [{"file": "0001.jpg", "at_ms": 0}, …]}
type recordingIndex struct {
	Format int             `json:"format"`
	Frames []recordedFrame `json:"frames"`
}

type recordedFrame struct {
	File string `json:"file"`
	At   int64  `json:"at_ms"`
}

const (
	recordingFormat = 1
	indexName       = "index.json"
	// Quality is good enough to read what the pictures show, and small enough to
	// keep: some 35 kB for a picture of 768×576.
	recordingQuality = 40
	mostRecorded     = 10_000
)

// Record writes shots into dir as grey JPEGs and an index.json with their times.
// dir is made if it is missing and must hold no recording yet.
func Record(dir string, shots []Shot) error {
	if len(shots) == 0 {
		return errors.New("write recording: no pictures")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("write recording: %w", err)
	}
	if _, err := os.Stat(filepath.Join(dir, indexName)); err == nil {
		return fmt.Errorf("write recording: %s holds one already: choose another folder", dir)
	}
	index := recordingIndex{Format: recordingFormat}
	for i, shot := range shots {
		picture, err := shot.Load()
		if err != nil {
			return fmt.Errorf("write recording: load picture %d: %w", i+1, err)
		}
		var file bytes.Buffer
		if err := jpeg.Encode(&file, picture, &jpeg.Options{Quality: recordingQuality}); err != nil {
			return fmt.Errorf("write recording: picture %d: %w", i+1, err)
		}
		name := fmt.Sprintf("%04d.jpg", i+1)
		if err := os.WriteFile(filepath.Join(dir, name), file.Bytes(), 0o644); err != nil {
			return fmt.Errorf("write recording: %w", err)
		}
		index.Frames = append(index.Frames, recordedFrame{File: name, At: shot.At.Milliseconds()})
	}
	text, err := json.MarshalIndent(index, "", "  ")
	if err != nil {
		return fmt.Errorf("write recording: %w", err)
	}
	// Last, so that a folder with an index is a whole recording.
	if err := os.WriteFile(filepath.Join(dir, indexName), append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("write recording: %w", err)
	}
	return nil
}

// Recording reads the index of a recording that Record wrote: dir in a file
// system, which may be an embedded one. Pictures are opened when they are
// loaded.
func Recording(fsys fs.FS, dir string) ([]Shot, error) {
	read := func(name string) ([]byte, error) {
		return fs.ReadFile(fsys, strings.TrimPrefix(dir+"/"+name, "./"))
	}
	text, err := read(indexName)
	if err != nil {
		return nil, fmt.Errorf("open recording: %w", err)
	}
	var index recordingIndex
	strict := json.NewDecoder(bytes.NewReader(text))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&index); err != nil {
		return nil, fmt.Errorf("open recording %s: %s: %w", dir, indexName, err)
	}
	if index.Format != recordingFormat || len(index.Frames) == 0 || len(index.Frames) > mostRecorded {
		return nil, fmt.Errorf("open recording %s: format %d with %d frames: want format %d with 1 to %d", dir, index.Format, len(index.Frames), recordingFormat, mostRecorded)
	}
	shots := make([]Shot, len(index.Frames))
	for i, f := range index.Frames {
		if f.File != filepath.Base(f.File) || f.File == "." || f.File == ".." {
			return nil, fmt.Errorf("open recording %s: frame %d: the file must lie beside %s", dir, i+1, indexName)
		}
		if f.At < 0 || i > 0 && f.At < index.Frames[i-1].At {
			return nil, fmt.Errorf("open recording %s: frame %d: time runs backwards", dir, i+1)
		}
		shots[i] = Shot{At: time.Duration(f.At) * time.Millisecond, Load: func() (*image.Gray, error) {
			file, err := read(f.File)
			if err != nil {
				return nil, fmt.Errorf("read recorded picture: %w", err)
			}
			return camera.DecodeLuma(file, camera.MaxPixels)
		}}
	}
	return shots, nil
}
