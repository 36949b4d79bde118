package mutate

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
)

// attacker is a key that nobody trusts.
func attacker(a credential.Algorithm) *jws.PrivateKey {
	k, err := jws.Derive(a, []byte("dzong mutate attacker"))
	if err != nil {
		k, _ = jws.Derive(credential.ES256, []byte("dzong mutate attacker")) // there is one for ES256
	}
	return k
}

// tokenChanges are changes to a compact JWS (RFC 7515) as a whole.
func tokenChanges() []inner {
	return []inner{
		{"JWS signed by another", jwsToken, true, signedByAnother},
		{"JWS without a signature", jwsToken, true, func(r *rand.Rand, d []byte) ([]byte, string, bool) {
			header, parts, ok := splitToken(d)
			if !ok {
				return nil, "", false
			}
			what := "signature empty"
			if r.IntN(2) == 0 {
				alg := pick(r, "none", "None", "NONE", "nOnE", "")
				header["alg"] = alg
				parts[0], what = encodeJSON(header), "alg none, signature empty"
			}
			parts[2] = ""
			return []byte(strings.Join(parts, ".")), what, true
		}},
		{"JWS header changed", jwsToken, false, func(r *rand.Rand, d []byte) ([]byte, string, bool) {
			header, parts, ok := splitToken(d)
			if !ok {
				return nil, "", false
			}
			name := pick(r, "alg", "kid", "typ", "cty", "crit", "b64", "jku", "x5u", "x5t#S256", "iss", "zip", "jwk", "enc")
			value := pick[any](r, nil, "", "none", "HS256", "RS256", "ES256", "ES384", "ES512", "EdDSA", "ES256K", "PS256",
				"JWT", "vc+jwt", "vp+jwt", "dc+sd-jwt", "kb+jwt", "statuslist+jwt", "https://stranger.example/keys", false, true,
				[]string{"b64"}, []string{"exp"}, 1, map[string]any{}, attacker(credential.ES256).JWK("1"))
			if value == nil {
				delete(header, name)
			} else {
				header[name] = value
			}
			parts[0] = encodeJSON(header)
			return []byte(strings.Join(parts, ".")), "header " + name, true
		}},
		{"JWS parts swapped", jwsToken, false, func(r *rand.Rand, d []byte) ([]byte, string, bool) {
			parts := strings.Split(string(d), ".")
			a, b := r.IntN(len(parts)), r.IntN(len(parts))
			switch r.IntN(3) {
			case 0:
				parts[a], parts[b] = parts[b], parts[a]
			case 1:
				parts[a] = parts[b]
			default:
				parts = slices.Insert(parts, a, parts[b])
			}
			return []byte(strings.Join(parts, ".")), fmt.Sprintf("parts %d and %d", a, b), true
		}},
		{"signature turned", signature, false, turned},
	}
}

// signedByAnother signs the same contents, or forged ones, with a key that nobody
// trusts, and brings that key along in one of the ways in which a careless
// verifier would take it.
func signedByAnother(r *rand.Rand, d []byte) ([]byte, string, bool) {
	header, parts, ok := splitToken(d)
	if !ok {
		return nil, "", false
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil, "", false
	}
	alg, _ := header["alg"].(string)
	key := attacker(credential.Algorithm(alg))
	header["alg"] = string(key.Algorithm())
	what := "the same header"
	switch r.IntN(6) {
	case 0:
		delete(header, "kid")
		what = "no kid"
	case 1:
		header["jwk"] = key.JWK("")
		what = "its key as jwk"
	case 2:
		delete(header, "kid")
		delete(header, "x5c")
		header["jwk"] = key.JWK("")
		what = "its key as jwk alone"
	case 3:
		der := selfSigned(nil)
		header["x5c"] = []string{base64.StdEncoding.EncodeToString(der)}
		key, header["alg"] = attacker(credential.ES256), "ES256"
		what = "its certificate as x5c"
	case 4: // a secret that everybody knows
		header["alg"] = "HS256"
		input := encodeJSON(header) + "." + parts[1]
		mac := hmac.New(sha256.New, pick(r, []byte{}, []byte("secret"), payload))
		mac.Write([]byte(input))
		return []byte(input + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))), "HS256", true
	}
	if doc, ok := parseJSON(payload); ok && r.IntN(2) == 0 {
		if note, changed := changeValue(r, doc); changed {
			payload, what = doc.bytes(), what+", "+note
		}
	}
	token, err := jws.Sign(header, payload, key)
	return []byte(token), what, err == nil
}

