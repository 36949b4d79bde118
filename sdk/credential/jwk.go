package credential

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"errors"
	"fmt"
	"math/big"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
)

// ParseJWK reads one public JSON Web Key (RFC 7517) for verifying signatures:
// kty EC on P-256, P-384, P-521 (RFC 7518 §6.2) and secp256k1 (RFC 8812), OKP
// with Ed25519 (RFC 8037), RSA of 2048 to 8192 bits. "kid" becomes the key's id;
// "alg" narrows what it may be used with. Private and symmetric keys, keys whose
// "use" or "key_ops" are for something else, coordinates of another length than
// the curve's, and points off the curve are refused. Members it does not know
// are ignored, as RFC 7517 §4 demands.
func ParseJWK(data []byte) (Key, error) {
	m, err := strictjson.DecodeObject(data)
	if err != nil {
		return Key{}, fmt.Errorf("read JWK: %w", err)
	}
	return ParseJWKMap(m)
}

// ParseJWKMap is [ParseJWK] for a JWK that was decoded already, as in a cnf
// claim.
func ParseJWKMap(m map[string]any) (Key, error) {
	if err := refusePrivate(m); err != nil {
		return Key{}, err
	}
	id, err := optionalString(m, "kid")
	if err != nil {
		return Key{}, err
	}
	if err := forVerifying(m); err != nil {
		return Key{}, err
	}
	kty, _ := m["kty"].(string)
	var k Key
	switch kty {
	case "EC":
		k, err = parseEC(m)
	case "OKP":
		k, err = parseOKP(m)
	case "RSA":
		k, err = parseRSA(m)
	default:
		return Key{}, errors.New("read JWK: kty is none of EC, OKP, RSA")
	}
	if err != nil {
		return Key{}, err
	}
	alg, err := optionalString(m, "alg")
	if err != nil {
		return Key{}, err
	}
	if alg != "" {
		only, _ := AlgorithmSet(0).With(Algorithm(alg))
		if k.algorithms &= only; k.algorithms == 0 {
			return Key{}, errors.New("read JWK: alg is no signature algorithm of this kind of key")
		}
	}
	k.id = id
	return k, nil
}

// refusePrivate refuses what nobody may hand to a verifier: a private key in a
// trust list or a cnf claim is a secret that has leaked.
func refusePrivate(m map[string]any) error {
	for _, name := range [...]string{"d", "k", "p", "q", "dp", "dq", "qi", "oth", "priv"} {
		if _, ok := m[name]; ok {
			return errors.New("read JWK: it holds private or symmetric key material (" + name + ")")
		}
	}
	return nil
}

// forVerifying applies RFC 7517 §4.2 and §4.3.
func forVerifying(m map[string]any) error {
	use, err := optionalString(m, "use")
	if err != nil {
		return err
	}
	if use != "" && use != "sig" {
		return errors.New(`read JWK: use is not "sig"`)
	}
	ops, ok := m["key_ops"]
	if !ok {
		return nil
	}
	list, ok := ops.([]any)
	if !ok {
		return errors.New("read JWK: key_ops is no array")
	}
	for _, op := range list {
		if op == any("verify") {
			return nil
		}
	}
	return errors.New(`read JWK: key_ops lacks "verify"`)
}

func parseEC(m map[string]any) (Key, error) {
	var curve elliptic.Curve
	size := 32
	crv, _ := m["crv"].(string)
	switch crv {
	case "P-256":
		curve = elliptic.P256()
	case "P-384":
		curve, size = elliptic.P384(), 48
	case "P-521":
		curve, size = elliptic.P521(), 66
	case "secp256k1":
	default:
		return Key{}, errors.New("read JWK: crv is none of P-256, P-384, P-521, secp256k1")
	}
	// RFC 7518 §6.2.1.2: "The length of this octet string MUST be the full size
	// of a coordinate for the curve".
	x, err := octets(m, "x", size)
	if err != nil {
		return Key{}, err
	}
	y, err := octets(m, "y", size)
	if err != nil {
		return Key{}, err
	}
	point := append(append([]byte{4}, x...), y...)
	if curve == nil {
		p, err := secp256k1.ParsePubKey(point)
		if err != nil {
			return Key{}, errors.New("read JWK: the point does not lie on its curve")
		}
		return NewKey("", p)
	}
	p, err := ecdsa.ParseUncompressedPublicKey(curve, point)
	if err != nil {
		return Key{}, errors.New("read JWK: the point does not lie on its curve")
	}
	return NewKey("", p)
}

