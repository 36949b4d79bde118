package bbs

import (
	"math/big"

	bls12381 "github.com/consensys/gnark-crypto/ecc/bls12-381"
	"github.com/consensys/gnark-crypto/ecc/bls12-381/fr"
)

// SignatureSize is the length of a signature: a point and a scalar.
const SignatureSize = pointLen + scalarLen

// Sign is §3.5.1 and §3.6.1: a signature over messages in their order, and over
// header.
func (s *Suite) Sign(k *PrivateKey, header []byte, messages [][]byte) ([]byte, error) {
	points, encoded, err := s.first(len(messages))
	if err != nil {
		return nil, err
	}
	dom, msgs := domain(k.public, encoded, header), scalars(messages)
	in := appendScalar(nil, &k.scalar)
	for i := range msgs {
		in = appendScalar(in, &msgs[i])
	}
	e := hashToScalar(appendScalar(in, &dom), dstHash)
	var inverse fr.Element
	if inverse.Add(&k.scalar, &e).IsZero() || e.IsZero() {
		return nil, ErrInvalid // with a chance of 2^-254
	}
	inverse.Inverse(&inverse)
	b := s.commitment(points, &dom, msgs)
	a := multiply(&b, &inverse)
	return appendScalar(appendPoint(nil, &a), &e), nil
}

// Verify is §3.5.2 and §3.6.2. It returns nil, [ErrInvalid] or [ErrMessages].
func (s *Suite) Verify(k *PublicKey, signature, header []byte, messages [][]byte) error {
	points, encoded, err := s.first(len(messages))
	if err != nil {
		return err
	}
	a, e, ok := readSignature(signature)
	if !ok {
		return ErrInvalid
	}
	dom := domain(k, encoded, header)
	b := s.commitment(points, &dom, scalars(messages))
	// e(A, W + BP2 * e) * e(B, -BP2) is the identity.
	var w bls12381.G2Affine
	_, _, _, base := bls12381.Generators()
	w.ScalarMultiplication(&base, e.BigInt(new(big.Int)))
	w.Add(&w, &k.point)
	same, err := bls12381.PairingCheck([]bls12381.G1Affine{a, b}, []bls12381.G2Affine{w, s.p2})
	if err != nil || !same {
		return ErrInvalid
	}
	return nil
}

// readSignature is octets_to_signature (§4.2.4.3).
func readSignature(octets []byte) (a bls12381.G1Affine, e fr.Element, ok bool) {
	if len(octets) != SignatureSize {
		return a, e, false
	}
	a, isPoint := readPoint(octets[:pointLen])
	e, isScalar := readScalar(octets[pointLen:])
	return a, e, isPoint && isScalar
}

// commitment is B = P1 + Q_1 * domain + H_1 * msg_1 + ... + H_L * msg_L.
func (s *Suite) commitment(points []multiples, dom *fr.Element, msgs []fr.Element) bls12381.G1Affine {
	b := sum(points, append([]fr.Element{*dom}, msgs...))
	return *b.Add(&b, &s.p1[0])
}

func multiply(p *bls12381.G1Affine, e *fr.Element) (r bls12381.G1Affine) {
	return *r.ScalarMultiplication(p, e.BigInt(new(big.Int)))
}
