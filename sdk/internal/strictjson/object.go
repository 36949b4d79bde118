package strictjson

import (
	"fmt"
	"maps"
	"slices"

	"github.com/dzong-id/dzong/sdk/reason"
)

// Object reads the members of one JSON object by their exact names and remembers
// the first thing that is wrong, with its place in the document, for readers that
// ask for everything and look at the error once. The texts that errors hold are the
// reader's own: no name or value of the document.
type Object struct {
	members map[string]any
	path    string
	asked   []string
	strict  bool
	doing   string
	err     *error
}

// ReadObject reads the root of a document. doing stands in front of every error:
// "parse DCQL query". strict has members refused that nobody asks for.
func ReadObject(members map[string]any, doing string, strict bool) *Object {
	return &Object{members: members, doing: doing, strict: strict, err: new(error)}
}

// Err is the first thing that is wrong anywhere in the document: a *reason.Error
// with malformed, or what FailAs said; nil if nothing is.
func (o *Object) Err() error { return *o.err }

// Has reports whether there is a member of that name. It does not ask for it.
func (o *Object) Has(name string) bool { _, ok := o.members[name]; return ok }

// Names is the members' names, sorted.
func (o *Object) Names() []string { return slices.Sorted(maps.Keys(o.members)) }

// Place is where the object stands, empty for the root.
func (o *Object) Place() string { return o.path }

// Known names members that may be there and are not read.
func (o *Object) Known(names ...string) { o.asked = append(o.asked, names...) }

// Fail says what is wrong at a place; only the first counts.
func (o *Object) Fail(path, what string) { o.FailAs(reason.Malformed, path, what) }

// FailAs is Fail under another code.
func (o *Object) FailAs(code reason.Code, path, what string) {
	if *o.err == nil {
		*o.err = &reason.Error{Code: code, Doing: o.doing + ": " + path + " " + what}
	}
}

// At is the place of an element of the array called name.
func (o *Object) At(name string, i int) string { return fmt.Sprintf("%s[%d]", o.Member(name), i) }

// Member is the place of the member called name.
func (o *Object) Member(name string) string {
	if o.path == "" {
		return name
	}
	return o.path + "." + name
}

// Take gives a member's value; nil and false if it is absent.
func (o *Object) Take(name string, required bool) (any, bool) {
	o.asked = append(o.asked, name)
	v, ok := o.members[name]
	if !ok && required {
		o.Fail(o.Member(name), "is missing")
	}
	return v, ok
}

// Sub reads v, which stands at path, as an object of the same document.
func (o *Object) Sub(v any, path string) *Object {
	m, ok := v.(map[string]any)
	if !ok {
		o.Fail(path, "is no object")
	}
	return &Object{members: m, path: path, strict: o.strict, doing: o.doing, err: o.err}
}

// Done refuses what was not asked for, if that is to be refused. The member's name
// comes from outside and is not repeated.
func (o *Object) Done() {
	if !o.strict {
		return
	}
	for name := range o.members {
		if !slices.Contains(o.asked, name) {
			path := o.path
			if path == "" {
				path = "the document"
			}
			o.Fail(path, "has a member that the format does not know; it knows "+fmt.Sprint(o.asked))
			return
		}
	}
}

// Text reads a string that must be there and is not empty.
func (o *Object) Text(name string) string {
	v, ok := o.Take(name, true)
	if !ok {
		return ""
	}
	return o.AsText(v, o.Member(name))
}

// AsText is Text for a value.
func (o *Object) AsText(v any, path string) string {
	s, ok := v.(string)
	if !ok || s == "" {
		o.Fail(path, "is no string with something in it")
	}
	return s
}

// Flag reads a boolean, absent if there is none.
func (o *Object) Flag(name string, absent bool) bool {
	v, ok := o.Take(name, false)
	if !ok {
		return absent
	}
	b, ok := v.(bool)
	if !ok {
		o.Fail(o.Member(name), "is no boolean")
	}
	return b
}

// List reads an array that is not empty and has at most so many elements.
func (o *Object) List(name string, required bool, most int) []any {
	v, ok := o.Take(name, required)
	if !ok {
		return nil
	}
	return o.AsList(v, o.Member(name), most)
}

// AsList is List for a value.
func (o *Object) AsList(v any, path string, most int) []any {
	l, ok := v.([]any)
	switch {
	case !ok || len(l) == 0:
		o.Fail(path, "is no array with something in it")
	case len(l) > most:
		o.FailAs(reason.TooLarge, path, fmt.Sprintf("has more than %d elements", most))
		return nil
	}
	return l
}

// Texts reads an array of strings; neither it nor they are empty.
func (o *Object) Texts(name string, required bool, most int) []string {
	v, ok := o.Take(name, required)
	if !ok {
		return nil
	}
	return o.AsTexts(v, o.Member(name), most)
}

// AsTexts is Texts for a value.
func (o *Object) AsTexts(v any, path string, most int) []string {
	var out []string
	for i, v := range o.AsList(v, path, most) {
		out = append(out, o.AsText(v, fmt.Sprintf("%s[%d]", path, i)))
	}
	return out
}
