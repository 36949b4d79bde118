package outbox

import (
	"context"
	"crypto/ed25519"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestReopeningFindsEverythingAgain(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir, options())
	epoch := b.State().Epoch
	for n := range 5 {
		if e := mustDecide(t, b, n); e.Seq != uint64(n+1) {
			t.Fatalf("decision %d has number %d", n, e.Seq)
		}
	}
	before := b.State()
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b = open(t, dir, options())
	after := b.State()
	if after.Epoch != epoch || after.HeadSeq != 5 || after.HeadHash != before.HeadHash || after.Bytes != before.Bytes || after.Marks != 5 {
		t.Fatalf("reopened: %+v, before: %+v", after, before)
	}
	checkChain(t, b, [32]byte{}, 1, 5)
	if _, absent, err := decide(t.Context(), b, key(3), future); err != nil || absent {
		t.Fatalf("a key used before the restart: absent %t, %v", absent, err)
	}
}

func TestEveryDatabaseHasItsOwnEpoch(t *testing.T) {
	a, b := open(t, t.TempDir(), options()), open(t, t.TempDir(), options())
	if a.State().Epoch == b.State().Epoch || !validEpoch(a.State().Epoch) {
		t.Fatalf("epochs %q and %q", a.State().Epoch, b.State().Epoch)
	}
}

func TestRollbackForgetsMarkAndRecord(t *testing.T) {
	b := open(t, t.TempDir(), options())
	tx, err := b.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if absent, err := tx.PutIfAbsent(t.Context(), key(1), future); err != nil || !absent {
		t.Fatalf("absent %t, %v", absent, err)
	}
	if absent, err := tx.PutIfAbsent(t.Context(), key(1), future); err != nil || absent {
		t.Fatalf("the same key again: absent %t, %v", absent, err)
	}
	if _, err := tx.Append(func(Position) ([]byte, error) { return []byte("x"), nil }); err != nil {
		t.Fatal(err)
	}
	tx.Rollback()
	if err := tx.Commit(); err == nil {
		t.Fatal("a transaction that was rolled back was committed")
	}
	if e := mustDecide(t, b, 1); e.Seq != 1 {
		t.Fatalf("number %d was used by a decision that was never made", e.Seq)
	}
}

func TestCancelledTransactionLeavesNothing(t *testing.T) {
	b := open(t, t.TempDir(), options())
	ctx, cancel := context.WithCancel(t.Context())
	tx, err := b.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Append(func(Position) ([]byte, error) { return []byte("x"), nil }); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := tx.Commit(); !errors.Is(err, context.Canceled) {
		t.Fatalf("commit after cancel: %v", err)
	}
	tx.Rollback()
	if s := b.State(); s.HeadSeq != 0 {
		t.Fatalf("head %d", s.HeadSeq)
	}
	if e := mustDecide(t, b, 1); e.Seq != 1 {
		t.Fatalf("seq %d", e.Seq)
	}
}

