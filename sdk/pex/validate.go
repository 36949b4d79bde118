package pex

import (
	"encoding/json"
	"slices"
	"unicode/utf8"
)

// longestText is the longest string that a pattern is matched against; a longer one
// does not match.
const longestText = 4096

// valid reports whether v is as the schema says; the answer counts only if the
// budget was enough.
func (s *schema) valid(v any, b *budget) bool {
	if !b.spend(1) || s.never {
		return false
	}
	if s.types != nil && !slices.ContainsFunc(s.types, func(t string) bool { return isType(v, t) }) {
		return false
	}
	if s.allow != nil && !slices.ContainsFunc(s.allow, func(want any) bool { return equal(v, want, b) }) {
		return false
	}
	switch v := v.(type) {
	case string:
		if !s.validText(v, b) {
			return false
		}
	case json.Number:
		if !s.validNumber(v) {
			return false
		}
	case []any:
		if !s.validArray(v, b) {
			return false
		}
	case map[string]any:
		if !s.validObject(v, b) {
			return false
		}
	}
	return s.combined(v, b)
}

// combined is what other schemas have to say.
func (s *schema) combined(v any, b *budget) bool {
	valid := func(other *schema) bool { return other.valid(v, b) }
	invalid := func(other *schema) bool { return !other.valid(v, b) }
	if s.ref != nil && !valid(s.ref) || s.not != nil && valid(s.not) || slices.ContainsFunc(s.all, invalid) {
		return false
	}
	if s.any != nil && !slices.ContainsFunc(s.any, valid) {
		return false
	}
	if s.one == nil {
		return true
	}
	n := 0
	for _, other := range s.one {
		if valid(other) {
			n++
		}
	}
	return n == 1
}

func isType(v any, name string) bool {
	switch v := v.(type) {
	case nil:
		return name == "null"
	case bool:
		return name == "boolean"
	case string:
		return name == "string"
	case []any:
		return name == "array"
	case map[string]any:
		return name == "object"
	case json.Number:
		if name != "integer" {
			return name == "number"
		}
		r := rational(v)
		return r != nil && r.IsInt()
	}
	return false
}

func (s *schema) validText(v string, b *budget) bool {
	if s.minLength >= 0 || s.maxLen >= 0 {
		n := utf8.RuneCountInString(v)
		if n < s.minLength || s.maxLen >= 0 && n > s.maxLen {
			return false
		}
	}
	if s.dates != "" {
		at, ok := date(s.dates, v, false)
		if !ok || s.minimum != nil && !s.minimum.below(at.Compare(s.minimum.date)) ||
			s.maximum != nil && !s.maximum.above(at.Compare(s.maximum.date)) {
			return false
		}
	}
	if s.pattern == nil {
		return true
	}
	return len(v) <= longestText && b.spend(1+len(v)*s.patternSize/1000) && s.pattern.MatchString(v)
}

// below reports whether a value that compares so is right by a minimum, above
// whether it is by a maximum.
func (l *bound) below(compared int) bool { return compared > 0 || compared == 0 && !l.exclusive }
func (l *bound) above(compared int) bool { return compared < 0 || compared == 0 && !l.exclusive }

func (s *schema) validNumber(v json.Number) bool {
	if s.minimum == nil && s.maximum == nil {
		return true
	}
	r := rational(v)
	if r == nil {
		return false
	}
	// A bound that is a date bounds no number.
	return (s.minimum == nil || s.minimum.number == nil || s.minimum.below(r.Cmp(s.minimum.number))) &&
		(s.maximum == nil || s.maximum.number == nil || s.maximum.above(r.Cmp(s.maximum.number)))
}

func (s *schema) validArray(v []any, b *budget) bool {
	if len(v) < s.minItems || s.maxItems >= 0 && len(v) > s.maxItems {
		return false
	}
	if s.items != nil && slices.ContainsFunc(v, func(e any) bool { return !s.items.valid(e, b) }) {
		return false
	}
	return s.contains == nil || slices.ContainsFunc(v, func(e any) bool { return s.contains.valid(e, b) })
}

func (s *schema) validObject(v map[string]any, b *budget) bool {
	if len(v) < s.minProps || s.maxProps >= 0 && len(v) > s.maxProps {
		return false
	}
	for _, name := range s.required {
		if _, ok := v[name]; !ok {
			return false
		}
	}
	if s.properties == nil && s.additional == nil {
		return true
	}
	for name, member := range v {
		of, ok := s.properties[name]
		if !ok {
			of = s.additional
		}
		if of != nil && !of.valid(member, b) {
			return false
		}
	}
	return true
}

// equal compares two values as JSON Schema does: 1 and 1.0 are one number.
func equal(a, c any, b *budget) bool {
	if !b.spend(1) {
		return false
	}
	switch a := a.(type) {
	case json.Number:
		n, ok := c.(json.Number)
		if !ok || a == n {
			return ok
		}
		x, y := rational(a), rational(n)
		return x != nil && y != nil && x.Cmp(y) == 0
	case []any:
		l, ok := c.([]any)
		if !ok || len(a) != len(l) {
			return false
		}
		for i := range a {
			if !equal(a[i], l[i], b) {
				return false
			}
		}
		return true
	case map[string]any:
		m, ok := c.(map[string]any)
		if !ok || len(a) != len(m) {
			return false
		}
		for name, v := range a {
			w, ok := m[name]
			if !ok || !equal(v, w, b) {
				return false
			}
		}
		return true
	default:
		return a == c
	}
}
