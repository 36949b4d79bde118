package sync_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/deny"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/sync"
	"github.com/dzong-id/dzong/sdk/trust"
)

func signedDeny(t testing.TB, seed string, number uint64) []byte {
	t.Helper()
	data, err := deny.Encode(number, start, start.Add(24*time.Hour), deny.Digest("i", []string{"p"}, "a"))
	must(t, err)
	return sign(t, key(t, seed), deny.MediaType, string(data))
}

// withDeny is a trust list that names where the deny list is.
func withDeny(t testing.TB, number int, url string) []byte {
	t.Helper()
	return sign(t, key(t, "root"), trust.MediaType, strings.Replace(
		`{"format":1,"number":N,"issued":"2026-11-02T09:00:00Z","expires":"2026-12-02T09:00:00Z","deny_list":"`+url+`",
		"issuers":[{"id":"i","types":["*"],"status":"deny_list","deny_by":["p"]}]}`, "N", string(rune('0'+number)), 1))
}

func TestTheDenyListIsFetchedFromWhereTheTrustListSays(t *testing.T) {
	s := newScene(t)
	s.put("/trust", withDeny(t, 2, s.URL+"/deny"))
	s.put("/deny", signedDeny(t, "root", 1))
	r := s.once(t)[cache.DenyResource]
	if r.State != sync.Fetched || r.From != s.URL+"/deny" || !r.AsOf.Equal(start) || len(s.cache.Missing()) > 0 {
		t.Errorf("%+v, missing %v", r, s.cache.Missing())
	}
	asked := s.requests()
	if got := asked[len(asked)-1].Header.Get("Accept"); got != "application/"+deny.MediaType {
		t.Errorf("accepts %q", got)
	}
	if r := s.once(t)[cache.DenyResource]; r.State != sync.Unchanged || r.Bytes != 0 {
		t.Errorf("again: %+v", r)
	}
	for name, data := range map[string][]byte{
		"an older list": signedDeny(t, "root", 1), "another authority's": signedDeny(t, "other", 9), "garbage": []byte("x"),
	} {
		s.put("/deny", signedDeny(t, "root", 2))
		s.once(t)
		s.put("/deny", data)
		if r := s.once(t)[cache.DenyResource]; r.State != sync.Failed || r.Why == "" || s.cache.Snapshot().Deny.Number != 2 {
			t.Errorf("%s: %+v", name, r)
		}
	}
	s.answer("/deny", func(w http.ResponseWriter, _ *http.Request) {
		http.Redirect(w, nil, "https://elsewhere.example/deny", http.StatusFound)
	})
	if r := s.once(t)[cache.DenyResource]; r.State != sync.Failed {
		t.Errorf("a redirect to a host that nobody named: %+v", r)
	}
}

func TestADenyListIsImportedByItsName(t *testing.T) {
	dir := folder(t, map[string][]byte{"deny.jwt": append(signedDeny(t, "root", 3), '\n'), "trust.jwt": withDeny(t, 1, "https://authority.example/deny")})
	c := emptyCache(t)
	r, err := sync.ImportFolder(ctx, c, dir)
	must(t, err)
	if !r.OK() || len(r.Resources) != 2 || r.Resources[1].Resource != cache.DenyResource || r.Resources[1].State != sync.Fetched ||
		!r.Resources[1].AsOf.Equal(start) || c.Snapshot().Deny == nil {
		t.Errorf("%+v", r)
	}
	r, err = sync.ImportFolder(ctx, c, folder(t, map[string][]byte{"deny.jwt": signedDeny(t, "other", 4)}))
	must(t, err)
	if r.OK() || r.Resources[0].Code != reason.SignatureInvalid || c.Snapshot().Deny.Number != 3 {
		t.Errorf("another authority's: %+v", r)
	}
}
