package did

import (
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/x509"
	"errors"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/multibase"
	"github.com/dzong-id/dzong/sdk/internal/multicodec"
	"github.com/dzong-id/dzong/sdk/internal/sec1"
	"github.com/dzong-id/dzong/sdk/limits"
)

// ErrKeyType is returned for a well-formed key of a kind that is known and that
// nothing here verifies with: X25519, and BLS12-381 in G1.
var ErrKeyType = errors.New("read Multikey: a key of this kind verifies no signature here")

var errMultikey = errors.New("read Multikey: no key, or not in its one form")

// ParseMultikey reads a public key as a Multikey (Controlled Identifiers 1.0
// §2.2.2): multibase over a multicodec and the key. It knows Ed25519, P-256,
// P-384, P-521, secp256k1 (points compressed), BLS12-381 in G2 (a form, not yet a point:
// see [credential.BLS12381G2]) and RSA of 2048 bits and more; X25519 and BLS12-381
// in G1 are recognised and give [ErrKeyType]. The key has no id.
func ParseMultikey(text string) (credential.Key, error) {
	if len(text) > limits.DID {
		return credential.Key{}, errMultikey
	}
	data, err := multibase.Decode(text)
	if err != nil {
		return credential.Key{}, errMultikey
	}
	return coded(data)
}

// base58Multikey is ParseMultikey for where base58btc alone is allowed.
func base58Multikey(text string) (credential.Key, error) {
	if text == "" || text[0] != multibase.Base58BTC {
		return credential.Key{}, errMultikey
	}
	return ParseMultikey(text)
}

func coded(data []byte) (credential.Key, error) {
	code, raw, err := multicodec.Split(data)
	if err != nil {
		return credential.Key{}, errMultikey
	}
	switch code {
	case multicodec.Ed25519:
		return ed25519Key(raw)
	case multicodec.P256:
		return compressed(elliptic.P256(), raw)
	case multicodec.P384:
		return compressed(elliptic.P384(), raw)
	case multicodec.P521:
		return compressed(elliptic.P521(), raw)
	case multicodec.Secp256k1:
		if len(raw) != secp256k1.PubKeyBytesLenCompressed {
			return credential.Key{}, errMultikey
		}
		return secp256k1Key(raw)
	case multicodec.RSA:
		public, err := x509.ParsePKCS1PublicKey(raw)
		if err != nil {
			return credential.Key{}, errMultikey
		}
		return credential.NewKey("", public)
	case multicodec.BLS12381G2:
		return blsKey(raw)
	case multicodec.X25519, multicodec.BLS12381G1, multicodec.BLS12381G1G2:
		sizes := map[multicodec.Code]int{multicodec.X25519: 32, multicodec.BLS12381G1: 48, multicodec.BLS12381G1G2: 48 + 96}
		if len(raw) == sizes[code] {
			return credential.Key{}, ErrKeyType
		}
	}
	return credential.Key{}, errMultikey
}

func ed25519Key(raw []byte) (credential.Key, error) {
	if len(raw) != ed25519.PublicKeySize {
		return credential.Key{}, errMultikey
	}
	return credential.NewKey("", ed25519.PublicKey(raw))
}

func blsKey(raw []byte) (credential.Key, error) {
	var p credential.BLS12381G2
	if len(raw) != len(p) {
		return credential.Key{}, errMultikey
	}
	copy(p[:], raw)
	return credential.NewKey("", p)
}

// secp256k1Key reads a point compressed, or uncompressed as old documents of
// did:polygon have it. The hybrid form of SEC 1 is refused.
func secp256k1Key(raw []byte) (credential.Key, error) {
	if len(raw) == secp256k1.PubKeyBytesLenUncompressed && raw[0] != secp256k1.PubKeyFormatUncompressed {
		return credential.Key{}, errMultikey
	}
	p, err := secp256k1.ParsePubKey(raw)
	if err != nil {
		return credential.Key{}, errMultikey
	}
	return credential.NewKey("", p)
}

// compressed reads a point of a NIST curve, compressed alone.
func compressed(curve elliptic.Curve, raw []byte) (credential.Key, error) {
	p, err := sec1.Compressed(curve, raw)
	if err != nil {
		return credential.Key{}, errMultikey
	}
	return credential.NewKey("", p)
}
