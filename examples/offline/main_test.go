package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

func TestTheExampleDecides(t *testing.T) {
	world := verifytest.NewWorldNamed("example", time.Now())
	registry := world.AddIssuer("https://registry.example", "https://registry.example/citizen")
	wallet := world.AddWallet()
	held := registry.Issue(wallet, map[string]any{"full_name": "Pema Example"})
	dir := t.TempDir()
	knowledge := filepath.Join(dir, "knowledge")
	know, err := cache.Open(knowledge, world.Root())
	if err != nil {
		t.Fatal(err)
	}
	if err := know.PutTrust(context.Background(), world.TrustJWS()); err != nil {
		t.Fatal(err)
	}
	if err := know.PutStatus(context.Background(), registry.StatusURI(), registry.StatusToken()); err != nil {
		t.Fatal(err)
	}
	put := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	authority := put("authority.jwk", world.RootJWK())
	for _, c := range []struct {
		name    string
		code    []byte
		outcome reason.Outcome
		says    string
	}{
		{"for us", wallet.Present(held, verifytest.To("https://bank.example")), reason.Accepted, "full_name"},
		{"for others", wallet.Present(held, verifytest.To("https://other.example")), reason.Rejected, "as of"},
		{"a link", []byte("openid4vp://authorize?client_id=x"), reason.Rejected, "rejected"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := decide(knowledge, authority, "https://bank.example", put("code", c.code), world.Now())
			if err != nil || r.Outcome() != c.outcome {
				t.Fatalf("%s %v, %v; want %s", r.Outcome(), r.Reasons(), err, c.outcome)
			}
			var out bytes.Buffer
			tell(&out, r)
			if !strings.Contains(out.String(), c.says) || strings.Contains(out.String(), "Pema") {
				t.Errorf("it says:\n%s", out.String())
			}
		})
	}
}
