// Package base58 reads base58btc, the alphabet of multibase "z" that decentralised
// identifiers and Data Integrity proofs are written in. Only packages of the SDK
// may import it.
package base58

import "errors"

// ErrSyntax is returned for text that is not base58btc, or too long to be a key
// or a signature.
var ErrSyntax = errors.New("read base58btc: not base58btc, or too long")

// longest bounds the text: decoding takes quadratic time.
const longest = 2048

const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// Decode reads text. Every byte string has exactly one text, so nothing has two.
func Decode(text string) ([]byte, error) {
	if len(text) > longest {
		return nil, ErrSyntax
	}
	zeroes := 0
	for zeroes < len(text) && text[zeroes] == '1' {
		zeroes++
	}
	// Least significant byte first.
	number := make([]byte, 0, len(text)*733/1000+1)
	for i := zeroes; i < len(text); i++ {
		carry := value(text[i])
		if carry < 0 {
			return nil, ErrSyntax
		}
		for j := range number {
			carry += int(number[j]) * 58
			number[j] = byte(carry)
			carry >>= 8
		}
		for ; carry > 0; carry >>= 8 {
			number = append(number, byte(carry))
		}
	}
	out := make([]byte, zeroes+len(number))
	for i, b := range number {
		out[len(out)-1-i] = b
	}
	return out, nil
}

// Encode writes data.
func Encode(data []byte) string {
	zeroes := 0
	for zeroes < len(data) && data[zeroes] == 0 {
		zeroes++
	}
	var digits []byte // least significant first
	for _, b := range data[zeroes:] {
		carry := int(b)
		for j := range digits {
			carry += int(digits[j]) << 8
			digits[j] = byte(carry % 58)
			carry /= 58
		}
		for ; carry > 0; carry /= 58 {
			digits = append(digits, byte(carry%58))
		}
	}
	out := make([]byte, zeroes+len(digits))
	for i := range zeroes {
		out[i] = '1'
	}
	for i, d := range digits {
		out[len(out)-1-i] = alphabet[d]
	}
	return string(out)
}

func value(c byte) int {
	for i := range len(alphabet) {
		if alphabet[i] == c {
			return i
		}
	}
	return -1
}
