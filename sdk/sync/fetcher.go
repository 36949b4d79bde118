package sync

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/dzong-id/dzong/sdk/cache"
)

// Fetcher fetches into a cache. Make one with [New]. Its methods may be called
// concurrently, but nothing is gained by it.
type Fetcher struct {
	cache    *cache.Cache
	trustURL string
	hosts    map[string]bool // host:port; nil: derived from what is signed
	client   *http.Client
	log      *slog.Logger
	progress func(Resource)
	told     func(resource string, at time.Time)
	now      func() time.Time
	after    func(time.Duration) <-chan time.Time
	random   func() float64
	timeout  time.Duration
	every    time.Duration // zero: the schedule's own
}

type options struct {
	f       *Fetcher
	hosts   []string
	roots   *x509.CertPool
	tlsTime func() time.Time
}

// Option configures a [Fetcher].
type Option func(*options)

// TrustURL is where the trust list is; without one only what the list at hand
// names is fetched.
func TrustURL(u string) Option { return func(o *options) { o.f.trustURL = u } }

// Hosts names every host that may be asked, as "host" for port 443 or
// "host:port"; a redirect to any other is refused. Without this option those of
// the trust URL and of what the verified trust list names are allowed (status
// lists, contexts, DID documents): all were chosen by somebody who is trusted. The
// DID of a credential that was shown is never a reason to ask anybody.
func Hosts(hosts ...string) Option {
	return func(o *options) { o.hosts = append(o.hosts, hosts...) }
}

// Roots replaces the system's certificate authorities, for services with their
// own.
func Roots(pool *x509.CertPool) Option { return func(o *options) { o.roots = pool } }

// TLSTime gives the time at which certificates are verified. A device without a
// battery clock passes the later of its clock and the newest signed time it has
// seen (cache.Cache.NewestSigned).
func TLSTime(now func() time.Time) Option { return func(o *options) { o.tlsTime = now } }

// Logger is where failures are told; nil and the default are silent.
func Logger(l *slog.Logger) Option {
	return func(o *options) {
		if l != nil {
			o.f.log = l
		}
	}
}

// Progress is called after each resource, from the goroutine that fetches.
func Progress(f func(Resource)) Option { return func(o *options) { o.f.progress = f } }

// ServerTime is called with the time that a server told with its answer, whatever
// the answer was, for a device that does not know how far to trust its clock.
// resource is what was asked for, so that a caller can listen to some and not to
// others: a server's certificate was verified, its clock was not. Answers that
// were long on their way, or that a cache on the way gave (they have an Age), tell
// no time. It is called from the goroutine that fetches.
func ServerTime(f func(resource string, at time.Time)) Option {
	return func(o *options) { o.f.told = f }
}

// Timeout bounds one request with its answer. The default, ten minutes, leaves
// room for a megabyte on a poor line.
func Timeout(d time.Duration) Option { return func(o *options) { o.f.timeout = d } }

// Every bounds how long the [Loop] waits between two fetches of one resource,
// instead of an hour for the trust list and six for the rest. What a list's
// own ttl and exp ask for may be sooner, and counts.
func Every(d time.Duration) Option { return func(o *options) { o.f.every = d } }

// Clock replaces time.Now and time.After.
func Clock(now func() time.Time, after func(time.Duration) <-chan time.Time) Option {
	return func(o *options) { o.f.now, o.f.after = now, after }
}

// Random replaces the source of jitter: numbers in [0, 1).
func Random(f func() float64) Option { return func(o *options) { o.f.random = f } }

