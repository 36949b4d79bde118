package cache

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/status"
	"github.com/google/go-cmp/cmp"
)

func TestAWriteIsTempSyncRenameAndSyncOfTheFolder(t *testing.T) {
	d := newFakeDisk()
	must(t, replace(d, "status/x.jwt", []byte("abc")))
	want := []string{"create status/x.jwt.tmp", "write", "sync", "close", "rename status/x.jwt", "syncdir status"}
	if diff := cmp.Diff(want, d.log); diff != "" {
		t.Error(diff)
	}
	if got := d.restart().files["status/x.jwt"]; got == nil || string(got.data) != "abc" {
		t.Error("what was written is not there after a power cut")
	}
}

// The power is cut before every single operation of an update, the device comes
// back, and knows either the old or the new, and nothing in between.
func TestThePowerMayBeCutAnywhere(t *testing.T) {
	newTrust := signedTrust(t, 6)
	newList := token(t, "issuer", uri1, start.Add(time.Minute), 0x02)
	cuts := 0
	for cut := 1; ; cut++ {
		c, d := filled(t)
		d.cut = cut
		errTrust := c.PutTrust(ctx, newTrust)
		errList := c.PutStatus(ctx, uri1, newList)
		inMemory := c.Snapshot()
		d = d.restart()
		c = reopen(t, d)
		s := c.Snapshot()
		if s.Trust == nil || s.Status[uri1] == nil {
			t.Fatalf("cut %d: knowledge is lost; files %v", cut, d.names(""))
		}
		if len(d.names(".refused")) > 0 {
			t.Fatalf("cut %d: a file was put aside", cut)
		}
		if errTrust == nil && s.Trust.Number != 6 || errList == nil && !s.Status[uri1].IssuedAt.Equal(start.Add(time.Minute)) {
			t.Fatalf("cut %d: an update that was reported to be kept is gone", cut)
		}
		if inMemory.Trust.Number > s.Trust.Number || inMemory.Status[uri1].IssuedAt.After(s.Status[uri1].IssuedAt) {
			t.Fatalf("cut %d: decisions were made on what the disk did not hold", cut)
		}
		// And it goes on from there.
		must(t, c.PutTrust(ctx, newTrust))
		must(t, c.PutStatus(ctx, uri1, newList))
		if value(t, c, uri1, 1) != status.Invalid {
			t.Fatalf("cut %d: does not recover", cut)
		}
		if errTrust == nil && errList == nil && d.cut == 0 && cut > 40 {
			break
		}
		cuts++
	}
	if cuts < 12 {
		t.Errorf("only %d cuts were tried", cuts)
	}
}

func TestAFullDiskKeepsTheOldKnowledge(t *testing.T) {
	newTrust := signedTrust(t, 6)
	newList := token(t, "issuer", uri1, start.Add(time.Minute), 0x02)
	for _, short := range []bool{false, true} {
		for _, space := range []int{0, 1, 100, len(newList) - 1} {
			t.Run(fmt.Sprintf("%d bytes, silent %v", space, short), func(t *testing.T) {
				c, d := filled(t)
				before := c.Snapshot()
				d.space, d.short = space, short
				want := errFull
				if short {
					want = io.ErrShortWrite
				}
				if err := c.PutTrust(ctx, newTrust); !errors.Is(err, want) {
					t.Errorf("trust list: %v", err)
				}
				if err := c.PutStatus(ctx, uri1, newList); !errors.Is(err, want) {
					t.Errorf("status list: %v", err)
				}
				if c.Snapshot() != before {
					t.Error("the snapshot changed")
				}
				if left := d.names(".tmp"); len(left) > 0 || d.space != space {
					t.Errorf("half a file takes up the rest of the disk: %v, %d bytes left", left, d.space)
				}
				if s := reopen(t, d.restart()).Snapshot(); s.Trust.Number != 5 || s.Status[uri1] == nil {
					t.Error("the old knowledge is lost")
				}
				d.space = -1
				must(t, c.PutTrust(ctx, newTrust))
				must(t, c.PutStatus(ctx, uri1, newList))
			})
		}
	}
}

func TestNoSpaceForASidecarIsNoFailure(t *testing.T) {
	c, d := filled(t)
	newList := token(t, "issuer", uri1, start.Add(time.Minute), 0x02)
	d.space = len(newList) + 1
	must(t, c.PutStatus(ctx, uri1, newList, WithETag(`"s2"`)))
	c = reopen(t, d.restart())
	if value(t, c, uri1, 1) != status.Invalid {
		t.Error("the list is lost")
	}
	if i := slices.IndexFunc(c.Entries(), func(e Entry) bool { return e.Resource == uri1 }); c.Entries()[i].ETag != "" {
		t.Error("the old list's ETag stands for the new one, which would never be fetched again")
	}
}

func TestWhatAPowerCutLeavesBehindIsOverwritten(t *testing.T) {
	_, d := filled(t)
	name := statusName(uri1) + ".jwt.tmp"
	d.files[name] = &fakeFile{disk: d, data: []byte("half a li")}
	c := reopen(t, d)
	must(t, c.PutStatus(ctx, uri1, token(t, "issuer", uri1, start.Add(time.Minute), 0x02)))
	if len(d.names(".tmp")) > 0 {
		t.Error("the temporary file is still there")
	}
}

func TestAReadStopsAtItsLimit(t *testing.T) {
	dir, err := openDisk(t.TempDir())
	must(t, err)
	must(t, replace(dir, "x", make([]byte, 100)))
	if data, err := dir.read("x", 100); err != nil || len(data) != 100 {
		t.Errorf("%d bytes, %v", len(data), err)
	}
	if _, err := dir.read("x", 99); !errors.Is(err, errTooLong) {
		t.Errorf("got %v", err)
	}
}