// turned makes (r, n-s) of (r, s): a signature that ECDSA takes as well, so that
// one presentation has two forms.
func turned(r *rand.Rand, d []byte) ([]byte, string, bool) {
	half := len(d) / 2
	order := orders[half]
	if len(order) == 0 {
		return nil, "", false
	}
	n, _ := new(big.Int).SetString(pick(r, order...), 16)
	s := new(big.Int).SetBytes(d[half:])
	if s.Sub(n, s).Sign() <= 0 {
		return nil, "", false
	}
	s.FillBytes(d[half:])
	return d, "s is now n-s", true
}

// orders of P-256 and secp256k1, P-384 and P-521, by length of a coordinate.
var orders = map[int][]string{
	32: {"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
		"fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"},
	48: {"ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"},
	66: {"01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409"},
}

// splitToken gives a JWS's header and its three parts.
func splitToken(d []byte) (map[string]any, []string, bool) {
	parts := strings.Split(string(d), ".")
	if len(parts) != 3 {
		return nil, nil, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[0])
	var header map[string]any
	if err != nil || json.Unmarshal(raw, &header) != nil || header == nil {
		return nil, nil, false
	}
	return header, parts, true
}

func encodeJSON(v any) string { return base64.RawURLEncoding.EncodeToString(mustJSON(v)) }

func mustJSON(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // maps of plain values
	}
	return data
}

// disclosureChanges are changes to a compact SD-JWT (RFC 9901 §4) as a whole.
func disclosureChanges() []inner {
	pieces := func(change func(*rand.Rand, []string) ([]string, string, bool)) func(*rand.Rand, []byte) ([]byte, string, bool) {
		return func(r *rand.Rand, d []byte) ([]byte, string, bool) {
			parts, what, ok := change(r, strings.Split(string(d), "~"))
			return []byte(strings.Join(parts, "~")), what, ok
		}
	}
	disclosed := func(change func(*rand.Rand, []string, int) ([]string, string, bool)) func(*rand.Rand, []byte) ([]byte, string, bool) {
		return pieces(func(r *rand.Rand, parts []string) ([]string, string, bool) {
			if len(parts) < 3 {
				return nil, "", false
			}
			return change(r, parts, 1+r.IntN(len(parts)-2))
		})
	}
	return []inner{
		{"disclosure dropped", sdJWTToken, false, disclosed(func(_ *rand.Rand, parts []string, at int) ([]string, string, bool) {
			return slices.Delete(parts, at, at+1), fmt.Sprintf("disclosure %d", at), true
		})},
		{"disclosure repeated", sdJWTToken, false, disclosed(func(r *rand.Rand, parts []string, at int) ([]string, string, bool) {
			return slices.Insert(parts, 1+r.IntN(len(parts)-1), parts[at]), fmt.Sprintf("disclosure %d", at), true
		})},
		{"disclosures swapped", sdJWTToken, false, disclosed(func(r *rand.Rand, parts []string, at int) ([]string, string, bool) {
			other := 1 + r.IntN(len(parts)-2)
			parts[at], parts[other] = parts[other], parts[at]
			return parts, fmt.Sprintf("disclosures %d and %d", at, other), at != other
		})},
		{"disclosure added", sdJWTToken, false, pieces(func(r *rand.Rand, parts []string) ([]string, string, bool) {
			content := pick(r, `["c2FsdA","role","director"]`, `["c2FsdA","iss","https://stranger.example"]`, `["c2FsdA",true]`,
				`["c2FsdA","exp",4102444800]`, `["c2FsdA","_sd",["x"]]`, `["c2FsdA","...","x"]`, `{}`, `null`, `[]`, ``)
			return slices.Insert(parts, 1+r.IntN(len(parts)-1), base64.RawURLEncoding.EncodeToString([]byte(content))), "a disclosure", true
		})},
		{"disclosure rewritten", sdJWTToken, false, disclosed(func(r *rand.Rand, parts []string, at int) ([]string, string, bool) {
			raw, err := base64.RawURLEncoding.DecodeString(parts[at])
			doc, ok := parseJSON(raw)
			if err != nil || !ok {
				return nil, "", false
			}
			what, ok := changeValue(r, doc)
			parts[at] = base64.RawURLEncoding.EncodeToString(doc.bytes())
			return parts, fmt.Sprintf("disclosure %d: %s", at, what), ok
		})},
		{"key binding changed", sdJWTToken, false, pieces(func(r *rand.Rand, parts []string) ([]string, string, bool) {
			last := len(parts) - 1
			switch r.IntN(4) {
			case 0:
				was := parts[last]
				parts[last] = ""
				return parts, "dropped", was != ""
			case 1:
				parts[last] = parts[0]
				return parts, "the issuer's JWT in its place", true
			case 2:
				parts[0], parts[last] = parts[last], parts[0]
				return parts, "changed places with the issuer's JWT", parts[0] != ""
			default:
				return append(parts, parts[last]), "twice", true
			}
		})},
	}
}
