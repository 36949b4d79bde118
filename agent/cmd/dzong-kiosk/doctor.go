package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/dzong-id/dzong/agent/config"
)

func runDoctor(ctx context.Context, s streams, flags *flag.FlagSet, args []string) (int, error) {
	file := configFlag(flags)
	asJSON := flags.Bool("json", false, "print one JSON object")
	rest, err := parse(flags, args)
	if err != nil {
		return 0, err
	}
	switch {
	case len(rest) > 0:
		return 0, usagef("there is nothing to name beside the flags")
	case *file == "":
		return 0, usagef("--config names the file that configures the kiosk")
	}
	if _, err := os.Stat(*file); err != nil {
		return 0, fmt.Errorf("read configuration: %w", err)
	}
	d := diagnosis{Checks: []finding{}}
	if c, err := config.Load(*file); err != nil {
		d.mistakes(err)
	} else {
		d.ok("configuration", "%s; %s", kioskOf(c), c.Audience)
		if err := d.examine(ctx, c); err != nil {
			return 0, err
		}
	}
	d.OK = d.needs() == 0
	if *asJSON {
		err = printJSON(s.out, d)
	} else {
		err = d.tell(s.out)
	}
	if err != nil {
		return 0, err
	}
	if !d.OK {
		return exitAttention, nil
	}
	return exitOK, nil
}

// diagnosis is what doctor --json prints.
type diagnosis struct {
	OK     bool      `json:"ok"`
	Checks []finding `json:"checks"`
}

// finding is what came of one check. Next says what to do, where something is to
// be done.
type finding struct {
	Check string `json:"check"`
	State state  `json:"state"`
	Found string `json:"found"`
	Next  string `json:"next,omitempty"`
}

type state string

const (
	well      state = "ok"
	attention state = "attention"
)

func (d *diagnosis) ok(check, format string, args ...any) {
	d.Checks = append(d.Checks, finding{Check: check, State: well, Found: fmt.Sprintf(format, args...)})
}

func (d *diagnosis) attention(check, next, format string, args ...any) {
	d.Checks = append(d.Checks, finding{Check: check, State: attention, Found: fmt.Sprintf(format, args...), Next: next})
}

// mistakes tells what is wrong with the configuration, each by itself.
func (d *diagnosis) mistakes(err error) {
	for line := range strings.Lines(err.Error()) {
		if line = strings.TrimSuffix(line, "\n"); !strings.HasSuffix(line, ":") { // the heading names the file
			d.attention("configuration", "correct it, then ask again: nothing else can be checked without it", "%s", line)
		}
	}
}

func (d *diagnosis) needs() int {
	n := 0
	for _, f := range d.Checks {
		if f.State != well {
			n++
		}
	}
	return n
}

func (d *diagnosis) tell(w io.Writer) error {
	width := 0
	for _, f := range d.Checks {
		width = max(width, len([]rune(printable(f.Check))))
	}
	var b strings.Builder
	for _, f := range d.Checks {
		fmt.Fprintf(&b, "%-9s  %-*s  %s\n", f.State, width, printable(f.Check), printable(f.Found))
		if f.Next != "" {
			fmt.Fprintf(&b, "%*s-> %s\n", 9+2+width+2, "", printable(f.Next))
		}
	}
	if n := d.needs(); n > 0 {
		fmt.Fprintf(&b, "%d of %d need attention\n", n, len(d.Checks))
	} else {
		fmt.Fprintf(&b, "all %d are well\n", len(d.Checks))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
