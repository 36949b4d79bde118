package cross

import (
	"fmt"
	"slices"
	"strings"
)

// module is the prefix of our own packages.
const module = "github.com/dzong-id/dzong/"

// pkg is what go list says about one of our packages. Paths of our own packages
// are written without the module: "sdk/verify".
type pkg struct {
	Path    string
	Imports []string // directly, without tests
	Deps    []string // everything linked, without tests
	Tests   []string // directly by its tests, inside and outside the package
}

// rule says that packages under From must not have a package under To, but for
// those under Except. Names match a package and all below it; an empty From is
// every package, and an empty To is anything at all.
type rule struct {
	Name   string
	From   []string
	Except []string
	To     []string
	How    reach
	Reason string
}

// reach is how far a rule looks.
type reach int

const (
	links   reach = iota // anything linked into From, and what its tests import
	ships                // anything linked into From; its tests may
	imports              // what From itself imports, tests included; others may bring it in
)

// broken lists every breach of the rule, in the words of someone who has to
// mend it.
func (r rule) broken(pkgs []pkg) []string {
	var out []string
	for _, p := range pkgs {
		if (len(r.From) > 0 && !under(p.Path, r.From)) || under(p.Path, r.Except) {
			continue
		}
		seen := p.Imports
		if r.How != imports {
			seen = p.Deps
		}
		if r.How != ships {
			seen = slices.Concat(seen, p.Tests)
		}
		slices.Sort(seen)
		for _, dep := range slices.Compact(seen) {
			if dep != p.Path && (len(r.To) == 0 || under(dep, r.To)) {
				out = append(out, fmt.Sprintf("%s has %s, but %s: %s", p.Path, dep, r.Name, r.Reason))
			}
		}
	}
	return out
}

// dependency is a module of somebody else, who may import it, and what for.
type dependency struct {
	Module string
	By     []string // packages that may import it; none: only tests may
	Tests  []string // whose tests may import it, beyond By; none and no By: all
	Reason string
}

// strangers lists every import of somebody else's package that the table does
// not allow.
func strangers(table []dependency, pkgs []pkg) []string {
	var out []string
	complain := func(p pkg, path, what string) {
		out = append(out, fmt.Sprintf("%s imports %s: %s", p.Path, path, what))
	}
	for _, p := range pkgs {
		for i, path := range slices.Concat(p.Imports, p.Tests) {
			if standard(path) || own(path) {
				continue
			}
			at := slices.IndexFunc(table, func(d dependency) bool { return under(path, []string{d.Module}) })
			if at < 0 {
				complain(p, path, "no dependency the table in cross knows; each needs a reason and one importer")
				continue
			}
			d := table[at]
			inTest := i >= len(p.Imports)
			allowed := under(p.Path, d.By)
			if inTest {
				allowed = allowed || under(p.Path, d.Tests) || (len(d.By) == 0 && len(d.Tests) == 0)
			}
			if !allowed {
				complain(p, path, "not its importer: "+d.Reason)
			}
		}
	}
	return out
}

// linkedBeyond lists what packages under the names link of other people's
// modules beyond those allowed, and of the standard library what is forbidden.
func linkedBeyond(pkgs []pkg, names, allowed, forbidden []string) []string {
	var out []string
	for _, p := range pkgs {
		if !slices.Contains(names, p.Path) {
			continue
		}
		for _, dep := range p.Deps {
			stranger := !standard(dep) && !own(dep) && !under(dep, allowed)
			if stranger || under(dep, forbidden) {
				out = append(out, p.Path+" links "+dep)
			}
		}
	}
	return out
}

// under reports whether path is one of the names or lies below one of them.
func under(path string, names []string) bool {
	for _, name := range names {
		if path == name || strings.HasPrefix(path, name+"/") {
			return true
		}
	}
	return false
}

var folders = []string{"sdk", "agent", "drivers", "cross", "examples", "hwtest"}

func own(path string) bool { return under(path, folders) }

// standard reports whether path is of the standard library: its first element
// has no dot, and it is none of ours.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".") && !own(path)
}
