package outbox_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"os"
	"time"

	"github.com/dzong-id/dzong/agent/outbox"
)

// A decision, from its replay mark to the collector's receipt.
func Example() {
	ctx := context.Background()
	public, private, _ := ed25519.GenerateKey(rand.Reader)
	dir, _ := os.MkdirTemp("", "outbox")
	defer func() { _ = os.RemoveAll(dir) }()

	box, err := outbox.Open(ctx, dir, outbox.Options{Owner: "thimphu/kiosk-1", Collectors: []ed25519.PublicKey{public}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = box.Close() }()

	tx, err := box.Begin(ctx) // outbox.ErrFull: decide nothing
	if err != nil {
		fmt.Println(err)
		return
	}
	defer tx.Rollback()
	unused, _ := tx.PutIfAbsent(ctx, sha256.Sum256([]byte("what the holder signed")), time.Now().Add(time.Hour))
	entry, _ := tx.Append(func(p outbox.Position) ([]byte, error) {
		return fmt.Appendf(nil, `{"seq":%d,"replayed":%t}`, p.Seq, !unused), nil
	})
	if err := tx.Commit(); err != nil { // only now may the screen change
		fmt.Println(err)
		return
	}
	_ = box.MarkShown(ctx, entry.Seq)
	fmt.Printf("%s, %d waits\n", entry.Event, box.State().Records)

	receipt := outbox.Receipt{Epoch: entry.Epoch, UpToSeq: entry.Seq, HeadHash: entry.Hash}.Sign("thimphu/kiosk-1", private)
	freed, _ := box.Release(ctx, receipt)
	fmt.Printf("%d freed, %d waits\n", freed, box.State().Records)
	// Output:
	// {"seq":1,"replayed":false}, 1 waits
	// 1 freed, 0 waits
}
