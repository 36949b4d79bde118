package web

import (
	"regexp"
	"time"

	"github.com/dzong-id/dzong/agent/health"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Phase is what the kiosk is doing. The zero value is idle.
type Phase uint8

const (
	Idle     Phase = iota // waits for a code
	Scanning              // sees a code and reads it
	Deciding              // has read it and decides
	Showing               // shows what came of it
	Blocked               // cannot decide at all
)

// String gives the word used in events.
func (p Phase) String() string {
	switch p {
	case Scanning:
		return "scanning"
	case Deciding:
		return "deciding"
	case Showing:
		return "showing"
	case Blocked:
		return "blocked"
	default:
		return "idle"
	}
}

// Kind is what is shown: it chooses colour, icon and shape. The zero value
// refuses.
type Kind uint8

const (
	Rejected       Kind = iota // red octagon
	Indeterminate              // amber triangle
	Accepted                   // green circle
	NotACredential             // blue square: what was shown is no presentation
	Unreadable                 // blue square: a code was seen and could not be read
)

// KindOf is the kind of a decision's outcome.
func KindOf(o reason.Outcome) Kind {
	switch o {
	case reason.Accepted:
		return Accepted
	case reason.Indeterminate:
		return Indeterminate
	default:
		return Rejected
	}
}

// String gives the word used in events.
func (k Kind) String() string {
	switch k {
	case Accepted:
		return "accepted"
	case Indeterminate:
		return "indeterminate"
	case NotACredential:
		return "not_a_credential"
	case Unreadable:
		return "unreadable"
	default:
		return "rejected"
	}
}

// View is everything the screen shows at one moment. It holds codes and no
// words; there is no field that could carry a claim.
type View struct {
	Phase Phase
	// Kind and Code say what came of it, in phase Showing. Code is the one
	// reason to tell (reason.Lead); empty where the outcome says it all.
	Kind Kind
	Code reason.Code
	// Condition is what keeps the kiosk from deciding, in phase Blocked.
	Condition health.Code
	// Reference is the decision's short number for appeals: 1 to 26 of 0-9, A-Z
	// and -. Anything else is not shown.
	Reference string
	// AsOf is the age of the oldest knowledge the decision rests on, or in the
	// other phases of the knowledge at hand. Zero: not told.
	AsOf time.Time
	// Turn is how long the view stays before the kiosk clears it; the browser
	// shows it running out, and clears by itself if the kiosk does not. Zero: it
	// stays.
	Turn time.Duration
	// Notices are the health conditions to tell staff, the gravest first.
	Notices []health.Condition
}

// text is one text in both languages.
type text struct {
	EN string `json:"en"`
	DZ string `json:"dz"`
}

// event is a view as the browser gets it: all words, in both languages.
type event struct {
	Seq       uint64   `json:"seq"`
	Phase     string   `json:"phase"`
	Kind      string   `json:"kind,omitempty"`
	Code      string   `json:"code,omitempty"`
	Title     text     `json:"title"`
	Sentence  text     `json:"sentence"`
	Next      text     `json:"next"`
	Reference string   `json:"reference,omitempty"`
	Age       text     `json:"age"`
	TurnMS    int64    `json:"turn_ms,omitempty"`
	Notices   []notice `json:"notices"`
}

type notice struct {
	Severity string `json:"severity"`
	Sentence text   `json:"sentence"`
	Next     text   `json:"next"`
}

// mostNotices is how many find room on a small screen; the gravest come first.
// Beside an outcome there is room for one.
const mostNotices = 2

var referenceForm = regexp.MustCompile(`^[0-9A-Z-]{1,26}$`)

// render puts the view into words as of now.
func (v View) render(seq uint64, now time.Time) event {
	e := event{Seq: seq, Phase: v.Phase.String(), TurnMS: max(v.Turn.Milliseconds(), 0), Notices: []notice{}}
	if !v.AsOf.IsZero() {
		e.Age = age(v.AsOf, now)
	}
	switch v.Phase {
	case Showing:
		e.Kind = v.Kind.String()
		v.renderOutcome(&e)
		if referenceForm.MatchString(v.Reference) {
			e.Reference = v.Reference
		}
	case Blocked:
		c := health.Condition{Code: v.Condition}
		e.Title, e.Sentence, e.Next = phrases.blocked, both(c.Sentence), both(c.Next)
	case Scanning:
		e.Title, e.Sentence = phrases.scanning, phrases.scanningSentence
	case Deciding:
		e.Title, e.Sentence = phrases.deciding, phrases.decidingSentence
	default:
		e.Title, e.Sentence = phrases.idle, phrases.idleSentence
	}
	for _, c := range v.Notices {
		if len(e.Notices) == mostNotices || v.Phase == Showing && len(e.Notices) == 1 {
			break
		}
		if v.Phase == Blocked && c.Code == v.Condition {
			continue // it is the whole screen already
		}
		e.Notices = append(e.Notices, notice{Severity: c.Severity.String(), Sentence: both(c.Sentence), Next: both(c.Next)})
	}
	return e
}

// renderOutcome takes the title from the outcome and the words from the code, or
// from the outcome where there is no code that the table knows.
func (v View) renderOutcome(e *event) {
	var words reason.OutcomeWords
	switch v.Kind {
	case Accepted:
		words = reason.Accepted.Words()
	case Indeterminate:
		words = reason.Indeterminate.Words()
	case NotACredential:
		words = reason.RefusedWords()
	case Unreadable:
		e.Title, e.Sentence, e.Next = phrases.unreadable, phrases.unreadableSentence, phrases.unreadableNext
		return
	default:
		words = reason.Rejected.Words()
	}
	e.Title, e.Sentence, e.Next = both(words.Title), both(words.Sentence), both(words.Next)
	if entry, ok := reason.Lookup(v.Code); ok && v.Kind != Accepted {
		e.Code = string(entry.Code)
		e.Sentence, e.Next = both(entry.Sentence), both(entry.Next)
	}
}

func both(in func(reason.Language) string) text {
	return text{EN: in(reason.English), DZ: in(reason.Dzongkha)}
}
