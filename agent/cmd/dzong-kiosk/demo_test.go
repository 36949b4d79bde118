package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/agent/demo"
	"github.com/dzong-id/dzong/sdk/reason"
)

func TestTheExitStatusTellsHowTheScenesWent(t *testing.T) {
	total := len(demo.Scenes())
	for name, tt := range map[string]struct {
		fine, bad int
		once      bool
		want      int
	}{
		"all as they must be":      {total, 0, true, exitOK},
		"one was not":              {total - 1, 1, true, exitFailed},
		"one is missing":           {total - 1, 0, true, exitFailed},
		"none at all":              {0, 0, true, exitFailed},
		"stopped after a few":      {3, 0, false, exitOK},
		"stopped after a bad one":  {3, 1, false, exitFailed},
		"stopped before the first": {0, 0, false, exitFailed},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			p := playbill{s: streams{out: &out}}
			seq := uint64(7)
			for i := range tt.fine + tt.bad {
				p.scene(demo.Report{Scene: "a", Outcome: "rejected", Reasons: []reason.Code{reason.Revoked}, EventSeq: &seq, OK: i < tt.fine})
			}
			if got := p.end(tt.once); got != tt.want || p.err != nil {
				t.Errorf("exit status %d, want %d (%v)", got, tt.want, p.err)
			}
			if got := strings.Count(out.String(), "NOT AS IT MUST BE"); got != tt.bad {
				t.Errorf("%d scenes are marked, want %d:\n%s", got, tt.bad, &out)
			}
		})
	}
}

func TestADemoNobodyCanReadFails(t *testing.T) {
	p := playbill{s: streams{out: brokenPipe{}}, asJSON: true}
	p.scene(demo.Report{OK: true})
	if p.err == nil {
		t.Error("nothing was written, and nobody is told")
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }
