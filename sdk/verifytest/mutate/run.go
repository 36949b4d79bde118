package mutate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verify"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

// Options says how many mutants to make, and which.
type Options struct {
	N    int    // how many
	Seed uint64 // what they are made from, with each one's own number
	Only int    // if above zero: the mutant of this number alone
	// Progress, if not nil, is called now and then, from one goroutine at a time.
	Progress func(done, failed int)
}

// Report is what a run found.
type Report struct {
	Seed      uint64    `json:"seed"`
	Positives int       `json:"positives"`
	Mutants   int       `json:"mutants"`
	Failed    int       `json:"failed"`
	Rows      []Row     `json:"rows"`
	Unused    []string  `json:"unused"`   // kinds of change that no mutant was made by: what they test was not tested
	Failures  []Failure `json:"failures"` // in the order of their numbers, at most [MostFailures]
	Slowest   Slowest   `json:"slowest"`
}

// Row counts the mutants of one format and one kind of change.
type Row struct {
	Format    string `json:"format"`
	Change    string `json:"change"`
	Mutants   int    `json:"mutants"`
	Refused   int    `json:"refused"`
	Undecided int    `json:"undecided"` // indeterminate: not accepted either
	Unread    int    `json:"unread"`    // the changed knowledge could not be read, so nothing was decided
	Equal     int    `json:"accepted_equal"`
	Failed    int    `json:"failed"`
}

// Failure is a mutant that should not have come out as it did.
type Failure struct {
	Number int    `json:"mutant"` // to be made again with Options.Only
	Case   string `json:"case"`
	Format string `json:"format"`
	Change string `json:"change"`
	What   string `json:"what"`  // what was changed, without values
	Wrong  string `json:"wrong"` // what came of it
	// Situation is the mutant itself.
	Situation *cases.Situation `json:"-"`
}

// Slowest is the mutant that took longest.
type Slowest struct {
	Number int    `json:"mutant"`
	Case   string `json:"case"`
	Change string `json:"change"`
	MS     int64  `json:"ms"`
}

// MostFailures is how many failures a report describes; it counts all of them.
const MostFailures = 100

// ErrNoPositive is returned where no case at or below a folder is to be accepted.
var ErrNoPositive = errors.New("no case is to be accepted, so there is nothing to change")

// Run makes mutants of every accepted case at or below dir, each case getting as
// many as the next, and decides on all of them. The error is for a folder without
// an accepted case, an accepted case that is not accepted as it is, or
// cancellation.
func Run(ctx context.Context, runner cases.Runner, dir string, o Options) (*Report, error) {
	positives, err := loadAll(ctx, runner, dir)
	if err != nil {
		return nil, err
	}
	run := &run{
		ctx: ctx, runner: runner, positives: positives, changes: changes(), options: o,
		rows:   map[[2]string]*Row{},
		report: Report{Seed: o.Seed, Positives: len(positives), Unused: []string{}, Failures: []Failure{}},
	}
	first, last := 1, o.N
	if o.Only > 0 {
		first, last = o.Only, o.Only
	}
	numbers := make(chan int, 256)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for n := range numbers {
				run.one(n)
			}
		})
	}
	for n := first; n <= last && ctx.Err() == nil; n++ {
		numbers <- n
	}
	close(numbers)
	workers.Wait()
	return run.finish(), ctx.Err()
}

func loadAll(ctx context.Context, runner cases.Runner, dir string) ([]*positive, error) {
	dirs, err := cases.Find(dir)
	if err != nil {
		return nil, err
	}
	var positives []*positive
	for _, d := range dirs {
		name, err := filepath.Rel(dir, d)
		if err != nil {
			name = d
		}
		p, err := load(ctx, runner, d, filepath.ToSlash(name))
		if err != nil {
			return nil, fmt.Errorf("change case %s: %w", name, err)
		}
		if p != nil {
			positives = append(positives, p)
		}
	}
	if len(positives) == 0 {
		return nil, fmt.Errorf("change cases in %s: %w", dir, ErrNoPositive)
	}
	return positives, nil
}

type run struct {
	ctx       context.Context
	runner    cases.Runner
	positives []*positive
	changes   []change
	options   Options

	mu     sync.Mutex
	rows   map[[2]string]*Row
	report Report
}

// one makes the mutant of a number and decides on it.
func (r *run) one(n int) {
	random := rand.New(rand.NewPCG(r.options.Seed, uint64(n)))
	p := r.positives[(n-1)%len(r.positives)]
	c, m := r.mutant(random, p)
	began := time.Now()
	found, wrong := r.judge(p, m)
	took := time.Since(began).Milliseconds()
	if r.ctx.Err() != nil {
		return // cut short, and no answer
	}

	r.mu.Lock()
	defer r.mu.Unlock()
	key := [2]string{p.format, c}
	row := r.rows[key]
	if row == nil {
		row = &Row{Format: p.format, Change: c}
		r.rows[key] = row
	}
	row.Mutants++
	r.report.Mutants++
	switch {
	case wrong != "":
		row.Failed++
		r.report.Failed++
		r.report.Failures = append(r.report.Failures, Failure{n, p.name, p.format, c, m.what, wrong, m.situation})
	case found == unread:
		row.Unread++
	case found == reason.Accepted:
		row.Equal++
	case found == reason.Indeterminate:
		row.Undecided++
	default:
		row.Refused++
	}
	if took > r.report.Slowest.MS {
		r.report.Slowest = Slowest{n, p.name, c, took}
	}
	if r.options.Progress != nil && r.report.Mutants%64 == 0 {
		r.options.Progress(r.report.Mutants, r.report.Failed)
	}
}

