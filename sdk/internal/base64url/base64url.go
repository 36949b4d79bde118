// Package base64url decodes base64url without padding, in its one canonical
// form and no other.
//
// encoding/base64 skips line breaks, also in strict mode, so one byte string has
// many encodings. Where an encoding is hashed or compared (disclosures, digests,
// replay marks) that would let a holder make copies that look new. Any package
// of the SDK may import it.
package base64url

import (
	"bytes"
	"encoding/base64"
	"errors"
)

// ErrNotCanonical is returned for every text that is not the one encoding of
// some bytes. It names nothing of the text.
var ErrNotCanonical = errors.New("not canonical base64url without padding (RFC 7515 §2)")

var encoding = base64.RawURLEncoding.Strict()

// Decode gives the bytes that text encodes (RFC 7515 §2: "all trailing '='
// characters omitted [...] and without the inclusion of any line breaks,
// whitespace, or other additional characters"). The bits beyond the last byte
// must be zero. Empty text is no bytes.
func Decode[T string | []byte](text T) ([]byte, error) {
	return Append(nil, text)
}

// Append decodes text behind dst, growing it where needed.
func Append[T string | []byte](dst []byte, text T) ([]byte, error) {
	src := []byte(text)
	if bytes.IndexByte(src, '\n') >= 0 || bytes.IndexByte(src, '\r') >= 0 {
		return dst, ErrNotCanonical
	}
	out, err := encoding.AppendDecode(dst, src)
	if err != nil {
		return dst, ErrNotCanonical
	}
	return out, nil
}

// Encode is the canonical encoding of data.
func Encode(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }
