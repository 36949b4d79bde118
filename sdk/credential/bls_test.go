package credential_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
)

// The generator of G2, compressed, as draft-irtf-cfrg-bbs-signatures has it.
const generatorG2 = "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e" +
	"024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"

func pointG2(t testing.TB) (p credential.BLS12381G2) {
	t.Helper()
	raw, err := hex.DecodeString(generatorG2)
	if err != nil || copy(p[:], raw) != len(p) {
		t.Fatal(err)
	}
	return p
}

func TestKeyOfBLS12381VerifiesNothingHere(t *testing.T) {
	p := pointG2(t)
	k, err := credential.NewKey("k", p)
	if err != nil {
		t.Fatal(err)
	}
	if !k.Algorithms().Has(credential.BBS) || k.Public() != any(p) || k.ID() != "k" || k.IsZero() {
		t.Error("the key is not what was given")
	}
	if !credential.DefaultAlgorithms.Has(credential.BBS) {
		t.Error("BBS needs a policy of its own")
	}
	for _, a := range []credential.Algorithm{credential.BBS, credential.EdDSA, credential.ES256, "none", ""} {
		if err := k.Verify(a, []byte("signed"), make([]byte, 80)); !errors.Is(err, credential.ErrAlgorithm) {
			t.Errorf("%q: %v", a, err)
		}
	}
	if k.JWK() != nil {
		t.Error("the key has a form that no standard gives it")
	}
}

func TestKeysOfBLS12381Compare(t *testing.T) {
	p := pointG2(t)
	negated := p
	negated[0] ^= 0x20
	a, err := credential.NewKey("a", p)
	if err != nil {
		t.Fatal(err)
	}
	b, err := credential.NewKey("b", negated)
	if err != nil {
		t.Fatal(err)
	}
	other := derive(t, credential.ES256, "a").Public("a")
	if !a.Equal(a.WithID("other")) || a.Equal(b) || a.Equal(other) || other.Equal(a) || a.Equal(credential.Key{}) {
		t.Error("keys compare by something else than their point")
	}
	if a.Thumbprint() != a.WithID("other").Thumbprint() || a.Thumbprint() == b.Thumbprint() || a.Thumbprint() == other.Thumbprint() {
		t.Error("thumbprints tell keys apart by something else than their point")
	}
}

func TestNewKeyRefusesOtherFormsOfG2(t *testing.T) {
	good := pointG2(t)
	for name, change := range map[string]func(*credential.BLS12381G2){
		"nothing":                       func(p *credential.BLS12381G2) { *p = credential.BLS12381G2{} },
		"an uncompressed point's flags": func(p *credential.BLS12381G2) { p[0] &^= 0x80 },
		"the identity":                  func(p *credential.BLS12381G2) { *p = credential.BLS12381G2{0: 0xc0} },
		"the identity with a sign":      func(p *credential.BLS12381G2) { *p = credential.BLS12381G2{0: 0xe0} },
		"a point flagged as identity":   func(p *credential.BLS12381G2) { p[0] |= 0x40 },
		"a first half beyond the field": func(p *credential.BLS12381G2) { copy(p[:], bytes.Repeat([]byte{0x9f}, 48)) },
		"a second half of the field's order": func(p *credential.BLS12381G2) {
			order, _ := hex.DecodeString("1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab")
			copy(p[48:], order)
		},
	} {
		p := good
		change(&p)
		if k, err := credential.NewKey("k", p); err == nil || !k.IsZero() {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := credential.NewKey("k", good[:]); err == nil {
		t.Error("a slice of bytes is taken")
	}
	for _, jwk := range []string{
		`{"kty":"OKP","crv":"Bls12381G2","x":"AAAA"}`, `{"kty":"EC","crv":"BLS12381G2","x":"AAAA","y":"AAAA"}`,
	} {
		if _, err := credential.ParseJWK([]byte(jwk)); err == nil {
			t.Errorf("%s: taken", jwk)
		}
	}
}
