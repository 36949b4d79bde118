package cache

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/trust"
	"github.com/google/go-cmp/cmp"
)

const (
	uri1 = "https://status.example/1"
	uri2 = "https://status.example/2"
)

var (
	ctx   = context.Background()
	start = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
)

type obj = map[string]any

func key(t testing.TB, seed string) *jws.PrivateKey {
	t.Helper()
	k, err := jws.Derive(credential.ES256, []byte(seed))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func sign(t testing.TB, k *jws.PrivateKey, typ, kid string, payload any) []byte {
	t.Helper()
	data, err := json.Marshal(payload)
	if err != nil {
		t.Fatal(err)
	}
	return signRaw(t, k, typ, data, kid)
}

func signRaw(t testing.TB, k *jws.PrivateKey, typ string, data []byte, kid ...string) []byte {
	t.Helper()
	compact, err := jws.Sign(obj{"typ": typ, "kid": append(kid, "root")[0]}, data, k)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(compact)
}

func trustList(number int, change ...func(o obj)) obj {
	o := obj{
		"format": 1, "number": number, "issued": start.Format(time.RFC3339),
		"expires": start.Add(30 * 24 * time.Hour).Format(time.RFC3339),
	}
	for _, c := range change {
		c(o)
	}
	return o
}

// signedTrust lists one issuer whose key was derived from "issuer".
func signedTrust(t testing.TB, number int, change ...func(o obj)) []byte {
	o := trustList(number)
	o["issuers"] = []any{obj{
		"id": "https://issuer.example", "types": []any{"*"}, "status_lists": []any{uri1, uri2},
		"jwks": obj{"keys": []any{key(t, "issuer").JWK("k")}},
	}}
	for _, c := range change {
		c(o)
	}
	return sign(t, key(t, "root"), trust.MediaType, "root", o)
}

func issuerKey(t testing.TB, seed, kid string) func(o obj) {
	return func(o obj) {
		o["issuers"].([]any)[0].(obj)["jwks"] = obj{"keys": []any{key(t, seed).JWK(kid)}}
	}
}

func token(t testing.TB, seed, uri string, issued time.Time, data ...byte) []byte {
	t.Helper()
	return tokenWith(t, seed, obj{"sub": uri, "iat": issued.Unix(), "exp": issued.Add(24 * time.Hour).Unix(), "ttl": 3600}, data...)
}

func tokenWith(t testing.TB, seed string, claims obj, data ...byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	_ = z.Close()
	claims["status_list"] = obj{"bits": 1, "lst": base64.RawURLEncoding.EncodeToString(b.Bytes())}
	return sign(t, key(t, seed), status.TokenType, "k", claims)
}

func root(t testing.TB) credential.Key { return key(t, "root").Public("") }

func atStart() time.Time { return start.Add(time.Minute) }

func reopen(t testing.TB, d disk) *Cache {
	t.Helper()
	c, err := open(d, root(t), Now(atStart))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// filled is a disk with a trust list and one status list on it.
func filled(t testing.TB) (*Cache, *fakeDisk) {
	t.Helper()
	d := newFakeDisk()
	c := reopen(t, d)
	must(t, c.PutTrust(ctx, signedTrust(t, 5), WithETag(`"t5"`)))
	must(t, c.PutStatus(ctx, uri1, token(t, "issuer", uri1, start, 0x01), WithETag(`"s1"`)))
	return c, d
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func value(t testing.TB, c *Cache, uri string, index uint64) status.Value {
	t.Helper()
	l := c.Snapshot().Status[uri]
	if l == nil {
		t.Fatalf("no list %s", uri)
	}
	v, err := l.Lookup(index)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func codes(c *Cache) map[string]reason.Code {
	out := map[string]reason.Code{}
	for _, m := range c.Missing() {
		out[m.Resource] = m.Code
		if m.Sentence == "" {
			out[m.Resource] = "no sentence"
		}
	}
	return out
}

func TestKnowledgeSurvivesARestart(t *testing.T) {
	_, d := filled(t)
	c := reopen(t, d.restart())
	s := c.Snapshot()
	if s.Trust == nil || s.Trust.Number != 5 || value(t, c, uri1, 0) != status.Invalid || value(t, c, uri1, 1) != status.Valid {
		t.Errorf("snapshot is %+v", s)
	}
	want := []Entry{
		{Resource: TrustResource, AsOf: start, Expires: start.Add(30 * 24 * time.Hour), Deadline: start.Add(30 * 24 * time.Hour),
			Bytes: len(signedTrust(t, 5)), Digest: digest(signedTrust(t, 5)), ETag: `"t5"`, Fetched: atStart(), Number: 5},
		{Resource: uri1, AsOf: start, Expires: start.Add(24 * time.Hour), Deadline: start.Add(time.Hour + 1), TTL: time.Hour,
			Bytes: len(token(t, "issuer", uri1, start, 0x01)), Digest: digest(token(t, "issuer", uri1, start, 0x01)), ETag: `"s1"`, Fetched: atStart()},
	}
	if diff := cmp.Diff(want, c.Entries()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]reason.Code{uri2: reason.StatusUnavailable}, codes(c)); diff != "" {
		t.Error(diff)
	}
	if !c.NewestSigned().Equal(start) {
		t.Errorf("newest signed time is %v", c.NewestSigned())
	}
}

func TestAnEmptyCacheKnowsNothingAndSaysSo(t *testing.T) {
	c := reopen(t, newFakeDisk())
	if s := c.Snapshot(); s == nil || s.Trust != nil || len(s.Status) > 0 {
		t.Errorf("snapshot is %+v", s)
	}
	if diff := cmp.Diff(map[string]reason.Code{TrustResource: reason.TrustStale}, codes(c)); diff != "" {
		t.Error(diff)
	}
	if len(c.Entries()) > 0 || !c.NewestSigned().IsZero() {
		t.Error("there are entries")
	}
	if err := c.PutStatus(ctx, uri1, token(t, "issuer", uri1, start, 0)); !errors.Is(err, ErrNoTrust) {
		t.Errorf("a status list without a trust list: %v", err)
	}
}

func TestOpenNeedsAKey(t *testing.T) {
	if _, err := Open(t.TempDir(), credential.Key{}); err == nil {
		t.Error("a cache without a pinned key opens")
	}
}

func TestTrustNeverGoesBack(t *testing.T) {
	c, d := filled(t)
	before := c.Snapshot()
	other := signedTrust(t, 5, func(o obj) { o["expires"] = start.Add(time.Hour).Format(time.RFC3339) })
	for _, c := range []*Cache{c, reopen(t, d)} {
		if err := c.PutTrust(ctx, signedTrust(t, 4)); !errors.Is(err, ErrOlder) {
			t.Errorf("a lower number: %v", err)
		}
		if err := c.PutTrust(ctx, other); !errors.Is(err, ErrConflict) {
			t.Errorf("the same number with other bytes: %v", err)
		}
		must(t, c.PutTrust(ctx, signedTrust(t, 5)))
		if c.Snapshot().Trust.Number != 5 {
			t.Errorf("trust list is %d", c.Snapshot().Trust.Number)
		}
	}
	if c.Snapshot() != before {
		t.Error("the same list again changed the snapshot")
	}
	must(t, c.PutTrust(ctx, signedTrust(t, 9)))
	if err := reopen(t, d).PutTrust(ctx, signedTrust(t, 8)); !errors.Is(err, ErrOlder) {
		t.Errorf("after a gap: %v", err)
	}
}

func TestAnOldTrustFilePutBackIsNotUsed(t *testing.T) {
	c, d := filled(t)
	old := d.files["trust.jwt"].data
	must(t, c.PutTrust(ctx, signedTrust(t, 6)))
	d.files["trust.jwt"].data = old
	c = reopen(t, d)
	if c.Snapshot().Trust != nil {
		t.Error("the old list is used")
	}
	if err := c.PutTrust(ctx, old); !errors.Is(err, ErrOlder) {
		t.Errorf("the old list is taken: %v", err)
	}
	must(t, c.PutTrust(ctx, signedTrust(t, 6)))
	if c.Snapshot().Trust == nil || value(t, c, uri1, 0) != status.Invalid {
		t.Error("the cache does not recover")
	}
}

func TestStatusNeverGoesBack(t *testing.T) {
	c, d := filled(t)
	newer := token(t, "issuer", uri1, start.Add(time.Minute), 0x02)
	must(t, c.PutStatus(ctx, uri1, newer))
	for _, c := range []*Cache{c, reopen(t, d)} {
		if err := c.PutStatus(ctx, uri1, token(t, "issuer", uri1, start, 0x01)); !errors.Is(err, ErrOlder) {
			t.Errorf("an older list: %v", err)
		}
		if value(t, c, uri1, 1) != status.Invalid {
			t.Error("the list at hand changed")
		}
	}
	// An old file put back beside its newer sidecar.
	d.files[statusName(uri1)+".jwt"].data = token(t, "issuer", uri1, start, 0x01)
	c = reopen(t, d)
	if c.Snapshot().Status[uri1] != nil || codes(c)[uri1] != reason.StatusListInvalid {
		t.Errorf("the old list is used; missing: %v", codes(c))
	}
	must(t, c.PutStatus(ctx, uri1, newer))
}

func TestAListSignedTwiceInASecond(t *testing.T) {
	c, _ := filled(t)
	must(t, c.PutStatus(ctx, uri1, token(t, "issuer", uri1, start, 0x03)))
	if value(t, c, uri1, 1) != status.Invalid {
		t.Error("the later list does not count")
	}
	shorter := tokenWith(t, "issuer", obj{"sub": uri1, "iat": start.Unix(), "exp": start.Add(time.Hour).Unix()}, 0)
	if err := c.PutStatus(ctx, uri1, shorter); !errors.Is(err, ErrOlder) {
		t.Errorf("one that expires earlier: %v", err)
	}
}

// Each case has one cause; none may change what is known.
func TestPutRefuses(t *testing.T) {
	good := token(t, "issuer", uri1, start.Add(time.Minute), 0)
	for name, put := range map[string]func(c *Cache) error{
		"a trust list of another authority": func(c *Cache) error {
			return c.PutTrust(ctx, sign(t, key(t, "other"), trust.MediaType, "root", obj{}))
		},
		"a bare trust list": func(c *Cache) error {
			data, _ := json.Marshal(trustList(9, func(o obj) { o["issuers"] = []any{} }))
			return c.PutTrust(ctx, data)
		},
		"a status list as trust list": func(c *Cache) error { return c.PutTrust(ctx, good) },
		"a trust list as status list": func(c *Cache) error { return c.PutStatus(ctx, uri1, signedTrust(t, 6)) },
		"a list of another URI":       func(c *Cache) error { return c.PutStatus(ctx, uri2, good) },
		"a list of an unknown signer": func(c *Cache) error { return c.PutStatus(ctx, uri1, token(t, "other", uri1, start, 0)) },
		"a list with a changed byte":  func(c *Cache) error { return c.PutStatus(ctx, uri1, changed(good)) },
		"nothing":                     func(c *Cache) error { return c.PutStatus(ctx, uri1, nil) },
		"more than a list may have":   func(c *Cache) error { return c.PutStatus(ctx, uri1, make([]byte, limits.StatusToken+1)) },
		"a list of the distant future": func(c *Cache) error {
			return c.PutStatus(ctx, uri1, token(t, "issuer", uri1, start.Add(1000*time.Hour), 0))
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, d := filled(t)
			before, written := c.Snapshot(), len(d.log)
			err := put(c)
			var coded *reason.Error
			if !errors.As(err, &coded) {
				t.Fatalf("got %v", err)
			}
			after := c.Snapshot()
			if after.Trust != before.Trust || after.Status[uri1] != before.Status[uri1] || len(after.Status) != 1 {
				t.Error("what was known has changed")
			}
			if len(d.log) != written {
				t.Errorf("something was written: %v", d.log[written:])
			}
		})
	}
}

func TestANewTrustListDecidesAnewAboutEveryList(t *testing.T) {
	c, d := filled(t)
	t.Run("a signer that is no longer accepted", func(t *testing.T) {
		must(t, c.PutTrust(ctx, signedTrust(t, 6, issuerKey(t, "other", "another kid"))))
		s := c.Snapshot()
		if s.Status[uri1] != nil || s.Refused[uri1] != reason.StatusListInvalid {
			t.Errorf("the list still counts: %+v", s)
		}
		if len(d.names(".refused")) != 0 {
			t.Error("a good file was put aside because of who is trusted")
		}
	})
	t.Run("and is accepted again", func(t *testing.T) {
		must(t, c.PutTrust(ctx, signedTrust(t, 7)))
		if value(t, c, uri1, 0) != status.Invalid || len(c.Snapshot().Refused) != 0 {
			t.Error("the list does not count again")
		}
	})
	t.Run("a revoked key", func(t *testing.T) {
		must(t, c.PutTrust(ctx, signedTrust(t, 8, func(o obj) {
			o["issuers"].([]any)[0].(obj)["revoked_keys"] = []any{obj{"kid": "k", "from": start.Format(time.RFC3339)}}
		})))
		if c.Snapshot().Status[uri1] != nil {
			t.Error("the list still counts")
		}
	})
}

func TestAClockThatFellBackLosesNothing(t *testing.T) {
	_, d := filled(t)
	long := func() time.Time { return time.Unix(0, 0) }
	c, err := open(d, root(t), Now(long))
	must(t, err)
	if c.Snapshot().Trust == nil || value(t, c, uri1, 0) != status.Invalid || len(d.names(".refused")) > 0 {
		t.Error("knowledge was lost")
	}
	must(t, c.PutStatus(ctx, uri2, token(t, "issuer", uri2, start, 0)))
}

func TestAWrongClockElsewhereDoesNotMoveOurs(t *testing.T) {
	c, _ := filled(t)
	late := func() time.Time { return start.Add(100 * 24 * time.Hour) }
	c.now = late
	must(t, c.PutStatus(ctx, uri1, token(t, "issuer", uri1, start.Add(99*24*time.Hour), 0)))
	if !c.NewestSigned().Equal(start) {
		t.Errorf("newest signed time is %v", c.NewestSigned())
	}
}

func TestStaleKnowledgeIsMissingKnowledge(t *testing.T) {
	c, _ := filled(t)
	c.now = func() time.Time { return start.Add(40 * 24 * time.Hour) }
	want := map[string]reason.Code{TrustResource: reason.TrustStale, uri1: reason.StatusStale, uri2: reason.StatusUnavailable}
	if diff := cmp.Diff(want, codes(c)); diff != "" {
		t.Error(diff)
	}
	if c.Snapshot().Status[uri1] == nil {
		t.Error("a stale list is gone: a revoked bit in it would no longer count")
	}
}

func TestAnIssuerWhoseDocumentIsAwayIsMissing(t *testing.T) {
	c := reopen(t, newFakeDisk())
	must(t, c.PutTrust(ctx, signedTrust(t, 1, func(o obj) { o["issuers"] = []any{obj{"id": "did:web:x"}} })))
	if diff := cmp.Diff(map[string]reason.Code{"did:web:x": reason.KeyUnknown}, codes(c)); diff != "" {
		t.Error(diff)
	}
}

func TestACancelledContextPutsNothing(t *testing.T) {
	c, _ := filled(t)
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	if err := c.PutTrust(stopped, signedTrust(t, 6)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := c.PutStatus(stopped, uri1, token(t, "issuer", uri1, start.Add(1), 0)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// A list that was lost is not made up for by the one before it.
func TestAnOlderListDoesNotTakeThePlaceOfOneThatWasLost(t *testing.T) {
	_, d := filled(t)
	old := token(t, "issuer", uri1, start.Add(-time.Hour), 0x00)
	name := statusName(uri1) + signedExt
	overwrite(d, name, []byte("damaged"))
	c := reopen(t, d)
	if c.Snapshot().Status[uri1] != nil {
		t.Fatal("the damaged list counts")
	}
	if err := c.PutStatus(ctx, uri1, old); !errors.Is(err, ErrOlder) {
		t.Errorf("the list before it: %v", err)
	}
	must(t, c.PutStatus(ctx, uri1, token(t, "issuer", uri1, start, 0x01)))
}

// A list whose signer was withdrawn does not stand in the way of an honest one,
// whatever it was dated.
func TestAListOfAWithdrawnSignerIsNoFloor(t *testing.T) {
	d := newFakeDisk()
	c := reopen(t, d)
	must(t, c.PutTrust(ctx, signedTrust(t, 1)))
	must(t, c.PutStatus(ctx, uri1, token(t, "issuer", uri1, start.Add(30*time.Second), 0x00)))
	must(t, c.PutTrust(ctx, signedTrust(t, 2, issuerKey(t, "another", "other"))))
	must(t, c.PutTrust(ctx, signedTrust(t, 3, issuerKey(t, "another", "k"))))
	if c.Snapshot().Status[uri1] != nil {
		t.Fatal("a list counts whose signer was withdrawn")
	}
	must(t, c.PutStatus(ctx, uri1, token(t, "another", uri1, start, 0x01)))
}
