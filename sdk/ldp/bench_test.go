package ldp

import (
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/selective/derive"
	material "github.com/dzong-id/dzong/sdk/internal/vectors"
)

// BenchmarkPresentation measures a presentation with one credential, both secured
// by eddsa-rdfc-2022 under the real contexts, parsed and proven, beside the two
// Ed25519 verifications it contains.
func BenchmarkPresentation(b *testing.B) {
	issuer, holder := both(b)
	at := credential.Contexts(contexts())
	body := vc()
	if material.Root() != "" {
		at = vectorContexts(b)
		body["@context"] = []any{baseV2, "https://www.w3.org/ns/credentials/examples/v2"}
		body["type"] = []any{"VerifiableCredential", "AlumniCredential"}
		body["credentialSubject"] = object{"id": holderDID, "alumniOf": "The School of Examples", "givenName": "Pema", "familyName": "Dorji", "degree": object{"type": "BachelorDegree", "name": "Bachelor of Science"}}
	}
	inner := sign(b, body, options("eddsa-rdfc-2022", issuerKey), issuer, at)
	data := marshal(b, sign(b, vp(b, inner), options("eddsa-rdfc-2022", holderKey), holder, at))
	ev := evidence(issuer, holder)
	ev.Contexts, ev.Binding = at, credential.Bound(nonce, kioskID)
	m := Mechanism()
	whole := func() {
		p, err := m.Parse(data)
		if err != nil {
			b.Fatal(err)
		}
		f := p.Prove(ev)
		inside := ev
		inside.Presenter = f.Presenter
		if codes(f.Checks) != "" || len(f.Enclosed) != 1 {
			b.Fatal(codes(f.Checks))
		}
		if p, err = m.Parse(f.Enclosed[0].Data); err != nil {
			b.Fatal(err)
		}
		if got := codes(p.Prove(inside).Credentials[0].Checks); got != "" {
			b.Fatal(got)
		}
	}
	message := make([]byte, 64)
	signatures := [][]byte{issuer.sign(message), holder.sign(message)}
	bare := func() {
		for i, k := range []key{issuer, holder} {
			if k.public.Verify(credential.EdDSA, message, signatures[i]) != nil {
				b.Fatal("a bare signature does not verify")
			}
		}
	}
	inTurns(b, whole, bare)
}

// BenchmarkDerived measures a credential with a derived proof of ecdsa-sd-2023,
// parsed and proven under the real contexts, beside the P-256 verifications it
// contains: one for the statements that are mandatory, and one for each of the
// others.
func BenchmarkDerived(b *testing.B) {
	s := newSelectiveIssuer(b)
	body := object{
		"@context": []any{baseV2, idCard}, "type": []any{"VerifiableCredential", "IDCard"}, "issuer": issuerDID,
		"validFrom": "2026-01-01T00:00:00Z", "credentialSubject": object{"id": holderDID, "Full Name": "Pema", "height": "1.7"},
	}
	if material.Root() != "" {
		s.at = vectorContexts(b)
		body["@context"] = []any{baseV2, "https://w3id.org/citizenship/v4rc1"}
		body["type"] = []any{"VerifiableCredential", "PermanentResidentCardCredential"}
		body["credentialSubject"] = object{"id": holderDID, "type": []any{"PermanentResident", "Person"}, "givenName": "Pema", "familyName": "Example", "gender": "Female",
			"birthDate": "1978-07-17", "birthCountry": "Arcadia", "residentSince": "2015-01-01", "commuterClassification": "C1"}
	}
	held := s.issue(b, body, "/issuer", "/validFrom")
	for _, c := range []struct {
		name     string
		pointers []string
	}{
		{"part", []string{"/credentialSubject/givenName", "/credentialSubject/birthDate"}},
		{"whole", []string{"/credentialSubject"}},
	} {
		b.Run(c.name, func(b *testing.B) {
			if material.Root() == "" {
				c.pointers = []string{"/credentialSubject"}
			}
			shown := s.show(b, held, c.pointers...)
			disclosed, err := derive.ReadDisclosedECDSA(shown["proof"].(object)["proofValue"].(string))
			if err != nil {
				b.Fatal(err)
			}
			data := marshal(b, shown)
			ev := evidence(s.key)
			ev.Contexts = s.at
			m := Mechanism()
			whole := func() {
				p, err := m.Parse(data)
				if err != nil {
					b.Fatal(err)
				}
				if got := codes(p.Prove(ev).Credentials[0].Checks); got != "" {
					b.Fatal(got)
				}
			}
			message := make([]byte, 100)
			first, other := s.key.sign(message), s.ephemeral.sign(message)
			bare := func() {
				ok := s.key.public.Verify(credential.ES256, message, first) == nil
				for range disclosed.Signatures {
					ok = ok && s.ephemeral.public.Verify(credential.ES256, message, other) == nil
				}
				if !ok {
					b.Fatal("a bare signature does not verify")
				}
			}
			inTurns(b, whole, bare)
			b.ReportMetric(float64(len(disclosed.Signatures)+len(disclosed.MandatoryIndexes)), "statements")
			b.ReportMetric(float64(len(disclosed.Signatures)+1), "signatures")
		})
	}
}

// inTurns measures both in one run, so that another load on the machine meets
// both alike.
func inTurns(b *testing.B, whole, bare func()) {
	b.ReportAllocs()
	whole()
	var inWhole, inBare time.Duration
	for b.Loop() {
		start := time.Now()
		whole()
		middle := time.Now()
		bare()
		inWhole += middle.Sub(start)
		inBare += time.Since(middle)
	}
	b.ReportMetric(float64(inWhole)/float64(b.N), "whole-ns")
	b.ReportMetric(float64(inBare)/float64(b.N), "bare-ns")
	b.ReportMetric(float64(inWhole)/float64(inBare), "ratio")
}
