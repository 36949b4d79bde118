package mdoc_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/mdoc"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/trust"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

// BenchmarkDeviceResponse measures a driving licence of eleven elements with a
// portrait of 3 kB, parsed and proven, its signer found through a trust list,
// against the three P-256 verifications it contains: of issuerAuth, of the signer's
// certificate by its authority, and of the device. "ratio" is the quotient; the
// target is 1.6. The two are run in turns, so that another load on the machine
// meets both alike.
func BenchmarkDeviceResponse(b *testing.B) {
	world := verifytest.NewWorld()
	issuer := world.AddMDocIssuer("https://transport.example", "org.iso.18013.5.1.mDL")
	wallet := world.AddWallet()
	held := issuer.IssueMDoc(wallet, map[string]map[string]any{"org.iso.18013.5.1": {
		"family_name": "Example", "given_name": "Pema", "birth_date": time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC),
		"issue_date": time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), "expiry_date": time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC),
		"issuing_country": "BT", "issuing_authority": "Example", "document_number": "123456789",
		"portrait": make([]byte, 3<<10), "un_distinguishing_sign": "BHT",
		"driving_privileges": []any{map[string]any{"vehicle_category_code": "B"}},
	}})
	transcript, err := mdoc.OpenID4VPHandover{ClientID: "x509_san_dns:bank.example", Nonce: "n", ResponseURI: "https://bank.example"}.SessionTranscript()
	if err != nil {
		b.Fatal(err)
	}
	response := wallet.PresentMDoc(held, verifytest.Over(transcript))
	list, err := trust.Parse(world.TrustJSON())
	if err != nil {
		b.Fatal(err)
	}
	ev := credential.Evidence{Keys: list.Keys(nil, world.Now()), Binding: credential.Session(transcript, nil), At: world.Now()}

	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	sum := sha256.Sum256(response)
	signature, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
	if err != nil {
		b.Fatal(err)
	}
	bare := func() {
		for range 3 {
			if !ecdsa.VerifyASN1(&key.PublicKey, sum[:], signature) {
				b.Fatal("a bare signature does not verify")
			}
		}
	}
	whole := func() {
		p, err := mdoc.Mechanism().Parse(response)
		if err != nil {
			b.Fatal(err)
		}
		for _, c := range p.Prove(ev).Credentials[0].Checks {
			if c.Verdict != reason.Passed {
				b.Fatalf("%s: %s", c.Name, c.Code)
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
			bare()
		}
	})
	b.Run("parse", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(response)))
		for b.Loop() {
			if _, err := mdoc.Mechanism().Parse(response); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("ratio", func(b *testing.B) {
		var inWhole, inBare time.Duration
		for b.Loop() {
			start := time.Now()
			whole()
			middle := time.Now()
			bare()
			inWhole += middle.Sub(start)
			inBare += time.Since(middle)
		}
		b.ReportMetric(float64(inWhole)/float64(inBare), "ratio")
	})
}
