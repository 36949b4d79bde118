package ldp

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jcs"
	"github.com/dzong-id/dzong/sdk/internal/jsonld"
	"github.com/dzong-id/dzong/sdk/internal/rdfc"
	"github.com/dzong-id/dzong/sdk/internal/vcdm"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// signer is who must have made every proof of a document, and what for.
type signer struct {
	role    credential.Role
	id      string
	name    string // proofPurpose
	purpose credential.Purpose
}

// proven is what the proofs of a document showed.
type proven struct {
	checks    []credential.Check
	key       credential.Key // of the first proof
	signed    [32]byte       // what the first proof's key signed
	uncovered bool
	unnamed   func(id string) bool // as in [Verdict]
	types     []string             // the document's types, expanded; nil if nothing was made RDF of
	ok        bool                 // every proof verified
}

// prove verifies every proof. If one does not, only that is said: nothing else
// in such a document deserves an answer.
func (d *document) prove(ev credential.Evidence, by signer) (r proven) {
	refuse := func(c credential.Check) proven { return proven{checks: append(r.checks, c)} }
	switch {
	case d.foreign:
		// Data Integrity 1.0 §2.4.1: contexts that nobody reviewed give signed
		// terms any meaning.
		return refuse(credential.Fail(reason.CheckContext, reason.ContextRefused, ""))
	case len(d.proofs) == 0:
		return refuse(credential.Fail(reason.CheckSignature, reason.SignatureMissing, ""))
	}
	c := canonical{document: d, source: ev.Contexts}
	var also []credential.Check // said only if every proof verifies
	for i, p := range d.proofs {
		// What a suite beside ours proves is a credential's statements.
		if p.derived != nil && by.role != credential.RoleIssuer {
			return refuse(credential.Fail(reason.CheckAlgorithm, reason.AlgorithmRefused, ""))
		}
		if p.algorithm == "" || !ev.Algorithms.OrDefault().Has(p.algorithm) {
			return refuse(credential.Fail(reason.CheckAlgorithm, reason.AlgorithmRefused, ""))
		}
		// Data Integrity 1.0 §4.4 step 4: "If expectedProofPurpose was given, and it
		// does not match proof.proofPurpose, an error MUST be raised".
		if p.purpose != by.name {
			return refuse(credential.Fail(reason.CheckSignature, reason.SignatureInvalid, ""))
		}
		keys, failed := d.keys(ev, p, by, &r)
		if failed != nil {
			return refuse(*failed)
		}
		r.checks = append(r.checks, credential.Pass(reason.CheckAlgorithm, string(p.algorithm)))
		key, signed, more, check := c.verify(p, keys, ev)
		if check != nil {
			return refuse(*check)
		}
		signer := key.ID()
		if by.role == credential.RoleHolder {
			signer = "" // whom no check names
		}
		r.checks = append(r.checks, credential.Pass(reason.CheckSignature, signer))
		also = append(also, more...)
		if i == 0 {
			r.key, r.signed = key, sha256.Sum256(signed)
		}
	}
	r.checks = append(r.checks, also...)
	r.ok, r.uncovered, r.unnamed, r.types = true, c.uncovered, c.unnamed, c.types
	return r
}

// keys finds the keys that may have made p: of the one verification method it
// names, and for its purpose.
func (d *document) keys(ev credential.Evidence, p *proof, by signer, r *proven) ([]credential.Key, *credential.Check) {
	fail := func(name reason.Check, code reason.Code) ([]credential.Key, *credential.Check) {
		c := credential.Fail(name, code, "")
		return nil, &c
	}
	if ev.Keys == nil {
		return fail(reason.CheckIssuer, reason.IssuerUnknown)
	}
	found, checks := ev.Keys.Find(credential.Signer{Role: by.role, ID: by.id, KeyID: p.method, Algorithm: p.algorithm})
	for i, c := range checks {
		if c.Verdict != reason.Passed {
			r.checks = append(r.checks, checks[:i]...)
			r.checks = append(r.checks, checks[i+1:]...)
			return nil, &checks[i]
		}
	}
	r.checks = append(r.checks, checks...)
	if len(found) == 0 {
		return fail(reason.CheckKey, reason.KeyUnknown)
	}
	suitable := slices.DeleteFunc(slices.Clone(found), func(k credential.Key) bool {
		return !k.Permits(by.purpose) || !k.Algorithms().Has(p.algorithm)
	})
	if len(suitable) == 0 {
		return fail(reason.CheckAlgorithm, reason.AlgorithmRefused)
	}
	return suitable, nil
}

