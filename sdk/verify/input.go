package verify

import (
	"errors"
	"fmt"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/limits"
)

// Input is what is to be decided.
type Input struct {
	// Presented is what the holder handed over, at least one piece.
	Presented []Presented
	// Policy says what is accepted; nil accepts any one credential whose issuer
	// the trust list permits for its type.
	Policy *Policy
	// Query is what the holder was asked for, beside what the policy asks for: a
	// *dcql.Query, for one. nil asks for nothing.
	Query Query
	// Binding is the proof of possession wanted. Mandatory.
	Binding credential.Binding
	// At is the one reference time. Mandatory.
	At time.Time
	// Clock says how far At can be trusted; the zero value vouches for it.
	Clock credential.ClockLevel
}

// Presented is one piece of what the holder handed over.
type Presented struct {
	// Query is the id of the query or policy entry that this answers: it is held to
	// that one and to no other. Empty if it may answer any.
	Query string
	// Data is the presentation as it came, byte for byte.
	Data []byte
}

// One is a single presentation that answers no particular query.
func One(data []byte) []Presented { return []Presented{{Data: data}} }

// ErrMisuse is wrapped by every error about an [Input] that no decision can be
// made on.
var ErrMisuse = errors.New("verify: misuse")

// check reports misuse: faults of the caller, never of what was presented.
func (in *Input) check() error {
	switch {
	case len(in.Presented) == 0:
		return fmt.Errorf("%w: Input.Presented is empty; hand over what the wallet gave", ErrMisuse)
	case len(in.Presented) > limits.Credentials:
		return fmt.Errorf("%w: Input.Presented has %d pieces, at most %d", ErrMisuse, len(in.Presented), limits.Credentials)
	case in.At.IsZero():
		return fmt.Errorf("%w: Input.At is zero; hand over the reference time", ErrMisuse)
	case !in.Binding.Valid():
		return fmt.Errorf("%w: Input.Binding is not set; use credential.Bound, Fresh, Session or BearerUnsafe", ErrMisuse)
	}
	return nil
}
