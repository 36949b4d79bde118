package sdjwt

import (
	"bytes"
	"fmt"

	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// parse reads the compact form (RFC 9901 §4):
//
//	<Issuer-signed JWT>~<Disclosure 1>~...~<Disclosure N>~[<KB-JWT>]
func parse(data []byte) (*presentation, error) {
	if len(data) > limits.Presentation {
		return nil, tooLarge("it is longer than a presentation may be")
	}
	first, last := bytes.IndexByte(data, '~'), bytes.LastIndexByte(data, '~')
	if first < 0 {
		// "the last separating tilde character MUST NOT be omitted"
		return nil, malformed("no tilde follows the issuer-signed JWT")
	}
	var p presentation
	var err error
	if p.issuerJWT, err = jws.Parse(data[:first]); err != nil {
		return nil, within("the issuer-signed JWT", err)
	}
	// "In the case that there is no Key Binding JWT, the last element MUST be an
	// empty string".
	if rest := data[last+1:]; len(rest) > 0 {
		if p.keyBinding, err = parseKeyBinding(rest); err != nil {
			return nil, err
		}
	}
	payload, err := strictjson.DecodeObject(p.issuerJWT.Payload)
	if err != nil {
		return nil, within("the payload", err)
	}
	if p.format, err = formatOf(p.issuerJWT, payload); err != nil {
		return nil, err
	}
	h, err := hashOf(payload)
	if err != nil {
		return nil, err
	}
	if p.keyBinding != nil {
		p.sdHash = h.digest(data[:last+1])
	}
	var encoded []byte
	if first < last {
		encoded = data[first+1 : last]
	}
	disclosures, err := splitDisclosures(encoded, first < last, h)
	if err != nil {
		return nil, err
	}
	if p.claims.all, err = process(payload, disclosures, fixed(p.format)); err != nil {
		return nil, err
	}
	for i, d := range disclosures.list {
		if !d.used {
			p.unreferenced = append(p.unreferenced, fmt.Sprintf("disclosure %d", i+1))
		}
	}
	if err := p.claims.read(p.format, p.issuerJWT); err != nil {
		return nil, err
	}
	return &p, nil
}

// parseKeyBinding reads the KB-JWT (§4.3). "The Key Binding JWT MUST be a JWT
// according to [RFC7519]": a JWS over a JSON object. What it must contain is
// checked when it is proven.
func parseKeyBinding(compact []byte) (*keyBinding, error) {
	token, err := jws.Parse(compact)
	if err != nil {
		return nil, within("the last part, a key-binding JWT", err)
	}
	payload, err := strictjson.DecodeObject(token.Payload)
	if err != nil {
		return nil, within("the key-binding JWT's payload", err)
	}
	return &keyBinding{token: token, payload: payload}, nil
}

// within says where err, a *reason.Error, happened.
func within(where string, err error) error {
	code := reason.Malformed
	if coded, ok := err.(*reason.Error); ok {
		code = coded.Code
	}
	return &reason.Error{Code: code, Doing: "parse SD-JWT: " + where, Err: err}
}
