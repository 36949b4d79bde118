package jws

import (
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/asn1"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	k1ecdsa "github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
)

// Signer makes signatures under one algorithm.
type Signer interface {
	Algorithm() credential.Algorithm
	Sign(input []byte) (signature []byte, err error)
}

// Sign makes a compact JWS. The header's alg is set to the signer's unless the
// header has one already, which lets a test lie.
func Sign(header map[string]any, payload []byte, s Signer) (string, error) {
	h := maps.Clone(header)
	if h == nil {
		h = map[string]any{}
	}
	if _, ok := h["alg"]; !ok {
		h["alg"] = string(s.Algorithm())
	}
	head, err := json.Marshal(h)
	if err != nil {
		return "", fmt.Errorf("sign JWS: write its header: %w", err)
	}
	input := base64url.Encode(head) + "." + base64url.Encode(payload)
	sig, err := s.Sign([]byte(input))
	if err != nil {
		return "", fmt.Errorf("sign JWS: %w", err)
	}
	return input + "." + base64url.Encode(sig), nil
}

// PrivateKey is a private key and the one algorithm it signs with. ECDSA and
// Ed25519 signatures are deterministic (RFC 6979, RFC 8032), so that a virtual
// world makes the same bytes every time. It is a [Signer].
type PrivateKey struct {
	alg    credential.Algorithm
	key    any
	public crypto.PublicKey
}

// Generate makes a new private key for alg; RSA keys have 2048 bits.
func Generate(alg credential.Algorithm) (*PrivateKey, error) {
	if isRSA(alg) {
		k, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return nil, fmt.Errorf("make %s key: %w", alg, err)
		}
		return NewPrivateKey(alg, k)
	}
	seed := make([]byte, 32)
	rand.Read(seed) // never fails
	return Derive(alg, seed)
}

// Derive makes the private key for alg that seed stands for, the same one each
// time. There is none for RSA.
func Derive(alg credential.Algorithm, seed []byte) (*PrivateKey, error) {
	// Try candidates until one lies in [1, n-1]; for P-521 the top seven bits of
	// 66 bytes are cleared first.
	for i := range 256 {
		a := sha512.Sum512(fmt.Appendf(nil, "dzong private key %s %d 0 %x", alg, i, seed))
		b := sha512.Sum512(fmt.Appendf(nil, "dzong private key %s %d 1 %x", alg, i, seed))
		raw := append(a[:], b[:]...)
		switch alg {
		case credential.EdDSA, credential.Ed25519:
			return NewPrivateKey(alg, ed25519.NewKeyFromSeed(raw[:32]))
		case credential.ES256K:
			k := secp256k1.PrivKeyFromBytes(raw[:32])
			if !k.Key.IsZero() {
				return NewPrivateKey(alg, k)
			}
		case credential.ES256, credential.ES384, credential.ES512:
			curve := curves[alg]
			size := (curve.Params().BitSize + 7) / 8
			if alg == credential.ES512 {
				raw[0] &= 1
			}
			if k, err := ecdsa.ParseRawPrivateKey(curve, raw[:size]); err == nil {
				return NewPrivateKey(alg, k)
			}
		default:
			return nil, fmt.Errorf("derive key: no keys can be derived for algorithm %q", alg)
		}
	}
	return nil, errors.New("derive key: no candidate was a key; take another seed")
}

// NewPrivateKey wraps *ecdsa.PrivateKey, ed25519.PrivateKey, *rsa.PrivateKey or
// *secp256k1.PrivateKey for alg, which must suit it.
func NewPrivateKey(alg credential.Algorithm, key any) (*PrivateKey, error) {
	p := &PrivateKey{alg: alg, key: key}
	switch k := key.(type) {
	case *ecdsa.PrivateKey:
		p.public = &k.PublicKey
	case ed25519.PrivateKey:
		p.public = k.Public()
	case *rsa.PrivateKey:
		p.public = &k.PublicKey
	case *secp256k1.PrivateKey:
		p.public = k.PubKey()
	default:
		return nil, fmt.Errorf("make signer: %T is no private key this package knows", key)
	}
	pub, err := credential.NewKey("", p.public)
	if err != nil {
		return nil, fmt.Errorf("make signer: %w", err)
	}
	if !pub.Algorithms().Has(alg) {
		return nil, fmt.Errorf("make signer: algorithm %q does not suit %T", alg, key)
	}
	return p, nil
}

// Algorithm is what the key signs with.
func (p *PrivateKey) Algorithm() credential.Algorithm { return p.alg }

// ECDH is the same key for agreeing on a secret, as the device key of a mobile
// document may be used; an error for keys that are not on a NIST curve.
func (p *PrivateKey) ECDH() (*ecdh.PrivateKey, error) {
	k, ok := p.key.(*ecdsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("agree on a secret: %T is no key on a NIST curve", p.key)
	}
	return k.ECDH()
}

// Public is the key that verifies what p signs, called id.
func (p *PrivateKey) Public(id string) credential.Key {
	k, _ := credential.NewKey(id, p.public) // NewPrivateKey has made it once
	return k
}

// JWK is the public key as a JSON Web Key, with "kid" if id is not empty. The
// map is the caller's.
func (p *PrivateKey) JWK(id string) map[string]any { return p.Public(id).JWK() }

// Sign signs input in the form JOSE wants.
func (p *PrivateKey) Sign(input []byte) ([]byte, error) {
	switch k := p.key.(type) {
	case ed25519.PrivateKey:
		return ed25519.Sign(k, input), nil
	case *secp256k1.PrivateKey:
		sum := sha256.Sum256(input)
		sig := k1ecdsa.Sign(k, sum[:])
		r, s := sig.R(), sig.S()
		rb, sb := r.Bytes(), s.Bytes()
		return append(rb[:], sb[:]...), nil
	case *ecdsa.PrivateKey:
		h := hashOf(p.alg)
		der, err := k.Sign(nil, sum(h, input), h) // no randomness: RFC 6979
		if err != nil {
			return nil, err
		}
		var v struct{ R, S *big.Int }
		if _, err := asn1.Unmarshal(der, &v); err != nil {
			return nil, err
		}
		size := (k.Curve.Params().BitSize + 7) / 8
		out := make([]byte, 2*size)
		v.R.FillBytes(out[:size])
		v.S.FillBytes(out[size:])
		return out, nil
	case *rsa.PrivateKey:
		h := hashOf(p.alg)
		switch p.alg {
		case credential.PS256, credential.PS384, credential.PS512:
			return rsa.SignPSS(rand.Reader, k, h, sum(h, input), &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
		}
		return rsa.SignPKCS1v15(nil, k, h, sum(h, input))
	}
	return nil, fmt.Errorf("%T cannot sign", p.key)
}

var curves = map[credential.Algorithm]elliptic.Curve{
	credential.ES256: elliptic.P256(), credential.ES384: elliptic.P384(), credential.ES512: elliptic.P521(),
}

func isRSA(alg credential.Algorithm) bool {
	switch alg {
	case credential.RS256, credential.RS384, credential.RS512, credential.PS256, credential.PS384, credential.PS512:
		return true
	}
	return false
}

func hashOf(alg credential.Algorithm) crypto.Hash {
	switch alg {
	case credential.ES384, credential.RS384, credential.PS384:
		return crypto.SHA384
	case credential.ES512, credential.RS512, credential.PS512:
		return crypto.SHA512
	}
	return crypto.SHA256
}

func sum(h crypto.Hash, input []byte) []byte {
	d := h.New()
	d.Write(input)
	return d.Sum(nil)
}
