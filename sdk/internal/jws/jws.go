package jws

import (
	"bytes"
	"encoding/base64"
	"strings"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Token is a compact JWS, parsed and not verified. It keeps no reference to
// what was parsed.
type Token struct {
	Header
	Payload      []byte // decoded; may be empty
	SigningInput []byte // the encoded header, a full stop, the encoded payload
	Signature    []byte // decoded; empty for an unsecured token
}

// Header is the protected header, untrusted.
type Header struct {
	Alg    credential.Algorithm // never empty; may be "none" or anything else
	Kid    string               // empty if there is none
	Typ    string               // as written; compare with TypIs
	X5C    [][]byte             // certificates in DER, leaf first; nil if there is none
	Params map[string]any       // the whole header
}

// Parse reads a compact JWS. Errors are *reason.Error with malformed or
// too_large.
func Parse[T string | []byte](compact T) (*Token, error) {
	if len(compact) > limits.StatusToken {
		return nil, refuse(reason.TooLarge, "it is longer than any token may be", nil)
	}
	text := []byte(compact)
	// RFC 7515 §7.1: BASE64URL(UTF8(JWS Protected Header)) || '.' ||
	// BASE64URL(JWS Payload) || '.' || BASE64URL(JWS Signature).
	first := bytes.IndexByte(text, '.')
	last := bytes.LastIndexByte(text, '.')
	if first < 0 || first == last || bytes.IndexByte(text[first+1:last], '.') >= 0 {
		return nil, refuse(reason.Malformed, "it does not have three parts", nil)
	}
	if first > limits.JOSEHeader {
		return nil, refuse(reason.TooLarge, "the header is longer than any header may be", nil)
	}
	// One buffer for everything that is kept.
	buf := make([]byte, 0, last+base64.RawURLEncoding.DecodedLen(len(text)-2)+3)
	buf = append(buf, text[:last]...)
	t := &Token{SigningInput: buf[:last:last]}

	part := func(encoded []byte, what string) ([]byte, error) {
		start := len(buf)
		var err error
		if buf, err = base64url.Append(buf, encoded); err != nil {
			return nil, refuse(reason.Malformed, "the "+what, err)
		}
		return buf[start:len(buf):len(buf)], nil
	}
	header, err := part(text[:first], "header")
	if err != nil {
		return nil, err
	}
	if t.Payload, err = part(text[first+1:last], "payload"); err != nil {
		return nil, err
	}
	if t.Signature, err = part(text[last+1:], "signature"); err != nil {
		return nil, err
	}
	if t.Params, err = strictjson.DecodeObject(header); err != nil {
		return nil, err
	}
	return t, t.Header.read()
}

// read takes from Params what everybody needs.
func (h *Header) read() error {
	alg, ok := h.Params["alg"].(string)
	if !ok || alg == "" {
		// RFC 7515 §4.1.1: "This Header Parameter MUST be present".
		return refuse(reason.Malformed, "the header has no alg", nil)
	}
	h.Alg = credential.Algorithm(alg)
	for _, text := range [...]struct {
		name string
		into *string
	}{{"kid", &h.Kid}, {"typ", &h.Typ}} {
		if v, present := h.Params[text.name]; present {
			if *text.into, ok = v.(string); !ok || *text.into == "" {
				return refuse(reason.Malformed, "the header's "+text.name+" is no string or empty", nil)
			}
		}
	}
	if _, present := h.Params["crit"]; present {
		// §4.1.11: "If any of the listed extension Header Parameters are not
		// understood and supported by the recipient, then the JWS is invalid."
		// None is, and an empty list is not allowed either.
		return refuse(reason.Malformed, "the header's crit lists extensions this verifier does not have", nil)
	}
	if b64, present := h.Params["b64"]; present && b64 != any(true) {
		// RFC 7797 §6: with "b64" false, "crit" MUST be there. Ignoring it would
		// make two readers see two payloads.
		return refuse(reason.Malformed, "the header's b64 asks for an encoding that crit does not announce", nil)
	}
	if v, present := h.Params["x5c"]; present {
		return h.readChain(v)
	}
	return nil
}

// readChain applies RFC 7515 §4.1.6: "Each string in the array is a
// base64-encoded (Section 4 of [RFC4648] -- not base64url-encoded) DER [...]
// certificate value."
func (h *Header) readChain(v any) error {
	list, ok := v.([]any)
	if !ok || len(list) == 0 {
		return refuse(reason.Malformed, "the header's x5c is no array or empty", nil)
	}
	if len(list) > limits.CertificateChain {
		return refuse(reason.TooLarge, "the header's x5c has more certificates than any chain may have", nil)
	}
	h.X5C = make([][]byte, len(list))
	for i, e := range list {
		s, ok := e.(string)
		if !ok || s == "" || strings.ContainsAny(s, "\r\n") {
			return refuse(reason.Malformed, "the header's x5c holds something else than base64 strings", nil)
		}
		der, err := base64.StdEncoding.Strict().DecodeString(s)
		if err != nil {
			return refuse(reason.Malformed, "the header's x5c holds something else than base64 strings", nil)
		}
		h.X5C[i] = der
	}
	return nil
}

// TypIs reports whether typ names the media type want, given without the
// "application/" prefix. RFC 7515 §4.1.9: "A recipient using the media type
// value MUST treat it as if 'application/' were prepended to any 'typ' value
// not containing a '/'", and media types are compared without regard to case.
func (h *Header) TypIs(want string) bool {
	const prefix = "application/"
	typ := h.Typ
	if len(typ) > len(prefix) && asciiEqualFold(typ[:len(prefix)], prefix) {
		typ = typ[len(prefix):]
	}
	return asciiEqualFold(typ, want)
}

// asciiEqualFold is strings.EqualFold without Unicode folding, which would take
// the Kelvin sign for a k.
func asciiEqualFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		x, y := a[i], b[i]
		if 'A' <= x && x <= 'Z' {
			x += 'a' - 'A'
		}
		if 'A' <= y && y <= 'Z' {
			y += 'a' - 'A'
		}
		if x != y {
			return false
		}
	}
	return true
}

// Verify checks the signature with k under the header's algorithm. It returns
// nil, credential.ErrAlgorithm or credential.ErrSignature. Whether the algorithm
// is wanted at all is the caller's to check first.
func (t *Token) Verify(k credential.Key) error {
	return k.Verify(t.Alg, t.SigningInput, t.Signature)
}

func refuse(code reason.Code, what string, err error) error {
	return &reason.Error{Code: code, Doing: "read JWS: " + what, Err: err}
}
