package sync_test

import (
	"context"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/internal/cose"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/status/statuscwt"
	"github.com/dzong-id/dzong/sdk/sync"
)

const (
	uri1 = "https://status.example/1"
	uri2 = "https://status.example/2"
)

func folder(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		must(t, os.WriteFile(filepath.Join(dir, name), data, 0o600))
	}
	return dir
}

func emptyCache(t *testing.T) *cache.Cache {
	t.Helper()
	c, err := cache.Open(t.TempDir(), key(t, "root").Public(""), cache.Now(func() time.Time { return start }))
	must(t, err)
	return c
}

func TestAFolderIsTakenLikeWhatIsFetched(t *testing.T) {
	dir := folder(t, map[string][]byte{
		"a-list.jwt":  append(token(t, "issuer", uri1, start, time.Hour), "\r\n"...),
		"trust.jwt":   append(trustList(t, 1, uri1, uri2), '\n'),
		"z.jwt":       token(t, "issuer", uri2, start, time.Hour),
		"readme.txt":  []byte("not looked at"),
		".hidden.jwt": []byte("not looked at"),
	})
	must(t, os.Mkdir(filepath.Join(dir, "folder.jwt"), 0o700))
	c := emptyCache(t)
	r, err := sync.ImportFolder(ctx, c, dir)
	must(t, err)
	if !r.OK() || len(r.Resources) != 3 || r.Resources[0].Resource != cache.TrustResource || len(c.Missing()) > 0 {
		t.Errorf("%+v, missing %v", r, c.Missing())
	}
	for _, x := range r.Resources {
		if x.State != sync.Fetched || !x.AsOf.Equal(start) {
			t.Errorf("%+v", x)
		}
	}
	r, err = sync.ImportFolder(ctx, c, dir)
	must(t, err)
	for _, x := range r.Resources {
		if x.State != sync.Unchanged {
			t.Errorf("again: %+v", x)
		}
	}
}

func TestAFolderIsNotTrusted(t *testing.T) {
	c := emptyCache(t)
	must(t, c.PutTrust(ctx, trustList(t, 5, uri1, uri2)))
	must(t, c.PutStatus(ctx, uri1, token(t, "issuer", uri1, start, time.Hour)))
	dir := folder(t, map[string][]byte{
		"trust.jwt":   trustList(t, 4, uri1),
		"forged.jwt":  token(t, "other", uri2, start, time.Hour),
		"junk.jwt":    []byte("junk"),
		"large.jwt":   make([]byte, limits.StatusToken+1),
		"older.jwt":   token(t, "issuer", uri1, start.Add(-time.Hour), time.Hour),
		"mistake.jwt": trustList(t, 6, uri1),
	})
	r, err := sync.ImportFolder(ctx, c, dir)
	must(t, err)
	want := map[string]struct {
		why  string
		code reason.Code
	}{
		"trust.jwt":   {"older", ""},
		"forged.jwt":  {"signature does not verify", reason.StatusListInvalid},
		"junk.jwt":    {"compact JWS", reason.StatusListInvalid},
		"large.jwt":   {"longer than its limit", ""},
		"older.jwt":   {"older", ""},
		"mistake.jwt": {"sub is missing", reason.StatusListInvalid},
	}
	if len(r.Resources) != len(want) {
		t.Errorf("%d files", len(r.Resources))
	}
	for _, x := range r.Resources {
		w := want[x.From]
		if x.State != sync.Failed || !strings.Contains(x.Why, w.why) || x.Code != w.code {
			t.Errorf("%s: %+v", x.From, x)
		}
	}
	if s := c.Snapshot(); s.Trust.Number != 5 || len(s.Status) != 1 || !s.Status[uri1].IssuedAt.Equal(start) {
		t.Error("what was known has changed")
	}
}

func TestAFolderWithNothingInItIsAnError(t *testing.T) {
	for name, dir := range map[string]string{"empty": t.TempDir(), "absent": filepath.Join(t.TempDir(), "none")} {
		if _, err := sync.ImportFolder(ctx, emptyCache(t), dir); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	dir := folder(t, map[string][]byte{"trust.jwt": trustList(t, 1, uri1)})
	if _, err := sync.ImportFolder(stopped, emptyCache(t), dir); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestALinkInAFolderIsNotFollowed(t *testing.T) {
	outside := folder(t, map[string][]byte{"trust.jwt": trustList(t, 1, uri1)})
	dir := folder(t, map[string][]byte{"junk.jwt": []byte("junk")})
	if err := os.Symlink(filepath.Join(outside, "trust.jwt"), filepath.Join(dir, "trust.jwt")); err != nil {
		t.Skip(err)
	}
	c := emptyCache(t)
	if _, err := sync.ImportFolder(ctx, c, dir); err != nil || c.Snapshot().Trust != nil {
		t.Errorf("%v, trust %v", err, c.Snapshot().Trust)
	}
}

func TestAListInCBORIsTakenAsItIs(t *testing.T) {
	lst, err := base64.RawURLEncoding.DecodeString("eNrbuRgAAhcBXQ")
	must(t, err)
	payload, err := strictcbor.Marshal(map[int]any{2: uri1, 6: start.Unix(), 65534: 3600, 65533: map[string]any{"bits": 1, "lst": lst}})
	must(t, err)
	// A signature may end in what is white space in text.
	var list []byte
	for n := 0; len(list) == 0 || !strings.ContainsRune(" \t\r\n", rune(list[len(list)-1])); n++ {
		list, err = cose.Message{
			Protected: map[any]any{16: statuscwt.MediaType, "n": n}, Unprotected: map[any]any{4: []byte("k")}, Payload: payload,
		}.Sign(key(t, "issuer"))
		must(t, err)
	}
	dir := folder(t, map[string][]byte{"trust.jwt": trustList(t, 1, uri1), "list.cwt": list})
	c, err := cache.Open(t.TempDir(), key(t, "root").Public(""), cache.Now(func() time.Time { return start }),
		cache.Openers(status.Token(), statuscwt.Token()))
	must(t, err)
	r, err := sync.ImportFolder(ctx, c, dir)
	must(t, err)
	if !r.OK() || len(r.Resources) != 2 || r.Resources[1].Resource != uri1 || len(c.Missing()) > 0 {
		t.Errorf("%+v, missing %v", r, c.Missing())
	}
	// A cache that opens no CWT says so, and keeps nothing.
	c = emptyCache(t)
	if r, err = sync.ImportFolder(ctx, c, dir); err != nil || r.OK() || len(c.Missing()) != 1 {
		t.Errorf("%+v, %v, missing %v", r, err, c.Missing())
	}
}
