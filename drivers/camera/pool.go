package camera

import (
	"sync"
	"time"
)

// Pool lends out at most a fixed number of planes and reuses their memory. It
// is safe for concurrent use.
type Pool struct {
	mu   sync.Mutex
	free [][]byte
	out  int
	most int
	back chan struct{} // closed and replaced when a plane comes back
}

// NewPool is a pool of at most frames planes (at least one).
func NewPool(frames int) *Pool {
	return &Pool{most: max(frames, 1), back: make(chan struct{})}
}

// Get is a frame of the given shape with Stride equal to width and undefined
// content, or nil if every plane is out or the shape is impossible. A driver
// that gets nil drops the picture.
func (p *Pool) Get(width, height int, seq uint64, at time.Duration) *Frame {
	if width <= 0 || height <= 0 || width > MaxPixels/height {
		return nil
	}
	plane := p.take(width * height)
	if plane == nil {
		return nil
	}
	whole := plane[:cap(plane)]
	return &Frame{Luma: plane, Width: width, Height: height, Stride: width, Seq: seq, At: at,
		release: func() { p.put(whole) }}
}

// Out is how many planes are lent out.
func (p *Pool) Out() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out
}

// Returned is a channel that is closed when the next plane comes back. Take it
// before the Get that may fail, or a plane that comes back between is missed.
func (p *Pool) Returned() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.back
}

func (p *Pool) take(size int) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.out >= p.most {
		return nil
	}
	p.out++
	if n := len(p.free); n > 0 {
		plane := p.free[n-1]
		p.free[n-1] = nil
		p.free = p.free[:n-1]
		if cap(plane) >= size {
			return plane[:size]
		}
	}
	return make([]byte, size)
}

func (p *Pool) put(plane []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.out--
	p.free = append(p.free, plane)
	close(p.back)
	p.back = make(chan struct{})
}
