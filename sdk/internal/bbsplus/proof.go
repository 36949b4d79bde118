package bbsplus

import (
	"bytes"
	"encoding/binary"
	"errors"

	"github.com/dzong-id/dzong/sdk/limits"
)

const (
	pointLen  = 48
	scalarLen = 32
	countLen  = 4

	// SignatureSize is the length of a signature: a point and two scalars.
	SignatureSize = pointLen + 2*scalarLen

	// blinding is the number of responses beside those for hidden messages, in each
	// of the two proofs inside a proof.
	blinding = 2
)

var (
	// ErrMalformed is returned for bytes that are no proof or signature in their one
	// form.
	ErrMalformed = errors.New("BBS+: this is no proof or signature")
	// ErrMessages is returned where there are more messages than
	// limits.BBSPlusMessages.
	ErrMessages = errors.New("BBS+: too many messages")
	// ErrInvalid is returned for a signature or proof that does not verify.
	ErrInvalid = errors.New("BBS+: does not verify")
)

// order is the order of the groups; a scalar is less.
var order = [scalarLen]byte{
	0x73, 0xed, 0xa7, 0x53, 0x29, 0x9d, 0x7d, 0x48, 0x33, 0x39, 0xd8, 0x08, 0x09, 0xa1, 0xd8, 0x05,
	0x53, 0xbd, 0xa4, 0x02, 0xff, 0xfe, 0x5b, 0xfe, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01,
}

// Proof is a proof whose form was checked: every length, every scalar, and that no
// point is the identity. Whether its points lie on the curve and in the group shows
// when it is verified. It is immutable.
type Proof struct {
	octets   []byte
	total    int
	revealed []int
}

// ParseProof reads a proof: the number of messages in two bytes; a bit for each of
// them, disclosed or not, the last message first; the points A', Abar and d; and two
// proofs, the length before the first, of a commitment and a counted list of
// responses. The error is [ErrMalformed] or [ErrMessages].
func ParseProof(octets []byte) (*Proof, error) {
	if len(octets) < 2 {
		return nil, ErrMalformed
	}
	p := &Proof{octets: bytes.Clone(octets), total: int(binary.BigEndian.Uint16(octets))}
	// All of it follows from this number and is as long as it says.
	if p.total > limits.BBSPlusMessages {
		return nil, ErrMessages
	}
	r := &reader{left: octets[2:], ok: true}
	bits := r.take(p.total/8 + 1)
	for i := range 8 * len(bits) {
		if bits[len(bits)-1-i/8]>>(i%8)&1 == 1 {
			p.revealed = append(p.revealed, i)
		}
	}
	if n := len(p.revealed); n == 0 || p.revealed[n-1] >= p.total {
		return nil, ErrMalformed
	}
	for range 3 {
		r.point()
	}
	r.number(pointLen + countLen + blinding*scalarLen)
	for _, responses := range [...]int{blinding, blinding + p.total - len(p.revealed)} {
		r.point()
		r.number(responses)
		for range responses {
			r.scalar()
		}
	}
	if !r.ok || len(r.left) > 0 {
		return nil, ErrMalformed
	}
	return p, nil
}

// Revealed is which of the signed messages are disclosed, ascending, from 0.
func (p *Proof) Revealed() []int { return append([]int(nil), p.revealed...) }

// ParseSignature reads a signature: a point and two scalars. The error is
// [ErrMalformed].
func ParseSignature(octets []byte) (*Signature, error) {
	r := &reader{left: octets, ok: true}
	r.point()
	r.scalar()
	r.scalar()
	if !r.ok || len(r.left) > 0 {
		return nil, ErrMalformed
	}
	return &Signature{bytes.Clone(octets)}, nil
}

// Signature is a signature whose form was checked as that of a [Proof] is. It is
// immutable.
type Signature struct{ octets []byte }

// reader takes bytes off the front. ok stays true while everything has its form.
type reader struct {
	left []byte
	ok   bool
}

func (r *reader) take(n int) []byte {
	if len(r.left) < n {
		r.ok, r.left = false, nil
		return nil
	}
	out := r.left[:n]
	r.left = r.left[n:]
	return out
}

// number takes four bytes that must be n.
func (r *reader) number(n int) {
	b := r.take(countLen)
	r.ok = r.ok && binary.BigEndian.Uint32(b) == uint32(n)
}

func (r *reader) point() {
	b := r.take(pointLen)
	r.ok = r.ok && compressed(b)
}

// compressed reports whether a point is flagged as compressed and not as the
// identity (draft-irtf-cfrg-pairing-friendly-curves, Appendix C).
func compressed(point []byte) bool { return point[0]>>6 == 0b10 }

func (r *reader) scalar() {
	b := r.take(scalarLen)
	r.ok = r.ok && bytes.Compare(b, order[:]) < 0
}
