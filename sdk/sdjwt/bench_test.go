package sdjwt

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/asn1"
	"math/big"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/reason"
)

// bare is one signature operation with nothing around it.
type bare struct {
	public *ecdsa.PublicKey
	input  []byte
	der    []byte
}

func newBare(b *testing.B, token *jws.Token, key credential.Key) bare {
	b.Helper()
	r, s := new(big.Int).SetBytes(token.Signature[:32]), new(big.Int).SetBytes(token.Signature[32:])
	der, err := asn1.Marshal(struct{ R, S *big.Int }{r, s})
	if err != nil {
		b.Fatal(err)
	}
	return bare{public: key.Public().(*ecdsa.PublicKey), input: token.SigningInput, der: der}
}

func (v bare) verify() bool {
	sum := sha256.Sum256(v.input)
	return ecdsa.VerifyASN1(v.public, sum[:], v.der)
}

// BenchmarkSDJWTKB measures an SD-JWT VC with a KB-JWT and five disclosures,
// parsed and proven, against the two ES256 verifications it contains. "ratio" is
// the quotient; the target is 1.3. The two are run in turns, so that another
// load on the machine meets both alike.
func BenchmarkSDJWTKB(b *testing.B) {
	token := good(b).sign(b)
	ev := evidence(b)
	m := Mechanism()
	parsed, err := parse(token)
	if err != nil {
		b.Fatal(err)
	}
	signatures := []bare{
		newBare(b, parsed.issuerJWT, signer(b, credential.ES256, "issuer").Public("")),
		newBare(b, parsed.keyBinding.token, *parsed.claims.holder.Key),
	}
	whole := func() {
		p, err := m.Parse(token)
		if err != nil {
			b.Fatal(err)
		}
		for _, c := range p.Prove(ev).Credentials[0].Checks {
			if c.Verdict != reason.Passed {
				b.Fatalf("%s: %s", c.Name, c.Code)
			}
		}
	}
	bareOnly := func() {
		for _, s := range signatures {
			if !s.verify() {
				b.Fatal("a bare signature does not verify")
			}
		}
	}
	b.Run("whole", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			whole()
		}
	})
	b.Run("bare", func(b *testing.B) {
		for b.Loop() {
			bareOnly()
		}
	})
	b.Run("ratio", func(b *testing.B) {
		var inWhole, inBare time.Duration
		for b.Loop() {
			start := time.Now()
			whole()
			middle := time.Now()
			bareOnly()
			inWhole += middle.Sub(start)
			inBare += time.Since(middle)
		}
		b.ReportMetric(float64(inWhole)/float64(inBare), "ratio")
	})
}

func BenchmarkParse(b *testing.B) {
	token := good(b).sign(b)
	b.ReportAllocs()
	b.SetBytes(int64(len(token)))
	for b.Loop() {
		if _, err := parse(token); err != nil {
			b.Fatal(err)
		}
	}
}
