package bbs2023_test

import (
	"path/filepath"
	"testing"
	"time"

	bls12381 "github.com/consensys/gnark-crypto/ecc/bls12-381"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/vectors"
	"github.com/dzong-id/dzong/sdk/ldp"
	"github.com/dzong-id/dzong/sdk/ldp/bbs2023"
	"github.com/dzong-id/dzong/sdk/verifytest/bbstest"
)

// BenchmarkDerived measures a derived credential, parsed and proven, beside the
// product of two pairings it contains: W3C's permanent resident card with the real
// contexts where the vectors are at hand, else a small one. "whole-ns" and
// "pairings-ns" come from one run in turns, so that another load on the machine meets
// both alike.
func BenchmarkDerived(b *testing.B) {
	issuer := bbstest.NewIssuer("bench", bbstest.CardContexts())
	var at credential.Contexts = bbstest.CardContexts()
	held := issuer.Issue2023(card(issuer), "/issuer", "/validFrom")
	data := marshal(b, held.Show(nil, []string{"/type", "/credentialSubject/full name"}))
	if root := vectors.Root(); root != "" {
		at = vectors.AllContexts(b)
		data = marshal(b, load(b, filepath.Join(root, "data-integrity", "vc-di-bbs", "TestVectors", "prc"), "derivedRevealDocument.json"))
	}
	m := ldp.Mechanism(ldp.With(bbs2023.Suite()))
	ev := credential.Evidence{Keys: byDIDKey, Contexts: at, Binding: credential.BearerUnsafe(), At: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)}
	whole := func() {
		p, err := m.Parse(data)
		if err != nil {
			b.Fatal(err)
		}
		if got := codes(p.Prove(ev).Credentials[0].Checks); got != "" {
			b.Fatal(got)
		}
	}
	_, _, g1, g2 := bls12381.Generators()
	var minus bls12381.G2Affine
	minus.Neg(&g2)
	pairings := func() {
		if same, err := bls12381.PairingCheck([]bls12381.G1Affine{g1, g1}, []bls12381.G2Affine{g2, minus}); !same || err != nil {
			b.Fatal(same, err)
		}
	}
	b.ReportAllocs()
	whole()
	var inWhole, inPairings time.Duration
	for b.Loop() {
		start := time.Now()
		whole()
		middle := time.Now()
		pairings()
		inWhole += middle.Sub(start)
		inPairings += time.Since(middle)
	}
	b.ReportMetric(float64(inWhole)/float64(b.N), "whole-ns")
	b.ReportMetric(float64(inPairings)/float64(b.N), "pairings-ns")
	b.ReportMetric(float64(inWhole)/float64(inPairings), "ratio")
}
