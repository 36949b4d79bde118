package status

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Opener opens one form of status list. Implementations are stateless and safe
// for concurrent use.
type Opener interface {
	// Open verifies data as the list named uri, with keys made for the
	// reference time at. A non-nil error is a *reason.Error with code
	// status_list_invalid; if it wraps a [SignerError], the bytes may be good
	// and only the keys at hand do not cover them.
	//
	// An expired list opens: it is stale, not invalid, and a revoked bit in it
	// still counts. Ask [List.Fresh].
	Open(uri string, data []byte, keys credential.Keys, at time.Time) (*List, error)
}

// ErrOtherForm is wrapped by an opener that does not know the form of the data, where
// another may.
var ErrOtherForm = errors.New("not of this form")

// First opens data with the first opener that can. The error is that of the first
// one that knew the form.
func First(openers []Opener, uri string, data []byte, keys credential.Keys, at time.Time) (*List, error) {
	var telling, first error
	for _, o := range openers {
		l, err := o.Open(uri, data, keys, at)
		switch {
		case err == nil:
			return l, nil
		case telling == nil && !errors.Is(err, ErrOtherForm):
			telling = err
		case first == nil:
			first = err
		}
	}
	switch {
	case telling != nil:
		return nil, telling
	case first != nil:
		return nil, first
	}
	return nil, invalid("no opener was named", nil)
}

// Subject is the URI that data says it is the list of: untrusted, for callers who
// hold a list without knowing what they asked for. Only opening tells whether it is
// true. It reads lists that are JSON or a JWS; those of other encodings are asked of
// the openers that have a method of this name.
func Subject(data []byte, openers ...Opener) (string, error) {
	if len(data) > limits.StatusToken {
		return "", invalid(fmt.Sprintf("%d bytes, at most %d", len(data), limits.StatusToken), nil)
	}
	for _, o := range openers {
		if namer, ok := o.(interface{ Subject([]byte) (string, error) }); ok {
			if uri, err := namer.Subject(data); err == nil {
				return uri, nil
			}
		}
	}
	payload := data
	if !bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{")) {
		compact, _, _ := bytes.Cut(data, []byte("~"))
		t, err := jws.Parse(compact)
		if err != nil {
			return "", invalid("not a compact JWS", err)
		}
		payload = t.Payload
	}
	claims, err := strictjson.DecodeObject(payload)
	if err != nil {
		return "", invalid("it holds no JSON object", err)
	}
	names := []any{claims["sub"]}
	vc, wrapped := claims["vc"].(map[string]any)
	if _, bare := claims["credentialSubject"]; bare || wrapped {
		// In a credential, sub is its subject (VC-JWT 1.1 §6.3.1).
		names = []any{claims["jti"], claims["id"], vc["id"]}
	}
	for _, v := range names {
		if name, ok := v.(string); ok && name != "" {
			return name, nil
		}
	}
	return "", invalid("sub is missing, or in a credential id", nil)
}

// SignerError says that nobody could be found who may have signed a list: the
// signer is unknown, not valid at the time, revoked, or its keys are not at
// hand. Other keys (a newer trust list) may answer differently.
type SignerError struct {
	Code     reason.Code // what the search for keys ended with
	Resource string      // what to fetch, if the keys could not be looked up for want of it
}

func (e *SignerError) Error() string {
	s := "no acceptable signer (" + string(e.Code) + ")"
	if e.Resource != "" {
		s += "; needed: " + e.Resource
	}
	return s
}
