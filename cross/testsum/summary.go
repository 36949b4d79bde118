package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// event is one line of go test -json (go doc test2json).
type event struct {
	Action      string
	Package     string
	ImportPath  string // of build-output and build-fail
	Test        string
	Elapsed     float64
	Output      string
	FailedBuild string
}

// key names one test of one package; an empty test is the package itself.
type key struct{ pkg, test string }

// summary gathers events. It keeps the output of a test only until the test has
// passed, so that a long run does not pile up in memory.
type summary struct {
	w        io.Writer
	output   map[key]*strings.Builder
	parents  map[key]bool // tests that hold subtests
	failures map[key]bool // tests that failed
	counted  map[string]*count
	total    count
	failed   []failure
	skipped  []skip
	families *families // nil: no table is wanted
}

type count struct{ passed, failed, skipped int }

type failure struct{ name, output string }

type skip struct{ name, reason string }

func newSummary(w io.Writer) *summary {
	return &summary{
		w:        w,
		output:   map[key]*strings.Builder{},
		parents:  map[key]bool{},
		failures: map[key]bool{},
		counted:  map[string]*count{},
	}
}

func (s *summary) line(line []byte) {
	var e event
	if err := json.Unmarshal(line, &e); err != nil || e.Action == "" {
		fmt.Fprint(s.w, string(line))
		return
	}
	if e.Package == "" {
		e.Package = e.ImportPath
	}
	s.event(e)
}

func (s *summary) event(e event) {
	k := key{e.Package, e.Test}
	switch e.Action {
	case "run":
		for parent := parentOf(e.Test); parent != ""; parent = parentOf(parent) {
			s.parents[key{e.Package, parent}] = true
		}
	case "output", "build-output":
		b := s.output[k]
		if b == nil {
			b = new(strings.Builder)
			s.output[k] = b
		}
		b.WriteString(e.Output)
		if s.families != nil {
			s.families.output(k, e.Output)
		}
	case "pass", "skip", "fail":
		if e.Test == "" {
			s.endPackage(e)
		} else {
			s.endTest(e.Action, k)
		}
		delete(s.output, k)
	}
}

func (s *summary) endTest(action string, k key) {
	c := s.count(k.pkg)
	if s.families != nil && (!s.parents[k] || action == "fail" && !s.failures[k]) {
		s.families.ended(k, action)
	}
	switch action {
	case "pass":
		if !s.parents[k] {
			c.passed++
		}
	case "skip":
		c.skipped++
		s.skipped = append(s.skipped, skip{short(k.pkg) + " " + k.test, reasonOf(s.text(k))})
	case "fail":
		below := s.failures[k] // set by a subtest that failed
		for parent := parentOf(k.test); parent != ""; parent = parentOf(parent) {
			s.failures[key{k.pkg, parent}] = true
		}
		s.failures[key{k.pkg, ""}] = true
		// A parent fails with its subtests: one cause, counted once. What it said
		// itself is still shown.
		if !below {
			c.failed++
		}
		if said := strings.Join(words(s.text(k)), ""); said != "" || !below {
			s.failed = append(s.failed, failure{short(k.pkg) + " " + k.test, said})
		}
	}
}

func (s *summary) endPackage(e event) {
	k := key{e.Package, ""}
	c := s.count(e.Package)
	if e.Action == "fail" && !s.failures[k] {
		// Nothing inside failed: it did not build, panicked, or ran out of time.
		c.failed++
		text := s.text(k)
		if e.FailedBuild != "" && e.FailedBuild != e.Package {
			text = s.text(key{e.FailedBuild, ""}) + text
		}
		for other := range s.output { // tests that were still running
			if other.pkg == e.Package && other.test != "" {
				text += s.text(other)
				delete(s.output, other)
			}
		}
		s.failed = append(s.failed, failure{short(e.Package), text})
	}
	s.total.passed += c.passed
	s.total.failed += c.failed
	s.total.skipped += c.skipped
	switch {
	case c.failed > 0:
		fmt.Fprintf(s.w, "FAIL  %-36s %7.2fs  %d passed, %d failed\n", short(e.Package), e.Elapsed, c.passed, c.failed)
	case c.passed+c.skipped > 0:
		fmt.Fprintf(s.w, "ok    %-36s %7.2fs  %d passed\n", short(e.Package), e.Elapsed, c.passed)
	}
	delete(s.counted, e.Package)
}

