package sync

import (
	"context"
	"fmt"
	"maps"
	"time"
)

// Bounds of the schedule.
const (
	// trustEvery bounds how long a withdrawn issuer or key goes unnoticed while
	// there is a line.
	trustEvery = time.Hour
	// statusEvery does so for status lists that state a longer ttl or none, and for
	// DID documents that are not pinned.
	statusEvery = 6 * time.Hour
	// atLeast keeps a list with a ttl of seconds from emptying a prepaid line.
	atLeast = 30 * time.Second
	// A line that is there for an hour a day must not be slept through: the
	// back-off stays short, and a failed attempt costs next to nothing.
	firstRetry = 15 * time.Second
	lastRetry  = 5 * time.Minute
	// glance is how often the schedule is looked at again: a clock that was set,
	// or a device that slept, must not wait for the rest of an old timer.
	glance = time.Minute
)

// Loop fetches by schedule. Make one with [NewLoop] and start it with Run.
type Loop struct {
	fetcher *Fetcher
	kick    chan struct{}
	plan    map[string]appointment
}

type appointment struct {
	at    time.Time
	wait  time.Duration // how long that was off when it was made
	fails int
}

// NewLoop makes a loop for f.
func NewLoop(f *Fetcher) *Loop {
	return &Loop{fetcher: f, kick: make(chan struct{}, 1), plan: map[string]appointment{}}
}

// Kick makes the loop fetch everything now: a line has come up, or somebody
// pressed the button. It never blocks and may be called from any goroutine.
func (l *Loop) Kick() {
	select {
	case l.kick <- struct{}{}:
	default:
	}
}

// Run fetches everything at once and then each resource before it runs out, until
// ctx ends; it returns ctx's error. It must be called once.
//
// A resource is fetched again after seven tenths of what is left of its ttl or
// exp, but at least once an hour (trust list) or every six hours (status lists, DID
// documents that are not pinned). What is pinned is fetched once.
// After a failure, or if the server offers nothing fresh, it is tried again after
// 15 seconds, doubling to 5 minutes. Every wait is varied at random, so that
// kiosks that got their power back together do not ask together.
func (l *Loop) Run(ctx context.Context) error {
	defer l.fetcher.client.CloseIdleConnections()
	for {
		// A kick that came while something was fetched counts too.
		select {
		case <-l.kick:
			clear(l.plan)
		default:
		}
		if err := l.round(ctx); err != nil {
			return err
		}
		wait := min(l.next().Sub(l.fetcher.now()), glance)
		if wait <= 0 {
			continue
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("sync loop: %w", ctx.Err())
		case <-l.kick:
			l.Kick()
		case <-l.fetcher.after(wait):
		}
	}
}

// round fetches what is due: the trust list first, because it says what else
// there is.
func (l *Loop) round(ctx context.Context) error {
	keep := map[string]bool{}
	for _, step := range []func() []want{l.fetcher.trust, l.fetcher.named} {
		for _, w := range step() {
			if w.settled {
				continue // should its bytes be lost, or others be pinned, it is due at once
			}
			keep[w.key()] = true
			if !l.due(w) {
				continue
			}
			if err := l.fetch(ctx, w); err != nil {
				return err
			}
		}
	}
	maps.DeleteFunc(l.plan, func(key string, _ appointment) bool { return !keep[key] })
	return nil
}

func (l *Loop) fetch(ctx context.Context, w want) error {
	r, err := l.fetcher.one(ctx, w)
	if err != nil {
		return err
	}
	l.plan[w.key()] = l.fetcher.appoint(w, r, l.plan[w.key()].fails)
	return nil
}

// due reports whether a resource's time has come. A time further off than when it
// was set says that the clock was set back.
func (l *Loop) due(w want) bool {
	a, planned := l.plan[w.key()]
	now := l.fetcher.now()
	return !planned || !now.Before(a.at) || a.at.Sub(now) > a.wait
}

// next is when something is due; far off if nothing is planned.
func (l *Loop) next() time.Time {
	next := l.fetcher.now().Add(glance)
	for _, a := range l.plan {
		if a.at.Before(next) {
			next = a.at
		}
	}
	return next
}

// appoint says when to fetch a resource next.
func (f *Fetcher) appoint(w want, r Resource, fails int) appointment {
	now := f.now()
	e, _ := f.entry(w)
	left := e.Deadline.Sub(now)
	if r.State == Failed || left <= 0 {
		wait := lastRetry
		if fails < 10 {
			wait = min(firstRetry<<fails, lastRetry)
		}
		wait = vary(wait, 0.5+0.5*f.random()) // between half and the whole of it
		return appointment{at: now.Add(wait), wait: wait, fails: fails + 1}
	}
	every := statusEvery
	if w.kind == trustList {
		every = trustEvery
	}
	if f.every > 0 {
		every = f.every
	}
	wait := max(vary(min(vary(left, 0.7), every), 0.9+0.2*f.random()), atLeast)
	return appointment{at: now.Add(wait), wait: wait}
}

func vary(d time.Duration, by float64) time.Duration { return time.Duration(float64(d) * by) }
