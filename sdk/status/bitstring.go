package status

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"strings"

	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/limits"
)

// decodeBitstring undoes encodedList. Bitstring Status List §2.2: "The encodedList
// property [...] MUST be a Multibase-encoded base64url (with no padding)
// representation of the GZIP-compressed bitstring values". The two older forms
// have no multibase prefix, and their issuers write either alphabet of base64,
// padded or not.
func decodeBitstring(encoded string, multibase bool) ([]byte, error) {
	packed, err := decodeList(encoded, multibase)
	if err != nil {
		return nil, invalid("encodedList is no base64url of its form", err)
	}
	src := bytes.NewReader(packed)
	z, err := gzip.NewReader(src)
	if err != nil {
		return nil, invalid("encodedList is no gzip stream", err)
	}
	// A second member behind the first would be another list to some readers.
	z.Multistream(false)
	data, err := readAtMost(z, limits.StatusList)
	if errors.Is(err, errBomb) {
		return nil, invalid("decompress encodedList", errBomb)
	}
	if err != nil {
		return nil, invalid("encodedList is a damaged gzip stream", err)
	}
	if src.Len() > 0 {
		return nil, invalid("something follows the gzip stream in encodedList", nil)
	}
	return data, nil
}

var errMultibase = errors.New("no multibase prefix u")

func decodeList(encoded string, multibase bool) ([]byte, error) {
	if multibase {
		rest, ok := strings.CutPrefix(encoded, "u")
		if !ok {
			return nil, errMultibase
		}
		return base64url.Decode(rest)
	}
	if strings.ContainsAny(encoded, "+/") {
		if strings.ContainsAny(encoded, "\r\n") {
			return nil, base64url.ErrNotCanonical
		}
		return base64.RawStdEncoding.Strict().DecodeString(strings.TrimRight(encoded, "="))
	}
	return base64url.Decode(strings.TrimRight(encoded, "="))
}
