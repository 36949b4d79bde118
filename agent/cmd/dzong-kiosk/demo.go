package main

import (
	"context"
	"flag"
	"fmt"
	"strconv"
	"strings"

	"github.com/dzong-id/dzong/agent/demo"
	"github.com/dzong-id/dzong/sdk/reason"
)

func runDemo(ctx context.Context, s streams, flags *flag.FlagSet, args []string) (int, error) {
	once := flags.Bool("once", false, "end after all scenes; otherwise they begin anew until Ctrl-C")
	asJSON := flags.Bool("json", false, "print one JSON object per scene, and nothing else, on standard output")
	rest, err := parse(flags, args)
	if err != nil {
		return 0, err
	}
	if len(rest) > 0 {
		return 0, usagef("there is nothing to name beside the flags")
	}
	p := playbill{s: s, asJSON: *asJSON}
	_, err = demo.Run(ctx, demo.Options{Once: *once, Scene: p.scene, Note: p.note, Logger: s.logger()})
	if err != nil {
		return 0, err
	}
	status := p.end(*once)
	if p.err != nil {
		return 0, fmt.Errorf("write what came of a scene: %w", p.err)
	}
	return status, nil
}

// playbill tells of scenes as they come.
type playbill struct {
	s            streams
	asJSON       bool
	played, fine int
	err          error // the first one met while writing
}

func (p *playbill) note(text string) {
	if p.asJSON {
		fmt.Fprintln(p.s.err, text)
		return
	}
	_, err := fmt.Fprintln(p.s.out, text)
	p.keep(err)
}

func (p *playbill) scene(r demo.Report) {
	total := len(demo.Scenes())
	if p.played%total == 0 && !p.asJSON {
		p.row("", "SCENE", "OUTCOME", "REASON", "EVENT", "DECIDED AFTER", "ON SCREEN AFTER")
	}
	p.played++
	if r.OK {
		p.fine++
	}
	if p.asJSON {
		p.keep(printJSON(p.s.out, r))
		return
	}
	event, verdict := "-", "ok"
	if r.EventSeq != nil {
		event = strconv.FormatUint(*r.EventSeq, 10)
	}
	if !r.OK {
		verdict = "NOT AS IT MUST BE"
	}
	p.row(fmt.Sprintf("%d/%d", (p.played-1)%total+1, total), r.Scene, r.Outcome, words(r.Reasons), event,
		fmt.Sprintf("%.1f ms", r.FrameToDecisionMS), fmt.Sprintf("%.1f ms", r.FrameToScreenMS), verdict)
}

// end sums up and gives the exit status. Without --once whoever watches decides
// when it is over.
func (p *playbill) end(once bool) int {
	if !p.asJSON {
		_, err := fmt.Fprintf(p.s.out, "%d scenes, %d as they must be\n", p.played, p.fine)
		p.keep(err)
	}
	if p.fine < p.played || p.played == 0 || once && p.played < len(demo.Scenes()) {
		return exitFailed
	}
	return exitOK
}

// row prints at once, so that whoever watches sees how it goes; widths are those
// of the longest words there are.
func (p *playbill) row(cells ...string) {
	var b strings.Builder
	for i, c := range cells {
		width := []int{6, 27, 17, 24, 6, 14, 16, 0}[i]
		fmt.Fprintf(&b, "%-*s", width, printable(c))
	}
	_, err := fmt.Fprintln(p.s.out, strings.TrimRight(b.String(), " "))
	p.keep(err)
}

func (p *playbill) keep(err error) {
	if p.err == nil {
		p.err = err
	}
}

func words(codes []reason.Code) string {
	var all []string
	for _, c := range codes {
		all = append(all, string(c))
	}
	if len(all) == 0 {
		return "-"
	}
	return strings.Join(all, ",")
}
