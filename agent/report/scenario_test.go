package report_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dzong-id/dzong/agent/health"
	"github.com/dzong-id/dzong/agent/outbox"
	"github.com/dzong-id/dzong/agent/report"
	"github.com/dzong-id/dzong/agent/report/collector"
	"github.com/dzong-id/dzong/agent/report/reporttest"
)

func TestNothingIsFreedWhileTheCollectorIsAway(t *testing.T) {
	t.Parallel()
	eachBroker(t, func(t *testing.T, b reporttest.Broker) {
		f := newFixture(t, b.URL())
		l := listen(t, b.URL(), "listener", report.Everyone(report.KindEvent))
		f.startKiosk()
		f.decide(15)
		f.wait("the broker has acknowledged the window", func() bool { return f.box.State().SentSeq >= 4 })
		f.wait("the window was sent again", func() bool { return len(l.messages(report.KindEvent)) >= 8 })
		if s := f.box.State(); s.Records != 15 || s.ReleasedSeq != 0 {
			t.Fatalf("a broker's acknowledgement freed records: %+v", s)
		}
		// Behind the window nothing is sent to nobody.
		for _, e := range l.messages(report.KindEvent) {
			if ev, err := report.ParseEvent([]byte(e)); err != nil || ev.Seq > 4 {
				t.Fatalf("event %d was sent, the window is 4: %v", ev.Seq, err)
			}
		}
		if f.client.Status().Waiting.IsZero() {
			t.Error("nobody is told that receipts are late")
		}
		o := f.startCollector(b.URL())
		f.allArrived()
		o.stop()
		f.decide(6)
		time.Sleep(100 * time.Millisecond)
		f.startCollector(b.URL())
		f.allArrived()
		f.wait("nothing is late", func() bool { return f.client.Status().Waiting.IsZero() })
	})
}

func TestBrokerRestarts(t *testing.T) {
	t.Parallel()
	eachBroker(t, func(t *testing.T, b reporttest.Broker) {
		f := newFixture(t, b.URL())
		f.startKiosk()
		f.startCollector(b.URL())
		for range 3 {
			f.decide(5)
			if err := b.Stop(); err != nil {
				t.Fatal(err)
			}
			f.decide(5)
			f.wait("the loss is noticed", func() bool { return !f.client.Status().Connected })
			if err := b.Start(); err != nil {
				t.Fatal(err)
			}
			f.decide(5)
		}
		f.allArrived()
	})
}

func TestConnectionIsCutInTheMiddle(t *testing.T) {
	t.Parallel()
	eachBroker(t, func(t *testing.T, b reporttest.Broker) {
		p, err := reporttest.StartProxy(b.Address())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = p.Close() })
		f := newFixture(t, p.URL())
		p.CutAfter(900) // in the second event or so, again and again
		f.startKiosk()
		f.startCollector(b.URL())
		for range 10 {
			f.decide(2)
			time.Sleep(30 * time.Millisecond)
			p.Cut()
		}
		p.CutAfter(0)
		p.Cut()
		f.allArrived()
	})
}

func TestKioskRestarts(t *testing.T) {
	t.Parallel()
	eachBroker(t, func(t *testing.T, b reporttest.Broker) {
		f := newFixture(t, b.URL())
		f.startCollector(b.URL())
		for n := range 5 {
			f.startKiosk()
			f.decide(4)
			if n%2 == 0 {
				f.wait("some are signed for", func() bool { return f.box.State().ReleasedSeq > 0 })
			}
			f.stopKiosk()
		}
		f.startKiosk()
		f.allArrived()
	})
}

func TestCollectorRestartsFromItsFolder(t *testing.T) {
	t.Parallel()
	eachBroker(t, func(t *testing.T, b reporttest.Broker) {
		f := newFixture(t, b.URL())
		f.startKiosk()
		for range 4 {
			o := f.startCollector(b.URL())
			f.decide(7)
			f.wait("some are signed for", func() bool { return f.box.State().ReleasedSeq > uint64(f.made-7) })
			o.stop()
		}
		o := f.startCollector(b.URL())
		f.allArrived()
		if len(o.findings) != 0 {
			t.Fatalf("findings: %v", o.findings)
		}
	})
}

func TestSubscriptionThatTheBrokerLostIsMadeAgain(t *testing.T) {
	t.Parallel()
	b, err := reporttest.StartEmbedded(nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Stop() })
	f := newFixture(t, b.URL())
	f.startKiosk()
	f.startCollector(b.URL())
	f.decide(2)
	f.allArrived()
	if !b.Forget("dzong." + kiosk.Site + "." + kiosk.Name) {
		t.Fatal("the kiosk is not connected")
	}
	f.decide(9)
	f.allArrived()
}

