package cache

import (
	"errors"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/deny"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/google/go-cmp/cmp"
)

const issuer = "https://issuer.example"

var denyBy = []string{"revocation_id"}

// signedDeny names credentials under a number.
func signedDeny(t testing.TB, seed string, number uint64, ids ...string) []byte {
	t.Helper()
	var digests [][32]byte
	for _, id := range ids {
		digests = append(digests, deny.Digest(issuer, denyBy, id))
	}
	data, err := deny.Encode(number, start, start.Add(24*time.Hour), digests...)
	must(t, err)
	return signRaw(t, key(t, seed), deny.MediaType, data)
}

func denyListed(o obj) {
	entry := o["issuers"].([]any)[0].(obj)
	entry["status"], entry["deny_by"] = "deny_list", denyBy
	delete(entry, "status_lists")
}

func denies(c *Cache, id string) bool {
	l := c.Snapshot().Deny
	return l != nil && l.Denies(issuer, denyBy, id)
}

func TestADenyListGoesForwardAlone(t *testing.T) {
	d := newFakeDisk()
	c := reopen(t, d)
	must(t, c.PutDeny(ctx, signedDeny(t, "root", 7, "a", "b"), WithETag(`"d7"`)))
	for name, p := range map[string]struct {
		data []byte
		want error
	}{
		"a lower number":                   {signedDeny(t, "root", 6, "a", "b", "c"), ErrOlder},
		"the same number, another content": {signedDeny(t, "root", 7, "a"), ErrConflict},
		"another authority's":              {signedDeny(t, "other", 8), nil},
		"the issuer's own":                 {signedDeny(t, "issuer", 8), nil},
		"a trust list":                     {signedTrust(t, 8), nil},
		"bytes":                            {[]byte("x"), nil},
	} {
		err := c.PutDeny(ctx, p.data)
		var coded *reason.Error
		if err == nil || p.want != nil && !errors.Is(err, p.want) || p.want == nil && !errors.As(err, &coded) {
			t.Errorf("%s: %v", name, err)
		}
		if !denies(c, "a") || !denies(c, "b") || denies(c, "c") {
			t.Errorf("%s: it counts", name)
		}
	}
	must(t, c.PutDeny(ctx, signedDeny(t, "root", 7, "a", "b")))
	must(t, c.PutDeny(ctx, signedDeny(t, "root", 8, "c")))
	for name, c := range map[string]*Cache{"at once": c, "after a restart": reopen(t, d.restart())} {
		if denies(c, "a") || !denies(c, "c") {
			t.Errorf("%s: the newer list does not count", name)
		}
		if err := c.PutDeny(ctx, signedDeny(t, "root", 7, "a", "b")); !errors.Is(err, ErrOlder) {
			t.Errorf("%s: back in time: %v", name, err)
		}
	}
}

