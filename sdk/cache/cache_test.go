package cache

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
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
	compact, err := jws.Sign(obj{"typ": typ, "kid": kid}, data, k)
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
			Bytes: len(signedTrust(t, 5)), ETag: `"t5"`, Fetched: atStart(), Number: 5},
		{Resource: uri1, AsOf: start, Expires: start.Add(24 * time.Hour), Deadline: start.Add(time.Hour + 1), TTL: time.Hour,
			Bytes: len(token(t, "issuer", uri1, start, 0x01)), ETag: `"s1"`, Fetched: atStart()},
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

func changed(token []byte) []byte {
	b := bytes.Clone(token)
	i := bytes.LastIndexByte(b, '.') + 10
	if b[i]++; b[i] == '{' || b[i] == '[' {
		b[i] = 'A'
	}
	return b
}

func TestARefusedListIsToldFromOneThatNeverCame(t *testing.T) {
	c, _ := filled(t)
	if err := c.PutStatus(ctx, uri2, token(t, "other", uri2, start, 0)); err == nil {
		t.Fatal("taken")
	}
	if diff := cmp.Diff(map[string]reason.Code{uri2: reason.StatusListInvalid}, c.Snapshot().Refused); diff != "" {
		t.Error(diff)
	}
	if err := c.PutStatus(ctx, "https://status.example/unasked", []byte("x")); err == nil || len(c.Snapshot().Refused) != 1 {
		t.Error("a list that nobody asks for is remembered")
	}
	must(t, c.PutStatus(ctx, uri2, token(t, "issuer", uri2, start, 0)))
	if len(c.Snapshot().Refused) != 0 || len(c.Missing()) != 0 {
		t.Errorf("still refused: %v, missing %v", c.Snapshot().Refused, c.Missing())
	}
}

func TestTamperedFilesArePutAside(t *testing.T) {
	for name, tamper := range map[string]func(data []byte) []byte{
		"a changed byte": changed,
		"cut short":      func(data []byte) []byte { return data[:len(data)/2] },
		"empty":          func([]byte) []byte { return nil },
		"zeros":          func(data []byte) []byte { return make([]byte, len(data)) },
		"too long":       func([]byte) []byte { return bytes.Repeat([]byte("A"), limits.StatusToken+1) },
		"other bytes":    func([]byte) []byte { return []byte("{}") },
		"signed by another": func([]byte) []byte {
			return sign(t, key(t, "other"), status.TokenType, "k", obj{"sub": uri1, "iat": 1})
		},
	} {
		t.Run("trust list: "+name, func(t *testing.T) {
			_, d := filled(t)
			d.files["trust.jwt"].data = tamper(d.files["trust.jwt"].data)
			c := reopen(t, d)
			if s := c.Snapshot(); s.Trust != nil || len(s.Status) > 0 {
				t.Error("it is used")
			}
			if len(d.names("trust.jwt.refused")) != 1 || d.files["trust.jwt"] != nil {
				t.Errorf("files are %v", d.names(""))
			}
			if m := c.Missing(); len(m) != 1 || m[0].Code != reason.TrustStale || !strings.Contains(m[0].Sentence, "put aside") {
				t.Errorf("missing: %v", m)
			}
			if err := c.PutTrust(ctx, signedTrust(t, 4)); !errors.Is(err, ErrOlder) {
				t.Errorf("the way back is open: %v", err)
			}
			must(t, c.PutTrust(ctx, signedTrust(t, 5)))
			if value(t, c, uri1, 0) != status.Invalid {
				t.Error("the status list did not come back")
			}
		})
		t.Run("status list: "+name, func(t *testing.T) {
			_, d := filled(t)
			file := statusName(uri1) + ".jwt"
			d.files[file].data = tamper(d.files[file].data)
			c := reopen(t, d)
			s := c.Snapshot()
			if s.Status[uri1] != nil || s.Refused[uri1] != reason.StatusListInvalid || s.Trust == nil {
				t.Errorf("snapshot is %+v", s)
			}
			if len(d.names(".jwt.refused")) != 1 || d.files[file] != nil {
				t.Errorf("files are %v", d.names(""))
			}
			for _, e := range c.Entries() {
				if e.Resource == uri1 {
					t.Error("the list is reported to be at hand, and would not be fetched again")
				}
			}
			must(t, c.PutStatus(ctx, uri1, token(t, "issuer", uri1, start, 0x01)))
			if len(c.Snapshot().Refused) != 0 || codes(c)[uri1] != "" {
				t.Error("still refused")
			}
		})
	}
}

