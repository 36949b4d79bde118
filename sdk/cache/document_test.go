package cache

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/did/webvh"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

const (
	webDID     = "did:web:issuer.example"
	polygonDID = "did:polygon:0xb9c5714089478a327f09197987f16f9e5d936e8a"
	week       = 7 * 24 * time.Hour
)

var secret = []byte("a secret of the device, 32 bytes!")

func pin(data []byte) string {
	sum := sha256.Sum256(data)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// didJSON is a document with one key for issuing, derived from seed.
func didJSON(t testing.TB, id, seed string) []byte {
	t.Helper()
	data, err := json.Marshal(obj{"id": id, "assertionMethod": []any{
		obj{"id": "#k", "type": "JsonWebKey2020", "controller": id, "publicKeyJwk": key(t, seed).JWK("")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// newLog is a did:webvh that began a month before the start.
func newLog(changes ...verifytest.LogChange) *verifytest.DIDLog {
	return verifytest.NewDIDLog("cache", "issuer.example", start.AddDate(0, -1, 0), changes...)
}

// listing makes a trust list name these DIDs as an issuer's, and speak of documents.
func listing(documents obj, ids ...string) func(o obj) {
	return func(o obj) {
		dids := []any{}
		for _, id := range ids {
			dids = append(dids, id)
		}
		o["issuers"] = append(o["issuers"].([]any), obj{"id": "https://keyless.example", "types": []any{"*"}, "dids": dids})
		if documents != nil {
			o["documents"] = documents
		}
	}
}

// clocked opens a cache whose clock the test sets.
func clocked(t testing.TB, d disk, now *time.Time, opts ...Option) *Cache {
	t.Helper()
	c, err := open(d, root(t), append(opts, Now(func() time.Time { return *now }))...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// keyAt is the verdict on the keyless issuer's key at a time; empty if it is found.
func keyAt(c *Cache, at time.Time) reason.Code {
	s := c.Snapshot()
	_, checks := s.Trust.Keys(s, at).Find(credential.Signer{ID: "https://keyless.example", Algorithm: credential.ES256})
	last := checks[len(checks)-1]
	if last.Verdict == reason.Failed {
		return "failed: " + last.Code
	}
	return last.Code
}

func TestAPinnedDocumentCountsFromAnywhere(t *testing.T) {
	good := didJSON(t, polygonDID, "pinned")
	d := newFakeDisk()
	c := reopen(t, d)
	if err := c.PutDocument(ctx, polygonDID, good); !errors.Is(err, ErrNoTrust) {
		t.Errorf("without a trust list: %v", err)
	}
	must(t, c.PutTrust(ctx, signedTrust(t, 1, listing(obj{polygonDID: obj{"sha256": pin(good)}}, polygonDID))))
	if m := c.Missing(); m[len(m)-1].Resource != polygonDID || keyAt(c, start) != reason.KeyUnknown {
		t.Errorf("%v", m)
	}
	for name, bad := range map[string][]byte{
		"a byte more":       append(bytes.Clone(good), '\n'),
		"another key":       didJSON(t, polygonDID, "other"),
		"another DID's":     didJSON(t, webDID, "pinned"),
		"nothing":           {},
		"more than allowed": make([]byte, limits.DIDDocument+1),
	} {
		if err := c.PutDocument(ctx, polygonDID, bad, JustFetched()); codeOf(err) != reason.KeyUnknown {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := c.PutDocument(ctx, webDID, didJSON(t, webDID, "x"), JustFetched()); !errors.Is(err, ErrUnwanted) {
		t.Errorf("a document nobody asks for: %v", err)
	}
	must(t, c.PutDocument(ctx, polygonDID, good))
	must(t, c.PutDocument(ctx, polygonDID, good))
	for _, c := range []*Cache{c, reopen(t, d)} {
		doc := c.Snapshot().Document(polygonDID)
		if doc == nil || !doc.AsOf.Equal(start) || !doc.Until.IsZero() || keyAt(c, start.Add(time.Hour)) != "" {
			t.Errorf("%+v", doc)
		}
	}
	// What the pin no longer fits is not used, and not taken for damage.
	must(t, c.PutTrust(ctx, signedTrust(t, 2, listing(obj{polygonDID: obj{"sha256": pin([]byte("other"))}}, polygonDID))))
	if c.Snapshot().Document(polygonDID) != nil || len(d.names(refusedExt)) != 0 {
		t.Error("a document counts under another pin, or was put aside")
	}
	must(t, c.PutTrust(ctx, signedTrust(t, 3, listing(obj{polygonDID: obj{"sha256": pin(good)}}, polygonDID))))
	if c.Snapshot().Document(polygonDID) == nil {
		t.Error("the document does not come back with its pin")
	}
}

func codeOf(err error) reason.Code {
	var coded *reason.Error
	if !errors.As(err, &coded) {
		return ""
	}
	return coded.Code
}

func TestADocumentChangedOnDiskIsPutAside(t *testing.T) {
	good := didJSON(t, polygonDID, "pinned")
	d := newFakeDisk()
	c := reopen(t, d)
	must(t, c.PutTrust(ctx, signedTrust(t, 1, listing(obj{polygonDID: obj{"sha256": pin(good)}}, polygonDID))))
	must(t, c.PutDocument(ctx, polygonDID, good))
	for _, name := range d.names(documentExt) {
		overwrite(d, name, didJSON(t, polygonDID, "thief"))
	}
	c = reopen(t, d)
	if c.Snapshot().Document(polygonDID) != nil || len(d.names(refusedExt)) != 1 {
		t.Error("a changed document counts")
	}
	if m := c.Missing(); m[len(m)-1].Code != reason.KeyUnknown || !strings.Contains(m[len(m)-1].Sentence, "put aside") {
		t.Errorf("%v", m)
	}
	must(t, c.PutDocument(ctx, polygonDID, good))
	if keyAt(c, start) != "" {
		t.Error("the good one is not taken again")
	}
}

// What TLS alone vouched for: for this process, and on disk under a seal.
func TestAWebDocumentCountsWhereTLSVouchedForIt(t *testing.T) {
	first, second := didJSON(t, webDID, "first"), didJSON(t, webDID, "second")
	for name, seal := range map[string][]Option{"without a seal": nil, "with a seal": {Seal(secret)}} {
		t.Run(name, func(t *testing.T) {
			d, now := newFakeDisk(), start.Add(time.Hour)
			c := clocked(t, d, &now, seal...)
			must(t, c.PutTrust(ctx, signedTrust(t, 1, listing(nil, webDID))))
			if err := c.PutDocument(ctx, webDID, first); !errors.Is(err, ErrUnvouched) {
				t.Errorf("from a stick: %v", err)
			}
			must(t, c.PutDocument(ctx, webDID, first, JustFetched(), WithETag(`"1"`)))
			must(t, c.PutDocument(ctx, webDID, second, JustFetched(), WithETag(`"2"`)))
			if got := keyAt(c, now.Add(week-time.Second)); got != "" {
				t.Errorf("within a week: %s", got)
			}
			if got := keyAt(c, now.Add(week)); got != reason.KeyUnknown {
				t.Errorf("after a week: %s", got)
			}
			fetched := now
			now = now.Add(6 * 24 * time.Hour)
			must(t, c.PutTrust(ctx, signedTrust(t, 2, listing(obj{webDID: obj{"max_age_s": 3600 * 24}}, webDID))))
			if got := keyAt(c, fetched.Add(24*time.Hour)); got != reason.KeyUnknown {
				t.Errorf("after the list's own day: %s", got)
			}
			if got := keyAt(c, fetched.Add(24*time.Hour-1)); got != "" {
				t.Errorf("within the list's own day: %s", got)
			}
			must(t, c.Renew(ctx, webDID))
			if got := keyAt(c, now.Add(24*time.Hour-1)); got != "" {
				t.Errorf("renewed: %s", got)
			}
			again := clocked(t, d, &now, seal...)
			doc := again.Snapshot().Document(webDID)
			if seal == nil {
				if doc != nil || len(d.names(documentExt)) != 0 {
					t.Error("a document that nobody vouches for is on disk, or counts")
				}
				return
			}
			if doc == nil || !doc.AsOf.Equal(now) || !doc.Keys(credential.AssertionMethod)[0].Equal(key(t, "second").Public("")) {
				t.Errorf("%+v", doc)
			}
			if again.state.Load().documents[webDID].etag != `"2"` {
				t.Error("the entity tag is lost")
			}
		})
	}
}

func TestABrokenSealIsNone(t *testing.T) {
	theirs := bytes.Repeat([]byte{7}, leastSeal)
	later := start.Add(48 * time.Hour)
	for name, c := range map[string]struct {
		change func(t *testing.T, d *fakeDisk)
		opts   []Option
		now    time.Time
	}{
		"no secret":              {func(*testing.T, *fakeDisk) {}, nil, later},
		"another secret":         {func(*testing.T, *fakeDisk) {}, []Option{Seal(theirs)}, later},
		"another document":       {func(t *testing.T, d *fakeDisk) { overwrite(d, d.names(documentExt)[0], didJSON(t, webDID, "thief")) }, []Option{Seal(secret)}, later},
		"another time":           {sealEdit("fetched", start.Add(47*time.Hour).Format(time.RFC3339)), []Option{Seal(secret)}, later},
		"no seal":                {sealEdit("seal", ""), []Option{Seal(secret)}, later},
		"half a seal":            {sealEdit("seal", "AAAA"), []Option{Seal(secret)}, later},
		"no sidecar":             {func(_ *testing.T, d *fakeDisk) { overwrite(d, sidecarOf(d), nil) }, []Option{Seal(secret)}, later},
		"a clock that was wrong": {func(*testing.T, *fakeDisk) {}, []Option{Seal(secret)}, start.AddDate(-3, 0, 0)},
	} {
		t.Run(name, func(t *testing.T) {
			d, now := newFakeDisk(), start.Add(time.Hour)
			if name == "a clock that was wrong" {
				now = start.AddDate(5, 0, 0) // beyond the trust list's expiry
			}
			filled := clocked(t, d, &now, Seal(secret))
			must(t, filled.PutTrust(ctx, signedTrust(t, 1, listing(nil, webDID))))
			must(t, filled.PutDocument(ctx, webDID, didJSON(t, webDID, "first"), JustFetched()))
			c.change(t, d)
			now = c.now
			again := clocked(t, d, &now, c.opts...)
			if again.Snapshot().Document(webDID) != nil {
				t.Error("the document counts")
			}
			if names := d.names(refusedExt); len(names) != 0 {
				t.Errorf("%v", names)
			}
		})
	}
}

// overwrite is somebody with access to the disk.
func overwrite(d *fakeDisk, name string, data []byte) {
	d.files[name] = &fakeFile{disk: d, data: data, synced: true}
}

// unnamed is a status list whose signer names neither itself nor its key.
func unnamed(t testing.TB, seed string) []byte {
	t.Helper()
	_, payload, _ := bytes.Cut(token(t, seed, uri1, start, 0), []byte("."))
	payload, _, _ = bytes.Cut(payload, []byte("."))
	claims, err := base64.RawURLEncoding.DecodeString(string(payload))
	must(t, err)
	compact, err := jws.Sign(obj{"typ": status.TokenType}, claims, key(t, seed))
	must(t, err)
	return []byte(compact)
}

func sidecarOf(d *fakeDisk) string {
	return strings.TrimSuffix(d.names(documentExt)[0], documentExt) + ".json"
}

func sealEdit(member, value string) func(t *testing.T, d *fakeDisk) {
	return func(t *testing.T, d *fakeDisk) {
		t.Helper()
		data, err := d.read(sidecarOf(d), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		var m obj
		if err := json.Unmarshal(data, &m); err != nil {
			t.Fatal(err)
		}
		m[member] = value
		if data, err = json.Marshal(m); err != nil {
			t.Fatal(err)
		}
		overwrite(d, sidecarOf(d), data)
	}
}

func TestAShortSecretIsNone(t *testing.T) {
	if _, err := open(newFakeDisk(), root(t), Seal(secret[:leastSeal-1])); err == nil {
		t.Error("taken")
	}
}

// A log proves itself, and never becomes shorter or another, also after a restart.
func TestALogOnlyGrows(t *testing.T) {
	l := newLog()
	one := l.Log()
	l.Update("0")
	two := l.Log()
	l.Update("0")
	three := l.Log()
	fork := newLog()
	fork.Update("0", verifytest.Parameter("ttl", 1))
	fork.Update("0")
	fork.Update("0")
	moved := verifytest.NewDIDLog("cache", "other.example", start.AddDate(0, -1, 0))
	d, now := newFakeDisk(), start.Add(time.Hour)
	c := clocked(t, d, &now)
	must(t, c.PutTrust(ctx, signedTrust(t, 1, listing(obj{l.ID(): obj{"max_age_s": 365 * 24 * 3600}}, l.ID()))))
	must(t, c.PutDocument(ctx, l.ID(), two))
	check := func(c *Cache) {
		t.Helper()
		for name, x := range map[string]struct {
			log  []byte
			want error
		}{
			"shorter":       {one, ErrOlder},
			"a fork":        {fork.Log(), ErrFork},
			"another DID's": {moved.Log(), nil},
			"cut off":       {three[:len(three)-40], nil},
			"nothing":       {nil, nil},
		} {
			err := c.PutDocument(ctx, l.ID(), x.log, JustFetched())
			if err == nil || x.want != nil && !errors.Is(err, x.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		must(t, c.PutDocument(ctx, l.ID(), two))
	}
	check(c)
	now = start.AddDate(-10, 0, 0) // a clock that fell back makes no room for an older log
	check(clocked(t, d, &now))
	now = start.Add(time.Hour)
	c = clocked(t, d, &now)
	must(t, c.PutDocument(ctx, l.ID(), three))
	if doc := c.Snapshot().Document(l.ID()); doc == nil || !doc.AsOf.Equal(start.AddDate(0, -1, 2)) {
		t.Errorf("%+v", doc)
	}
	must(t, c.PutDocument(ctx, l.ID(), three, JustFetched()))
	if doc := c.Snapshot().Document(l.ID()); !doc.AsOf.Equal(now) {
		t.Errorf("just fetched, as of %v", doc.AsOf)
	}
	must(t, c.PutDocument(ctx, l.ID(), three))
	if doc := c.Snapshot().Document(l.ID()); !doc.AsOf.Equal(now) {
		t.Errorf("the same from a stick makes it as of %v", doc.AsOf)
	}
	// On disk and without a seal, it is as old as its latest entry.
	if doc := clocked(t, d, &now).Snapshot().Document(l.ID()); !doc.AsOf.Equal(start.AddDate(0, -1, 2)) {
		t.Errorf("read again, as of %v", doc.AsOf)
	}
}

func TestALogChangedOnDiskIsPutAside(t *testing.T) {
	l := newLog()
	l.Update("0")
	d, now := newFakeDisk(), start.Add(time.Hour)
	c := clocked(t, d, &now, Seal(secret))
	must(t, c.PutTrust(ctx, signedTrust(t, 1, listing(nil, l.ID()))))
	must(t, c.PutDocument(ctx, l.ID(), l.Log(), JustFetched()))
	name := d.names(documentExt)[0]
	file, err := d.read(name, 1<<20)
	must(t, err)
	overwrite(d, name, bytes.Replace(file, []byte("assertionMethod"), []byte("authentication2"), 1))
	if clocked(t, d, &now, Seal(secret)).Snapshot().Document(l.ID()) != nil || len(d.names(refusedExt)) != 1 {
		t.Error("a changed log counts")
	}
	// A whole older log, put back beside what was noted of the newer one, is known for
	// what it is; without that it is as old as its latest entry.
	older := append(bytes.Clone(l.Lines()[0]), '\n')
	overwrite(d, name, older)
	c = clocked(t, d, &now, Seal(secret))
	if c.Snapshot().Document(l.ID()) != nil || len(d.names(refusedExt)) != 1 {
		t.Error("a log counts that is shorter than the one before it")
	}
	if err := c.PutDocument(ctx, l.ID(), older, JustFetched()); !errors.Is(err, ErrOlder) {
		t.Errorf("the shorter log, fetched: %v", err)
	}
	overwrite(d, name, older)
	sealEdit("version", "")(t, d)
	if doc := clocked(t, d, &now, Seal(secret)).Snapshot().Document(l.ID()); doc == nil || !doc.AsOf.Equal(start.AddDate(0, -1, 0)) || !doc.Stale(now) {
		t.Errorf("%+v", doc)
	}
}

func TestWitnessProofsLieWithTheLog(t *testing.T) {
	l := newLog(verifytest.Parameter("witness", newLog().Witnesses(1, "w")))
	l.Approve(1, "w")
	d, now := newFakeDisk(), start.Add(time.Hour)
	c := clocked(t, d, &now, Seal(secret))
	must(t, c.PutTrust(ctx, signedTrust(t, 1, listing(nil, l.ID()))))
	if err := c.PutDocument(ctx, l.ID(), l.Log(), JustFetched()); !errors.Is(err, webvh.ErrWitnesses) {
		t.Fatal(err)
	}
	var spaced bytes.Buffer
	must(t, json.Indent(&spaced, l.Witness(), "", "\t"))
	must(t, c.PutDocument(ctx, l.ID(), l.Log(), JustFetched(), WithWitnesses(spaced.Bytes())))
	if doc := clocked(t, d, &now, Seal(secret)).Snapshot().Document(l.ID()); doc == nil || !doc.AsOf.Equal(now) {
		t.Errorf("%+v", doc)
	}
}

func TestAMovedDIDMustBeNamedAnew(t *testing.T) {
	l := newLog(verifytest.Parameter("portable", true))
	former := l.ID()
	l.Update("0", verifytest.Renamed("other.example"))
	d, now := newFakeDisk(), start.Add(time.Hour)
	c := clocked(t, d, &now)
	must(t, c.PutTrust(ctx, signedTrust(t, 1, listing(nil, former))))
	if err := c.PutDocument(ctx, former, l.Log(), JustFetched()); !errors.Is(err, ErrMoved) {
		t.Errorf("%v", err)
	}
}

func TestADeactivatedDIDRefusesAndIsNotUndecided(t *testing.T) {
	l := newLog()
	l.Update("0", verifytest.Parameter("deactivated", true))
	d, now := newFakeDisk(), start.Add(time.Hour)
	c := clocked(t, d, &now)
	must(t, c.PutTrust(ctx, signedTrust(t, 1, listing(nil, l.ID()))))
	must(t, c.PutDocument(ctx, l.ID(), l.Log(), JustFetched()))
	if got := keyAt(c, now); got != "failed: "+reason.KeyUnknown {
		t.Errorf("%s", got)
	}
}

func TestReadOnlyTakesNoDocument(t *testing.T) {
	dir := t.TempDir()
	c, err := Open(dir, root(t), Now(atStart))
	must(t, err)
	must(t, c.PutTrust(ctx, signedTrust(t, 1, listing(nil, webDID), pinning("https://x", "{}"))))
	c, err = Open(dir, root(t), Now(atStart), ReadOnly())
	must(t, err)
	if err := c.PutDocument(ctx, webDID, didJSON(t, webDID, "x"), JustFetched()); !errors.Is(err, ErrReadOnly) {
		t.Errorf("%v", err)
	}
	if err := c.PutContext(ctx, "https://x", []byte("{}")); !errors.Is(err, ErrReadOnly) {
		t.Errorf("%v", err)
	}
}

// The status list of an issuer whose key is in a document waits for that, and ends
// to count when the document no longer has its key.
func TestStatusListsFollowTheDocuments(t *testing.T) {
	d, now := newFakeDisk(), start.Add(time.Hour)
	c := clocked(t, d, &now, Seal(secret))
	must(t, c.PutTrust(ctx, signedTrust(t, 1, func(o obj) {
		o["issuers"] = []any{obj{"id": "https://issuer.example", "types": []any{"*"}, "dids": []any{webDID}, "status_lists": []any{uri1}}}
	})))
	// The token names no kid, as any key of the issuer may have signed it.
	list := unnamed(t, "first")
	if err := c.PutStatus(ctx, uri1, list); err == nil {
		t.Fatal("a list without a key that counts is taken")
	}
	must(t, c.PutDocument(ctx, webDID, didJSON(t, webDID, "first"), JustFetched()))
	must(t, c.PutStatus(ctx, uri1, list))
	if clocked(t, d, &now, Seal(secret)).Snapshot().Status[uri1] == nil {
		t.Error("the list is not read again")
	}
	must(t, c.PutDocument(ctx, webDID, didJSON(t, webDID, "second"), JustFetched()))
	if s := c.Snapshot(); s.Status[uri1] != nil || s.Refused[uri1] != reason.StatusListInvalid {
		t.Error("a list counts whose signer's key is gone")
	}
	must(t, c.PutDocument(ctx, webDID, didJSON(t, webDID, "first"), JustFetched()))
	must(t, c.PutStatus(ctx, uri1, list))
	if s := c.Snapshot(); s.Status[uri1] == nil || len(s.Refused) != 0 {
		t.Error("the list is not taken again under its key")
	}
}

// What the trust list vouched for by a pin does not count on when it takes the pin
// away: nothing else vouches for it.
func TestADocumentGoesWithItsPin(t *testing.T) {
	for _, id := range []string{polygonDID, webDID} {
		good := didJSON(t, id, "pinned")
		d := newFakeDisk()
		c := reopen(t, d)
		must(t, c.PutTrust(ctx, signedTrust(t, 1, listing(obj{id: obj{"sha256": pin(good)}}, id))))
		must(t, c.PutDocument(ctx, id, good))
		must(t, c.PutTrust(ctx, signedTrust(t, 2, listing(nil, id))))
		for name, c := range map[string]*Cache{"at once": c, "after a restart": reopen(t, d)} {
			if c.Snapshot().Document(id) != nil {
				t.Errorf("%s, %s: the document counts without its pin", id, name)
			}
		}
	}
}
