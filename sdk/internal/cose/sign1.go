package cose

import (
	"errors"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
)

// Tags of the messages (RFC 9052 §2).
const (
	TagMac0  = 17
	TagSign1 = 18
)

// ErrPayload is returned by Verify when the payload is given although the message
// encloses it, or missing from both.
var ErrPayload = errors.New("the payload must be either enclosed or given")

// Sign1 is a COSE_Sign1 message (RFC 9052 §4.2), parsed and not verified.
type Sign1 struct {
	Header
	Payload   []byte // nil if it is detached
	Signature []byte
}

// ParseSign1 reads a COSE_Sign1, tagged 18 or not tagged. Errors are
// *reason.Error with malformed or too_large.
func ParseSign1(data []byte) (*Sign1, error) {
	h, payload, signature, err := parse(data, TagSign1)
	if err != nil {
		return nil, err
	}
	return &Sign1{Header: h, Payload: payload, Signature: signature}, nil
}

// Verify checks the signature with k under the header's algorithm, over external
// (nil: none) and the payload: the enclosed one, or the one given if it is
// detached. It returns nil, credential.ErrAlgorithm, credential.ErrSignature or
// [ErrPayload]. Whether the algorithm is wanted at all is the caller's to check
// first.
func (s *Sign1) Verify(k credential.Key, external, payload []byte) error {
	signed, err := toBeSigned("Signature1", &s.Header, external, s.Payload, payload)
	if err != nil {
		return err
	}
	return k.Verify(s.Algorithm, signed, s.Signature)
}

// toBeSigned is the Sig_structure (§4.4) or MAC_structure (§6.3): [ context,
// body_protected, external_aad, payload ].
func toBeSigned(context string, h *Header, external, enclosed, given []byte) ([]byte, error) {
	if (enclosed == nil) == (given == nil) {
		return nil, ErrPayload
	}
	if enclosed == nil {
		enclosed = given
	}
	if external == nil {
		external = []byte{} // "if not, a zero-length byte string"
	}
	return strictcbor.Marshal([]any{context, h.encoded, external, enclosed})
}

// parse reads what COSE_Sign1 and COSE_Mac0 have in common: [ protected: bstr,
// unprotected: map, payload: bstr / nil, signature or tag: bstr ].
func parse(data []byte, tag uint64) (h Header, payload, signature []byte, err error) {
	number, body, tagged, err := strictcbor.Untag(data)
	if err != nil {
		return h, nil, nil, err
	}
	if tagged && number != tag {
		return h, nil, nil, refuse("it is tagged as something else", nil)
	}
	parts, err := strictcbor.Array(body)
	if err != nil {
		return h, nil, nil, err
	}
	if len(parts) != 4 {
		return h, nil, nil, refuse("it does not have four parts", nil)
	}
	protected, err := strictcbor.Bytes(parts[0])
	if err != nil {
		return h, nil, nil, err
	}
	if !isNull(parts[2]) {
		if payload, err = strictcbor.Bytes(parts[2]); err != nil {
			return h, nil, nil, err
		}
	}
	if signature, err = strictcbor.Bytes(parts[3]); err != nil {
		return h, nil, nil, err
	}
	h, err = readHeader(protected, parts[1])
	return h, payload, signature, err
}

func isNull(raw strictcbor.RawMessage) bool { return len(raw) == 1 && raw[0] == 0xf6 }
