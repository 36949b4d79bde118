package did_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/did"
	"github.com/dzong-id/dzong/sdk/reason"
)

const scid = "QmUbTyW8QGNWxWJonYpeMs8vToktBYxzhk6cgJV9JYzfwo"

// did:webvh 1.0, The DID to HTTPS Transformation: its examples, and the scenarios
// of didwebvh-test-suite about identifiers alone.
func TestLogAddresses(t *testing.T) {
	for id, want := range map[string]string{
		"did:webvh:" + scid + ":example.com":                         "https://example.com/.well-known/did.jsonl",
		"did:webvh:" + scid + ":issuer.example.com":                  "https://issuer.example.com/.well-known/did.jsonl",
		"did:webvh:" + scid + ":example.com:dids:issuer":             "https://example.com/dids/issuer/did.jsonl",
		"did:webvh:" + scid + ":example.com%3A3000:dids:issuer":      "https://example.com:3000/dids/issuer/did.jsonl",
		"did:webvh:" + scid + ":example.com%3a3000":                  "https://example.com:3000/.well-known/did.jsonl",
		"did:webvh:" + scid + ":example.com:..:..:etc":               "", // negative-path-traversal-did
		"did:webvh:" + scid + ":127%2E0%2E0%2E1":                     "", // negative-pct-encoded-ip-host
		"did:webvh:" + scid + ":example.com:%2e%2e:etc":              "", // negative-pct-encoded-traversal
		"did:webvh:" + scid + ":127.0.0.1%3a8080":                    "", // negative-lowercase-pct-port-ip
		"did:webvh:" + scid + ":example.com#evil.example":            "", // negative-fragment-leaks-into-domain
		"did:webvh:" + scid + ":example.com?versionId=1":             "",
		"did:webvh:" + scid + ":example.com/whois":                   "",
		"did:webvh:" + scid + ":localhost":                           "",
		"did:webvh:" + scid + ":0x7f.1":                              "",
		"did:webvh:" + scid + ":example.com%3A0":                     "",
		"did:webvh:" + scid + ":example.com%3A65536":                 "",
		"did:webvh:" + scid + ":example.com::x":                      "",
		"did:webvh:" + scid:                                          "",
		"did:webvh:" + scid[1:] + ":example.com":                     "",
		"did:webvh:" + strings.Replace(scid, "Q", "0", 1) + ":a.b":   "",
		"did:webvh:example.com":                                      "",
		"did:web:example.com":                                        "",
		"did:webvh:" + scid + ":" + strings.Repeat("a", 9000) + ".b": "",
	} {
		got, err := did.LogURL(id)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%.80s: %s, %v", id, got, err)
		}
		witness, err := did.WitnessURL(id)
		if witness != strings.Replace(want, "did.jsonl", "did-witness.json", 1) || (err == nil) != (want != "") {
			t.Errorf("%.80s: witness proofs at %s, %v", id, witness, err)
		}
	}
}

// What is missing is told with its address, where the method says one.
func TestWhatIsMissingHasAnAddress(t *testing.T) {
	for id, want := range map[string]string{
		"did:web:registry.example:id":                            "https://registry.example/id/did.json",
		"did:webvh:" + scid + ":example.com":                     "https://example.com/.well-known/did.jsonl",
		"did:polygon:0xb9c5714089478a327f09197987f16f9e5d936e8a": "",
		"did:ethr:0xb9c5714089478a327f09197987f16f9e5d936e8a":    "",
	} {
		_, err := did.Resolve(id, nil)
		var missing *did.MissingError
		if !errors.As(err, &missing) || missing.DID != id || missing.URL != want {
			t.Errorf("%s: %+v", id, missing)
		}
	}
	for _, id := range []string{"did:web:127.0.0.1", "did:webvh:example.com", "did:webvh:" + scid + ":localhost"} {
		var coded *reason.Error
		if _, err := did.Resolve(id, nil); !errors.As(err, &coded) || coded.Code != reason.Malformed {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func TestAnAgeIsAddedToACopy(t *testing.T) {
	at := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	d, err := did.Resolve("did:key:"+edKey, nil)
	if err != nil {
		t.Fatal(err)
	}
	dated := d.Dated(at, at.Add(time.Hour))
	if !d.AsOf.IsZero() || d.Stale(at.AddDate(99, 0, 0)) || !dated.AsOf.Equal(at) ||
		dated.Stale(at.Add(time.Hour-1)) || !dated.Stale(at.Add(time.Hour)) || (*did.Document)(nil).Stale(at) {
		t.Error("an age is not what it was set to")
	}
}
