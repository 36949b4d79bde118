package sync_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/sync"
)

func TestOnceFetchesTheTrustListAndWhatItNames(t *testing.T) {
	s := newScene(t)
	var told []string
	r := s.once(t, sync.Progress(func(r sync.Resource) { told = append(told, r.Resource) }))
	for _, resource := range []string{cache.TrustResource, s.list1, s.list2} {
		if x := r[resource]; x.State != sync.Fetched || x.Why != "" || x.Bytes == 0 || !x.AsOf.Equal(start) {
			t.Errorf("%s: %+v", resource, x)
		}
	}
	if len(told) != 3 || told[0] != cache.TrustResource {
		t.Errorf("progress told of %v", told)
	}
	if m := s.cache.Missing(); len(m) > 0 {
		t.Errorf("missing: %v", m)
	}
}

func TestWhatDidNotChangeIsNotSentAgain(t *testing.T) {
	s := newScene(t)
	s.once(t)
	for name, x := range s.once(t) {
		if x.State != sync.Unchanged || x.Bytes != 0 || !x.AsOf.Equal(start) {
			t.Errorf("%s: %+v", name, x)
		}
	}
	s.put("/1", token(t, "issuer", s.list1, start.Add(30*time.Second), time.Hour))
	r := s.once(t)
	if r[s.list1].State != sync.Fetched || r[s.list2].State != sync.Unchanged {
		t.Errorf("%+v", r)
	}
}

func TestTheSameBytesWithoutAnETagAreUnchanged(t *testing.T) {
	s := newScene(t)
	data := token(t, "issuer", s.list1, start, time.Hour)
	s.answer("/1", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(data) })
	s.once(t)
	if x := s.once(t)[s.list1]; x.State != sync.Unchanged || x.Bytes != int64(len(data)) {
		t.Errorf("%+v", x)
	}
}

func TestARequestSaysNothingAboutWhoAsks(t *testing.T) {
	s := newScene(t)
	s.answer("/1", func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "track", Value: "me"})
		w.Header().Set("Location", "/moved")
		w.WriteHeader(http.StatusFound)
	})
	s.put("/moved", token(t, "issuer", s.list1, start, time.Hour))
	s.once(t)
	s.once(t)
	allowed := map[string]string{"Accept": "", "Accept-Encoding": "gzip", "User-Agent": "dzong", "If-None-Match": ""}
	for _, r := range s.requests() {
		for name, v := range r.Header {
			want, ok := allowed[name]
			if !ok || want != "" && v[0] != want {
				t.Errorf("%s: %s: %s", r.URL, name, v)
			}
		}
		want := "application/statuslist+jwt, application/statuslist+cwt;q=0.9, application/vc+jwt;q=0.9, application/vc;q=0.8, */*;q=0.1"
		if r.URL.Path == "/trust" {
			want = "application/dzong-trust+jwt"
		}
		if got := r.Header.Get("Accept"); got != want {
			t.Errorf("%s: Accept is %q", r.URL, got)
		}
		if r.Method != http.MethodGet || r.URL.RawQuery != "" {
			t.Errorf("%s %s", r.Method, r.URL)
		}
	}
}

func TestGzipIsUnpacked(t *testing.T) {
	s := newScene(t)
	data := packed(t, token(t, "issuer", s.list1, start, time.Hour))
	s.answer("/1", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(data)
	})
	if x := s.once(t)[s.list1]; x.State != sync.Fetched || x.Bytes != int64(len(data)) {
		t.Errorf("%+v", x)
	}
}

