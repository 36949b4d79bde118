package verify

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Check is one check of a decision and the credential it was made on.
type Check struct {
	credential.Check
	// Credential counts from 1 in the order of presentation; 0 is the decision
	// as a whole.
	Credential int `json:"credential,omitempty"`
}

// Evaluation is every check of a decision, before the replay store has spoken.
// It gives no claims: those come from the [Result] that Settle makes of it. The
// zero value refuses.
type Evaluation struct {
	misuse      error
	outcome     reason.Outcome
	policy      string
	at          time.Time
	asOf        time.Time
	clock       credential.ClockLevel
	checks      []Check
	credentials []Credential
	replay      [][32]byte
	nothing     bool
}

// Outcome is the answer so far. [Evaluation.Settle] can only turn it from
// accepted to rejected.
func (e Evaluation) Outcome() reason.Outcome { return e.outcome }

// Checks lists every check made, passed ones too.
func (e Evaluation) Checks() []Check { return slices.Clone(e.checks) }

// Reasons is the codes of all checks that did not pass, each once, in the order
// of the checks.
func (e Evaluation) Reasons() []reason.Code {
	codes := []reason.Code{}
	for _, c := range e.checks {
		if c.Verdict != reason.Passed && !slices.Contains(codes, c.Code) {
			codes = append(codes, c.Code)
		}
	}
	return codes
}

// AsOf is the age of the oldest knowledge the decision rests on; zero if it
// rests on none.
func (e Evaluation) AsOf() time.Time { return e.asOf }

// At is the reference time of the decision.
func (e Evaluation) At() time.Time { return e.at }

// Clock is how far the reference time could be trusted.
func (e Evaluation) Clock() credential.ClockLevel { return e.clock }

// Policy is the policy's id and version, "id/version".
func (e Evaluation) Policy() string { return e.policy }

// NotAPresentation reports that nothing presented could be read as a
// presentation at all (malformed, too_large, format_unsupported). That is
// refused before a decision: it is to be counted, not recorded.
func (e Evaluation) NotAPresentation() bool { return e.nothing }

// ReplayKeys is the digests of the proofs of possession inside, as they go to
// the replay store: only of those whose signatures were verified.
func (e Evaluation) ReplayKeys() [][32]byte { return slices.Clone(e.replay) }

// markLife is how long a replay mark must be remembered at least: as long as the
// same proof could pass as fresh, from a window before its iat to a window after.
const markLife = 2 * credential.MaxWindow

// Settle asks the store whether the proofs of possession inside were used
// before, marks them as used, and gives the result.
//
// An indeterminate evaluation is not marked: it grants nothing, and the same
// presentation may be shown again once the missing knowledge is there.
//
// The error is for misuse ([ErrMisuse]), cancellation, or a store that did not
// answer; then the Result is zero and refuses.
func (e Evaluation) Settle(ctx context.Context, store ReplayStore) (Result, error) {
	if e.misuse != nil {
		return Result{}, e.misuse
	}
	if len(e.replay) == 0 || e.outcome == reason.Indeterminate {
		return Result{Evaluation: e}, nil
	}
	if store == nil {
		return Result{}, fmt.Errorf("%w: no replay store", ErrMisuse)
	}
	check := credential.Pass(reason.CheckReplay, "")
	for i, key := range e.replay {
		if slices.Contains(e.replay[:i], key) {
			continue
		}
		absent, err := store.PutIfAbsent(ctx, key, e.at.Add(markLife))
		if err != nil {
			return Result{}, fmt.Errorf("ask replay store: %w", err)
		}
		if !absent {
			check = credential.Fail(reason.CheckReplay, reason.Replayed, "")
		}
	}
	e.checks = append(slices.Clone(e.checks), Check{Check: check})
	if check.Verdict != reason.Passed {
		e.outcome = reason.Rejected
		e.credentials = nil
	}
	return Result{Evaluation: e}, nil
}

// MarshalJSON gives the evaluation as `dzong verify --json` prints it: outcome,
// reasons, time, age of knowledge, policy and checks, without any claim.
func (e Evaluation) MarshalJSON() ([]byte, error) { return json.Marshal(e.body()) }

type body struct {
	Outcome     reason.Outcome `json:"outcome"`
	Reasons     []reason.Code  `json:"reasons"`
	At          time.Time      `json:"at"`
	AsOf        time.Time      `json:"as_of,omitzero"`
	Policy      string         `json:"policy"`
	Checks      []Check        `json:"checks"`
	Credentials []Credential   `json:"credentials,omitempty"`
}

func (e Evaluation) body() body {
	checks := e.checks
	if checks == nil {
		checks = []Check{}
	}
	return body{Outcome: e.outcome, Reasons: e.Reasons(), At: e.at, AsOf: e.asOf, Policy: e.policy, Checks: checks}
}
