package kiosk

import (
	"time"

	"github.com/dzong-id/dzong/agent/decision"
	"github.com/dzong-id/dzong/agent/health"
)

// Phase is where the state machine stands.
type Phase string

const (
	Idle     Phase = "idle"     // nobody in front of the kiosk
	Scanning Phase = "scanning" // a code is in view
	Deciding Phase = "deciding" // a code was read
	Showing  Phase = "showing"  // a decision, or why there was nothing to decide
	Blocked  Phase = "blocked"  // nothing can be decided
)

// View is what a display shows: the phase, in Showing what came of the last
// code, and how old the knowledge is. It holds nothing about the person.
type View struct {
	Phase Phase
	// Decision is what came of the code, in Showing.
	Decision decision.Decision
	// Unread says, in Showing, that there is no decision: a code has been in view
	// for long and could not be read.
	Unread bool
	// Blocker is why nothing can be decided, in Blocked.
	Blocker health.Code
	// Knowledge is the age of the oldest knowledge at hand; zero if there is none.
	Knowledge time.Time
	// Frame is when the picture of the code came, and Decided when the decision was
	// on disk; both with a monotonic reading, zero where there is neither.
	Frame, Decided time.Time
	// Left is how long the turn still runs; zero outside a turn.
	Left time.Duration
}

// Display shows views. Show does not wait, and calls seen once, from any
// goroutine and perhaps later, when the view is in front of people; never if
// another view came first. Displays are called one at a time.
type Display interface {
	Show(v View, seen func())
}
