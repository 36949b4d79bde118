package web

import (
	"context"
	"crypto/subtle"
	"embed"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"time"
)

//go:embed assets
var assets embed.FS

// policy is the Content-Security-Policy: the page may load its own script and
// style and talk to its own kiosk, and nothing else, whatever gets into it.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// ErrNotLoopback: the screen is for the people in front of it.
var ErrNotLoopback = errors.New("the screen listens on loopback only: use an address such as 127.0.0.1:8480")

// Listen opens addr, which must be a loopback address as a number with a port
// (0 for any free one); a name is refused, because it means whatever a file or a
// server says today.
func Listen(addr string) (net.Listener, error) {
	a, err := netip.ParseAddrPort(addr)
	if err != nil || !a.Addr().IsLoopback() {
		return nil, fmt.Errorf("listen on %q: %w", addr, ErrNotLoopback)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen for the screen: %w", err)
	}
	return l, nil
}

// Serve serves the screen on l until ctx ends, then closes the screen and l. The
// error is nil if ctx ended it.
func (s *Screen) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		s.Close()
		within, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		err := server.Shutdown(within)
		if err != nil {
			err = server.Close()
		}
		stopped <- err
	})
	err := server.Serve(l)
	if stop() { // ctx has not ended: the server failed by itself
		s.Close()
		return fmt.Errorf("serve the screen: %w", err)
	}
	return <-stopped
}

// Handler serves the page, its assets, the stream and the button. It answers
// only to loopback names in the Host header, so that a page of another site
// cannot reach it under a name of its own (DNS rebinding).
func (s *Screen) Handler() http.Handler {
	mux := http.NewServeMux()
	for path, asset := range map[string]struct{ file, kind string }{
		"GET /{$}":     {"index.html", "text/html; charset=utf-8"},
		"GET /app.css": {"app.css", "text/css; charset=utf-8"},
		"GET /app.js":  {"app.js", "text/javascript; charset=utf-8"},
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", asset.kind)
			http.ServeFileFS(w, r, assets, "assets/"+asset.file)
		})
	}
	mux.HandleFunc("GET /events", s.events)
	mux.HandleFunc("POST /clear", s.clear)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), usb=(), payment=()")
		if !loopbackHost(r.Host) {
			http.Error(w, "this screen answers to 127.0.0.1, [::1] and localhost only", http.StatusMisdirectedRequest)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// clear is the staff's button. Only the page itself knows the token, and a page
// elsewhere can neither read the stream nor send the header without being asked.
func (s *Screen) clear(w http.ResponseWriter, r *http.Request) {
	switch site := r.Header.Get("Sec-Fetch-Site"); {
	case s.o.Clear == nil:
		http.NotFound(w, r)
	case r.Header.Get("Origin") != "http://"+r.Host,
		site != "" && site != "same-origin",
		subtle.ConstantTimeCompare([]byte(r.Header.Get("X-Dzong-Token")), []byte(s.token)) != 1:
		http.Error(w, "only the kiosk's own page may clear the screen", http.StatusForbidden)
	default:
		s.o.Clear()
		w.WriteHeader(http.StatusNoContent)
	}
}

// loopbackHost reports whether a Host header names this machine and no other.
func loopbackHost(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	} else if len(host) > 2 && host[0] == '[' && host[len(host)-1] == ']' {
		host = host[1 : len(host)-1]
	}
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}
