package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	stdsync "sync"
	"time"

	"github.com/dzong-id/dzong/agent/clock"
	"github.com/dzong-id/dzong/agent/config"
	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/sync"
)

// updates keeps the knowledge current, from the network and from a folder, and
// lets the clock learn from both.
type updates struct {
	cache *cache.Cache
	clock *clock.Clock
	log   *slog.Logger
	loop  *sync.Loop    // nil: nothing is fetched
	dir   string        // looked into for lists; empty: never
	news  chan struct{} // holds a token when there is something new to know of them

	mu      stdsync.Mutex
	failing map[string]bool // by resource, as its last attempt ended
	offered string          // what the folder held when it was last imported
}

// importEvery is how often the folder is looked into. A stick is pulled out
// again soon.
const importEvery = 5 * time.Second

func newUpdates(c *config.Config, knowledge *cache.Cache, clk *clock.Clock, log *slog.Logger) (*updates, error) {
	u := &updates{cache: knowledge, clock: clk, log: log, dir: c.Sync.ImportDir,
		news: make(chan struct{}, 1), failing: map[string]bool{}}
	if c.Trust.URL == "" && len(c.Trust.Hosts) == 0 {
		return u, nil // it comes by import only: nobody may be asked
	}
	options := []sync.Option{
		sync.TrustURL(c.Trust.URL), sync.Hosts(c.Trust.Hosts...),
		sync.Timeout(c.Sync.Timeout), sync.Every(c.Sync.Interval),
		sync.TLSTime(clk.TLSTime), sync.ServerTime(u.told), sync.Progress(u.fetched), sync.Logger(log),
	}
	if c.Trust.CAFile != "" {
		pem, err := os.ReadFile(c.Trust.CAFile)
		if err != nil {
			return nil, fmt.Errorf("read trust.ca_file: %w", err)
		}
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("read trust.ca_file: no certificate in %s; it must be PEM", c.Trust.CAFile)
		}
		options = append(options, sync.Roots(pool))
	}
	fetcher, err := sync.New(knowledge, options...)
	if err != nil {
		return nil, err
	}
	u.loop = sync.NewLoop(fetcher)
	return u, nil
}

// now fetches now; without a loop there is nothing to fetch.
func (u *updates) now() {
	if u.loop != nil {
		u.loop.Kick()
	}
}

// told lets the trust authority's own server confirm the clock, and nobody else's:
// a status provider whose clock is wrong must not make the kiosk's untrusted.
func (u *updates) told(resource string, at time.Time) {
	if resource == cache.TrustResource {
		u.clock.Confirm(at)
	}
}

func (u *updates) fetched(r sync.Resource) {
	u.note(r.Resource, r.State == sync.Failed)
	u.observe()
}

// observe raises the clock's floor to what was signed last, and lets it be known
// that something may have changed. The clock itself tells when its file cannot be
// written.
func (u *updates) observe() {
	_ = u.clock.Observe(u.cache.NewestSigned())
	select {
	case u.news <- struct{}{}:
	default:
	}
}

func (u *updates) note(resource string, failed bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if failed {
		u.failing[resource] = true
	} else {
		delete(u.failing, resource)
	}
}

// fails reports whether the last attempt at anything still wanted failed.
func (u *updates) fails() bool {
	wanted := map[string]bool{cache.TrustResource: true}
	list := u.cache.Snapshot().Trust
	for _, uri := range list.StatusLists() {
		wanted[uri] = true
	}
	if list != nil && list.DenyList != "" {
		wanted[cache.DenyResource] = true
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	for resource := range u.failing {
		if wanted[resource] {
			return true
		}
	}
	return false
}

// fetch runs the loop until ctx ends.
func (u *updates) fetch(ctx context.Context) {
	if u.loop != nil {
		_ = u.loop.Run(ctx) // ctx's error
	}
}

// watch imports from the folder whenever what it holds has changed, until ctx
// ends.
func (u *updates) watch(ctx context.Context) {
	if u.dir == "" {
		return
	}
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-time.After(importEvery):
			u.look(ctx)
		}
	}
}

// look imports if there is something that was not there when it last looked.
func (u *updates) look(ctx context.Context) {
	holds := content(u.dir)
	if holds == u.offered {
		return
	}
	u.offered = holds
	if holds == "" {
		return // the stick was taken out
	}
	report, err := sync.ImportFolder(ctx, u.cache, u.dir)
	if errors.Is(err, fs.ErrNotExist) || ctx.Err() != nil {
		return
	}
	if err != nil {
		u.log.Warn("import knowledge", "error", err)
		return
	}
	for _, r := range report.Resources {
		// An old copy on a stick is no failure: what is at hand is newer.
		failed := r.State == sync.Failed && !errors.Is(r.Err, cache.ErrOlder)
		u.note(r.Resource, failed)
		u.log.Info("imported", "file", r.From, "became", string(r.State), "why", r.Why)
	}
	u.observe()
}

// content tells one content of a folder from another without reading files;
// empty if there is no folder, or nothing in it.
func content(dir string) string {
	if dir == "" {
		return ""
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return ""
	}
	var all string
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			all += fmt.Sprintf("%s %d %d\n", e.Name(), info.Size(), info.ModTime().UnixNano())
		}
	}
	return all
}