// Each case has one cause, fails for that resource, and for no other.
func TestOneFailureIsToldAndStopsNothingElse(t *testing.T) {
	respond := func(status int, header map[string]string, body []byte) func(t *testing.T, s *scene) {
		return func(_ *testing.T, s *scene) {
			s.answer("/1", func(w http.ResponseWriter, _ *http.Request) {
				for k, v := range header {
					w.Header().Set(k, v)
				}
				w.WriteHeader(status)
				_, _ = w.Write(body)
			})
		}
	}
	bomb := packed(t, make([]byte, limits.StatusToken+1))
	for _, c := range []struct {
		name  string
		setUp func(t *testing.T, s *scene)
		why   string
		code  reason.Code
	}{
		{"not found", respond(404, nil, nil), "404", ""},
		{"an error", respond(503, nil, nil), "503", ""},
		{"no content", respond(204, nil, nil), "204", ""},
		{"part of it", respond(206, nil, []byte("x")), "206", ""},
		{"not modified, unasked", respond(304, nil, nil), "304", ""},
		{"a login page", respond(200, map[string]string{"Content-Type": "text/html; charset=utf-8"}, []byte("<html>")), "login page", ""},
		{"junk", respond(200, nil, []byte("junk")), "compact JWS", reason.StatusListInvalid},
		{"nothing", respond(200, nil, nil), "compact JWS", reason.StatusListInvalid},
		{"a gzip bomb", respond(200, map[string]string{"Content-Encoding": "gzip"}, bomb), "longer than its limit", ""},
		{"gzip that is none", respond(200, map[string]string{"Content-Encoding": "gzip"}, []byte("junk")), "unpack", ""},
		{"gzip with junk behind", respond(200, map[string]string{"Content-Encoding": "gzip"}, append(packed(t, []byte("x")), 1, 2, 3)), "unpack", ""},
		{"an encoding nobody asked for", respond(200, map[string]string{"Content-Encoding": "br"}, []byte("x")), "encoding", ""},
		{"a length beyond the limit", respond(200, map[string]string{"Content-Length": fmt.Sprint(limits.StatusToken + 1)}, nil), "longer than its limit", ""},
		{"an answer without end", func(_ *testing.T, s *scene) {
			s.answer("/1", func(w http.ResponseWriter, _ *http.Request) {
				block := make([]byte, 1<<20)
				for range 1 << 10 {
					if _, err := w.Write(block); err != nil {
						return
					}
				}
			})
		}, "longer than its limit", ""},
		{"an answer that breaks off", func(_ *testing.T, s *scene) {
			s.answer("/1", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "100")
				_, _ = w.Write([]byte("x"))
				panic(http.ErrAbortHandler)
			})
		}, "EOF", ""},
		{"another signer", func(t *testing.T, s *scene) { s.put("/1", token(t, "other", s.list1, start, time.Hour)) },
			"signature does not verify", reason.StatusListInvalid},
		{"another list", func(t *testing.T, s *scene) { s.put("/1", token(t, "issuer", s.list2, start, time.Hour)) },
			"sub is not", reason.StatusListInvalid},
		{"a redirect to http", func(_ *testing.T, s *scene) {
			s.answer("/1", func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "http://"+s.host()+"/2", http.StatusFound)
			})
		}, "only https", ""},
		{"a redirect to another host", func(_ *testing.T, s *scene) {
			s.answer("/1", func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "https://elsewhere.example/2", http.StatusFound)
			})
		}, "not on the list of allowed hosts", ""},
		{"a redirect to another port", func(_ *testing.T, s *scene) {
			s.answer("/1", func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "https://127.0.0.1:22/", http.StatusFound)
			})
		}, "not on the list of allowed hosts", ""},
		{"a redirect with a password", func(_ *testing.T, s *scene) {
			s.answer("/1", func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "https://u:p@"+s.host()+"/2", http.StatusFound)
			})
		}, "or a user", ""},
		{"a redirect to itself", func(_ *testing.T, s *scene) {
			s.answer("/1", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/1", http.StatusFound) })
		}, "too many redirects", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t)
			c.setUp(t, s)
			r := s.once(t)
			if x := r[s.list1]; x.State != sync.Failed || x.Err == nil || !strings.Contains(x.Why, c.why) || x.Code != c.code {
				t.Errorf("%+v; want failed, %q, %q", x, c.why, c.code)
			}
			if x := r[s.list1]; x.Bytes > limits.StatusToken+64<<10 {
				t.Errorf("%d bytes were read", x.Bytes)
			}
			if r[cache.TrustResource].State != sync.Fetched || r[s.list2].State != sync.Fetched {
				t.Errorf("another resource failed too: %+v", r)
			}
			if s.cache.Snapshot().Status[s.list1] != nil {
				t.Error("the list counts")
			}
		})
	}
}

func TestWhatIsAtHandOutlivesAFailure(t *testing.T) {
	s := newScene(t)
	s.once(t)
	s.put("/1", token(t, "issuer", s.list1, start.Add(-time.Hour), time.Hour))
	s.put("/trust", trustList(t, 1, s.list1))
	r := s.once(t)
	if x := r[s.list1]; x.State != sync.Failed || !strings.Contains(x.Why, "older") || !errors.Is(x.Err, cache.ErrOlder) || !x.AsOf.Equal(start) {
		t.Errorf("%+v", x)
	}
	if x := r[cache.TrustResource]; x.State != sync.Failed || !strings.Contains(x.Why, "under one number") {
		t.Errorf("%+v", x)
	}
	s.setOffline(true)
	for name, x := range s.once(t) {
		if x.State != sync.Failed || !x.AsOf.Equal(start) {
			t.Errorf("%s: %+v", name, x)
		}
	}
	if len(s.cache.Missing()) > 0 {
		t.Error("knowledge was lost")
	}
}

