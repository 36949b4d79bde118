package health

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/dzong-id/dzong/sdk/reason"
)

// Condition is one thing that is wrong.
type Condition struct {
	Code     Code      `json:"code"`
	Severity Severity  `json:"severity"`
	Since    time.Time `json:"since"`
}

// Sentence says in lang what is wrong.
func (c Condition) Sentence(lang reason.Language) string { return lookup(c.Code).sentence.in(lang) }

// Next says in lang what to do.
func (c Condition) Next(lang reason.Language) string { return lookup(c.Code).next.in(lang) }

// lookup gives a code's entry. A code that is none of the table's is a mistake
// in the program; it is shown as a failed stage, never hidden.
func lookup(code Code) entry {
	if e, ok := table[code]; ok {
		return e
	}
	return table[StageFailed]
}

// Tracker keeps the conditions that hold now. It is safe for concurrent use.
type Tracker struct {
	now func() time.Time

	mu          sync.Mutex
	since       map[Code]time.Time
	subscribers map[chan struct{}]struct{}
}

// New makes a tracker under which nothing is wrong. now stamps conditions; nil
// is time.Now.
func New(now func() time.Time) *Tracker {
	if now == nil {
		now = time.Now
	}
	return &Tracker{now: now, since: map[Code]time.Time{}, subscribers: map[chan struct{}]struct{}{}}
}

// Set says that code holds. A condition that already holds keeps its time, and
// nobody is told again.
func (t *Tracker) Set(code Code) {
	at := t.now().UTC().Round(0)
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, holds := t.since[code]; holds {
		return
	}
	t.since[code] = at
	t.tell()
}

// Clear says that code holds no longer.
func (t *Tracker) Clear(code Code) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, holds := t.since[code]; !holds {
		return
	}
	delete(t.since, code)
	t.tell()
}

// Put sets or clears code as holds says: for a stage that checks one thing over
// and over.
func (t *Tracker) Put(code Code, holds bool) {
	if holds {
		t.Set(code)
	} else {
		t.Clear(code)
	}
}

// Conditions is what holds now, the gravest first, then the oldest, then by
// code. The slice is the caller's own.
func (t *Tracker) Conditions() []Condition {
	t.mu.Lock()
	all := make([]Condition, 0, len(t.since))
	for code, since := range t.since {
		all = append(all, Condition{Code: code, Severity: lookup(code).severity, Since: since})
	}
	t.mu.Unlock()
	slices.SortFunc(all, func(a, b Condition) int {
		return cmp.Or(cmp.Compare(a.Severity, b.Severity), a.Since.Compare(b.Since), cmp.Compare(a.Code, b.Code))
	})
	return all
}

// Blocked is the gravest condition that keeps the kiosk from deciding; false if
// none does.
func (t *Tracker) Blocked() (Condition, bool) {
	if all := t.Conditions(); len(all) > 0 && all[0].Severity == Blocking {
		return all[0], true
	}
	return Condition{}, false
}

// Subscribe gives a channel that receives when something changed since it was
// last received from; ask [Tracker.Conditions] what holds then. Several changes
// may be one receive, and none is missed. A subscriber that does not listen
// holds nobody up. stop ends the subscription; the channel is not closed.
func (t *Tracker) Subscribe() (changed <-chan struct{}, stop func()) {
	ch := make(chan struct{}, 1)
	t.mu.Lock()
	t.subscribers[ch] = struct{}{}
	t.mu.Unlock()
	return ch, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.subscribers, ch)
	}
}

// tell wakes the subscribers; t.mu is held.
func (t *Tracker) tell() {
	for ch := range t.subscribers {
		select {
		case ch <- struct{}{}:
		default: // it has not looked yet since the last change, and will see this one too
		}
	}
}
