package camera

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// MaxPixels bounds a picture, in pixels, before anything is allocated for it.
const MaxPixels = 50_000_000

// Frame is one picture's luma plane: one byte per pixel, 0 black, rows from the
// top, pixel (x, y) at Luma[y*Stride+x].
//
// The plane may be memory that a device writes to (a V4L2 buffer mapped into
// the process, a dmabuf) and belongs to whoever holds the frame until Release
// gives it back. A Frame has one holder at a time; its fields are read only.
// Packed formats (YUYV, MJPEG) are unfolded into a Pool's memory by their
// driver; planar ones (GREY, NV12, YUV420) can be handed on in place, since
// Stride is the device's bytes per line.
type Frame struct {
	Luma   []byte // nil after Release
	Width  int    // pixels
	Height int    // pixels
	Stride int    // bytes from one row to the next, at least Width

	// Seq is the source's count of pictures taken, dropped ones too: it grows, and
	// by more than one where frames were lost.
	Seq uint64

	// At is when the picture was taken, on a monotonic clock whose origin is the
	// source's own (a V4L2 driver's is the machine's start). It never falls.
	At time.Duration

	released atomic.Bool
	release  func()
}

// Errors of Frame.Check and Source.Next.
var (
	ErrReleased = errors.New("camera: the frame was released before")
	ErrShape    = errors.New("camera: the plane does not hold what width, height and stride say")
	ErrClosed   = errors.New("camera: the source is closed")
)

// NewFrame is a frame over luma. release is called once, at the first Release,
// from whichever goroutine that is; nil does nothing. A shape that luma cannot
// hold is ErrShape, and release is then not called.
func NewFrame(luma []byte, width, height, stride int, seq uint64, at time.Duration, release func()) (*Frame, error) {
	f := &Frame{Luma: luma, Width: width, Height: height, Stride: stride, Seq: seq, At: at, release: release}
	if err := f.Check(); err != nil {
		return nil, err
	}
	return f, nil
}

// Check reports whether every row lies inside the plane. A consumer that indexes
// the plane calls it once per frame: a driver's mistake then ends in an error
// and not in a panic.
func (f *Frame) Check() error {
	switch {
	case f == nil || f.released.Load():
		return ErrReleased
	case f.Width <= 0 || f.Height <= 0 || f.Stride < f.Width,
		f.Width > MaxPixels/f.Height,
		f.Height > 1 && f.Stride > (len(f.Luma)-f.Width)/(f.Height-1),
		len(f.Luma) < f.Width:
		return fmt.Errorf("%w: %d×%d, stride %d, %d bytes", ErrShape, f.Width, f.Height, f.Stride, len(f.Luma))
	}
	return nil
}

// Row is row y's pixels.
func (f *Frame) Row(y int) []byte { return f.Luma[y*f.Stride:][:f.Width] }

// Release gives the plane back to where it came from. Only the first call does
// anything, from however many goroutines; the handle is spent afterwards, so a
// late second Release cannot free a frame that somebody else holds by then.
func (f *Frame) Release() {
	if f == nil || f.released.Swap(true) {
		return
	}
	f.Luma = nil
	if f.release != nil {
		f.release()
	}
}
