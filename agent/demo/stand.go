package demo

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dzong-id/dzong/agent/clock"
	"github.com/dzong-id/dzong/agent/clock/clocktest"
	"github.com/dzong-id/dzong/agent/health"
	"github.com/dzong-id/dzong/agent/kiosk"
	"github.com/dzong-id/dzong/agent/outbox"
	"github.com/dzong-id/dzong/agent/report"
	"github.com/dzong-id/dzong/agent/report/collector"
	"github.com/dzong-id/dzong/agent/report/reporttest"
	"github.com/dzong-id/dzong/agent/scan"
	"github.com/dzong-id/dzong/agent/web"
	"github.com/dzong-id/dzong/drivers/camera"
	"github.com/dzong-id/dzong/drivers/camera/cameratest"
	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/verify"
)

// stand is a kiosk with everything around it.
type stand struct {
	box    *outbox.Outbox
	kiosk  *kiosk.Kiosk
	stage  *cameratest.Stage
	clock  *wornClock
	views  chan seenView
	events chan report.Event
	stop   context.CancelFunc
	done   sync.WaitGroup
	ends   []func()
}

// build sets everything up. What it started is ended by close, also after an
// error.
func build(ctx context.Context, dir string, log *slog.Logger, nobody cameratest.Shot, screen *web.Screen, clear <-chan struct{}) (_ *stand, err error) {
	ctx, stop := context.WithCancel(ctx)
	s := &stand{views: make(chan seenView, 64), events: make(chan report.Event, 64), stop: stop}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	conditions := health.New(nil)

	// Knowledge: signed by a virtual trust authority and virtual issuers, verified
	// as it would be if it had come over the network.
	cast := newCast()
	knowledge, err := cache.Open(filepath.Join(dir, "knowledge"), cast.world.Root(),
		cache.Openers(kiosk.Openers()...), cache.Now(func() time.Time { return Opening }))
	if err != nil {
		return nil, err
	}
	if err := knowledge.PutTrust(ctx, cast.world.TrustJWS()); err != nil {
		return nil, err
	}
	if err := knowledge.PutStatus(ctx, cast.registry.StatusURI(), cast.registry.StatusToken()); err != nil {
		return nil, err
	}
	if err := knowledge.PutStatus(ctx, cast.permits.StatusURI(), cast.permitToken); err != nil {
		return nil, err
	}
	if s.clock, err = newClock(knowledge.NewestSigned()); err != nil {
		return nil, err
	}

	// The head office: a broker, a collector that signs receipts, and somebody who
	// only listens.
	broker, err := reporttest.StartEmbedded(nil)
	if err != nil {
		return nil, err
	}
	s.ends = append(s.ends, func() { broker.Stop() })
	collectorKey, err := s.collect(ctx, broker.URL(), log)
	if err != nil {
		return nil, err
	}
	if err := s.listen(ctx, broker.URL()); err != nil {
		return nil, err
	}

	// The kiosk.
	owner := report.Kiosk{Site: Site, Name: Name}
	if s.box, err = outbox.Open(ctx, filepath.Join(dir, "outbox"), outbox.Options{
		Owner: owner.String(), Collectors: []ed25519.PublicKey{collectorKey}, Logger: log}); err != nil {
		return nil, err
	}
	client, err := report.New(s.box, report.Options{
		Kiosk: owner, Broker: report.BrokerOptions{URL: broker.URL()}, Conditions: conditions.Conditions, Logger: log})
	if err != nil {
		return nil, err
	}
	verifier, err := verify.New(knowledge, verify.Formats(kiosk.Formats()...), verify.Replay(verify.NewMemoryReplay()))
	if err != nil {
		return nil, err
	}
	if s.kiosk, err = kiosk.New(
		kiosk.Config{Audience: Audience, Window: Window, Turn: time.Minute},
		kiosk.Parts{
			Verifier: verifier, Outbox: s.box, Clock: s.clock, Health: conditions,
			Displays: []kiosk.Display{&onlooker{kiosk.Screen(screen, conditions), s.views}},
			Recorded: client.Wake, Logger: log,
		}); err != nil {
		return nil, err
	}
	s.stage = cameratest.NewStage(nobody, time.Second/10)
	watcher := kiosk.Watcher{
		Open:    func(context.Context) (camera.Source, error) { return s.stage, nil },
		Scanner: scan.New(scan.Options{Absent: absent - leave, Unreadable: time.Second}),
		Health:  conditions, Logger: log,
	}
	sights := make(chan kiosk.Sight, 1)
	s.done.Go(func() { watcher.Run(ctx, sights) })
	s.done.Go(func() { _ = s.kiosk.Run(ctx, sights) })
	s.done.Go(func() { _ = client.Run(ctx) })
	s.done.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-clear:
				s.kiosk.Clear()
			}
		}
	})
	return s, nil
}

