package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
)

// marker begins the line by which a test says whose material it uses; package
// sdk/internal/vectors writes it.
const marker = "vectors: family "

// families counts tests by the material they use: a test's own family, or that of
// the nearest test around it that named one.
type families struct {
	dir     string            // the folder of all families
	reasons map[string]string // families that nothing runs, and why
	named   map[key][]string
	counted map[string]*count
}

// newFamilies reads the list of families that nothing runs: a line for each,
// "family: reason", and lines that begin with #.
func newFamilies(dir, list string) (*families, error) {
	f, err := os.Open(list)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	made := &families{dir: dir, reasons: map[string]string{}, named: map[key][]string{}, counted: map[string]*count{}}
	for lines := bufio.NewScanner(f); ; {
		if !lines.Scan() {
			return made, lines.Err()
		}
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, why, ok := strings.Cut(line, ": ")
		if !ok {
			return nil, fmt.Errorf("read %s: %q is no family and its reason", list, line)
		}
		if made.reasons[name] != "" {
			return nil, fmt.Errorf("read %s: %s stands there twice", list, name)
		}
		made.reasons[name] = strings.TrimSpace(why)
	}
}

// output takes what a test wrote.
func (f *families) output(k key, text string) {
	if _, name, ok := strings.Cut(text, marker); ok {
		// A family may be named deeper than it is listed.
		parts := strings.SplitN(strings.TrimSpace(name), "/", 3)
		name = strings.Join(parts[:min(2, len(parts))], "/")
		if !slices.Contains(f.named[k], name) {
			f.named[k] = append(f.named[k], name)
		}
	}
}

// ended counts a leaf.
func (f *families) ended(k key, action string) {
	name := "(no family named)"
	for test := k.test; test != ""; test = parentOf(test) {
		if all := f.named[key{k.pkg, test}]; len(all) > 0 {
			name = strings.Join(all, ", ")
			break
		}
	}
	c := f.counted[name]
	if c == nil {
		c = new(count)
		f.counted[name] = c
	}
	switch action {
	case "pass":
		c.passed++
	case "fail":
		c.failed++
	case "skip":
		c.skipped++
	}
}

// run reports whether some test that was not skipped used a family.
func (f *families) run(name string) bool {
	for names, c := range f.counted {
		if c.passed+c.failed > 0 && slices.Contains(strings.Split(names, ", "), name) {
			return true
		}
	}
	return false
}

// tell writes the table, and gives what is wrong with it: a family that is there,
// that no test used, and that the list gives no reason for; and a reason for one
// that is used, or is not there.
func (f *families) tell(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\nFAMILY\tPASSED\tFAILED")
	for _, name := range sortedKeys(f.counted) {
		c := f.counted[name]
		if c.passed+c.failed > 0 {
			fmt.Fprintf(t, "%s\t%d\t%d\n", name, c.passed, c.failed)
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	var wrong []error
	there, err := f.list()
	if err != nil {
		return err
	}
	for _, name := range there {
		switch why := f.reasons[name]; {
		case f.run(name) && why != "":
			wrong = append(wrong, fmt.Errorf("%s is run, and listed as not covered", name))
		case why != "":
			fmt.Fprintf(w, "not covered: %s: %s\n", name, why)
		case !f.run(name):
			wrong = append(wrong, fmt.Errorf("%s is there, nothing runs it, and nothing says why", name))
		}
	}
	for _, name := range sortedKeys(f.reasons) {
		if !slices.Contains(there, name) {
			wrong = append(wrong, fmt.Errorf("%s is listed as not covered, and not there", name))
		}
	}
	return errors.Join(wrong...)
}

// list is every family that is there: a folder, or the folders in it where tests or
// the list of reasons name those.
func (f *families) list() ([]string, error) {
	var out []string
	folders, err := foldersIn(f.dir)
	if err != nil {
		return nil, err
	}
	for _, folder := range folders {
		if !f.split(folder) {
			out = append(out, folder)
			continue
		}
		below, err := foldersIn(filepath.Join(f.dir, folder))
		if err != nil {
			return nil, err
		}
		for _, b := range below {
			out = append(out, folder+"/"+b)
		}
	}
	return out, nil
}

// split reports whether somebody names a family within a folder.
func (f *families) split(folder string) bool {
	for names := range f.counted {
		for _, name := range strings.Split(names, ", ") {
			if strings.HasPrefix(name, folder+"/") {
				return true
			}
		}
	}
	for name := range f.reasons {
		if strings.HasPrefix(name, folder+"/") {
			return true
		}
	}
	return false
}

func foldersIn(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		if e.IsDir() {
			out = append(out, e.Name())
		}
	}
	return out, nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
