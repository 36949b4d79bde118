package cose

import (
	"fmt"
	"maps"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
)

// Signer makes signatures under one algorithm; those of package jws are ones.
type Signer interface {
	Algorithm() credential.Algorithm
	Sign(input []byte) (signature []byte, err error)
}

// Message is what is to be signed. Header parameters are given by label (int or
// int64), as values that strictcbor.Marshal takes.
type Message struct {
	Protected   map[any]any // alg is added unless it has one, which lets a test lie
	Unprotected map[any]any
	Payload     []byte
	Detached    bool // leave the payload out of the message
	External    []byte
}

// Sign makes a COSE_Sign1, tagged.
func (m Message) Sign(s Signer) ([]byte, error) {
	alg, ok := number(s.Algorithm())
	if !ok {
		return nil, fmt.Errorf("sign COSE: algorithm %q has no number", s.Algorithm())
	}
	return m.seal(TagSign1, "Signature1", alg, s.Sign)
}

// Mac makes a COSE_Mac0 with HMAC-SHA-256, tagged.
func (m Message) Mac(key []byte) ([]byte, error) {
	return m.seal(TagMac0, "MAC0", hs256, func(data []byte) ([]byte, error) { return hmacSHA256(key, data), nil })
}

func (m Message) seal(tag uint64, context string, alg int64, seal func([]byte) ([]byte, error)) ([]byte, error) {
	protected := maps.Clone(m.Protected)
	if protected == nil {
		protected = map[any]any{}
	}
	_, short := protected[int(LabelAlgorithm)]
	if _, ok := protected[LabelAlgorithm]; !ok && !short {
		protected[LabelAlgorithm] = alg
	}
	encoded, err := strictcbor.Marshal(protected)
	if err != nil {
		return nil, err
	}
	payload := append([]byte{}, m.Payload...)
	signed, err := toBeSigned(context, &Header{encoded: encoded}, m.External, payload, nil)
	if err != nil {
		return nil, err
	}
	signature, err := seal(signed)
	if err != nil {
		return nil, fmt.Errorf("sign COSE: %w", err)
	}
	unprotected := m.Unprotected
	if unprotected == nil {
		unprotected = map[any]any{}
	}
	if m.Detached {
		payload = nil
	}
	return strictcbor.Marshal(strictcbor.Tag{Number: tag, Content: []any{encoded, unprotected, payload, signature}})
}
