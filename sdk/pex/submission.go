package pex

import (
	"fmt"

	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Submission is a parsed presentation submission (§6): the holder's word on which
// credential answers which input descriptor. It is immutable.
type Submission struct {
	definition string
	entries    []mapped
}

// mapped is an entry of descriptor_map: where the credential lies that answers a
// descriptor.
type mapped struct {
	id     string
	format string // of the credential itself
	piece  int    // which piece of what was presented
	within int    // which credential in it; -1: the one that is the piece
}

// ParseSubmission reads a presentation submission of at most limits.Policy bytes:
// bare, or in an object whose member presentation_submission it is, as a
// presentation has it. Paths lead to a piece of what was presented, $ or $[n], and
// from there to a credential in it: .verifiableCredential[n], behind .vp in a JWT.
// The error is a *reason.Error with malformed, too_large or format_unsupported.
func ParseSubmission(data []byte) (*Submission, error) {
	o, err := root(data, "parse presentation submission", "presentation_submission")
	if err != nil {
		return nil, err
	}
	s := &Submission{definition: o.Text("definition_id")}
	o.Text("id")
	for i, v := range o.List("descriptor_map", true, limits.Queries) {
		s.entries = append(s.entries, readMapped(o.Sub(v, o.At("descriptor_map", i))))
	}
	if err := o.Err(); err != nil {
		return nil, err
	}
	return s, nil
}

func readMapped(o *strictjson.Object) mapped {
	m := mapped{id: shortText(o, "id"), within: -1}
	for outermost := true; ; outermost = false {
		m.format = o.Text("format")
		path, err := parsePath(o.Text("path"))
		if err != nil {
			o.FailAs(err.Code, o.Member("path"), err.Doing)
		} else if !m.follow(path, outermost) {
			o.FailAs(reason.FormatUnsupported, o.Member("path"), "leads to no credential in a presentation")
		}
		v, ok := o.Take("path_nested", false)
		if !ok || o.Err() != nil {
			return m
		}
		o = o.Sub(v, o.Member("path_nested"))
		if id := o.Text("id"); id != m.id {
			o.Fail(o.Member("id"), "is not that of what it is nested in")
		}
	}
}

// follow goes one object further in.
func (m *mapped) follow(p jsonPath, outermost bool) bool {
	if outermost && len(p) > 0 && p[0].kind == stepIndex {
		m.piece, p = p[0].index, p[1:]
	}
	named := func(name string) bool { return len(p) > 0 && p[0].kind == stepName && p[0].name == name }
	if named("vp") {
		p = p[1:]
	}
	if named("verifiableCredential") {
		if m.within >= 0 {
			return false // a presentation in a presentation is no place of a credential
		}
		m.within, p = 0, p[1:]
		if len(p) > 0 && p[0].kind == stepIndex {
			m.within, p = p[0].index, p[1:]
		}
	}
	if named("vc") {
		p = p[1:] // the credential in its JWT
	}
	return len(p) == 0
}

// Submitted is a definition and what was submitted to it. It is a verify.Query.
type Submitted struct {
	definition *Definition
	submission *Submission
}

// Submitted holds credentials to what s says of them. It is an error, a
// *reason.Error with malformed, if s answers another definition, or a descriptor
// that the definition does not have.
func (d *Definition) Submitted(s *Submission) (*Submitted, error) {
	if s.definition != d.id {
		return nil, &reason.Error{Code: reason.Malformed, Doing: "match presentation submission: definition_id is of another definition"}
	}
	for i, m := range s.entries {
		if d.index(m.id) < 0 {
			return nil, &reason.Error{Code: reason.Malformed,
				Doing: fmt.Sprintf("match presentation submission: descriptor_map[%d] is of no input descriptor", i)}
		}
	}
	return &Submitted{d, s}, nil
}

// places reports whether the submission says that the credential there answers the
// descriptor.
func (m *mapped) places(piece, within int) bool {
	return m.piece == piece && (m.within == within || m.within < 0 && within == 0)
}
