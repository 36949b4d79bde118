package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/agent/clock"
	"github.com/dzong-id/dzong/agent/clock/clocktest"
	"github.com/dzong-id/dzong/agent/config"
	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/sync"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

// office is a world whose lists arrive in a folder.
type office struct {
	world  *verifytest.World
	issuer *verifytest.Issuer
	time   *clocktest.Source
	stick  string
	u      *updates
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{world: verifytest.NewWorld(), stick: filepath.Join(t.TempDir(), "stick")}
	o.issuer = o.world.AddIssuer("https://registry.example", "https://registry.example/citizen")
	o.time = clocktest.New(o.world.Now())
	clk, err := clock.Open("", clock.From(o.time))
	if err != nil {
		t.Fatal(err)
	}
	knowledge, err := cache.Open(t.TempDir(), o.world.Root(), cache.Now(o.world.Now))
	if err != nil {
		t.Fatal(err)
	}
	c := &config.Config{Sync: config.Sync{ImportDir: o.stick}}
	if o.u, err = newUpdates(c, knowledge, clk, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *office) bring(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := write(o.stick, name, data); err != nil {
		t.Fatal(err)
	}
	o.u.look(context.Background())
}

func TestAStick(t *testing.T) {
	o := newOffice(t)
	o.u.look(context.Background()) // no folder
	o.u.now()                      // nothing to fetch, nobody to ask
	first := o.world.TrustJWS()
	o.bring(t, "trust.jwt", first)
	if o.u.cache.Snapshot().Trust == nil || o.u.fails() {
		t.Fatal("the trust list was not taken")
	}
	if floor := o.u.clock.Floor(); !floor.Equal(o.world.Now()) {
		t.Errorf("the clock's floor is %v after a list of %v", floor, o.world.Now())
	}
	select {
	case <-o.u.news:
	default:
		t.Error("nobody was told that there is news")
	}

	forger := verifytest.NewWorldNamed("forger", o.world.Now()).NewStranger("https://registry.example", "x")
	o.bring(t, "forged.jwt", forger.StatusToken())
	if !o.u.fails() {
		t.Error("a forged status list did not count as a failure")
	}
	if err := os.Remove(filepath.Join(o.stick, "forged.jwt")); err != nil {
		t.Fatal(err)
	}
	o.bring(t, "status.jwt", o.issuer.StatusToken())
	if o.u.fails() || o.u.cache.Snapshot().Status[o.issuer.StatusURI()] == nil {
		t.Error("the right list mended nothing")
	}

	// An old stick is no failure: what is at hand is newer.
	o.bring(t, "trust.jwt", o.world.TrustJWS())
	o.bring(t, "trust.jwt", first)
	if o.u.fails() {
		t.Error("an older list counted as a failure")
	}
}

// Reading a stick again and again would wear out a small board for nothing.
func TestAStickIsReadOnce(t *testing.T) {
	o := newOffice(t)
	o.bring(t, "trust.jwt", o.world.TrustJWS())
	<-o.u.news
	o.u.look(context.Background())
	select {
	case <-o.u.news:
		t.Error("it was read again")
	default:
	}
	if err := os.RemoveAll(o.stick); err != nil {
		t.Fatal(err)
	}
	o.u.look(context.Background())
	if o.u.offered != "" {
		t.Error("a stick that was taken out is remembered")
	}
}

// Whose clock confirms the kiosk's: the trust authority's server and nobody
// else's.
func TestWhoConfirmsTheClock(t *testing.T) {
	o := newOffice(t)
	level := func() credential.ClockLevel {
		_, l := o.u.clock.Now()
		return l
	}
	now := o.world.Now()
	o.u.told("https://registry.example/status/1", now.Add(time.Hour))
	if level() != credential.ClockPlausible {
		t.Fatal("a status provider's clock counted")
	}
	o.u.told(cache.TrustResource, now.Add(time.Hour))
	if level() != credential.ClockUntrusted {
		t.Error("the trust authority's server contradicts the clock, and nothing happens")
	}
	o.u.told(cache.TrustResource, now)
	if level() != credential.ClockProven {
		t.Error("the trust authority's server agrees with the clock, and nothing is proven")
	}
}

// What is no longer wanted cannot fail for ever.
func TestAFailureEndsWithItsResource(t *testing.T) {
	o := newOffice(t)
	o.bring(t, "trust.jwt", o.world.TrustJWS())
	o.u.fetched(sync.Resource{Resource: o.issuer.StatusURI(), State: sync.Failed, Err: errors.New("no line")})
	if !o.u.fails() {
		t.Fatal("a list that could not be fetched is no failure")
	}
	o.u.fetched(sync.Resource{Resource: o.issuer.StatusURI(), State: sync.Unchanged})
	if o.u.fails() {
		t.Error("it was fetched, and fails")
	}
	o.u.fetched(sync.Resource{Resource: "https://gone.example/status/1", State: sync.Failed})
	if o.u.fails() {
		t.Error("a list that nobody names fails")
	}
}

func TestFetchingThatCannotBeSetUp(t *testing.T) {
	o := newOffice(t)
	notPEM := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(notPEM, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		trust config.Trust
		want  string
	}{
		"authorities that are none":   {config.Trust{URL: "https://trust.example/trust.jwt", Hosts: []string{"trust.example"}, CAFile: notPEM}, "must be PEM"},
		"authorities absent":          {config.Trust{URL: "https://trust.example/trust.jwt", Hosts: []string{"trust.example"}, CAFile: notPEM + ".none"}, "trust.ca_file"},
		"an address that is not ours": {config.Trust{URL: "https://trust.example/trust.jwt", Hosts: []string{"other.example"}}, "trust.example"},
	} {
		_, err := newUpdates(&config.Config{Trust: tt.trust}, o.u.cache, o.u.clock, nil)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
