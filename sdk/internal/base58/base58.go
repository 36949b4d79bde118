// Package base58 encodes and decodes base58btc: Bitcoin's alphabet, no checksum,
// a leading "1" for each leading zero byte (draft-msporny-base58 §2). Every byte
// string has exactly one text, and every text of the alphabet one byte string.
//
// Its work grows with the square of the length, so texts are bounded.
// Any package of the SDK may import it.
package base58

import (
	"errors"
	"math/bits"

	"github.com/dzong-id/dzong/sdk/limits"
)

const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// ErrAlphabet is returned for a text with any other character than the 58. It
// names nothing of the text.
var ErrAlphabet = errors.New("a character is none of base58btc's")

// ErrLength is returned for a text longer than limits.Base58.
var ErrLength = errors.New("longer than any text in base58btc")

// group is how many digits are worked on at once: 58^5 is the largest power
// below 2^32.
const (
	group      = 5
	groupValue = 58 * 58 * 58 * 58 * 58
)

// Decode gives the bytes that text stands for; none for the empty text. A text
// longer than limits.Base58 is refused.
func Decode(text string) ([]byte, error) {
	if len(text) > limits.Base58 {
		return nil, ErrLength
	}
	zeros := 0
	for zeros < len(text) && text[zeros] == alphabet[0] {
		zeros++
	}
	digits := text[zeros:]
	var limbs []uint32 // little endian
	for len(digits) > 0 {
		n := min(group, len(digits))
		var chunk, weight uint64 = 0, 1
		for i := range n {
			v := value(digits[i])
			if v < 0 {
				return nil, ErrAlphabet
			}
			chunk, weight = chunk*58+uint64(v), weight*58
		}
		digits = digits[n:]
		for i, l := range limbs {
			chunk += uint64(l) * weight
			limbs[i] = uint32(chunk)
			chunk >>= 32
		}
		if chunk > 0 {
			limbs = append(limbs, uint32(chunk))
		}
	}
	size := 0
	if n := len(limbs); n > 0 {
		size = 4*(n-1) + (bits.Len32(limbs[n-1])+7)/8
	}
	out := make([]byte, zeros+size)
	for i := range size {
		out[len(out)-1-i] = byte(limbs[i/4] >> (8 * (i % 4)))
	}
	return out, nil
}

// Encode gives the text for data.
func Encode(data []byte) string {
	zeros := 0
	for zeros < len(data) && data[zeros] == 0 {
		zeros++
	}
	var limbs []uint32 // of 58^5, little endian
	for _, b := range data[zeros:] {
		carry := uint64(b)
		for i, l := range limbs {
			carry += uint64(l) << 8
			limbs[i] = uint32(carry % groupValue)
			carry /= groupValue
		}
		if carry > 0 {
			limbs = append(limbs, uint32(carry))
		}
	}
	out := make([]byte, 0, zeros+group*len(limbs))
	for range zeros {
		out = append(out, alphabet[0])
	}
	started := false
	for i := len(limbs) - 1; i >= 0; i-- {
		var digits [group]byte
		l := limbs[i]
		for j := group - 1; j >= 0; j-- {
			digits[j] = byte(l % 58)
			l /= 58
		}
		for _, d := range digits {
			if started = started || d != 0; started {
				out = append(out, alphabet[d])
			}
		}
	}
	return string(out)
}

// value is the character's value, or -1.
func value(c byte) int {
	switch {
	case c >= '1' && c <= '9':
		return int(c - '1')
	case c >= 'A' && c <= 'H':
		return int(c-'A') + 9
	case c >= 'J' && c <= 'N':
		return int(c-'J') + 17
	case c >= 'P' && c <= 'Z':
		return int(c-'P') + 22
	case c >= 'a' && c <= 'k':
		return int(c-'a') + 33
	case c >= 'm' && c <= 'z':
		return int(c-'m') + 44
	}
	return -1
}
