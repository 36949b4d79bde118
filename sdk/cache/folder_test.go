package cache

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/status"
)

// Readers see either the whole old knowledge or the whole new, and never go back:
// the list issued n seconds after the start carries the bits of n.
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
