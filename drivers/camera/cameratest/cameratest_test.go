package cameratest

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/dzong-id/dzong/drivers/camera"
)

func gray(w, h int, value byte) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = value
	}
	return img
}

func stills(n int) []Shot {
	shots := make([]Shot, n)
	for i := range shots {
		shots[i] = Still(time.Duration(i)*10*time.Millisecond, gray(16, 9, byte(i)))
	}
	return shots
}

func TestPlayerLosesNothing(t *testing.T) {
	p := Play(stills(6))
	defer p.Close()
	for i := range 6 {
		time.Sleep(time.Millisecond)
		f, err := p.Next(t.Context())
		if err != nil || f.Seq != uint64(i+1) || f.At != time.Duration(i)*10*time.Millisecond || f.Luma[5] != byte(i) {
			t.Fatalf("picture %d: %+v, %v", i, f, err)
		}
		f.Release()
	}
	for range 2 {
		if _, err := p.Next(t.Context()); err != io.EOF {
			t.Fatal(err)
		}
	}
}

func TestStageShowsAScene(t *testing.T) {
	s := NewStage(Still(0, gray(8, 8, 200)), 2*time.Millisecond)
	defer s.Close()
	seen := make(chan map[byte]bool)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		levels := map[byte]bool{}
		for {
			f, err := s.Next(ctx)
			if err != nil {
				seen <- levels
				return
			}
			levels[f.Luma[0]] = true
			f.Release()
		}
	}()
	if err := s.Show(t.Context(), []Shot{Still(0, gray(8, 8, 1)), Still(10*time.Millisecond, gray(8, 8, 2)), Still(20*time.Millisecond, gray(4, 4, 3))}); err != nil {
		t.Fatal(err)
	}
	time.Sleep(20 * time.Millisecond)
	cancel()
	levels := <-seen
	for _, v := range []byte{1, 2, 3, 200} {
		if !levels[v] {
			t.Errorf("picture %d was not seen", v)
		}
	}
	s.Close()
	if err := s.Show(t.Context(), stills(1)); !errors.Is(err, camera.ErrClosed) {
		t.Errorf("a scene on a closed stage: %v", err)
	}
}

func TestStageEndsWithAFault(t *testing.T) {
	s := NewStage(Files(0, filepath.Join(t.TempDir(), "missing.png"))[0], time.Millisecond)
	defer s.Close()
	if _, err := s.Next(t.Context()); err == nil || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v, want the file's absence", err)
	}
}

func TestFolder(t *testing.T) {
	dir := t.TempDir()
	if _, err := Folder(time.Second, dir); err == nil {
		t.Error("an empty folder is a camera")
	}
	if _, err := Folder(time.Second, filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	var p, j bytes.Buffer
	png.Encode(&p, gray(5, 4, 10))
	jpeg.Encode(&j, gray(8, 8, 250), nil)
	os.WriteFile(filepath.Join(dir, "b.JPG"), j.Bytes(), 0o600)
	os.WriteFile(filepath.Join(dir, "a.png"), p.Bytes(), 0o600)
	os.WriteFile(filepath.Join(dir, "c.txt"), []byte("no picture"), 0o600)
	os.WriteFile(filepath.Join(dir, "d.jpeg"), []byte("no picture either"), 0o600)
	shots, err := Folder(time.Second, dir)
	if err != nil || len(shots) != 3 || shots[1].At != time.Second {
		t.Fatalf("%d shots, %v", len(shots), err)
	}
	source := Play(shots)
	defer source.Close()
	for _, want := range []struct {
		w     int
		level byte
	}{{5, 10}, {8, 250}} {
		f, err := source.Next(t.Context())
		if err != nil || f.Width != want.w || f.Luma[0] < want.level-3 || f.Luma[0] > want.level+3 {
			t.Fatalf("%+v, %v", f, err)
		}
		f.Release()
	}
	for range 2 { // a fault is final
		if _, err := source.Next(t.Context()); !errors.Is(err, camera.ErrImage) {
			t.Errorf("%v, want ErrImage", err)
		}
	}
}

func TestFaults(t *testing.T) {
	gone := errors.New("unplugged")
	source := Faulty(Play(stills(20)), Fault{Picture: 2, Kind: Dark}, Fault{Picture: 3, Kind: Lost},
		Fault{Picture: 4, Kind: Short}, Fault{Picture: 6, Kind: Gone, Err: gone})
	defer source.Close()
	take := func() *camera.Frame {
		t.Helper()
		f, err := source.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	take().Release()
	if f := take(); f.Seq != 2 || f.Luma[0] != 0 || f.Check() != nil {
		t.Errorf("dark: %+v", f)
	} else {
		f.Release()
	}
	if f := take(); f.Seq != 4 || !errors.Is(f.Check(), camera.ErrShape) {
		t.Errorf("after a lost picture, short: %+v, %v", f, f.Check())
	} else {
		f.Release()
	}
	take().Release()
	for range 2 {
		if _, err := source.Next(t.Context()); err != gone {
			t.Errorf("%v, want the fault", err)
		}
	}

	stalled := Faulty(Play(stills(5)), Fault{Picture: 1, Kind: Stalled})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := stalled.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("stalled: %v", err)
	}
	stalled.Close()
	if _, err := stalled.Next(t.Context()); !errors.Is(err, camera.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}
