package cwt

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/asn1"
	"math/big"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/internal/cose"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/reason"
)

// BenchmarkCWT measures an identity with a portrait of 2 kB, parsed and proven,
// against the one ES256 verification it contains. "ratio" is the quotient. The two
// are run in turns, so that another load on the machine meets both alike.
func BenchmarkCWT(b *testing.B) {
	build := good(b)
	build.claims[169].(map[any]any)[16] = make([]byte, 2000)
	token := build.sign(b)
	ev := evidence(b)
	m := Mechanism()
	message, err := cose.ParseSign1(token)
	if err != nil {
		b.Fatal(err)
	}
	protected, err := strictcbor.Marshal(map[any]any{1: -7, 4: kid})
	if err != nil {
		b.Fatal(err)
	}
	input, err := strictcbor.Marshal([]any{"Signature1", protected, []byte{}, message.Payload})
	if err != nil {
		b.Fatal(err)
	}
	public := signer(b, "issuer").Public("").Public().(*ecdsa.PublicKey)
	der, err := asn1.Marshal(struct{ R, S *big.Int }{
		new(big.Int).SetBytes(message.Signature[:32]), new(big.Int).SetBytes(message.Signature[32:]),
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	var inWhole, inBare time.Duration
	for b.Loop() {
		start := time.Now()
		p, err := m.Parse(token)
		if err != nil {
			b.Fatal(err)
		}
		for _, c := range p.Prove(ev).Credentials[0].Checks {
			if c.Verdict != reason.Passed {
				b.Fatalf("%s: %s", c.Name, c.Code)
			}
		}
		middle := time.Now()
		sum := sha256.Sum256(input)
		if !ecdsa.VerifyASN1(public, sum[:], der) {
			b.Fatal("the bare signature does not verify")
		}
		inWhole += middle.Sub(start)
		inBare += time.Since(middle)
	}
	b.ReportMetric(float64(inWhole)/float64(inBare), "ratio")
}
