package pex

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// jsonPath is a path of names, indices, wildcards and descents. What such a path
// leaves out of JSONPath (RFC 9535) can hang on an expression language or select in
// no order: scripts, filters, slices, unions, indices from the end.
type jsonPath []step

type step struct {
	kind  stepKind
	name  string // stepName, stepDescend
	index int    // stepIndex
}

type stepKind uint8

const (
	stepName    stepKind = iota // .name, ['name']
	stepIndex                   // [0]
	stepAll                     // .*, [*]
	stepDescend                 // ..name: wherever below there is a member of that name
)

// pathLength bounds a path as it is written.
const pathLength = 1024

func badPath(code reason.Code, what string) *reason.Error {
	return &reason.Error{Code: code, Doing: what}
}

// parsePath reads a path. It says what is wrong as the rest of a sentence.
func parsePath(text string) (jsonPath, *reason.Error) {
	if len(text) > pathLength {
		return nil, badPath(reason.TooLarge, "is longer than any path")
	}
	rest, ok := strings.CutPrefix(text, "$")
	if !ok {
		return nil, badPath(reason.Malformed, "does not begin with $")
	}
	var p jsonPath
	for rest != "" {
		var s step
		var err *reason.Error
		if s, rest, err = parseStep(rest); err != nil {
			return nil, err
		}
		if p = append(p, s); len(p) > limits.JSONDepth {
			return nil, badPath(reason.TooLarge, "has more steps than a document has levels")
		}
	}
	return p, nil
}

func parseStep(text string) (step, string, *reason.Error) {
	if rest, ok := strings.CutPrefix(text, ".."); ok {
		name, rest := shorthand(rest)
		if name == "" {
			return step{}, "", badPath(reason.FormatUnsupported, "descends to something other than a name")
		}
		return step{kind: stepDescend, name: name}, rest, nil
	}
	// Some write .[0] for [0].
	if rest, ok := strings.CutPrefix(text, "."); ok && !strings.HasPrefix(rest, "[") {
		if rest, ok := strings.CutPrefix(rest, "*"); ok {
			return step{kind: stepAll}, rest, nil
		}
		name, rest := shorthand(rest)
		if name == "" {
			return step{}, "", badPath(reason.Malformed, "has a dot without a name behind it")
		}
		return step{kind: stepName, name: name}, rest, nil
	} else if ok {
		text = rest
	}
	inner, ok := strings.CutPrefix(text, "[")
	if !ok {
		return step{}, "", badPath(reason.Malformed, "goes on with neither . nor [")
	}
	if rest, ok := strings.CutPrefix(inner, "*]"); ok {
		return step{kind: stepAll}, rest, nil
	}
	if inner != "" && (inner[0] == '\'' || inner[0] == '"') {
		name, rest, ok := quoted(inner)
		if !ok || !strings.HasPrefix(rest, "]") {
			return step{}, "", badPath(reason.Malformed, "has a quoted name that does not end, or is not all there is between brackets")
		}
		return step{kind: stepName, name: name}, rest[1:], nil
	}
	digits, rest, ok := strings.Cut(inner, "]")
	n, err := strconv.ParseUint(digits, 10, 31)
	switch {
	case !ok:
		return step{}, "", badPath(reason.Malformed, "has a bracket that does not close")
	case err != nil || len(digits) > 1 && digits[0] == '0':
		return step{}, "", badPath(reason.FormatUnsupported, "has something other than a name, an index or * between brackets")
	}
	return step{kind: stepIndex, index: int(n)}, rest, nil
}

// shorthand reads a name behind a dot: letters, digits, _, - and everything beyond
// ASCII. RFC 9535 takes no hyphen, and those who write paths do.
func shorthand(text string) (name, rest string) {
	at := strings.IndexFunc(text, func(r rune) bool {
		return r < utf8.RuneSelf && r != '_' && r != '-' &&
			(r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
	if at < 0 {
		at = len(text)
	}
	return text[:at], text[at:]
}

// quoted reads a name in quotes, with \\ and the quote escaped.
func quoted(text string) (name, rest string, ok bool) {
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == text[0]:
			return b.String(), text[i+1:], true
		case c == '\\':
			if i++; i == len(text) || text[i] != '\\' && text[i] != text[0] {
				return "", "", false
			}
			b.WriteByte(text[i])
		default:
			b.WriteByte(c)
		}
	}
	return "", "", false
}

// first is the first value that the path leads to, in the order of the document,
// members by their names. Each value that is looked at costs a step.
func (p jsonPath) first(v any, b *budget) (any, bool) {
	if !b.spend(1) {
		return nil, false
	}
	if len(p) == 0 {
		return v, true
	}
	s, rest := p[0], p[1:]
	switch s.kind {
	case stepName:
		m, _ := v.(map[string]any)
		member, ok := m[s.name]
		if !ok {
			return nil, false
		}
		return rest.first(member, b)
	case stepIndex:
		a, _ := v.([]any)
		if s.index >= len(a) {
			return nil, false
		}
		return rest.first(a[s.index], b)
	case stepDescend:
		if m, ok := v.(map[string]any); ok {
			if member, ok := m[s.name]; ok {
				if found, ok := rest.first(member, b); ok {
					return found, true
				}
			}
		}
		return p.below(v, p, b)
	default:
		return p.below(v, rest, b)
	}
}

// below tries a path on each child of v.
func (jsonPath) below(v any, rest jsonPath, b *budget) (any, bool) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if found, ok := rest.first(v[name], b); ok {
				return found, true
			}
		}
	case []any:
		for _, element := range v {
			if found, ok := rest.first(element, b); ok {
				return found, true
			}
		}
	}
	return nil, false
}

// budget bounds one evaluation: a path with several descents, or a filter with many
// alternatives, may look at a value any number of times.
type budget struct{ left int }

// steps is what one evaluation may cost. A credential with a hundred claims under
// ten descriptors with three fields each costs a few thousand.
const steps = 200_000

func (b *budget) spend(n int) bool {
	b.left -= n
	return b.left >= 0
}

// spent reports whether the budget was not enough, so that nothing found counts.
func (b *budget) spent() bool { return b.left < 0 }
