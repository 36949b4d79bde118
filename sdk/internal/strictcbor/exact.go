package strictcbor

import (
	"bytes"

	"github.com/dzong-id/dzong/sdk/internal/cborjson"
)

// Major types (RFC 8949 §3.1).
const (
	unsigned   = 0
	negative   = 1
	textString = 3
)

// Bytes reads one byte string, untagged. Unlike [Unmarshal] it does not take null
// or an array of small numbers for one.
func Bytes(data []byte) ([]byte, error) {
	s, err := cborjson.Bytes(data)
	return bytes.Clone(s), err
}

// Text reads one text string, untagged.
func Text(data []byte) (string, error) { return cborjson.Text(data) }

// Array reads one array, untagged, and leaves its elements encoded, as copies.
func Array(data []byte) ([]RawMessage, error) {
	elements, err := cborjson.Elements(data)
	if err != nil {
		return nil, err
	}
	a := make([]RawMessage, len(elements))
	for i, e := range elements {
		a[i] = bytes.Clone(e)
	}
	return a, nil
}

// Map reads one map, untagged, and leaves its values encoded, as copies. Keys are
// int64 or string; others are refused.
func Map(data []byte) (map[any]RawMessage, error) {
	m := map[any]RawMessage{}
	err := cborjson.Pairs(data, func(key, value []byte) error {
		var k any
		switch key[0] >> 5 {
		case unsigned, negative:
			n, err := cborjson.Int(key)
			if err != nil {
				return malformed("a map key that no map here has")
			}
			k = n
		case textString:
			text, err := cborjson.Text(key)
			if err != nil {
				return err
			}
			k = text
		default:
			return malformed("a map key that is neither text nor a whole number")
		}
		m[k] = bytes.Clone(value)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

// Untag reads one tag and leaves its content encoded, as part of data. tagged is
// false, and content the whole, if data begins with something else.
func Untag(data []byte) (number uint64, content []byte, tagged bool, err error) {
	return cborjson.Untag(data)
}
