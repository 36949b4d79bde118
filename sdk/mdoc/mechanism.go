package mdoc

import (
	"bytes"
	"errors"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Mechanism reads ISO/IEC 18013-5 device responses: the CBOR bytes, or the
// base64url text of them that OpenID4VP carries.
func Mechanism() credential.Mechanism { return mechanism{} }

type mechanism struct{}

// Recognise reports whether data begins as a CBOR map whose first key is one of
// DeviceResponse's, in bytes or in base64url. A byte that begins a map is no
// character of base64url, so nothing is both.
func (mechanism) Recognise(data []byte) bool {
	if isMap(data) {
		return isResponse(data)
	}
	// 24 characters are 18 bytes: the map's head and the longest of the keys.
	head, err := base64url.Decode(data[:min(len(data), 24)])
	return err == nil && isResponse(head)
}

// isMap reports whether data begins with a CBOR map, of however many members.
func isMap(data []byte) bool { return len(data) > 0 && data[0]>>5 == 5 }

// isResponse knows a map of one to seven members by its first key: four are
// DeviceResponse's own, and more may come with later editions.
func isResponse(data []byte) bool {
	if len(data) < 2 || data[0] < 0xa1 || data[0] > 0xa7 {
		return false
	}
	for _, key := range [...]string{"\x67version", "\x69documents", "\x6edocumentErrors", "\x66status"} {
		if bytes.HasPrefix(data[1:], []byte(key)) {
			return true
		}
	}
	return false
}

// Parse reads data. It keeps no reference to it.
func (mechanism) Parse(data []byte) (credential.Presentation, error) {
	// The limit is of what came: as text it holds three quarters of that.
	if len(data) > limits.Presentation {
		return nil, &reason.Error{Code: reason.TooLarge, Doing: "parse mdoc: more bytes than any presentation has"}
	}
	if isMap(data) {
		data = bytes.Clone(data)
	} else {
		var err error
		if data, err = base64url.Decode(data); err != nil {
			return nil, malformed("neither CBOR nor base64url", err)
		}
	}
	p, err := parse(data)
	if err != nil {
		return nil, err
	}
	return p, nil
}

// presentation is a parsed DeviceResponse. Its documents are unproven, and nothing
// but Prove gives them away.
type presentation struct{ documents []*document }

// Format implements credential.Presentation.
func (*presentation) Format() credential.Format { return credential.FormatMDoc }

func malformed(what string, err error) error {
	return &reason.Error{Code: reason.Malformed, Doing: "parse mdoc: " + what, Err: err}
}

// within says where err happened, and keeps its code.
func within(where string, err error) error {
	code := reason.Malformed
	var coded *reason.Error
	if errors.As(err, &coded) {
		code = coded.Code
	}
	return &reason.Error{Code: code, Doing: "parse mdoc: " + where, Err: err}
}

func tooLarge(what string) error {
	return &reason.Error{Code: reason.TooLarge, Doing: "parse mdoc: " + what}
}

func unsupported(what string) error {
	return &reason.Error{Code: reason.FormatUnsupported, Doing: "parse mdoc: " + what}
}
