package payload

import (
	"encoding/json"
	"errors"

	"github.com/dzong-id/dzong/sdk/internal/base45"
	"github.com/dzong-id/dzong/sdk/internal/cborjson"
	"github.com/dzong-id/dzong/sdk/reason"
)

// unfolded judges what was packed. What is packed within it is not opened.
func unfolded(data []byte) (Payload, error) {
	kind := recognise(data)
	switch kind {
	case Unknown:
		kind = recogniseBinary(data)
	case HealthCert:
		kind = Unknown
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
	return unfolded(data)
}

const healthCertPrefix = "HC1:"

// fromHealthCert unwraps a code of the EU digital COVID certificate family
// (Electronic Health Certificates 1.0.5 §4): the prefix, base45, zlib, a CWT. What
// has the prefix claims to be all of it.
func fromHealthCert(text []byte) (Payload, error) {
	p := Payload{Kind: HealthCert, Packed: true}
	data, err := base45.Decode(text[len(healthCertPrefix):])
	if err == nil {
		data, err = inflate(data)
	}
	if err == nil && recogniseBinary(data) != ClaimCWT {
		err = errNoToken
	}
	if err != nil {
		return p, &reason.Error{Code: codeOf(err), Doing: "unfold health certificate", Err: err}
	}
	p.Presentation = data
	return p, nil
}

var errNoToken = errors.New("there is no CBOR web token in it")

// codeOf is the code of err, malformed if it has none.
func codeOf(err error) reason.Code {
	var coded *reason.Error
	if errors.As(err, &coded) {
		return coded.Code
	}
	return reason.Malformed
}

// fromCBOR turns a CBOR map back into the JSON that PixelPass made it of, by the
// rules of cborjson.Value. Proofs in JSON are made over what it says and not over how
// it is written, so that they hold.
func fromCBOR(data []byte, packed bool) (Payload, error) {
	p := Payload{Kind: CBOR, Packed: packed}
	value, err := cborjson.Value(data)
	if err == nil {
		p.Presentation, err = json.Marshal(value)
	}
	if err != nil {
		return p, &reason.Error{Code: codeOf(err), Doing: "unfold scanned text: a credential in CBOR", Err: err}
	}
	return p, nil
}
