package bbs

import (
	"encoding/binary"
	"errors"
	"math/big"

	bls12381 "github.com/consensys/gnark-crypto/ecc/bls12-381"
	"github.com/consensys/gnark-crypto/ecc/bls12-381/fr"
)

// PublicKeySize is the length of an encoded public key.
const PublicKeySize = 96

// PublicKey is a validated point of G2.
type PublicKey struct {
	point   bls12381.G2Affine
	encoded [PublicKeySize]byte
}

var errKey = errors.New("BBS: this is no public key")

// ParsePublicKey is octets_to_pubkey (§4.2.4.6): the one encoding of a point on
// the curve, in the subgroup, other than the identity.
func ParsePublicKey(octets []byte) (*PublicKey, error) {
	k := &PublicKey{}
	if len(octets) != PublicKeySize || octets[0]>>6 != 0b10 {
		return nil, errKey
	}
	if _, err := k.point.SetBytes(octets); err != nil || k.point.IsInfinity() {
		return nil, errKey
	}
	copy(k.encoded[:], octets)
	return k, nil
}

// Bytes is the key's encoding.
func (k *PublicKey) Bytes() [PublicKeySize]byte { return k.encoded }

// PrivateKey is a secret scalar and its public key.
type PrivateKey struct {
	scalar fr.Element
	public *PublicKey
}

// GenerateKey is KeyGen (§3.4.1) with the default tag. material must be unguessable
// and at least 32 bytes long; info may be empty.
func GenerateKey(material, info []byte) (*PrivateKey, error) {
	if len(material) < 32 || len(info) > 65535 {
		return nil, errors.New("BBS: key material is shorter than 32 bytes or key info too long")
	}
	in := binary.BigEndian.AppendUint16(append([]byte{}, material...), uint16(len(info)))
	secret := hashToScalar(append(in, info...), apiID+"KEYGEN_DST_")
	return ParsePrivateKey(appendScalar(nil, &secret))
}

// ParsePrivateKey reads a secret scalar of 32 bytes.
func ParsePrivateKey(octets []byte) (*PrivateKey, error) {
	secret, ok := readScalar(octets)
	if !ok {
		return nil, errors.New("BBS: this is no private key")
	}
	_, _, _, base := bls12381.Generators()
	public := &PublicKey{}
	public.point.ScalarMultiplication(&base, secret.BigInt(new(big.Int)))
	public.encoded = public.point.Bytes()
	return &PrivateKey{secret, public}, nil
}

// Public is the public key.
func (k *PrivateKey) Public() *PublicKey { return k.public }
