package sync_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	stdsync "sync"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/sync"
	"github.com/dzong-id/dzong/sdk/trust"
)

var (
	ctx   = context.Background()
	start = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func key(t testing.TB, seed string) *jws.PrivateKey {
	t.Helper()
	k, err := jws.Derive(credential.ES256, []byte(seed))
	must(t, err)
	return k
}

func sign(t testing.TB, k *jws.PrivateKey, typ, payload string) []byte {
	t.Helper()
	compact, err := jws.Sign(map[string]any{"typ": typ, "kid": "k"}, []byte(payload), k)
	must(t, err)
	return []byte(compact)
}

func trustList(t testing.TB, number int, lists ...string) []byte {
	jwk := key(t, "issuer").JWK("k")
	return sign(t, key(t, "root"), trust.MediaType, fmt.Sprintf(
		`{"format":1,"number":%d,"issued":"2026-11-02T09:00:00Z","expires":"2026-12-02T09:00:00Z","issuers":[
		 {"id":"https://issuer.example","types":["*"],"jwks":{"keys":[{"kty":"EC","crv":"P-256","kid":"k","x":"%s","y":"%s"}]},"status_lists":["%s"]}]}`,
		number, jwk["x"], jwk["y"], strings.Join(lists, `","`)))
}

// token is a list of 16 entries of one bit, the draft's first example.
func token(t testing.TB, seed, uri string, issued time.Time, ttl time.Duration) []byte {
	return sign(t, key(t, seed), status.TokenType, fmt.Sprintf(
		`{"sub":"%s","iat":%d,"ttl":%d,"status_list":{"bits":1,"lst":"eNrbuRgAAhcBXQ"}}`, uri, issued.Unix(), int(ttl.Seconds())))
}

// provider is an HTTPS server that says what it was asked.
type provider struct {
	*httptest.Server
	mu      stdsync.Mutex
	files   map[string][]byte // by path; served with an ETag
	handle  map[string]http.HandlerFunc
	asked   []*http.Request
	offline bool
}

func newProvider(t testing.TB, certificates ...tls.Certificate) *provider {
	p := &provider{files: map[string][]byte{}, handle: map[string]http.HandlerFunc{}}
	p.Server = httptest.NewUnstartedServer(http.HandlerFunc(p.serve))
	p.Server.Config.ErrorLog = log.New(io.Discard, "", 0)
	p.TLS = &tls.Config{Certificates: certificates}
	p.StartTLS()
	t.Cleanup(p.Close)
	return p
}

func (p *provider) serve(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.asked = append(p.asked, r.Clone(ctx))
	handle, data, offline := p.handle[r.URL.Path], p.files[r.URL.Path], p.offline
	p.mu.Unlock()
	switch {
	case offline:
		panic(http.ErrAbortHandler)
	case handle != nil:
		handle(w, r)
	case data == nil:
		http.NotFound(w, r)
	default:
		etag := fmt.Sprintf(`"%x"`, sha256.Sum256(data))
		w.Header().Set("Etag", etag)
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Type", "application/statuslist+jwt")
		_, _ = w.Write(data)
	}
}

func (p *provider) put(path string, data []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.files[path] = data
}

func (p *provider) answer(path string, h http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handle[path] = h
}

func (p *provider) setOffline(off bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.offline = off
}

func (p *provider) requests() []*http.Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]*http.Request(nil), p.asked...)
}

func (p *provider) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(p.Certificate())
	return pool
}

func (p *provider) host() string { return strings.TrimPrefix(p.URL, "https://") }

// scene is a provider with a trust list and two status lists, and an empty cache.
type scene struct {
	*provider
	cache    *cache.Cache
	now      time.Time
	list1    string
	list2    string
	trustURL string
}

func newScene(t testing.TB) *scene {
	t.Helper()
	s := &scene{provider: newProvider(t), now: start.Add(time.Minute)}
	s.list1, s.list2, s.trustURL = s.URL+"/1", s.URL+"/2", s.URL+"/trust"
	s.put("/trust", trustList(t, 1, s.list1, s.list2))
	s.put("/1", token(t, "issuer", s.list1, start, time.Hour))
	s.put("/2", token(t, "issuer", s.list2, start, time.Hour))
	var err error
	s.cache, err = cache.Open(t.TempDir(), key(t, "root").Public(""), cache.Now(func() time.Time { return s.now }))
	must(t, err)
	return s
}

func (s *scene) fetcher(t testing.TB, opts ...sync.Option) *sync.Fetcher {
	t.Helper()
	f, err := sync.New(s.cache, append([]sync.Option{
		sync.TrustURL(s.trustURL), sync.Roots(s.roots()), sync.Timeout(10 * time.Second),
		sync.Clock(func() time.Time { return s.now }, time.After),
	}, opts...)...)
	must(t, err)
	return f
}

func (s *scene) once(t testing.TB, opts ...sync.Option) map[string]sync.Resource {
	t.Helper()
	r, err := s.fetcher(t, opts...).Once(ctx)
	must(t, err)
	out := map[string]sync.Resource{}
	for _, x := range r.Resources {
		out[x.Resource] = x
	}
	return out
}

func packed(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(data)
	must(t, err)
	must(t, z.Close())
	return b.Bytes()
}
