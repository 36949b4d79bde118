package cross

import (
	"go/parser"
	"go/token"
	"testing"
)

func TestTreeChecksCanFail(t *testing.T) {
	tests := map[string]struct {
		check      string
		path, text string
		want       bool // a complaint
	}{
		"a package without a comment":       {"every package says what it is", "sdk/x/x.go", "package x", true},
		"a comment that is not the package": {"every package says what it is", "sdk/x/x.go", "// x\npackage x", true},
		"a comment in a test alone":         {"every package says what it is", "sdk/x/x.go", "package x", true},
		"a documented package":              {"every package says what it is", "sdk/x/x.go", "// Package x is.\npackage x", false},
		"a command named otherwise":         {"every package says what it is", "sdk/cmd/x/main.go", "// Command y is.\npackage main", true},
		"a documented command":              {"every package says what it is", "sdk/cmd/x/main.go", "// Command x is.\npackage main", false},
		"cgo":                               {"no cgo", "sdk/x/x.go", "package x\nimport \"C\"", true},
		"cgo behind a build tag":            {"no cgo", "sdk/x/x_windows.go", "//go:build windows\n\npackage x\nimport \"C\"", true},
		"no cgo":                            {"no cgo", "sdk/x/x.go", "package x\nimport \"crypto\"", false},
		"init":                              {"nothing happens on import", "sdk/x/x.go", "package x\nfunc init() {}", true},
		"init in a test":                    {"nothing happens on import", "sdk/x/x_test.go", "package x\nfunc init() {}", true},
		"a method called init":              {"nothing happens on import", "sdk/x/x.go", "package x\ntype T int\nfunc (T) init() {}", false},
		"an import for its effect":          {"nothing happens on import", "agent/x/x.go", "package x\nimport _ \"image/png\"", true},
		"the database's driver":             {"nothing happens on import", "agent/outbox/db.go", "package outbox\nimport _ \"modernc.org/sqlite\"", false},
		"embedding":                         {"nothing happens on import", "sdk/x/x.go", "package x\nimport _ \"embed\"", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			file, err := parser.ParseFile(token.NewFileSet(), tt.path, tt.text, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			got := sourceChecks[tt.check]([]source{{tt.path, file}})
			if (len(got) > 0) != tt.want {
				t.Errorf("complaints %q, want any: %v", got, tt.want)
			}
		})
	}
}

func TestStrayTopLevelCanFail(t *testing.T) {
	if got := strayTopLevel([]string{"sdk/a.go", "docs/a.md", "docs/b.md", "notes.txt", ".ci/run", "go.mod"}); len(got) != 2 {
		t.Errorf("got %q, want docs and notes.txt", got)
	}
}

func TestLeftBehindCanFail(t *testing.T) {
	for _, word := range []string{"TO" + "DO", "FIX" + "ME", "XX" + "X"} {
		if len(leftBehind("x := 1 // "+word+": later\n")) != 1 {
			t.Errorf("%s passes", word)
		}
	}
	if got := leftBehind("a hackathon in TODOville\n"); len(got) > 0 {
		t.Errorf("refused without cause: %q", got)
	}
}
