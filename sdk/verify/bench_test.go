package verify_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/reason"
)

// BenchmarkEvaluate is a whole decision on an SD-JWT+KB: parsing, two ES256
// signatures, trust, status and policy.
func BenchmarkEvaluate(b *testing.B) {
	d := newDesk(b)
	snapshot, in := d.Snapshot(), d.input(d.present())
	b.ReportAllocs()
	for b.Loop() {
		if e := d.verifier.Evaluate(snapshot, in); e.Outcome() != reason.Accepted {
			b.Fatal(e.Reasons())
		}
	}
}

// BenchmarkEvaluateRatio is a whole decision in multiples of the two signature
// verifications inside it. Both are measured in turns, because machines differ
// and one machine differs from minute to minute.
func BenchmarkEvaluateRatio(b *testing.B) {
	d := newDesk(b)
	snapshot, in := d.Snapshot(), d.input(d.present())
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	digest := sha256.Sum256([]byte("bare"))
	sig, err := ecdsa.SignASN1(rand.Reader, key, digest[:])
	if err != nil {
		b.Fatal(err)
	}
	var whole, bare time.Duration
	for b.Loop() {
		start := time.Now()
		if e := d.verifier.Evaluate(snapshot, in); e.Outcome() != reason.Accepted {
			b.Fatal(e.Reasons())
		}
		middle := time.Now()
		for range 2 {
			if !ecdsa.VerifyASN1(&key.PublicKey, digest[:], sig) {
				b.Fatal("the bare signature does not verify")
			}
		}
		whole += middle.Sub(start)
		bare += time.Since(middle)
	}
	b.ReportMetric(float64(whole)/float64(bare), "x-bare-signatures")
}