func TestKioskThatLostItsDiskIsReported(t *testing.T) {
	t.Parallel()
	eachBroker(t, func(t *testing.T, b reporttest.Broker) {
		f := newFixture(t, b.URL())
		o := f.startCollector(b.URL())
		f.startKiosk()
		f.decide(3)
		f.allArrived()
		f.stopKiosk()

		g := newFixture(t, b.URL()) // the same kiosk, another disk
		g.startKiosk()
		g.decide(2)
		g.wait("the new epoch is signed for", func() bool { return g.box.State().ReleasedSeq == 2 })
		o.mu.Lock()
		defer o.mu.Unlock()
		if len(o.findings) != 1 || o.findings[0].Kind != collector.NewEpoch || o.findings[0].Epoch != g.box.State().Epoch {
			t.Fatalf("findings: %+v", o.findings)
		}
	})
}

// hostile is what anybody with access to the broker might send.
func hostile(f *fixture) (receipts, commands [][]byte) {
	s := f.box.State()
	r := outbox.Receipt{Epoch: s.Epoch, UpToSeq: s.HeadSeq, HeadHash: s.HeadHash}
	enc := func(r outbox.Receipt) []byte {
		data, err := report.EncodeReceipt(r)
		if err != nil {
			f.t.Fatal(err)
		}
		return data
	}
	forged := enc(r.Sign(kiosk.String(), testKey("somebody")))
	other := enc(r.Sign("thimphu/kiosk-2", testKey("collector")))
	conflict := r
	conflict.HeadHash[0] ^= 1
	ahead := r
	ahead.UpToSeq++
	epoch := r
	epoch.Epoch = strings.Repeat("0", 32)
	receipts = [][]byte{
		forged, other,
		enc(conflict.Sign(kiosk.String(), testKey("collector"))),
		enc(ahead.Sign(kiosk.String(), testKey("collector"))),
		enc(epoch.Sign(kiosk.String(), testKey("collector"))),
		nil, []byte("{}"), []byte("null"), []byte("[[[["), []byte("\xff\xfe"),
		bytes.Repeat([]byte("["), 100_000), bytes.Repeat([]byte{0}, 3<<20), append(forged, make([]byte, 20_000)...),
	}
	commands = [][]byte{
		nil, []byte("{}"), []byte("null"), []byte("sync-now"), bytes.Repeat([]byte(`{"id":`), 40_000), make([]byte, 2<<20),
		[]byte(`{"id":"a","cmd":"ping","outcome":"accepted"}`), []byte(`{"id":"a","cmd":"ping"}{"id":"b","cmd":"ping"}`),
		[]byte(`{"id":"<script>","cmd":"ping"}`), []byte(`{"id":"ok","cmd":"release"}`),
	}
	return receipts, commands
}

func TestHostileMessagesFreeNothingAndStopNothing(t *testing.T) {
	t.Parallel()
	eachBroker(t, func(t *testing.T, b reporttest.Broker) {
		f := newFixture(t, b.URL())
		f.startKiosk()
		f.decide(9)
		receipts, commands := hostile(f)
		enemy := listen(t, b.URL(), "enemy", kiosk.Topic(report.KindReply))
		publish := func(kind report.Kind, payload []byte, retained bool) {
			t.Helper()
			if err := enemy.Flush(t.Context(), enemy.Publish(report.Message{Topic: kiosk.Topic(kind), Payload: payload, Retained: retained})); err != nil {
				t.Fatal(err)
			}
		}
		f.wait("connected", func() bool { return f.client.Status().Connected })
		for _, r := range receipts {
			publish(report.KindReceipt, r, false)
		}
		for _, c := range commands {
			publish(report.KindCommand, c, false)
		}
		f.wait("all of it was looked at", func() bool { return f.client.Status().Refused >= uint64(len(receipts)-1) })
		f.wait("commands were answered", func() bool { return len(enemy.messages(report.KindReply)) >= 5 })
		for _, r := range enemy.messages(report.KindReply) {
			if !strings.Contains(r, `"ok":false`) || strings.Contains(r, "script") {
				t.Errorf("a hostile command was answered with %s", r)
			}
		}
		if !f.client.Status().Conflict {
			t.Error("a signed receipt for another chain is not told to anybody")
		}

		// Kept by the broker, they wait for every connection.
		for _, r := range [][]byte{receipts[0], receipts[11], receipts[12]} {
			publish(report.KindReceipt, r, true)
			publish(report.KindCommand, []byte(`{"id":"old","cmd":"sync-now"}`), true)
			f.stopKiosk()
			f.startKiosk()
			f.wait("connected", func() bool { return f.client.Status().Connected })
			f.wait("the retained messages were refused", func() bool { return f.client.Status().Refused >= 2 })
		}
		if s := f.box.State(); s.Records != 9 || s.ReleasedSeq != 0 {
			t.Fatalf("records were freed: %+v", s)
		}
		f.startCollector(b.URL())
		f.allArrived()
	})
}

