package pex

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Definition is a parsed presentation definition. It is immutable and safe for
// concurrent use.
type Definition struct {
	id           string
	json         []byte
	formats      formats
	descriptors  []descriptor
	requirements []requirement // nil: every descriptor
	ungrouped    []int         // descriptors of no group, beside requirements
}

// descriptor is an input descriptor (§5.1).
type descriptor struct {
	id      string
	groups  []string
	formats formats // nil: the definition's
	schemas []schemaURI
	fields  []field
	// Relational constraints (§7), where they are required.
	isHolder        bool
	subjectIsIssuer bool
}

// schemaURI is an entry of 1.0's schema.
type schemaURI struct {
	uri      string
	required bool
}

// field is an entry of constraints.fields.
type field struct {
	name     string // the first path as it is written, for who asks what is missing
	paths    []jsonPath
	filter   *schema // nil: any value
	optional bool
}

// ID is the definition's id; empty if it has none.
func (d *Definition) ID() string { return d.id }

// JSON is the document as it was read, as a copy.
func (d *Definition) JSON() []byte { return bytes.Clone(d.json) }

// IDs is the ids of the input descriptors, in their order.
func (d *Definition) IDs() []string {
	ids := make([]string, len(d.descriptors))
	for i := range d.descriptors {
		ids[i] = d.descriptors[i].id
	}
	return ids
}

// Parse reads a presentation definition of at most limits.Policy bytes: bare, or in
// an object whose member presentation_definition it is, as attachments have it.
// Members that the specification does not know are ignored, except in filters. The
// error is a *reason.Error with malformed, too_large, or format_unsupported for
// what is known and not implemented.
func Parse(data []byte) (*Definition, error) {
	o, err := root(data, "parse presentation definition", "presentation_definition")
	if err != nil {
		return nil, err
	}
	d := &Definition{json: bytes.Clone(data)}
	if o.Has("id") {
		d.id = o.Text("id")
	}
	d.formats = readFormats(o)
	for i, v := range o.List("input_descriptors", true, limits.Queries) {
		in := readDescriptor(o.Sub(v, o.At("input_descriptors", i)))
		if o.Err() == nil && d.index(in.id) >= 0 {
			o.Fail(o.At("input_descriptors", i), "has the id of an earlier one")
		}
		d.descriptors = append(d.descriptors, in)
	}
	d.readRequirements(o)
	if err := o.Err(); err != nil {
		return nil, err
	}
	return d, nil
}

// root reads a document that is bare or in the member called name.
func root(data []byte, doing, name string) (*strictjson.Object, error) {
	if len(data) > limits.Policy {
		return nil, &reason.Error{Code: reason.TooLarge, Doing: fmt.Sprintf("%s: %d bytes, at most %d", doing, len(data), limits.Policy)}
	}
	members, err := strictjson.DecodeObject(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	o := strictjson.ReadObject(members, doing, false)
	if v, ok := o.Take(name, false); ok {
		o = o.Sub(v, name)
	}
	return o, nil
}

func (d *Definition) index(id string) int {
	return slices.IndexFunc(d.descriptors, func(in descriptor) bool { return in.id == id })
}

// textLength bounds ids and groups, which checks and events repeat.
const textLength = 256

func shortText(o *strictjson.Object, name string) string {
	s := o.Text(name)
	if len(s) > textLength {
		o.FailAs(reason.TooLarge, o.Member(name), fmt.Sprintf("has more than %d bytes", textLength))
	}
	return s
}

func readDescriptor(o *strictjson.Object) descriptor {
	in := descriptor{id: shortText(o, "id"), groups: o.Texts("group", false, limits.Queries), formats: readFormats(o)}
	for i, v := range o.List("schema", false, limits.Queries) {
		s := o.Sub(v, o.At("schema", i))
		in.schemas = append(in.schemas, schemaURI{s.Text("uri"), s.Flag("required", false)})
	}
	if v, ok := o.Take("constraints", false); ok {
		in.readConstraints(o.Sub(v, o.Member("constraints")))
	}
	if in.schemas == nil && in.fields == nil && in.formats == nil {
		// §5.1 has constraints required, and a descriptor that says nothing would
		// take any credential.
		o.Fail(o.Member("constraints"), "is missing or empty, and nothing else says what is wanted")
	}
	return in
}

func (in *descriptor) readConstraints(o *strictjson.Object) {
	oneOf(o, "limit_disclosure", "required", "preferred")
	in.subjectIsIssuer = oneOf(o, "subject_is_issuer", "required", "preferred") == "required"
	for i, v := range o.List("is_holder", false, limits.Queries) {
		if oneOf(o.Sub(v, o.At("is_holder", i)), "directive", "required", "preferred") == "required" {
			in.isHolder = true
		}
	}
	for i, v := range o.List("same_subject", false, limits.Queries) {
		if oneOf(o.Sub(v, o.At("same_subject", i)), "directive", "required", "preferred") == "required" {
			o.FailAs(reason.FormatUnsupported, o.At("same_subject", i), "is required, which is not implemented")
		}
	}
	if v, ok := o.Take("statuses", false); ok {
		s := o.Sub(v, o.Member("statuses"))
		for _, name := range []string{"active", "suspended", "revoked"} {
			v, ok := s.Take(name, false)
			if !ok {
				continue
			}
			directive := oneOf(s.Sub(v, s.Member(name)), "directive", "required", "allowed", "disallowed")
			if name == "active" && directive == "disallowed" || name != "active" && directive == "required" {
				o.FailAs(reason.FormatUnsupported, s.Member(name), "asks for a credential that no decision accepts")
			}
		}
	}
	for i, v := range o.List("fields", false, limits.QueryClaims) {
		in.fields = append(in.fields, readField(o.Sub(v, o.At("fields", i))))
	}
}

// oneOf reads a word that is one of a few; empty if it is absent.
func oneOf(o *strictjson.Object, name string, words ...string) string {
	if !o.Has(name) {
		return ""
	}
	word := o.Text(name)
	if !slices.Contains(words, word) {
		o.Fail(o.Member(name), "is none of "+fmt.Sprint(words))
	}
	return word
}

func readField(o *strictjson.Object) field {
	f := field{optional: o.Flag("optional", false)}
	o.Flag("intent_to_retain", false)
	for i, text := range o.Texts("path", true, limits.Queries) {
		p, err := parsePath(text)
		if err != nil {
			o.FailAs(err.Code, o.At("path", i), err.Doing)
		}
		f.paths = append(f.paths, p)
		if i == 0 {
			f.name = text
		}
	}
	if v, ok := o.Take("filter", false); ok {
		var err *reason.Error
		if f.filter, err = compile(v); err != nil {
			o.FailAs(err.Code, o.Member("filter"), err.Doing)
		}
	}
	if v, ok := o.Take("predicate", false); ok && v != nil {
		// §7.1: of use only beside a filter.
		if oneOf(o, "predicate", "required", "preferred") != "" && f.filter == nil {
			o.Fail(o.Member("predicate"), "is there without a filter")
		}
	}
	return f
}
