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
	// Packed reports that the text was base45, and under it zlib or an archive.
	Packed bool
	// Presentation is the bytes to verify, nil unless Kind is Presentable. For a
	// raw text it is the scanned bytes themselves, not a copy; for CBOR that stands
	// for JSON it is that JSON.
	Presentation []byte
}

// Parse says what one scanned text is. scanned is the exact content of one code,
// byte for byte: not trimmed, not converted.
//
// A nil error means that Presentation holds what a mechanism may open, judged by
// shape alone: whether one does, and whether it parses, is package verify's answer.
// Otherwise the error is a *reason.Error with
//
//   - is_a_request for codes meant for a wallet, and for links,
//   - format_unsupported for kinds named in this package that are not read yet,
//     and for texts that are none of them,
//   - too_large beyond limits.QRText, or limits.Decompressed after unfolding,
//   - malformed where a text claims a form and breaks it: a compressed payload
//     that does not unfold, something that begins as a JWT and is none, CBOR that
//     is no JSON.
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
	switch kind {
	case Zip:
		return fromZip(text)
	case HealthCert:
		return fromHealthCert(text)
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
	return unfolded(data)
}

// answer turns a recognised kind into what Parse returns.
func answer(kind Kind, data []byte, packed bool) (Payload, error) {
	p := Payload{Kind: kind, Packed: packed}
	switch kind {
	case SDJWT, JWT, JSON, ClaimCWT, SmartHealthCard:
		p.Presentation = data
		return p, nil
	case CBOR:
		return fromCBOR(data, packed)
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
