package cross

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestReadmeShowsWhatTheTestsRun compares the pieces of code in README.md with
// the functions of the same names in the example of package verify.
func TestReadmeShowsWhatTheTestsRun(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	example, err := os.ReadFile("../sdk/verify/example_cache_test.go")
	if err != nil {
		t.Fatal(err)
	}
	pieces := codePieces(string(readme))
	if len(pieces) != 2 {
		t.Fatalf("%d pieces of code under a comment with a function's name, want 2", len(pieces))
	}
	for name, code := range pieces {
		if want := body(t, example, name); code != want {
			t.Errorf("README.md and %s differ; README has\n%s\nthe example has\n%s", name, code, want)
		}
	}
}

func TestReadmeComparisonCanFail(t *testing.T) {
	pieces := codePieces("<!-- f -->\n```go\nx := 1\nreturn x\n```\n")
	source := "package p\n\nfunc f() int {\n\tx := 2\n\treturn x\n}\n"
	if pieces["f"] == body(t, []byte(source), "f") {
		t.Error("different code passes")
	}
	if pieces["f"] != body(t, []byte(strings.ReplaceAll(source, "2", "1")), "f") {
		t.Error("equal code is refused")
	}
}

// codePieces gives the Go code under each comment <!-- name --> of a Markdown text.
func codePieces(markdown string) map[string]string {
	pieces := map[string]string{}
	for _, m := range regexp.MustCompile("(?s)<!-- (\\w+) -->\n```go\n(.*?)\n```").FindAllStringSubmatch(markdown, -1) {
		pieces[m[1]] = m[2]
	}
	return pieces
}

// body is the body of a function of a source, one tab less indented.
func body(t *testing.T, source []byte, name string) string {
	t.Helper()
	formatted, err := format.Source(source)
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "", formatted, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Name.Name != name {
			continue
		}
		inner := formatted[set.Position(f.Body.Lbrace).Offset+1 : set.Position(f.Body.Rbrace).Offset]
		var out []string
		for line := range bytes.Lines(bytes.Trim(inner, "\n")) {
			out = append(out, strings.TrimPrefix(strings.TrimRight(string(line), "\n"), "\t"))
		}
		return strings.Join(out, "\n")
	}
	t.Fatalf("there is no function %s", name)
	return ""
}
