package trust_test

import (
	"encoding/base64"
	"fmt"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/trust"
	"github.com/google/go-cmp/cmp"
)

func TestContextsAndDocumentsToHaveAtHand(t *testing.T) {
	l, err := trust.Parse(marshal(t, full(t)))
	if err != nil {
		t.Fatal(err)
	}
	digest := func(of string) [32]byte {
		raw, _ := base64.RawURLEncoding.DecodeString(sum(of))
		return [32]byte(raw)
	}
	if d := cmp.Diff([]trust.Context{
		{URL: "https://registry.example/schema", Source: "https://mirror.example/schema?v=1", SHA256: digest("schema")},
		{URL: "https://www.w3.org/2018/credentials/v1", SHA256: digest("v1")},
	}, l.Contexts()); d != "" {
		t.Error(d)
	}
	if c, ok := l.Context("https://www.w3.org/2018/credentials/v1"); !ok || c.SHA256 != digest("v1") {
		t.Error("a pinned context is not found")
	}
	if _, ok := l.Context("https://www.w3.org/2018/credentials/"); ok {
		t.Error("a context is found by another name than its own")
	}
	const week = 7 * 24 * time.Hour
	if d := cmp.Diff([]trust.Document{
		{DID: "did:ethr:sepolia:0xb9c5714089478a327f09197987f16f9e5d936e8a", SHA256: digest("ethr"), Pinned: true, MaxAge: week},
		{DID: "did:web:pinned.example", Source: "https://mirror.example/did.json", SHA256: digest("web"), Pinned: true, MaxAge: week},
		{DID: "did:web:registry.example", MaxAge: time.Hour},
	}, l.Documents()); d != "" {
		t.Error(d)
	}
	var none *trust.List
	if none.Contexts() != nil || none.Documents() != nil {
		t.Error("no list asks for something")
	}
}

// What an identifier says by itself is not asked for; what holds an issuer's keys
// is, also where the list does not speak of it.
func TestDocumentsOfIssuersAreAskedFor(t *testing.T) {
	l := parse(t,
		obj{"id": "did:web:issuer.example", "dids": []any{"did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", "did:polygon:0xb9c5714089478a327f09197987f16f9e5d936e8a"}},
		obj{"id": genesis},
	)
	var ids []string
	for _, d := range l.Documents() {
		ids = append(ids, d.DID)
		if d.Pinned || d.MaxAge != 7*24*time.Hour {
			t.Errorf("%+v", d)
		}
	}
	if d := cmp.Diff([]string{"did:polygon:0xb9c5714089478a327f09197987f16f9e5d936e8a", "did:web:issuer.example"}, ids); d != "" {
		t.Error(d)
	}
}

// genesis is a did:ethr that says a key: 33 bytes in hexadecimal.
const genesis = "did:ethr:sepolia:0x0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"

func TestTooManyContextsAndDocuments(t *testing.T) {
	o := full(t)
	many := obj{}
	for i := range limits.TrustContexts + 1 {
		many[fmt.Sprint("https://x/", i)] = obj{"sha256": sum("x")}
	}
	o["contexts"] = many
	if _, err := trust.Parse(marshal(t, o)); err == nil {
		t.Error("too many contexts are taken")
	}
}

// A document that is too old is one that is not at hand, and says so; and the key
// that the identifier itself says does not come back for it.
func TestOldDocumentsDoNotCount(t *testing.T) {
	owner := key(t, credential.ES256K, "owner")
	for name, c := range map[string]struct {
		id        string
		documents obj
		until     time.Time
		want      reason.Code
	}{
		"in its time":                      {"did:web:x", nil, at.Add(time.Second), ""},
		"without an end":                   {"did:web:x", nil, time.Time{}, ""},
		"at its end":                       {"did:web:x", nil, at, reason.KeyUnknown},
		"long after":                       {"did:web:x", nil, at.Add(-1000 * time.Hour), reason.KeyUnknown},
		"of a did:ethr with a key":         {genesis, nil, at, reason.KeyUnknown},
		"of a did:ethr with a key, listed": {genesis, obj{genesis: obj{"sha256": sum("x")}}, at, reason.KeyUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			l := listed(t, c.documents, obj{"id": c.id, "types": []any{"*"}})
			asOf := at.Add(-time.Hour)
			docs := documents{c.id: document(t, c.id, owner.JWK(""), "assertionMethod").Dated(asOf, c.until)}
			signer := credential.Signer{ID: c.id, Algorithm: credential.ES256K}
			keys, checks := l.Keys(docs, at).Find(signer)
			last := checks[len(checks)-1]
			switch {
			case code(checks) != c.want:
				t.Fatalf("%v", checks)
			case c.want == "" && (len(keys) != 1 || !last.AsOf.Equal(asOf)):
				t.Errorf("%v, as of %v", keys, last.AsOf)
			case c.want != "" && (last.Verdict != reason.Undecided || last.Resource != c.id || keys != nil):
				t.Errorf("%+v with %d keys", last, len(keys))
			}
		})
	}
}

// Where the list speaks of a document, the identifier's own key is not enough: the
// authority knows that its owner changed.
func TestListedDocumentsAreNeeded(t *testing.T) {
	signer := credential.Signer{ID: genesis, Algorithm: credential.ES256K}
	if keys, checks := listed(t, nil, obj{"id": genesis}).Keys(nil, at).Find(signer); len(keys) == 0 {
		t.Errorf("the key of genesis is not found: %v", checks)
	}
	l := listed(t, obj{genesis: obj{"sha256": sum("x")}}, obj{"id": genesis})
	for _, docs := range []trust.Documents{nil, documents{}} {
		keys, checks := l.Keys(docs, at).Find(signer)
		if last := checks[len(checks)-1]; len(keys) > 0 || last.Verdict != reason.Undecided || last.Code != reason.KeyUnknown {
			t.Errorf("%v, %v", keys, checks)
		}
	}
	holder := credential.Signer{Role: credential.RoleHolder, ID: genesis, Algorithm: credential.ES256K}
	if keys, checks := l.Keys(nil, at).Find(holder); len(keys) > 0 || code(checks) != reason.KeyUnknown {
		t.Errorf("%v, %v", keys, checks)
	}
}

func listed(t *testing.T, documents obj, issuers ...any) *trust.List {
	t.Helper()
	o := obj{"format": 1, "number": 1, "issued": "2026-11-01T00:00:00Z", "expires": "2026-12-01T00:00:00Z", "issuers": issuers}
	if documents != nil {
		o["documents"] = documents
	}
	l, err := trust.Parse(marshal(t, o))
	if err != nil {
		t.Fatal(err)
	}
	return l
}
