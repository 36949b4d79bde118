package clock

import (
	"log/slog"
	"sync"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
)

// Skew is how far two honest clocks may differ: an issuer's may run a little
// ahead of the kiosk's. It is the allowance that proofs get for their own time.
const Skew = time.Minute

// BuildDate is a day on which this program was already written: a system clock
// before it is wrong. It moves forward with releases.
const BuildDate = "2026-11-01T00:00:00Z"

// Source is where the system's time comes from: [System] in operation,
// clocktest.Source in tests. Both methods are called from many goroutines.
type Source interface {
	// Now is the wall clock.
	Now() time.Time
	// Synchronised reports whether a time service disciplines the wall clock.
	Synchronised() bool
}

// Clock is the kiosk's time. It is safe for concurrent use.
type Clock struct {
	source Source
	log    *slog.Logger
	file   string // empty: the floor lives in memory only
	built  time.Time

	mu      sync.Mutex
	floor   time.Time // newest signed time; never goes down
	saved   time.Time // what the file holds
	last    time.Time // newest time handed out in this run
	verdict confirmation
}

type confirmation uint8

const (
	notConfirmed confirmation = iota
	agrees
	contradicts
)

// Option changes how [Open] makes a clock.
type Option func(*Clock)

// From takes the system's time from source instead of [System].
func From(source Source) Option { return func(c *Clock) { c.source = source } }

// Logger reports trouble with the floor's file; nil, the default, is silent.
func Logger(log *slog.Logger) Option {
	return func(c *Clock) {
		if log != nil {
			c.log = log
		}
	}
}

// Open makes a clock whose floor is kept in file; with an empty name it is kept
// in memory only. A file that is not there is a floor not yet seen. A file that
// cannot be understood is put aside with the ending ".refused" and reported: the
// floor comes back by itself when the verified knowledge on disk is observed
// again, and a kiosk that does not start helps nobody. The error is about a file
// that cannot be read or put aside.
func Open(file string, opts ...Option) (*Clock, error) {
	built, err := time.Parse(time.RFC3339, BuildDate)
	if err != nil {
		return nil, err
	}
	c := &Clock{source: System(), log: slog.New(slog.DiscardHandler), file: file, built: built}
	for _, o := range opts {
		o(c)
	}
	if file == "" {
		return c, nil
	}
	floor, err := readFloor(file, c.log)
	if err != nil {
		return nil, err
	}
	c.floor, c.saved = floor, floor
	return c, nil
}

// Now is the time of a decision, in UTC without a monotonic reading, and how far
// it can be trusted. It never goes backwards within a run: if the system clock
// is set back, the newest time handed out stands still until the clock has
// caught up, and is untrusted if that is more than [Skew] away.
func (c *Clock) Now() (time.Time, credential.ClockLevel) {
	t := plain(c.source.Now())
	synchronised := c.source.Synchronised()

	c.mu.Lock()
	defer c.mu.Unlock()
	level := c.level(t, synchronised)
	if t.Before(c.last) {
		t = c.last
	}
	c.last = t
	return t, level
}

// level applies the rules of the package documentation to the system time t.
func (c *Clock) level(t time.Time, synchronised bool) credential.ClockLevel {
	switch {
	case t.Before(c.built), // the year is 1970, or the battery is flat
		t.Add(Skew).Before(c.floor), // older than something signed that was read
		t.Add(Skew).Before(c.last),  // set back during this run
		c.verdict == contradicts:
		return credential.ClockUntrusted
	case synchronised, c.verdict == agrees:
		return credential.ClockProven
	default:
		return credential.ClockPlausible
	}
}

// Observe raises the floor to signed if that is newer, on disk before it
// returns. signed must come from something whose signature was verified and
// whose signer is trusted with it, such as the issue time of the trust list or
// of a status list: whoever can sign can also stop the clock from being trusted
// by signing a time in the future. It proves nothing about the present. The
// error is about the file; the floor counts in memory all the same, and the next
// Observe tries the file again.
func (c *Clock) Observe(signed time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if signed = plain(signed); signed.After(c.floor) {
		c.floor = signed
	}
	if c.file == "" || !c.floor.After(c.saved) {
		return nil
	}
	if err := writeFloor(c.file, c.floor); err != nil {
		c.log.Error("the newest signed time could not be kept", "err", err)
		return err
	}
	c.saved = c.floor
	return nil
}

// Confirm compares the system clock with told, a time that an authenticated peer
// told just now over a live connection (the Date of an HTTPS answer, not the
// date of a file). Within [Skew] it proves the clock for the rest of this run,
// further away it makes it untrusted until a later one agrees. It does not touch
// the floor: nobody signed it.
func (c *Clock) Confirm(told time.Time) {
	off := told.Sub(plain(c.source.Now())).Abs()
	c.mu.Lock()
	defer c.mu.Unlock()
	if off <= Skew {
		c.verdict = agrees
	} else {
		c.verdict = contradicts
	}
}

// TLSTime is the time against which a server's certificate is checked: the later
// of the system time and the floor, so that a clock without a battery does not
// keep the kiosk from the very server that would help it. Use it as
// tls.Config.Time.
func (c *Clock) TLSTime() time.Time {
	t := plain(c.source.Now())
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, other := range []time.Time{c.floor, c.built, c.last} {
		if other.After(t) {
			t = other
		}
	}
	return t
}

// Floor is the newest signed time seen; zero if none.
func (c *Clock) Floor() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.floor
}

// plain drops the monotonic reading, so that comparisons are between what the
// wall clock said, and the zone.
func plain(t time.Time) time.Time { return t.Round(0).UTC() }
