package sdjwt

import (
	"bytes"
	"strings"

	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// isJSON reports whether data looks like a JWS in JSON form (RFC 7515 §7.2): an
// object with payload and signature or signatures at its top level. It does not
// read what is inside; credentials in JSON-LD may hold such names deeper down.
func isJSON(data []byte) bool {
	if len(data) > limits.Presentation {
		return false
	}
	rest := bytes.Trim(data, " \t\r\n")
	if len(rest) < 2 || rest[0] != '{' || rest[len(rest)-1] != '}' {
		return false
	}
	var payload, signature bool
	depth, start := 0, -1
	for i := 0; i < len(rest); i++ {
		switch c := rest[i]; {
		case start >= 0 && c == '\\':
			i++
		case start >= 0 && c == '"':
			if depth == 1 && isName(rest[i+1:]) {
				switch string(rest[start:i]) {
				case "payload":
					payload = true
				case "signature", "signatures":
					signature = true
				}
			}
			start = -1
		case start >= 0:
		case c == '"':
			start = i + 1
		case c == '{', c == '[':
			depth++
		case c == '}', c == ']':
			depth--
		}
	}
	return payload && signature
}

// isName reports whether the string before rest was the name of a member.
func isName(rest []byte) bool {
	rest = bytes.TrimLeft(rest, " \t\r\n")
	return len(rest) > 0 && rest[0] == ':'
}

// parseJSON reads both JSON forms of RFC 9901 §8, of the general one with exactly
// one signature: "the representation as a regular SD-JWT Compact Serialization
// MUST be created temporarily to calculate the digest", and everything else is
// read from that as well, so that there is one reader for all forms.
func parseJSON(data []byte) (*presentation, error) {
	if len(data) > limits.Presentation {
		return nil, tooLarge("it is longer than a presentation may be")
	}
	object, err := strictjson.DecodeObject(data)
	if err != nil {
		return nil, within("the JSON form", err)
	}
	signed, err := signature(object)
	if err != nil {
		return nil, err
	}
	header, ok := signed["header"].(map[string]any)
	if _, there := signed["header"]; there && !ok {
		return nil, malformed("the unprotected header is no object")
	}
	compact, hint, err := compactOf(object["payload"], signed, header)
	if err != nil {
		return nil, err
	}
	p, err := parse(compact)
	if err != nil {
		return nil, err
	}
	for name := range header {
		// RFC 7515 §7.2.1: "The Header Parameter names in the two locations MUST be
		// disjoint."
		if _, twice := p.issuerJWT.Params[name]; twice {
			return nil, malformed("a header parameter is both protected and unprotected")
		}
	}
	_, disclosures := header["disclosures"]
	if typ := p.issuerJWT.Typ; !disclosures && p.keyBinding == nil && !strings.HasSuffix(strings.ToLower(typ), "sd-jwt") {
		// The compact form has its tildes to say that it is one.
		return nil, &reason.Error{Code: reason.FormatUnsupported, Doing: "parse SD-JWT: a JWS in JSON form that does not say that it is an SD-JWT"}
	}
	p.hint = hint
	return p, nil
}

// signature gives the object that holds protected, header and signature: the
// document itself in the flattened form (RFC 7515 §7.2.2: "The "signatures"
// member MUST NOT be present when using this syntax"), or the one element of
// signatures.
func signature(object map[string]any) (map[string]any, error) {
	v, general := object["signatures"]
	if !general {
		return object, nil
	}
	for _, name := range [...]string{"signature", "protected", "header"} {
		if _, there := object[name]; there {
			return nil, malformed("members of the general and of the flattened form")
		}
	}
	list, _ := v.([]any)
	if len(list) != 1 {
		// Which of several signatures is verified would be for everybody to choose.
		return nil, malformed("signatures does not hold exactly one")
	}
	signed, ok := list[0].(map[string]any)
	if !ok {
		return nil, malformed("a signature is no object")
	}
	return signed, nil
}

// compactOf puts the compact form together. Each piece is checked to be what its
// place allows, so that none can contain another one's separator.
func compactOf(payload any, signed, header map[string]any) (compact []byte, kid string, err error) {
	var out bytes.Buffer
	for i, piece := range [...]struct {
		name  string
		value any
	}{{"protected", signed["protected"]}, {"payload", payload}, {"signature", signed["signature"]}} {
		text, ok := piece.value.(string)
		// An empty signature is one that is missing, and is told as that.
		if !ok || !isBase64URL([]byte(text)) && !(text == "" && piece.name == "signature") {
			return nil, "", malformed(piece.name + " is missing or not base64url")
		}
		if i > 0 {
			out.WriteByte('.')
		}
		out.WriteString(text)
	}
	out.WriteByte('~')
	for name, v := range header {
		switch name {
		case "crit", "b64":
			// RFC 7515 §4.1.11, RFC 7797 §3: they "MUST be integrity protected".
			return nil, "", malformed("crit or b64 is not protected")
		case "kid":
			var ok bool
			if kid, ok = v.(string); !ok || kid == "" {
				return nil, "", malformed("the unprotected kid is no string or empty")
			}
		}
	}
	if err := writeDisclosures(&out, header); err != nil {
		return nil, "", err
	}
	v, bound := header["kb_jwt"]
	if !bound {
		return out.Bytes(), kid, nil
	}
	text, ok := v.(string)
	if !ok || text == "" || strings.ContainsRune(text, '~') {
		return nil, "", malformed("kb_jwt is no JWT")
	}
	out.WriteString(text)
	return out.Bytes(), kid, nil
}

// writeDisclosures reads §8.1's disclosures: "An array of strings where each
// element is an individual Disclosure".
func writeDisclosures(out *bytes.Buffer, header map[string]any) error {
	v, there := header["disclosures"]
	if !there {
		return nil
	}
	list, ok := v.([]any)
	if !ok {
		return malformed("disclosures is no array")
	}
	for _, e := range list {
		text, ok := e.(string)
		if !ok || !isBase64URL([]byte(text)) {
			return malformed("disclosures holds something else than disclosures")
		}
		out.WriteString(text)
		out.WriteByte('~')
	}
	return nil
}
