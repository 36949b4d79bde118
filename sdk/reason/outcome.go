package reason

// Outcome is the answer of a decision. The zero value refuses.
type Outcome uint8

const (
	// Rejected: at least one check failed.
	Rejected Outcome = iota
	// Indeterminate: nothing failed, but something could not be decided.
	// It is never to be read as valid, and never as revoked.
	Indeterminate
	// Accepted: every check passed.
	Accepted
)

// String gives the word used in JSON, events and case files.
func (o Outcome) String() string {
	switch o {
	case Accepted:
		return "accepted"
	case Indeterminate:
		return "indeterminate"
	default:
		return "rejected"
	}
}

// MarshalText implements encoding.TextMarshaler.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler; an unknown word is an
// error and leaves the refusing zero value.
func (o *Outcome) UnmarshalText(text []byte) error {
	*o = Rejected
	switch string(text) {
	case "accepted":
		*o = Accepted
	case "indeterminate":
		*o = Indeterminate
	case "rejected":
	default:
		return &UnknownOutcomeError{Word: string(text)}
	}
	return nil
}

// UnknownOutcomeError reports a word that is none of the three outcomes.
type UnknownOutcomeError struct{ Word string }

func (e *UnknownOutcomeError) Error() string {
	return "unknown outcome " + quote(e.Word) + ": want accepted, rejected or indeterminate"
}

// Verdict is what one check found. The zero value is a failure.
type Verdict uint8

const (
	Failed    Verdict = iota // the check was made and the answer is no
	Undecided                // the check could not be made with the knowledge at hand
	Passed                   // the check was made and the answer is yes
)

// String gives the word used in JSON.
func (v Verdict) String() string {
	switch v {
	case Passed:
		return "passed"
	case Undecided:
		return "undecided"
	default:
		return "failed"
	}
}

// MarshalText implements encoding.TextMarshaler.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// Conclude applies the one rule from checks to an outcome: any failed check
// rejects; otherwise any undecided check is indeterminate; otherwise, and only
// if at least one check was made at all, the answer is accepted.
func Conclude(verdicts ...Verdict) Outcome {
	outcome := Rejected
	if len(verdicts) > 0 {
		outcome = Accepted
	}
	for _, v := range verdicts {
		switch v {
		case Passed:
		case Undecided:
			outcome = Indeterminate
		default:
			return Rejected
		}
	}
	return outcome
}

// quote is strconv.Quote for short outside words, without importing strconv:
// this package imports nothing.
func quote(s string) string {
	const most = 32
	if len(s) > most {
		s = s[:most] + "…"
	}
	out := make([]byte, 0, len(s)+2)
	out = append(out, '"')
	for _, r := range s {
		if r < ' ' || r == '"' || r == 0x7f {
			r = '?'
		}
		out = append(out, string(r)...)
	}
	return string(append(out, '"'))
}
