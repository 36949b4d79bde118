package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/agent/config"
)

func TestWhoListensWhereTheScreenShould(t *testing.T) {
	ours := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer ours.Close()
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	free, err := quietAddress()
	if err != nil {
		t.Fatal(err)
	}
	mute, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer mute.Close()
	go func() {
		for {
			c, err := mute.Accept()
			if err != nil {
				return
			}
			c.Close()
		}
	}()
	for name, tt := range map[string]struct {
		address string
		running bool
		want    state
		found   string
	}{
		"free":                            {free, false, well, "is free"},
		"free, while the kiosk runs":      {free, true, attention, "nobody listens"},
		"the kiosk itself":                {ours.Listener.Addr().String(), true, well, "answers"},
		"somebody, and no kiosk runs":     {ours.Listener.Addr().String(), false, attention, "is not free"},
		"somebody else, and a kiosk runs": {other.Listener.Addr().String(), true, attention, "404"},
		"somebody who hangs up":           {mute.Addr().String(), true, attention, "does not answer"},
		"any port":                        {"127.0.0.1:0", false, well, "any free port"},
		"any port, while the kiosk runs":  {"127.0.0.1:0", true, well, "any free port"},
	} {
		t.Run(name, func(t *testing.T) {
			var d diagnosis
			d.screen(t.Context(), &config.Config{Screen: config.Screen{Listen: tt.address}}, tt.running)
			if len(d.Checks) != 1 || d.Checks[0].State != tt.want || !strings.Contains(d.Checks[0].Found, tt.found) {
				t.Errorf("found %+v, want %s with %q", d.Checks, tt.want, tt.found)
			}
			if (d.Checks[0].Next == "") != (tt.want == well) {
				t.Errorf("next is %q", d.Checks[0].Next)
			}
		})
	}
}
