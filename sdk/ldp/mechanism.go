package ldp

import (
	"bytes"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jsonld"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Option changes what a mechanism accepts.
type Option func(*mechanism)

// BhutanNDI also accepts EcdsaSecp256k1Signature2019 proofs whose JWS header is
// {"alg":"EcDSA","b64":false,"crit":["b64"]}, as Bhutan NDI's issuers write it.
// The name is in no registry; the signature is an ordinary ES256K one and is
// accepted only where ES256K is.
func BhutanNDI() Option { return func(m *mechanism) { m.ndi = true } }

// Mechanism reads credentials and presentations with embedded proofs, and
// enveloped ones. It remembers processed contexts, so make one and keep it.
func Mechanism(opts ...Option) credential.Mechanism {
	m := &mechanism{processor: jsonld.New(), suites: []Suite{ecdsaSD{}}}
	for _, o := range opts {
		o(m)
	}
	return m
}

type mechanism struct {
	processor *jsonld.Processor
	suites    []Suite // beside this package's own
	ndi       bool
}

// Recognise reports whether data looks like a JSON object with an @context.
func (*mechanism) Recognise(data []byte) bool {
	data = bytes.TrimLeft(data, " \t\r\n")
	return bytes.HasPrefix(data, []byte{'{'}) && bytes.Contains(data, []byte(`"@context"`))
}

// Parse reads data. It keeps no reference to it.
func (m *mechanism) Parse(data []byte) (credential.Presentation, error) { return m.parse(data) }

func malformed(what string, err error) error {
	return &reason.Error{Code: reason.Malformed, Doing: "parse linked-data document: " + what, Err: err}
}

func unsupported(what string) error {
	return &reason.Error{Code: reason.FormatUnsupported, Doing: "parse linked-data document: " + what}
}
