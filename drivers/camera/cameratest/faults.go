package cameratest

import (
	"context"
	"errors"
	"sync"

	"github.com/dzong-id/dzong/drivers/camera"
)

// FaultKind is what goes wrong with a picture.
type FaultKind int

const (
	// Gone: the camera is unplugged. Next gives Fault.Err (ErrGone if nil) from
	// this picture on.
	Gone FaultKind = iota
	// Stalled: no picture comes any more; Next waits for its context or Close.
	Stalled
	// Dark: the picture is black, as with a covered lens.
	Dark
	// Short: the plane is shorter than its shape, as with a driver's mistake;
	// Frame.Check says so.
	Short
	// Lost: the picture never arrives; the next one does.
	Lost
)

// ErrGone is the fault of a camera that is no longer there.
var ErrGone = errors.New("cameratest: the camera is gone")

// Fault is something that goes wrong at one picture.
type Fault struct {
	Picture int // counted from 1
	Kind    FaultKind
	Err     error // for Gone
}

// FaultySource is a source with faults put in its way.
type FaultySource struct {
	source camera.Source
	faults map[int]Fault
	closed chan struct{}
	once   sync.Once

	mu    sync.Mutex
	taken int
	final error
	stall bool
}

// Faulty puts faults in the way of source, which it closes with itself.
func Faulty(source camera.Source, faults ...Fault) *FaultySource {
	f := &FaultySource{source: source, faults: make(map[int]Fault), closed: make(chan struct{})}
	for _, fault := range faults {
		f.faults[fault.Picture] = fault
	}
	return f
}

// Next implements camera.Source.
func (s *FaultySource) Next(ctx context.Context) (*camera.Frame, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s.mu.Lock()
		final, stall := s.final, s.stall
		s.mu.Unlock()
		select {
		case <-s.closed:
			return nil, camera.ErrClosed
		default:
		}
		if final != nil {
			return nil, final
		}
		if stall {
			select {
			case <-ctx.Done():
				return nil, ctx.Err()
			case <-s.closed:
				return nil, camera.ErrClosed
			}
		}
		f, err := s.source.Next(ctx)
		if err != nil {
			return nil, err
		}
		if f = s.spoil(f); f != nil {
			return f, nil
		}
	}
}

// spoil applies the picture's fault; nil means that there is no picture.
func (s *FaultySource) spoil(f *camera.Frame) *camera.Frame {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken++
	fault, ok := s.faults[s.taken]
	if !ok {
		return f
	}
	switch fault.Kind {
	case Dark:
		black, err := camera.NewFrame(make([]byte, f.Stride*f.Height), f.Width, f.Height, f.Stride, f.Seq, f.At, f.Release)
		if err == nil {
			return black
		}
	case Short:
		f.Luma = f.Luma[:len(f.Luma)/2]
		return f
	case Gone:
		s.final = fault.Err
		if s.final == nil {
			s.final = ErrGone
		}
	case Stalled:
		s.stall = true
	}
	f.Release()
	return nil
}

// Close implements camera.Source.
func (s *FaultySource) Close() error {
	var err error
	s.once.Do(func() {
		close(s.closed)
		err = s.source.Close()
	})
	return err
}
