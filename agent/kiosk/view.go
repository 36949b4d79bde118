package kiosk

import (
	"time"

	"github.com/dzong-id/dzong/agent/decision"
)

// Phase is where the state machine stands.
type Phase string

const (
	Idle     Phase = "idle"     // nobody in front of the kiosk
	Scanning Phase = "scanning" // a code is in view and cannot be read yet
	Deciding Phase = "deciding" // a code was read
	Showing  Phase = "showing"  // a decision, or why there was nothing to decide
	Blocked  Phase = "blocked"  // nothing can be decided; Conditions say why
)

// View is what a display shows: the phase, in Showing the decision, and how old
// the knowledge is. It holds nothing about the person.
type View struct {
	Phase    Phase
	Decision decision.Decision // meaningful in Showing
	Again    bool              // the decision was made earlier in this turn
	Unread   bool              // Scanning: a code has been in view for long and could not be read
	// Knowledge is the age of the oldest knowledge at hand; zero if there is none.
	Knowledge time.Time
	// Waiting counts the records that wait for the head office's receipt.
	Waiting int
}

// Display shows views. Show returns when the view can be seen, or with an error
// when it cannot; it must not wait for a person. Displays are called one at a
// time.
type Display interface {
	Show(View) error
}
