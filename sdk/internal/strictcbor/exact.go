package strictcbor

import (
	"bytes"

	"github.com/dzong-id/dzong/sdk/internal/cborjson"
)

// Major types (RFC 8949 §3.1).
const (
	array   = 4
	mapping = 5
)

// Bytes reads one byte string, untagged. Unlike [Unmarshal] it does not take null
// or an array of small numbers for one.
func Bytes(data []byte) ([]byte, error) {
	s, err := cborjson.Bytes(data)
	return bytes.Clone(s), err
}

// Text reads one text string, untagged.
func Text(data []byte) (string, error) { return cborjson.Text(data) }

// Array reads one array, untagged, and leaves its elements encoded.
func Array(data []byte) ([]RawMessage, error) {
	if err := exactly(array, data, "array"); err != nil {
		return nil, err
	}
	var a []RawMessage
	err := Unmarshal(data, &a)
	return a, err
}

// Map reads one map, untagged, and leaves its values encoded. Keys are int64 or
// string; others are refused.
func Map(data []byte) (map[any]RawMessage, error) {
	if err := exactly(mapping, data, "map"); err != nil {
		return nil, err
	}
	var m map[any]RawMessage
	if err := Unmarshal(data, &m); err != nil {
		return nil, err
	}
	for key, v := range m {
		switch k := key.(type) {
		case string, int64:
		case uint64:
			if k > 1<<63-1 {
				return nil, malformed("a map key that no map here has")
			}
			delete(m, key)
			m[int64(k)] = v
		default:
			return nil, malformed("a map key that is neither text nor a whole number")
		}
	}
	return m, nil
}

// Untag reads one tag and leaves its content encoded, as part of data. tagged is
// false, and content the whole, if data begins with something else.
func Untag(data []byte) (number uint64, content []byte, tagged bool, err error) {
	return cborjson.Untag(data)
}

func exactly(major byte, data []byte, what string) error {
	if len(data) > 0 && data[0]>>5 != major {
		return malformed("no " + what + " where one belongs")
	}
	return nil
}
