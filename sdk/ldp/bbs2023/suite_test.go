package bbs2023_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/ldp"
	"github.com/dzong-id/dzong/sdk/ldp/bbs2023"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verifytest/bbstest"
)

func card(issuer *bbstest.Issuer) object {
	return object{
		"@context": []any{bbstest.BaseContext, bbstest.CardContext}, "type": []any{"VerifiableCredential", "Card"},
		"issuer": issuer.DID2023(), "validFrom": "2024-01-01T00:00:00Z",
		"credentialSubject": object{"full name": "Pema Example", "village": "Example", "address": object{"street": "Norzin Lam"}},
	}
}

// Cases of one cause, run through whole decisions, stand in verifytest/bbstest. Here
// is what a decision does not show.

func TestSuiteMakesOneCryptosuite(t *testing.T) {
	s := bbs2023.Suite()
	for _, c := range [][2]string{{"DataIntegrityProof", "bbs-2024"}, {"DataIntegrityProof", ""}, {"bbs-2023", "bbs-2023"}, {"", "bbs-2023"}} {
		if s.Makes(c[0], c[1]) {
			t.Errorf("%q", c)
		}
	}
	if !s.Makes("DataIntegrityProof", "bbs-2023") {
		t.Error("it does not make its own")
	}
}

// cbor builds what a proofValue holds, so that it can be written in other ways than
// the one.
func cbor(parts ...[]byte) string {
	return "u" + base64url.Encode(slices.Concat(append([][]byte{{0xd9, 0x5d, 0x03}}, parts...)...))
}

func proofOfZeros(hidden int) []byte {
	n := 272 + 32*hidden
	return append([]byte{0x59, byte(n >> 8), byte(n)}, make([]byte, n)...)
}

func TestParseTakesTheOneForm(t *testing.T) {
	array, five := []byte{0x85}, proofOfZeros(0)
	empty, labels, none := []byte{0x80}, []byte{0xa0}, []byte{0x40}
	if _, err := bbs2023.Suite().Parse("DataIntegrityProof", "bbs-2023", cbor(array, five, labels, empty, empty, none)); err != nil {
		t.Fatalf("the value all others differ from in one thing: %v", err)
	}
	for name, c := range map[string]struct {
		value string
		want  reason.Code
	}{
		"nothing":                     {"", reason.Malformed},
		"base58btc":                   {"z2", reason.Malformed},
		"padding":                     {cbor(array, five, labels, empty, empty, none) + "=", reason.Malformed},
		"a header alone":              {cbor(), reason.Malformed},
		"half a header":               {"u2V0", reason.Malformed},
		"four components":             {cbor([]byte{0x84}, five, labels, empty, empty), reason.Malformed},
		"six components":              {cbor([]byte{0x86}, five, labels, empty, empty, none, none), reason.Malformed},
		"a byte behind":               {cbor(array, five, labels, empty, empty, none, []byte{0}), reason.Malformed},
		"an array without end":        {cbor([]byte{0x9f}, five, labels, empty, empty, none, []byte{0xff}), reason.Malformed},
		"a number longer than needed": {cbor(array, five, labels, []byte{0x81, 0x18, 0x01}, empty, none), reason.Malformed},
		"a proof that is text":        {cbor(array, []byte{0x60}, labels, empty, empty, none), reason.Malformed},
		"a proof of a byte":           {cbor(array, []byte{0x41, 0}, labels, empty, empty, none), reason.Malformed},
		"labels in an array":          {cbor(array, five, empty, empty, empty, none), reason.Malformed},
		"a label named in text":       {cbor(array, five, []byte{0xa1, 0x61, 'x', 0x00}, empty, empty, none), reason.Malformed},
		"a label for a node beyond":   {cbor(array, five, []byte{0xa1, 0x01, 0x00}, empty, empty, none), reason.Malformed},
		"a label that is negative":    {cbor(array, five, []byte{0xa1, 0x00, 0x20}, empty, empty, none), reason.Malformed},
		"a label twice":               {cbor(array, five, []byte{0xa2, 0x00, 0x00, 0x00, 0x01}, empty, empty, none), reason.Malformed},
		"labels out of order":         {cbor(array, five, []byte{0xa2, 0x01, 0x00, 0x00, 0x01}, empty, empty, none), reason.Malformed},
		"an index that is negative":   {cbor(array, five, labels, []byte{0x81, 0x20}, empty, none), reason.Malformed},
		"an index twice":              {cbor(array, five, labels, empty, []byte{0x82, 0x01, 0x01}, none), reason.Malformed},
		"an index beyond any":         {cbor(array, five, labels, empty, []byte{0x81, 0x1a, 0, 1, 0, 0}, none), reason.Malformed},
		"a header that is text":       {cbor(array, five, labels, empty, empty, []byte{0x60}), reason.Malformed},
		"too many hidden":             {cbor(array, proofOfZeros(limits.BBSMessages+1), labels, empty, empty, none), reason.TooLarge},
	} {
		p, err := bbs2023.Suite().Parse("DataIntegrityProof", "bbs-2023", c.value)
		var coded *reason.Error
		if !errors.As(err, &coded) || coded.Code != c.want {
			t.Errorf("%s: %v, %v", name, p, err)
		}
	}
}