func TestTransactionsAreRefused(t *testing.T) {
	text := func(s string) func(Position) ([]byte, error) {
		return func(Position) ([]byte, error) { return []byte(s), nil }
	}
	for name, try := range map[string]func(*Tx) error{
		"without a record":     func(tx *Tx) error { _, _ = tx.PutIfAbsent(t.Context(), key(9), future); return tx.Commit() },
		"with two records":     func(tx *Tx) error { _, _ = tx.Append(text("a")); _, err := tx.Append(text("b")); return err },
		"with an empty record": func(tx *Tx) error { _, err := tx.Append(text("")); return err },
		"with a huge record":   func(tx *Tx) error { _, err := tx.Append(text(strings.Repeat("x", MaxEvent+1))); return err },
		"whose record cannot be built": func(tx *Tx) error {
			_, err := tx.Append(func(Position) ([]byte, error) { return nil, errors.New("no") })
			return err
		},
		"committed twice": func(tx *Tx) error {
			_, _ = tx.Append(text("x"))
			if err := tx.Commit(); err != nil {
				t.Fatal(err)
			}
			return tx.Commit()
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t, t.TempDir(), options())
			tx, err := b.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := try(tx); err == nil {
				t.Fatal("no error")
			}
			tx.Rollback()
			if n := b.State().Marks; n != 0 {
				t.Fatalf("%d marks stayed", n)
			}
			mustDecide(t, b, 1)
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	for name, spoil := range map[string]func(*Options){
		"no owner":         func(o *Options) { o.Owner = "" },
		"no collector":     func(o *Options) { o.Collectors = nil },
		"short key":        func(o *Options) { o.Collectors = []ed25519.PublicKey{make([]byte, 31)} },
		"no room at all":   func(o *Options) { o.MaxBytes = MaxEvent - 1 },
		"negative records": func(o *Options) { o.MaxRecords = -1 },
	} {
		t.Run(name, func(t *testing.T) {
			o := options()
			spoil(&o)
			if b, err := Open(t.Context(), t.TempDir(), o); err == nil {
				_ = b.Close()
				t.Fatal("no error")
			}
		})
	}
}

func TestSecondProcessIsRefused(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir, options())
	mustDecide(t, b, 1)
	if second, err := Open(t.Context(), dir, options()); !errors.Is(err, ErrInUse) {
		if err == nil {
			_ = second.Close()
		}
		t.Fatalf("got %v, want ErrInUse", err)
	}
	mustDecide(t, b, 2)
	if found := findAside(filepath.Join(dir, "outbox.db")); len(found) != 0 {
		t.Fatalf("a database in use was put aside: %v", found)
	}
}

func TestFullRefusesBeforeDeciding(t *testing.T) {
	for name, limit := range map[string]func(*Options){
		"records": func(o *Options) { o.MaxRecords = 3 },
		"bytes":   func(o *Options) { o.MaxBytes = MaxEvent + 2*400 },
		"marks":   func(o *Options) { o.MaxMarks = 3 },
	} {
		t.Run(name, func(t *testing.T) {
			o := options()
			limit(&o)
			dir := t.TempDir()
			b := open(t, dir, o)
			var last Entry
			n := 0
			for ; n < 20 && !b.State().Full; n++ {
				last = mustDecide(t, b, n)
			}
			if n == 0 || n == 20 {
				t.Fatalf("full after %d decisions", n)
			}
			if _, err := b.Begin(t.Context()); !errors.Is(err, ErrFull) {
				t.Fatalf("got %v, want ErrFull", err)
			}
			_ = b.Close()
			b = open(t, dir, o)
			if _, err := b.Begin(t.Context()); !errors.Is(err, ErrFull) {
				t.Fatalf("after reopening: %v, want ErrFull", err)
			}
			checkChain(t, b, [32]byte{}, 1, last.Seq)
			if name == "marks" {
				if _, err := b.PruneMarks(t.Context(), future.Add(time.Second)); err != nil {
					t.Fatal(err)
				}
			} else if _, err := b.Release(t.Context(), receipt(last, "collector")); err != nil {
				t.Fatal(err)
			}
			if e := mustDecide(t, b, 100); e.Seq != last.Seq+1 {
				t.Fatalf("number %d after %d", e.Seq, last.Seq)
			}
		})
	}
}

