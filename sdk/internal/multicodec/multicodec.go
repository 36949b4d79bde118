// Package multicodec splits bytes that begin with a code saying what they are
// (the multicodec table). Any package of the SDK may import it.
package multicodec

import "errors"

// Code says what the bytes behind it are.
type Code uint64

// Codes of the multicodec table that identifiers and keys use.
const (
	SHA256        Code = 0x12 // multihash; a length follows
	BLS12381G1    Code = 0xea
	BLS12381G2    Code = 0xeb
	BLS12381G1G2  Code = 0xee
	X25519        Code = 0xec
	Ed25519       Code = 0xed
	Secp256k1     Code = 0xe7 // compressed
	JSON          Code = 0x0200
	P256          Code = 0x1200 // compressed
	P384          Code = 0x1201 // compressed
	P521          Code = 0x1202 // compressed
	RSA           Code = 0x1205 // DER RSAPublicKey
	mostCodeBytes      = 9      // unsigned-varint: "the current maximum is 9 bytes"
)

// ErrCode is returned for bytes that do not begin with a code in its shortest
// form.
var ErrCode = errors.New("the bytes do not begin with a multicodec in its shortest form")

// Split takes the code off data. The rest shares data's memory.
func Split(data []byte) (Code, []byte, error) {
	var c Code
	for i, b := range data {
		if i == mostCodeBytes {
			break
		}
		c |= Code(b&0x7f) << (7 * i)
		if b&0x80 == 0 {
			// unsigned-varint: "must be encoded in the shortest form"
			if b == 0 && i > 0 {
				break
			}
			return c, data[i+1:], nil
		}
	}
	return 0, nil, ErrCode
}

// Join puts the code before data.
func Join(c Code, data []byte) []byte {
	var out []byte
	for ; c >= 0x80; c >>= 7 {
		out = append(out, byte(c)|0x80)
	}
	return append(append(out, byte(c)), data...)
}
