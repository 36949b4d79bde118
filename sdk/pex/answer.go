package pex

import (
	"slices"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/query"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Answer says what of presented answers the definition, without a submission: a
// credential answers every descriptor that it fits, or that it was presented for.
// A nil definition finds nothing about anybody, which package verify refuses.
func (d *Definition) Answer(presented []query.Presented) query.Answer {
	if d == nil {
		return query.Answer{}
	}
	return d.answer(presented, false, func(p query.Presented, in *descriptor) (bool, string) {
		return p.Query == "" || p.Query == in.id, ""
	})
}

// Answer says what of presented answers the definition, held to the submission.
func (s *Submitted) Answer(presented []query.Presented) query.Answer {
	if s == nil {
		return query.Answer{}
	}
	return s.definition.answer(presented, true, func(p query.Presented, in *descriptor) (bool, string) {
		for i := range s.submission.entries {
			m := &s.submission.entries[i]
			if m.id == in.id && m.places(p.Piece, p.Within) && (p.Query == "" || p.Query == in.id) {
				return true, m.format
			}
		}
		return false, ""
	})
}

// answer compares each credential with each descriptor that meant says it may be
// meant for, and in which format.
func (d *Definition) answer(presented []query.Presented, exact bool, meant func(query.Presented, *descriptor) (bool, string)) query.Answer {
	b := &budget{left: steps}
	answer := query.Answer{Credentials: make([]query.Finding, len(presented))}
	tried := make([]bool, len(d.descriptors))
	for i, p := range presented {
		f := &answer.Credentials[i]
		views := roots(p.Credential)
		best, at := fit{}, -1
		for j := range d.descriptors {
			in := &d.descriptors[j]
			ok, format := meant(p, in)
			if !ok || format != "" && !isFormat(format, p.Credential.Format) {
				if ok && at < 0 && exact {
					at = j // submitted as something else than it is
				}
				continue
			}
			got := d.compare(in, p, views, b)
			switch {
			case got.full():
				f.IDs = append(f.IDs, in.id)
				tried[j] = true
			case exact || got.kind && !best.kind || got.kind && len(got.missing) < len(best.missing):
				best, at = got, j
			}
		}
		// A credential answers what it answers; what a submission says that it answers
		// beside that, it answers too, or nothing.
		if len(f.IDs) > 0 && (!exact || at < 0) {
			continue
		}
		f.IDs, f.Code = nil, reason.QueryNotSatisfied
		if at < 0 {
			continue
		}
		f.ID, tried[at] = d.descriptors[at].id, true
		switch {
		case !best.kind:
		case best.unheld:
			f.Code = reason.HolderBindingMissing
		case len(best.missing) > 0:
			f.Code, f.Missing = reason.ClaimMissing, best.missing
		}
	}
	answer.Unanswered = d.unanswered(tried, exact)
	if b.spent() {
		// Nothing that was found within the budget counts: more might have been
		// refused.
		for i := range answer.Credentials {
			answer.Credentials[i] = query.Finding{Code: reason.QueryNotSatisfied}
		}
	}
	return answer
}

func (d *Definition) unanswered(tried []bool, exact bool) []string {
	var lacking []int
	if d.requirements == nil {
		for j := range d.descriptors {
			if !tried[j] {
				lacking = append(lacking, j)
			}
		}
	}
	for j := range d.requirements {
		_, lacks := d.requirements[j].met(tried, exact)
		lacking = append(lacking, lacks...)
	}
	for _, j := range d.ungrouped {
		if !tried[j] {
			lacking = append(lacking, j)
		}
	}
	slices.Sort(lacking)
	var out []string
	for _, j := range slices.Compact(lacking) {
		out = append(out, d.descriptors[j].id)
	}
	return out
}

// fit is how a credential compares with one descriptor. The zero value does not.
type fit struct {
	kind    bool     // format, schema, and every filter on what is there
	unheld  bool     // a proof of possession is wanted and was not given
	missing []string // fields without a value
}

func (f fit) full() bool { return f.kind && !f.unheld && len(f.missing) == 0 }

func (d *Definition) compare(in *descriptor, p query.Presented, views []any, b *budget) fit {
	c := p.Credential
	allowed := in.formats
	if allowed == nil {
		allowed = d.formats
	}
	if !allowed.admit(c) || !in.ofSchema(c) {
		return fit{}
	}
	f := fit{kind: true}
	if p.Failed {
		return f
	}
	f.unheld = in.isHolder && !c.HolderBound
	if in.subjectIsIssuer && !selfIssued(c) {
		return fit{}
	}
	for i := range in.fields {
		switch at, found := in.fields[i].find(views, b); {
		case at || in.fields[i].optional:
		case found:
			return fit{} // it has another value: it is not what is meant
		default:
			f.missing = append(f.missing, in.fields[i].name)
		}
	}
	return f
}

// find looks for the field (§6.1): ok if a path leads to a value that the filter
// takes, found if one leads to a value at all.
func (f *field) find(views []any, b *budget) (ok, found bool) {
	for _, path := range f.paths {
		for _, view := range views {
			v, leads := path.first(view, b)
			if !leads {
				continue
			}
			found = true
			if f.filter == nil || f.filter.valid(v, b) {
				return !b.spent(), true
			}
			break // of each path, the first value counts
		}
	}
	return false, found
}

// ofSchema is 1.0's schema: "the array MAY have several, of which [...] any" that is
// not required, and all that are.
func (in *descriptor) ofSchema(c *credential.Credential) bool {
	matched, optional := false, false
	for _, s := range in.schemas {
		has := hasSchema(c, s.uri)
		switch {
		case s.required && !has:
			return false
		case !s.required:
			matched, optional = matched || has, true
		}
	}
	return matched || !optional
}

func hasSchema(c *credential.Credential, uri string) bool {
	if slices.Contains(c.Contexts, uri) || slices.Contains(c.Types, uri) || slices.Contains(c.ExpandedTypes, uri) {
		return true
	}
	if id, ok := c.Claims.String("credentialSchema", "id"); ok {
		return id == uri
	}
	list, _ := c.Claims.Array("credentialSchema")
	return slices.ContainsFunc(list, func(v any) bool {
		m, _ := v.(map[string]any)
		return m["id"] == any(uri)
	})
}

// selfIssued reports whether the subject is the issuer.
func selfIssued(c *credential.Credential) bool {
	for _, path := range [][]string{{"credentialSubject", "id"}, {"sub"}} {
		if id, ok := c.Claims.String(path...); ok {
			return id != "" && id == c.Issuer
		}
	}
	return false
}

// roots is what paths begin at, in the order in which they are tried.
func roots(c *credential.Credential) []any {
	claims := c.Claims.Map()
	if claims == nil {
		claims = map[string]any{}
	}
	if _, ok := claims["@context"]; !ok && c.Contexts != nil {
		list := make([]any, len(c.Contexts))
		for i, url := range c.Contexts {
			list[i] = url
		}
		claims["@context"] = list
	}
	views := []any{claims}
	if c.Format == credential.FormatJWTVC {
		// The mechanism gives the credential; many paths begin at its JWT.
		views = append(views, map[string]any{"vc": claims, "iss": c.Issuer})
	}
	return views
}