// mutant picks a kind of change that has something to change in p.
func (r *run) mutant(random *rand.Rand, p *positive) (string, mutant) {
	for {
		c := pick(random, r.changes...)
		if m, ok := c.make(random, p); ok {
			return c.name, m
		}
	}
}

// unread is no outcome: there was no decision.
const unread reason.Outcome = 0xff

// judge decides on a mutant, and says what is wrong with the answer; empty if
// nothing is.
func (r *run) judge(p *positive, m mutant) (outcome reason.Outcome, wrong string) {
	defer func() {
		if v := recover(); v != nil {
			wrong = fmt.Sprintf("panic: %v", v)
		}
	}()
	know := m.know
	if know == nil {
		know = p.know
		if !sameKnowledge(m.situation, p.situation) {
			var err error
			if know, err = r.runner.Snapshot(m.situation); err != nil {
				return unread, ""
			}
		}
	}
	store := verify.NewMemoryReplay()
	res, err := r.runner.DecideOn(r.ctx, m.situation, know, store)
	switch {
	case err != nil && bindingText(m.situation.Binding) != bindingText(p.situation.Binding):
		return reason.Rejected, "" // a binding that protects nothing is misuse
	case err != nil:
		return reason.Rejected, "error: " + err.Error()
	case !res.Accepted():
		return res.Outcome(), unexplained(res)
	case m.refuse:
		return res.Outcome(), "accepted, where nothing may be"
	}
	for _, f := range factsOf(res) {
		if more := f.beyond(p.facts); more != "" {
			return res.Outcome(), "accepted, with " + more
		}
	}
	return res.Outcome(), r.again(p, m, know)
}

// again shows a mutant to a verifier that has accepted the original: the proof of
// possession was used, whatever else was changed. A session has no mark: its
// transcript is answered once, and verify does not see to that.
func (r *run) again(p *positive, m mutant, know *verify.Snapshot) string {
	if kind := m.situation.Binding.Kind; kind == "bearer" || kind == "session" || bytes.Equal(m.situation.Presented, p.situation.Presented) {
		return ""
	}
	store := verify.NewMemoryReplay()
	if first, err := r.runner.DecideOn(r.ctx, p.situation, p.know, store); err != nil || !first.Accepted() {
		return "the original is not accepted any more"
	}
	second, err := r.runner.DecideOn(r.ctx, m.situation, know, store)
	if err == nil && second.Accepted() {
		return "accepted once more after the original: the replay store does not know it again"
	}
	return ""
}

// sameKnowledge reports whether nothing was changed that a snapshot is made of.
func sameKnowledge(a, b *cases.Situation) bool {
	same := func(a, b []byte) bool { return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) }
	if !same(a.Trust, b.Trust) || !same(a.Deny, b.Deny) || len(a.Status) != len(b.Status) || len(a.Contexts) != len(b.Contexts) || len(a.Documents) != len(b.Documents) {
		return false
	}
	for i := range a.Status {
		if !same(a.Status[i].Data, b.Status[i].Data) {
			return false
		}
	}
	for url := range a.Contexts {
		if !same(a.Contexts[url], b.Contexts[url]) {
			return false
		}
	}
	for id := range a.Documents {
		if !same(a.Documents[id], b.Documents[id]) {
			return false
		}
	}
	return a.Now.Equal(b.Now)
}

// unexplained says what a refusal leaves open.
func unexplained(res verify.Result) string {
	codes := res.Reasons()
	if len(codes) == 0 {
		return res.Outcome().String() + " without a reason"
	}
	for _, c := range codes {
		if _, ok := reason.Lookup(c); !ok {
			return "refused with a code that is not in the table"
		}
	}
	return ""
}

func (r *run) finish() *Report {
	out := &r.report
	made := map[string]bool{}
	for _, row := range r.rows {
		out.Rows = append(out.Rows, *row)
		made[row.Change] = true
	}
	for _, c := range r.changes {
		if !made[c.name] {
			out.Unused = append(out.Unused, c.name)
		}
	}
	slices.SortFunc(out.Rows, func(a, b Row) int {
		if c := strings.Compare(a.Format, b.Format); c != 0 {
			return c
		}
		return strings.Compare(a.Change, b.Change)
	})
	slices.SortFunc(out.Failures, func(a, b Failure) int { return a.Number - b.Number })
	if len(out.Failures) > MostFailures {
		out.Failures = out.Failures[:MostFailures]
	}
	return out
}
