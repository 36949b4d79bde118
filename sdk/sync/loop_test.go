package sync_test

import (
	"context"
	"errors"
	"testing"
	"time"

	stdsync "sync"

	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/sync"
)

// fakeClock stands still until somebody waits for it; then it jumps to the end
// of the wait, and after so many jumps it stops the loop.
type fakeClock struct {
	mu    stdsync.Mutex
	now   time.Time
	jumps int
	stop  context.CancelFunc
	on    func(jump int) // called before each jump
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	c.jumps--
	jump := c.jumps
	c.now = c.now.Add(d)
	c.mu.Unlock()
	if c.on != nil {
		c.on(jump)
	}
	if jump <= 0 {
		c.stop()
		return nil
	}
	ch := make(chan time.Time, 1)
	ch <- c.Now()
	return ch
}

type fetch struct {
	resource string
	state    sync.State
	after    time.Duration // since the loop began
}

// run lets the loop run for some simulated time and gives what it fetched.
func run(t *testing.T, s *scene, jumps int, on func(l *sync.Loop, jump int), opts ...sync.Option) []fetch {
	t.Helper()
	running, cancel := context.WithCancel(ctx)
	defer cancel()
	clock := &fakeClock{now: s.now, jumps: jumps, stop: cancel}
	var out []fetch
	var loop *sync.Loop
	opts = append([]sync.Option{
		sync.Clock(clock.Now, clock.After), sync.Random(func() float64 { return 0.5 }),
		sync.Progress(func(r sync.Resource) { out = append(out, fetch{r.Resource, r.State, clock.Now().Sub(s.now)}) }),
	}, opts...)
	loop = sync.NewLoop(s.fetcher(t, opts...))
	if on != nil {
		clock.on = func(jump int) { on(loop, jump) }
	}
	done := make(chan error)
	go func() { done <- loop.Run(running) }()
	select {
	case err := <-done:
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	case <-time.After(time.Minute):
		t.Fatal("the loop does not end")
	}
	return out
}

func times(all []fetch, resource string) (out []time.Duration) {
	for _, f := range all {
		if f.resource == resource {
			out = append(out, f.after)
		}
	}
	return out
}

func TestTheLoopRefreshesBeforeAListRunsOut(t *testing.T) {
	s := newScene(t)
	s.put("/2", token(t, "issuer", s.list2, start, 1000*time.Hour))
	got := run(t, s, 130, nil)
	for _, f := range got[:3] {
		if f.state != sync.Fetched || f.after != 0 {
			t.Errorf("at the start: %+v", f)
		}
	}
	// Of the ttl of an hour 59 minutes are left.
	first := times(got, s.list1)
	if len(first) < 3 || first[1] < 30*time.Minute || first[1] > 50*time.Minute {
		t.Errorf("list with a ttl of an hour is fetched after %v", first)
	}
	if all := times(got, cache.TrustResource); len(all) < 2 || all[1] != time.Hour {
		t.Errorf("trust list is fetched after %v", all)
	}
	if all := times(got, s.list2); len(all) != 1 {
		t.Errorf("list with a long ttl is fetched after %v", all)
	}
}

func TestTheLoopBacksOffAndComesBack(t *testing.T) {
	s := newScene(t)
	s.setOffline(true)
	got := run(t, s, 60, func(_ *sync.Loop, jump int) {
		if jump == 20 {
			s.setOffline(false)
		}
	})
	var waits []time.Duration
	all := times(got, cache.TrustResource)
	for i := 1; i < len(all); i++ {
		waits = append(waits, all[i]-all[i-1])
	}
	// 15 s doubling to 5 minutes, three quarters of it with jitter at its middle.
	want := []time.Duration{11250 * time.Millisecond, 22500 * time.Millisecond, 45 * time.Second, 90 * time.Second, 180 * time.Second, 225 * time.Second, 225 * time.Second}
	for i, w := range want {
		if i >= len(waits) || waits[i] != w {
			t.Fatalf("waits are %v, want %v first", waits, want)
		}
	}
	if s.cache.Snapshot().Trust == nil || len(s.cache.Missing()) > 0 {
		t.Errorf("it did not come back: %v", s.cache.Missing())
	}
}

