package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/internal/mechanisms"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verifytest"
	"github.com/dzong-id/dzong/sdk/verifytest/bbstest"
	"github.com/dzong-id/dzong/sdk/verifytest/mutate"
)

func runVectors(ctx context.Context, s streams, flags *flag.FlagSet, args []string) (int, error) {
	var o mutate.Options
	flags.IntVar(&o.N, "n", 10_000, "mutate: how many mutants to make")
	flags.Uint64Var(&o.Seed, "seed", 1, "mutate: what they are made from; the same seed makes the same mutants of the same cases")
	flags.IntVar(&o.Only, "only", 0, "mutate: make the mutant of this `number` alone, as a failure names it")
	keep := flags.String("keep", "", "mutate: write failed mutants as cases below this `folder`")
	asJSON := flags.Bool("json", false, "mutate: print one JSON object")
	rest, err := parse(flags, args)
	if err != nil {
		return 0, err
	}
	wanted := usagef("say what to do: dzong vectors run DIR, dzong vectors write DIR, or dzong vectors mutate DIR --n N")
	if len(rest) != 2 {
		return 0, wanted
	}
	if set := given(flags); rest[0] != "mutate" && len(set) > 0 {
		return 0, usagef("flags go with vectors mutate")
	}
	switch rest[0] {
	case "run":
		tally, err := mechanisms.Runner().RunAll(ctx, rest[1], s.out)
		if err != nil {
			return 0, err
		}
		return failedIf(tally.Failed > 0), nil
	case "write":
		return s.writeCases(rest[1])
	case "mutate":
		if o.N < 1 || o.Only < 0 {
			return 0, usagef("--n and --only count from 1")
		}
		return s.mutate(ctx, rest[1], o, *keep, *asJSON)
	}
	return 0, wanted
}

// writeCases writes this module's own cases.
func (s streams) writeCases(dir string) (int, error) {
	n, err := verifytest.WriteCases(dir)
	if err != nil {
		return 0, err
	}
	// In a package of its own, since few link a pairing.
	more, err := bbstest.WriteCases(filepath.Join(dir, "bbs"))
	if err != nil {
		return 0, err
	}
	fmt.Fprintf(s.out, "%d cases written\n", n+more)
	return exitOK, nil
}

func failedIf(failed bool) int {
	if failed {
		return exitFailed
	}
	return exitOK
}

// mutate changes cases at random and tells what came of it.
func (s streams) mutate(ctx context.Context, dir string, o mutate.Options, keep string, asJSON bool) (int, error) {
	progress := s.progress(o.N)
	o.Progress = progress.show
	report, err := mutate.Run(ctx, mechanisms.Runner(), dir, o)
	progress.clear()
	if err != nil {
		return 0, err
	}
	if keep != "" {
		for _, f := range report.Failures {
			c, files := f.Situation.Case()
			c.Comment, c.Expect = f.Change+": "+f.What, reason.Rejected
			if err := c.Write(filepath.Join(keep, strconv.Itoa(f.Number)), files); err != nil {
				return 0, err
			}
		}
	}
	if asJSON {
		return failedIf(report.Failed > 0), printJSON(s.out, report)
	}
	return failedIf(report.Failed > 0), s.tellMutants(report)
}

func (s streams) tellMutants(report *mutate.Report) error {
	t := newTable(s.out)
	t.row("FORMAT", "CHANGE", "MUTANTS", "REFUSED", "UNDECIDED", "UNREAD", "ACCEPTED, EQUAL", "FAILED")
	for _, r := range report.Rows {
		t.row(r.Format, r.Change, strconv.Itoa(r.Mutants), strconv.Itoa(r.Refused), strconv.Itoa(r.Undecided), strconv.Itoa(r.Unread), strconv.Itoa(r.Equal), strconv.Itoa(r.Failed))
	}
	if err := t.flush(); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "\n%d accepted cases, seed %d; slowest: mutant %d of %s (%s), %d ms\n", report.Positives, report.Seed,
		report.Slowest.Number, printable(report.Slowest.Case), report.Slowest.Change, report.Slowest.MS)
	if len(report.Unused) > 0 {
		fmt.Fprintf(s.out, "not tried, for want of a case or a mutant: %s\n", strings.Join(report.Unused, ", "))
	}
	for _, f := range report.Failures {
		fmt.Fprintf(s.out, "FAIL --seed %d --only %d: %s, %s, %s: %s: %s\n", report.Seed, f.Number,
			printable(f.Case), f.Format, f.Change, printable(f.What), printable(f.Wrong))
	}
	if more := report.Failed - len(report.Failures); more > 0 {
		fmt.Fprintf(s.out, "and %d more\n", more)
	}
	_, err := fmt.Fprintf(s.out, "%d passed, %d failed\n", report.Mutants-report.Failed, report.Failed)
	return err
}

// progress shows how far a run is, on a terminal and nowhere else.
type progress struct {
	w    io.Writer // nil: no terminal
	all  int
	last time.Time
}

func (s streams) progress(all int) *progress {
	p := &progress{all: all}
	if f, ok := s.err.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&fs.ModeCharDevice != 0 {
			p.w = f
		}
	}
	return p
}

func (p *progress) show(done, failed int) {
	if p.w == nil || time.Since(p.last) < time.Second/2 {
		return
	}
	p.last = time.Now()
	fmt.Fprintf(p.w, "\r%d of %d mutants, %d failed ", done, p.all, failed)
}

func (p *progress) clear() {
	if p.w != nil && !p.last.IsZero() {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
