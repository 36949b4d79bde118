package reason

// Entry is what is known about one code. It is a value: changing a copy changes
// nothing.
type Entry struct {
	Code Code
	// Check is the check that gives the code as a rule. clock_untrusted may
	// also be the answer of a check on a date, and names that check then.
	Check Check
	// Verdict is Failed or Undecided, never Passed: a passed check has no code.
	Verdict Verdict
	// MayBeUndecided is true for the one code, key_unknown, that fails as a rule
	// but is undecided where the issuer's keys are not at hand.
	MayBeUndecided bool
	// Refused is true for what is no presentation at all. It is turned away
	// before a decision: a kiosk counts it and makes no audit record of it.
	Refused  bool
	Severity Severity
	// Problem is the W3C problem type (RFC 9457 "type") where one fits:
	// Verifiable Credentials Data Model 2.0 §7.2, Data Integrity 1.0 §4.7,
	// Bitstring Status List 1.0 §3.5. Empty where none does.
	Problem string
	// DzongkhaReviewed says whether a native reader has approved the Dzongkha
	// words.
	DzongkhaReviewed bool

	sentence, next words
}

// Severity says how much a code should worry the person who reads it. The zero
// value is the gravest.
type Severity uint8

const (
	Alarm   Severity = iota // it may be a forgery or somebody else's: tell a supervisor
	Refusal                 // an ordinary no: the rules do not allow it
	Notice                  // the kiosk or its knowledge needs attention, not the customer
	Hint                    // nothing is wrong: doing it again, differently, helps
)

// String gives the word used in JSON.
func (s Severity) String() string {
	switch s {
	case Refusal:
		return "refusal"
	case Notice:
		return "notice"
	case Hint:
		return "hint"
	default:
		return "alarm"
	}
}

// MarshalText implements encoding.TextMarshaler.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Sentence says in lang what was found, for branch staff: no jargon, no claim
// value, no blame. A language the table does not know gets English.
func (e Entry) Sentence(lang Language) string { return e.sentence.in(lang) }

// Next says in lang what to do now.
func (e Entry) Next(lang Language) string { return e.next.in(lang) }

// Table is every entry, in the order of [Lead]. The slice is the caller's own.
func Table() []Entry {
	return append([]Entry(nil), table[:]...)
}

// Lookup finds the entry of a code; false if the code is none of the table's,
// the empty code included.
func Lookup(code Code) (Entry, bool) {
	if i := rank(code); i < len(table) {
		return table[i], true
	}
	return Entry{}, false
}

// Lead chooses the one code to tell staff when several checks did not pass:
// the first in the table's order. That order is
//
//  1. it is no presentation at all;
//  2. it is not authentic, so nothing in it deserves an answer;
//  3. its issuer or key is not accepted;
//  4. it belongs to another wallet;
//  5. its issuer withdrew it, or its time is over: a second try cannot mend it;
//  6. it is not what was asked for;
//  7. it was shown in the wrong way: a second try can mend it;
//  8. nothing is wrong with it, but something could not be checked.
//
// So a person is not sent to make a new code for a credential that was revoked,
// and no answer about somebody else's credential goes to the one who holds a
// copy of it. Codes outside the table are passed over; with none left the
// answer is empty.
func Lead(codes []Code) Code {
	best := len(table)
	for _, c := range codes {
		if i := rank(c); i < best {
			best = i
		}
	}
	if best == len(table) {
		return ""
	}
	return table[best].Code
}

// rank is the position in the table, or its length. A walk over three dozen
// short strings costs less than a map that somebody could write to.
func rank(code Code) int {
	for i := range table {
		if table[i].Code == code {
			return i
		}
	}
	return len(table)
}
