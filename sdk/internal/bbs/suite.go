package bbs

import (
	"encoding/binary"
	"errors"
	"sync"

	bls12381 "github.com/consensys/gnark-crypto/ecc/bls12-381"
	"github.com/consensys/gnark-crypto/ecc/bls12-381/fr"
	"github.com/consensys/gnark-crypto/field/hash"

	"github.com/dzong-id/dzong/sdk/limits"
)

// §7.2.2 and §7.3.
const (
	apiID     = "BBS_BLS12381G1_XMD:SHA-256_SSWU_RO_H2G_HM2S_"
	expandLen = 48

	dstHash      = apiID + "H2S_"
	dstMessage   = apiID + "MAP_MSG_TO_SCALAR_AS_HASH_"
	dstSeed      = apiID + "SIG_GENERATOR_SEED_"
	dstGenerator = apiID + "SIG_GENERATOR_DST_"
	seed         = apiID + "MESSAGE_GENERATOR_SEED"

	pointLen  = 48
	scalarLen = 32
)

// p1 is the fixed point P1 of §7.2.2.
var p1 = [pointLen]byte{
	0xa8, 0xce, 0x25, 0x61, 0x02, 0x84, 0x08, 0x21, 0xa3, 0xe9, 0x4e, 0xa9, 0x02, 0x5e, 0x46, 0x62,
	0xb2, 0x05, 0x76, 0x2f, 0x97, 0x76, 0xb3, 0xa7, 0x66, 0xc8, 0x72, 0xb9, 0x48, 0xf1, 0xfd, 0x22,
	0x5e, 0x7c, 0x59, 0x69, 0x85, 0x88, 0xe7, 0x0d, 0x11, 0x40, 0x6d, 0x16, 0x1b, 0x4e, 0x28, 0xc9,
}

var (
	// ErrInvalid is returned for a signature or proof that does not verify, or is
	// none.
	ErrInvalid = errors.New("BBS: does not verify")
	// ErrMessages is returned where there are more messages than
	// limits.BBSMessages.
	ErrMessages = errors.New("BBS: too many messages")
)

// Suite holds what all keys share: the generators, made when they are first
// needed and kept. Make one with [New] and keep it. It is safe for concurrent use.
type Suite struct {
	p1 multiples
	p2 bls12381.G2Affine // the negated base point of G2

	mu         sync.Mutex
	v          []byte // where the making of generators stands
	generators []multiples
	encoded    []byte // the generators, one behind the other
}

// New makes a suite without any generators.
func New() *Suite {
	s := &Suite{}
	var p bls12381.G1Affine
	if _, err := p.SetBytes(p1[:]); err != nil {
		panic("BBS: P1 is no point: " + err.Error()) // a constant of the draft, tested
	}
	s.p1 = tables(p)[0]
	_, _, _, base := bls12381.Generators()
	s.p2.Neg(&base)
	s.v = expand([]byte(seed), dstSeed)
	return s
}

// first gives Q_1 and the generators of count messages (§4.1.1, create_generators),
// and their encodings. Neither is changed once it is made.
func (s *Suite) first(count int) (points []multiples, encoded []byte, err error) {
	if count > limits.BBSMessages {
		return nil, nil, ErrMessages
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.generators) < count+1 {
		s.v = expand(binary.BigEndian.AppendUint64(s.v, uint64(len(s.generators)+1)), dstSeed)
		point, err := bls12381.HashToG1(s.v, []byte(dstGenerator))
		if err != nil {
			return nil, nil, err
		}
		bytes := point.Bytes()
		s.generators = append(s.generators, tables(point)...)
		s.encoded = append(s.encoded, bytes[:]...)
	}
	n := count + 1
	return s.generators[:n:n], s.encoded[: n*pointLen : n*pointLen], nil
}

// expand is expand_message_xmd with SHA-256 (RFC 9380 §5.3.1). It fails for
// outputs and tags longer than any used here.
func expand(message []byte, dst string) []byte {
	out, err := hash.ExpandMsgXmd(message, []byte(dst), expandLen)
	if err != nil {
		panic("BBS: " + err.Error()) // lengths are constants of this package
	}
	return out
}

// hashToScalar is §4.2.2.
func hashToScalar(message []byte, dst string) (e fr.Element) {
	return *e.SetBytes(expand(message, dst))
}

// scalars maps messages to scalars (§4.1.2).
func scalars(messages [][]byte) []fr.Element {
	out := make([]fr.Element, len(messages))
	for i, m := range messages {
		out[i] = hashToScalar(m, dstMessage)
	}
	return out
}

// domain binds a signature to the key, the number of messages and the header
// (§4.2.3, calculate_domain).
func domain(k *PublicKey, encoded, header []byte) fr.Element {
	in := make([]byte, 0, PublicKeySize+8+len(encoded)+len(apiID)+8+len(header))
	in = append(in, k.encoded[:]...)
	in = binary.BigEndian.AppendUint64(in, uint64(len(encoded)/pointLen-1))
	in = append(in, encoded...)
	in = append(in, apiID...)
	return hashToScalar(appendOctets(in, header), dstHash)
}

func appendOctets(dst, octets []byte) []byte {
	return append(binary.BigEndian.AppendUint64(dst, uint64(len(octets))), octets...)
}

func appendScalar(dst []byte, e *fr.Element) []byte {
	b := e.Bytes()
	return append(dst, b[:]...)
}

func appendPoint(dst []byte, p *bls12381.G1Affine) []byte {
	b := p.Bytes()
	return append(dst, b[:]...)
}

// readPoint is octets_to_point_g1 and the checks that §4.2.4 wants with it: one
// encoding, on the curve, in the subgroup, not the identity.
func readPoint(octets []byte) (p bls12381.G1Affine, ok bool) {
	if len(octets) != pointLen || octets[0]>>6 != 0b10 {
		return p, false // 0b11 is the identity, 0b0x is not compressed
	}
	_, err := p.SetBytes(octets)
	return p, err == nil && !p.IsInfinity()
}

// readScalar reads a number from 1 to the order less one.
func readScalar(octets []byte) (e fr.Element, ok bool) {
	err := e.SetBytesCanonical(octets)
	return e, err == nil && !e.IsZero()
}
