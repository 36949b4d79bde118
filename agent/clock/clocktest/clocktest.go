// Package clocktest is a system clock that a test holds in its hand.
package clocktest

import (
	"sync"
	"time"
)

// Source stands in for the machine's clock. It stands still until it is moved,
// and is safe for concurrent use.
type Source struct {
	mu           sync.Mutex
	now          time.Time
	synchronised bool
}

// New is a clock that shows now and that no time service disciplines.
func New(now time.Time) *Source { return &Source{now: now} }

// Now implements clock.Source.
func (s *Source) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Synchronised implements clock.Source.
func (s *Source) Synchronised() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.synchronised
}

// Set sets the clock, backwards too.
func (s *Source) Set(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = now
}

// Advance moves the clock by d.
func (s *Source) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

// Synchronise says whether a time service disciplines the clock from now on.
func (s *Source) Synchronise(yes bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.synchronised = yes
}
