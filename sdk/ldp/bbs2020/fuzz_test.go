package bbs2020_test

import (
	"errors"
	"testing"

	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verifytest/bbstest"
)

func card(issuer *bbstest.Issuer) object {
	return object{
		"@context": []any{bbstest.BaseContext, bbstest.CardContext}, "type": []any{"VerifiableCredential", "Card"},
		"issuer": issuer.DID2020(), "validFrom": "2023-01-01T00:00:00Z",
		"credentialSubject": object{"full name": "Pema Example", "village": "Example", "address": object{"street": "Norzin Lam"}},
	}
}

func FuzzParse(f *testing.F) {
	issuer := bbstest.NewIssuer("fuzz", bbstest.CardContexts())
	held := issuer.Issue2020(card(issuer))
	shown := held.Show([]byte("nonce"), []string{"/type", "/issuer", "/validFrom", "/credentialSubject/full name"})
	signed := held.Signed()
	proof := func(o object) object { return o["proof"].(object) }
	f.Add(proof(shown)["proofValue"].(string), proof(shown)["nonce"].(string), true)
	f.Add(proof(signed)["proofValue"].(string), "", false)
	// Proofs are another each time they are made, also in each process that fuzzes; so
	// they are held against a claim that nobody signed.
	for _, o := range []object{shown, signed} {
		o["credentialSubject"].(object)["full name"] = "Dorji Example"
	}
	v := newVerifier(f, bbstest.CardContexts())
	v.At = v.At.AddDate(5, 0, 0)
	f.Fuzz(func(t *testing.T, value, nonce string, derived bool) {
		document := signed
		if derived {
			document = shown
			proof(document)["nonce"] = nonce
		}
		proof(document)["proofValue"] = value
		p, err := v.m.Parse(marshal(t, document))
		if err != nil {
			var coded *reason.Error
			if !errors.As(err, &coded) {
				t.Fatalf("no code: %v", err)
			}
			return
		}
		if codes(p.Prove(v.Evidence).Credentials[0].Checks) == "" {
			t.Fatalf("verifies: %s", value)
		}
	})
}

// What a claim says is not changed by what it looks like: an identifier in text stays
// text, and one of a node never gets out.
func TestClaimsAreAsTheyWereSigned(t *testing.T) {
	issuer := bbstest.NewIssuer("claims", bbstest.CardContexts())
	body := card(issuer)
	body["credentialSubject"].(object)["village"] = "<urn:bnid:_:c14n0>"
	pointers := []string{"/type", "/issuer", "/validFrom", "/credentialSubject/full name", "/credentialSubject/village"}
	v := newVerifier(t, bbstest.CardContexts())
	v.At = v.At.AddDate(5, 0, 0)
	p, err := v.m.Parse(marshal(t, issuer.Issue2020(body).Show([]byte("nonce"), pointers)))
	if err != nil {
		t.Fatal(err)
	}
	out := p.Prove(v.Evidence).Credentials[0]
	if got, _ := out.Claims.String("credentialSubject", "village"); codes(out.Checks) != "" || got != "<urn:bnid:_:c14n0>" {
		t.Errorf("%q, %q", codes(out.Checks), got)
	}
	for _, path := range [][]string{{"id"}, {"credentialSubject", "id"}} {
		if id, ok := out.Claims.String(path...); ok {
			t.Errorf("%v is %s", path, id)
		}
	}
}

func BenchmarkDerived(b *testing.B) {
	issuer := bbstest.NewIssuer("bench", bbstest.CardContexts())
	data := marshal(b, issuer.Issue2020(card(issuer)).Show([]byte("nonce"), []string{"/type", "/issuer", "/validFrom", "/credentialSubject/full name"}))
	v := newVerifier(b, bbstest.CardContexts())
	v.At = v.At.AddDate(5, 0, 0)
	for b.Loop() {
		if got := v.answer(data); got != "" {
			b.Fatal(got)
		}
	}
}
