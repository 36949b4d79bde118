package bbs

import (
	"encoding/binary"
	"errors"
	"io"

	bls12381 "github.com/consensys/gnark-crypto/ecc/bls12-381"
	"github.com/consensys/gnark-crypto/ecc/bls12-381/fr"

	"github.com/dzong-id/dzong/sdk/limits"
)

// leastProof is the length of a proof that hides no message: three points, three
// responses and the challenge.
const leastProof = 3*pointLen + 4*scalarLen

// Deriving is what a proof is made from.
type Deriving struct {
	Key                        *PublicKey
	Signature                  []byte
	Header, PresentationHeader []byte
	Messages                   [][]byte // all that were signed
	Disclosed                  []int    // which of them to disclose, ascending, from 0
}

// Derive is ProofGen (§3.5.3, §3.6.3): a proof that somebody holds a signature over
// the messages, of which some are disclosed. The signature is not checked. Scalars
// are 48 bytes of random each.
func (s *Suite) Derive(d Deriving, random io.Reader) ([]byte, error) {
	points, encoded, err := s.first(len(d.Messages))
	if err != nil {
		return nil, err
	}
	a, e, ok := readSignature(d.Signature)
	if !ok {
		return nil, ErrInvalid
	}
	hidden, ok := rest(d.Disclosed, len(d.Messages))
	if !ok {
		return nil, errors.New("BBS: disclosed indexes are not ascending or out of range")
	}
	r := make([]fr.Element, 5+len(hidden))
	for i := range r {
		var bytes [expandLen]byte
		if _, err := io.ReadFull(random, bytes[:]); err != nil {
			return nil, err
		}
		r[i].SetBytes(bytes[:])
	}
	r1, r2, eTilde, r1Tilde, r3Tilde, mTilde := &r[0], &r[1], &r[2], &r[3], &r[4], r[5:]

	msgs, dom := scalars(d.Messages), domain(d.Key, encoded, d.Header)
	b := s.commitment(points, &dom, msgs)
	p := proof{d: multiply(&b, r2)}
	p.aBar = multiply(&a, new(fr.Element).Mul(r1, r2))
	// Bbar = D * r1 - Abar * e
	own := tables(p.d, p.aBar)
	p.bBar = sum(own, []fr.Element{*r1, *new(fr.Element).Neg(&e)})
	t1 := sum(own, []fr.Element{*r1Tilde, *eTilde})
	bases, factors := own[:1:1], append([]fr.Element{*r3Tilde}, mTilde...)
	for _, j := range hidden {
		bases = append(bases, points[j+1])
	}
	t2 := sum(bases, factors)
	var disclosed []fr.Element
	for _, i := range d.Disclosed {
		disclosed = append(disclosed, msgs[i])
	}
	p.challenge = p.challengeOf(&t1, &t2, d.Disclosed, disclosed, &dom, d.PresentationHeader)

	c := &p.challenge
	var r3, product fr.Element
	r3.Inverse(r2)
	p.eHat.Add(eTilde, product.Mul(&e, c))
	p.r1Hat.Sub(r1Tilde, product.Mul(r1, c))
	p.r3Hat.Sub(r3Tilde, product.Mul(&r3, c))
	for i, j := range hidden {
		var m fr.Element
		p.messages = append(p.messages, *m.Add(&mTilde[i], product.Mul(&msgs[j], c)))
	}
	return p.octets(), nil
}

// Disclosure is what a proof is held against.
type Disclosure struct {
	Proof                      []byte
	Header, PresentationHeader []byte
	Messages                   [][]byte // the disclosed ones
	Indexes                    []int    // where each of them stood, ascending, from 0
}

// Hidden is how many messages a proof of this length hides; ok is false if no proof
// has it.
func Hidden(proof []byte) (n int, ok bool) {
	n = len(proof) - leastProof
	return n / scalarLen, n >= 0 && n%scalarLen == 0
}

