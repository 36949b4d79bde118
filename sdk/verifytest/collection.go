package verifytest

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"time"

	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

// formats is where a format adds its cases: one line each.
func formats() []format {
	return []format{
		{"", sdjwtCases},
		{"jwtvc", jwtCases},
		{"ldp", ldCases},
		{"mdoc", mdocCases},
		{"ldp/ecdsa-sd-2023", selectiveCases},
		{"cwt", cwtCases},
		{"shc", cardCases},
	}
}

// format is what one format contributes: its cases, below a folder of its own.
type format struct {
	folder string
	cases  func(*collection)
}

// WriteCases writes this package's cases below dir, a folder each, and gives
// their number. Every refusal has one cause, and says so in its comment.
func WriteCases(dir string) (int, error) {
	list := caseList()
	for _, b := range list {
		c, files := b.build()
		if err := c.Write(filepath.Join(dir, filepath.FromSlash(b.name)), files); err != nil {
			return 0, err
		}
	}
	return len(list), nil
}

// caseList is every case of every format.
func caseList() []builder {
	var all []builder
	for _, f := range formats() {
		c := collection{folder: f.folder}
		f.cases(&c)
		all = append(all, c.list...)
	}
	return all
}

// scene is what a case presents, what is wanted of it, and what is at hand to
// judge it by.
type scene struct {
	input     []byte
	file      string // name of the input's file; presentation.txt if empty
	encoding  string // how the file holds the input: text if empty, base64 or hex
	now       time.Time
	binding   cases.Binding
	trust     json.RawMessage // a bare trust list; nil: none at hand
	documents map[string]json.RawMessage
	contexts  map[string][]byte // by URL
	status    []statusList
	deny      json.RawMessage // a bare deny list; nil: none at hand
	policy    json.RawMessage
	query     string // what the wallet says it answers
	// What is asked in Presentation Exchange, and what was submitted.
	definition, submission json.RawMessage
	claims                 map[string]any // what must come out of it; counts only where it is accepted
}

// statusList is a status list at hand, and the name of its file.
type statusList struct {
	uri, file string
	data      []byte
}

// builder makes one case.
type builder struct {
	name    string // with the format's folder
	comment string
	expect  reason.Outcome
	reasons []reason.Code
	scene   func() scene
}

func (b builder) build() (*cases.Case, map[string][]byte) {
	s := b.scene()
	c := &cases.Case{
		Comment: b.comment, Input: s.file, Encoding: s.encoding,
		Now: s.now, Binding: s.binding, Trust: s.trust, Documents: s.documents, Policy: s.policy, Query: s.query, Deny: s.deny,
		Definition: s.definition, Submission: s.submission,
		Expect: b.expect, Reasons: &b.reasons,
	}
	if c.Input == "" {
		c.Input = "presentation.txt"
	}
	if c.Encoding == "" {
		c.Encoding = "text"
	}
	if b.expect == reason.Accepted {
		c.Claims = s.claims
	}
	files := map[string][]byte{c.Input: encoded(c.Encoding, s.input)}
	for i, url := range slices.Sorted(maps.Keys(s.contexts)) {
		if c.Contexts == nil {
			c.Contexts = map[string]string{}
		}
		name := fmt.Sprintf("context-%d.json", i+1)
		c.Contexts[url], files[name] = name, s.contexts[url]
	}
	for _, l := range s.status {
		c.Status = append(c.Status, cases.StatusFile{URI: l.uri, File: l.file})
		files[l.file] = l.data
	}
	return c, files
}

// encoded is an input as its file holds it.
func encoded(encoding string, input []byte) []byte {
	switch encoding {
	case "base64":
		return []byte(base64.StdEncoding.EncodeToString(input))
	case "hex":
		return []byte(hex.EncodeToString(input))
	default:
		return input
	}
}

// collection gathers one format's cases.
type collection struct {
	folder string
	list   []builder
}

func (c *collection) add(b builder) {
	b.name = path.Join(c.folder, b.name)
	c.list = append(c.list, b)
}

// casesOf gathers cases that are made from a stage of a format's own: begin sets
// up a world in which everything is right, a case changes it at one point, and
// play makes of it what is presented and what is at hand. Every case begins anew.
type casesOf[S any] struct {
	*collection
	begin func() S
	play  func(S) scene
}

func (c casesOf[S]) accept(name, comment string, change func(S)) {
	c.change(name, comment, reason.Accepted, []reason.Code{}, change)
}

func (c casesOf[S]) reject(name, comment string, change func(S), codes ...reason.Code) {
	c.change(name, comment, reason.Rejected, codes, change)
}

func (c casesOf[S]) unsure(name, comment string, change func(S), codes ...reason.Code) {
	c.change(name, comment, reason.Indeterminate, codes, change)
}

func (c casesOf[S]) change(name, comment string, expect reason.Outcome, codes []reason.Code, change func(S)) {
	c.add(builder{name, comment, expect, codes, func() scene {
		s := c.begin()
		change(s)
		return c.play(s)
	}})
}
