package ldp

import (
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
)

// BenchmarkPresentation measures a presentation with one credential, both secured
// by eddsa-rdfc-2022 under the real contexts, parsed and proven, beside the two
// Ed25519 verifications it contains. "whole-ns" and "bare-ns" come from one run
// in turns, so that another load on the machine meets both alike.
func BenchmarkPresentation(b *testing.B) {
	issuer, holder := both(b)
	at := credential.Contexts(contexts())
	body := vc()
	if dir := vectorsOrNone(); dir != "" {
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
