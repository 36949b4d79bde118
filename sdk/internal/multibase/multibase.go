// Package multibase reads and writes self-describing texts of bytes
// (draft-multiformats-multibase) in the two bases that Controlled Identifiers
// 1.0 §2.4 defines: "z" for base58btc and "u" for base64url without padding.
// Each is read in its one canonical form. Callers bound the text first. Any
// package of the SDK may import it.
package multibase

import (
	"errors"

	"github.com/dzong-id/dzong/sdk/internal/base58"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
)

// The prefixes this package knows.
const (
	Base58BTC = 'z'
	Base64URL = 'u'
)

// ErrBase is returned for a text without a prefix that this package knows, or
// with another than the one wanted.
var ErrBase = errors.New("the multibase prefix is not the one wanted (z: base58btc, u: base64url)")

// Decode gives the bytes of a text in either base.
func Decode(text string) ([]byte, error) {
	if text == "" {
		return nil, ErrBase
	}
	switch text[0] {
	case Base58BTC:
		return base58.Decode(text[1:])
	case Base64URL:
		return base64url.Decode(text[1:])
	}
	return nil, ErrBase
}

// DecodeAs is [Decode] for exactly one base, where a specification allows no
// other.
func DecodeAs(base byte, text string) ([]byte, error) {
	if text == "" || text[0] != base {
		return nil, ErrBase
	}
	return Decode(text)
}

// Encode writes data in base58btc, prefix included.
func Encode(data []byte) string { return string(Base58BTC) + base58.Encode(data) }
