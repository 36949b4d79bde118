package cborjson

import (
	"encoding/base64"

	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strconv"

	"github.com/dzong-id/dzong/sdk/internal/base64url"
)

// maxBignum bounds numbers beyond 64 bits, in bytes: nothing that a credential
// counts is longer, and writing one in decimal costs the square of its length.
const maxBignum = 64

// Value reads one data item as what credential.Claims and JSON know:
// map[string]any, []any, string, bool, nil and json.Number. It follows RFC 8949
// §6.1 and is as strict as [Check]:
//
//   - whole numbers of any size (tags 2 and 3 up to 64 bytes): their decimal digits
//   - floating-point numbers: the shortest decimal that gives the same number;
//     not-a-number and infinities are refused
//   - byte strings: base64url without padding, inside tag 22 base64, inside tag 23
//     hexadecimal digits in upper case
//   - undefined: nil; other simple values are refused
//   - tags: left out, so dates stay what they hold: text for tags 0 and 1004 (RFC
//     8943), the number of seconds for tag 1
//   - map keys: text as it is, whole numbers as their decimal digits; other keys
//     are refused, and so is a map that has a number both ways
func Value(data []byte) (any, error) {
	if err := Check(data); err != nil {
		return nil, err
	}
	r := reader{data: data}
	return r.value(base64url.Encode)
}

// value reads the data item at r.at, which Check has looked at. Byte strings are
// written with encode.
func (r *reader) value(encode func([]byte) string) (any, error) {
	start := r.at
	h, err := r.head()
	if err != nil {
		return nil, err
	}
	switch h.major {
	case unsigned, negative:
		return json.Number(digits(h)), nil
	case byteString:
		s, err := r.content(h)
		return encode(s), err
	case textString:
		s, err := r.content(h)
		return string(s), err
	case array:
		a := []any{}
		err := r.each(h, func() error {
			v, err := r.value(encode)
			a = append(a, v)
			return err
		})
		return a, err
	case mapping:
		return r.members(h, encode)
	case tag:
		return r.tagged(h.argument, encode)
	}
	switch v := h.argument; {
	case h.info == 25:
		return number(half(uint16(v)), start)
	case h.info == 26:
		return number(float64(math.Float32frombits(uint32(v))), start)
	case h.info == 27:
		return number(math.Float64frombits(v), start)
	case v == 20 || v == 21:
		return v == 21, nil
	case v == 22 || v == 23:
		return nil, nil
	}
	return nil, malformed("a simple value that stands for nothing", start)
}

func (r *reader) members(h head, encode func([]byte) string) (any, error) {
	m := map[string]any{}
	return m, r.each(h, func() error {
		start := r.at
		key, err := r.head()
		if err != nil {
			return err
		}
		var name string
		switch key.major {
		case unsigned, negative:
			name = digits(key)
		case textString:
			s, err := r.content(key)
			if err != nil {
				return err
			}
			name = string(s)
		default:
			return malformed("a map key that is neither text nor a whole number", start)
		}
		if _, twice := m[name]; twice {
			return malformed("a map with the same key as text and as number", start)
		}
		m[name], err = r.value(encode)
		return err
	})
}

func (r *reader) tagged(number uint64, encode func([]byte) string) (any, error) {
	switch number {
	case 2, 3:
		return r.bignum(number == 3)
	case 21:
		encode = base64url.Encode
	case 22:
		encode = base64.StdEncoding.EncodeToString
	case 23:
		encode = func(b []byte) string { return fmt.Sprintf("%X", b) }
	}
	return r.value(encode)
}

// bignum reads §3.4.3: n as unsigned big-endian bytes, or -1-n.
func (r *reader) bignum(below bool) (any, error) {
	start := r.at
	h, err := r.head()
	if err != nil {
		return nil, err
	}
	if h.major != byteString {
		return nil, malformed("a large number that is no byte string", start)
	}
	s, err := r.content(h)
	if err != nil {
		return nil, err
	}
	if len(s) > maxBignum {
		return nil, tooLarge("bytes in a number", maxBignum)
	}
	n := new(big.Int).SetBytes(s)
	if below {
		n.Not(n)
	}
	return json.Number(n.String()), nil
}

// digits is a whole number of major type 0 or 1 in decimal.
func digits(h head) string {
	if h.major == unsigned {
		return strconv.FormatUint(h.argument, 10)
	}
	if h.argument == math.MaxUint64 { // -1-n, beyond 64 bits once more
		return "-18446744073709551616"
	}
	return "-" + strconv.FormatUint(h.argument+1, 10)
}

func number(f float64, at int) (any, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, malformed("a number that is none", at)
	}
	// The digits that encoding/json and ECMAScript write.
	format := byte('f')
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e21) {
		format = 'e'
	}
	return json.Number(strconv.FormatFloat(f, format, -1, 64)), nil
}

// half is an IEEE 754 binary16 (§3.3 and appendix D).
func half(bits uint16) float64 {
	exponent, mantissa := int(bits>>10&0x1f), float64(bits&0x3ff)
	var f float64
	switch exponent {
	case 0:
		f = math.Ldexp(mantissa, -24)
	case 31:
		if f = math.Inf(1); mantissa != 0 {
			f = math.NaN()
		}
	default:
		f = math.Ldexp(mantissa+1024, exponent-25)
	}
	if bits>>15 == 1 {
		f = -f
	}
	return f
}
