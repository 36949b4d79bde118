package cross

import (
	"encoding/json"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// modFile is what go mod edit -json says about a go.mod.
type modFile struct {
	Module struct{ Path string }
	Go     string
	Tool   []struct{ Path string }

	Require          []requirement
	Exclude, Replace []json.RawMessage
}

type requirement struct {
	Path, Version string
	Indirect      bool
}

// exact is a tagged release; a pseudo-version names a commit nobody released.
var exact = regexp.MustCompile(`^v\d+\.\d+\.\d+(-[a-z]+\.?\d+)?(\+incompatible)?$`)

// loose lists what makes a build depend on more than the file says.
func (m modFile) loose() []string {
	var out []string
	if len(m.Replace) > 0 {
		out = append(out, "replace: an importer does not see it and builds something else")
	}
	if len(m.Exclude) > 0 {
		out = append(out, "exclude: an importer does not see it and builds something else")
	}
	for _, r := range m.Require {
		if !r.Indirect && !exact.MatchString(r.Version) {
			out = append(out, r.Path+" "+r.Version+": require a tagged release")
		}
	}
	return out
}

func TestModules(t *testing.T) {
	root, tools := readMod(t, "../go.mod"), readMod(t, "tools/go.mod")
	for _, m := range []modFile{root, tools} {
		t.Run(m.Module.Path, func(t *testing.T) {
			for _, complaint := range m.loose() {
				t.Error(complaint)
			}
			if m.Go != root.Go {
				t.Errorf("asks for Go %s, the root asks for %s: there is one floor", m.Go, root.Go)
			}
		})
	}
	if len(root.Tool) > 0 {
		t.Error("go.mod names a tool: it would stand in the dependency list of everybody who imports the SDK; put it into cross/tools")
	}
	for _, tool := range tools.Tool {
		if slices.ContainsFunc(root.Require, func(r requirement) bool { return under(tool.Path, []string{r.Path}) }) {
			t.Errorf("go.mod requires the tool %s", tool.Path)
		}
	}
	for _, d := range dependencies {
		if d.Module == "periph.io/x" {
			continue // many modules under one name
		}
		for _, r := range root.Require {
			if r.Path == d.Module && r.Indirect {
				t.Errorf("%s is imported by our code and marked indirect in go.mod: run go mod tidy", d.Module)
			}
		}
	}
}

func TestLooseCanFail(t *testing.T) {
	for name, text := range map[string]string{
		"a commit":    `{"Require":[{"Path":"a","Version":"v0.0.0-20230129092748-24d4a6f8daec"}]}`,
		"a branch":    `{"Require":[{"Path":"a","Version":"master"}]}`,
		"a replace":   `{"Replace":[{}]}`,
		"an excluded": `{"Exclude":[{}]}`,
	} {
		var m modFile
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			t.Fatal(err)
		}
		if len(m.loose()) == 0 {
			t.Errorf("%s passes", name)
		}
	}
	var m modFile
	if err := json.Unmarshal([]byte(`{"Require":[{"Path":"a","Version":"v1.2.3"},{"Path":"b","Version":"v2.0.0-rc.1"}]}`), &m); err != nil {
		t.Fatal(err)
	}
	if got := m.loose(); len(got) > 0 {
		t.Errorf("refused without cause: %s", strings.Join(got, "; "))
	}
}

func readMod(t *testing.T, name string) modFile {
	t.Helper()
	out, err := exec.Command("go", "mod", "edit", "-json", name).Output()
	if err != nil {
		t.Fatalf("go mod edit -json %s: %v", name, err)
	}
	var m modFile
	if err := json.Unmarshal(out, &m); err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
	return m
}
