package payload

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"hash/crc32"
	"math/bits"
)

// fountain puts the parts of one message together. Each part is the exclusive or
// of some of the message's pieces; which ones, its number says. Parts are kept as
// rows of a matrix over one bit, in echelon form, so that as many independent
// parts as there are pieces always suffice, in any order, and no more rows than
// pieces are ever held.
type fountain struct {
	first part   // what all parts agree on
	rows  []*row // by their lowest piece
	rank  int
	odds  sampler
}

type row struct {
	pieces []uint64 // bit i: piece i is in it
	data   []byte
}

func newFountain(p *part) *fountain {
	return &fountain{first: *p, rows: make([]*row, p.count), odds: newSampler(p.count)}
}

// takes reports whether p belongs to this message.
func (f *fountain) takes(p *part) bool {
	return p.count == f.first.count && p.size == f.first.size && p.checksum == f.first.checksum && len(p.data) == len(f.first.data)
}

// add takes one part. One that says nothing new changes nothing.
func (f *fountain) add(p *part) {
	r := &row{pieces: make([]uint64, (p.count+63)/64), data: append([]byte(nil), p.data...)}
	for _, i := range f.chosen(p.number) {
		r.pieces[i/64] |= 1 << (i % 64)
	}
	for i := r.lowest(); i >= 0; i = r.lowest() {
		if f.rows[i] == nil {
			f.rows[i] = r
			f.rank++
			return
		}
		r.xor(f.rows[i])
	}
}

func (f *fountain) complete() bool { return f.rank == len(f.rows) }

// message solves the rows from the last to the first. false is for parts that
// were not of one message: somebody's second code had the same checksum, or a
// part was made wrongly.
func (f *fountain) message() ([]byte, bool) {
	out := make([]byte, 0, len(f.rows)*len(f.first.data))
	for i := len(f.rows) - 1; i >= 0; i-- {
		for j := i + 1; j < len(f.rows); j++ {
			if f.rows[i].pieces[j/64]>>(j%64)&1 == 1 {
				f.rows[i].xor(f.rows[j])
			}
		}
	}
	for _, r := range f.rows {
		out = append(out, r.data...)
	}
	for _, b := range out[f.first.size:] {
		if b != 0 {
			return nil, false
		}
	}
	out = out[:f.first.size]
	return out, crc32.ChecksumIEEE(out) == f.first.checksum
}

func (r *row) lowest() int {
	for i, word := range r.pieces {
		if word != 0 {
			return i*64 + bits.TrailingZeros64(word)
		}
	}
	return -1
}

func (r *row) xor(o *row) {
	for i := range r.pieces {
		r.pieces[i] ^= o.pieces[i]
	}
	subtle.XORBytes(r.data, r.data, o.data)
}

// chosen is which pieces the part of a number is made of: the piece itself up to
// the count, and beyond it as many as a drawing says, drawn without return.
func (f *fountain) chosen(number uint32) []int {
	count := len(f.rows)
	if uint64(number) <= uint64(count) {
		return []int{int(number) - 1}
	}
	var seed [8]byte
	binary.BigEndian.PutUint32(seed[:4], number)
	binary.BigEndian.PutUint32(seed[4:], f.first.checksum)
	r := newRandom(seed[:])
	degree := f.odds.next(r) + 1
	left := make([]int, count)
	for i := range left {
		left[i] = i
	}
	out := make([]int, degree)
	for i := range out {
		at := int(r.float() * float64(len(left)))
		out[i] = left[at]
		left = append(left[:at], left[at+1:]...)
	}
	return out
}

// random is xoshiro256**, seeded by SHA-256, as the fountain's makers chose. It
// decides nothing that must be unforeseeable.
type random [4]uint64

func newRandom(seed []byte) *random {
	sum := sha256.Sum256(seed)
	var r random
	for i := range r {
		r[i] = binary.BigEndian.Uint64(sum[8*i:])
	}
	return &r
}

func (r *random) next() uint64 {
	out := bits.RotateLeft64(r[1]*5, 7) * 9
	t := r[1] << 17
	r[2] ^= r[0]
	r[3] ^= r[1]
	r[1] ^= r[2]
	r[0] ^= r[3]
	r[2] ^= t
	r[3] = bits.RotateLeft64(r[3], 45)
	return out
}

// float is in [0, 1).
func (r *random) float() float64 { return min(float64(r.next())/(1<<64), below1) }

// below1 is the largest number below one: the division above rounds the last
// 1,024 of all values up to one, which is no index.
const below1 = 1 - 1.0/(1<<53)

// sampler draws 0 … n-1 with odds 1 : 1/2 : … : 1/n (Walker's alias method). The
// order of the operations is part of the format: another rounding draws others.
type sampler struct {
	probability []float64
	alias       []int
}

func newSampler(n int) sampler {
	weights := make([]float64, n)
	sum := 0.0
	for i := range weights {
		weights[i] = 1 / float64(i+1)
		sum += weights[i]
	}
	scale := float64(n) / sum
	var small, large []int
	for i := n - 1; i >= 0; i-- {
		if weights[i] *= scale; weights[i] < 1 {
			small = append(small, i)
		} else {
			large = append(large, i)
		}
	}
	s := sampler{make([]float64, n), make([]int, n)}
	for len(small) > 0 && len(large) > 0 {
		a, g := small[len(small)-1], large[len(large)-1]
		small, large = small[:len(small)-1], large[:len(large)-1]
		s.probability[a], s.alias[a] = weights[a], g
		if weights[g] += weights[a] - 1; weights[g] < 1 {
			small = append(small, g)
		} else {
			large = append(large, g)
		}
	}
	for _, i := range append(large, small...) {
		s.probability[i] = 1
	}
	return s
}

func (s sampler) next(r *random) int {
	i, toss := int(float64(len(s.probability))*r.float()), r.float()
	if toss < s.probability[i] {
		return i
	}
	return s.alias[i]
}
