package cose

import (
	"crypto/elliptic"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/sec1"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Labels of a COSE_Key (RFC 9052 §7.1, RFC 9053 §7.1 and §7.2).
const (
	keyType       = int64(1)
	keyID         = int64(2)
	keyAlgorithm  = int64(3)
	keyOperations = int64(4)
	keyCurve      = int64(-1)
	keyX          = int64(-2)
	keyY          = int64(-3)
	keyPrivate    = int64(-4)
)

const (
	typeOKP = 1
	typeEC2 = 2

	operationVerify = 2
)

// ErrKeyType is returned by [ParseKey] for a key type or a curve that no signature
// known here is made with.
var ErrKeyType = errors.New("no key for a signature that this verifier knows")

// ParseKey reads a COSE_Key for verifying signatures: kty EC2 on P-256, P-384,
// P-521 and secp256k1, points compressed or not, and OKP with Ed25519. kid becomes
// the key's id as [KeyName] writes it; alg narrows what it may be used with. Private
// and symmetric keys, keys whose key_ops are for something else, coordinates of
// another length than the curve's, and points off the curve are refused.
// Parameters it does not know are ignored, as RFC 9052 §7.1 allows. Errors are
// *reason.Error with malformed or too_large, or wrap [ErrKeyType].
func ParseKey(raw []byte) (credential.Key, error) {
	m, err := strictcbor.Map(raw)
	if err != nil {
		return credential.Key{}, err
	}
	if _, ok := m[keyPrivate]; ok {
		return credential.Key{}, refuse("a key that holds its private half", nil)
	}
	if err := forVerifying(m); err != nil {
		return credential.Key{}, err
	}
	jwk := map[string]any{}
	kty, _ := parameter(m, keyType)
	switch kty {
	case typeOKP:
		err = fromOKP(m, jwk)
	case typeEC2:
		err = fromEC2(m, jwk)
	default:
		err = ErrKeyType
	}
	if err != nil {
		return credential.Key{}, err
	}
	if raw, ok := m[keyAlgorithm]; ok {
		alg, _, err := readAlgorithm(raw)
		if err != nil {
			return credential.Key{}, err
		}
		jwk["alg"] = string(alg)
	}
	k, err := credential.ParseJWKMap(jwk)
	if err != nil {
		return credential.Key{}, refuse("a key", err)
	}
	if raw, ok := m[keyID]; ok {
		id, err := strictcbor.Bytes(raw)
		if err != nil {
			return credential.Key{}, err
		}
		k = k.WithID(KeyName(id))
	}
	return k, nil
}

// KeyName is what a key identifier of bytes is called wherever names are text:
// base64url without padding, the form it has in trust lists ("kid" of a JWK) and in
// credential.Signer. It is empty for no identifier.
func KeyName(id []byte) string { return base64url.Encode(id) }

// ByKeyID finds the keys of a signer whose key identifier is bytes, where names are
// text. RFC 9052 §3.1: "The value can be anything"; so names are tried in this order,
// and the first that leads to a key counts:
//
//   - [KeyName], base64url
//   - the bytes as text, if they are: issuers that publish one key set for JOSE and
//     COSE use the same kid in both
//   - for 8 bytes, the certificate whose SHA-256 begins with them, as the EU family
//     names its certificates (Electronic Health Certificates 1.0.5 §2.6.3)
//
// It is a hint in any case: whose key it was, the signature says.
func ByKeyID(keys credential.Keys, kid []byte) credential.Keys {
	if keys == nil || len(kid) == 0 {
		return keys
	}
	return byKeyID{keys, kid}
}

type byKeyID struct {
	keys credential.Keys
	kid  []byte
}

// Find implements credential.Keys.
func (f byKeyID) Find(s credential.Signer) ([]credential.Key, []credential.Check) {
	s.KeyID = KeyName(f.kid)
	keys, checks := f.keys.Find(s)
	if len(keys) > 0 || !slices.ContainsFunc(checks, unknown) {
		return keys, checks
	}
	if utf8.Valid(f.kid) {
		s.KeyID = string(f.kid)
		if keys, found := f.keys.Find(s); len(keys) > 0 || !slices.ContainsFunc(found, unknown) {
			return keys, found // also that it is revoked, or cannot do the algorithm
		}
	}
	if len(f.kid) != digestKeyID {
		return nil, checks
	}
	s.KeyID = ""
	all, found := f.keys.Find(s)
	prefix := "sha256:" + hex.EncodeToString(f.kid)
	matched := slices.DeleteFunc(slices.Clone(all), func(k credential.Key) bool { return !strings.HasPrefix(k.ID(), prefix) })
	if len(matched) == 0 {
		return nil, checks
	}
	return matched, found
}

const digestKeyID = 8

func unknown(c credential.Check) bool { return c.Code == reason.KeyUnknown }

// forVerifying applies RFC 9052 §7.1: if key_ops is there, the key is for what it
// lists.
func forVerifying(m map[any]strictcbor.RawMessage) error {
	raw, ok := m[keyOperations]
	if !ok {
		return nil
	}
	operations, err := strictcbor.Array(raw)
	if err != nil {
		return err
	}
	for _, raw := range operations {
		var op any
		if err := strictcbor.Unmarshal(raw, &op); err != nil {
			return err
		}
		if n, _ := integer(op); n == operationVerify {
			return nil
		}
	}
	return refuse(`a key whose key_ops lack "verify"`, nil)
}

func fromOKP(m map[any]strictcbor.RawMessage, jwk map[string]any) error {
	if crv, _ := parameter(m, keyCurve); crv != 6 {
		return ErrKeyType
	}
	x, err := strictcbor.Bytes(m[keyX])
	jwk["kty"], jwk["crv"], jwk["x"] = "OKP", "Ed25519", base64url.Encode(x)
	return err
}

func fromEC2(m map[any]strictcbor.RawMessage, jwk map[string]any) error {
	crv, _ := parameter(m, keyCurve)
	name, ok := map[int64]string{1: "P-256", 2: "P-384", 3: "P-521", 8: "secp256k1"}[crv]
	if !ok {
		return ErrKeyType
	}
	x, err := strictcbor.Bytes(m[keyX])
	if err != nil {
		return err
	}
	y, err := second(name, x, m[keyY])
	jwk["kty"], jwk["crv"], jwk["x"], jwk["y"] = "EC", name, base64url.Encode(x), base64url.Encode(y)
	return err
}

// second is the y-coordinate: as bytes, or from "the value of the sign bit" (RFC
// 9053 §7.1.1).
func second(curve string, x []byte, raw strictcbor.RawMessage) ([]byte, error) {
	var sign byte
	switch string(raw) {
	case "\xf4":
		sign = 2
	case "\xf5":
		sign = 3
	default:
		return strictcbor.Bytes(raw)
	}
	compressed := append([]byte{sign}, x...)
	if curve == "secp256k1" {
		p, err := secp256k1.ParsePubKey(compressed)
		if err != nil {
			return nil, refuse("a key whose point does not lie on its curve", nil)
		}
		return p.SerializeUncompressed()[33:], nil
	}
	c := map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521()}[curve]
	p, err := sec1.Compressed(c, compressed)
	if err != nil {
		return nil, refuse("a key whose point does not lie on its curve", nil)
	}
	point, err := p.Bytes()
	return point[len(point)/2+1:], err
}

// parameter is the whole number called label.
func parameter(m map[any]strictcbor.RawMessage, label int64) (int64, bool) {
	var v any
	if err := strictcbor.Unmarshal(m[label], &v); err != nil {
		return 0, false
	}
	return integer(v)
}

// MarshalKey writes k as a COSE_Key, with extra parameters by label.
func MarshalKey(k credential.Key, extra map[int64]any) ([]byte, error) {
	jwk := k.JWK()
	octets := func(name string) []byte {
		s, _ := jwk[name].(string)
		b, _ := base64url.Decode(s)
		return b
	}
	crv, _ := jwk["crv"].(string)
	m := map[int64]any{keyX: octets("x")}
	switch jwk["kty"] {
	case "OKP":
		m[keyType], m[keyCurve] = typeOKP, 6
	case "EC":
		m[keyType], m[keyY] = typeEC2, octets("y")
		m[keyCurve] = map[string]int{"P-256": 1, "P-384": 2, "P-521": 3, "secp256k1": 8}[crv]
	default:
		return nil, ErrKeyType
	}
	for label, v := range extra {
		m[label] = v
	}
	return strictcbor.Marshal(m)
}
