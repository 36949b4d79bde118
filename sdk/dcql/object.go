package dcql

import (
	"fmt"
	"slices"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// object reads the members of one JSON object and remembers the first thing that
// is wrong, with its place in the query.
type object struct {
	members map[string]any
	path    string
	asked   []string
	strict  bool
	err     *error
}

func (o *object) fail(path, what string) { o.failAs(reason.Malformed, path, what) }

func (o *object) failAs(code reason.Code, path, what string) {
	if *o.err == nil {
		*o.err = &reason.Error{Code: code, Doing: "parse DCQL query: " + path + " " + what}
	}
}

func (o *object) at(name string, i int) string { return fmt.Sprintf("%s[%d]", o.member(name), i) }

func (o *object) member(name string) string {
	if o.path == "" {
		return name
	}
	return o.path + "." + name
}

func (o *object) take(name string, required bool) (any, bool) {
	o.asked = append(o.asked, name)
	v, ok := o.members[name]
	if !ok && required {
		o.fail(o.member(name), "is missing")
	}
	return v, ok
}

func (o *object) sub(v any, path string) *object {
	m, ok := v.(map[string]any)
	if !ok {
		o.fail(path, "is no object")
	}
	return &object{members: m, path: path, strict: o.strict, err: o.err}
}

// done refuses what was not asked for, if that is to be refused. The member's name
// comes from outside and is not repeated.
func (o *object) done() {
	if !o.strict {
		return
	}
	for name := range o.members {
		if !slices.Contains(o.asked, name) {
			path := o.path
			if path == "" {
				path = "the query"
			}
			o.fail(path, "has a member that DCQL does not know; it knows "+fmt.Sprint(o.asked))
			return
		}
	}
}

func (o *object) text(name string) string {
	v, ok := o.take(name, true)
	if !ok {
		return ""
	}
	return o.asText(v, o.member(name))
}

func (o *object) asText(v any, path string) string {
	s, ok := v.(string)
	if !ok || s == "" {
		o.fail(path, "is no string with something in it")
	}
	return s
}

func (o *object) flag(name string, absent bool) bool {
	v, ok := o.take(name, false)
	if !ok {
		return absent
	}
	b, ok := v.(bool)
	if !ok {
		o.fail(o.member(name), "is no boolean")
	}
	return b
}

// idLength bounds an id, which checks and events repeat.
const idLength = 128

func (o *object) id(required bool) string {
	v, ok := o.take("id", required)
	if !ok {
		return ""
	}
	s, _ := v.(string)
	switch {
	case len(s) > idLength:
		o.failAs(reason.TooLarge, o.member("id"), fmt.Sprintf("has more than %d bytes", idLength))
	case !idShape.MatchString(s):
		o.fail(o.member("id"), "is no string of letters, digits, _ and -")
	}
	return s
}

// list reads an array that is not empty and has at most so many elements.
func (o *object) list(name string, required bool, most int) []any {
	v, ok := o.take(name, required)
	if !ok {
		return nil
	}
	return o.asList(v, o.member(name), most)
}

func (o *object) asList(v any, path string, most int) []any {
	l, ok := v.([]any)
	switch {
	case !ok || len(l) == 0:
		o.fail(path, "is no array with something in it")
	case len(l) > most:
		o.failAs(reason.TooLarge, path, fmt.Sprintf("has more than %d elements", most))
		return nil
	}
	return l
}

func (o *object) texts(name string, required bool) []string {
	v, ok := o.take(name, required)
	if !ok {
		return nil
	}
	return o.asTexts(v, o.member(name))
}

func (o *object) asTexts(v any, path string) []string {
	var out []string
	for i, v := range o.asList(v, path, limits.QueryValues) {
		out = append(out, o.asText(v, fmt.Sprintf("%s[%d]", path, i)))
	}
	return out
}

// references reads an array of ids and looks each up.
func (o *object) references(v any, path string, most int, find func(id string) (int, bool)) []int {
	var out []int
	for i, v := range o.asList(v, path, most) {
		id, _ := v.(string)
		n, ok := find(id)
		switch {
		case !ok:
			o.fail(fmt.Sprintf("%s[%d]", path, i), "is the id of nothing in this query")
		case slices.Contains(out, n):
			o.fail(fmt.Sprintf("%s[%d]", path, i), "repeats an earlier one")
		}
		out = append(out, n)
	}
	return out
}
