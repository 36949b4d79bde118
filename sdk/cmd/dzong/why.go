package main

import (
	"context"
	"flag"
	"fmt"
	"strings"

	"github.com/dzong-id/dzong/sdk/reason"
)

func runWhy(_ context.Context, s streams, flags *flag.FlagSet, args []string) (int, error) {
	asJSON := flags.Bool("json", false, "print one JSON object")
	rest, err := parse(flags, args)
	if err != nil {
		return 0, err
	}
	if len(rest) != 1 {
		return 0, usagef("name one reason code, of: %s", codes())
	}
	entry, ok := reason.Lookup(reason.Code(rest[0]))
	if !ok {
		return 0, usagef("there is no reason code %s; the codes are: %s", printable(rest[0]), codes())
	}
	if *asJSON {
		return exitOK, printJSON(s.out, explain(entry))
	}
	fmt.Fprintf(s.out, "%s\n\n", entry.Code)
	t := newTable(s.out)
	x := explain(entry)
	t.row("given by", "the "+string(x.Check)+" check")
	t.row("leads to", x.leads())
	t.row("severity", x.Severity.String())
	if x.Problem != "" {
		t.row("W3C problem type", x.Problem)
	}
	if err := t.flush(); err != nil {
		return 0, err
	}
	for _, lang := range reason.Languages() {
		fmt.Fprintf(s.out, "\n  [%s] %s\n       %s\n", lang, entry.Sentence(lang), entry.Next(lang))
	}
	if !entry.DzongkhaReviewed {
		fmt.Fprint(s.out, "\n  No native reader has reviewed the Dzongkha text yet.\n")
	}
	return exitOK, nil
}

// explanation is a reason code as --json prints it.
type explanation struct {
	Code             reason.Code                `json:"code"`
	Check            reason.Check               `json:"check"`
	Outcome          reason.Outcome             `json:"outcome"`
	MayBeUndecided   bool                       `json:"may_be_undecided,omitempty"`
	NotAPresentation bool                       `json:"not_a_presentation,omitempty"`
	Severity         reason.Severity            `json:"severity"`
	Problem          string                     `json:"problem,omitempty"`
	Sentence         map[reason.Language]string `json:"sentence"`
	Next             map[reason.Language]string `json:"next"`
	DzongkhaReviewed bool                       `json:"dzongkha_reviewed"`
}

func explain(e reason.Entry) explanation {
	x := explanation{
		Code: e.Code, Check: e.Check, Outcome: reason.Conclude(e.Verdict), MayBeUndecided: e.MayBeUndecided,
		NotAPresentation: e.Refused, Severity: e.Severity, Problem: e.Problem,
		Sentence: map[reason.Language]string{}, Next: map[reason.Language]string{},
		DzongkhaReviewed: e.DzongkhaReviewed,
	}
	for _, lang := range reason.Languages() {
		x.Sentence[lang], x.Next[lang] = e.Sentence(lang), e.Next(lang)
	}
	return x
}

func (x explanation) leads() string {
	out := x.Outcome.String()
	if x.NotAPresentation {
		out += "; it is no presentation at all: counted, not recorded"
	}
	if x.MayBeUndecided {
		out += "; indeterminate where the issuer's keys are not at hand"
	}
	return out
}

func codes() string {
	var all []string
	for _, e := range reason.Table() {
		all = append(all, string(e.Code))
	}
	return strings.Join(all, " ")
}
