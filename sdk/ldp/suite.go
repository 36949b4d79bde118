package ldp

import (
	"maps"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/rdfc"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Suite is a way of securing credentials that this package does not have by
// itself, because it links what not every verifier wants; [With] adds it. Its
// proofs have a proofValue, and secure the RDF statements of a document: all of
// them, or those that the holder chose to show. Implementations are stateless,
// safe for concurrent use, and part of this module.
//
// This package does for every suite what does not depend on it: it finds the key
// that the proof names, for the issuer and under assertionMethod, looks at
// purpose, dates and contexts, makes the statements in safe mode, and says what
// they do not cover. Presentations are not secured by a Suite.
type Suite interface {
	// Makes reports whether proofs of this type and cryptosuite are the suite's;
	// cryptosuite is empty in a proof that names none.
	Makes(kind, cryptosuite string) bool
	// Parse reads a proofValue, of a proof that the suite makes, within limits. A
	// non-nil error is a *reason.Error with one of malformed, too_large,
	// format_unsupported.
	Parse(kind, cryptosuite, proofValue string) (Proof, error)
}

// Proof is what a [Suite] read of one proofValue: untrusted.
type Proof interface {
	// Algorithm is the one that the key must be for.
	Algorithm() credential.Algorithm
	// Verify says what the proof shows if key is the issuer's. It does no I/O,
	// reads no clock and never panics.
	Verify(s *Secured, key credential.Key) Verdict
}

// Verdict is what a [Proof] shows. The zero value is that of a proof that does
// not verify.
type Verdict struct {
	Verified bool // the key signed every statement; nothing below counts otherwise
	// Uncovered is true if the statements say something that the key did not sign
	// in the way they say it.
	Uncovered bool
	// Unnamed reports whether an identifier in the document stands for a node that
	// the key signed without one; nil if none can. Such an id is no claim, and
	// names no subject.
	Unnamed func(id string) bool
	// Checks are made beside that of the signature: whether the proof answers a
	// nonce, for one.
	Checks []credential.Check
}

// With adds a suite, such as the one of package bbs2023. Where two make the same
// proofs, the first that was added reads them; none can take the place of this
// package's own.
func With(s Suite) Option { return func(m *mechanism) { m.suites = append(m.suites, s) } }

// Secured is what one proof secures. Nothing in it may be changed.
type Secured struct {
	Evidence   credential.Evidence
	statements []rdfc.Quad
	proof      *proof
	contexts   []string
}

// Statements are those of the document without its proofs, each once, in no
// particular order, blank nodes under their canonical labels c14n0, c14n1 ….
func (s *Secured) Statements() []rdfc.Quad { return s.statements }

// Answers holds the nonce that a derived proof was made for against the binding,
// and gives the failed check if there is one. A derived proof shows that whoever
// made it has the issuer's signature, which is bound to no key and can be handed
// on, and it names no audience: it never takes the place of a holder's proof, with
// any nonce. So what is presented bare where a binding is wanted is refused for want
// of one, and here for its nonce as well if it answers another challenge; inside a
// presentation whose proof answered the challenge, the nonce is the wallet's own
// affair; and where nothing is wanted, nothing is compared, since a nonce that the
// verifier did not choose proves nothing.
func (s *Secured) Answers(nonce []byte) []credential.Check {
	wanted := s.Evidence.Binding
	if s.Evidence.Presenter != nil || wanted.Kind() != credential.BindingBound || string(nonce) == wanted.Nonce() {
		return nil
	}
	return []credential.Check{credential.Fail(reason.CheckFreshness, reason.NonceMismatch, "")}
}

// Member is a member of the proof as it stands, nil if there is none.
func (s *Secured) Member(name string) any { return s.proof.members[name] }

// Options is the canonical form of the proof's options, N-Quads in order: all of
// the proof but its value, of type kind (of its own if that is empty), and without
// the members named. false if they cannot be written.
func (s *Secured) Options(kind string, without ...string) ([]string, bool) {
	p := *s.proof
	p.members = maps.Clone(p.members)
	if kind != "" {
		p.members["type"] = kind
	}
	for _, name := range without {
		delete(p.members, name)
	}
	quads, ok := p.options(s.contexts)
	return rdfc.Lines(quads), ok
}