// A key that is no point, or not of this curve, verifies nothing and breaks nothing.
func TestKeysThatAreNone(t *testing.T) {
	issuer := bbstest.NewIssuer("keys", bbstest.CardContexts())
	data := marshal(t, issuer.Issue2023(card(issuer)).Show(nil, []string{"/issuer", "/validFrom", "/type", "/credentialSubject/full name"}))
	m := ldp.Mechanism(ldp.With(bbs2023.Suite()))
	for name, change := range map[string]func(*credential.BLS12381G2){
		"off the curve":       func(p *credential.BLS12381G2) { *p = credential.BLS12381G2{0: 0x80, 95: 3} },
		"outside the group":   func(p *credential.BLS12381G2) { *p = credential.BLS12381G2{0: 0x80, 95: 2} },
		"the negated own key": func(p *credential.BLS12381G2) { p[0] ^= 0x20 },
	} {
		keys := credential.KeysFunc(func(s credential.Signer) ([]credential.Key, []credential.Check) {
			found, _ := byDIDKey(s)
			point := found[0].Public().(credential.BLS12381G2)
			change(&point)
			k, err := credential.NewKey(s.KeyID, point)
			if err != nil {
				t.Fatal(err)
			}
			return []credential.Key{k.WithController(s.ID)}, nil
		})
		p, err := m.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		ev := credential.Evidence{Keys: keys, Contexts: bbstest.CardContexts(), Binding: credential.BearerUnsafe(), At: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)}
		if got := codes(p.Prove(ev).Credentials[0].Checks); got != "signature_invalid" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	issuer := bbstest.NewIssuer("fuzz", bbstest.CardContexts())
	held := issuer.Issue2023(card(issuer), "/issuer", "/validFrom")
	shown := held.Show([]byte("x"), []string{"/type", "/credentialSubject/full name"})
	good := shown["proof"].(object)["proofValue"].(string)
	f.Add(good)
	f.Add(held.Base()["proof"].(object)["proofValue"].(string))
	f.Add(cbor([]byte{0x85}, proofOfZeros(0), []byte{0xa0}, []byte{0x80}, []byte{0x80}, []byte{0x40}))
	m := ldp.Mechanism(ldp.With(bbs2023.Suite()))
	ev := credential.Evidence{Keys: byDIDKey, Contexts: bbstest.CardContexts(), Binding: credential.BearerUnsafe(), At: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)}
	f.Fuzz(func(t *testing.T, value string) {
		shown["proof"].(object)["proofValue"] = value
		p, err := m.Parse(marshal(t, shown))
		if err != nil {
			var coded *reason.Error
			if !errors.As(err, &coded) {
				t.Fatalf("no code: %v", err)
			}
			return
		}
		if out := p.Prove(ev).Credentials[0]; codes(out.Checks) == "" && strings.TrimSpace(value) != good {
			t.Fatalf("verifies: %s", value)
		}
	})
}
