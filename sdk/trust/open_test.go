package trust_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/trust"
)

func signed(t testing.TB, k *jws.PrivateKey, header obj, payload []byte) []byte {
	t.Helper()
	compact, err := jws.Sign(header, payload, k)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(compact)
}

func TestOpenTakesWhatThePinnedKeySigned(t *testing.T) {
	for _, alg := range []credential.Algorithm{credential.ES256, credential.ES384, credential.ES512, credential.ES256K, credential.EdDSA} {
		root := key(t, alg, "root")
		data := marshal(t, full(t))
		l, err := trust.Open(signed(t, root, obj{"typ": trust.MediaType}, data), root.Public(""))
		if err != nil {
			t.Fatalf("%s: %v", alg, err)
		}
		bare, _ := trust.Parse(data)
		if l.Digest() != bare.Digest() {
			t.Error("the digest depends on the signature")
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	root, other := key(t, credential.ES256, "root"), key(t, credential.ES256, "other")
	rsa, err := jws.Generate(credential.RS256)
	if err != nil {
		t.Fatal(err)
	}
	data := marshal(t, full(t))
	typ := func() obj { return obj{"typ": trust.MediaType} }
	with := func(name string, v any) obj { h := typ(); h[name] = v; return h }
	good := signed(t, root, typ(), data)
	for _, c := range []struct {
		name  string
		bytes []byte
		root  credential.Key
		want  reason.Code
	}{
		{"another signer", signed(t, other, typ(), data), root.Public(""), reason.SignatureInvalid},
		{"another signer that brings its key", signed(t, other, with("jwk", other.JWK("")), data), root.Public(""), reason.SignatureInvalid},
		{"another typ", signed(t, root, obj{"typ": "statuslist+jwt"}, data), root.Public(""), reason.Malformed},
		{"no typ", signed(t, root, obj{}, data), root.Public(""), reason.Malformed},
		{"alg none", signed(t, root, with("alg", "none"), data), root.Public(""), reason.AlgorithmRefused},
		{"alg HS256", signed(t, root, with("alg", "HS256"), data), root.Public(""), reason.AlgorithmRefused},
		{"an algorithm of another key", signed(t, root, with("alg", "ES384"), data), root.Public(""), reason.AlgorithmRefused},
		{"RSA", signed(t, rsa, typ(), data), rsa.Public(""), reason.AlgorithmRefused},
		{"a critical header", signed(t, root, with("crit", []any{"x"}), data), root.Public(""), reason.Malformed},
		{"no signature", good[:bytes.LastIndexByte(good, '.')+1], root.Public(""), reason.SignatureInvalid},
		{"no key", good, credential.Key{}, reason.AlgorithmRefused},
		{"a bare list", data, root.Public(""), reason.Malformed},
		{"a signed list that is none", signed(t, root, typ(), []byte(`{}`)), root.Public(""), reason.Malformed},
		{"more bytes than a list may have", bytes.Repeat([]byte("A"), limits.TrustList+1), root.Public(""), reason.TooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, err := trust.Open(c.bytes, c.root)
			var coded *reason.Error
			if l != nil || !errors.As(err, &coded) || coded.Code != c.want {
				t.Errorf("got %v, %v; want %s", l, err, c.want)
			}
		})
	}
}
