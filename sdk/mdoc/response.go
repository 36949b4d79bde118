package mdoc

import (
	"fmt"

	"github.com/dzong-id/dzong/sdk/internal/cborjson"
	"github.com/dzong-id/dzong/sdk/internal/cose"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/limits"
)

// version is the one that this package reads, of the response and of the MSO
// (§8.3.2.1.2.2, §9.1.2.4).
const version = "1.0"

// deviceResponse is DeviceResponse (§8.3.2.1.2.2). What is not named here is not
// read: documentErrors and errors say what the wallet did not give, and nobody
// signed them.
type deviceResponse struct {
	Version   string            `cbor:"version"`
	Documents []encodedDocument `cbor:"documents"`
	Status    *uint64           `cbor:"status"`
}

type encodedDocument struct {
	DocType      string `cbor:"docType"`
	IssuerSigned *struct {
		NameSpaces map[string][]strictcbor.RawMessage `cbor:"nameSpaces"`
		IssuerAuth strictcbor.RawMessage              `cbor:"issuerAuth"`
	} `cbor:"issuerSigned"`
	DeviceSigned *encodedDeviceSigned `cbor:"deviceSigned"`
}

// document is one Document of a response.
type document struct {
	docType    string
	issuerAuth *cose.Sign1
	mso        *securityObject
	items      []item
	device     *deviceSigned
}

func parse(data []byte) (*presentation, error) {
	var r deviceResponse
	if err := strictcbor.Unmarshal(data, &r); err != nil {
		return nil, within("the response", err)
	}
	switch {
	case r.Version == "":
		return nil, malformed("the response has no version", nil)
	case r.Version != version:
		return nil, unsupported("a response of another version than 1.0")
	case r.Status == nil:
		return nil, malformed("the response has no status", nil)
	case *r.Status != 0 && len(r.Documents) > 0:
		// Table 8: other values than 0 say that nothing could be given.
		return nil, malformed("the response says that it failed, and has documents", nil)
	case len(r.Documents) > limits.Credentials:
		return nil, tooLarge("the response has more documents than any decision takes")
	}
	p := &presentation{}
	for n := range r.Documents {
		d, err := parseDocument(&r.Documents[n])
		if err != nil {
			return nil, within(fmt.Sprint("document ", n+1), err)
		}
		p.documents = append(p.documents, d)
	}
	return p, nil
}

func parseDocument(e *encodedDocument) (*document, error) {
	switch {
	case e.DocType == "":
		return nil, malformed("no docType", nil)
	case e.IssuerSigned == nil || len(e.IssuerSigned.IssuerAuth) == 0:
		return nil, malformed("no issuerSigned, or no issuerAuth in it", nil)
	case e.DeviceSigned == nil:
		return nil, malformed("no deviceSigned", nil)
	}
	d := &document{docType: e.DocType}
	var err error
	if d.issuerAuth, err = cose.ParseSign1(e.IssuerSigned.IssuerAuth); err != nil {
		return nil, within("issuerAuth", err)
	}
	// §9.1.2.4 puts x5chain into the unprotected header. Where it stands makes no
	// difference to what it proves.
	if d.issuerAuth.X5Chain == nil {
		return nil, malformed("issuerAuth brings no certificate", nil)
	}
	if d.mso, err = parseSecurityObject(d.issuerAuth.Payload); err != nil {
		return nil, within("the mobile security object", err)
	}
	if d.items, err = parseItems(e.IssuerSigned.NameSpaces); err != nil {
		return nil, err
	}
	if d.device, err = parseDeviceSigned(e.DeviceSigned); err != nil {
		return nil, within("deviceSigned", err)
	}
	return d, nil
}

// embedded reads #6.24(bstr): an encoded data item as a byte string. What it gives is
// part of raw.
func embedded(raw []byte) ([]byte, error) {
	number, content, tagged, err := cborjson.Untag(raw)
	if err != nil {
		return nil, err
	}
	if !tagged || number != tagEmbedded {
		return nil, malformed("what should be embedded CBOR is not tagged 24", nil)
	}
	return cborjson.Bytes(content)
}

// Tags of CBOR (RFC 8949 §3.4).
const (
	tagDate     = 0
	tagEmbedded = 24
)
