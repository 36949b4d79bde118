package jwtvc

import (
	"bytes"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Mechanism reads W3C credentials and presentations as compact JWSs.
func Mechanism() credential.Mechanism { return mechanism{} }

type mechanism struct{}

// Recognise reports whether data looks like a compact JWS and not like an SD-JWT:
// it begins as JSON does in base64url, holds two full stops, and no tilde.
func (mechanism) Recognise(data []byte) bool {
	// A brace and a quote or space, or a brace and a line break or tab.
	begins := bytes.HasPrefix(data, []byte("ey")) || bytes.HasPrefix(data, []byte("ew"))
	return begins && bytes.Count(data, []byte{'.'}) == 2 && bytes.IndexByte(data, '~') < 0
}

// Parse reads data. It keeps no reference to it.
func (mechanism) Parse(data []byte) (credential.Presentation, error) { return parse(data) }

func malformed(what string) error {
	return &reason.Error{Code: reason.Malformed, Doing: "parse JWT: " + what}
}

func unsupported(what string) error {
	return &reason.Error{Code: reason.FormatUnsupported, Doing: "parse JWT: " + what}
}
