package credential

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"math/big"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	k1ecdsa "github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
)

// Verify checks a JOSE signature over signed: r||s of fixed length for ECDSA
// (RFC 7518 §3.4, RFC 8812 §3.2), 64 bytes for Ed25519 (RFC 8037 §3.1), PKCS #1
// v1.5 or PSS for RSA. It returns nil, [ErrAlgorithm] if the key does not allow
// a or a is BBS, or [ErrSignature]. An ECDSA signature has a twin (r, n-s) that verifies
// too: never identify anything by a signature.
func (k Key) Verify(a Algorithm, signed, signature []byte) error {
	// BBS signs a list of messages, not bytes: its suites verify it themselves.
	if !k.algorithms.Has(a) || a == BBS {
		return ErrAlgorithm
	}
	var ok bool
	switch p := k.public.(type) {
	case *ecdsa.PublicKey:
		size := (p.Curve.Params().BitSize + 7) / 8
		// §3.4: "If it is not a 64-octet sequence, the validation has failed."
		if len(signature) == 2*size {
			var buf [141]byte // the longest: two 66-byte integers of P-521
			der := appendDER(buf[:0], signature[:size], signature[size:])
			ok = ecdsa.VerifyASN1(p, digest(a, signed), der)
		}
	case ed25519.PublicKey:
		ok = ed25519.Verify(p, signed, signature)
	case *secp256k1.PublicKey:
		ok = verifyK1(p, signed, signature)
	case *rsa.PublicKey:
		h := hashes[a]
		switch a {
		case PS256, PS384, PS512:
			// RFC 7518 §3.5: "The size of the salt value is the same size as the
			// hash function output."
			ok = rsa.VerifyPSS(p, h, digest(a, signed), signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) == nil
		default:
			ok = rsa.VerifyPKCS1v15(p, h, digest(a, signed), signature) == nil
		}
	}
	if !ok {
		return ErrSignature
	}
	return nil
}

// verifyK1 checks an ES256K signature. Both values must lie in [1, n-1]: what is
// too large is refused here, where the package below would reduce it, and zero
// there. A high s is taken, since RFC 8812 does not ask for a low one.
func verifyK1(p *secp256k1.PublicKey, signed, signature []byte) bool {
	if len(signature) != 64 {
		return false
	}
	var r, s secp256k1.ModNScalar
	if r.SetByteSlice(signature[:32]) || s.SetByteSlice(signature[32:]) {
		return false
	}
	sum := sha256.Sum256(signed)
	return k1ecdsa.NewSignature(&r, &s).Verify(sum[:], p)
}

var hashes = map[Algorithm]crypto.Hash{
	RS256: crypto.SHA256, PS256: crypto.SHA256,
	RS384: crypto.SHA384, PS384: crypto.SHA384,
	RS512: crypto.SHA512, PS512: crypto.SHA512,
}

func digest(a Algorithm, signed []byte) []byte {
	switch a {
	case ES384, RS384, PS384:
		sum := sha512.Sum384(signed)
		return sum[:]
	case ES512, RS512, PS512:
		sum := sha512.Sum512(signed)
		return sum[:]
	default:
		sum := sha256.Sum256(signed)
		return sum[:]
	}
}

// appendDER writes r and s, unsigned and big-endian, as the ASN.1
// Ecdsa-Sig-Value that crypto/ecdsa takes.
func appendDER(dst, r, s []byte) []byte {
	r, s = minimal(r), minimal(s)
	length := 2 + derLength(r) + 2 + derLength(s)
	dst = append(dst, 0x30)
	if length > 127 { // P-521 alone
		dst = append(dst, 0x81)
	}
	dst = append(dst, byte(length))
	for _, v := range [][]byte{r, s} {
		dst = append(dst, 0x02, byte(derLength(v)))
		if v[0] >= 0x80 {
			dst = append(dst, 0)
		}
		dst = append(dst, v...)
	}
	return dst
}

func minimal(v []byte) []byte {
	for len(v) > 1 && v[0] == 0 {
		v = v[1:]
	}
	return v
}

func derLength(v []byte) int {
	if v[0] >= 0x80 {
		return len(v) + 1
	}
	return len(v)
}

func cloneInt(n *big.Int) *big.Int { return new(big.Int).Set(n) }
