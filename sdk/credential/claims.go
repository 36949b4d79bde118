package credential

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math"
	"slices"
	"strconv"
)

// Claims is an immutable view of a JSON object of claims. The zero value is
// empty. A path names one member per level: String("address", "locality").
// Printing or logging Claims shows how many there are and never what they say;
// MarshalJSON, called on purpose, gives them all.
type Claims struct {
	members map[string]any
}

// NewClaims is a view of m, which must hold what strict JSON decoding gives
// (map[string]any, []any, string, bool, nil, json.Number) and must not be
// changed afterwards.
func NewClaims(m map[string]any) Claims { return Claims{members: m} }

// at is the value path leads to.
func (c Claims) at(path []string) (any, bool) {
	var v any = c.members
	for _, name := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		if v, ok = m[name]; !ok {
			return nil, false
		}
	}
	return v, true
}

// String is the string at path; false if there is none or it is no string.
func (c Claims) String(path ...string) (string, bool) {
	v, _ := c.at(path)
	s, ok := v.(string)
	return s, ok
}

// Int is the whole number at path; false if there is none, it has a fraction,
// or it does not fit. 3, 3.0 and 3e0 are the same number.
func (c Claims) Int(path ...string) (int64, bool) {
	n, ok := c.Number(path...)
	if !ok {
		return 0, false
	}
	if i, err := strconv.ParseInt(string(n), 10, 64); err == nil {
		return i, true
	}
	f, err := strconv.ParseFloat(string(n), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return int64(f), true
}

// Bool is the boolean at path; the second value is false if there is none.
func (c Claims) Bool(path ...string) (value, ok bool) {
	v, _ := c.at(path)
	b, ok := v.(bool)
	return b, ok
}

// Number is the number at path exactly as it was written.
func (c Claims) Number(path ...string) (json.Number, bool) {
	v, _ := c.at(path)
	n, ok := v.(json.Number)
	return n, ok
}

// Object is the object at path.
func (c Claims) Object(path ...string) (Claims, bool) {
	v, _ := c.at(path)
	m, ok := v.(map[string]any)
	if !ok || m == nil {
		return Claims{}, false
	}
	return Claims{members: m}, true
}

// Array is a copy of the array at path, all the way down: elements are
// map[string]any, []any, string, bool, nil and json.Number.
func (c Claims) Array(path ...string) ([]any, bool) {
	v, _ := c.at(path)
	a, ok := v.([]any)
	if !ok {
		return nil, false
	}
	return clone(a).([]any), true
}

// Map is a copy of the whole, all the way down, in the shape of [Claims.Array]; nil
// for the zero value.
func (c Claims) Map() map[string]any {
	if c.members == nil {
		return nil
	}
	return clone(c.members).(map[string]any)
}

// Has reports whether there is anything at path, null included.
func (c Claims) Has(path ...string) bool {
	_, ok := c.at(path)
	return ok && len(path) > 0
}

// Names are the names of the members, sorted.
func (c Claims) Names() []string {
	names := make([]string, 0, len(c.members))
	for name := range c.members {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Len is the number of members.
func (c Claims) Len() int { return len(c.members) }

// MarshalJSON gives the whole object, names sorted; {} for the zero value.
func (c Claims) MarshalJSON() ([]byte, error) {
	if c.members == nil {
		return []byte("{}"), nil
	}
	return json.Marshal(c.members)
}

// Format implements fmt.Formatter: a stray %v must not print a person.
func (c Claims) Format(f fmt.State, _ rune) { io.WriteString(f, c.summary()) }

// LogValue implements slog.LogValuer for the same reason.
func (c Claims) LogValue() slog.Value { return slog.StringValue(c.summary()) }

func (c Claims) summary() string { return strconv.Itoa(len(c.members)) + " claims" }

func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for name, member := range v {
			m[name] = clone(member)
		}
		return m
	case []any:
		a := make([]any, len(v))
		for i, element := range v {
			a[i] = clone(element)
		}
		return a
	default:
		return v
	}
}
