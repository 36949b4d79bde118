package camera

import (
	"context"
	"sync"
)

// Source gives frames, one at a time. It is what a driver's concrete type
// satisfies; cameratest.TestSource checks the promises.
type Source interface {
	// Next waits for a picture and hands it over; the caller releases it. A caller
	// that comes late gets the newest picture, not the oldest one it missed.
	//
	// The error is ctx's, which leaves the source usable; io.EOF where pictures
	// end; ErrClosed after Close; or a fault. All but ctx's are final: opening
	// again is the owner's business.
	Next(ctx context.Context) (*Frame, error)

	// Close stops the source and ends a waiting Next. Frames handed out before
	// stay readable until they are released. Closing twice is harmless.
	Close() error
}

// Latest is a mailbox for one frame between a driver and its consumer: a newer
// frame releases and replaces one that nobody took. It is safe for concurrent
// use by any number of goroutines.
type Latest struct {
	mu       sync.Mutex
	frame    *Frame
	end      error
	replaced uint64
	ready    chan struct{} // holds a token while frame is set
	ended    chan struct{}
}

// NewLatest is an empty mailbox.
func NewLatest() *Latest {
	return &Latest{ready: make(chan struct{}, 1), ended: make(chan struct{})}
}

// Put hands f over. After End it is released at once.
func (l *Latest) Put(f *Frame) {
	if f == nil {
		return
	}
	l.mu.Lock()
	old := f
	if l.end == nil {
		if old = l.frame; old != nil {
			l.replaced++
		}
		l.frame = f
		select {
		case l.ready <- struct{}{}:
		default:
		}
	}
	l.mu.Unlock()
	old.Release()
}

// End says that no frame follows, and why (io.EOF, ErrClosed, a fault); only the
// first call counts. A frame that waits is still delivered, unless the reason
// is ErrClosed: then it is released.
func (l *Latest) End(err error) {
	l.mu.Lock()
	var old *Frame
	if l.end == nil {
		l.end = err
		close(l.ended)
	}
	if err == ErrClosed {
		l.end = err
		old, l.frame = l.frame, nil
	}
	l.mu.Unlock()
	old.Release()
}

// Next waits for a frame, as Source.Next does.
func (l *Latest) Next(ctx context.Context) (*Frame, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		l.mu.Lock()
		f, end := l.frame, l.end
		l.frame = nil
		l.mu.Unlock()
		switch {
		case f != nil:
			return f, nil
		case end != nil:
			return nil, end
		}
		select {
		case <-ctx.Done():
		case <-l.ready:
		case <-l.ended:
		}
	}
}

// Replaced is how many frames nobody took in time.
func (l *Latest) Replaced() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.replaced
}
