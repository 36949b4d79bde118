package bbs2020

import (
	"encoding/base64"
	"errors"
	"slices"
	"strings"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/bbsplus"
	"github.com/dzong-id/dzong/sdk/internal/rdfc"
	"github.com/dzong-id/dzong/sdk/ldp"
	"github.com/dzong-id/dzong/sdk/reason"
)

const (
	kindSignature = "BbsBlsSignature2020"
	kindProof     = "BbsBlsSignatureProof2020"
)

// Suite reads and verifies proofs of both kinds.
func Suite() ldp.Suite { return suite{} }

type suite struct{}

// Makes implements ldp.Suite.
func (suite) Makes(kind, cryptosuite string) bool {
	return cryptosuite == "" && (kind == kindSignature || kind == kindProof)
}

// Parse implements ldp.Suite.
func (suite) Parse(kind, _, proofValue string) (ldp.Proof, error) {
	octets, err := decode(proofValue)
	if err != nil {
		return nil, &reason.Error{Code: reason.Malformed, Doing: "parse " + kind + ": proofValue is no base64"}
	}
	if kind == kindSignature {
		s, err := bbsplus.ParseSignature(octets)
		if err != nil {
			return nil, refusal(kind, err)
		}
		return (*signature)(s), nil
	}
	p, err := bbsplus.ParseProof(octets)
	if err != nil {
		return nil, refusal(kind, err)
	}
	return &proof{p}, nil
}

func refusal(kind string, err error) error {
	code := reason.Malformed
	if errors.Is(err, bbsplus.ErrMessages) {
		code = reason.TooLarge
	}
	return &reason.Error{Code: code, Doing: "parse " + kind, Err: err}
}

// decode reads the one padded form of standard base64, or that of base64url without
// padding, which aries-framework-go writes. Where both are the same text, they are
// the same bytes.
func decode(text string) ([]byte, error) {
	if out, err := base64url.Decode(text); err == nil {
		return out, nil
	}
	if strings.ContainsAny(text, "\r\n") {
		return nil, base64url.ErrNotCanonical
	}
	return base64.StdEncoding.Strict().DecodeString(text)
}

// signature is a proof of kind BbsBlsSignature2020: over every statement.
type signature bbsplus.Signature

// Algorithm implements ldp.Proof.
func (*signature) Algorithm() credential.Algorithm { return credential.BBS }

// Verify implements ldp.Proof.
func (s *signature) Verify(secured *ldp.Secured, key credential.Key) ldp.Verdict {
	point, ok := key.Public().(credential.BLS12381G2)
	if !ok {
		return ldp.Verdict{}
	}
	options, ok := secured.Options("")
	if !ok {
		return ldp.Verdict{}
	}
	signed := messages(options, rdfc.Lines(secured.Statements()))
	return ldp.Verdict{Verified: (*bbsplus.Signature)(s).Verify(point[:], signed) == nil}
}

// proof is a proof of kind BbsBlsSignatureProof2020: that somebody has a signature
// over the statements shown, and others.
type proof struct{ *bbsplus.Proof }

// Algorithm implements ldp.Proof.
func (*proof) Algorithm() credential.Algorithm { return credential.BBS }

// Verify implements ldp.Proof.
func (p *proof) Verify(secured *ldp.Secured, key credential.Key) ldp.Verdict {
	point, isKey := key.Public().(credential.BLS12381G2)
	text, _ := secured.Member("nonce").(string)
	nonce, err := decode(text)
	if !isKey || err != nil || len(nonce) == 0 {
		return ldp.Verdict{}
	}
	// What was signed is the options of the signature that the proof is derived from.
	options, written := secured.Options(kindSignature, "nonce")
	statements, ok := labelled(secured.Statements())
	if !written || !ok || !leads(p.Revealed(), len(options)) {
		return ldp.Verdict{}
	}
	if p.Proof.Verify(point[:], nonce, messages(options, rdfc.Lines(statements))) != nil {
		return ldp.Verdict{}
	}
	return ldp.Verdict{Verified: true, Unnamed: standsForLabel, Checks: secured.Answers(nonce)}
}

// leads reports whether the first n messages are all disclosed. The options come
// first, and the last of their statements names the verification method, which no
// proof lacks: so none is hidden among or behind them.
func leads(revealed []int, n int) bool {
	return n > 0 && len(revealed) >= n && revealed[n-1] == n-1
}

// messages are lines without their line feeds.
func messages(lines ...[]string) (out [][]byte) {
	for _, l := range slices.Concat(lines...) {
		out = append(out, []byte(strings.TrimSuffix(l, "\n")))
	}
	return out
}

const (
	standIn = "urn:bnid:_:"
	label   = "c14n"
)

// standsForLabel reports whether an identifier is one that a holder gave to a node
// without any: urn:bnid: and its canonical label.
func standsForLabel(id string) bool {
	digits, ok := strings.CutPrefix(id, standIn+label)
	return ok && digits != "" && strings.Trim(digits, "0123456789") == ""
}

// labelled gives statements with labels in the place of identifiers that stand for
// one. ok is false if nodes without an identifier stand beside such: their labels are
// of the derived document, the others of the signed one.
func labelled(statements []rdfc.Quad) (out []rdfc.Quad, ok bool) {
	named, nameless := false, false
	out = make([]rdfc.Quad, len(statements))
	for i, q := range statements {
		for _, t := range [...]*rdfc.Term{&q.Subject, &q.Object, &q.Graph} {
			switch {
			case t.Kind == rdfc.Blank:
				nameless = true
			case t.Kind == rdfc.IRI && standsForLabel(t.Value):
				named = true
				t.Kind, t.Value = rdfc.Blank, strings.TrimPrefix(t.Value, standIn)
			}
		}
		out[i] = q
	}
	return out, !named || !nameless
}
