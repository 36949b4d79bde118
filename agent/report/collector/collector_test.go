package collector_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dzong-id/dzong/agent/outbox"
	"github.com/dzong-id/dzong/agent/report"
	"github.com/dzong-id/dzong/agent/report/collector"
	"github.com/dzong-id/dzong/sdk/reason"
)

var kiosk = report.Kiosk{Site: "thimphu", Name: "kiosk-1"}

func key() ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("collector"))
	return ed25519.NewKeyFromSeed(seed[:])
}

// chain makes events first to last, chained to prev; flavour makes other events
// under the same numbers.
func chain(t testing.TB, epoch byte, prev [32]byte, first, last uint64, flavour int) [][]byte {
	t.Helper()
	var out [][]byte
	for seq := first; seq <= last; seq++ {
		e := report.Event{
			Time: time.Date(2026, 11, 24, 9, 0, flavour, 0, time.UTC), Outcome: reason.Accepted,
			Policy: "counter/1", Reference: fmt.Sprintf("7QK-%04d-M", seq),
		}.At(outbox.Position{Epoch: strings.Repeat(fmt.Sprintf("%02x", epoch), 16), Seq: seq, PrevHash: prev})
		data, err := e.Encode()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, data)
		prev = sha256.Sum256(data)
	}
	return out
}

func hash(events [][]byte, n int) [32]byte { return sha256.Sum256(events[n-1]) }