func parseOKP(m map[string]any) (Key, error) {
	if crv, _ := m["crv"].(string); crv != "Ed25519" {
		return Key{}, errors.New("read JWK: crv is not Ed25519")
	}
	x, err := octets(m, "x", ed25519.PublicKeySize)
	if err != nil {
		return Key{}, err
	}
	return NewKey("", ed25519.PublicKey(x))
}

func parseRSA(m map[string]any) (Key, error) {
	n, err := octets(m, "n", 0)
	if err != nil {
		return Key{}, err
	}
	e, err := octets(m, "e", 0)
	if err != nil {
		return Key{}, err
	}
	// RFC 7518 §2, Base64urlUInt: "The octet sequence MUST utilize the minimum
	// number of octets needed to represent the value."
	if n[0] == 0 || e[0] == 0 || len(n) > rsaMost/8 || len(e) > 4 {
		return Key{}, errors.New("read JWK: n or e is not in its shortest form, or too large")
	}
	exponent := new(big.Int).SetBytes(e).Int64()
	if exponent > 1<<31-1 {
		return Key{}, errors.New("read JWK: e is too large")
	}
	return NewKey("", &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(exponent)})
}

// octets is the base64url member name, of exactly size bytes, or of any number
// but none if size is 0.
func octets(m map[string]any, name string, size int) ([]byte, error) {
	s, ok := m[name].(string)
	if !ok || s == "" || len(s) > 2*rsaMost/8 {
		return nil, errors.New("read JWK: " + name + " is missing, no string, or too long")
	}
	b, err := base64url.Decode(s)
	if err != nil {
		return nil, fmt.Errorf("read JWK: %s: %w", name, err)
	}
	if size != 0 && len(b) != size {
		return nil, fmt.Errorf("read JWK: %s has %d bytes, not %d", name, len(b), size)
	}
	return b, nil
}

func optionalString(m map[string]any, name string) (string, error) {
	v, ok := m[name]
	if !ok {
		return "", nil
	}
	s, ok := v.(string)
	if !ok || s == "" {
		return "", errors.New("read JWK: " + name + " is no string or empty")
	}
	return s, nil
}

// JWK is the key as a JSON Web Key with its id as "kid", if it has one; nil for
// the zero key and for [BLS12381G2]. The map is the caller's.
func (k Key) JWK() map[string]any {
	var m map[string]any
	switch p := k.public.(type) {
	case *ecdsa.PublicKey:
		x, y := coordinates(p)
		m = map[string]any{"kty": "EC", "crv": p.Curve.Params().Name, "x": base64url.Encode(x), "y": base64url.Encode(y)}
	case *secp256k1.PublicKey:
		raw := p.SerializeUncompressed()
		m = map[string]any{"kty": "EC", "crv": "secp256k1", "x": base64url.Encode(raw[1:33]), "y": base64url.Encode(raw[33:])}
	case ed25519.PublicKey:
		m = map[string]any{"kty": "OKP", "crv": "Ed25519", "x": base64url.Encode(p)}
	case *rsa.PublicKey:
		m = map[string]any{"kty": "RSA", "n": base64url.Encode(p.N.Bytes()), "e": base64url.Encode(big.NewInt(int64(p.E)).Bytes())}
	default:
		return nil
	}
	if k.id != "" {
		m["kid"] = k.id
	}
	return m
}

// canonical is what RFC 7638 §3 hashes: the required members alone, in
// lexicographic order, no white space. No value here needs escaping.
func (k Key) canonical() []byte {
	m := k.JWK()
	var names []string
	switch m["kty"] {
	case "EC":
		names = []string{"crv", "kty", "x", "y"}
	case "OKP":
		names = []string{"crv", "kty", "x"} // RFC 8037 §2
	default:
		names = []string{"e", "kty", "n"}
	}
	out := []byte{'{'}
	for i, name := range names {
		if i > 0 {
			out = append(out, ',')
		}
		out = fmt.Appendf(out, `"%s":"%s"`, name, m[name])
	}
	return append(out, '}')
}

func coordinates(p *ecdsa.PublicKey) (x, y []byte) {
	raw, err := p.Bytes()
	if err != nil { // NewKey has checked the point
		return nil, nil
	}
	size := (len(raw) - 1) / 2
	return raw[1 : 1+size], raw[1+size:]
}
