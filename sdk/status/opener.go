package status

import (
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
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
