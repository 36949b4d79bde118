package decision

import (
	"slices"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verify"
)

// Decision is the answer for one presentation.
type Decision struct {
	// Outcome is the answer.
	Outcome reason.Outcome
	// NotAPresentation says that what was shown could not be read as a
	// presentation at all: staff are helped, nobody is refused, and nothing is
	// recorded.
	NotAPresentation bool
	// Reasons are the codes of all checks that did not pass.
	Reasons []reason.Code
	// Lead is the reason to tell first; empty if accepted.
	Lead reason.Code
	// At is the reference time, and Clock how far it could be trusted.
	At    time.Time
	Clock credential.ClockLevel
	// AsOf is the age of the oldest knowledge the decision rests on; zero if it
	// rests on none.
	AsOf time.Time
	// Policy is the policy's id and version.
	Policy string
	// Reference is the number to appeal with; empty until it is recorded.
	Reference string
}

// From takes from a result what may leave the decision.
func From(r verify.Result) Decision {
	d := Decision{
		Outcome:          r.Outcome(),
		NotAPresentation: r.NotAPresentation(),
		Reasons:          r.Reasons(),
		At:               r.At(),
		Clock:            r.Clock(),
		AsOf:             r.AsOf(),
		Policy:           r.Policy(),
	}
	d.Lead = reason.Lead(d.Reasons)
	return d
}

// NoPresentation is the answer to a scanned text that is none.
func NoPresentation(code reason.Code, at time.Time, clock credential.ClockLevel) Decision {
	return Decision{NotAPresentation: true, Reasons: []reason.Code{code}, Lead: code, At: at, Clock: clock}
}

// WithReference is d under its reference number.
func (d Decision) WithReference(ref string) Decision {
	d.Reference = ref
	d.Reasons = slices.Clone(d.Reasons)
	return d
}

// Sentence is what staff are told, in lang.
func (d Decision) Sentence(lang reason.Language) string {
	if e, ok := reason.Lookup(d.Lead); ok {
		return e.Sentence(lang)
	}
	return d.words().Sentence(lang)
}

// Next is what staff do next, in lang.
func (d Decision) Next(lang reason.Language) string {
	if e, ok := reason.Lookup(d.Lead); ok {
		return e.Next(lang)
	}
	return d.words().Next(lang)
}

// Title is the outcome in one or two words, in lang.
func (d Decision) Title(lang reason.Language) string { return d.words().Title(lang) }

func (d Decision) words() reason.OutcomeWords {
	if d.NotAPresentation {
		return reason.RefusedWords()
	}
	return d.Outcome.Words()
}
