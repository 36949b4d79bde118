package payload

import (
	"bytes"

	"github.com/dzong-id/dzong/sdk/internal/base45"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Payload is what a scanned text was found to be.
type Payload struct {
	// Kind is set also where Parse gives an error, so that a kiosk can count what
	// it meets.
	Kind Kind
	// Packed reports that the text was PixelPass text: base45, and under it zlib
	// or an archive.
	Packed bool
	// Presentation is the bytes to verify, nil unless Kind is Presentable. For a
	// raw text it is the scanned bytes themselves, not a copy.
	Presentation []byte
}

// Parse says what one scanned text is. scanned is the exact content of one code,
// byte for byte: not trimmed, not converted.
//
// A nil error means that Presentation holds an SD-JWT, a JWT or a SMART Health
// Card, judged by shape alone: whether it parses is the mechanism's answer. Otherwise the error is a
// *reason.Error with
//
//   - is_a_request for codes meant for a wallet, and for links,
//   - format_unsupported for kinds named in this package that are not read yet,
//     and for texts that are none of them,
//   - too_large beyond limits.QRText, or limits.Decompressed after unfolding,
//   - malformed where a text claims a form and breaks it: a compressed payload
//     that does not unfold, something that begins as a JWT and is none.
//
// One part of several is format_unsupported here: a [Collector] puts them
// together. Parse opens no link and keeps no state; it is safe for concurrent use.
func Parse(scanned []byte) (Payload, error) {
	if len(scanned) == 0 {
		return refuse(Unknown, reason.Malformed, "the scanned text is empty", nil)
	}
	if len(scanned) > limits.QRText {
		return refuse(Unknown, reason.TooLarge, "the scanned text is longer than any code here", nil)
	}
	kind := recognise(scanned)
	if kind == MultiPart && !isHealthCard(scanned) {
		u, err := parseUR(scanned)
		if err != nil {
			return Payload{Kind: kind}, err
		}
		if u.part == nil {
			return fromUR(u, u.body)
		}
	}
	return parse(scanned, kind)
}

// fromUR judges what a whole Uniform Resource holds. A resource within a resource
// is not opened.
func fromUR(u *uniform, message []byte) (Payload, error) {
	data, err := u.content(message)
	if err != nil {
		return Payload{Kind: MultiPart}, err
	}
	kind := recognise(data)
	if kind == Unknown {
		kind = recogniseBinary(data)
	}
	return parse(data, kind)
}

// parse judges a text of a kind that recognise gave.
func parse(text []byte, kind Kind) (Payload, error) {
	if kind == Zip {
		return fromZip(text)
	}
	if kind != Unknown {
		return answer(kind, text, false)
	}
	if !base45.Is(text) {
		return answer(Unknown, nil, false)
	}
	data, err := base45.Decode(text)
	if err != nil {
		// A text that begins with a zlib header in base45 was packed once; any other
		// words in capitals were not.
		if head, short := base45.Decode(text[:min(len(text), 3)]); short == nil && compressed(head) {
			return Payload{Kind: Unknown, Packed: true}, &reason.Error{Code: reason.Malformed, Doing: "unfold scanned text", Err: err}
		}
		return answer(Unknown, nil, false)
	}
	if !compressed(data) {
		// Any words in capitals are base45 by chance, so here only an archive's
		// four bytes are evidence enough.
		if bytes.HasPrefix(data, zipMagic) {
			return fromZip(data)
		}
		return answer(Unknown, nil, false)
	}
	data, err = inflate(data)
	if err != nil {
		return Payload{Kind: Unknown, Packed: true}, err
	}
	kind = recognise(data)
	if kind == Unknown {
		kind = recogniseBinary(data)
	}
	return answer(kind, data, true)
}

// fromZip judges what PixelPass's archive holds. An archive within an archive, or
// within a compressed text, is not opened.
func fromZip(data []byte) (Payload, error) {
	data, err := unzip(data)
	if err != nil {
		return Payload{Kind: Zip, Packed: true}, err
	}
	kind := recognise(data)
	if kind == Unknown {
		kind = recogniseBinary(data)
	}
	return answer(kind, data, true)
}

// answer turns a recognised kind into what Parse returns.
func answer(kind Kind, data []byte, packed bool) (Payload, error) {
	p := Payload{Kind: kind, Packed: packed}
	switch kind {
	case SDJWT, JWT, SmartHealthCard:
		p.Presentation = data
		return p, nil
	case brokenJWT:
		p.Kind = JWT
		return p, &reason.Error{Code: reason.Malformed, Doing: "recognise scanned text: it begins as a JWT and is none"}
	case Request, Link:
		return p, &reason.Error{Code: reason.IsARequest, Doing: "recognise scanned text: it is " + kind.words() + ", not a credential"}
	default:
		return p, &reason.Error{Code: reason.FormatUnsupported, Doing: "recognise scanned text: it is " + kind.words()}
	}
}

func refuse(kind Kind, code reason.Code, doing string, err error) (Payload, error) {
	return Payload{Kind: kind}, &reason.Error{Code: code, Doing: "recognise scanned text: " + doing, Err: err}
}

// brokenJWT is a kind inside this package only.
const brokenJWT Kind = "broken_jwt"

// aadhaarDigits is how many digits make a text an Aadhaar secure QR: the
// smallest one ever issued is some hundreds of bytes, as one decimal number.
const aadhaarDigits = 300

// recognise knows a text by its first characters (and, for JOSE, by its dots and
// tildes). Order matters only where one form could be another's beginning.
func recognise(text []byte) Kind {
	if kind, ok := byScheme(text); ok {
		return kind
	}
	switch {
	case bytes.HasPrefix(text, zipMagic):
		return Zip
	case bytes.HasPrefix(text, []byte("HC1:")):
		return HealthCert
	case bytes.HasPrefix(text, []byte("VC1-")):
		return Barcode
	case bytes.HasPrefix(text, []byte(`{"data":{"hdr"`)):
		return VisibleSeal
	case isJSON(text):
		return JSON
	case len(text) > aadhaarDigits && onlyDigits(text):
		return Aadhaar
	}
	return jose(text)
}

// jose tells the JOSE forms apart. A protected header is a JSON object, so its
// base64url begins with what "{" and the character after it encode to.
func jose(text []byte) Kind {
	if len(text) < 2 || text[0] != 'e' || text[1] < 'w' || text[1] > 'z' && text[1] != 'y' {
		return Unknown
	}
	if bytes.IndexByte(text, '~') >= 0 {
		return SDJWT
	}
	switch dots := bytes.Count(text, []byte(".")); {
	case dots == 2:
		return JWT
	case dots == 4:
		return EncryptedJWT
	case bytes.HasPrefix(text, []byte("eyJ")):
		// Torn off on the way into the code: nothing else begins like this.
		return brokenJWT
	}
	return Unknown
}

var zipMagic = []byte("PK\x03\x04")

func isJSON(text []byte) bool {
	rest := bytes.TrimLeft(text, " \t\r\n") // JSON's own white space, RFC 8259 §2; the bytes handed on are never trimmed
	return len(rest) > 1 && rest[0] == '{' && bytes.IndexByte(rest, '"') > 0
}

func onlyDigits(text []byte) bool {
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// recogniseBinary knows what base45 (and zlib) unfolded to by its first byte.
func recogniseBinary(data []byte) Kind {
	if len(data) == 0 {
		return Unknown
	}
	switch b := data[0]; {
	case b == 0xd2, b == 0x84: // COSE_Sign1: tag 18, or an array of four (RFC 9052 §4.2)
		return ClaimCWT
	case b == 0xd0, b == 0x83: // COSE_Encrypt0: tag 16, or an array of three (§5.2)
		return ClaimCWT
	case len(data) > 1 && b == 0xd8 && data[1] == 0x3d: // CWT tag 61 (RFC 8392 §6)
		return ClaimCWT
	case b >= 0xa0 && b <= 0xbb || b == 0xbf: // a CBOR map
		return CBOR
	}
	return Unknown
}
