package kiosk

import (
	"crypto/sha256"
	"time"

	"github.com/dzong-id/dzong/agent/decision"
)

// turn is one customer's time in front of the kiosk: what was decided in it, so
// that a code held up twice is answered twice and recorded once. It lives in
// memory only and is forgotten when the turn ends.
//
// A presentation is known again by its bytes, or by the proof of possession in
// it: the same proof around other disclosures is the same customer showing the
// same code.
type turn struct {
	length  time.Duration
	ends    time.Time // by the monotonic clock; zero outside a turn
	byBytes map[[32]byte]decision.Decision
	byProof map[[32]byte]decision.Decision
}

func newTurn(length time.Duration) turn {
	t := turn{length: length}
	t.end()
	return t
}

// end forgets the customer.
func (t *turn) end() {
	t.ends = time.Time{}
	t.byBytes = map[[32]byte]decision.Decision{}
	t.byProof = map[[32]byte]decision.Decision{}
}

// expired reports whether the turn ran out before now.
func (t *turn) expired(now time.Time) bool { return !t.ends.IsZero() && !now.Before(t.ends) }

// left is how long the turn still runs; zero outside a turn.
func (t *turn) left(now time.Time) time.Duration {
	if t.ends.IsZero() {
		return 0
	}
	return max(t.ends.Sub(now), 0)
}

// extend begins the turn or lets it run its full length again.
func (t *turn) extend(now time.Time) { t.ends = now.Add(t.length) }

func (t *turn) remember(payload []byte, proofs [][32]byte, d decision.Decision) {
	if payload != nil {
		t.byBytes[sha256.Sum256(payload)] = d
	}
	for _, p := range proofs {
		t.byProof[p] = d
	}
}

func (t *turn) knows(payload []byte) (decision.Decision, bool) {
	d, ok := t.byBytes[sha256.Sum256(payload)]
	return d, ok
}

func (t *turn) knowsProof(proofs [][32]byte) (decision.Decision, bool) {
	for _, p := range proofs {
		if d, ok := t.byProof[p]; ok {
			return d, true
		}
	}
	return decision.Decision{}, false
}
