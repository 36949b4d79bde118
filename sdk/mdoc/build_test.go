package mdoc

import (
	"strings"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
)

// codes are those of all checks that did not pass.
func codes(checks []credential.Check) string {
	var out []string
	for _, c := range checks {
		if c.Verdict != reason.Passed {
			out = append(out, string(c.Code))
		}
	}
	return strings.Join(out, " ")
}

// errorCode is the code of a parser's error, which is a *reason.Error and nothing
// else; empty for nil.
func errorCode(err error) reason.Code {
	if err == nil {
		return ""
	}
	coded, ok := err.(*reason.Error)
	if !ok {
		return "not a *reason.Error"
	}
	return coded.Code
}