// verify finds the one of keys that made p, and what it signed, if that is one
// text. more are checks that the proof's suite made beside that of the signature.
func (c *canonical) verify(p *proof, keys []credential.Key, ev credential.Evidence) (key credential.Key, signed []byte, more []credential.Check, check *credential.Check) {
	if p.derived != nil {
		return c.verifyDerived(p, keys, ev)
	}
	if signed, check = c.signed(p); check != nil {
		return key, nil, nil, check
	}
	for _, k := range keys {
		if k.Verify(p.algorithm, signed, p.signature) == nil {
			return k, signed, nil, nil
		}
	}
	return key, nil, nil, invalid()
}

func (c *canonical) verifyDerived(p *proof, keys []credential.Key, ev credential.Evidence) (key credential.Key, signed []byte, more []credential.Check, check *credential.Check) {
	// A proof that came before would be among the statements, and no specification
	// says how its own value survives that a holder leaves some of them out.
	if len(p.previous) > 0 || p.odd {
		return key, nil, nil, invalid()
	}
	statements, check := c.statements(c.body, true, false)
	if check != nil {
		return key, nil, nil, check
	}
	s := &Secured{Evidence: ev, statements: statements, proof: p, contexts: c.contexts}
	for _, k := range keys {
		if v := p.derived.Verify(s, k); v.Verified {
			c.uncovered = c.uncovered || v.Uncovered
			if v.Unnamed != nil {
				c.unnamed = v.Unnamed
			}
			return k, nil, v.Checks, nil
		}
	}
	return key, nil, nil, invalid()
}

// canonical makes what proofs of one document sign. Proofs of one kind share the
// canonical document.
type canonical struct {
	*document
	source    credential.Contexts
	quads     []rdfc.Quad // of the document without any proof; nil until needed
	quads384  []rdfc.Quad // the same, labelled with SHA-384
	uncovered bool        // something in the document is not signed
	unnamed   func(id string) bool
	types     []string // what the contexts make of the document's own types
}

// signed is the data that p's key signs: the hash of the proof's options and the
// hash of the document, one behind the other (Data Integrity EdDSA Cryptosuites
// §3.2.4); with a JWS, behind its header and a full stop (RFC 7797 §3).
func (c *canonical) signed(p *proof) ([]byte, *credential.Check) {
	body, ok := c.body0(p)
	if !ok {
		return nil, invalid()
	}
	var options, document []byte
	var check *credential.Check
	if p.suite.jcs {
		options, document, check = c.byJCS(p, body)
	} else {
		quads, ok := p.options(c.contexts)
		if !ok {
			return nil, invalid()
		}
		options = text(quads)
		quads, check = c.statements(body, len(p.previous) == 0, p.sha384())
		document = text(quads)
	}
	if check != nil {
		return nil, check
	}
	var out []byte
	if p.header != "" {
		out = append([]byte(p.header), '.')
	}
	// ECDSA Cryptosuites §3.2.4: SHA-384 "if the curve is P-384".
	if p.sha384() {
		a, b := sha512.Sum384(options), sha512.Sum384(document)
		return append(append(out, a[:]...), b[:]...), nil
	}
	a, b := sha256.Sum256(options), sha256.Sum256(document)
	return append(append(out, a[:]...), b[:]...), nil
}

// sha384 reports whether SHA-384 takes the place of SHA-256, in canonicalisation
// too (ECDSA Cryptosuites §3.2.3: "a hash algorithm that has an appropriate
// security level for the curve used").
func (p *proof) sha384() bool { return p.algorithm == credential.ES384 && !p.suite.jws }

func invalid() *credential.Check {
	c := credential.Fail(reason.CheckSignature, reason.SignatureInvalid, "")
	return &c
}

// body0 is the document that p secures: without proofs, but for those that a
// proof chain says came before. Data Integrity 1.0 §4.5 step 4.3: "If a proof with
// id equal to [previousProof] does not exist in allProofs, an error MUST be raised".
func (c *canonical) body0(p *proof) (map[string]any, bool) {
	if len(p.previous) == 0 {
		return c.body, true
	}
	var before []any
	for _, id := range p.previous {
		i := slices.IndexFunc(c.proofs, func(o *proof) bool { return o.id == id })
		if i < 0 {
			return nil, false
		}
		before = append(before, c.proofs[i].members)
	}
	body := without(c.body, "proof")
	body["proof"] = before
	return body, true
}

