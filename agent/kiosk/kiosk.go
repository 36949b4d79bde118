package kiosk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/dzong-id/dzong/agent/decision"
	"github.com/dzong-id/dzong/agent/health"
	"github.com/dzong-id/dzong/agent/outbox"
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/verify"
)

// Config is what the kiosk decides by, fixed for its life.
type Config struct {
	Audience string         // who a proof of possession must be made for: this kiosk
	Window   time.Duration  // how far such a proof may lie from the kiosk's time
	Turn     time.Duration  // one customer's turn
	Policy   *verify.Policy // nil: whatever the trust list permits
}

// Parts is what the kiosk is made of. All but Logger are needed.
type Parts struct {
	Verifier *verify.Verifier
	Outbox   *outbox.Outbox
	Clock    Clock
	Health   *health.Tracker
	Displays []Display
	Logger   *slog.Logger // nil is silent
}

// Clock gives the reference time of a decision and how far it can be trusted.
// clock.Clock is one.
type Clock interface {
	Now() (time.Time, credential.ClockLevel)
}

// Kiosk is the state machine. Its methods are called from one goroutine, [Run]'s,
// but for [Kiosk.Clear] and [Kiosk.Refresh].
type Kiosk struct {
	config Config
	parts  Parts
	log    *slog.Logger
	turn   turn
	view   View
	clear  chan struct{}
	fresh  chan struct{}
	now    func() time.Time // monotonic; turns are measured by it alone
}

// New makes a kiosk that stands idle.
func New(c Config, p Parts) (*Kiosk, error) {
	switch {
	case p.Verifier == nil || p.Outbox == nil || p.Clock == nil || p.Health == nil || len(p.Displays) == 0:
		return nil, errors.New("make kiosk: verifier, outbox, clock, health and at least one display are needed")
	case c.Audience == "" || c.Window <= 0 || c.Turn <= 0:
		return nil, errors.New("make kiosk: audience, window and turn are needed")
	}
	k := &Kiosk{
		config: c, parts: p, log: p.Logger,
		turn:  newTurn(c.Turn),
		view:  View{Phase: Idle},
		clear: make(chan struct{}, 1),
		fresh: make(chan struct{}, 1),
		now:   time.Now,
	}
	if k.log == nil {
		k.log = slog.New(slog.DiscardHandler)
	}
	return k, nil
}

// Sight is what the scanner saw: a code it read, or one it could not read yet.
type Sight struct {
	// Payload is the exact bytes of a code; nil if none was read.
	Payload []byte
	// InView says that there is something like a code in the picture.
	InView bool
	// Unread says that it has been there for long without being read.
	Unread bool
}

// Clear ends the customer's turn, as staff do with a button. It returns at once
// and may be called from any goroutine.
func (k *Kiosk) Clear() { poke(k.clear) }

// Refresh shows the current view again, with the age of the knowledge as it is
// now. It returns at once and may be called from any goroutine.
func (k *Kiosk) Refresh() { poke(k.fresh) }

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Run takes what was seen from sights until ctx ends or sights is closed, and
// returns ctx's error or nil. It first shows what was decided and never shown.
func (k *Kiosk) Run(ctx context.Context, sights <-chan Sight) error {
	if err := k.recall(ctx); err != nil {
		k.log.Error("show what was decided before the power went", "error", err)
		k.parts.Health.Set(health.StageFailed)
	}
	k.show(k.view)
	for {
		var over <-chan time.Time
		if left := k.turn.left(k.now()); left > 0 {
			over = time.After(left)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-k.clear:
			k.endTurn()
		case <-k.fresh:
			k.show(k.view)
		case <-over:
			if k.turn.expired(k.now()) {
				k.endTurn()
			}
		case s, ok := <-sights:
			if !ok {
				return nil
			}
			k.see(ctx, s)
		}
	}
}

func (k *Kiosk) endTurn() {
	k.turn.end()
	k.show(View{Phase: Idle})
}

// see moves the state machine by one sight.
func (k *Kiosk) see(ctx context.Context, s Sight) {
	if k.turn.expired(k.now()) {
		k.endTurn()
	}
	switch {
	case s.Payload != nil:
		k.handle(ctx, s.Payload)
	case k.view.Phase == Showing || k.view.Phase == Blocked:
		// What is shown stays until the turn ends.
	case s.Unread:
		k.turn.extend(k.now())
		k.show(View{Phase: Scanning, Unread: true})
	case s.InView && k.view.Phase == Idle:
		k.show(View{Phase: Scanning})
	case !s.InView && k.view.Phase == Scanning && !k.view.Unread:
		k.show(View{Phase: Idle})
	}
}

// handle answers one code. A fault in deciding must not take the kiosk down, and
// must not look like an answer: it blocks.
func (k *Kiosk) handle(ctx context.Context, scanned []byte) {
	defer func() {
		if r := recover(); r != nil {
			// The value could hold a part of the payload, so its type is all that
			// is told.
			k.block(health.StageFailed, fmt.Errorf("deciding panicked (%T)", r))
		}
	}()
	if d, ok := k.turn.knows(scanned); ok {
		k.showDecision(d, true)
		return
	}
	k.show(View{Phase: Deciding})
	answer, err := k.decide(ctx, scanned)
	switch {
	case errors.Is(err, outbox.ErrFull):
		k.block(health.OutboxFull, err)
		return
	case err != nil && ctx.Err() != nil:
		return
	case err != nil:
		k.block(health.DiskFailed, err)
		return
	}
	k.parts.Health.Clear(health.OutboxFull)
	k.parts.Health.Clear(health.DiskFailed)
	k.turn.remember(scanned, answer.proofs, answer.Decision)
	shown := k.showDecision(answer.Decision, answer.again)
	if answer.seq != 0 && shown {
		if err := k.parts.Outbox.MarkShown(ctx, answer.seq); err != nil && ctx.Err() == nil {
			// It will be shown once more on return, which harms nobody.
			k.log.Warn("mark decision as shown", "error", err)
		}
	}
}

// block says that nothing can be decided. The presentation is not remembered:
// it can be tried again as soon as the fault is mended.
func (k *Kiosk) block(code health.Code, err error) {
	k.log.Error("no decision can be made", "condition", string(code), "error", err)
	k.parts.Health.Set(code)
	k.turn.extend(k.now())
	k.show(View{Phase: Blocked})
}

// showDecision shows d and lets the turn begin anew. It reports whether at least
// one display showed it.
func (k *Kiosk) showDecision(d decision.Decision, again bool) bool {
	k.turn.extend(k.now())
	return k.show(View{Phase: Showing, Decision: d, Again: again})
}

// show hands v to every display and reports whether at least one took it.
func (k *Kiosk) show(v View) bool {
	k.view = v
	v.Waiting = k.parts.Outbox.State().Records
	v.Knowledge = k.knowledge()
	shown := false
	for _, d := range k.parts.Displays {
		if err := d.Show(v); err != nil {
			k.log.Warn("show view", "phase", string(v.Phase), "error", err)
			continue
		}
		shown = true
	}
	return shown
}

// knowledge is the age of the oldest thing the kiosk knows.
func (k *Kiosk) knowledge() time.Time {
	s := k.parts.Verifier.Snapshot()
	if s == nil || s.Trust == nil {
		return time.Time{}
	}
	oldest := s.Trust.Issued
	for _, l := range s.Status {
		if l.IssuedAt.Before(oldest) {
			oldest = l.IssuedAt
		}
	}
	return oldest
}