func TestJitterKeepsKiosksApart(t *testing.T) {
	second := func(random float64) time.Duration {
		s := newScene(t)
		s.setOffline(true)
		return times(run(t, s, 3, nil, sync.Random(func() float64 { return random })), cache.TrustResource)[1]
	}
	if a, b := second(0), second(0.999); a < 7*time.Second || b > 15*time.Second || b-a < 5*time.Second {
		t.Errorf("waits are %v and %v", a, b)
	}
}

func TestAServerWithNothingFreshIsAskedAgainSoon(t *testing.T) {
	s := newScene(t)
	s.put("/1", token(t, "issuer", s.list1, start.Add(-2*time.Hour), time.Hour))
	got := times(run(t, s, 10, nil), s.list1)
	if len(got) < 3 || got[1] > 15*time.Second {
		t.Errorf("asked after %v", got)
	}
}

func TestATTLOfASecondDoesNotEmptyTheLine(t *testing.T) {
	s := newScene(t)
	s.now = start
	s.put("/1", token(t, "issuer", s.list1, start.Add(30*time.Second), time.Second))
	for i, got := 1, times(run(t, s, 20, nil), s.list1); i < len(got); i++ {
		if got[i]-got[i-1] < 7*time.Second {
			t.Errorf("asked after %v", got)
		}
	}
}

func TestEveryBoundsTheWait(t *testing.T) {
	s := newScene(t)
	got := times(run(t, s, 20, nil, sync.Every(5*time.Minute)), cache.TrustResource)
	if len(got) < 3 || got[1] != 5*time.Minute {
		t.Errorf("asked after %v", got)
	}
}

func TestKickFetchesNow(t *testing.T) {
	s := newScene(t)
	got := run(t, s, 10, func(l *sync.Loop, jump int) {
		if jump == 5 {
			l.Kick()
			l.Kick()
		}
	})
	if all := times(got, s.list2); len(all) < 2 || all[1] > 7*time.Minute {
		t.Errorf("asked after %v", all)
	}
}

func TestAListThatIsNewInTheTrustListIsFetchedAtOnce(t *testing.T) {
	s := newScene(t)
	list3 := s.URL + "/3"
	s.put("/3", token(t, "issuer", list3, start, time.Hour))
	got := run(t, s, 70, func(_ *sync.Loop, jump int) {
		if jump == 60 {
			s.put("/trust", trustList(t, 2, s.list1, list3))
		}
	})
	if all := times(got, list3); len(all) == 0 || all[0] != time.Hour {
		t.Errorf("asked after %v", all)
	}
	if all := times(got, s.list2); all[len(all)-1] >= time.Hour {
		t.Errorf("a list that is no longer named is still fetched: %v", all)
	}
}

func TestAClockThatIsSetBackDoesNotStopTheLoop(t *testing.T) {
	s := newScene(t)
	running, cancel := context.WithCancel(ctx)
	defer cancel()
	clock := &fakeClock{now: s.now.Add(1000 * time.Hour), jumps: 20, stop: cancel}
	clock.on = func(jump int) {
		if jump == 15 {
			clock.mu.Lock()
			clock.now = s.now
			clock.mu.Unlock()
		}
	}
	n := 0
	f := s.fetcher(t, sync.Clock(clock.Now, clock.After), sync.Progress(func(r sync.Resource) {
		if r.Resource == cache.TrustResource && clock.Now().Before(s.now.Add(time.Hour)) {
			n++
		}
	}))
	if err := sync.NewLoop(f).Run(running); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if n == 0 {
		t.Error("nothing was fetched after the clock was set")
	}
}