func TestConcurrentDecisionsFormOneChain(t *testing.T) {
	b := open(t, t.TempDir(), options())
	const workers, each = 8, 12
	var wg sync.WaitGroup
	var mu sync.Mutex
	won := map[[32]byte]int{}
	for w := range workers {
		wg.Go(func() {
			for n := range each {
				// Pairs of workers present the same keys; exactly one may win.
				k := key(w/2*1000 + n)
				_, absent, err := decide(context.Background(), b, k, future)
				if err != nil {
					t.Error(err)
				}
				if absent {
					mu.Lock()
					won[k]++
					mu.Unlock()
				}
				b.State()
				_ = b.Count(context.Background(), "malformed")
				if _, err := b.Pending(context.Background(), 3); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	checkChain(t, b, [32]byte{}, 1, workers*each)
	if len(won) != workers/2*each {
		t.Fatalf("%d keys won, want %d", len(won), workers/2*each)
	}
	for k, n := range won {
		if n != 1 {
			t.Fatalf("key %x won %d times", k[:4], n)
		}
	}
}

func TestMarksArePrunedOnlyBehindTheTimeGiven(t *testing.T) {
	b := open(t, t.TempDir(), options())
	for n := range 4 {
		if _, _, err := decide(t.Context(), b, key(n), future.Add(time.Duration(n)*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := b.PruneMarks(t.Context(), future); err != nil || n != 0 {
		t.Fatalf("pruned %d at the very time, %v", n, err)
	}
	if n, err := b.PruneMarks(t.Context(), future.Add(90*time.Minute)); err != nil || n != 2 {
		t.Fatalf("pruned %d, want 2, %v", n, err)
	}
	for n, want := range []bool{true, true, false, false} {
		if _, absent, err := decide(t.Context(), b, key(n), future); err != nil || absent != want {
			t.Errorf("key %d: absent %t, want %t, %v", n, absent, want, err)
		}
	}
}

func TestSentMarksOnlyHoldBackUntilForgotten(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir, options())
	for n := range 6 {
		mustDecide(t, b, n)
	}
	count := func() int {
		t.Helper()
		p, err := b.Pending(t.Context(), 100)
		if err != nil {
			t.Fatal(err)
		}
		return len(p)
	}
	b.MarkSent(4)
	b.MarkSent(2) // a late acknowledgement takes nothing back
	if n := count(); n != 2 || b.State().Records != 6 {
		t.Fatalf("%d wait, %d kept", n, b.State().Records)
	}
	b.ForgetSent()
	if n := count(); n != 6 {
		t.Fatalf("%d wait after ForgetSent, want 6", n)
	}
	b.MarkSent(1 << 40) // nobody can acknowledge what is not there yet
	mustDecide(t, b, 6)
	if n := count(); n != 1 {
		t.Fatalf("%d wait, want the new one", n)
	}
	_ = b.Close()
	b = open(t, dir, options())
	if n := count(); n != 7 {
		t.Fatalf("%d wait after reopening, want all 7", n)
	}
}

func TestUnshownSurvivesRestartAndReceipt(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir, options())
	if _, ok, err := b.Unshown(t.Context()); ok || err != nil {
		t.Fatalf("an empty outbox has something to show: %v", err)
	}
	first, second := mustDecide(t, b, 1), mustDecide(t, b, 2)
	if err := b.MarkShown(t.Context(), first.Seq); err != nil {
		t.Fatal(err)
	}
	_ = b.Close()
	b = open(t, dir, options())
	if n, err := b.Release(t.Context(), receipt(second, "collector")); err != nil || n != 2 {
		t.Fatalf("released %d, %v", n, err)
	}
	if s := b.State(); s.Records != 0 || s.Bytes != 0 {
		t.Fatalf("released records still count: %+v", s)
	}
	_ = b.Close()
	b = open(t, dir, options())
	got, ok, err := b.Unshown(t.Context())
	if err != nil || !ok || got.Seq != second.Seq || string(got.Event) != string(second.Event) || got.Hash != second.Hash {
		t.Fatalf("unshown: %v %t %v", got.Seq, ok, err)
	}
	if len(got.Keys) != 1 || got.Keys[0] != key(2) {
		t.Fatalf("its keys: %x", got.Keys)
	}
	for range 2 { // twice does no harm
		if err := b.MarkShown(t.Context(), got.Seq); err != nil {
			t.Fatal(err)
		}
	}
	if _, ok, err := b.Unshown(t.Context()); ok || err != nil {
		t.Fatalf("shown again: %t %v", ok, err)
	}
	mustDecide(t, b, 3)
}

func TestWhatIsNeverShownIsBounded(t *testing.T) {
	b := open(t, t.TempDir(), options())
	for n := range maxUnshown + 20 {
		e := mustDecide(t, b, n)
		if _, err := b.Release(t.Context(), receipt(e, "collector")); err != nil {
			t.Fatal(err)
		}
	}
	e, ok, err := b.Unshown(t.Context())
	if err != nil || !ok || e.Seq < 20 {
		t.Fatalf("oldest kept is %d, %t, %v", e.Seq, ok, err)
	}
}

// What is promised about power cuts rests on these settings; no test without a
// power switch would notice if one were lost.
func TestDatabaseIsOpenedForPowerCuts(t *testing.T) {
	b := open(t, t.TempDir(), options())
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "locking_mode": "exclusive"} {
		var got string
		if err := b.db.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, want %q, %v", pragma, got, want, err)
		}
	}
}
