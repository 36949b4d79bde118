package ldp

import (
	"slices"
	"strings"

	"github.com/dzong-id/dzong/sdk/internal/rdfc"
	"github.com/dzong-id/dzong/sdk/internal/vcdm"
	"github.com/dzong-id/dzong/sdk/limits"
)

const (
	security = "https://w3id.org/security#"
	dateTime = "http://www.w3.org/2001/XMLSchema#dateTime"
)

const rdfType = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

// options are the statements of an RDF suite's proof options, labelled canonically (Data Integrity
// EdDSA Cryptosuites 1.0 §3.2.5, Proof Configuration, and its older kin): all of
// the proof but its value. The terms are a closed set whose IRIs every context
// that defines them agrees on, so no context is asked, and none can give
// "challenge" another meaning. false if they cannot be written.
func (p *proof) options(contexts []string) ([]rdfc.Quad, bool) {
	if p.odd {
		return nil, false
	}
	subject := rdfc.Term{Kind: rdfc.Blank, Value: "proof"}
	if p.id != "" {
		subject = rdfc.Term{Kind: rdfc.IRI, Value: p.id}
	}
	var quads []rdfc.Quad
	writable := p.id == "" || isIRI(p.id)
	say := func(predicate string, object rdfc.Term) {
		if object.Kind == rdfc.IRI && !isIRI(object.Value) {
			writable = false
		}
		quads = append(quads, rdfc.Quad{Subject: subject, Predicate: rdfc.Term{Kind: rdfc.IRI, Value: predicate}, Object: object})
	}
	iri := func(s string) rdfc.Term { return rdfc.Term{Kind: rdfc.IRI, Value: s} }
	text := func(s, datatype string) rdfc.Term {
		return rdfc.Term{Kind: rdfc.Literal, Value: s, Datatype: datatype}
	}
	member := func(name string) (string, bool) { s, ok := p.members[name].(string); return s, ok }

	kind, _ := member("type")
	say(rdfType, iri(security+kind))
	if s, ok := member("cryptosuite"); ok {
		say(security+"cryptosuite", text(s, cryptosuiteDatatype(contexts)))
	}
	if s, ok := member("created"); ok {
		say("http://purl.org/dc/terms/created", text(s, dateTime))
	}
	if s, ok := member("expires"); ok {
		say(security+"expiration", text(s, dateTime))
	}
	purpose := p.purpose
	if purpose == "authentication" {
		purpose = "authenticationMethod"
	}
	say(security+"proofPurpose", iri(security+purpose))
	say(security+"verificationMethod", iri(p.method))
	if p.challenge != "" {
		say(security+"challenge", text(p.challenge, ""))
	}
	for _, d := range p.domain {
		say(security+"domain", text(d, ""))
	}
	if v, ok := p.members["nonce"]; ok {
		s, isText := v.(string)
		writable = writable && isText
		say(security+"nonce", text(s, ""))
	}
	for _, id := range p.previous {
		say(security+"previousProof", iri(id))
	}
	if !writable {
		return nil, false
	}
	quads, err := rdfc.Label(quads, limits.CanonicalSteps)
	return quads, err == nil
}

// cryptosuiteDatatype: the contexts of VCDM 2.0 and of Data Integrity v2 give
// cryptosuite a datatype, that of Data Integrity v1 does not.
func cryptosuiteDatatype(contexts []string) string {
	if slices.Contains(contexts, vcdm.BaseV2) || slices.Contains(contexts, "https://w3id.org/security/data-integrity/v2") {
		return security + "cryptosuiteString"
	}
	return ""
}

// isIRI reports whether s has a scheme and can be written into N-Quads.
func isIRI(s string) bool {
	scheme, rest, ok := strings.Cut(s, ":")
	return ok && scheme != "" && rest != "" && scheme != "_" &&
		!strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || strings.ContainsRune("<>\"{}|\\^`\u007f", r) })
}
