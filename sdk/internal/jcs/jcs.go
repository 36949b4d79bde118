package jcs

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// ErrValue is returned for a value that has no canonical form: a number that no
// double comes near to, text that is not UTF-8, or something that is not JSON.
var ErrValue = errors.New("canonicalise JSON: the value has no canonical form")

// Transform gives the canonical form of v: map[string]any, []any, string, bool,
// nil, json.Number or float64.
func Transform(v any) ([]byte, error) { return appendValue(nil, v) }

func appendValue(out []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(out, "null"...), nil
	case bool:
		return strconv.AppendBool(out, v), nil
	case string:
		return appendString(out, v)
	case json.Number:
		// Go's own syntax has more numbers than JSON's, such as 0x1p-2 and Inf.
		if !json.Valid([]byte(v)) {
			return nil, fmt.Errorf("%w: no number", ErrValue)
		}
		f, err := v.Float64()
		if err != nil {
			return nil, fmt.Errorf("%w: a number beyond the range of doubles", ErrValue)
		}
		return appendNumber(out, f)
	case float64:
		return appendNumber(out, v)
	case []any:
		return appendArray(out, v)
	case map[string]any:
		return appendObject(out, v)
	}
	return nil, fmt.Errorf("%w: %T", ErrValue, v)
}

func appendArray(out []byte, list []any) ([]byte, error) {
	out = append(out, '[')
	for i, v := range list {
		if i > 0 {
			out = append(out, ',')
		}
		var err error
		if out, err = appendValue(out, v); err != nil {
			return nil, err
		}
	}
	return append(out, ']'), nil
}

// appendObject: RFC 8785 §3.2.3, names "are formatted as arrays of UTF-16 code
// units" and sorted by those.
func appendObject(out []byte, members map[string]any) ([]byte, error) {
	names := slices.SortedFunc(maps.Keys(members), compareUTF16)
	out = append(out, '{')
	for i, name := range names {
		if i > 0 {
			out = append(out, ',')
		}
		var err error
		if out, err = appendString(out, name); err != nil {
			return nil, err
		}
		if out, err = appendValue(append(out, ':'), members[name]); err != nil {
			return nil, err
		}
	}
	return append(out, '}'), nil
}

// compareUTF16 differs from comparing bytes where a character beyond the first
// plane, whose code units begin at d800, meets one from e000 on.
func compareUTF16(a, b string) int {
	for i := 0; i < len(a) && i < len(b); i++ {
		if a[i] != b[i] {
			if a[i] < utf8.RuneSelf || b[i] < utf8.RuneSelf {
				break // either is of one unit, below all others
			}
			return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
		}
	}
	return strings.Compare(a, b)
}

// appendString: RFC 8785 §3.2.2.2. Only the quotation mark, the backslash and
// control characters are escaped, the latter by their short forms where JSON has
// one and as \u00xx with small letters where not.
func appendString(out []byte, s string) ([]byte, error) {
	if !utf8.ValidString(s) {
		return nil, fmt.Errorf("%w: text that is not UTF-8", ErrValue)
	}
	out = append(out, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		out = append(append(out, s[from:i]...), '\\')
		from = i + 1
		switch c {
		case '"', '\\':
			out = append(out, c)
		case '\b':
			out = append(out, 'b')
		case '\t':
			out = append(out, 't')
		case '\n':
			out = append(out, 'n')
		case '\f':
			out = append(out, 'f')
		case '\r':
			out = append(out, 'r')
		default:
			const digits = "0123456789abcdef"
			out = append(out, 'u', '0', '0', digits[c>>4], digits[c&15])
		}
	}
	return append(append(out, s[from:]...), '"'), nil
}

// appendNumber: RFC 8785 §3.2.2.3, as ECMAScript's Number.prototype.toString
// writes a double: the shortest digits that give it back, plain from 1e-6 up to
// but not including 1e21.
func appendNumber(out []byte, f float64) ([]byte, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, fmt.Errorf("%w: a number beyond the range of doubles", ErrValue)
	}
	if f == 0 {
		return append(out, '0'), nil // also where it is negative
	}
	if size := math.Abs(f); size >= 1e-6 && size < 1e21 {
		return strconv.AppendFloat(out, f, 'f', -1, 64), nil
	}
	text := strconv.FormatFloat(f, 'e', -1, 64)
	// Go writes at least two digits of an exponent.
	digits, exponent, _ := strings.Cut(text, "e")
	out = append(append(out, digits...), 'e', exponent[0])
	return append(out, strings.TrimLeft(exponent[1:], "0")...), nil
}

// Exact reports whether n is exactly the number that a reader of doubles takes it
// for. Of two that are not, both may have one canonical form, and one signature.
func Exact(n json.Number) bool {
	f, err := n.Float64()
	return err == nil && Same(n, strconv.FormatFloat(f, 'g', -1, 64))
}

// Same reports whether n and text are one number. It is false for what no
// double comes near to.
func Same(n json.Number, text string) bool {
	if len(n) > 64 || len(text) > 64 {
		return false
	}
	for _, s := range []string{string(n), text} {
		if i := strings.IndexAny(s, "eE"); i >= 0 {
			if e, err := strconv.Atoi(s[i+1:]); err != nil || math.Abs(float64(e)) > 400 {
				return false
			}
		}
	}
	a, okA := new(big.Rat).SetString(string(n))
	b, okB := new(big.Rat).SetString(text)
	return okA && okB && a.Cmp(b) == 0
}