func TestOnlyAllowedHostsAreAsked(t *testing.T) {
	s := newScene(t)
	s.put("/trust", trustList(t, 1, s.list1, "https://other.example/2", "http://"+s.host()+"/3", "urn:x", "https://:1/", "not a URL %"))
	r := s.once(t, sync.Hosts(s.host()))
	if r[s.list1].State != sync.Fetched {
		t.Errorf("%+v", r[s.list1])
	}
	for uri, why := range map[string]string{
		"https://other.example/2":   "not on the list of allowed hosts",
		"http://" + s.host() + "/3": "only https",
		"urn:x":                     "only https",
		"https://:1/":               "no host",
		"not a URL %":               "invalid URL escape",
	} {
		if x := r[uri]; x.State != sync.Failed || !strings.Contains(x.Why, why) {
			t.Errorf("%s: %+v; want %q", uri, x, why)
		}
	}
	for _, bad := range []string{"http://127.0.0.1/trust", "https://other.example/trust", "%", "ftp://x/"} {
		if _, err := sync.New(s.cache, sync.TrustURL(bad), sync.Hosts(s.host())); err == nil {
			t.Errorf("trust URL %q is taken", bad)
		}
	}
	for _, bad := range []string{"", "https://x", "x/y", "u@x"} {
		if _, err := sync.New(s.cache, sync.Hosts(bad)); err == nil {
			t.Errorf("host %q is taken", bad)
		}
	}
}

func TestCertificatesAreAlwaysVerified(t *testing.T) {
	s := newScene(t)
	if x := s.once(t, sync.Roots(x509.NewCertPool()))[cache.TrustResource]; x.State != sync.Failed || !strings.Contains(x.Why, "certificate") {
		t.Errorf("an unknown authority: %+v", x)
	}
	if len(s.requests()) > 0 {
		t.Error("it was asked all the same")
	}
	notAfter := s.Certificate().NotAfter
	after := s.once(t, sync.TLSTime(func() time.Time { return notAfter.Add(time.Hour) }))
	if x := after[cache.TrustResource]; x.State != sync.Failed || !strings.Contains(x.Why, "expired") {
		t.Errorf("after the certificate's end: %+v", x)
	}
	before := s.once(t, sync.TLSTime(func() time.Time { return notAfter.Add(-time.Hour) }))
	if x := before[cache.TrustResource]; x.State != sync.Fetched {
		t.Errorf("before the certificate's end: %+v", x)
	}
}

func TestOldTLSIsRefused(t *testing.T) {
	s := newScene(t)
	old := httptest.NewUnstartedServer(http.NotFoundHandler())
	old.Config.ErrorLog = log.New(io.Discard, "", 0)
	old.TLS = &tls.Config{MaxVersion: tls.VersionTLS11}
	old.StartTLS()
	t.Cleanup(old.Close)
	pool := x509.NewCertPool()
	pool.AddCert(old.Certificate())
	x := s.once(t, sync.TrustURL(old.URL), sync.Roots(pool))[cache.TrustResource]
	if x.State != sync.Failed || !strings.Contains(x.Why, "protocol version") {
		t.Errorf("%+v", x)
	}
}

func TestACancelledContextEndsTheRun(t *testing.T) {
	s := newScene(t)
	stopping, cancel := context.WithCancel(ctx)
	s.answer("/1", func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	_, err := s.fetcher(t).Once(stopping)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestAServerThatHangsIsGivenUp(t *testing.T) {
	s := newScene(t)
	s.answer("/1", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	r := s.once(t, sync.Timeout(200*time.Millisecond))
	if r[s.list1].State != sync.Failed || r[s.list2].State != sync.Fetched {
		t.Errorf("%+v", r)
	}
}

func TestAReportIsOKOnlyIfSomethingWasDoneAndNothingFailed(t *testing.T) {
	for want, r := range map[bool]sync.Report{
		true:  {Resources: []sync.Resource{{State: sync.Fetched}, {State: sync.Unchanged}}},
		false: {},
	} {
		if r.OK() != want {
			t.Errorf("%+v", r)
		}
	}
	if (sync.Report{Resources: []sync.Resource{{State: sync.Fetched}, {State: sync.Failed}}}).OK() {
		t.Error("a failure is OK")
	}
}
