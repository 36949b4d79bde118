package cborjson

import (
	"bytes"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Major types (RFC 8949 §3.1).
const (
	unsigned = iota
	negative
	byteString
	textString
	array
	mapping
	tag
	simple
)

// Check looks through data: one well-formed and valid data item within limits, and
// nothing behind it.
func Check(data []byte) error {
	r := reader{data: data}
	if err := r.check(0); err != nil {
		return err
	}
	if r.at != len(data) {
		return malformed("something follows the data item", r.at)
	}
	return nil
}

// reader walks data.
type reader struct {
	data   []byte
	at     int
	values int
	keys   [][]byte // of the maps that are open, the outermost's first
}

// head is the first byte of a data item and the argument behind it (§3).
type head struct {
	major      byte
	info       byte // the low five bits
	argument   uint64
	indefinite bool
	shortest   bool // the argument could not have been written in fewer bytes
}

func (r *reader) head() (head, error) {
	if r.at >= len(r.data) {
		return head{}, malformed("it ends where a data item should begin", r.at)
	}
	start, first := r.at, r.data[r.at]
	r.at++
	h := head{major: first >> 5, info: first & 31, shortest: true}
	switch {
	case h.info < 24:
		h.argument = uint64(h.info)
	case h.info < 28:
		n := 1 << (h.info - 24)
		if len(r.data)-r.at < n {
			return head{}, malformed("it ends within a number", start)
		}
		for _, b := range r.data[r.at : r.at+n] {
			h.argument = h.argument<<8 | uint64(b)
		}
		r.at += n
		least := [...]uint64{24, 1 << 8, 1 << 16, 1 << 32}[h.info-24]
		h.shortest = h.argument >= least
	case h.info == 31 && (byteString <= h.major && h.major <= mapping || h.major == simple):
		h.indefinite = true
	default:
		return head{}, malformed("a first byte that stands for nothing", start)
	}
	// §3.3: "an encoder MUST NOT issue two-byte sequences that start with 0xf8
	// and continue with a byte less than 0x20".
	if h.major == simple && h.info == 24 && h.argument < 32 {
		return head{}, malformed("a simple value in the wrong form", start)
	}
	return h, nil
}

// check looks through the data item at r.at, inside depth others.
func (r *reader) check(depth int) error {
	if r.values++; r.values > limits.JSONValues {
		return tooLarge("data items", limits.JSONValues)
	}
	start := r.at
	h, err := r.head()
	if err != nil {
		return err
	}
	switch h.major {
	case byteString, textString:
		_, err := r.content(h)
		return err
	case simple:
		if h.indefinite {
			return malformed("a break where nothing is open", start)
		}
		return nil
	case unsigned, negative:
		return nil
	}
	if depth++; depth > limits.JSONDepth {
		return tooLarge("levels of nesting", limits.JSONDepth)
	}
	switch h.major {
	case array:
		return r.each(h, func() error { return r.check(depth) })
	case mapping:
		return r.pairs(h, depth)
	default: // a tag
		return r.check(depth)
	}
}

// each calls item for every element that h announces.
func (r *reader) each(h head, item func() error) error {
	// Every element takes a byte at least.
	if !h.indefinite && h.argument > uint64(len(r.data)-r.at) {
		return malformed("it ends within an array or a map", r.at)
	}
	for i := uint64(0); h.indefinite || i < h.argument; i++ {
		if h.indefinite && r.stops() {
			return nil
		}
		if err := item(); err != nil {
			return err
		}
	}
	return nil
}

// stops takes the break that ends what has no length (§3.2.1), if it is next.
func (r *reader) stops() bool {
	if r.at < len(r.data) && r.data[r.at] == simple<<5|31 {
		r.at++
		return true
	}
	return false
}

// pairs looks through a map. RFC 8949 §5.6: a map with two equal keys is not
// valid, and "decoders can take different actions"; one that is checked by its
// first and read by its second says two things.
func (r *reader) pairs(h head, depth int) error {
	if r.keys == nil {
		r.keys = make([][]byte, 0, 16)
	}
	base := len(r.keys)
	err := r.each(h, func() error {
		start := r.at
		if err := r.check(depth); err != nil {
			return err
		}
		r.keys = append(r.keys, identity(r.data[start:r.at]))
		return r.check(depth)
	})
	if err != nil {
		return err
	}
	keys := r.keys[base:]
	slices.SortFunc(keys, bytes.Compare)
	for i := 1; i < len(keys); i++ {
		if bytes.Equal(keys[i-1], keys[i]) {
			return malformed("a map with the same key twice, ending", r.at)
		}
	}
	r.keys = r.keys[:base]
	return nil
}

// identity is the encoded key in its shortest form, for whole numbers and strings.
// Other kinds of keys are compared as they were written.
func identity(encoded []byte) []byte {
	r := reader{data: encoded}
	h, _ := r.head()
	switch h.major {
	case unsigned, negative:
		if h.shortest {
			return encoded
		}
		return appendHead(nil, h.major, h.argument)
	case byteString, textString:
		if h.shortest && !h.indefinite {
			return encoded
		}
		content, _ := r.content(h)
		return append(appendHead(nil, h.major, uint64(len(content))), content...)
	}
	return encoded
}

func appendHead(dst []byte, major byte, argument uint64) []byte {
	switch {
	case argument < 24:
		return append(dst, major<<5|byte(argument))
	case argument < 1<<8:
		return append(dst, major<<5|24, byte(argument))
	}
	info, n := byte(25), 2
	for n < 8 && argument >= 1<<(8*n) {
		info, n = info+1, 2*n
	}
	dst = append(dst, major<<5|info)
	for i := n - 1; i >= 0; i-- {
		dst = append(dst, byte(argument>>(8*i)))
	}
	return dst
}

// content reads the string behind h: a part of data, or a copy if it came in
// chunks. Each chunk of a text must be text by itself (§3.2.3).
func (r *reader) content(h head) ([]byte, error) {
	if !h.indefinite {
		if h.argument > uint64(len(r.data)-r.at) {
			return nil, malformed("it ends within a string", r.at)
		}
		start := r.at
		r.at += int(h.argument)
		s := r.data[start:r.at:r.at]
		if h.major == textString && !utf8.Valid(s) {
			return nil, malformed("a text that is not UTF-8", start)
		}
		return s, nil
	}
	whole := []byte{}
	for !r.stops() {
		start := r.at
		chunk, err := r.head()
		if err != nil {
			return nil, err
		}
		if chunk.major != h.major || chunk.indefinite {
			return nil, malformed("a string with chunks of something else", start)
		}
		if r.values++; r.values > limits.JSONValues {
			return nil, tooLarge("data items", limits.JSONValues)
		}
		s, err := r.content(chunk)
		if err != nil {
			return nil, err
		}
		whole = append(whole, s...)
	}
	return whole, nil
}

func malformed(what string, at int) error {
	return &reason.Error{Code: reason.Malformed, Doing: fmt.Sprint("read CBOR: ", what, " at byte ", at)}
}

func tooLarge(what string, most int) error {
	return &reason.Error{Code: reason.TooLarge, Doing: fmt.Sprint("read CBOR: more than ", most, " ", what)}
}
