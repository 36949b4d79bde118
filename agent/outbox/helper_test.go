package outbox

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

const owner = "thimphu/kiosk-1"

// testKey is a key pair made from a name, so that tests repeat.
func testKey(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(name))
	return ed25519.NewKeyFromSeed(seed[:])
}

func options() Options {
	return Options{Owner: owner, Collectors: []ed25519.PublicKey{testKey("collector").Public().(ed25519.PublicKey)}}
}

func open(t testing.TB, dir string, o Options) *Outbox {
	t.Helper()
	b, err := Open(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// testEvent is a record that carries its position, as real ones do.
type testEvent struct {
	Epoch string   `json:"epoch"`
	Seq   uint64   `json:"seq"`
	Prev  [32]byte `json:"prev"`
	Key   [32]byte `json:"key"`
}

// key is the nth replay key.
func key(n int) [32]byte { return sha256.Sum256(fmt.Appendf(nil, "key %d", n)) }

// decide records one decision with one mark, as the kiosk does.
func decide(ctx context.Context, b *Outbox, k [32]byte, until time.Time) (Entry, bool, error) {
	tx, err := b.Begin(ctx)
	if err != nil {
		return Entry{}, false, err
	}
	defer tx.Rollback()
	absent, err := tx.PutIfAbsent(ctx, k, until)
	if err != nil {
		return Entry{}, false, err
	}
	e, err := tx.Append(func(p Position) ([]byte, error) {
		return json.Marshal(testEvent{Epoch: p.Epoch, Seq: p.Seq, Prev: p.PrevHash, Key: k})
	})
	if err != nil {
		return Entry{}, false, err
	}
	return e, absent, tx.Commit()
}

func mustDecide(t testing.TB, b *Outbox, n int) Entry {
	t.Helper()
	e, absent, err := decide(t.Context(), b, key(n), future)
	if err != nil || !absent {
		t.Fatalf("decision %d: absent %t, %v", n, absent, err)
	}
	return e
}

var future = time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)

func receipt(e Entry, signer string) Receipt {
	return Receipt{Epoch: e.Epoch, UpToSeq: e.Seq, HeadHash: e.Hash}.Sign(owner, testKey(signer))
}

// checkChain reads what waits and follows the chain as the collector would.
func checkChain(t testing.TB, b *Outbox, prev [32]byte, first, last uint64) []testEvent {
	t.Helper()
	b.ForgetSent()
	entries, err := b.Pending(context.Background(), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if want := int(last - first + 1); len(entries) != want {
		t.Fatalf("%d records wait, want %d", len(entries), want)
	}
	var out []testEvent
	for i, e := range entries {
		var ev testEvent
		if err := json.Unmarshal(e.Event, &ev); err != nil {
			t.Fatal(err)
		}
		if ev.Seq != first+uint64(i) || ev.Seq != e.Seq || ev.Prev != prev || ev.Epoch != b.State().Epoch {
			t.Fatalf("record %d: seq %d, chained to %x, want %x", first+uint64(i), ev.Seq, ev.Prev[:4], prev[:4])
		}
		prev = sha256.Sum256(e.Event)
		out = append(out, ev)
	}
	return out
}
