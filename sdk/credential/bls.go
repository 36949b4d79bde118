package credential

import "bytes"

// BLS12381G2 is a public key in the group G2 of the curve BLS12-381, as BBS
// signatures use it: one point, compressed (draft-irtf-cfrg-pairing-friendly-
// curves, Appendix C). It is opaque: this package links no pairing, so that a key
// made of it has the form of a point and need not be one. Who verifies with it
// checks that it lies on the curve and in the group.
//
// It has no form as a JWK here: the draft that defines one
// (draft-ietf-cose-bls-key-representations) is no RFC, and its versions
// contradict each other (kty OKP with x until version 02, then EC with x and y).
// A Multikey holds it (Controlled Identifiers 1.0 §2.2.2).
type BLS12381G2 [96]byte

// Bits of a point's first byte.
const (
	blsCompressed = 1 << 7
	blsInfinity   = 1 << 6
	blsSign       = 1 << 5
)

// blsPrime is the order of the field that coordinates lie in.
var blsPrime = [48]byte{
	0x1a, 0x01, 0x11, 0xea, 0x39, 0x7f, 0xe6, 0x9a, 0x4b, 0x1b, 0xa7, 0xb6, 0x43, 0x4b, 0xac, 0xd7,
	0x64, 0x77, 0x4b, 0x84, 0xf3, 0x85, 0x12, 0xbf, 0x67, 0x30, 0xd2, 0xa0, 0xf6, 0xb0, 0xf6, 0x24,
	0x1e, 0xab, 0xff, 0xfe, 0xb1, 0x53, 0xff, 0xff, 0xb9, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xaa, 0xab,
}

// wellFormed reports whether p is written as a point other than the identity in
// its one form: both halves of the x coordinate lie in the field.
func (p BLS12381G2) wellFormed() bool {
	if p[0]&(blsCompressed|blsInfinity) != blsCompressed {
		return false
	}
	p[0] &^= blsCompressed | blsSign
	return bytes.Compare(p[:48], blsPrime[:]) < 0 && bytes.Compare(p[48:], blsPrime[:]) < 0
}
