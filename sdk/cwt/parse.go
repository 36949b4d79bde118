package cwt

import (
	"strings"

	"github.com/dzong-id/dzong/sdk/internal/cose"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

const (
	tagCWT = 61 // RFC 8392 §6

	labelClaims = int64(15) // CWT Claims in a header, RFC 9597
)

func parse(data []byte) (*presentation, error) {
	if len(data) > limits.Presentation {
		return nil, &reason.Error{Code: reason.TooLarge, Doing: "parse CWT: more bytes than any presentation has"}
	}
	message, err := open(data)
	if err != nil {
		return nil, err
	}
	p := &presentation{}
	if p.message, err = cose.ParseSign1(message); err != nil {
		return nil, within("its COSE_Sign1", err)
	}
	if err := p.readHeader(); err != nil {
		return nil, err
	}
	if p.message.Payload == nil {
		return nil, malformed("its payload is somewhere else", nil)
	}
	if err := p.read(p.message.Payload); err != nil {
		return nil, err
	}
	return p, nil
}

// open takes off the CWT tag and tells a signed message from what is not read.
func open(data []byte) ([]byte, error) {
	number, content, tagged, err := strictcbor.Untag(data)
	if err != nil {
		return nil, within("its CBOR", err)
	}
	if tagged && number == tagCWT {
		// RFC 8392 §6: "the CWT CBOR tag MUST prefix a tagged object using one of the
		// COSE CBOR tags".
		data = content
		if number, _, tagged, err = strictcbor.Untag(data); err != nil {
			return nil, within("its CBOR", err)
		}
		if !tagged {
			return nil, malformed("what stands behind the CWT tag is not tagged", nil)
		}
	}
	switch {
	case !tagged:
		parts, err := strictcbor.Array(data)
		if err != nil {
			return nil, within("its CBOR", err)
		}
		if len(parts) == 3 {
			return nil, unsupported("it is encrypted")
		}
		return data, nil
	case number == cose.TagSign1:
		return data, nil
	case number == 16, number == 96:
		return nil, unsupported("it is encrypted")
	case number == cose.TagMac0, number == 97:
		// A MAC proves nothing to a verifier who does not share the secret, and two
		// who share it cannot tell which of them made it.
		return nil, unsupported("it is authenticated with a secret, not signed")
	case number == 98:
		return nil, unsupported("it may have several signatures")
	}
	return nil, malformed("it is tagged as something that is no COSE message", nil)
}

// readHeader refuses what its own header says to be something else (RFC 8725
// §3.11), and a second set of claims.
func (p *presentation) readHeader() error {
	if _, ok := p.message.Find(labelClaims); ok {
		return malformed("claims in its header as well", nil)
	}
	switch typ := strings.TrimPrefix(strings.ToLower(p.message.Type), "application/"); typ {
	case "statuslist+cwt", "kb+cwt", "sd-cwt", "vc+cose", "vp+cose", "vc-ld+cose", "vp-ld+cose":
		return unsupported("its typ says that it is no CWT of this kind")
	}
	return nil
}
