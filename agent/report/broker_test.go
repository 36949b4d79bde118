package report_test

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/dzong-id/dzong/agent/outbox"
	"github.com/dzong-id/dzong/agent/report"
	"github.com/dzong-id/dzong/agent/report/collector"
	"github.com/dzong-id/dzong/agent/report/reporttest"
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
)

// eachBroker runs the same test against the embedded broker and a real one.
func eachBroker(t *testing.T, test func(*testing.T, reporttest.Broker)) {
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		b, err := reporttest.StartEmbedded(nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = b.Stop() })
		test(t, b)
	})
	t.Run("mosquitto", func(t *testing.T) {
		t.Parallel()
		b, err := reporttest.StartMosquitto(t.TempDir(), "")
		if errors.Is(err, reporttest.ErrNoMosquitto) {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = b.Stop() })
		test(t, b)
	})
}

var kiosk = report.Kiosk{Site: "thimphu", Name: "kiosk-1"}

func testKey(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(name))
	return ed25519.NewKeyFromSeed(seed[:])
}

// fixture is a kiosk's reporting half and a head office.
type fixture struct {
	t    *testing.T
	dir  string
	url  string // of the line the kiosk uses
	o    report.Options
	made int // decisions

	box    *outbox.Outbox
	client *report.Client
	stop   func()
}

func newFixture(t *testing.T, url string) *fixture {
	f := &fixture{t: t, dir: t.TempDir(), url: url, o: report.Options{
		Kiosk: kiosk, Broker: report.BrokerOptions{URL: url}, Window: 4,
		RetryMin: 150 * time.Millisecond, RetryMax: time.Second,
		BackoffMin: 10 * time.Millisecond, BackoffMax: 200 * time.Millisecond, AckTimeout: 3 * time.Second,
	}}
	t.Cleanup(f.stopKiosk)
	return f
}

// startKiosk opens the outbox and begins to report.
func (f *fixture) startKiosk() {
	f.t.Helper()
	box, err := outbox.Open(f.t.Context(), filepath.Join(f.dir, "kiosk"), outbox.Options{
		Owner: kiosk.String(), Collectors: []ed25519.PublicKey{testKey("collector").Public().(ed25519.PublicKey)},
	})
	if err != nil {
		f.t.Fatal(err)
	}
	client, err := report.New(box, f.o)
	if err != nil {
		f.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := client.Run(ctx); err != nil {
			f.t.Error(err)
		}
	}()
	f.box, f.client = box, client
	f.stop = func() {
		cancel()
		<-done
		if err := box.Close(); err != nil {
			f.t.Error(err)
		}
	}
}

func (f *fixture) stopKiosk() {
	if f.stop != nil {
		f.stop()
		f.stop = nil
	}
}

// event is a decision's event, with a reference as the agent makes them.
func event(p outbox.Position) report.Event {
	return report.Event{
		Time: time.Date(2026, 11, 24, 9, 0, int(p.Seq%60), 0, time.UTC), ClockLevel: credential.ClockProven,
		Outcome: reason.Rejected, Reasons: []reason.Code{reason.Revoked, reason.StatusStale}, Policy: "counter/3",
		AsOf: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), Reference: fmt.Sprintf("7QK-%04d-M", p.Seq),
	}.At(p)
}

func (f *fixture) decide(n int) {
	f.t.Helper()
	for range n {
		tx, err := f.box.Begin(f.t.Context())
		if err != nil {
			f.t.Fatal(err)
		}
		f.made++
		if _, err := tx.PutIfAbsent(f.t.Context(), sha256.Sum256(fmt.Append(nil, f.made)), time.Now()); err != nil {
			f.t.Fatal(err)
		}
		if _, err := tx.Append(func(p outbox.Position) ([]byte, error) { return event(p).Encode() }); err != nil {
			f.t.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			f.t.Fatal(err)
		}
		f.client.Wake()
	}
}

// office is a collector with its store on disk, until stop.
type office struct {
	stop     func()
	mu       sync.Mutex
	findings []collector.Finding
}

func (f *fixture) startCollector(url string) *office {
	f.t.Helper()
	store, err := collector.OpenFolder(f.officeDir())
	if err != nil {
		f.t.Fatal(err)
	}
	c, err := collector.New(f.t.Context(), store, testKey("collector"), nil)
	if err != nil {
		f.t.Fatal(err)
	}
	o := &office{}
	ctx, cancel := context.WithCancel(context.Background())
	done, ready := make(chan struct{}), make(chan struct{}, 100)
	go func() {
		defer close(done)
		c.Run(ctx, collector.Service{
			Broker: report.BrokerOptions{URL: url}, Pause: 20 * time.Millisecond,
			Ready: func() { ready <- struct{}{} },
			Found: func(n collector.Finding) {
				o.mu.Lock()
				defer o.mu.Unlock()
				o.findings = append(o.findings, n)
			},
		})
	}()
	o.stop = sync.OnceFunc(func() { cancel(); <-done })
	f.t.Cleanup(o.stop)
	select {
	case <-ready:
	case <-time.After(20 * time.Second):
		f.t.Fatal("the collector did not connect")
	}
	return o
}

func (f *fixture) officeDir() string { return filepath.Join(f.dir, "office") }

// held counts what the head office has on disk; opening checks every chain.
func (f *fixture) held() int {
	f.t.Helper()
	store, err := collector.OpenFolder(f.officeDir())
	if err != nil {
		f.t.Fatal(err)
	}
	heads, err := store.Heads(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	n := 0
	for _, h := range heads {
		n += int(h.Seq)
	}
	return n
}

func (f *fixture) wait(what string, until func() bool) {
	f.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if until() {
			return
		}
	}
	f.t.Fatalf("%s: still not so after 30 s; outbox %+v, client %+v", what, f.box.State(), f.client.Status())
}

// allArrived waits until everything was signed for, and checks that the head
// office holds each decision once.
func (f *fixture) allArrived() {
	f.t.Helper()
	f.wait("every record is signed for", func() bool {
		s := f.box.State()
		return s.ReleasedSeq == uint64(f.made) && s.Records == 0
	})
	if n := f.held(); n != f.made {
		f.t.Fatalf("the head office holds %d of %d decisions", n, f.made)
	}
}

// listener is an independent client that notes what it hears.
type listener struct {
	*report.Link
	mu   sync.Mutex
	seen []report.Message
}

func listen(t *testing.T, url, name string, filters ...string) *listener {
	t.Helper()
	l, err := report.Dial(t.Context(), report.BrokerOptions{URL: url}, name, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	out := &listener{Link: l}
	for _, filter := range filters {
		err := l.Subscribe(t.Context(), filter, func(m report.Message) {
			out.mu.Lock()
			defer out.mu.Unlock()
			out.seen = append(out.seen, m)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func (l *listener) messages(kind report.Kind) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []string
	for _, m := range l.seen {
		if _, k, _ := report.ParseTopic(m.Topic); k == kind {
			out = append(out, string(m.Payload))
		}
	}
	return out
}