func (s *stand) close() {
	s.stop()
	s.done.Wait()
	if s.box != nil {
		s.box.Close()
	}
	for i := len(s.ends) - 1; i >= 0; i-- {
		s.ends[i]()
	}
}

// collect starts the collector and waits until it listens.
func (s *stand) collect(ctx context.Context, broker string, log *slog.Logger) (ed25519.PublicKey, error) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, fmt.Errorf("make collector's key: %w", err)
	}
	c, err := collector.New(ctx, &collector.Memory{}, private, log)
	if err != nil {
		return nil, err
	}
	ready := make(chan struct{}, 1)
	s.done.Go(func() {
		c.Run(ctx, collector.Service{Broker: report.BrokerOptions{URL: broker}, Ready: func() {
			select {
			case ready <- struct{}{}:
			default:
			}
		}})
	})
	select {
	case <-ready:
		return public, nil
	case <-time.After(patience):
		return nil, errors.New("the collector did not reach the broker")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// listen subscribes to the kiosk's events, independently of the collector.
func (s *stand) listen(ctx context.Context, broker string) error {
	link, err := report.Dial(ctx, report.BrokerOptions{URL: broker}, "dzong.onlooker", nil)
	if err != nil {
		return err
	}
	s.ends = append(s.ends, link.Close)
	topic := report.Kiosk{Site: Site, Name: Name}.Topic(report.KindEvent)
	return link.Subscribe(ctx, topic, func(m report.Message) {
		if e, err := report.ParseEvent(m.Payload); err == nil {
			select {
			case s.events <- e:
			default: // more than any demonstration has
			}
		}
	})
}

// receipted waits until the collector has signed for every record.
func (s *stand) receipted(ctx context.Context) error {
	deadline := time.After(patience)
	for s.box.State().Records > 0 {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-deadline:
			return fmt.Errorf("%d records are without a receipt", s.box.State().Records)
		case <-time.After(10 * time.Millisecond):
		}
	}
	return nil
}

// look opens the screen's event stream as a browser does, so that there is
// somebody to show decisions to.
func look(ctx context.Context, address string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"events", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("look at the screen: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		response.Body.Close()
		return fmt.Errorf("look at the screen: %s", response.Status)
	}
	go func() {
		defer response.Body.Close()
		discard(response.Body)
	}()
	return nil
}

// onlooker is the kiosk's screen with somebody beside it who notes when each
// view could be seen.
type onlooker struct {
	kiosk.Display
	views chan<- seenView
}

type seenView struct {
	kiosk.View
	at time.Time
}

func (o *onlooker) Show(v kiosk.View, seen func()) {
	o.Display.Show(v, func() {
		o.views <- seenView{v, time.Now()}
		if seen != nil {
			seen()
		}
	})
}

// wornClock is the kiosk's clock, which a scene can exchange for one that is off.
type wornClock struct{ at atomic.Pointer[clock.Clock] }

func newClock(floor time.Time) (*wornClock, error) {
	w := new(wornClock)
	return w, w.set(0, floor)
}

// set makes the clock stand offset from the right time: synchronised if there is
// none, and otherwise merely plausible.
func (w *wornClock) set(offset time.Duration, floor time.Time) error {
	source := clocktest.New(Opening.Add(offset))
	source.Synchronise(offset == 0)
	c, err := clock.Open("", clock.From(source))
	if err != nil {
		return err
	}
	if err := c.Observe(floor); err != nil {
		return err
	}
	w.at.Store(c)
	return nil
}

func (w *wornClock) Now() (time.Time, credential.ClockLevel) { return w.at.Load().Now() }
