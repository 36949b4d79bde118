package kiosk

import (
	"github.com/dzong-id/dzong/agent/decision"
	"github.com/dzong-id/dzong/agent/report"
	"github.com/dzong-id/dzong/sdk/reason"
)

// event is what the head office learns of a decision, before it has its place in
// the chain.
func event(d decision.Decision) report.Event {
	return report.Event{
		Time:       d.At,
		ClockLevel: d.Clock,
		Outcome:    d.Outcome,
		Reasons:    d.Reasons,
		Policy:     d.Policy,
		AsOf:       d.AsOf,
		Reference:  d.Reference,
	}
}

// fromEvent is the decision that an event tells of.
func fromEvent(e report.Event) decision.Decision {
	return decision.Decision{
		Outcome:   e.Outcome,
		Reasons:   e.Reasons,
		Lead:      reason.Lead(e.Reasons),
		At:        e.Time,
		Clock:     e.ClockLevel,
		AsOf:      e.AsOf,
		Policy:    e.Policy,
		Reference: e.Reference,
	}
}
