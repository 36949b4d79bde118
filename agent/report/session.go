package report

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/dzong-id/dzong/agent/health"
	"github.com/dzong-id/dzong/agent/outbox"
)

// session is what lives as long as one connection. One goroutine runs it; only
// receive is called by others.
type session struct {
	c        *Client
	link     *Link
	retry    *backoff
	settled  func()
	incoming chan Message
	warned   map[string]bool // one line in the log per kind of nonsense

	cursor   uint64    // newest record handed over on this connection
	acks     []sent    // not yet acknowledged, oldest first
	retryAt  time.Time // when the window is sent again
	progress time.Time // last receipt, or last time we went back
	silent   int       // times the window was sent again since the last receipt

	commands bucket
	state    []byte // as last published
	full     bool
	stateAt  time.Time

	conditions  []health.Condition // as last published
	healthAt    time.Time
	healthAsked time.Time
	woken       bool // something may have changed since healthAsked
}

type sent struct {
	seq uint64 // 0: no record
	ack Ack
	at  time.Time
}

// tick is how often clock-driven work is looked at, and healthPause the least
// time between two looks at the kiosk's health.
const (
	tick        = 5 * time.Second
	healthPause = time.Second
)

// maxSilent is how often the window is sent on one connection without a receipt.
const maxSilent = 3

// receive takes a message over from paho, whose goroutine it must not hold up.
// What does not fit is dropped: a receipt comes again, a command is not owed.
func (s *session) receive(m Message) {
	select {
	case s.incoming <- m:
	default:
		s.c.note(func(st *Status) { st.Refused++ })
	}
}

// serve drains the outbox until the connection or ctx ends.
func (s *session) serve(ctx context.Context) error {
	s.c.box.ForgetSent()
	s.cursor = s.c.box.State().ReleasedSeq
	s.commands = bucket{room: 10, every: time.Second}
	timer := time.NewTimer(tick)
	defer timer.Stop()
	for {
		if err := s.onTime(ctx); err != nil {
			return err
		}
		if err := s.fill(ctx); err != nil {
			return err
		}
		var acked <-chan struct{}
		if len(s.acks) > 0 {
			acked = s.acks[0].ack.Done()
		}
		timer.Reset(s.sleep())
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.link.Lost():
			return s.link.Err()
		case m := <-s.incoming:
			s.handle(ctx, m)
		case <-s.c.wake:
			s.woken = true
		case <-acked:
			if err := s.acks[0].ack.Err(); err != nil {
				return fmt.Errorf("publish: %w", err)
			}
			s.c.box.MarkSent(s.acks[0].seq)
			s.acks = s.acks[1:]
		case <-timer.C:
		}
	}
}

// sleep is how long nothing is due.
func (s *session) sleep() time.Duration {
	d := tick
	for _, at := range []time.Time{s.retryAt, s.ackDue()} {
		if !at.IsZero() {
			d = min(d, max(time.Until(at), time.Millisecond))
		}
	}
	if s.woken {
		d = min(d, max(time.Until(s.healthAsked.Add(healthPause)), time.Millisecond))
	}
	return d
}

func (s *session) ackDue() time.Time {
	if len(s.acks) == 0 {
		return time.Time{}
	}
	return s.acks[0].at.Add(s.c.o.AckTimeout)
}

// fill hands over records as long as the window has room: it is measured from
// the collector's last receipt, not from the broker's acknowledgements.
func (s *session) fill(ctx context.Context) error {
	st := s.c.box.State()
	s.cursor = max(s.cursor, st.ReleasedSeq)
	top := min(st.HeadSeq, st.ReleasedSeq+uint64(s.c.o.Window))
	if s.cursor < top {
		entries, err := s.c.box.Pending(ctx, s.c.o.Window)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if e.Seq > s.cursor && e.Seq <= top {
				s.publish(e.Seq, Message{Topic: s.c.o.Kiosk.Topic(KindEvent), Payload: e.Event})
				s.cursor = e.Seq
			}
		}
	}
	switch {
	case s.cursor == st.ReleasedSeq:
		s.retryAt = time.Time{}
	case s.retryAt.IsZero():
		s.retryAt = time.Now().Add(s.retry.interval())
	}
	s.c.note(func(n *Status) {
		if st.HeadSeq == st.ReleasedSeq {
			n.Waiting = time.Time{}
		} else if n.Waiting.IsZero() {
			n.Waiting = time.Now()
		}
	})
	return nil
}

func (s *session) publish(seq uint64, m Message) {
	s.acks = append(s.acks, sent{seq: seq, ack: s.link.Publish(m), at: time.Now()})
}

// onTime does what has become due.
func (s *session) onTime(ctx context.Context) error {
	now := time.Now()
	if due := s.ackDue(); !due.IsZero() && now.After(due) {
		return errors.New("the broker has stopped acknowledging")
	}
	if !s.retryAt.IsZero() && now.After(s.retryAt) {
		// A broker that restarts or takes a session over can lose a subscription
		// and say nothing. Only a new connection tells that from an absent
		// collector.
		if s.silent++; s.silent > maxSilent {
			return errors.New("no receipt came for long: connecting anew, in case the broker forgot our subscription")
		}
		s.goBack(now)
		s.c.log.Info("no receipt came, sending again what waits", "up_to", s.c.o.Window)
	}
	return s.publishStatus(ctx, now)
}