// New makes a fetcher. The error is for a trust URL or host that cannot be used.
func New(c *cache.Cache, opts ...Option) (*Fetcher, error) {
	f := &Fetcher{
		cache: c, log: slog.New(slog.DiscardHandler), progress: func(Resource) {}, told: func(string, time.Time) {},
		now: time.Now, after: time.After, random: rand.Float64, timeout: 10 * time.Minute,
	}
	o := options{f: f}
	for _, opt := range opts {
		opt(&o)
	}
	if o.hosts != nil {
		f.hosts = map[string]bool{}
		for _, h := range o.hosts {
			u, err := url.Parse("https://" + h)
			if err != nil || u.Hostname() == "" || u.Path != "" || u.User != nil {
				return nil, fmt.Errorf("sync: host %q is neither a host nor host:port", h)
			}
			f.hosts[hostPort(u)] = true
		}
	}
	if f.trustURL != "" {
		u, err := url.Parse(f.trustURL)
		if err != nil {
			return nil, fmt.Errorf("sync: trust URL: %w", err)
		}
		if err := f.permit(u); err != nil {
			return nil, fmt.Errorf("sync: trust URL: %w", err)
		}
	}
	f.client = &http.Client{
		CheckRedirect: f.redirect,
		Transport: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DialContext:            (&net.Dialer{Timeout: 30 * time.Second}).DialContext,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.roots, Time: o.tlsTime},
			TLSHandshakeTimeout:    30 * time.Second,
			ResponseHeaderTimeout:  time.Minute,
			IdleConnTimeout:        30 * time.Second,
			MaxIdleConnsPerHost:    1,
			MaxResponseHeaderBytes: 64 << 10,
			ForceAttemptHTTP2:      true,
			// The transport would unpack gzip without a bound; fetch does it with one.
			DisableCompression: true,
		},
	}
	return f, nil
}

// Once fetches the trust list and then everything that the trust list at hand then
// names: the deny list, DID documents, contexts, status lists. What fails is in the report and
// stops nothing else; the error is for a cancelled context alone.
func (f *Fetcher) Once(ctx context.Context) (Report, error) {
	defer f.client.CloseIdleConnections()
	report := Report{At: f.now()}
	// What the trust list names is looked up once it has come.
	for _, step := range []func() []want{f.trust, f.named} {
		for _, w := range step() {
			r, err := f.one(ctx, w)
			if err != nil {
				return report, err
			}
			report.Resources = append(report.Resources, r)
		}
	}
	return report, nil
}

// one fetches one resource, puts it and tells what became of it.
func (f *Fetcher) one(ctx context.Context, w want) (Resource, error) {
	r := Resource{Resource: w.resource, From: w.url, State: Unchanged}
	before := f.at(w)
	var err error
	if !w.settled {
		r.Bytes, err = f.fetch(ctx, w)
	}
	if stopped := ctx.Err(); stopped != nil {
		return r, fmt.Errorf("sync %s: %w", w.resource, stopped)
	}
	switch {
	case err != nil:
		r.fail(err)
		f.log.Warn("sync failed", "resource", w.resource, "why", r.Why)
	case f.at(w) != before:
		r.State = Fetched
	}
	r.settle(f.cache)
	f.progress(r)
	return r, nil
}

const redirects = 5

// redirect follows only where the host could have been asked directly: a list's
// server may move it, but not send a kiosk to knock on other doors.
func (f *Fetcher) redirect(req *http.Request, via []*http.Request) error {
	if len(via) > redirects {
		return errors.New("too many redirects")
	}
	if err := f.permit(req.URL); err != nil {
		return fmt.Errorf("redirect: %w", err)
	}
	req.Header.Del("Referer")
	return nil
}

// permit reports whether a URL may be asked.
func (f *Fetcher) permit(u *url.URL) error {
	if u.Scheme != "https" {
		return errors.New("only https is fetched")
	}
	if u.Hostname() == "" || u.User != nil {
		return errors.New("the URL names no host, or a user")
	}
	allowed := f.hosts
	if allowed == nil {
		allowed = f.signedHosts()
	}
	if !allowed[hostPort(u)] {
		return fmt.Errorf("host %s is not on the list of allowed hosts", hostPort(u))
	}
	return nil
}

func (f *Fetcher) signedHosts() map[string]bool {
	out := map[string]bool{}
	for _, w := range append(f.trust(), f.named()...) {
		if u, err := url.Parse(w.url); err == nil && u.Hostname() != "" {
			out[hostPort(u)] = true
		}
	}
	return out
}
