package payload

import (
	"bytes"
	"errors"
	"strconv"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// uniform is one Uniform Resource (BCR-2020-005): ur:<type>/<bytewords>, or one
// part of it, ur:<type>/<number>-<of>/<bytewords>.
type uniform struct {
	typ  string // in lower case
	body []byte // CBOR; the whole message's if part is nil
	part *part
}

// part is one part of a fountain (BCR-2020-005 §"Multipart UR"), as its CBOR
// array of five has it.
type part struct {
	number   uint32 // from 1; beyond count, a mix of several
	count    int    // parts that a message was cut into
	size     int    // bytes of the whole message
	checksum uint32 // CRC-32 of the whole message
	data     []byte
}

var errUR = errors.New("it is not formed as ur:type/data or ur:type/number-of/data")

var errPartText = errors.New("it is not formed as shc:/number/of/digits")

// parseUR reads text, which begins with "ur:" in either case. Errors are
// *reason.Error.
func parseUR(text []byte) (*uniform, error) {
	fields := bytes.Split(text[len("ur:"):], []byte("/"))
	u := &uniform{typ: string(bytes.ToLower(fields[0]))}
	if !urType(u.typ) || len(fields) < 2 || len(fields) > 3 {
		return nil, brokenPart("read the code", errUR)
	}
	var err error
	if u.body, err = unword(fields[len(fields)-1]); err != nil {
		return nil, brokenPart("read the code", err)
	}
	if len(fields) == 2 {
		return u, nil
	}
	if u.part, err = parsePart(u.body); err != nil {
		return nil, err
	}
	// "The sequence component [...] MUST match".
	number, count, ok := bytes.Cut(fields[1], []byte("-"))
	if !ok || string(number) != strconv.FormatUint(uint64(u.part.number), 10) || string(count) != strconv.Itoa(u.part.count) {
		return nil, brokenPart("read the code's numbers", errUR)
	}
	return u, nil
}

// urType reports whether s is a type: "one or more [...] lower case English
// letters, digits, and the hyphen".
func urType(s string) bool {
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return s != ""
}

// parsePart reads [number, count, size, checksum, data] and holds its lengths
// together before anything is kept by them.
func parsePart(data []byte) (*part, error) {
	five, rest, err := head(data, 4)
	if err != nil || five != 5 {
		return nil, brokenPart("read the code", errCBOR)
	}
	var n [4]uint64
	for i := range n {
		if n[i], rest, err = head(rest, 0); err != nil || n[i] > 1<<32-1 {
			return nil, brokenPart("read the code", errCBOR)
		}
	}
	if n[1] > limits.Parts || n[2] > limits.QRText {
		return nil, &reason.Error{Code: reason.TooLarge, Doing: "assemble codes: the message has more parts, or bytes, than any credential here"}
	}
	p := &part{number: uint32(n[0]), count: int(n[1]), size: int(n[2]), checksum: uint32(n[3])}
	if p.data, err = byteString(rest); err != nil {
		return nil, brokenPart("read the code", err)
	}
	// All parts have one length, and the last is filled up with zeros.
	if p.number == 0 || p.count == 0 || p.size == 0 || p.count*len(p.data) < p.size || (p.count-1)*len(p.data) >= p.size {
		return nil, brokenPart("read the code's numbers", errUR)
	}
	return p, nil
}

// content takes the message out of a whole resource. Only "bytes" says nothing of
// its own about what it holds, so that the content may be judged by shape.
func (u *uniform) content(message []byte) ([]byte, error) {
	if u.typ != "bytes" {
		return nil, &reason.Error{Code: reason.FormatUnsupported, Doing: "read code: it is a Uniform Resource of a type that holds no credential"}
	}
	data, err := byteString(message)
	if err != nil {
		return nil, brokenPart("read the message", err)
	}
	return data, nil
}

func brokenPart(doing string, err error) error {
	return &reason.Error{Code: reason.Malformed, Doing: "assemble codes: " + doing, Err: err}
}
