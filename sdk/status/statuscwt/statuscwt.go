// Package statuscwt opens Status List Tokens in CWT form
// (draft-ietf-oauth-status-list §5.2, of April 2026): COSE_Sign1, the type
// application/statuslist+cwt, and the claims of the JWT form under their numbers. It
// is a package of its own so that a program that needs none links no COSE; the rules
// for signers and claims are those of package status (status.OpenSigned).
//
// Key identifiers of bytes are called by their base64url text, or by the bytes as
// text, in trust lists. MACs, which the draft also permits, prove nothing to a
// verifier who does not share the secret, and are refused.
//
// It may be imported by whoever hands openers to a cache; nothing in it keeps state.
package statuscwt

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/cose"
	"github.com/dzong-id/dzong/sdk/internal/cwtclaims"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/status"
)

// MediaType is the type of a Status List Token in CWT form.
const MediaType = "application/" + status.TokenTypeCWT

// Token opens Status List Tokens in CWT form, signed with one of
// credential.DefaultAlgorithms.
func Token() status.Opener { return token{} }

type token struct{}

// Open implements status.Opener.
func (token) Open(uri string, data []byte, keys credential.Keys, _ time.Time) (*status.List, error) {
	message, set, err := parse(data)
	if err != nil {
		return nil, err
	}
	return status.OpenSigned(uri, status.Signed{
		Signer: credential.Signer{Chain: message.X5Chain, Algorithm: message.Algorithm},
		Claims: set.Values,
		Verify: func(k credential.Key) error { return message.Verify(k, nil, nil) },
	}, cose.ByKeyID(keys, message.KeyID))
}

// Subject is the URI that data says it is the list of, unverified.
func (token) Subject(data []byte) (string, error) {
	_, set, err := parse(data)
	if err != nil {
		return "", err
	}
	uri, ok := set.Values["sub"].(string)
	if !ok || uri == "" {
		return "", invalid("sub is missing or no text", nil)
	}
	return uri, nil
}

const tagCWT = 61 // RFC 8392 §6, before the tag of the message

func parse(data []byte) (*cose.Sign1, cwtclaims.Set, error) {
	no := func(what string, err error) (*cose.Sign1, cwtclaims.Set, error) {
		return nil, cwtclaims.Set{}, invalid(what, err)
	}
	if len(data) > limits.StatusToken {
		return no(fmt.Sprintf("%d bytes, at most %d", len(data), limits.StatusToken), nil)
	}
	number, content, tagged, err := strictcbor.Untag(data)
	if err == nil && tagged && number == tagCWT {
		data = content
		if len(data) == 0 || data[0] != 0xc0|cose.TagSign1 {
			err = errors.New("what stands behind the CWT tag is no COSE_Sign1")
		}
	}
	var message *cose.Sign1
	if err == nil {
		message, err = cose.ParseSign1(data)
	}
	if err != nil {
		return no("not a CWT", errors.Join(status.ErrOtherForm, err))
	}
	// §5.2: "16 (type): REQUIRED. The type of the CWT MUST be
	// application/statuslist+cwt or the registered CoAP Content-Format ID", in the
	// protected header. None is registered yet.
	if _, ok := message.Protected[cose.LabelType]; !ok || !strings.EqualFold(message.Type, MediaType) {
		return no("its protected type is not "+MediaType, status.ErrOtherForm)
	}
	set, err := cwtclaims.Read(message.Payload)
	if err != nil {
		return no("its claims", err)
	}
	// §4.3: "lst: REQUIRED. A byte string"; a text would read the same below.
	list, err := strictcbor.Map(set.Encoded["status_list"])
	if err == nil {
		_, err = strictcbor.Bytes(list["lst"])
	}
	if err != nil {
		return no("status_list is no map, or its lst no byte string", err)
	}
	return message, set, nil
}

func invalid(what string, err error) error {
	return &reason.Error{Code: reason.StatusListInvalid, Doing: "open status list: " + what, Err: err}
}