// ended takes how go test ended. A failure it reports without any failed test
// (a pattern that matches nothing, a broken go.mod) counts as one.
func (s *summary) ended(errs ...error) {
	for _, err := range errs {
		if err != nil && s.total.failed == 0 {
			s.total.failed++
			s.failed = append(s.failed, failure{"go test", err.Error() + "\n"})
		}
	}
}

// finish prints the failures, the skipped tests and the last line, and gives the
// exit status.
func (s *summary) finish() int {
	for _, f := range s.failed {
		fmt.Fprintf(s.w, "\n--- failed: %s\n%s", f.name, indent(f.output))
	}
	if len(s.skipped) > 0 {
		fmt.Fprintln(s.w, "\nskipped:")
		slices.SortFunc(s.skipped, func(a, b skip) int { return strings.Compare(a.name, b.name) })
		for _, k := range s.skipped {
			fmt.Fprintf(s.w, "  %s: %s\n", k.name, k.reason)
		}
	}
	if s.families != nil {
		if err := s.families.tell(s.w); err != nil {
			fmt.Fprintf(s.w, "\n--- failed: families\n%s", indent(err.Error()))
			s.total.failed++
		}
	}
	status := 0
	if s.total.failed > 0 {
		status = 1
	} else if s.total.passed == 0 {
		fmt.Fprintln(s.w, "\nno test was run: nothing was shown to work")
		status = 1
	}
	if s.families != nil && s.total.skipped == 0 {
		fmt.Fprintf(s.w, "\n%d passed, %d failed\n", s.total.passed, s.total.failed)
		return status
	}
	fmt.Fprintf(s.w, "\n%d passed, %d failed, %d skipped\n", s.total.passed, s.total.failed, s.total.skipped)
	return status
}

func (s *summary) count(pkg string) *count {
	if s.counted[pkg] == nil {
		s.counted[pkg] = new(count)
	}
	return s.counted[pkg]
}

func (s *summary) text(k key) string {
	if b := s.output[k]; b != nil {
		return b.String()
	}
	return ""
}

func parentOf(test string) string {
	if i := strings.LastIndexByte(test, '/'); i >= 0 {
		return test[:i]
	}
	return ""
}

// short drops the module path: "sdk/verify" reads better than the whole.
func short(pkg string) string {
	return strings.TrimPrefix(pkg, "github.com/dzong-id/dzong/")
}

// reasonOf finds what a skipped test said, without the file and line before it
// and the frame go test puts around it.
func reasonOf(output string) string {
	var said []string
	for _, line := range words(output) {
		line = strings.TrimSpace(line)
		if at, text, ok := strings.Cut(line, ": "); ok && strings.Contains(at, ".go:") {
			line = text
		}
		said = append(said, line)
	}
	if len(said) == 0 {
		return "no reason given"
	}
	return strings.Join(said, " ")
}

// words drops the frame that go test puts around what a test said, and empty
// lines.
func words(output string) []string {
	var out []string
	for line := range strings.Lines(output) {
		bare := strings.TrimSpace(line)
		if bare != "" && !strings.HasPrefix(bare, "=== ") && !strings.HasPrefix(bare, "--- ") {
			out = append(out, line)
		}
	}
	return out
}

func indent(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString("    " + strings.TrimPrefix(line, "    "))
	}
	if text != "" && !strings.HasSuffix(text, "\n") {
		b.WriteByte('\n')
	}
	return b.String()
}
