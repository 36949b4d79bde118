package credential_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"math/big"
	"strings"
	"testing"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/jws"
)

func derive(t testing.TB, alg credential.Algorithm, seed string) *jws.PrivateKey {
	t.Helper()
	k, err := jws.Derive(alg, []byte(seed))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func newRSA(t testing.TB, bits int) *rsa.PublicKey {
	t.Helper()
	// Any odd number of that length will do where nothing is signed.
	n := new(big.Int).Lsh(big.NewInt(1), uint(bits-1))
	return &rsa.PublicKey{N: n.SetBit(n, 0, 1), E: 65537}
}

func TestJWKThereAndBack(t *testing.T) {
	all := []credential.Key{}
	for _, alg := range []credential.Algorithm{credential.ES256, credential.ES384, credential.ES512, credential.ES256K, credential.EdDSA} {
		all = append(all, derive(t, alg, "a").Public("kid "+string(alg)), derive(t, alg, "b").Public("kid b"))
	}
	rsaKey, err := credential.NewKey("rsa", newRSA(t, 2048))
	if err != nil {
		t.Fatal(err)
	}
	all = append(all, rsaKey)
	seen := map[[32]byte]bool{}
	for i, k := range all {
		data, err := json.Marshal(k.JWK())
		if err != nil {
			t.Fatal(err)
		}
		back, err := credential.ParseJWK(data)
		if err != nil {
			t.Fatalf("%s: %v", data, err)
		}
		if !back.Equal(k) || back.ID() != k.ID() || back.Algorithms() != k.Algorithms() || back.Thumbprint() != k.Thumbprint() {
			t.Errorf("%s reads as another key", data)
		}
		if !back.WithID("other").WithController("x").Equal(k) || back.WithID("other").Thumbprint() != k.Thumbprint() {
			t.Errorf("%s: its name changes what key it is", data)
		}
		for j, other := range all {
			if (i == j) != k.Equal(other) {
				t.Errorf("key %d equal to key %d", i, j)
			}
		}
		if k.Equal(credential.Key{}) || (credential.Key{}).Equal(k) {
			t.Error("a key equals no key")
		}
		if seen[k.Thumbprint()] {
			t.Error("two keys have one thumbprint")
		}
		seen[k.Thumbprint()] = true
	}
}

// RFC 7638 §3.1 and RFC 8037 §A.3.
func TestThumbprintsOfTheRFCs(t *testing.T) {
	for jwk, want := range map[string]string{
		`{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}`: "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
		`{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
	} {
		k, err := credential.ParseJWK([]byte(jwk))
		if err != nil {
			t.Fatal(err)
		}
		if got := k.Thumbprint(); base64url.Encode(got[:]) != want {
			t.Errorf("thumbprint %s, want %s", base64url.Encode(got[:]), want)
		}
	}
}

func TestJWKRefuses(t *testing.T) {
	p256 := func() map[string]any { return derive(t, credential.ES256, "a").JWK("k") }
	k1 := func() map[string]any { return derive(t, credential.ES256K, "a").JWK("k") }
	ed := func() map[string]any { return derive(t, credential.EdDSA, "a").JWK("k") }
	rsaJWK := func() map[string]any {
		k, err := credential.NewKey("k", newRSA(t, 2048))
		if err != nil {
			t.Fatal(err)
		}
		return k.JWK()
	}
	for _, m := range []map[string]any{p256(), k1(), ed(), rsaJWK()} {
		if _, err := credential.ParseJWKMap(m); err != nil {
			t.Fatalf("the case all others differ from in one thing: %v", err)
		}
	}
	zeros := func(n int) string { return base64url.Encode(make([]byte, n)) }
	// The same point, cut in another place.
	x, err := base64url.Decode(p256()["x"].(string))
	if err != nil {
		t.Fatal(err)
	}
	y, err := base64url.Decode(p256()["y"].(string))
	if err != nil {
		t.Fatal(err)
	}
	shortX, longY := base64url.Encode(x[:31]), base64url.Encode(append([]byte{x[31]}, y...))
	type change map[string]any
	for name, c := range map[string]struct {
		of     map[string]any
		change change
	}{
		"no kty":                           {p256(), change{"kty": nil}},
		"a symmetric key":                  {map[string]any{"kty": "oct", "k": "AAAA"}, nil},
		"kty oct without k":                {map[string]any{"kty": "oct"}, nil},
		"kty in lower case":                {p256(), change{"kty": "ec"}},
		"a private EC key":                 {p256(), change{"d": "AAAA"}},
		"a private OKP key":                {ed(), change{"d": "AAAA"}},
		"a private RSA key":                {rsaJWK(), change{"p": "AAAA"}},
		"an unknown curve":                 {p256(), change{"crv": "P-224"}},
		"another curve":                    {p256(), change{"crv": "P-384"}},
		"another curve of the same length": {p256(), change{"crv": "secp256k1"}},
		"secp256k1 as P-256":               {k1(), change{"crv": "P-256"}},
		"the curve of ECDH":                {ed(), change{"crv": "X25519"}},
		"no x":                             {p256(), change{"x": nil}},
		"no y":                             {p256(), change{"y": nil}},
		"x that is a number":               {p256(), change{"x": 1}},
		"x that is short":                  {p256(), change{"x": zeros(31)}},
		"x that is long":                   {p256(), change{"x": zeros(33)}},
		"a byte of x in y":                 {p256(), change{"x": shortX, "y": longY}},
		"x with padding":                   {p256(), change{"x": p256()["x"].(string) + "="}},
		"x with trailing bits":             {ed(), change{"x": strings.Repeat("A", 42) + "B"}},
		"x with a line break":              {ed(), change{"x": strings.Repeat("A", 43) + "\n"}},
		"a point off the curve":            {p256(), change{"x": zeros(32)}},
		"a point off secp256k1":            {k1(), change{"x": zeros(32)}},
		"the point at infinity":            {p256(), change{"x": zeros(32), "y": zeros(32)}},
		"a coordinate beyond the field":    {p256(), change{"x": base64url.Encode([]byte(strings.Repeat("\xff", 32)))}},
		"the same beyond secp256k1's":      {k1(), change{"x": base64url.Encode([]byte(strings.Repeat("\xff", 32)))}},
		"Ed25519 that is short":            {ed(), change{"x": zeros(31)}},
		"RSA of 1024 bits":                 {rsaJWK(), change{"n": base64url.Encode(newRSA(t, 1024).N.Bytes())}},
		"RSA of 2047 bits":                 {rsaJWK(), change{"n": base64url.Encode(newRSA(t, 2047).N.Bytes())}},
		"RSA of 16384 bits":                {rsaJWK(), change{"n": base64url.Encode(newRSA(t, 16384).N.Bytes())}},
		"RSA with leading zeros":           {rsaJWK(), change{"n": base64url.Encode(append([]byte{0}, newRSA(t, 2048).N.Bytes()...))}},
		"RSA with an even modulus":         {rsaJWK(), change{"n": base64url.Encode(new(big.Int).Lsh(big.NewInt(1), 2047).Bytes())}},
		"RSA with exponent 1":              {rsaJWK(), change{"e": "AQ"}},
		"RSA with an even exponent":        {rsaJWK(), change{"e": base64url.Encode([]byte{1, 0, 0})}},
		"RSA with a huge exponent":         {rsaJWK(), change{"e": base64url.Encode([]byte{1, 0, 0, 0, 1})}},
		"RSA with an exponent of 32 bits":  {rsaJWK(), change{"e": base64url.Encode([]byte{0xff, 0xff, 0xff, 0xff})}},
		"RSA without n":                    {rsaJWK(), change{"n": nil}},
		"use for encryption":               {p256(), change{"use": "enc"}},
		"use that is empty":                {p256(), change{"use": ""}},
		"use that is a number":             {p256(), change{"use": 1}},
		"key_ops without verify":           {p256(), change{"key_ops": []any{"sign", "deriveKey"}}},
		"key_ops with nothing":             {p256(), change{"key_ops": []any{}}},
		"key_ops that is a string":         {p256(), change{"key_ops": "verify"}},
		"key_ops with arrays":              {p256(), change{"key_ops": []any{[]any{"verify"}}}},
		"alg of another curve":             {p256(), change{"alg": "ES384"}},
		"alg that agrees on keys":          {p256(), change{"alg": "ECDH-ES"}},
		"alg none":                         {p256(), change{"alg": "none"}},
		"alg that is a number":             {p256(), change{"alg": 1}},
		"kid that is a number":             {p256(), change{"kid": 1}},
		"kid that is empty":                {p256(), change{"kid": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			m := maps.Clone(c.of)
			for name, v := range c.change {
				if m[name] = v; v == nil {
					delete(m, name)
				}
			}
			k, err := credential.ParseJWKMap(m)
			if err == nil {
				t.Fatal("taken")
			}
			if !k.IsZero() {
				t.Error("gives a key all the same")
			}
		})
	}
	for name, text := range map[string]string{"no JSON": "{", "an array": "[]", "a member twice": `{"kty":"OKP","kty":"OKP"}`} {
		if _, err := credential.ParseJWK([]byte(text)); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestAlgNarrowsWhatAKeyMayDo(t *testing.T) {
	m := derive(t, credential.ES256, "a").JWK("")
	m["alg"], m["use"], m["key_ops"], m["unknown"] = "ES256", "sig", []any{"sign", "verify"}, map[string]any{}
	if _, err := credential.ParseJWKMap(m); err != nil {
		t.Error(err)
	}
	k, err := credential.NewKey("", newRSA(t, 2048))
	if err != nil {
		t.Fatal(err)
	}
	m = k.JWK()
	m["alg"] = "PS256"
	if k, err = credential.ParseJWKMap(m); err != nil {
		t.Fatal(err)
	}
	if !k.Algorithms().Has(credential.PS256) || k.Algorithms().Has(credential.RS256) || k.Algorithms().Has(credential.PS384) {
		t.Error("alg does not narrow")
	}
	if err := k.Verify(credential.RS256, nil, make([]byte, 256)); !errors.Is(err, credential.ErrAlgorithm) {
		t.Errorf("got %v", err)
	}
}

func TestNewKeyRefuses(t *testing.T) {
	p224, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, public := range map[string]any{
		"nil":                    nil,
		"a nil ECDSA key":        (*ecdsa.PublicKey)(nil),
		"an empty ECDSA key":     &ecdsa.PublicKey{},
		"an ECDSA key, no point": &ecdsa.PublicKey{Curve: elliptic.P256()},
		"P-224":                  &p224.PublicKey,
		"a short Ed25519 key":    ed25519.PublicKey{1},
		"a nil RSA key":          (*rsa.PublicKey)(nil),
		"an empty RSA key":       &rsa.PublicKey{},
		"a small RSA key":        newRSA(t, 1024),
		"bytes":                  []byte{1},
		"a private key":          p224,
	} {
		if k, err := credential.NewKey("k", public); err == nil || !k.IsZero() {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestPurposes(t *testing.T) {
	k := derive(t, credential.ES256, "a").Public("")
	if !k.Permits(credential.AssertionMethod | credential.Authentication) {
		t.Error("a new key does not serve every purpose")
	}
	only := k.WithPurposes(credential.Authentication)
	if !only.Permits(credential.Authentication) || only.Permits(credential.AssertionMethod) || only.Permits(credential.AssertionMethod|credential.Authentication) {
		t.Error("a narrowed key serves another purpose")
	}
	if k.Permits(0) || (credential.Key{}).Permits(credential.Authentication) {
		t.Error("no purpose, or no key, is permitted")
	}
}

// RFC 8037 §A.4.
func TestEd25519OfTheRFC(t *testing.T) {
	k, err := credential.ParseJWK([]byte(`{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`))
	if err != nil {
		t.Fatal(err)
	}
	sig, err := base64url.Decode("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg")
	if err != nil {
		t.Fatal(err)
	}
	signed := []byte("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc")
	for _, alg := range []credential.Algorithm{credential.EdDSA, credential.Ed25519} {
		if err := k.Verify(alg, signed, sig); err != nil {
			t.Errorf("%s: %v", alg, err)
		}
	}
}

// Both twins of an ES256K signature are taken, and no scalar out of range.
func TestES256KRange(t *testing.T) {
	k := derive(t, credential.ES256K, "a")
	signed := []byte("signed")
	sig, err := k.Sign(signed)
	if err != nil {
		t.Fatal(err)
	}
	order, _ := hex.DecodeString("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")
	n := new(big.Int).SetBytes(order)
	s := new(big.Int).SetBytes(sig[32:])
	high := append([]byte{}, sig...)
	new(big.Int).Sub(n, s).FillBytes(high[32:])
	if err := k.Public("").Verify(credential.ES256K, signed, high); err != nil {
		t.Errorf("the twin: %v", err)
	}
	for name, scalar := range map[string][]byte{"n": order, "0": make([]byte, 32), "all ones": []byte(strings.Repeat("\xff", 32))} {
		for _, at := range []int{0, 32} {
			bad := append([]byte{}, sig...)
			copy(bad[at:], scalar)
			if err := k.Public("").Verify(credential.ES256K, signed, bad); !errors.Is(err, credential.ErrSignature) {
				t.Errorf("%s at %d: %v", name, at, err)
			}
		}
	}
}

// A value of n more stands for the same scalar but is out of range. It fits into
// 32 bytes only for tiny scalars, so the key is made to fit a signature with
// s = 1: d = (s·k - h) / r, with k = 1 and so r the generator's x.
func TestES256KIsNotReduced(t *testing.T) {
	n := secp256k1.Params().N
	r := new(big.Int).Mod(secp256k1.Params().Gx, n)
	signed := []byte("signed")
	h := sha256.Sum256(signed)
	d := new(big.Int).Sub(big.NewInt(1), new(big.Int).SetBytes(h[:]))
	d.Mul(d, new(big.Int).ModInverse(r, n)).Mod(d, n)
	k, err := credential.NewKey("", secp256k1.PrivKeyFromBytes(d.Bytes()).PubKey())
	if err != nil {
		t.Fatal(err)
	}
	sig := make([]byte, 64)
	r.FillBytes(sig[:32])
	sig[63] = 1
	if err := k.Verify(credential.ES256K, signed, sig); err != nil {
		t.Fatalf("s = 1: %v", err)
	}
	new(big.Int).Add(n, big.NewInt(1)).FillBytes(sig[32:])
	if err := k.Verify(credential.ES256K, signed, sig); !errors.Is(err, credential.ErrSignature) {
		t.Errorf("s = n + 1: %v", err)
	}
}

func FuzzParseJWK(f *testing.F) {
	for _, alg := range []credential.Algorithm{credential.ES256, credential.ES384, credential.ES512, credential.ES256K, credential.EdDSA} {
		data, err := json.Marshal(derive(f, alg, "fuzz").JWK("k"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, []byte("signature"))
	}
	k, err := credential.NewKey("k", newRSA(f, 2048))
	if err != nil {
		f.Fatal(err)
	}
	data, err := json.Marshal(k.JWK())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data, make([]byte, 256))
	algs := []credential.Algorithm{credential.ES256, credential.ES384, credential.ES512, credential.ES256K, credential.EdDSA, credential.RS256, credential.PS512, "none", ""}
	f.Fuzz(func(t *testing.T, data, sig []byte) {
		k, err := credential.ParseJWK(data)
		if err != nil {
			if !k.IsZero() {
				t.Fatal("an error and a key")
			}
			return
		}
		again, err := json.Marshal(k.JWK())
		if err != nil {
			t.Fatal(err)
		}
		if back, err := credential.ParseJWK(again); err != nil || !back.Equal(k) || back.Thumbprint() != k.Thumbprint() {
			t.Fatalf("%s does not survive a round trip: %v", again, err)
		}
		for _, alg := range algs {
			if err := k.Verify(alg, data, sig); err == nil {
				t.Fatalf("%s verifies", alg)
			}
		}
	})
}
