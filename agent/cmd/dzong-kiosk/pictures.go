package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dzong-id/dzong/agent/config"
	"github.com/dzong-id/dzong/drivers/camera"
)

// openCamera opens the camera that the configuration names.
func openCamera(_ context.Context, c config.Camera) (camera.Source, error) {
	if c.Kind != "files" {
		return nil, fmt.Errorf("open camera: there is no kind %q", c.Kind)
	}
	return openPictures(c)
}

// pictures is a camera of kind "files": PNG and JPEG files one after the other,
// each shown to whoever asks, none earlier than interval after the one before. A
// folder is looked into again with every round, so that a picture put into it is
// seen.
type pictures struct {
	path     string
	interval time.Duration
	loop     bool
	pool     *camera.Pool
	began    time.Time
	closed   chan struct{}
	once     sync.Once

	mu    sync.Mutex // held by a Next while it works
	files []string   // still to come in this round
	due   time.Time
	seq   uint64
	fault error
}

func openPictures(c config.Camera) (*pictures, error) {
	p := &pictures{path: c.Path, interval: c.Interval, loop: c.Loop, pool: camera.NewPool(4),
		began: time.Now(), closed: make(chan struct{})}
	var err error
	if p.files, err = p.list(); err != nil {
		return nil, err
	}
	return p, nil
}

// list names the pictures of one round, in the order of their names.
func (p *pictures) list() ([]string, error) {
	info, err := os.Stat(p.path)
	if err != nil {
		return nil, fmt.Errorf("open camera: %w", err)
	}
	if !info.IsDir() {
		return []string{p.path}, nil
	}
	entries, err := os.ReadDir(p.path)
	if err != nil {
		return nil, fmt.Errorf("open camera: %w", err)
	}
	var files []string
	for _, e := range entries {
		if slices.Contains([]string{".png", ".jpg", ".jpeg"}, strings.ToLower(filepath.Ext(e.Name()))) {
			files = append(files, filepath.Join(p.path, e.Name()))
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("open camera: no PNG or JPEG in %s", p.path)
	}
	return files, nil
}

// Next implements camera.Source.
func (p *pictures) Next(ctx context.Context) (*camera.Frame, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		if err := p.wait(ctx, nil); err != nil {
			return nil, err
		}
		back := p.pool.Returned()
		if p.pool.Out() >= 4 {
			// The consumer holds every plane.
			select {
			case <-back:
				continue
			case <-ctx.Done():
				return nil, ctx.Err()
			case <-p.closed:
				return nil, camera.ErrClosed
			}
		}
		if err := p.wait(ctx, time.After(time.Until(p.due))); err != nil {
			return nil, err
		}
		f, err := p.take()
		if err != nil {
			p.fault = err // final, as camera.Source says
		}
		return f, err
	}
}

// wait returns when ready does, or with why it never will; at once if ready is
// nil.
func (p *pictures) wait(ctx context.Context, ready <-chan time.Time) error {
	select {
	case <-p.closed:
		return camera.ErrClosed
	default:
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if p.fault != nil {
		return p.fault
	}
	if ready == nil {
		return nil
	}
	select {
	case <-p.closed:
		return camera.ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	case <-ready:
		return nil
	}
}

// take reads the next picture into a frame.
func (p *pictures) take() (*camera.Frame, error) {
	name, data, err := p.read()
	if err != nil {
		return nil, err
	}
	picture, err := camera.DecodeLuma(data, camera.MaxPixels)
	if err != nil {
		return nil, fmt.Errorf("open picture %s: %w", name, err)
	}
	p.seq++
	p.due = time.Now().Add(p.interval)
	size := picture.Rect.Size()
	f := p.pool.Get(size.X, size.Y, p.seq, time.Since(p.began))
	if f == nil {
		return nil, fmt.Errorf("open picture %s: %w: %d×%d", name, camera.ErrShape, size.X, size.Y)
	}
	for y := range size.Y {
		copy(f.Row(y), picture.Pix[y*picture.Stride:][:size.X])
	}
	return f, nil
}

// read reads the next file. In a loop one that was taken away since the round
// began is passed over.
func (p *pictures) read() (name string, data []byte, err error) {
	for again := false; ; {
		if len(p.files) == 0 {
			switch {
			case !p.loop:
				return "", nil, io.EOF
			case again:
				return "", nil, fmt.Errorf("read picture: every one in %s is gone", p.path)
			}
			if p.files, err = p.list(); err != nil {
				return "", nil, err
			}
			again = true
		}
		name, p.files = p.files[0], p.files[1:]
		data, err = os.ReadFile(name)
		switch {
		case err == nil:
			return name, data, nil
		case !p.loop || !errors.Is(err, fs.ErrNotExist):
			return "", nil, fmt.Errorf("read picture: %w", err)
		}
	}
}

// Close implements camera.Source.
func (p *pictures) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}
