package bbstest

import (
	"encoding/base64"
	"maps"
	"slices"
	"strings"

	"github.com/dzong-id/dzong/sdk/internal/bbsplus"
	"github.com/dzong-id/dzong/sdk/internal/selective/derive"
)

// Held2020 is a credential with a BbsBlsSignature2020.
type Held2020 struct {
	issuer    *Issuer
	document  derive.Document
	signature []byte
	options   []string
	lines     []string
}

const (
	created2020 = "2026-01-01T00:00:00Z"
	optionLines = 4
)

// Issue2020 signs a credential.
func (i *Issuer) Issue2020(credential map[string]any) *Held2020 {
	h := &Held2020{issuer: i, document: i.document(credential)}
	g, err := h.document.Group(asTheyAre, nil)
	must(err)
	h.lines = g.Lines
	// Of a proof with these members, in order.
	h.options = []string{
		`_:c14n0 <http://purl.org/dc/terms/created> "` + created2020 + `"^^<http://www.w3.org/2001/XMLSchema#dateTime> .`,
		`_:c14n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/security#BbsBlsSignature2020> .`,
		`_:c14n0 <https://w3id.org/security#proofPurpose> <https://w3id.org/security#assertionMethod> .`,
		`_:c14n0 <https://w3id.org/security#verificationMethod> <` + Method(i.DID2020()) + `> .`,
	}
	h.signature, err = i.old.Sign(h.messages())
	must(err)
	return h
}

// asTheyAre leaves nodes their canonical labels.
func asTheyAre(canonical []string) map[string]string {
	out := make(map[string]string, len(canonical))
	for _, c := range canonical {
		out[c] = c
	}
	return out
}

// messages are the statements without their line feeds, those of the options first.
func (h *Held2020) messages() [][]byte {
	out := texts(slices.Concat(h.options, h.lines))
	for i := range out {
		out[i] = []byte(strings.TrimSuffix(string(out[i]), "\n"))
	}
	return out
}

// Signed is the credential as it was issued.
func (h *Held2020) Signed() map[string]any {
	return h.secured(h.document.Body, map[string]any{"type": "BbsBlsSignature2020"}, h.signature)
}

func (h *Held2020) secured(body, proof map[string]any, value []byte) map[string]any {
	proof["created"], proof["proofPurpose"] = created2020, "assertionMethod"
	proof["verificationMethod"] = Method(h.issuer.DID2020())
	proof["proofValue"] = base64.StdEncoding.EncodeToString(value)
	out := maps.Clone(body)
	out["proof"] = proof
	return out
}

// Show derives a credential that shows what pointers select, for a nonce. Statements of
// the options at the positions in hide are not disclosed, though the proof has them.
func (h *Held2020) Show(nonce []byte, pointers []string, hide ...int) map[string]any {
	g, err := h.document.Group(asTheyAre, map[string][]string{"shown": pointers})
	must(err)
	var revealed []int
	for n := range optionLines {
		if !slices.Contains(hide, n) {
			revealed = append(revealed, n)
		}
	}
	for _, at := range g.Selected["shown"] {
		revealed = append(revealed, optionLines+at)
	}
	value, err := bbsplus.Derive(h.issuer.old.Public(), h.signature, nonce, h.messages(), revealed)
	must(err)
	named, err := h.document.Named()
	must(err)
	body, err := derive.Select(named, pointers)
	must(err)
	return h.secured(body, map[string]any{"type": "BbsBlsSignatureProof2020", "nonce": base64.StdEncoding.EncodeToString(nonce)}, value)
}