func TestADenyListSurvivesATrustListAndTheOtherWayRound(t *testing.T) {
	d := newFakeDisk()
	c := reopen(t, d)
	must(t, c.PutDeny(ctx, signedDeny(t, "root", 1, "a")))
	if c.Missing()[0].Resource != TrustResource || c.Entries() != nil {
		t.Errorf("missing %v, entries %v", c.Missing(), c.Entries())
	}
	must(t, c.PutTrust(ctx, signedTrust(t, 5, denyListed)))
	must(t, c.PutTrust(ctx, signedTrust(t, 6, denyListed)))
	for name, c := range map[string]*Cache{"at once": c, "after a restart": reopen(t, d.restart())} {
		if !denies(c, "a") || c.Snapshot().Trust == nil || len(c.Missing()) != 0 {
			t.Errorf("%s: %v", name, c.Missing())
		}
		e := c.Entries()
		if len(e) != 2 || e[1].Resource != DenyResource || e[1].Number != 1 || !e[1].AsOf.Equal(start) || !e[1].Deadline.Equal(start.Add(24*time.Hour)) {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

// Only where an issuer needs one is a deny list missing.
func TestAMissingDenyListIsTold(t *testing.T) {
	c := reopen(t, newFakeDisk())
	must(t, c.PutTrust(ctx, signedTrust(t, 5, func(o obj) { delete(o["issuers"].([]any)[0].(obj), "status_lists") })))
	if len(c.Missing()) != 0 {
		t.Errorf("nobody needs it: %v", c.Missing())
	}
	must(t, c.PutTrust(ctx, signedTrust(t, 6, denyListed)))
	want := map[string]reason.Code{DenyResource: reason.StatusUnavailable}
	if d := cmp.Diff(want, codes(c)); d != "" {
		t.Error(d)
	}
	must(t, c.PutDeny(ctx, signedDeny(t, "root", 1)))
	if len(c.Missing()) != 0 {
		t.Errorf("missing %v", c.Missing())
	}
	c.now = func() time.Time { return start.Add(24 * time.Hour) }
	want[DenyResource] = reason.StatusStale
	if d := cmp.Diff(want, codes(c)); d != "" {
		t.Error(d)
	}
}

func TestADenyListOnDiskIsVerifiedAgain(t *testing.T) {
	fresh := func() (*Cache, *fakeDisk) {
		d := newFakeDisk()
		c := reopen(t, d)
		must(t, c.PutTrust(ctx, signedTrust(t, 5, denyListed)))
		must(t, c.PutDeny(ctx, signedDeny(t, "root", 7, "a")))
		return c, d
	}
	for name, data := range map[string][]byte{
		"a bit":             changed(signedDeny(t, "root", 7, "a")),
		"another authority": signedDeny(t, "other", 8),
		"an older list":     signedDeny(t, "root", 6),
		"another content":   signedDeny(t, "root", 7),
		"nothing":           {},
	} {
		_, d := fresh()
		must(t, replace(d, denyName+signedExt, data))
		c := reopen(t, d)
		if c.Snapshot().Deny != nil || codes(c)[DenyResource] != reason.StatusUnavailable {
			t.Errorf("%s: it counts, or nothing is missing: %v", name, codes(c))
		}
		if _, err := d.read(denyName+signedExt+refusedExt, 1<<20); err != nil {
			t.Errorf("%s: not put aside: %v", name, err)
		}
		// What was there before must not come back in its place.
		if err := c.PutDeny(ctx, signedDeny(t, "root", 6)); !errors.Is(err, ErrOlder) {
			t.Errorf("%s: back in time: %v", name, err)
		}
		must(t, c.PutTrust(ctx, signedTrust(t, 9, denyListed)))
		if codes(c)[DenyResource] != reason.StatusUnavailable {
			t.Errorf("%s: forgotten with a new trust list", name)
		}
		must(t, c.PutDeny(ctx, signedDeny(t, "root", 8, "a")))
		if len(c.Missing()) != 0 || !denies(c, "a") {
			t.Errorf("%s: %v", name, c.Missing())
		}
	}
}

// A list that was put aside because another key was configured counts again once
// that is mended.
func TestADenyListIsTakenBack(t *testing.T) {
	d := newFakeDisk()
	must(t, reopen(t, d).PutDeny(ctx, signedDeny(t, "root", 7, "a")))
	wrong, err := open(d, key(t, "other").Public(""), Now(atStart))
	must(t, err)
	if wrong.Snapshot().Deny != nil {
		t.Fatal("opened by another key")
	}
	if !denies(reopen(t, d), "a") {
		t.Error("not taken back")
	}
}

func TestADenyListIsWhatTheClockCannotBeBehind(t *testing.T) {
	c := reopen(t, newFakeDisk())
	must(t, c.PutTrust(ctx, signedTrust(t, 5)))
	data, err := deny.Encode(1, start.Add(time.Hour), start.Add(2*time.Hour))
	must(t, err)
	must(t, c.PutDeny(ctx, signRaw(t, key(t, "root"), deny.MediaType, data)))
	if got := c.NewestSigned(); !got.Equal(start.Add(time.Hour)) {
		t.Errorf("newest %s", got)
	}
}

// Cut the power at any step: the old list or the new one is there, whole.
func TestAPowerCutLeavesAWholeDenyList(t *testing.T) {
	for n := 1; ; n++ {
		d := newFakeDisk()
		must(t, reopen(t, d).PutDeny(ctx, signedDeny(t, "root", 1, "a")))
		c := reopen(t, d)
		d.cut = n
		err := c.PutDeny(ctx, signedDeny(t, "root", 2, "a", "b"))
		after := reopen(t, d.restart())
		if !denies(after, "a") || err == nil && !denies(after, "b") {
			t.Fatalf("step %d: put %v, and after it the list is gone", n, err)
		}
		if d.cut > 0 {
			return
		}
	}
}
