package interop

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
)

// tree is a random JSON value together with which parts of it an issuer makes
// selectively disclosable and which of these a holder then shows. It is our own
// idea of what must come out, beside the peer's.
type tree struct {
	scalar   any
	object   bool
	array    bool
	children []child
	decoys   int
}

type child struct {
	name   string // of an object's member
	hidden bool   // selectively disclosable
	shown  bool   // if it is hidden: disclosed
	value  *tree
}

// names are claim names that have broken parsers: other scripts, quotes and
// escapes, what looks like a keyword of the format but is none, and names that
// are reserved, though only at the top level. Without full stops, which separate
// the steps of a path in the peer's presentation frames.
var names = []string{
	"full_name", "birth_date", "རྫོང་ཁ", "姓名", "naïve", "e\u0301", "نام", "🏔️", "\U0001F468\u200D\U0001F469",
	"quote\"d", "back\\slash", "new\nline", "tab\t", "nul\u0000", "\u2028", "\uFEFF", "a/b", "a~b", " ", "a b", "\u007f",
	"exp", "nbf", "iss", "cnf", "vct", "status", "_SD", "sd", "_sda", "sd_hash", "0", "17", "-1", "length", "<&>", "nonce",
}

// generate makes a random object, in which the names taken do not occur.
func generate(r *rand.Rand, width, depth int, taken ...string) *tree {
	t := &tree{object: true, decoys: decoys(r)}
	used := map[string]bool{"": true, "_sd": true}
	for _, name := range taken {
		used[name] = true
	}
	for range width {
		name := names[r.IntN(len(names))]
		if r.IntN(3) == 0 {
			name = strings.ReplaceAll(text(r), ".", "-")
		}
		if used[name] {
			continue
		}
		used[name] = true
		t.children = append(t.children, child{name: name, hidden: r.IntN(3) > 0, value: generateValue(r, depth)})
	}
	return t
}

func generateValue(r *rand.Rand, depth int) *tree {
	if depth > 0 {
		switch r.IntN(4) {
		case 0:
			return generate(r, r.IntN(5), depth-1)
		case 1:
			t := &tree{array: true, decoys: decoys(r)}
			for range r.IntN(5) {
				t.children = append(t.children, child{hidden: r.IntN(2) == 0, value: generateValue(r, depth-1)})
			}
			return t
		}
	}
	switch r.IntN(8) {
	case 0:
		return &tree{scalar: r.IntN(2) == 0}
	case 1:
		return &tree{scalar: nil}
	case 2:
		return &tree{scalar: float64(r.Int64N(1<<53) - 1<<52)}
	case 3:
		return &tree{scalar: r.NormFloat64() * math.Pow10(r.IntN(40)-20)}
	case 4:
		return &tree{scalar: float64(r.IntN(200) - 100)}
	default:
		return &tree{scalar: text(r)}
	}
}

func decoys(r *rand.Rand) int {
	if r.IntN(3) > 0 {
		return 0
	}
	return 1 + r.IntN(4)
}

// text is a random text from every plane of Unicode.
func text(r *rand.Rand) string {
	ranges := [...][2]rune{{0x20, 0x7e}, {0x20, 0x7e}, {0, 0x1f}, {0x80, 0x24f}, {0x600, 0x6ff}, {0xf00, 0xfff}, {0x4e00, 0x9fff}, {0xe000, 0xffff}, {0x1f300, 0x1f6ff}, {0xf0000, 0x10ffff}}
	var b strings.Builder
	of := ranges[r.IntN(len(ranges))]
	for range r.IntN(24) {
		if r.IntN(6) == 0 {
			of = ranges[r.IntN(len(ranges))]
		}
		b.WriteRune(of[0] + rune(r.IntN(int(of[1]-of[0])+1)))
	}
	return b.String()
}

// plain is the value with nothing withheld.
func (t *tree) plain() any {
	return t.build(func(child) bool { return true })
}

// disclosed is the value as far as the holder shows it.
func (t *tree) disclosed() any {
	return t.build(func(c child) bool { return !c.hidden || c.shown })
}

func (t *tree) build(keep func(child) bool) any {
	switch {
	case t.object:
		m := map[string]any{}
		for _, c := range t.children {
			if keep(c) {
				m[c.name] = c.value.build(keep)
			}
		}
		return m
	case t.array:
		a := []any{}
		for _, c := range t.children {
			if keep(c) {
				a = append(a, c.value.build(keep))
			}
		}
		return a
	}
	return t.scalar
}

// frame says to the peer's issuer what is selectively disclosable, or nil.
func (t *tree) frame() map[string]any {
	if !t.object && !t.array {
		return nil
	}
	f := map[string]any{}
	var hidden []any
	for i, c := range t.children {
		step := any(c.name)
		if t.array {
			step = i
		}
		if c.hidden {
			hidden = append(hidden, step)
		}
		if below := c.value.frame(); below != nil {
			f[fmt.Sprint(step)] = below
		}
	}
	if hidden != nil {
		f["_sd"] = hidden
	}
	if t.decoys > 0 {
		f["_sd_decoy"] = t.decoys
	}
	if len(f) == 0 {
		return nil
	}
	return f
}

// choose has the holder show each part with the given likelihood, and gives the
// number of disclosures that takes: a part is shown only inside what is.
func (t *tree) choose(r *rand.Rand, likely float64, within bool) int {
	n := 0
	for i := range t.children {
		c := &t.children[i]
		c.shown = c.hidden && within && r.Float64() < likely
		if c.shown {
			n++
		}
		n += c.value.choose(r, likely, within && (!c.hidden || c.shown))
	}
	return n
}

// shows says to the peer's wallet what to disclose.
func (t *tree) shows() map[string]any {
	f := map[string]any{}
	for i, c := range t.children {
		if c.hidden && !c.shown {
			continue
		}
		step := c.name
		if t.array {
			step = fmt.Sprint(i)
		}
		if below := c.value.shows(); len(below) > 0 {
			f[step] = below
		} else if c.shown {
			f[step] = true
		}
	}
	return f
}
