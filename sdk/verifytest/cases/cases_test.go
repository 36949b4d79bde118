package cases_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/internal/mechanisms"
	"github.com/dzong-id/dzong/sdk/verifytest"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

var runner = mechanisms.Runner()

// goodCase writes a case that passes and gives its folder and its members.
func goodCase(t *testing.T) (string, map[string]any) {
	t.Helper()
	all := t.TempDir()
	if _, err := verifytest.WriteCases(all); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(all, "accepted-bound")
	data, err := os.ReadFile(filepath.Join(dir, cases.FileName))
	if err != nil {
		t.Fatal(err)
	}
	var members map[string]any
	if err := json.Unmarshal(data, &members); err != nil {
		t.Fatal(err)
	}
	if err := runner.Run(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	return dir, members
}

func TestACaseThatIsNotRightFails(t *testing.T) {
	dir, good := goodCase(t)
	for name, change := range map[string]func(map[string]any){
		"unknown member":           func(m map[string]any) { m["expected"] = "accepted" },
		"unknown binding member":   func(m map[string]any) { m["binding"].(map[string]any)["window"] = 60 },
		"no binding":               func(m map[string]any) { delete(m, "binding") },
		"no expectation":           func(m map[string]any) { delete(m, "expect") },
		"no time":                  func(m map[string]any) { delete(m, "now") },
		"no encoding":              func(m map[string]any) { delete(m, "encoding") },
		"unknown encoding":         func(m map[string]any) { m["encoding"] = "text " },
		"unknown outcome":          func(m map[string]any) { m["expect"] = "valid" },
		"unknown binding":          func(m map[string]any) { m["binding"] = map[string]any{"kind": "none"} },
		"bound without a nonce":    func(m map[string]any) { m["binding"] = map[string]any{"kind": "bound", "audience": "a"} },
		"session without bytes":    func(m map[string]any) { m["binding"] = map[string]any{"kind": "session"} },
		"a file that is not there": func(m map[string]any) { m["input"] = "other.txt" },
		"a file above":             func(m map[string]any) { m["input"] = "../accepted-bound/presentation.txt" },
		"an absolute path":         func(m map[string]any) { m["input"] = filepath.Join(dir, "presentation.txt") },
		"status above": func(m map[string]any) {
			m["status"] = []any{map[string]any{"uri": "u", "file": "../accepted-fresh/status.jwt"}}
		},
		"other outcome":             func(m map[string]any) { m["expect"] = "rejected" },
		"other reasons":             func(m map[string]any) { m["reasons"] = []string{"expired"} },
		"other claim":               func(m map[string]any) { m["claims"] = map[string]any{"full_name": "Dorji"} },
		"a claim that is not out":   func(m map[string]any) { m["claims"] = map[string]any{"village": "Example"} },
		"a trust list that is none": func(m map[string]any) { m["trust"] = map[string]any{"format": 1} },
		"a policy that is none":     func(m map[string]any) { m["policy"] = map[string]any{"at": 1} },
	} {
		t.Run(name, func(t *testing.T) {
			m := maps.Clone(good)
			m["binding"] = maps.Clone(good["binding"].(map[string]any))
			change(m)
			data, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, cases.FileName), data, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := runner.Run(context.Background(), dir); err == nil {
				t.Error("the case passed")
			}
		})
	}
}

func TestALinkOutOfTheCaseIsNotFollowed(t *testing.T) {
	dir, _ := goodCase(t)
	input := filepath.Join(dir, "presentation.txt")
	outside := filepath.Join(t.TempDir(), "presentation.txt")
	if err := os.Rename(input, outside); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, input); err != nil {
		t.Fatal(err)
	}
	if err := runner.Run(context.Background(), dir); err == nil {
		t.Error("the case passed with an input from elsewhere")
	}
}

func TestTextIsTakenByteForByte(t *testing.T) {
	dir, _ := goodCase(t)
	f, err := os.OpenFile(filepath.Join(dir, "presentation.txt"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("\n"); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if err := runner.Run(context.Background(), dir); err == nil {
		t.Error("a line break at the end was trimmed")
	}
}

func TestARunWithoutACaseIsAnError(t *testing.T) {
	var out bytes.Buffer
	if _, err := runner.RunAll(context.Background(), t.TempDir(), &out); !errors.Is(err, cases.ErrNoCase) {
		t.Errorf("got %v, want ErrNoCase", err)
	}
}

func TestTheRunTellsEachFailureAndCounts(t *testing.T) {
	dir, m := goodCase(t)
	m["expect"] = "rejected"
	data, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, cases.FileName), data, 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	tally, err := runner.RunAll(context.Background(), filepath.Dir(dir), &out)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if tally.Failed != 1 || len(lines) != 2 || !strings.HasPrefix(lines[0], "FAIL accepted-bound: ") || !strings.HasSuffix(lines[1], " passed, 1 failed") {
		t.Errorf("tally %+v, output:\n%s", tally, out.String())
	}
}
