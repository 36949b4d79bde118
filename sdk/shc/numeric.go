package shc

import (
	"errors"

	"github.com/dzong-id/dzong/sdk/limits"
)

// Numeric is the text of the one code that holds a card: the QR encoder puts the
// digits into numeric mode.
func Numeric(jws []byte) string {
	out := make([]byte, len(Scheme), len(Scheme)+2*len(jws))
	copy(out, Scheme)
	for _, c := range jws {
		n := c - offset
		out = append(out, '0'+n/10, '0'+n%10)
	}
	return string(out)
}

// offset is the code of the least character of a JWS. "Each character "c" of the
// JWS is converted into a sequence of two digits as by taking Ord(c)-45".
const offset = '-'

var (
	errDigits = errors.New("it holds something else than pairs of decimal digits")
	errScheme = errors.New("it does not begin with shc:/")
	errPart   = errors.New("it is one part of several; all of them make a card")
)

// undigit undoes Numeric. One code of one, "shc:/1/1/", says the same as the
// plain form.
func undigit(text []byte) ([]byte, error) {
	if len(text) > limits.QRText {
		return nil, tooLarge("it is longer than any code")
	}
	if !(mechanism{}).Recognise(text) {
		return nil, malformed("read its text", errScheme)
	}
	digits := text[len(Scheme):]
	if len(digits) > 4 && digits[1] == '/' && digits[3] == '/' {
		if digits[0] != '1' || digits[2] != '1' {
			return nil, malformed("read its text", errPart)
		}
		digits = digits[4:]
	}
	if len(digits) == 0 || len(digits)%2 != 0 {
		return nil, malformed("read its text", errDigits)
	}
	out := make([]byte, len(digits)/2)
	for i := range out {
		a, b := digits[2*i]-'0', digits[2*i+1]-'0'
		if a > 9 || b > 9 || a*10+b > 'z'-offset {
			return nil, malformed("read its text", errDigits)
		}
		out[i] = a*10 + b + offset
	}
	return out, nil
}
