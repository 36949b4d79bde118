package base45

import (
	"errors"
	"fmt"
)

// alphabet is RFC 9285 §4.2, table 1. The space has the value 36.
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// ErrLength is a text whose length no encoder produces: one character more than
// a multiple of three.
var ErrLength = errors.New("base45: length leaves a single character over")

// CorruptError says where a text stops being base45. It never holds the
// character itself.
type CorruptError struct {
	Offset int  // in bytes, of the character or of the group that says too much
	Range  bool // the group's value does not fit the bytes it stands for
}

func (e *CorruptError) Error() string {
	if e.Range {
		return fmt.Sprintf("base45: the group at offset %d says more than its bytes can hold", e.Offset)
	}
	return fmt.Sprintf("base45: the byte at offset %d is none of the 45 characters", e.Offset)
}

// Is reports whether every byte of text is one of the 45 characters. The empty
// text is not.
func Is(text []byte) bool {
	for _, c := range text {
		if value(c) < 0 {
			return false
		}
	}
	return len(text) > 0
}

// DecodedLen is the number of bytes that n characters stand for.
func DecodedLen(n int) int { return n/3*2 + n%3/2 }

// EncodedLen is the number of characters that n bytes need.
func EncodedLen(n int) int { return n/2*3 + n%2*2 }

// Decode gives the bytes that text stands for. The error is ErrLength or a
// *CorruptError.
func Decode(text []byte) ([]byte, error) {
	if len(text)%3 == 1 {
		return nil, ErrLength
	}
	out := make([]byte, 0, DecodedLen(len(text)))
	for i := 0; i < len(text); i += 3 {
		group := text[i:min(i+3, len(text))]
		n, weight := 0, 1
		for j, c := range group {
			v := value(c)
			if v < 0 {
				return nil, &CorruptError{Offset: i + j}
			}
			n += v * weight
			weight *= 45
		}
		// RFC 9285 §4: three characters stand for 0…65535 although they could say
		// 91124, two for 0…255 although they could say 2024. §6: a decoder must
		// refuse what goes beyond.
		if len(group) == 3 {
			if n > 0xffff {
				return nil, &CorruptError{Offset: i, Range: true}
			}
			out = append(out, byte(n>>8), byte(n))
			continue
		}
		if n > 0xff {
			return nil, &CorruptError{Offset: i, Range: true}
		}
		out = append(out, byte(n))
	}
	return out, nil
}

// Encode gives the text for data. The empty input gives the empty text.
func Encode(data []byte) []byte {
	out := make([]byte, 0, EncodedLen(len(data)))
	i := 0
	for ; i+1 < len(data); i += 2 {
		n := int(data[i])<<8 | int(data[i+1])
		out = append(out, alphabet[n%45], alphabet[n/45%45], alphabet[n/(45*45)])
	}
	if i < len(data) {
		n := int(data[i])
		out = append(out, alphabet[n%45], alphabet[n/45])
	}
	return out
}

// value is the character's value, or -1.
func value(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 10
	}
	switch c {
	case ' ':
		return 36
	case '$':
		return 37
	case '%':
		return 38
	case '*':
		return 39
	case '+':
		return 40
	case '-':
		return 41
	case '.':
		return 42
	case '/':
		return 43
	case ':':
		return 44
	}
	return -1
}
