package jwtvc

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/asn1"
	"math/big"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
)

// bare is one signature operation with nothing around it.
func bare(b *testing.B, token string, key credential.Key) func() bool {
	b.Helper()
	parsed, err := jws.Parse(token)
	if err != nil {
		b.Fatal(err)
	}
	if public, ok := key.Public().(ed25519.PublicKey); ok {
		return func() bool { return ed25519.Verify(public, parsed.SigningInput, parsed.Signature) }
	}
	half := len(parsed.Signature) / 2
	r, s := new(big.Int).SetBytes(parsed.Signature[:half]), new(big.Int).SetBytes(parsed.Signature[half:])
	der, err := asn1.Marshal(struct{ R, S *big.Int }{r, s})
	if err != nil {
		b.Fatal(err)
	}
	public := key.Public().(*ecdsa.PublicKey)
	return func() bool {
		sum := sha256.Sum256(parsed.SigningInput)
		return ecdsa.VerifyASN1(public, sum[:], der)
	}
}

// measure runs whole and the signature operations it contains in turns, so that
// another load on the machine meets both alike. "ratio" is the quotient; the target
// is 1.3.
func measure(b *testing.B, whole func(), operations ...func() bool) {
	var inWhole, inBare time.Duration
	b.ReportAllocs()
	for b.Loop() {
		start := time.Now()
		whole()
		middle := time.Now()
		for _, verifies := range operations {
			if !verifies() {
				b.Fatal("a bare signature does not verify")
			}
		}
		inWhole += middle.Sub(start)
		inBare += time.Since(middle)
	}
	b.ReportMetric(float64(inWhole)/float64(inBare), "ratio")
}

// BenchmarkVCJWT measures credentials, parsed and proven, against the ES256
// verification in each.
func BenchmarkVCJWT(b *testing.B) {
	for name, of := range map[string]func(testing.TB) *built{"1.1": v1, "2.0": v2} {
		b.Run(name, func(b *testing.B) {
			token, ev := of(b).sign(b), bearer(b)
			data := []byte(token)
			measure(b, func() {
				p, err := Mechanism().Parse(data)
				if err != nil {
					b.Fatal(err)
				}
				if got := codes(p.Prove(ev).Credentials[0].Checks); got != "" {
					b.Fatal(got)
				}
			}, bare(b, token, keys(b)[0]))
		})
	}
}

// BenchmarkVPJWT measures a presentation with one credential against the two
// verifications it contains, the holder's by Ed25519 or by ES256.
func BenchmarkVPJWT(b *testing.B) {
	for _, a := range []credential.Algorithm{credential.EdDSA, credential.ES256} {
		b.Run(string(a), func(b *testing.B) {
			inner := v2(b).sign(b)
			outer := vp2(b, envelope(inner))
			outer.by = key(b, a, "holder")
			token, ev := outer.sign(b), evidence(b)
			public := outer.by.Public(holderKey).WithController(holderDID).WithPurposes(credential.Authentication)
			ev.Keys = ring{keys(b)[0], public}
			measure(b, func() {
				checks, found := open(b, token, ev)
				if codes(checks) != "" || len(found) != 1 || codes(found[0].Checks) != "" {
					b.Fatal(codes(checks))
				}
			}, bare(b, inner, keys(b)[0]), bare(b, token, public))
		})
	}
}