func eachStore(t *testing.T, test func(*testing.T, collector.Store)) {
	t.Run("memory", func(t *testing.T) { test(t, &collector.Memory{}) })
	t.Run("folder", func(t *testing.T) {
		s, err := collector.OpenFolder(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		test(t, s)
	})
}

func newCollector(t *testing.T, s collector.Store) *collector.Collector {
	t.Helper()
	c, err := collector.New(t.Context(), s, key(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func accept(t *testing.T, c *collector.Collector, events ...[]byte) collector.Answer {
	t.Helper()
	a, err := c.Accept(t.Context(), kiosk, events...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestReceiptsSignForWhatIsHeld(t *testing.T) {
	eachStore(t, func(t *testing.T, s collector.Store) {
		c := newCollector(t, s)
		es := chain(t, 1, [32]byte{}, 1, 6, 0)
		a := accept(t, c, es[:4]...)
		if a.Added != 4 || len(a.Findings) != 0 || len(a.Receipts) != 1 {
			t.Fatalf("%+v", a)
		}
		r := a.Receipts[0]
		if r.UpToSeq != 4 || r.HeadHash != hash(es, 4) || !ed25519.Verify(key().Public().(ed25519.PublicKey), r.Message(kiosk.String()), r.Signature) {
			t.Fatalf("%+v", r)
		}
		// The same again, in any part, gets the same receipt and is kept once.
		for _, again := range [][][]byte{es[:4], es[:1], es[2:4], {es[3], es[0], es[3]}} {
			b := accept(t, c, again...)
			if d := cmp.Diff(collector.Answer{Receipts: a.Receipts}, b); d != "" {
				t.Fatal(d)
			}
		}
		// Overlapping, and twice in one batch.
		b := accept(t, c, es[3], es[4], es[4], es[5])
		if b.Added != 2 || b.Receipts[0].UpToSeq != 6 || len(b.Findings) != 0 {
			t.Fatalf("%+v", b)
		}
		// A collector made anew on the same store goes on.
		if d := cmp.Diff(b.Receipts, accept(t, newCollector(t, s), es[1]).Receipts); d != "" {
			t.Fatal(d)
		}
	})
}

func TestWhatIsNotTheChainGetsNoReceipt(t *testing.T) {
	es := chain(t, 1, [32]byte{}, 1, 8, 0)
	for name, c := range map[string]struct {
		events [][]byte
		twice  bool // reported when it comes again
		want   collector.Finding
	}{
		"a gap":                         {es[4:6], true, collector.Finding{Kind: collector.Gap, Seq: 5}},
		"another event under a number":  {chain(t, 1, hash(es, 1), 2, 2, 9), false, collector.Finding{Kind: collector.Fork, Seq: 2}},
		"another first event":           {chain(t, 1, [32]byte{}, 1, 1, 9), false, collector.Finding{Kind: collector.Fork, Seq: 1}},
		"another predecessor":           {chain(t, 1, [32]byte{7}, 4, 5, 0), false, collector.Finding{Kind: collector.Fork, Seq: 4}},
		"a chain that was set back":     {chain(t, 1, hash(es, 2), 3, 5, 9), false, collector.Finding{Kind: collector.Fork, Seq: 3}},
		"a new epoch in the middle":     {chain(t, 2, [32]byte{}, 3, 4, 0), true, collector.Finding{Kind: collector.Gap, Seq: 3}},
		"a new epoch with predecessors": {chain(t, 2, [32]byte{1}, 1, 1, 0), false, collector.Finding{Kind: collector.Fork, Seq: 1}},
		"junk":                          {[][]byte{[]byte("junk"), nil, []byte("{}"), bytes.Repeat([]byte("["), 9000)}, false, collector.Finding{Kind: collector.Malformed}},
		"an event with a byte changed":  {[][]byte{bytes.Replace(es[3], []byte("accepted"), []byte("rejectid"), 1)}, false, collector.Finding{Kind: collector.Malformed}},
	} {
		t.Run(name, func(t *testing.T) {
			eachStore(t, func(t *testing.T, s collector.Store) {
				col := newCollector(t, s)
				before := accept(t, col, es[:3]...).Receipts
				a := accept(t, col, c.events...)
				if c.twice {
					if len(a.Findings) != 0 {
						t.Fatalf("reported at once: %+v", a.Findings)
					}
					again := accept(t, col, c.events...)
					a.Findings, a.Receipts, a.Added = again.Findings, append(a.Receipts, again.Receipts...), a.Added+again.Added
				}
				if len(a.Receipts) != 0 || a.Added != 0 {
					t.Fatalf("signed for %+v, kept %d", a.Receipts, a.Added)
				}
				if len(a.Findings) == 0 {
					t.Fatal("nothing is reported")
				}
				f := a.Findings[0]
				f.Epoch = ""
				c.want.Kiosk = kiosk
				if d := cmp.Diff(c.want, f); d != "" {
					t.Fatal(d)
				}
				// The true chain goes on.
				after := accept(t, col, es[2:]...)
				if after.Receipts[0].UpToSeq != 8 || before[0].UpToSeq != 3 {
					t.Fatalf("%+v", after)
				}
			})
		})
	}
}

func TestGapThatIsFilledIsNone(t *testing.T) {
	c := newCollector(t, &collector.Memory{})
	es := chain(t, 1, [32]byte{}, 1, 6, 0)
	for _, batch := range [][][]byte{es[2:3], es[3:4], es} { // a collector that came in mid-stream
		if a := accept(t, c, batch...); len(a.Findings) != 0 {
			t.Fatalf("%+v", a.Findings)
		}
	}
	if a := accept(t, c, es[5]); a.Receipts[0].UpToSeq != 6 {
		t.Fatalf("%+v", a)
	}
}

func TestNewEpochIsReportedAndBounded(t *testing.T) {
	c := newCollector(t, &collector.Memory{})
	if a := accept(t, c, chain(t, 0, [32]byte{}, 1, 2, 0)...); len(a.Findings) != 0 {
		t.Fatalf("the first epoch: %+v", a.Findings)
	}
	refused := 0
	for n := range 100 {
		a := accept(t, c, chain(t, byte(n+1), [32]byte{}, 1, 1, 0)...)
		switch {
		case len(a.Findings) != 1:
			t.Fatalf("%+v", a)
		case a.Findings[0].Kind == collector.Epochs && len(a.Receipts) == 0:
			refused++
		case a.Findings[0].Kind != collector.NewEpoch || len(a.Receipts) != 1:
			t.Fatalf("%+v", a)
		}
	}
	if refused != 37 {
		t.Fatalf("%d of 100 epochs refused", refused)
	}
	// Another kiosk is none the worse, and its chain its own.
	other := report.Kiosk{Site: "paro", Name: "kiosk-1"}
	a, err := c.Accept(t.Context(), other, chain(t, 0, [32]byte{}, 1, 1, 0)...)
	if err != nil || len(a.Findings) != 0 || a.Added != 1 {
		t.Fatalf("%+v %v", a, err)
	}
	if _, err := c.Accept(t.Context(), report.Kiosk{Site: "..", Name: "x"}); err == nil {
		t.Fatal("a kiosk that is a path was taken")
	}
}

// failing is a store whose disk is full.
type failing struct{ collector.Memory }

func (*failing) Append(context.Context, collector.Stream, [][]byte) error {
	return errors.New("no space left")
}

func TestNothingIsSignedForThatIsNotKept(t *testing.T) {
	s := &failing{}
	c := newCollector(t, s)
	es := chain(t, 1, [32]byte{}, 1, 2, 0)
	if a, err := c.Accept(t.Context(), kiosk, es...); err == nil || len(a.Receipts) != 0 {
		t.Fatalf("%+v %v", a, err)
	}
	if len(c.Receipts()) != 0 {
		t.Fatal("it remembers what it did not keep")
	}
}

func TestFolderSurvivesACutLineAndRefusesAnAlteredOne(t *testing.T) {
	es := chain(t, 1, [32]byte{}, 1, 5, 0)
	fill := func(t *testing.T) (dir, file string) {
		dir = t.TempDir()
		s, err := collector.OpenFolder(dir)
		if err != nil {
			t.Fatal(err)
		}
		accept(t, newCollector(t, s), es...)
		files, _ := filepath.Glob(filepath.Join(dir, "thimphu", "kiosk-1", "*.jsonl"))
		if len(files) != 1 {
			t.Fatalf("files: %v", files)
		}
		return dir, files[0]
	}
	t.Run("cut", func(t *testing.T) {
		dir, file := fill(t)
		info, _ := os.Stat(file)
		if err := os.Truncate(file, info.Size()-10); err != nil {
			t.Fatal(err)
		}
		s, err := collector.OpenFolder(dir)
		if err != nil {
			t.Fatal(err)
		}
		if a := accept(t, newCollector(t, s), es[3:]...); a.Added != 1 || a.Receipts[0].UpToSeq != 5 {
			t.Fatalf("%+v", a)
		}
		if _, err := collector.OpenFolder(dir); err != nil {
			t.Fatal(err)
		}
	})
	for name, change := range map[string]func([]byte) []byte{
		"altered":   func(d []byte) []byte { return bytes.Replace(d, []byte("accepted"), []byte("rejected"), 1) },
		"taken out": func(d []byte) []byte { _, rest, _ := bytes.Cut(d, []byte("\n")); return rest },
		"junk":      func(d []byte) []byte { return append([]byte("junk\n"), d...) },
		"endless":   func(d []byte) []byte { return append(bytes.Repeat([]byte("x"), 10_000), d...) },
	} {
		t.Run(name, func(t *testing.T) {
			dir, file := fill(t)
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, change(data), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := collector.OpenFolder(dir); err == nil {
				t.Fatal("opened")
			}
		})
	}
}
