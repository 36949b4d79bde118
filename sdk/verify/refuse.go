package verify

import (
	"errors"
	"fmt"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Refuse gives the result for what was found to be no presentation before it
// reached a mechanism: a scanned text that is a request, or cannot be unwrapped.
// cause must carry a *reason.Error, as payload.Parse's errors do; otherwise it
// is returned as misuse.
func Refuse(in Input, cause error) (Result, error) {
	var coded *reason.Error
	if !errors.As(cause, &coded) {
		return Result{}, fmt.Errorf("%w: refuse: %w", ErrMisuse, cause)
	}
	return Result{Evaluation{
		outcome: reason.Rejected,
		policy:  in.Policy.String(),
		at:      in.At,
		clock:   in.Clock,
		checks:  []Check{{Check: credential.Fail(reason.CheckFormat, coded.Code, "")}},
		nothing: true,
	}}, nil
}
