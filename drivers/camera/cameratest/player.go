package cameratest

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/dzong-id/dzong/drivers/camera"
)

// Player is a camera.Source that plays shots at the consumer's pace: every Next
// loads the next one, none is lost, and At is what the shot says, however long
// the consumer took. It is what a test wants. After the last shot it gives
// io.EOF; a shot that cannot be loaded is a fault.
type Player struct {
	pool *camera.Pool

	mu     sync.Mutex // held by a Next while it loads
	shots  []Shot
	seq    uint64
	fault  error
	closed chan struct{}
	once   sync.Once
}

// poolSize is what a small V4L2 queue has.
const poolSize = 4

// Play is a Player over shots. At most four frames are out at a time: a consumer
// that keeps them all waits.
func Play(shots []Shot) *Player {
	return &Player{pool: camera.NewPool(poolSize), shots: shots, closed: make(chan struct{})}
}

// Next implements camera.Source.
func (p *Player) Next(ctx context.Context) (*camera.Frame, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.closed:
		return nil, camera.ErrClosed
	default:
	}
	if p.fault != nil {
		return nil, p.fault
	}
	if len(p.shots) == 0 {
		return nil, io.EOF
	}
	shot := p.shots[0]
	picture, err := shot.Load()
	if err != nil {
		p.fault = fmt.Errorf("camera picture %d: %w", p.seq+1, err)
		return nil, p.fault
	}
	size := picture.Rect.Size()
	for {
		back := p.pool.Returned()
		if f := p.pool.Get(size.X, size.Y, p.seq+1, shot.At); f != nil {
			p.shots = p.shots[1:]
			p.seq++
			fill(f, picture)
			return f, nil
		}
		if size.X <= 0 || size.Y <= 0 || size.X > camera.MaxPixels/size.Y {
			p.fault = fmt.Errorf("camera picture %d: %w: %d×%d", p.seq+1, camera.ErrShape, size.X, size.Y)
			return nil, p.fault
		}
		select {
		case <-back:
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-p.closed:
			return nil, camera.ErrClosed
		}
	}
}

// Close implements camera.Source.
func (p *Player) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

// Stage is a camera.Source that runs in real time and never ends: it shows the
// idle shot again and again, and a scene's shots once, at their times, when one
// is put on. Like a camera it waits for nobody: a consumer that is slow loses
// pictures.
type Stage struct {
	latest *camera.Latest
	pool   *camera.Pool
	every  time.Duration
	scenes chan scene
	stop   chan struct{}
	done   chan struct{}
	once   sync.Once
}

type scene struct {
	shots []Shot
	ended chan<- struct{}
}

// NewStage starts a stage that takes a picture of idle every so often (at least
// a millisecond apart). Close it to end its goroutine.
func NewStage(idle Shot, every time.Duration) *Stage {
	s := &Stage{
		latest: camera.NewLatest(),
		pool:   camera.NewPool(poolSize),
		every:  max(every, time.Millisecond),
		scenes: make(chan scene, 1),
		stop:   make(chan struct{}),
		done:   make(chan struct{}),
	}
	go s.run(idle)
	return s
}

// Show puts a scene on and returns when its last picture was taken, with ctx's
// error, ErrClosed, or nil. Scenes shown from several goroutines follow each
// other.
func (s *Stage) Show(ctx context.Context, shots []Shot) error {
	ended := make(chan struct{})
	select {
	case s.scenes <- scene{shots: shots, ended: ended}:
	case <-ctx.Done():
		return ctx.Err()
	case <-s.done:
		return camera.ErrClosed
	}
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-s.done:
		return camera.ErrClosed
	}
}

// Next implements camera.Source.
func (s *Stage) Next(ctx context.Context) (*camera.Frame, error) { return s.latest.Next(ctx) }

// Lost is how many pictures nobody took in time.
func (s *Stage) Lost() uint64 { return s.latest.Replaced() }

// Close implements camera.Source. It waits until the stage's goroutine has
// ended.
func (s *Stage) Close() error {
	s.once.Do(func() {
		s.latest.End(camera.ErrClosed)
		close(s.stop)
	})
	<-s.done
	return nil
}

func (s *Stage) run(idle Shot) {
	defer close(s.done)
	start := time.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	var seq uint64
	take := func(shot Shot) bool {
		seq++
		picture, err := shot.Load()
		if err != nil {
			s.latest.End(fmt.Errorf("camera picture %d: %w", seq, err))
			return false
		}
		size := picture.Rect.Size()
		// A nil frame: the consumer holds every plane, and this picture is lost.
		if f := s.pool.Get(size.X, size.Y, seq, time.Since(start)); f != nil {
			fill(f, picture)
			s.latest.Put(f)
		}
		return true
	}
	for {
		select {
		case <-s.stop:
			return
		case <-timer.C:
			if !take(idle) {
				return
			}
			timer.Reset(s.every)
		case sc := <-s.scenes:
			begin := time.Now()
			for _, shot := range sc.shots {
				timer.Reset(time.Until(begin.Add(shot.At)))
				select {
				case <-s.stop:
					return
				case <-timer.C:
				}
				if !take(shot) {
					return
				}
			}
			close(sc.ended)
			timer.Reset(s.every)
		}
	}
}
