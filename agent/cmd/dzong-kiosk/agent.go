package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/dzong-id/dzong/agent/clock"
	"github.com/dzong-id/dzong/agent/config"
	"github.com/dzong-id/dzong/agent/health"
	"github.com/dzong-id/dzong/agent/kiosk"
	"github.com/dzong-id/dzong/agent/outbox"
	"github.com/dzong-id/dzong/agent/report"
	"github.com/dzong-id/dzong/agent/scan"
	"github.com/dzong-id/dzong/agent/secret"
	"github.com/dzong-id/dzong/agent/web"
	"github.com/dzong-id/dzong/drivers/camera"
	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/verify"
)

// agent is a kiosk with all its parts.
type agent struct {
	log       *slog.Logger
	health    *health.Tracker
	clock     *clock.Clock
	knowledge *cache.Cache
	updates   *updates
	box       *outbox.Outbox
	client    *report.Client // nil: there is no broker
	screen    *web.Screen
	listener  net.Listener
	kiosk     *kiosk.Kiosk
	watcher   *kiosk.Watcher
	monitor   *kiosk.Monitor
	release   func()
}

// assemble opens everything and starts nothing. The data folder is taken first:
// what another process uses must not be touched.
func assemble(ctx context.Context, c *config.Config, log *slog.Logger) (_ *agent, err error) {
	a := &agent{log: log, health: health.New(nil)}
	defer func() {
		if err != nil {
			a.close()
		}
	}()
	if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	if a.release, err = lock(c.DataDir); err != nil {
		return nil, err
	}
	if a.box, err = outbox.Open(ctx, outboxDir(c.DataDir), outboxOptions(c, log)); err != nil {
		return nil, err
	}
	if a.clock, err = clock.Open(clockFile(c.DataDir), clock.Logger(log)); err != nil {
		return nil, err
	}
	if a.knowledge, err = openKnowledge(c, cache.Logger(log), cache.Now(a.now)); err != nil {
		return nil, err
	}
	if a.updates, err = newUpdates(c, a.knowledge, a.clock, log); err != nil {
		return nil, err
	}
	a.updates.observe()
	a.updates.look(ctx) // what a stick holds counts before the first customer comes
	if a.listener, err = web.Listen(c.Screen.Listen); err != nil {
		return nil, err
	}
	if err := a.connect(c); err != nil {
		return nil, err
	}
	return a, a.build(c)
}

func openKnowledge(c *config.Config, opts ...cache.Option) (*cache.Cache, error) {
	opts = append(opts, cache.Openers(kiosk.Openers()...))
	if c.Trust.SealFile != "" {
		seal, err := secret.Read(c.Trust.SealFile)
		if err != nil {
			return nil, err
		}
		opts = append(opts, cache.Seal(seal))
	}
	return cache.Open(knowledgeDir(c.DataDir), c.Trust.Key, opts...)
}

func outboxOptions(c *config.Config, log *slog.Logger) outbox.Options {
	return outbox.Options{
		Owner: kioskOf(c).String(), Collectors: c.Collectors,
		MaxRecords: c.Outbox.MaxRecords, MaxBytes: c.Outbox.MaxBytes, MaxMarks: c.Outbox.MaxReplayMarks,
		Logger: log,
	}
}

func brokerOptions(b *config.Broker, now func() time.Time) report.BrokerOptions {
	return report.BrokerOptions{
		URL: b.URL, CAFile: b.CAFile, ClientCertFile: b.ClientCertFile, ClientKeyFile: b.ClientKeyFile,
		UsernameFile: b.UsernameFile, PasswordFile: b.PasswordFile, Now: now,
	}
}

func kioskOf(c *config.Config) report.Kiosk { return report.Kiosk{Site: c.Site, Name: c.Kiosk} }

func (a *agent) now() time.Time {
	t, _ := a.clock.Now()
	return t
}

// connect makes the client of the broker, if there is one.
func (a *agent) connect(c *config.Config) (err error) {
	if c.Broker == nil {
		a.log.Warn("no broker is configured: records wait in the outbox until it is full")
		return nil
	}
	a.client, err = report.New(a.box, report.Options{
		Kiosk: kioskOf(c), Broker: brokerOptions(c.Broker, a.clock.TLSTime),
		Facts: a.facts, Conditions: a.health.Conditions, SyncNow: a.updates.now, Logger: a.log,
	})
	return err
}

// build makes the stages from camera to screen.
func (a *agent) build(c *config.Config) error {
	// The verifier's own replay store is not used: a decision's is the outbox's
	// transaction.
	verifier, err := verify.New(a.knowledge, verify.Formats(kiosk.Formats()...), verify.Replay(verify.NewMemoryReplay()))
	if err != nil {
		return err
	}
	a.screen = web.New(web.Options{
		Name: kioskOf(c).String(), Languages: c.Languages, Default: c.DefaultLanguage,
		Clear: func() { a.kiosk.Clear() }, Now: a.now, Logger: a.log,
	})
	a.kiosk, err = kiosk.New(
		kiosk.Config{Audience: c.Audience, Window: c.Window, Turn: c.Turn, Policy: c.Policy},
		kiosk.Parts{
			Verifier: verifier, Outbox: a.box, Clock: a.clock, Health: a.health,
			Displays: []kiosk.Display{kiosk.Screen(a.screen, a.health)},
			Recorded: a.wake, Logger: a.log,
		})
	if err != nil {
		return err
	}
	a.watcher = &kiosk.Watcher{
		Open:    func(ctx context.Context) (camera.Source, error) { return openCamera(ctx, c.Camera) },
		Scanner: scan.New(scan.Options{}), Health: a.health, Logger: a.log,
	}
	a.monitor = &kiosk.Monitor{Vitals: a.vitals, Health: a.health, Outbox: a.box, Clock: a.clock,
		Woken: a.updates.news, Logger: a.log}
	return nil
}

