package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFamilies(t *testing.T) {
	events := []string{
		`{"Action":"run","Package":"p","Test":"TestA"}`,
		`{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:1: vectors: family one\n"}`,
		`{"Action":"run","Package":"p","Test":"TestA/x"}`,
		`{"Action":"run","Package":"p","Test":"TestA/y"}`,
		`{"Action":"output","Package":"p","Test":"TestA/y","Output":"    a_test.go:1: vectors: family two/b/deeper\n"}`,
		`{"Action":"pass","Package":"p","Test":"TestA/x"}`,
		`{"Action":"pass","Package":"p","Test":"TestA/y"}`,
		`{"Action":"pass","Package":"p","Test":"TestA"}`,
		`{"Action":"pass","Package":"p"}`,
	}
	tests := map[string]struct {
		folders string
		list    string
		last    string
		says    []string
	}{
		"every family is run or has a reason": {
			"one two/a two/b", "# why\n\ntwo/a: nobody needs it\n", "2 passed, 0 failed",
			[]string{"one     1       0", "two/b   1       0", "not covered: two/a: nobody needs it"},
		},
		"a family that nothing runs":           {"one two/a two/b", "", "2 passed, 1 failed", []string{"two/a is there, nothing runs it, and nothing says why"}},
		"a folder that nothing runs":           {"one two/b three", "", "2 passed, 1 failed", []string{"three is there"}},
		"a reason for a family that is run":    {"one two/b", "one: x\n", "2 passed, 1 failed", []string{"one is run, and listed"}},
		"a reason for a family that is absent": {"one two/b", "four: x\n", "2 passed, 1 failed", []string{"four is listed as not covered, and not there"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for _, folder := range strings.Fields(tt.folders) {
				if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			list := filepath.Join(t.TempDir(), "list")
			if err := os.WriteFile(list, []byte(tt.list), 0o600); err != nil {
				t.Fatal(err)
			}
			f, err := newFamilies(dir, list)
			if err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			s := newSummary(&out)
			s.families = f
			if err := s.read(strings.NewReader(strings.Join(events, "\n") + "\n")); err != nil {
				t.Fatal(err)
			}
			status := s.finish()
			lines := strings.Split(strings.TrimSpace(out.String()), "\n")
			if last := lines[len(lines)-1]; last != tt.last || (status == 0) != strings.HasSuffix(last, " 0 failed") {
				t.Errorf("last line %q, exit status %d, want %q", last, status, tt.last)
			}
			for _, want := range tt.says {
				if !strings.Contains(out.String(), want) {
					t.Errorf("output does not say %q:\n%s", want, out.String())
				}
			}
		})
	}
	for name, text := range map[string]string{"no reason": "one\n", "twice": "one: a\none: b\n"} {
		list := filepath.Join(t.TempDir(), "list")
		if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := newFamilies(t.TempDir(), list); err == nil {
			t.Errorf("a list with %s was taken", name)
		}
	}
}
