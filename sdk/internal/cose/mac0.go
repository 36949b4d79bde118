package cose

import (
	"crypto/hmac"
	"crypto/sha256"

	"github.com/dzong-id/dzong/sdk/credential"
)

// Mac0 is a COSE_Mac0 message (RFC 9052 §6.2), parsed and not verified. Header's
// Algorithm is of no use to it: no set of signature algorithms holds a MAC.
type Mac0 struct {
	Header
	Payload []byte // nil if it is detached
	Tag     []byte
}

// ParseMac0 reads a COSE_Mac0, tagged 17 or not tagged. Errors are *reason.Error
// with malformed or too_large.
func ParseMac0(data []byte) (*Mac0, error) {
	h, payload, tag, err := parse(data, TagMac0)
	if err != nil {
		return nil, err
	}
	return &Mac0{Header: h, Payload: payload, Tag: tag}, nil
}

// Verify checks the tag with key under HMAC-SHA-256, untruncated (RFC 9053 §3.1,
// "HMAC 256/256"), over external (nil: none) and the payload: the enclosed one, or
// the one given if it is detached. It returns nil, credential.ErrAlgorithm if the
// header names another algorithm or there is no key, credential.ErrSignature or
// [ErrPayload].
func (m *Mac0) Verify(key, external, payload []byte) error {
	authenticated, err := toBeSigned("MAC0", &m.Header, external, m.Payload, payload)
	if err != nil {
		return err
	}
	if m.algorithm != hs256 || len(key) == 0 {
		return credential.ErrAlgorithm
	}
	if !hmac.Equal(hmacSHA256(key, authenticated), m.Tag) {
		return credential.ErrSignature
	}
	return nil
}

func hmacSHA256(key, data []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(data)
	return mac.Sum(nil)
}
