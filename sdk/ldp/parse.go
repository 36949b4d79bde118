package ldp

import (
	"maps"
	"slices"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/internal/vcdm"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// document is a parsed document with embedded proofs.
type document struct {
	mechanism *mechanism
	body      map[string]any // without proof
	contexts  []string
	foreign   bool // a context that is no URL, or stands where none may
	proofs    []*proof
}

func (m *mechanism) parse(data []byte) (credential.Presentation, error) {
	if len(data) > limits.Presentation {
		return nil, &reason.Error{Code: reason.TooLarge, Doing: "parse linked-data document"}
	}
	if !m.Recognise(data) {
		return nil, malformed("it is no object with an @context", nil)
	}
	members, err := strictjson.DecodeObject(data)
	if err != nil {
		return nil, err
	}
	types := vcdm.Types(members["type"])
	is := func(t string) bool { return slices.Contains(types, t) }
	switch {
	case vcdm.IsEnvelope(types):
		inside, err := vcdm.Unwrap(members)
		if err != nil {
			return nil, err
		}
		return &envelope{inside: inside, presentation: is("EnvelopedVerifiablePresentation")}, nil
	case is("VerifiableCredential") && is("VerifiablePresentation"):
		return nil, malformed("it says that it is a credential and a presentation", nil)
	case is("VerifiableCredential"):
		return m.parseCredential(members)
	case is("VerifiablePresentation"):
		return m.parsePresentation(members)
	}
	return nil, unsupported("it is neither a credential nor a presentation")
}

func version(members map[string]any) vcdm.Version {
	if vcdm.IsV2(members) {
		return vcdm.V2
	}
	return vcdm.V1
}

func (m *mechanism) parseCredential(members map[string]any) (credential.Presentation, error) {
	v := version(members)
	vc, err := vcdm.ReadCredential(members, v)
	if err != nil {
		return nil, malformed("the credential", err)
	}
	// VCDM 1.1 §4.5 and §4.6: issuer and issuanceDate are required.
	if vc.Issuer == "" || v == vcdm.V1 && vc.ValidFrom.IsZero() {
		return nil, malformed("the credential lacks its issuer or its date of issue", nil)
	}
	d, err := m.parseDocument(members)
	if err != nil {
		return nil, err
	}
	d.foreign = d.foreign || nested(d.body, 0)
	return &ldCredential{document: *d, vc: vc}, nil
}

func (m *mechanism) parsePresentation(members map[string]any) (credential.Presentation, error) {
	vp, err := vcdm.ReadPresentation(members, version(members))
	if err != nil {
		return nil, malformed("the presentation", err)
	}
	d, err := m.parseDocument(members)
	if err != nil {
		return nil, err
	}
	if len(d.proofs) > 1 {
		// Each would do by itself: who has a copy could show one after the other, and
		// marking one as used would not mark the next.
		return nil, unsupported("a presentation with more than one proof")
	}
	p := &ldPresentation{document: *d, vp: vp}
	p.foreign = p.foreign || nested(without(p.body, "verifiableCredential"), 0)
	for _, c := range vp.Credentials {
		enclosed, object, err := vcdm.Enclose(c)
		if err != nil {
			return nil, err
		}
		p.enclosed = append(p.enclosed, enclosed)
		if object != nil {
			p.foreign = p.foreign || foreignInside(object)
		}
	}
	return p, nil
}

// foreignInside reports whether an enclosed document has a context that is no URL,
// or one where none may stand. Its proofs may have one: "Set proof.@context to
// unsecuredDocument.@context" (Data Integrity EdDSA Cryptosuites §3.3.1).
func foreignInside(object map[string]any) bool {
	_, inline := urls(object["@context"])
	proofs, isList := object["proof"].([]any)
	if !isList {
		proofs = []any{object["proof"]}
	}
	for _, p := range proofs {
		proof, _ := p.(map[string]any)
		context, has := proof["@context"]
		_, odd := urls(context)
		inline = inline || has && odd || nested(without(proof, "@context"), 0)
	}
	return inline || nested(without(without(object, "proof"), "@context"), 0)
}

func without(m map[string]any, name string) map[string]any {
	out := maps.Clone(m)
	delete(out, name)
	return out
}

// parseDocument reads what credentials and presentations share.
func (m *mechanism) parseDocument(members map[string]any) (*document, error) {
	d := &document{mechanism: m, body: without(members, "proof")}
	d.contexts, d.foreign = urls(members["@context"])
	value, ok := members["proof"]
	if !ok {
		return d, nil // Prove answers for it
	}
	entries, isList := value.([]any)
	if !isList {
		entries = []any{value}
	}
	if len(entries) > limits.Proofs {
		return nil, &reason.Error{Code: reason.TooLarge, Doing: "parse linked-data document: its proofs"}
	}
	ids, derived := map[string]bool{}, 0
	for _, e := range entries {
		object, ok := e.(map[string]any)
		if !ok {
			return nil, malformed("a proof is no object", nil)
		}
		p, err := m.parseProof(object)
		if err != nil {
			return nil, err
		}
		if p.id != "" && ids[p.id] {
			return nil, malformed("two proofs have one id", nil)
		}
		ids[p.id] = true
		d.proofs = append(d.proofs, p)
		if p.derived != nil {
			derived++
		}
	}
	if derived > limits.DerivedProofs {
		return nil, &reason.Error{Code: reason.TooLarge, Doing: "parse linked-data document: its derived proofs"}
	}
	return d, nil
}

// urls reads an @context; other is true if it holds anything but URLs.
func urls(v any) (list []string, other bool) {
	entries, isList := v.([]any)
	if !isList {
		entries = []any{v}
	}
	for _, e := range entries {
		if s, ok := e.(string); ok {
			list = append(list, s)
		} else {
			other = true
		}
	}
	return list, other
}

// nested reports whether an @context stands inside v, below its top.
func nested(v any, depth int) bool {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if name == "@context" && depth > 0 || nested(member, depth+1) {
				return true
			}
		}
	case []any:
		for _, e := range v {
			if nested(e, depth+1) {
				return true
			}
		}
	}
	return false
}

// envelope is a document that is nothing but a wrapper around a secured one.
type envelope struct {
	inside       credential.Enclosed
	presentation bool
}

// Format implements credential.Presentation.
func (e *envelope) Format() credential.Format {
	if e.presentation {
		return credential.FormatLDPVP
	}
	return credential.FormatLDPVC
}

// Prove implements credential.Presentation. An envelope says nothing and proves
// nothing; what it holds does.
func (e *envelope) Prove(ev credential.Evidence) credential.Findings {
	return credential.Findings{Enclosed: []credential.Enclosed{e.inside}, Presenter: ev.Presenter}
}
