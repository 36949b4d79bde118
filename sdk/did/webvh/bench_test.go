package webvh_test

import (
	"crypto/ed25519"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/did/webvh"
)

// A log of fifty versions, as a ratio to the fifty Ed25519 verifications in it.
func BenchmarkVerify(b *testing.B) {
	const versions = 50
	l := fresh()
	for range versions - 1 {
		l.Update("0")
	}
	at, log := begin.AddDate(1, 0, 0), l.Log()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		b.Fatal(err)
	}
	message := make([]byte, 64)
	signature := ed25519.Sign(private, message)
	b.SetBytes(int64(len(log)))
	var inWhole, inBare time.Duration
	for b.Loop() {
		start := time.Now()
		if _, err := webvh.Verify(l.ID(), log, nil, at); err != nil {
			b.Fatal(err)
		}
		middle := time.Now()
		for range versions {
			if !ed25519.Verify(public, message, signature) {
				b.Fatal("the bare signature does not verify")
			}
		}
		inWhole += middle.Sub(start)
		inBare += time.Since(middle)
	}
	b.ReportMetric(float64(inWhole)/float64(inBare), "ratio")
}
