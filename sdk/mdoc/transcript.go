package mdoc

import (
	"crypto/sha256"
	"errors"

	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
)

// Proximity is a session in the same room: what the two devices said to each other
// before anything was encrypted (§9.1.5.1). Every part is CBOR exactly as it was
// read or sent; encoding it again would change what the wallet signed.
type Proximity struct {
	DeviceEngagement []byte       // DeviceEngagement, not wrapped; see Engagement.Bytes
	ReaderKey        []byte       // EReaderKey, a COSE_Key, not wrapped
	NFC              *NFCHandover // nil: the engagement came in a QR code
}

// NFCHandover is what was exchanged over NFC.
type NFCHandover struct {
	Select  []byte // the Handover Select message
	Request []byte // the Handover Request message; nil for static handover
}

// SessionTranscript is the CBOR array that device proofs of the session are made
// over: [DeviceEngagementBytes, EReaderKeyBytes, Handover].
func (p Proximity) SessionTranscript() ([]byte, error) {
	engagement, err := wrap(p.DeviceEngagement)
	if err != nil {
		return nil, errors.New("make session transcript: the device engagement is no CBOR map")
	}
	reader, err := wrap(p.ReaderKey)
	if err != nil {
		return nil, errors.New("make session transcript: the reader's key is no CBOR map")
	}
	var handover any // QRHandover = null
	if p.NFC != nil {
		if len(p.NFC.Select) == 0 {
			return nil, errors.New("make session transcript: NFC without a Handover Select message")
		}
		// A nil []byte is null.
		handover = []any{p.NFC.Select, p.NFC.Request}
	}
	return strictcbor.Marshal([]any{engagement, reader, handover})
}

// wrap makes encoded, which must be a map, embedded CBOR.
func wrap(encoded []byte) (strictcbor.RawMessage, error) {
	if _, err := strictcbor.Map(encoded); err != nil {
		return nil, err
	}
	return strictcbor.Marshal(strictcbor.Tag{Number: tagEmbedded, Content: encoded})
}

// OpenID4VPHandover is a presentation by OpenID4VP 1.0 with redirects or
// direct_post (appendix B.2.6.1): what the authorization request said.
type OpenID4VPHandover struct {
	ClientID string // with its prefix: x509_san_dns:bank.example
	Nonce    string
	// JWKThumbprint is the SHA-256 thumbprint (RFC 7638) of the key that the
	// response was encrypted to; nil if it was not encrypted.
	JWKThumbprint []byte
	ResponseURI   string // or the redirect_uri, for response modes without one
}

// SessionTranscript is the CBOR array that device proofs of the session are made
// over: [null, null, ["OpenID4VPHandover", SHA-256(OpenID4VPHandoverInfo)]].
func (h OpenID4VPHandover) SessionTranscript() ([]byte, error) {
	if h.ClientID == "" || h.ResponseURI == "" {
		return nil, errors.New("make session transcript: OpenID4VP without client_id or response_uri")
	}
	return openID4VP("OpenID4VPHandover", h.Nonce, h.JWKThumbprint, h.ClientID, h.Nonce, h.JWKThumbprint, h.ResponseURI)
}

// OpenID4VPDCAPIHandover is a presentation by OpenID4VP 1.0 over the Digital
// Credentials API (appendix B.2.6.2).
type OpenID4VPDCAPIHandover struct {
	Origin string // the caller's as the platform asserts it, without "origin:"
	Nonce  string
	// JWKThumbprint is as in [OpenID4VPHandover].
	JWKThumbprint []byte
}

// SessionTranscript is the CBOR array that device proofs of the session are made
// over: [null, null, ["OpenID4VPDCAPIHandover", SHA-256(OpenID4VPDCAPIHandoverInfo)]].
func (h OpenID4VPDCAPIHandover) SessionTranscript() ([]byte, error) {
	if h.Origin == "" {
		return nil, errors.New("make session transcript: the Digital Credentials API without an origin")
	}
	return openID4VP("OpenID4VPDCAPIHandover", h.Nonce, h.JWKThumbprint, h.Origin, h.Nonce, h.JWKThumbprint)
}

// openID4VP hashes the elements of a HandoverInfo: the encoded array itself, not a
// byte string that holds it.
func openID4VP(name, nonce string, thumbprint []byte, elements ...any) ([]byte, error) {
	switch {
	case nonce == "":
		return nil, errors.New("make session transcript: OpenID4VP without a nonce would be the same for everybody")
	case thumbprint != nil && len(thumbprint) != sha256.Size:
		return nil, errors.New("make session transcript: a JWK thumbprint has 32 bytes")
	}
	info, err := strictcbor.Marshal(elements)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(info)
	return strictcbor.Marshal([]any{nil, nil, []any{name, sum[:]}})
}
