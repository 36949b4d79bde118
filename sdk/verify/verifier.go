package verify

import (
	"context"
	"errors"
	"fmt"

	"github.com/dzong-id/dzong/sdk/credential"
)

// Verifier decides. It is made once, with the mechanisms it opens and the
// knowledge it rests on, and is safe for concurrent use.
type Verifier struct {
	knowledge  Knowledge
	mechanisms []credential.Mechanism
	replay     ReplayStore
}

// Option configures a [Verifier].
type Option func(*Verifier)

// Formats names the mechanisms whose credentials the verifier opens. What is not
// named is format_unsupported, and what is not imported is not linked.
func Formats(m ...credential.Mechanism) Option {
	return func(v *Verifier) { v.mechanisms = append(v.mechanisms, m...) }
}

// Replay names the store that remembers which proofs of possession were used.
// Several verifiers that serve one audience must share one store.
func Replay(store ReplayStore) Option {
	return func(v *Verifier) { v.replay = store }
}

// New makes a verifier. It is an error to name no knowledge, no format or no
// replay store: each of these choices decides who is let in, and none has a
// harmless default.
func New(k Knowledge, opts ...Option) (*Verifier, error) {
	v := &Verifier{knowledge: k}
	for _, o := range opts {
		o(v)
	}
	switch {
	case k == nil:
		return nil, errors.New("verify: new verifier: no knowledge; hand over a cache, a pack or a snapshot")
	case len(v.mechanisms) == 0:
		return nil, errors.New("verify: new verifier: no formats; name them with verify.Formats")
	case v.replay == nil:
		return nil, errors.New("verify: new verifier: no replay store; name one with verify.Replay")
	}
	return v, nil
}

// Snapshot is the latest knowledge.
func (v *Verifier) Snapshot() *Snapshot { return v.knowledge.Snapshot() }

// Verify decides on in with the latest knowledge and asks the replay store once.
// The error is for misuse ([ErrMisuse]), cancellation, or a replay store that
// did not answer; whatever was presented leads to a [Result], never to an error.
// A zero Result refuses.
func (v *Verifier) Verify(ctx context.Context, in Input) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{}, fmt.Errorf("verify presentation: %w", err)
	}
	return v.Evaluate(v.Snapshot(), in).Settle(ctx, v.replay)
}