// text is the canonical form of labelled statements.
func text(quads []rdfc.Quad) []byte { return []byte(strings.Join(rdfc.Lines(quads), "")) }

// statements are what body says in RDF, labelled canonically with SHA-256 or
// SHA-384. They are kept if body is bare of proofs.
func (c *canonical) statements(body map[string]any, bare, sha384 bool) ([]rdfc.Quad, *credential.Check) {
	kept, label := &c.quads, rdfc.Label
	if sha384 {
		kept, label = &c.quads384, rdfc.Label384
	}
	if bare && *kept != nil {
		return *kept, nil
	}
	result, err := c.mechanism.processor.Process(body, c.contexts, c.source)
	if err != nil {
		return nil, refusal(err)
	}
	c.uncovered = c.uncovered || !result.Covered || !plain(body, result)
	c.types = rootTypes(result)
	out, err := label(result.Quads, limits.CanonicalSteps)
	if err != nil {
		return nil, refusal(err)
	}
	if bare {
		*kept = out
	}
	return out, nil
}

// rootTypes is the types of the node that the document is.
func rootTypes(said jsonld.Result) []string {
	var types []string
	for _, q := range said.Quads {
		if q.Subject == said.Root && q.Predicate.Value == rdfType && q.Graph.Kind == rdfc.None {
			types = append(types, q.Object.Value)
		}
	}
	return types
}

// plain reports whether what body says of itself stands in the members that are
// read. A term's full IRI in the place of the term, or another term for it, would say
// the same in RDF and something else to who reads the members: no end of validity.
func plain(body map[string]any, said jsonld.Result) bool {
	for name := range body {
		if strings.ContainsRune(name, ':') {
			return false
		}
	}
	for _, q := range said.Quads {
		name, ofModel := strings.CutPrefix(q.Predicate.Value, vcdm.Vocabulary)
		if !ofModel || q.Subject != said.Root || q.Graph.Kind != rdfc.None {
			continue
		}
		if _, there := body[name]; !there && vcdm.Reads(name) {
			return false
		}
	}
	return true
}

// refusal is the check for a document that cannot be canonicalised.
func refusal(err error) *credential.Check {
	var context *jsonld.ContextError
	check := credential.Fail(reason.CheckFormat, reason.Malformed, "")
	switch {
	case errors.As(err, &context):
		check = credential.Fail(reason.CheckContext, reason.ContextRefused, context.URL)
	case errors.Is(err, rdfc.ErrWork), errors.Is(err, jsonld.ErrLarge):
		check = credential.Fail(reason.CheckFormat, reason.TooLarge, "")
	}
	return &check
}

// byJCS is Data Integrity EdDSA Cryptosuites §3.3: both the options and the
// document are canonicalised as JSON.
func (c *canonical) byJCS(p *proof, body map[string]any) (options, document []byte, check *credential.Check) {
	// §3.3.2 step 3: "If proofOptions.@context exists: Check that the
	// securedDocument.@context starts with all values contained in the
	// proofOptions.@context in the same order. Otherwise, set verified to false".
	if v, ok := p.members["@context"]; ok {
		list, other := urls(v)
		if other || len(list) > len(c.contexts) || !slices.Equal(list, c.contexts[:len(list)]) {
			return nil, nil, invalid()
		}
		// "Set unsecuredDocument.@context equal to proofOptions.@context."
		body = without(body, "@context")
		body["@context"] = v
		c.uncovered = c.uncovered || len(list) < len(c.contexts)
	}
	c.uncovered = c.uncovered || !exact(body)
	var err error
	if document, err = jcs.Transform(body); err != nil {
		return nil, nil, refusal(err)
	}
	if options, err = jcs.Transform(without(p.members, "proofValue")); err != nil {
		return nil, nil, refusal(err)
	}
	return bytes.Clone(options), bytes.Clone(document), nil
}

// exact reports whether every number in v is signed as it stands.
func exact(v any) bool {
	switch v := v.(type) {
	case json.Number:
		return jcs.Exact(v)
	case map[string]any:
		for _, member := range v {
			if !exact(member) {
				return false
			}
		}
	case []any:
		return !slices.ContainsFunc(v, func(e any) bool { return !exact(e) })
	}
	return true
}