func (a *agent) wake() {
	if a.client != nil {
		a.client.Wake()
	}
}

func (a *agent) vitals() kiosk.Vitals {
	_, level := a.clock.Now()
	v := kiosk.Vitals{
		Clock: level, HasTrust: a.knowledge.Snapshot().Trust != nil, Missing: a.knowledge.Missing(),
		SyncFailing: a.updates.fails(), Outbox: a.box.State(),
	}
	if a.client != nil {
		v.Reports, v.Report = true, a.client.Status()
	}
	return v
}

func (a *agent) facts() report.Facts {
	f := report.Facts{Software: software()}
	_, f.ClockLevel = a.clock.Now()
	for _, e := range a.knowledge.Entries() {
		f.TrustNumber = max(f.TrustNumber, e.Number)
		if f.AsOf.IsZero() || e.AsOf.Before(f.AsOf) {
			f.AsOf = e.AsOf
		}
	}
	return f
}

// software is the version of this program, where its build knows it.
func software() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "unknown"
}

// run runs all parts until ctx ends, then ends them in order: no new decision,
// then a goodbye to the broker, and the outbox last. The error is about closing.
func (a *agent) run(ctx context.Context) error {
	inside, stop := context.WithCancel(ctx)
	var stages sync.WaitGroup
	start := func(name string, work func(context.Context)) {
		stages.Go(func() { a.keep(inside, name, work) })
	}
	start("screen", a.serve)
	start("kiosk", a.decide)
	start("sync", a.updates.fetch)
	start("import", a.updates.watch)
	start("monitor", a.monitor.Run)
	start("changes", a.tell)
	if a.client != nil {
		start("report", func(ctx context.Context) { _ = a.client.Run(ctx) })
	}
	<-ctx.Done()
	a.log.Info("the kiosk is asked to stop")
	stop()
	stages.Wait()
	return a.close()
}

// keep runs a stage until ctx ends. One that falls over becomes a condition and
// is started again; one that returns by itself has nothing to do.
func (a *agent) keep(ctx context.Context, name string, work func(context.Context)) {
	for fell(ctx, a.log, name, work) {
		a.rest(ctx)
	}
}

// rest is what comes between a fall and the next beginning.
func (a *agent) rest(ctx context.Context) {
	a.health.Set(health.StageFailed)
	select {
	case <-ctx.Done():
	case <-time.After(restPause):
	}
}

// fell runs work and reports whether it panicked while ctx had not ended. What it
// panicked with could hold a part of what was presented: its type and the place
// are all that is told.
func fell(ctx context.Context, log *slog.Logger, stage string, work func(context.Context)) (panicked bool) {
	defer func() {
		if r := recover(); r != nil {
			panicked = ctx.Err() == nil
			log.Error("a stage panicked", "stage", stage, "type", fmt.Sprintf("%T", r), "at", place())
		}
	}()
	work(ctx)
	return false
}

// place is where a panic that is being recovered from came from.
func place() string {
	callers := make([]uintptr, 32)
	frames := runtime.CallersFrames(callers[:runtime.Callers(3, callers)])
	for {
		f, more := frames.Next()
		if !strings.HasPrefix(f.Function, "runtime.") {
			return fmt.Sprintf("%s:%d", f.Function, f.Line)
		}
		if !more {
			return "unknown"
		}
	}
}

// serve serves the screen. Without one there are no answers, but records still
// reach head office, and with them the news.
func (a *agent) serve(ctx context.Context) {
	if err := a.screen.Serve(ctx, a.listener); err != nil {
		a.health.Set(health.StageFailed)
		a.log.Error("the screen is gone", "error", err)
	}
}

// decide runs the camera's stage and the state machine behind it. They share a
// channel, so if one of them falls over both begin anew.
func (a *agent) decide(ctx context.Context) {
	for a.decideOnce(ctx) {
		a.rest(ctx)
	}
}

func (a *agent) decideOnce(ctx context.Context) (fallen bool) {
	inside, stop := context.WithCancel(ctx)
	defer stop()
	sights := make(chan kiosk.Sight, 1)
	watched := make(chan bool, 1)
	go func() {
		watched <- fell(inside, a.log, "camera", func(ctx context.Context) { a.watcher.Run(ctx, sights) })
	}()
	fallen = fell(inside, a.log, "kiosk", func(ctx context.Context) { _ = a.kiosk.Run(ctx, sights) })
	stop()
	return <-watched || fallen
}

// tell lets screen and head office know when a condition has changed, and the
// screen every minute how old the knowledge is now.
func (a *agent) tell(ctx context.Context) {
	changed, stop := a.health.Subscribe()
	defer stop()
	minute := time.NewTicker(time.Minute)
	defer minute.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-changed:
			a.wake()
		case <-minute.C:
		}
		a.kiosk.Refresh()
	}
}

// close closes what is open; what was never opened is passed over.
func (a *agent) close() error {
	var err error
	if a.listener != nil {
		_ = a.listener.Close() // twice, if the screen was served
	}
	if a.box != nil {
		err = a.box.Close()
	}
	if a.release != nil {
		a.release()
	}
	return err
}
