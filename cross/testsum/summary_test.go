package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// run feeds events to a summary and gives what it printed and its exit status.
func run(t *testing.T, ended error, events ...string) (string, int) {
	t.Helper()
	var out bytes.Buffer
	s := newSummary(&out)
	if err := s.read(strings.NewReader(strings.Join(events, "\n") + "\n")); err != nil {
		t.Fatal(err)
	}
	s.ended(ended)
	status := s.finish()
	return out.String(), status
}

func TestSummary(t *testing.T) {
	exit := errors.New("exit status 1")
	tests := map[string]struct {
		events []string
		ended  error
		last   string
		status int
		says   []string
		not    []string
	}{
		"subtests are counted, the test that holds them is not": {
			events: []string{
				`{"Action":"run","Package":"p","Test":"A"}`,
				`{"Action":"run","Package":"p","Test":"A/x"}`,
				`{"Action":"run","Package":"p","Test":"A/y"}`,
				`{"Action":"pass","Package":"p","Test":"A/x"}`,
				`{"Action":"pass","Package":"p","Test":"A/y"}`,
				`{"Action":"pass","Package":"p","Test":"A"}`,
				`{"Action":"pass","Package":"p"}`,
			},
			last: "2 passed, 0 failed, 0 skipped",
		},
		"a failing subtest is one failure and its output is shown": {
			events: []string{
				`{"Action":"run","Package":"p","Test":"A"}`,
				`{"Action":"run","Package":"p","Test":"A/x"}`,
				`{"Action":"output","Package":"p","Test":"A/x","Output":"    a_test.go:1: got 1, want 2\n"}`,
				`{"Action":"fail","Package":"p","Test":"A/x"}`,
				`{"Action":"fail","Package":"p","Test":"A"}`,
				`{"Action":"fail","Package":"p"}`,
			},
			ended: exit, last: "0 passed, 1 failed, 0 skipped", status: 1,
			says: []string{"--- failed: p A/x", "got 1, want 2"},
		},
		"output of passed tests is dropped": {
			events: []string{
				`{"Action":"run","Package":"p","Test":"A"}`,
				`{"Action":"output","Package":"p","Test":"A","Output":"noise\n"}`,
				`{"Action":"pass","Package":"p","Test":"A"}`,
				`{"Action":"pass","Package":"p"}`,
			},
			last: "1 passed, 0 failed, 0 skipped", not: []string{"noise"},
		},
		"a skipped test is named with its reason": {
			events: []string{
				`{"Action":"run","Package":"p","Test":"A"}`,
				`{"Action":"output","Package":"p","Test":"A","Output":"=== RUN   A\n"}`,
				`{"Action":"output","Package":"p","Test":"A","Output":"    a_test.go:7: no broker here\n"}`,
				`{"Action":"output","Package":"p","Test":"A","Output":"--- SKIP: A (0.00s)\n"}`,
				`{"Action":"skip","Package":"p","Test":"A"}`,
				`{"Action":"run","Package":"p","Test":"B"}`,
				`{"Action":"pass","Package":"p","Test":"B"}`,
				`{"Action":"pass","Package":"p"}`,
			},
			last: "1 passed, 0 failed, 1 skipped", says: []string{"  p A: no broker here\n"},
		},
		"a package that does not build is a failure": {
			events: []string{
				`{"ImportPath":"p [p.test]","Action":"build-output","Output":"a.go:1: undefined: x\n"}`,
				`{"ImportPath":"p [p.test]","Action":"build-fail"}`,
				`{"Action":"fail","Package":"p","FailedBuild":"p [p.test]"}`,
			},
			ended: exit, last: "0 passed, 1 failed, 0 skipped", status: 1,
			says: []string{"undefined: x"},
		},
		"a package that ends by itself is a failure": {
			events: []string{
				`{"Action":"run","Package":"p","Test":"A"}`,
				`{"Action":"output","Package":"p","Test":"A","Output":"about to exit\n"}`,
				`{"Action":"output","Package":"p","Output":"exit status 3\n"}`,
				`{"Action":"fail","Package":"p"}`,
			},
			ended: exit, last: "0 passed, 1 failed, 0 skipped", status: 1,
			says: []string{"exit status 3", "about to exit"},
		},
		"no test at all is no success": {
			events: []string{`{"Action":"skip","Package":"p"}`},
			last:   "0 passed, 0 failed, 0 skipped", status: 1, says: []string{"no test was run"},
		},
		"go test failing for a reason of its own is a failure": {
			events: []string{`go: no such package`},
			ended:  exit, last: "0 passed, 1 failed, 0 skipped", status: 1, says: []string{"no such package"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			out, status := run(t, tt.ended, tt.events...)
			lines := strings.Split(strings.TrimSpace(out), "\n")
			if last := lines[len(lines)-1]; last != tt.last {
				t.Errorf("last line %q, want %q", last, tt.last)
			}
			if status != tt.status {
				t.Errorf("exit status %d, want %d", status, tt.status)
			}
			for _, want := range tt.says {
				if !strings.Contains(out, want) {
					t.Errorf("output does not say %q:\n%s", want, out)
				}
			}
			for _, no := range tt.not {
				if strings.Contains(out, no) {
					t.Errorf("output says %q:\n%s", no, out)
				}
			}
		})
	}
}
