package strictjson

import (
	"encoding/json"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Decode reads one JSON value (RFC 8259) and nothing behind it but white space.
// Objects become map[string]any, arrays []any, numbers json.Number (the exact
// text, so that nothing is rounded), the rest string, bool and nil.
func Decode(data []byte) (any, error) { return decode(data, limits.JSONValues) }

func decode(data []byte, values int) (any, error) {
	// RFC 8259 §8.1: "JSON text exchanged between systems [...] MUST be encoded
	// using UTF-8"; a byte order mark is then just a character no value starts
	// with. utf8.Valid also refuses surrogates that are encoded as such.
	if !utf8.Valid(data) {
		return nil, malformed("not UTF-8", -1)
	}
	d := decoder{data: data, most: values}
	d.space()
	v, err := d.value(0)
	if err != nil {
		return nil, err
	}
	d.space()
	if d.at != len(d.data) {
		return nil, malformed("something follows the value", d.at)
	}
	return v, nil
}

// DecodeObject is Decode for a document that must be an object.
func DecodeObject(data []byte) (map[string]any, error) {
	return DecodeObjectWithin(data, limits.JSONValues)
}

// DecodeObjectWithin is DecodeObject for documents that may hold another number
// of values than limits.JSONValues, such as a trust list.
func DecodeObjectWithin(data []byte, values int) (map[string]any, error) {
	v, err := decode(data, values)
	if err != nil {
		return nil, err
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil, malformed("not an object", -1)
	}
	return m, nil
}

func malformed(what string, at int) error {
	doing := "read JSON: " + what
	if at >= 0 {
		doing += " at byte " + strconv.Itoa(at)
	}
	return &reason.Error{Code: reason.Malformed, Doing: doing}
}

func tooLarge(what string, most int) error {
	return &reason.Error{Code: reason.TooLarge, Doing: "read JSON: more than " + strconv.Itoa(most) + " " + what}
}

// decoder walks data, which is valid UTF-8.
type decoder struct {
	data   []byte
	at     int
	values int
	most   int // values
}

func (d *decoder) space() {
	for d.at < len(d.data) {
		switch d.data[d.at] {
		case ' ', '\t', '\n', '\r':
			d.at++
		default:
			return
		}
	}
}

// peek is the next byte, or 0 at the end. A real NUL is refused wherever peek
// is used, as no token starts with one.
func (d *decoder) peek() byte {
	if d.at < len(d.data) {
		return d.data[d.at]
	}
	return 0
}

// value reads the value that starts at d.at, inside depth containers.
func (d *decoder) value(depth int) (any, error) {
	d.values++
	if d.values > d.most {
		return nil, tooLarge("values", d.most)
	}
	switch c := d.peek(); {
	case c == '{':
		return d.object(depth + 1)
	case c == '[':
		return d.array(depth + 1)
	case c == '"':
		return d.string()
	case c == '-' || '0' <= c && c <= '9':
		return d.number()
	case c == 't' && d.word("true"):
		return true, nil
	case c == 'f' && d.word("false"):
		return false, nil
	case c == 'n' && d.word("null"):
		return nil, nil
	}
	return nil, malformed("no value", d.at)
}

func (d *decoder) word(w string) bool {
	if len(d.data)-d.at < len(w) || string(d.data[d.at:d.at+len(w)]) != w {
		return false
	}
	d.at += len(w)
	return true
}

func (d *decoder) object(depth int) (any, error) {
	if depth > limits.JSONDepth {
		return nil, tooLarge("levels of nesting", limits.JSONDepth)
	}
	d.at++ // {
	m := map[string]any{}
	d.space()
	if d.peek() == '}' {
		d.at++
		return m, nil
	}
	for {
		if d.peek() != '"' {
			return nil, malformed("no member name", d.at)
		}
		start := d.at
		name, err := d.string()
		if err != nil {
			return nil, err
		}
		// RFC 7515 §4 and RFC 7519 §4 let a parser refuse duplicate names, and
		// RFC 8725 §2.4 says why it should.
		if _, twice := m[name]; twice {
			return nil, malformed("the same member name twice", start)
		}
		d.space()
		if d.peek() != ':' {
			return nil, malformed("no colon after a member name", d.at)
		}
		d.at++
		d.space()
		v, err := d.value(depth)
		if err != nil {
			return nil, err
		}
		m[name] = v
		d.space()
		switch d.peek() {
		case ',':
			d.at++
			d.space()
		case '}':
			d.at++
			return m, nil
		default:
			return nil, malformed("an object does not go on or end", d.at)
		}
	}
}

func (d *decoder) array(depth int) (any, error) {
	if depth > limits.JSONDepth {
		return nil, tooLarge("levels of nesting", limits.JSONDepth)
	}
	d.at++ // [
	a := []any{}
	d.space()
	if d.peek() == ']' {
		d.at++
		return a, nil
	}
	for {
		v, err := d.value(depth)
		if err != nil {
			return nil, err
		}
		a = append(a, v)
		d.space()
		switch d.peek() {
		case ',':
			d.at++
			d.space()
		case ']':
			d.at++
			return a, nil
		default:
			return nil, malformed("an array does not go on or end", d.at)
		}
	}
}

// number reads RFC 8259 §6: [ minus ] int [ frac ] [ exp ].
func (d *decoder) number() (any, error) {
	start := d.at
	if d.peek() == '-' {
		d.at++
	}
	if d.peek() == '0' {
		d.at++
	} else if d.digits() == 0 {
		return nil, malformed("no digit in a number", d.at)
	}
	if d.peek() == '.' {
		d.at++
		if d.digits() == 0 {
			return nil, malformed("no digit after a decimal point", d.at)
		}
	}
	if c := d.peek(); c == 'e' || c == 'E' {
		d.at++
		if c := d.peek(); c == '+' || c == '-' {
			d.at++
		}
		if d.digits() == 0 {
			return nil, malformed("no digit in an exponent", d.at)
		}
	}
	return json.Number(d.data[start:d.at]), nil
}

func (d *decoder) digits() int {
	start := d.at
	for c := d.peek(); '0' <= c && c <= '9'; c = d.peek() {
		d.at++
	}
	return d.at - start
}

// string reads the string that starts at d.at. Strings without escapes, which
// is nearly all, are one scan and one copy.
func (d *decoder) string() (string, error) {
	start := d.at + 1
	for i := start; i < len(d.data); i++ {
		switch c := d.data[i]; {
		case c == '"':
			d.at = i + 1
			return string(d.data[start:i]), nil
		case c == '\\':
			return d.escaped(start, i)
		case c < ' ':
			// §7: "the control characters (U+0000 through U+001F)" must be escaped.
			return "", malformed("a control character in a string", i)
		}
	}
	return "", malformed("a string does not end", d.at)
}

// escaped reads on from the first backslash at i of the string that starts at
// start.
func (d *decoder) escaped(start, i int) (string, error) {
	out := append(make([]byte, 0, i-start+16), d.data[start:i]...)
	for i < len(d.data) {
		c := d.data[i]
		switch {
		case c == '"':
			d.at = i + 1
			return string(out), nil
		case c < ' ':
			return "", malformed("a control character in a string", i)
		case c != '\\':
			out = append(out, c)
			i++
			continue
		}
		if i+1 >= len(d.data) {
			break
		}
		switch c := d.data[i+1]; c {
		case '"', '\\', '/':
			out = append(out, c)
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r, n := d.unicode(i)
			if n == 0 {
				return "", malformed("an escape that stands for no character", i)
			}
			out = utf8.AppendRune(out, r)
			i += n
			continue
		default:
			return "", malformed("an unknown escape", i)
		}
		i += 2
	}
	return "", malformed("a string does not end", d.at)
}

// unicode reads \uXXXX, or a surrogate pair of two, at i, and gives the
// character and the bytes read; 0 bytes for anything else. RFC 8259 §8.2: what
// comes of a lone surrogate "is unpredictable".
func (d *decoder) unicode(i int) (rune, int) {
	high, ok := d.hex(i)
	switch {
	case !ok:
		return 0, 0
	case !utf16.IsSurrogate(high):
		return high, 6
	}
	low, ok := d.hex(i + 6)
	if !ok {
		return 0, 0
	}
	if r := utf16.DecodeRune(high, low); r != utf8.RuneError {
		return r, 12
	}
	return 0, 0
}

func (d *decoder) hex(i int) (rune, bool) {
	if i+6 > len(d.data) || d.data[i] != '\\' || d.data[i+1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range d.data[i+2 : i+6] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
