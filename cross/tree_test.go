package cross

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// topLevel is everything the root folder may hold beside dot-files.
var topLevel = []string{
	"sdk", "agent", "drivers", "cross", "examples", "hwtest",
	"go.mod", "go.sum", "Makefile", "README.md", "LICENSE", "CHANGELOG.md",
}

// source is one Go file of the tree.
type source struct {
	path string // from the root, with slashes
	file *ast.File
}

func TestTree(t *testing.T) {
	files := treeFiles(t)
	t.Run("the top level holds what is agreed", func(t *testing.T) {
		for _, name := range strayTopLevel(files) {
			t.Errorf("%s: the top level is the map of the project; put it where it belongs", name)
		}
		for _, name := range topLevel {
			if !slices.ContainsFunc(files, func(f string) bool { return first(f) == name }) {
				t.Errorf("%s is missing", name)
			}
		}
	})
	t.Run("nothing is left behind", func(t *testing.T) {
		for _, name := range files {
			if path.Base(name) == "LICENSE" || strings.Contains(name, "testdata/") {
				continue
			}
			text, err := os.ReadFile(filepath.Join("..", name))
			if err != nil {
				t.Fatalf("read %s: %v", name, err)
			}
			for _, what := range leftBehind(string(text)) {
				t.Errorf("%s: %s: finish it or say in the documentation what is not done", name, what)
			}
		}
	})

	var sources []source
	for _, name := range files {
		if path.Ext(name) != ".go" || strings.Contains(name, "testdata/") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatalf("parse: %v", err)
		}
		sources = append(sources, source{name, file})
	}
	if len(sources) < 20 {
		t.Fatalf("%d Go files: this test would pass for want of them", len(sources))
	}
	for name, check := range sourceChecks {
		t.Run(name, func(t *testing.T) {
			for _, complaint := range check(sources) {
				t.Error(complaint)
			}
		})
	}
}

var sourceChecks = map[string]func([]source) []string{
	"every package says what it is": undocumented,
	"no cgo":                        func(all []source) []string { return each(all, usesCgo) },
	"nothing happens on import":     func(all []source) []string { return each(all, runsOnImport) },
}

// undocumented lists folders without a package comment of the usual form.
func undocumented(all []source) []string {
	documented := map[string]bool{}
	names := map[string]string{}
	for _, s := range all {
		if strings.HasSuffix(s.path, "_test.go") {
			continue
		}
		dir := path.Dir(s.path)
		names[dir] = s.file.Name.Name
		want := "Package " + s.file.Name.Name + " "
		if s.file.Name.Name == "main" {
			want = "Command " + path.Base(dir) + " "
		}
		if s.file.Doc != nil && strings.HasPrefix(s.file.Doc.Text(), want) {
			documented[dir] = true
		}
	}
	var out []string
	for dir, name := range names {
		if !documented[dir] {
			out = append(out, fmt.Sprintf("%s: no comment that begins with \"Package %s …\" (or \"Command …\"): say what it is, promises, and does not", dir, name))
		}
	}
	slices.Sort(out)
	return out
}

func usesCgo(s source) string {
	for _, spec := range s.file.Imports {
		if spec.Path.Value == `"C"` {
			return "imports C: what ships is built with CGO_ENABLED=0, also in cross-builds without a C compiler"
		}
	}
	return ""
}

// runsOnImport finds init functions, and package variables whose value comes from
// opening, starting or registering something.
func runsOnImport(s source) string {
	for _, d := range s.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
			return "has an init function: importing a package must do nothing; hand over what is wanted instead"
		}
	}
	for _, spec := range s.file.Imports {
		if spec.Name == nil || spec.Name.Name != "_" {
			continue
		}
		if spec.Path.Value != `"embed"` && !strings.HasPrefix(s.path, "agent/outbox/") {
			return "imports " + spec.Path.Value + " for what it does on import"
		}
	}
	return ""
}

func each(all []source, check func(source) string) []string {
	var out []string
	for _, s := range all {
		if complaint := check(s); complaint != "" {
			out = append(out, s.path+" "+complaint)
		}
	}
	return out
}

// strayTopLevel lists what lies at the root and is not agreed.
func strayTopLevel(files []string) []string {
	var out []string
	for _, f := range files {
		name := first(f)
		if !strings.HasPrefix(name, ".") && !slices.Contains(topLevel, name) && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// The words are put together here, so that this file does not find itself.
var unfinished = regexp.MustCompile(`\b(` + "TO" + "DO|FIX" + "ME|XX" + "X|HA" + `CK)\b`)

func leftBehind(text string) []string {
	if strings.ContainsRune(text, 0) {
		return nil // not a text
	}
	var out []string
	for line := range strings.Lines(text) {
		if unfinished.MatchString(line) {
			out = append(out, strings.TrimSpace(line))
		}
	}
	return out
}

// treeFiles lists the files of the tree, tracked or about to be. Without git (an
// unpacked archive) it walks the folder and leaves out dot-folders.
func treeFiles(t *testing.T) []string {
	t.Helper()
	command := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "-z")
	command.Dir = ".."
	var files []string
	if out, err := command.Output(); err == nil {
		for name := range strings.SplitSeq(strings.TrimRight(string(out), "\x00"), "\x00") {
			if info, err := os.Lstat(filepath.Join("..", name)); err == nil && info.Mode().IsRegular() {
				files = append(files, name)
			}
		}
		return files
	}
	err := filepath.WalkDir("..", func(name string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && len(d.Name()) > 1 && d.Name() != ".." && d.Name()[0] == '.' {
			return filepath.SkipDir
		}
		if d.Type().IsRegular() {
			rel, err := filepath.Rel("..", name)
			if err != nil {
				return err
			}
			files = append(files, filepath.ToSlash(rel))
		}
		return nil
	})
	if err != nil {
		t.Fatalf("list the tree: %v", err)
	}
	return files
}

func first(name string) string {
	name, _, _ = strings.Cut(name, "/")
	return name
}
