package trust

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/reason"
)

// object reads the members of one JSON object by their exact names, remembers
// the first thing that is wrong with its place in the document, and at the end
// refuses members that nobody asked for. A null is wrong everywhere.
type object struct {
	members map[string]any
	path    string
	asked   []string
	err     *error
}

func (o *object) fail(path, what string) {
	if *o.err == nil {
		*o.err = &reason.Error{Code: reason.Malformed, Doing: "parse trust list: " + path + " " + what}
	}
}

func (o *object) at(name string) string {
	if o.path == "" {
		return name
	}
	return o.path + "." + name
}

// take gives a member's value; nil and false if it is absent.
func (o *object) take(name string, required bool) (any, bool) {
	o.asked = append(o.asked, name)
	v, ok := o.members[name]
	if !ok && required {
		o.fail(o.at(name), "is missing")
	}
	return v, ok
}

func (o *object) sub(v any, path string) *object {
	m, ok := v.(map[string]any)
	if !ok {
		o.fail(path, "is no object")
	}
	return &object{members: m, path: path, err: o.err}
}

// done refuses what was not asked for. The member's name is not repeated: it
// comes from outside and may be anything.
func (o *object) done() {
	if len(o.members) == 0 {
		return
	}
	for name := range o.members {
		if !slices.Contains(o.asked, name) {
			path := o.path
			if path == "" {
				path = "the document"
			}
			o.fail(path, "has a member that the format does not know; it knows "+fmt.Sprint(o.asked))
			return
		}
	}
}

func (o *object) text(name string, required bool) string {
	v, ok := o.take(name, required)
	if !ok {
		return ""
	}
	return o.asText(v, o.at(name))
}

func (o *object) asText(v any, path string) string {
	s, ok := v.(string)
	if !ok || s == "" {
		o.fail(path, "is no string with something in it")
	}
	return s
}

// most is the largest integer that every JSON reader understands alike
// (RFC 8259 §6).
const most = 1<<53 - 1

func (o *object) integer(name string) uint64 {
	v, ok := o.take(name, true)
	if !ok {
		return 0
	}
	n, ok := v.(json.Number)
	u, err := strconv.ParseUint(string(n), 10, 64)
	if !ok || err != nil || u < 1 || u > most {
		o.fail(o.at(name), "is no whole number from 1 to 2^53-1")
	}
	return u
}

// time reads RFC 3339 as the schema states it: capital T and Z, seconds always
// there.
func (o *object) time(name string, required bool) time.Time {
	v, ok := o.take(name, required)
	if !ok {
		return time.Time{}
	}
	s, _ := v.(string)
	t, ok := strictjson.Time(s)
	if !ok {
		o.fail(o.at(name), "is no RFC 3339 time such as 2026-01-31T00:00:00Z")
	}
	return t
}

func (o *object) list(name string, required bool) []any {
	v, ok := o.take(name, required)
	if !ok {
		return nil
	}
	l, ok := v.([]any)
	if !ok {
		o.fail(o.at(name), "is no array")
	}
	return l
}

func (o *object) texts(name string) []string {
	return o.asTexts(o.list(name, false), o.at(name))
}

func (o *object) asTexts(list []any, path string) []string {
	out := make([]string, 0, len(list))
	seen := make(map[string]bool, len(list))
	for n, v := range list {
		s := o.asText(v, fmt.Sprintf("%s[%d]", path, n))
		if seen[s] {
			o.fail(fmt.Sprintf("%s[%d]", path, n), "repeats an earlier entry")
		}
		seen[s] = true
		out = append(out, s)
	}
	return out
}
