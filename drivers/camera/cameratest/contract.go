package cameratest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/dzong-id/dzong/drivers/camera"
)

// Contract says what TestSource may assume of a source.
type Contract struct {
	// Live: the source takes pictures whether or not anybody wants them, and does
	// not end. A player that waits for its consumer is not live.
	Live bool
	// Patience is how long a picture may take; 2 s if zero.
	Patience time.Duration
}

// TestSource checks that a source keeps what camera.Source and camera.Frame
// promise. open gives a new one each time, with at least eight pictures in it;
// TestSource closes it. A driver's own tests call it with the real device, and
// with the double that stands for it.
func TestSource(t *testing.T, open func(t *testing.T) camera.Source, c Contract) {
	t.Helper()
	for _, rule := range rules() {
		t.Run(rule.name, func(t *testing.T) {
			if rule.live && !c.Live {
				t.Skip("the source waits for its consumer")
			}
			source := open(t)
			err := rule.check(source, c.patience())
			if e := source.Close(); e != nil {
				t.Errorf("close: %v", e)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
}

func (c Contract) patience() time.Duration {
	if c.Patience <= 0 {
		return 2 * time.Second
	}
	return c.Patience
}

// rule is one promise; check says how it was broken.
type rule struct {
	name  string
	live  bool // only for sources that run by themselves
	check func(source camera.Source, patience time.Duration) error
}

func rules() []rule {
	return []rule{
		{"every frame holds what its shape says", false, shapes},
		{"sequence grows and time never falls", false, order},
		{"a held frame keeps its bytes", false, held},
		{"releasing twice harms nobody", false, twice},
		{"a cancelled wait leaves the source usable", false, cancelled},
		{"a consumer that keeps every frame waits and goes on", false, starved},
		{"close ends a waiting consumer", false, closeWakes},
		{"after close there are no frames", false, closedGivesNone},
		{"a frame outlives its source", false, outlives},
		{"a late consumer gets the newest picture", true, newest},
	}
}

// next takes a frame within patience.
func next(source camera.Source, patience time.Duration) (*camera.Frame, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	f, err := source.Next(ctx)
	if err != nil {
		return nil, fmt.Errorf("next: %w", err)
	}
	if f == nil {
		return nil, errors.New("next: neither a frame nor an error")
	}
	return f, nil
}

func shapes(source camera.Source, patience time.Duration) error {
	for range 3 {
		f, err := next(source, patience)
		if err != nil {
			return err
		}
		if err := f.Check(); err != nil {
			return err
		}
		for y := range f.Height {
			if len(f.Row(y)) != f.Width {
				return fmt.Errorf("row %d has %d pixels of %d", y, len(f.Row(y)), f.Width)
			}
		}
		f.Release()
		if f.Luma != nil || !errors.Is(f.Check(), camera.ErrReleased) {
			return errors.New("a released frame still shows its plane")
		}
	}
	return nil
}

func order(source camera.Source, patience time.Duration) error {
	var seq uint64
	var at time.Duration
	for i := range 5 {
		f, err := next(source, patience)
		if err != nil {
			return err
		}
		if i > 0 && f.Seq <= seq {
			return fmt.Errorf("sequence %d after %d", f.Seq, seq)
		}
		if i > 0 && f.At < at {
			return fmt.Errorf("time %v after %v", f.At, at)
		}
		seq, at = f.Seq, f.At
		f.Release()
	}
	return nil
}

func held(source camera.Source, patience time.Duration) error {
	first, err := next(source, patience)
	if err != nil {
		return err
	}
	defer first.Release()
	before := bytes.Clone(first.Luma)
	for range 4 {
		f, err := next(source, patience)
		if err != nil {
			return err
		}
		if &f.Luma[0] == &first.Luma[0] {
			return errors.New("two frames are held and share memory")
		}
		f.Release()
	}
	if !bytes.Equal(before, first.Luma) {
		return errors.New("a held frame was written to")
	}
	return nil
}

func twice(source camera.Source, patience time.Duration) error {
	old, err := next(source, patience)
	if err != nil {
		return err
	}
	old.Release()
	old.Release()
	a, err := next(source, patience)
	if err != nil {
		return err
	}
	defer a.Release()
	old.Release() // late, when its plane may be another frame's
	if err := a.Check(); err != nil {
		return fmt.Errorf("a late second release freed another frame: %w", err)
	}
	b, err := next(source, patience)
	if err != nil {
		return err
	}
	defer b.Release()
	if &a.Luma[0] == &b.Luma[0] {
		return errors.New("after a second release two frames share memory")
	}
	return nil
}

func cancelled(source camera.Source, patience time.Duration) error {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if f, err := source.Next(ctx); !errors.Is(err, context.Canceled) {
		f.Release()
		return fmt.Errorf("with a cancelled context: %v, want context.Canceled", err)
	}
	f, err := next(source, patience)
	if err != nil {
		return fmt.Errorf("after a cancelled wait: %w", err)
	}
	f.Release()
	return nil
}

func starved(source camera.Source, patience time.Duration) error {
	var kept []*camera.Frame
	defer func() {
		for _, f := range kept {
			f.Release()
		}
	}()
	// A device has few buffers; whether the last wait ends or not, it must end
	// with the context.
	for len(kept) < 7 {
		f, err := next(source, 200*time.Millisecond)
		if errors.Is(err, context.DeadlineExceeded) {
			break
		}
		if err != nil {
			return err
		}
		kept = append(kept, f)
	}
	if len(kept) == 0 {
		return errors.New("no frame at all")
	}
	for i, f := range kept {
		if err := f.Check(); err != nil {
			return fmt.Errorf("frame %d of %d held: %w", i+1, len(kept), err)
		}
	}
	kept[0].Release()
	f, err := next(source, patience)
	if err != nil {
		return fmt.Errorf("after one of %d held frames came back: %w", len(kept), err)
	}
	f.Release()
	return nil
}

func closeWakes(source camera.Source, patience time.Duration) error {
	done := make(chan error, 1)
	go func() {
		for {
			f, err := source.Next(context.Background())
			if err != nil {
				done <- err
				return
			}
			defer f.Release() // kept until the end, so that the next wait lasts
		}
	}()
	time.Sleep(20 * time.Millisecond)
	if err := source.Close(); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	select {
	case err := <-done:
		if !errors.Is(err, camera.ErrClosed) && !errors.Is(err, io.EOF) {
			return fmt.Errorf("a waiting consumer got %v, want ErrClosed", err)
		}
		return nil
	case <-time.After(patience):
		return errors.New("a waiting consumer was not woken by close")
	}
}

func closedGivesNone(source camera.Source, patience time.Duration) error {
	f, err := next(source, patience)
	if err != nil {
		return err
	}
	f.Release()
	for range 2 {
		if err := source.Close(); err != nil {
			return fmt.Errorf("close: %w", err)
		}
		if f, err := next(source, patience); !errors.Is(err, camera.ErrClosed) {
			f.Release()
			return fmt.Errorf("after close: %v, want ErrClosed", err)
		}
	}
	return nil
}

func outlives(source camera.Source, patience time.Duration) error {
	f, err := next(source, patience)
	if err != nil {
		return err
	}
	before := bytes.Clone(f.Luma)
	if err := source.Close(); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	if err := f.Check(); err != nil {
		return fmt.Errorf("a frame held across close: %w", err)
	}
	if !bytes.Equal(before, f.Luma) {
		return errors.New("close wrote to a held frame")
	}
	f.Release()
	return nil
}

func newest(source camera.Source, patience time.Duration) error {
	f, err := next(source, patience)
	if err != nil {
		return err
	}
	first := f.Seq
	f.Release()
	g, err := next(source, patience)
	if err != nil {
		return err
	}
	interval := max(g.At-f.At, time.Millisecond)
	g.Release()
	time.Sleep(6 * interval)
	late, err := next(source, patience)
	if err != nil {
		return err
	}
	defer late.Release()
	if late.Seq < first+4 {
		return fmt.Errorf("six pictures late the consumer got picture %d after %d: the oldest, not the newest", late.Seq, first)
	}
	return nil
}
