package outbox

import (
	"crypto/ed25519"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOnlyTheRightReceiptFrees(t *testing.T) {
	good := testKey("collector")
	for name, c := range map[string]struct {
		make func(es []Entry) Receipt
		want error
	}{
		"forged":             {func(es []Entry) Receipt { return receipt(es[3], "somebody") }, ErrReceiptForged},
		"unsigned":           {func(es []Entry) Receipt { return Receipt{Epoch: es[3].Epoch, UpToSeq: 4, HeadHash: es[3].Hash} }, ErrReceiptForged},
		"short signature":    {func(es []Entry) Receipt { r := receipt(es[3], "collector"); r.Signature = r.Signature[:63]; return r }, ErrReceiptForged},
		"number raised":      {func(es []Entry) Receipt { r := receipt(es[2], "collector"); r.UpToSeq = 4; return r }, ErrReceiptForged},
		"hash exchanged":     {func(es []Entry) Receipt { r := receipt(es[2], "collector"); r.HeadHash = es[3].Hash; return r }, ErrReceiptForged},
		"for another kiosk":  {func(es []Entry) Receipt { r := receipt(es[3], "x"); return r.Sign("thimphu/kiosk-2", good) }, ErrReceiptForged},
		"epoch of odd shape": {func(es []Entry) Receipt { return Receipt{Epoch: "../x", UpToSeq: 4}.Sign(owner, good) }, ErrReceiptForged},
		"of another epoch": {func(es []Entry) Receipt {
			r := receipt(es[3], "x")
			r.Epoch = strings.Repeat("0", 32)
			return r.Sign(owner, good)
		}, ErrReceiptEpoch},
		"already used":        {func(es []Entry) Receipt { return receipt(es[1], "collector") }, ErrReceiptOld},
		"older":               {func(es []Entry) Receipt { return receipt(es[0], "collector") }, ErrReceiptOld},
		"nothing at all":      {func(es []Entry) Receipt { return Receipt{Epoch: es[0].Epoch}.Sign(owner, good) }, ErrReceiptOld},
		"same number, forked": {func(es []Entry) Receipt { r := receipt(es[1], "x"); r.HeadHash[0] ^= 1; return r.Sign(owner, good) }, ErrReceiptMismatch},
		"another chain":       {func(es []Entry) Receipt { r := receipt(es[3], "x"); r.HeadHash[31] ^= 1; return r.Sign(owner, good) }, ErrReceiptMismatch},
		"hash of another record": {func(es []Entry) Receipt {
			return Receipt{Epoch: es[0].Epoch, UpToSeq: 4, HeadHash: es[2].Hash}.Sign(owner, good)
		}, ErrReceiptMismatch},
		"beyond the head": {func(es []Entry) Receipt { r := receipt(es[3], "x"); r.UpToSeq = 5; return r.Sign(owner, good) }, ErrReceiptAhead},
		"number near 2^64": {func(es []Entry) Receipt {
			r := receipt(es[3], "x")
			r.UpToSeq = 1<<64 - 1
			return r.Sign(owner, good)
		}, ErrReceiptAhead},
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t, t.TempDir(), options())
			var es []Entry
			for n := range 4 {
				es = append(es, mustDecide(t, b, n))
			}
			if n, err := b.Release(t.Context(), receipt(es[1], "collector")); err != nil || n != 2 {
				t.Fatalf("a good receipt: %d, %v", n, err)
			}
			before := b.State()
			n, err := b.Release(t.Context(), c.make(es))
			if !errors.Is(err, c.want) || n != 0 {
				t.Fatalf("freed %d, %v, want %v", n, err, c.want)
			}
			if d := cmp.Diff(before, b.State()); d != "" {
				t.Fatalf("it changed something: %s", d)
			}
			checkChain(t, b, es[1].Hash, 3, 4)
		})
	}
}

func TestNewCollectorKeyWorksBesideTheOld(t *testing.T) {
	o := options()
	o.Collectors = append(o.Collectors, testKey("next").Public().(ed25519.PublicKey))
	b := open(t, t.TempDir(), o)
	for n, signer := range []string{"collector", "next"} {
		if freed, err := b.Release(t.Context(), receipt(mustDecide(t, b, n), signer)); err != nil || freed != 1 {
			t.Fatalf("%s: %d, %v", signer, freed, err)
		}
	}
}

func TestReleaseSurvivesReopening(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir, options())
	var es []Entry
	for n := range 5 {
		es = append(es, mustDecide(t, b, n))
		if err := b.MarkShown(t.Context(), es[n].Seq); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Release(t.Context(), receipt(es[2], "collector")); err != nil {
		t.Fatal(err)
	}
	_ = b.Close()
	b = open(t, dir, options())
	checkChain(t, b, es[2].Hash, 4, 5)
	if n, err := b.Release(t.Context(), receipt(es[4], "collector")); err != nil || n != 2 {
		t.Fatalf("%d, %v", n, err)
	}
	if e := mustDecide(t, b, 9); e.Seq != 6 {
		t.Fatalf("seq %d", e.Seq)
	}
	checkChain(t, b, es[4].Hash, 6, 6)
}

func TestReceiptMessageIsFixed(t *testing.T) {
	r := Receipt{Epoch: strings.Repeat("ab", 16), UpToSeq: 7, HeadHash: [32]byte{1, 2}}
	want := "dzong-receipt-v1\nthimphu/kiosk-1\nabababababababababababababababab\n7\n0102" + strings.Repeat("00", 30)
	if got := string(r.Message(owner)); got != want {
		t.Fatalf("got %q", got)
	}
}