// VerifyProof is ProofVerify (§3.5.4, §3.6.4). It returns nil, [ErrInvalid] or
// [ErrMessages].
func (s *Suite) VerifyProof(k *PublicKey, d Disclosure) error {
	behind, ok := Hidden(d.Proof)
	if !ok || len(d.Messages) != len(d.Indexes) {
		return ErrInvalid
	}
	// Counted before anything is read.
	total := len(d.Messages) + behind
	if total > limits.BBSMessages {
		return ErrMessages
	}
	hidden, ok := rest(d.Indexes, total)
	if !ok {
		return ErrInvalid
	}
	p, ok := readProof(d.Proof)
	if !ok {
		return ErrInvalid
	}
	points, encoded, err := s.first(total)
	if err != nil {
		return err
	}
	dom, msgs := domain(k, encoded, d.Header), scalars(d.Messages)
	c := &p.challenge
	// T1 = Bbar * c + Abar * e^ + D * r1^
	own := tables(p.d, p.aBar, p.bBar)
	t1 := sum(own, []fr.Element{p.r1Hat, p.eHat, *c})
	// T2 = Bv * c + D * r3^ + H_j1 * m^_j1 + ..., where
	// Bv = P1 + Q_1 * domain + H_i1 * msg_i1 + ...: one sum over all of them.
	bases := append([]multiples{s.p1, own[0]}, points...)
	factors := make([]fr.Element, len(bases))
	factors[0], factors[1] = *c, p.r3Hat
	factors[2].Mul(&dom, c)
	of := factors[3:]
	for n, i := range d.Indexes {
		of[i].Mul(&msgs[n], c)
	}
	for n, j := range hidden {
		of[j] = p.messages[n]
	}
	t2 := sum(bases, factors)
	if want := p.challengeOf(&t1, &t2, d.Indexes, msgs, &dom, d.PresentationHeader); !want.Equal(c) {
		return ErrInvalid
	}
	// e(Abar, W) * e(Bbar, -BP2) is the identity.
	same, err := bls12381.PairingCheck([]bls12381.G1Affine{p.aBar, p.bBar}, []bls12381.G2Affine{k.point, s.p2})
	if err != nil || !same {
		return ErrInvalid
	}
	return nil
}

type proof struct {
	aBar, bBar, d      bls12381.G1Affine
	eHat, r1Hat, r3Hat fr.Element
	messages           []fr.Element // a response for each hidden message
	challenge          fr.Element
}

// challengeOf is ProofChallengeCalculate (§3.7.4).
func (p *proof) challengeOf(t1, t2 *bls12381.G1Affine, indexes []int, disclosed []fr.Element, dom *fr.Element, ph []byte) fr.Element {
	in := binary.BigEndian.AppendUint64(nil, uint64(len(indexes)))
	for n, i := range indexes {
		in = binary.BigEndian.AppendUint64(in, uint64(i))
		in = appendScalar(in, &disclosed[n])
	}
	for _, point := range []*bls12381.G1Affine{&p.aBar, &p.bBar, &p.d, t1, t2} {
		in = appendPoint(in, point)
	}
	in = appendScalar(in, dom)
	return hashToScalar(appendOctets(in, ph), dstHash)
}

// octets is proof_to_octets (§4.2.4.4).
func (p *proof) octets() []byte {
	var out []byte
	for _, point := range []*bls12381.G1Affine{&p.aBar, &p.bBar, &p.d} {
		out = appendPoint(out, point)
	}
	for _, e := range []*fr.Element{&p.eHat, &p.r1Hat, &p.r3Hat} {
		out = appendScalar(out, e)
	}
	for i := range p.messages {
		out = appendScalar(out, &p.messages[i])
	}
	return appendScalar(out, &p.challenge)
}

// readProof is octets_to_proof (§4.2.4.5). A response of zero is refused, as there:
// "if s_j = 0 or s_j >= r, return INVALID".
func readProof(octets []byte) (*proof, bool) {
	if _, ok := Hidden(octets); !ok {
		return nil, false
	}
	p := &proof{}
	for _, point := range []*bls12381.G1Affine{&p.aBar, &p.bBar, &p.d} {
		var ok bool
		if *point, ok = readPoint(octets[:pointLen]); !ok {
			return nil, false
		}
		octets = octets[pointLen:]
	}
	all := make([]fr.Element, len(octets)/scalarLen)
	for i := range all {
		var ok bool
		if all[i], ok = readScalar(octets[i*scalarLen : (i+1)*scalarLen]); !ok {
			return nil, false
		}
	}
	last := len(all) - 1
	p.eHat, p.r1Hat, p.r3Hat = all[0], all[1], all[2]
	p.messages, p.challenge = all[3:last], all[last]
	return p, true
}

// rest is the indexes below total that are not in chosen, which must ascend.
func rest(chosen []int, total int) (out []int, ok bool) {
	next := 0
	for _, i := range chosen {
		if i < next || i >= total {
			return nil, false
		}
		for ; next < i; next++ {
			out = append(out, next)
		}
		next++
	}
	for ; next < total; next++ {
		out = append(out, next)
	}
	return out, true
}