func TestCommandsAreAnswered(t *testing.T) {
	t.Parallel()
	eachBroker(t, func(t *testing.T, b reporttest.Broker) {
		f := newFixture(t, b.URL())
		var synced atomic.Int32
		f.o.SyncNow = func() { synced.Add(1) }
		f.startKiosk()
		f.wait("connected", func() bool { return f.client.Status().Connected })
		l := listen(t, b.URL(), "office", kiosk.Topic(report.KindReply))
		for cmd, want := range map[string]string{
			`{"id":"a-1","cmd":"ping"}`:      `{"id":"a-1","cmd":"ping","ok":true}`,
			`{"id":"a-2","cmd":"sync-now"}`:  `{"id":"a-2","cmd":"sync-now","ok":true}`,
			`{"id":"a-3","cmd":"accept-it"}`: `{"id":"a-3","ok":false,"error":"unknown_command"}`,
		} {
			l.Publish(report.Message{Topic: kiosk.Topic(report.KindCommand), Payload: []byte(cmd)})
			f.wait("the reply to "+cmd, func() bool { return slices.Contains(l.messages(report.KindReply), want) })
		}
		if synced.Load() != 1 {
			t.Fatalf("asked to sync %d times", synced.Load())
		}
		// A flood is cut off after a few.
		for range 200 {
			l.Publish(report.Message{Topic: kiosk.Topic(report.KindCommand), Payload: []byte(`{"id":"f","cmd":"sync-now"}`)})
		}
		f.wait("the flood is refused", func() bool { return f.client.Status().Refused >= 100 })
		if n := synced.Load(); n > 20 {
			t.Fatalf("a flood made it sync %d times", n)
		}
	})
}

func TestLinkStateAndHealthAreTold(t *testing.T) {
	t.Parallel()
	eachBroker(t, func(t *testing.T, b reporttest.Broker) {
		p, err := reporttest.StartProxy(b.Address())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = p.Close() })
		f := newFixture(t, p.URL())
		var ill atomic.Bool
		f.o.Conditions = func() []health.Condition {
			if ill.Load() {
				return []health.Condition{{Code: health.CameraFailed, Severity: health.Blocking, Since: time.Unix(1_800_000_000, 0).UTC()}}
			}
			return nil
		}
		f.o.Facts = func() report.Facts { return report.Facts{Software: "1.2.3", TrustNumber: 7} }
		f.startKiosk()
		_ = f.box.Count(t.Context(), "is_a_request")
		f.wait("connected", func() bool { return f.client.Status().Connected })

		link := func(name string) string { // what somebody who comes now is told
			l := listen(t, b.URL(), name, kiosk.Topic(report.KindLink))
			defer l.Close()
			f.wait("the retained link message", func() bool { return len(l.messages(report.KindLink)) > 0 })
			return l.messages(report.KindLink)[0]
		}
		if got := link("one"); got != "online" {
			t.Fatalf("link is %q", got)
		}
		l := listen(t, b.URL(), "late", kiosk.Topic(report.KindState), kiosk.Topic(report.KindHealth), kiosk.Topic(report.KindLink))
		f.wait("the retained state", func() bool { return len(l.messages(report.KindState)) > 0 })
		var s report.State
		if err := json.Unmarshal([]byte(l.messages(report.KindState)[0]), &s); err != nil || s.Epoch != f.box.State().Epoch || s.TrustNumber != 7 || s.Software != "1.2.3" {
			t.Fatalf("state %+v, %v", s, err)
		}
		ill.Store(true)
		f.client.Wake()
		f.wait("the condition", func() bool {
			return slices.ContainsFunc(l.messages(report.KindHealth), func(m string) bool {
				return strings.Contains(m, `"camera_failed"`) && strings.Contains(m, `"is_a_request"`)
			})
		})

		p.Down()
		f.wait("the last will", func() bool { m := l.messages(report.KindLink); return m[len(m)-1] == "offline" })
		f.wait("the loss is noticed", func() bool { return !f.client.Status().Connected })
		p.Up()
		f.wait("it is back", func() bool { m := l.messages(report.KindLink); return m[len(m)-1] == "online" })
		f.stopKiosk()
		if got := link("two"); got != "offline" {
			t.Fatalf("after a goodbye, link is %q", got)
		}
	})
}