func TestAMistakenRootDoesNotCostTheKnowledge(t *testing.T) {
	_, d := filled(t)
	mistaken, err := open(d, key(t, "mistaken").Public(""), Now(atStart))
	must(t, err)
	if mistaken.Snapshot().Trust != nil || len(mistaken.Snapshot().Status) > 0 {
		t.Error("knowledge counts under a root that did not sign it")
	}
	c := reopen(t, d)
	if c.Snapshot().Trust == nil || value(t, c, uri1, 0) != status.Invalid || len(d.names(".refused")) > 0 {
		t.Errorf("the knowledge did not come back: %v", d.names(""))
	}
}

func TestSidecarsAreNotTrusted(t *testing.T) {
	for name, tamper := range map[string]string{
		"lost":                  "",
		"junk":                  "\x00\x00",
		"for another URI":       `{"uri":"https://evil.example","etag":"\"x\""}`,
		"with a strange member": `{"uri":"` + uri1 + `","x":1}`,
		"for other bytes":       `{"uri":"` + uri1 + `","etag":"\"x\"","sha256":"00"}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, d := filled(t)
			file := statusName(uri1) + ".json"
			if tamper == "" {
				delete(d.files, file)
			} else {
				d.files[file].data = []byte(tamper)
			}
			c := reopen(t, d)
			if value(t, c, uri1, 0) != status.Invalid || len(c.Snapshot().Status) != 1 {
				t.Error("the list is lost")
			}
			if e := c.Entries(); len(e) != 2 || e[1].ETag != "" {
				t.Errorf("an ETag that belongs to other bytes is kept: %+v", e)
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

// Readers see either the whole old knowledge or the whole new: list n of the
// issuer carries n in its entries, and trust list n names n lists.
func TestSnapshotsAreWholeWhileListsArrive(t *testing.T) {
	c, _ := filled(t)
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Add(1)
		go func() {
			defer readers.Done()
			var number uint64
			var issued time.Time
			for {
				s := c.Snapshot()
				if s.Trust.Number < number || s.Status[uri1].IssuedAt.Before(issued) {
					t.Error("knowledge went back")
					return
				}
				number, issued = s.Trust.Number, s.Status[uri1].IssuedAt
				for i := range uint64(8) {
					v, err := s.Status[uri1].Lookup(i)
					if err != nil || uint8(v) != uint8(issued.Sub(start)/time.Second)>>i&1 && issued.After(start) {
						t.Errorf("list of %v says %v, %v", issued, v, err)
						return
					}
				}
				_, _, _ = c.Missing(), c.Entries(), c.NewestSigned()
				select {
				case <-done:
					return
				default:
				}
			}
		}()
	}
	var writers sync.WaitGroup
	writers.Add(2)
	go func() {
		defer writers.Done()
		for n := range 30 {
			if err := c.PutTrust(ctx, signedTrust(t, 6+n)); err != nil {
				t.Error(err)
			}
		}
	}()
	go func() {
		defer writers.Done()
		for n := 1; n <= 30; n++ {
			if err := c.PutStatus(ctx, uri1, token(t, "issuer", uri1, start.Add(time.Duration(n)*time.Second), byte(n))); err != nil {
				t.Error(err)
			}
		}
	}()
	writers.Wait()
	close(done)
	readers.Wait()
	if c.Snapshot().Trust.Number != 35 || value(t, c, uri1, 1) != status.Invalid {
		t.Error("the last lists do not count")
	}
}

func TestARealFolderKeepsKnowledge(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	c, err := Open(dir, root(t), Now(atStart), Openers(status.Token()))
	must(t, err)
	must(t, c.PutTrust(ctx, signedTrust(t, 5)))
	must(t, c.PutStatus(ctx, uri1, token(t, "issuer", uri1, start, 0x01)))
	info, err := os.Stat(filepath.Join(dir, "trust.jwt"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*", "*.tmp"))
	if err != nil || len(left) > 0 {
		t.Errorf("temporary files are left: %v", left)
	}
	c, err = Open(dir, root(t), Now(atStart))
	must(t, err)
	if c.Snapshot().Trust.Number != 5 || value(t, c, uri1, 0) != status.Invalid {
		t.Error("knowledge is lost")
	}
	must(t, os.WriteFile(filepath.Join(dir, "trust.jwt"), []byte("x"), 0o600))
	c, err = Open(dir, root(t), Now(atStart))
	must(t, err)
	if _, err := os.Stat(filepath.Join(dir, "trust.jwt.refused")); err != nil || c.Snapshot().Trust != nil {
		t.Errorf("not put aside: %v", err)
	}
}

func TestALinkOutOfTheFolderIsNotFollowed(t *testing.T) {
	dir, outside := t.TempDir(), filepath.Join(t.TempDir(), "trust.jwt")
	must(t, os.WriteFile(outside, signedTrust(t, 5), 0o600))
	if err := os.Symlink(outside, filepath.Join(dir, "trust.jwt")); err != nil {
		t.Skip(err)
	}
	c, err := Open(dir, root(t), Now(atStart))
	must(t, err)
	if c.Snapshot().Trust != nil {
		t.Error("a file outside the folder was read")
	}
}
