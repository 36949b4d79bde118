package scan

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/dzong-id/dzong/drivers/camera"
)

// Options are how long things must last, by the frames' own time. Zero fields
// are the defaults.
type Options struct {
	// Absent is how long a code must be out of sight before it counts as new when
	// it is seen again. It must outlast the frames that a shaking hand or a hunting
	// lens spoils: 2 s.
	Absent time.Duration
	// Unreadable is how long a code must be in view unread before that is
	// reported: 2 s.
	Unreadable time.Duration
}

// Scanner reads codes from a sequence of frames and remembers what is in view.
// It is for one goroutine.
type Scanner struct {
	options Options

	seen  map[[sha256.Size]byte]time.Duration // content in view → when last seen
	last  time.Duration                       // the latest frame's time
	turn  int                                 // which fallback is next
	plane []byte                              // frames with gaps between rows, without them

	locatedSince, locatedLast time.Duration
	located                   bool // a code is in view and has not been read
	told                      bool // and that was reported
}

// New is a scanner that has seen nothing.
func New(options Options) *Scanner {
	if options.Absent <= 0 {
		options.Absent = 2 * time.Second
	}
	if options.Unreadable <= 0 {
		options.Unreadable = 2 * time.Second
	}
	return &Scanner{options: options, seen: make(map[[sha256.Size]byte]time.Duration)}
}

// Sighting is what one frame showed.
type Sighting struct {
	// Payloads came into view with this frame: at most one.
	Payloads []Payload
	// InView reports that a code was read in this frame, a new one or not.
	InView bool
	// Located reports that a code was seen in this frame, whether it could be read
	// or not.
	Located bool
	// Unreadable reports, once until it is gone, that a code has been in view for
	// Options.Unreadable and nothing was read: torn, covered, too far away.
	Unreadable bool
}

// Scan looks at one frame and does not keep or release it. The error is for a
// frame that is released or misshapen, or a fault inside the decoder; the
// scanner goes on with the next frame. A frame without a code is no error.
func (s *Scanner) Scan(f *camera.Frame) (Sighting, error) {
	if err := f.Check(); err != nil {
		return Sighting{}, fmt.Errorf("scan frame: %w", err)
	}
	s.advance(f.At)
	p := s.picture(f)
	payload, err := p.read(quick)
	if errors.Is(err, errNotFound) || errors.Is(err, errUnread) {
		// One more way per frame, each in its turn: a frame without a code must not
		// cost several times one with a code.
		s.turn++
		again, err2 := p.read([...]effort{inverted, global}[s.turn%2])
		if err2 == nil || errors.Is(err, errNotFound) {
			payload, err = again, err2
		}
	}
	switch {
	case err == nil:
		s.located, s.told = false, false
		key := sha256.Sum256(payload.Bytes)
		_, known := s.seen[key]
		s.seen[key] = s.last
		sighting := Sighting{InView: true, Located: true}
		if !known {
			sighting.Payloads = []Payload{payload}
		}
		return sighting, nil
	case errors.Is(err, errUnread):
		return Sighting{Located: true, Unreadable: s.unread()}, nil
	case errors.Is(err, errNotFound):
		return Sighting{}, nil
	default:
		return Sighting{}, fmt.Errorf("scan frame %d: %w", f.Seq, err)
	}
}

// advance moves the scanner's time and forgets what has been out of sight for
// long enough.
func (s *Scanner) advance(at time.Duration) {
	if at < s.last {
		// The source was opened again and counts from another origin. Everything in
		// view stays so, from now on.
		for key := range s.seen {
			s.seen[key] = at
		}
		s.locatedSince, s.locatedLast = at, at
	}
	s.last = at
	for key, last := range s.seen {
		if at-last >= s.options.Absent {
			delete(s.seen, key)
		}
	}
	if s.located && at-s.locatedLast >= s.options.Absent {
		s.located, s.told = false, false
	}
}

// unread notes a code that could not be read, and says whether to report it.
func (s *Scanner) unread() bool {
	if !s.located {
		s.located, s.locatedSince = true, s.last
	}
	s.locatedLast = s.last
	// While something that was read is still in view, an unread frame is that
	// same code, shaken.
	if s.told || len(s.seen) > 0 || s.last-s.locatedSince < s.options.Unreadable {
		return false
	}
	s.told = true
	return true
}

// picture is the frame's plane without gaps between rows, in place where it has
// none.
func (s *Scanner) picture(f *camera.Frame) picture {
	size := f.Width * f.Height
	if f.Stride == f.Width {
		return picture{luma: f.Luma[:size], width: f.Width, height: f.Height}
	}
	if cap(s.plane) < size {
		s.plane = make([]byte, size)
	}
	s.plane = s.plane[:size]
	for y := range f.Height {
		copy(s.plane[y*f.Width:], f.Row(y))
	}
	return picture{luma: s.plane, width: f.Width, height: f.Height}
}
