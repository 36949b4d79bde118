package cose

import (
	"fmt"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Labels of header parameters (RFC 9052 §3.1, RFC 9596, RFC 9360 §2).
const (
	LabelAlgorithm   = int64(1)
	LabelCritical    = int64(2)
	LabelContentType = int64(3)
	LabelKeyID       = int64(4)
	LabelType        = int64(16)
	LabelX5Chain     = int64(33)
)

// understood is what crit may list: what this package reads, or hands to its
// caller, who must look at it (typ, content type).
var understood = map[any]bool{
	LabelAlgorithm: true, LabelCritical: true, LabelContentType: true, LabelKeyID: true, LabelType: true, LabelX5Chain: true,
}

// Bucket holds header parameters as they were encoded, by label: int64 or string.
type Bucket map[any]strictcbor.RawMessage

// Header is what a message says about itself, untrusted.
type Header struct {
	Algorithm   credential.Algorithm // never empty; a name that no set holds if it is not known
	KeyID       []byte               // nil if there is none
	X5Chain     [][]byte             // certificates in DER, leaf first; nil if there is none
	ContentType string               // a media type, or the number of a CoAP content format
	Type        string               // typ: the same (RFC 9596)
	Protected   Bucket
	Unprotected Bucket

	algorithm int64
	encoded   []byte // the protected bucket as it is signed
}

// readHeader reads both buckets. RFC 9052 §3: the protected one is "a bstr
// containing a map", or an empty bstr for an empty map.
func readHeader(protected []byte, unprotected strictcbor.RawMessage) (Header, error) {
	h := Header{encoded: protected}
	if len(protected)+len(unprotected) > limits.JOSEHeader {
		return h, &reason.Error{Code: reason.TooLarge, Doing: "read COSE: the headers are longer than any may be"}
	}
	var err error
	if len(protected) > 0 { // §4.4: none at all is "a zero-length byte string"
		if h.Protected, err = readBucket(protected); err != nil {
			return h, err
		}
	}
	if h.Unprotected, err = readBucket(unprotected); err != nil {
		return h, err
	}
	for label := range h.Unprotected {
		if _, twice := h.Protected[label]; twice {
			return h, refuse("a header parameter stands in both buckets", nil)
		}
	}
	return h, h.read()
}

func readBucket(encoded []byte) (Bucket, error) {
	m, err := strictcbor.Map(encoded)
	if err != nil {
		return nil, err
	}
	return m, nil
}

// read takes from the buckets what everybody needs.
func (h *Header) read() error {
	raw, ok := h.Protected[LabelAlgorithm]
	if !ok {
		return refuse("the protected header has no alg", nil)
	}
	var err error
	if h.Algorithm, h.algorithm, err = readAlgorithm(raw); err != nil {
		return err
	}
	if err := h.readCritical(); err != nil {
		return err
	}
	if raw, ok := h.Find(LabelKeyID); ok {
		if h.KeyID, err = strictcbor.Bytes(raw); err != nil || len(h.KeyID) == 0 {
			return refuse("kid is no byte string or empty", err)
		}
	}
	if h.ContentType, err = h.mediaType(LabelContentType); err != nil {
		return err
	}
	if h.Type, err = h.mediaType(LabelType); err != nil {
		return err
	}
	if raw, ok := h.Find(LabelX5Chain); ok {
		return h.readChain(raw)
	}
	return nil
}

// Find is the parameter called label, whichever bucket it stands in.
func (h *Header) Find(label any) (strictcbor.RawMessage, bool) {
	if raw, ok := h.Protected[label]; ok {
		return raw, true
	}
	raw, ok := h.Unprotected[label]
	return raw, ok
}

// readCritical applies §3.1: crit "MUST be placed in the protected header bucket",
// is an array of at least one label, "the header parameter MUST be in the protected
// header bucket", and a label that is not understood ends it.
func (h *Header) readCritical() error {
	if _, ok := h.Unprotected[LabelCritical]; ok {
		return refuse("crit is not protected", nil)
	}
	raw, ok := h.Protected[LabelCritical]
	if !ok {
		return nil
	}
	labels, err := strictcbor.Array(raw)
	if err != nil || len(labels) == 0 {
		return refuse("crit is no array or empty", err)
	}
	for _, raw := range labels {
		var label any
		if err := strictcbor.Unmarshal(raw, &label); err != nil {
			return err
		}
		if n, ok := integer(label); ok {
			label = n
		} else if _, ok := label.(string); !ok {
			return refuse("crit lists something that is no label", nil)
		}
		if _, ok := h.Protected[label]; !ok || !understood[label] {
			return refuse("crit lists a header parameter that is missing, or that this verifier does not have", nil)
		}
	}
	return nil
}

// mediaType reads content type (§3.1) and typ (RFC 9596 §2): text or an unsigned
// number of the CoAP Content-Formats registry.
func (h *Header) mediaType(label int64) (string, error) {
	raw, ok := h.Find(label)
	if !ok {
		return "", nil
	}
	var v any
	if err := strictcbor.Unmarshal(raw, &v); err != nil {
		return "", err
	}
	switch v := v.(type) {
	case string:
		if v != "" {
			return v, nil
		}
	case uint64:
		return fmt.Sprint(v), nil
	}
	return "", refuse("a media type is neither text nor an unsigned number", nil)
}

// readChain applies RFC 9360 §2: COSE_X509 = bstr / [ 2*certs: bstr ]. An array of
// one is what many issuers write, and says nothing else.
func (h *Header) readChain(raw strictcbor.RawMessage) error {
	var v any
	if err := strictcbor.Unmarshal(raw, &v); err != nil {
		return err
	}
	certificates, ok := v.([]any)
	if !ok {
		certificates = []any{v}
	}
	if len(certificates) > limits.CertificateChain {
		return &reason.Error{Code: reason.TooLarge, Doing: "read COSE: x5chain has more certificates than any chain may have"}
	}
	for _, c := range certificates {
		der, ok := c.([]byte)
		if !ok || len(der) == 0 {
			return refuse("x5chain holds something else than certificates", nil)
		}
		h.X5Chain = append(h.X5Chain, der)
	}
	if h.X5Chain == nil {
		return refuse("x5chain is empty", nil)
	}
	return nil
}

func refuse(what string, err error) error {
	return &reason.Error{Code: reason.Malformed, Doing: "read COSE: " + what, Err: err}
}
