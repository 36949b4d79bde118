package kiosk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
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

// Parts is what the kiosk is made of. All but Recorded and Logger are needed.
type Parts struct {
	Verifier *verify.Verifier
	Outbox   *outbox.Outbox
	Clock    Clock
	Health   *health.Tracker
	Displays []Display
	// Recorded is called after each new record, for whoever sends them on. It must
	// not wait. May be nil.
	Recorded func()
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
	// unseen are the decisions of this turn that no display has shown yet.
	unseen map[uint64]bool
	// recalled is a decision from before the power went; its turn lasts until it
	// was seen.
	recalled uint64
	seen     chan uint64
	clear    chan struct{}
	fresh    chan struct{}
	now      func() time.Time // monotonic; turns are measured by it alone
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
		turn:   newTurn(c.Turn),
		view:   View{Phase: Idle},
		unseen: map[uint64]bool{},
		seen:   make(chan uint64, 16),
		clear:  make(chan struct{}, 1),
		fresh:  make(chan struct{}, 1),
		now:    time.Now,
	}
	if k.log == nil {
		k.log = slog.New(slog.DiscardHandler)
	}
	return k, nil
}

// Sight is what the scanner saw: a code it read, or one it could not read yet.
type Sight struct {
	// At is when the picture came from the camera, with a monotonic reading.
	At time.Time
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
	k.show(View{Phase: Idle}, 0)
	k.recall(ctx)
	for {
		var over <-chan time.Time
		if left := k.turn.left(k.now()); left > 0 {
			over = time.After(left)
		}
		select {
		case <-ctx.Done():
			k.settle(context.WithoutCancel(ctx))
			return ctx.Err()
		case seq := <-k.seen:
			k.markShown(context.WithoutCancel(ctx), seq)
		case <-k.clear:
			k.endTurn(ctx)
		case <-k.fresh:
			k.showAgain()
		case <-over:
			if k.turn.expired(k.now()) {
				k.endTurn(ctx)
			}
		case s, ok := <-sights:
			if !ok {
				return nil
			}
			k.see(ctx, s)
		}
	}
}

// settle marks what was seen and not marked yet, so that a kiosk that is told to
// stop does not show it once more when it returns.
func (k *Kiosk) settle(ctx context.Context) {
	for {
		select {
		case seq := <-k.seen:
			k.markShown(ctx, seq)
		default:
			return
		}
	}
}

// endTurn forgets the customer. A decision of this turn that no display showed,
// because none was there, is not one that a power cut hid: it is settled too.
func (k *Kiosk) endTurn(ctx context.Context) {
	for seq := range k.unseen {
		k.log.Warn("a decision was made while no display showed it", "seq", seq)
		k.markShown(ctx, seq)
	}
	k.turn.end()
	k.recalled = 0
	k.show(View{Phase: Idle}, 0)
	k.recall(ctx)
}

func (k *Kiosk) markShown(ctx context.Context, seq uint64) {
	delete(k.unseen, seq)
	if err := k.parts.Outbox.MarkShown(ctx, seq); err != nil && ctx.Err() == nil {
		// It will be shown once more on return, which harms nobody.
		k.log.Warn("mark decision as shown", "error", err)
	}
	if seq == k.recalled {
		k.turn.extend(k.now())
	}
}

// see moves the state machine by one sight.
func (k *Kiosk) see(ctx context.Context, s Sight) {
	if k.turn.expired(k.now()) {
		k.endTurn(ctx)
	}
	switch {
	case s.Payload != nil:
		k.handle(ctx, s)
	case k.view.Phase == Showing || k.view.Phase == Blocked:
		// What is shown stays until the turn ends.
	case s.Unread:
		k.turn.extend(k.now())
		k.show(View{Phase: Showing, Unread: true, Frame: s.At, Decided: time.Now()}, 0)
	case s.InView && k.view.Phase == Idle:
		k.show(View{Phase: Scanning}, 0)
	case !s.InView && k.view.Phase == Scanning:
		k.show(View{Phase: Idle}, 0)
	}
}

// handle answers one code. A fault in deciding must not take the kiosk down, and
// must not look like an answer: it blocks.
func (k *Kiosk) handle(ctx context.Context, s Sight) {
	defer func() {
		if r := recover(); r != nil {
			// The value could hold a part of the payload, so its type is all that
			// is told.
			k.block(health.StageFailed, fmt.Errorf("deciding panicked (%T)", r))
		}
	}()
	if d, ok := k.turn.knows(s.Payload); ok {
		k.showDecision(d, 0, s.At)
		return
	}
	k.show(View{Phase: Deciding}, 0)
	answer, err := k.decide(ctx, s.Payload)
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
	k.parts.Health.Clear(health.StageFailed)
	k.turn.remember(s.Payload, answer.proofs, answer.Decision)
	k.showDecision(answer.Decision, answer.seq, s.At)
	if answer.seq != 0 && k.parts.Recorded != nil {
		k.parts.Recorded()
	}
}

// block says that nothing can be decided. The presentation is not remembered:
// it can be tried again as soon as the fault is mended.
func (k *Kiosk) block(code health.Code, err error) {
	k.log.Error("no decision can be made", "condition", string(code), "error", err)
	k.parts.Health.Set(code)
	k.turn.extend(k.now())
	k.show(View{Phase: Blocked, Blocker: code}, 0)
}

// showDecision shows d and lets the turn begin anew. seq is its record, if it
// was made just now; frame is when the picture came.
func (k *Kiosk) showDecision(d decision.Decision, seq uint64, frame time.Time) {
	k.turn.extend(k.now())
	if seq != 0 {
		k.unseen[seq] = true
	}
	k.show(View{Phase: Showing, Decision: d, Frame: frame, Decided: time.Now()}, seq)
}

// show hands v to every display. The first one to have shown the record seq
// settles it.
func (k *Kiosk) show(v View, seq uint64) {
	k.view = v
	v.Knowledge = k.knowledge()
	v.Left = k.turn.left(k.now())
	var seen func()
	if seq != 0 {
		var once sync.Once
		seen = func() {
			once.Do(func() {
				select {
				case k.seen <- seq:
				default: // settled when the turn ends
				}
			})
		}
	}
	for _, d := range k.parts.Displays {
		d.Show(v, seen)
	}
}

// showAgain brings the age of the knowledge and the conditions up to date. A
// record that is still to be seen is asked for again, since the view that waited
// for it is replaced.
func (k *Kiosk) showAgain() {
	var waiting uint64
	for seq := range k.unseen {
		waiting = max(waiting, seq)
	}
	if waiting == 0 {
		waiting = k.recalled
	}
	k.show(k.view, waiting)
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