// goBack sends the window again, from behind the last receipt.
func (s *session) goBack(now time.Time) {
	s.c.box.ForgetSent()
	s.cursor = s.c.box.State().ReleasedSeq
	s.retryAt, s.progress = time.Time{}, now
}

func (s *session) handle(ctx context.Context, m Message) {
	switch _, kind, _ := ParseTopic(m.Topic); kind {
	case KindReceipt:
		s.receipt(ctx, m.Payload)
	case KindCommand:
		// A command kept by the broker would be obeyed with every connection.
		if m.Retained || !s.commands.take(time.Now()) {
			s.refuse("command", "retained, or too many")
			return
		}
		s.publish(0, Message{Topic: s.c.o.Kiosk.Topic(KindReply), Payload: s.c.answer(m.Payload)})
	}
}

// receipt passes a receipt to the outbox, which alone decides what it is worth.
func (s *session) receipt(ctx context.Context, payload []byte) {
	r, err := ParseReceipt(payload)
	if err != nil {
		s.refuse("receipt", "malformed")
		return
	}
	n, err := s.c.box.Release(ctx, r)
	now := time.Now()
	switch {
	case err == nil:
		s.retry.reset()
		s.settled()
		s.retryAt, s.progress, s.silent = time.Time{}, now, 0
		s.c.note(func(st *Status) { st.Waiting, st.Conflict = time.Time{}, false })
		s.c.log.Debug("the collector has signed for records", "up_to", r.UpToSeq, "freed", n)
	case errors.Is(err, outbox.ErrReceiptOld):
		// The collector is there and holds less than we have sent: it was away.
		// Not more often than the timer may at its fastest, so that repeating an
		// old receipt costs us no more than its absence.
		s.settled()
		if s.cursor > s.c.box.State().ReleasedSeq && now.Sub(s.progress) >= s.c.o.RetryMin {
			s.retry.reset()
			s.goBack(now)
		}
	case errors.Is(err, outbox.ErrReceiptEpoch):
		// For a database this kiosk lost. The collector repeats it, rightly.
	case errors.Is(err, outbox.ErrReceiptMismatch), errors.Is(err, outbox.ErrReceiptAhead):
		s.c.note(func(st *Status) { st.Conflict = true })
		s.refuse("receipt", err.Error())
	default:
		s.refuse("receipt", err.Error())
	}
}

// refuse counts nonsense, and says so once per connection and kind: what anybody
// can send must not fill a log.
func (s *session) refuse(what, why string) {
	s.c.note(func(st *Status) { st.Refused++ })
	if key := what + why; !s.warned[key] && len(s.warned) < 16 {
		s.warned[key] = true
		s.c.log.Warn("refused a message", "kind", what, "why", why)
	}
}

// publishStatus publishes state and health: on connecting, soon after a change,
// and the state now and then, because its numbers always change.
func (s *session) publishStatus(ctx context.Context, now time.Time) error {
	box := s.c.box.State()
	if s.stateAt.IsZero() || box.Full != s.full || now.Sub(s.stateAt) >= s.c.o.StateEvery {
		var facts Facts
		if s.c.o.Facts != nil {
			facts = s.c.o.Facts()
		}
		data, err := json.Marshal(stateOf(facts, box))
		if err != nil {
			return fmt.Errorf("publish state: %w", err)
		}
		s.stateAt, s.full = now, box.Full
		// Once more: the will of an earlier connection may have come after ours.
		s.publish(0, Message{Topic: s.c.o.Kiosk.Topic(KindLink), Payload: []byte(online), Retained: true})
		if !bytes.Equal(data, s.state) {
			s.state = data
			s.publish(0, Message{Topic: s.c.o.Kiosk.Topic(KindState), Payload: data, Retained: true})
		}
	}
	return s.publishHealth(ctx, now)
}

// publishHealth publishes what is wrong within a second of being woken, and the
// counters with it or in the state's rhythm: they change with every torn code.
func (s *session) publishHealth(ctx context.Context, now time.Time) error {
	if now.Sub(s.healthAsked) < healthPause {
		return nil
	}
	s.healthAsked, s.woken = now, false
	var conditions []health.Condition
	if s.c.o.Conditions != nil {
		conditions = s.c.o.Conditions()
	}
	if !s.healthAt.IsZero() && now.Sub(s.healthAt) < s.c.o.StateEvery && slices.Equal(conditions, s.conditions) {
		return nil
	}
	counters, err := s.c.box.Counts(ctx)
	if err != nil {
		return err
	}
	data, err := healthOf(conditions, counters)
	if err != nil {
		return fmt.Errorf("publish health: %w", err)
	}
	s.healthAt, s.conditions = now, conditions
	s.publish(0, Message{Topic: s.c.o.Kiosk.Topic(KindHealth), Payload: data})
	return nil
}

// bucket lets through a burst of room, and then one per every.
type bucket struct {
	room  int
	every time.Duration
	used  int
	since time.Time
}

func (b *bucket) take(now time.Time) bool {
	if b.since.IsZero() {
		b.since = now
	}
	if n := int(now.Sub(b.since) / b.every); n > 0 {
		b.used = max(0, b.used-n)
		b.since = b.since.Add(time.Duration(n) * b.every)
	}
	if b.used >= b.room {
		return false
	}
	b.used++
	return true
}
