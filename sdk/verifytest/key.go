package verifytest

import (
	"encoding/json"
	"fmt"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
)

// keyPair is a key derived from a label: the same in every run, and worth
// nothing outside tests.
type keyPair struct{ private *jws.PrivateKey }

func deriveKey(label string) keyPair { return deriveKeyFor(credential.ES256, label) }

func deriveKeyFor(a credential.Algorithm, label string) keyPair {
	private, err := jws.Derive(a, []byte("dzong verifytest key "+label))
	if err != nil {
		panic(fmt.Sprintf("verifytest: derive key: %v", err))
	}
	return keyPair{private}
}

func (k keyPair) jwkMap(kid string) map[string]any { return k.private.JWK(kid) }

func (k keyPair) jwk(kid string) []byte { return mustJSON(k.jwkMap(kid)) }

func (k keyPair) public(kid string) credential.Key { return k.private.Public(kid) }

// sign makes a compact JWS; a header member given overrides the default.
func (k keyPair) sign(header map[string]any, payload []byte) []byte {
	token, err := jws.Sign(header, payload, k.private)
	if err != nil {
		panic(fmt.Sprintf("verifytest: sign: %v", err))
	}
	return []byte(token)
}

func mustJSON(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("verifytest: encode: %v", err))
	}
	return data
}
