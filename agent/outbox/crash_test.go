package outbox

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	mrand "math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// crashChild names the folder in which the child process of the crash test
// decides until it is killed.
const crashChild = "DZONG_OUTBOX_CRASH_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashChild); dir != "" {
		if err := decideUntilKilled(dir); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// decideUntilKilled says every decision aloud after its commit, and does all the
// outbox's other work between them, so that the kill meets that too.
func decideUntilKilled(dir string) error {
	ctx := context.Background()
	o := options()
	o.CountEvery = time.Millisecond
	b, err := Open(ctx, dir, o)
	if err != nil {
		return err
	}
	if d := b.State().Damaged; len(d) != 0 {
		return fmt.Errorf("a kill was taken for damage: %v", d)
	}
	for n := 0; ; n++ {
		var k [32]byte
		_, _ = rand.Read(k[:])
		e, absent, err := decide(ctx, b, k, future)
		if err != nil || !absent {
			return fmt.Errorf("decide: absent %t, %w", absent, err)
		}
		fmt.Printf("ack %d %x %x\n", e.Seq, e.Hash, k)
		if err := b.Count(ctx, "malformed"); err != nil {
			return err
		}
		if n%3 != 0 {
			if err := b.MarkShown(ctx, e.Seq); err != nil {
				return err
			}
		}
		if n%5 == 4 {
			if _, err := b.Release(ctx, receipt(e, "collector")); err != nil {
				return err
			}
		}
		if n%7 == 6 {
			if _, err := b.PruneMarks(ctx, future.Add(-time.Hour)); err != nil {
				return err
			}
		}
	}
}

func TestKillLosesNoAcknowledgedDecision(t *testing.T) {
	kills := 40
	if testing.Short() {
		kills = 10
	}
	dir := t.TempDir()
	acked := map[uint64][2]string{} // hash and key by number
	var epoch string
	for range kills {
		killOnce(t, dir, acked)

		b := open(t, dir, options())
		s := b.State()
		if epoch == "" {
			epoch = s.Epoch
		}
		if s.Epoch != epoch || len(s.Damaged) != 0 {
			t.Fatalf("epoch %s became %s, damaged %v", epoch, s.Epoch, s.Damaged)
		}
		if s.HeadSeq < uint64(len(acked)) {
			t.Fatalf("%d decisions acknowledged, %d on the disk", len(acked), s.HeadSeq)
		}
		waiting, err := b.Pending(t.Context(), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		if len(waiting) != int(s.HeadSeq-s.ReleasedSeq) {
			t.Fatalf("%d wait between %d and %d", len(waiting), s.ReleasedSeq, s.HeadSeq)
		}
		for _, e := range waiting {
			if a, ok := acked[e.Seq]; ok && a[0] != hex.EncodeToString(e.Hash[:]) {
				t.Fatalf("record %d is not what was acknowledged", e.Seq)
			}
		}
		// One record may be there whose acknowledgement the kill swallowed. It
		// would be shown on return.
		if s.HeadSeq > uint64(len(acked)) {
			if s.HeadSeq != uint64(len(acked))+1 {
				t.Fatalf("%d decisions acknowledged, %d on the disk", len(acked), s.HeadSeq)
			}
			last := waiting[len(waiting)-1]
			acked[last.Seq] = [2]string{hex.EncodeToString(last.Hash[:]), hex.EncodeToString(last.Keys[0][:])}
		}
		_ = b.Close()
	}

	b := open(t, dir, options())
	if s := b.State(); s.Marks != len(acked) || s.ReleasedSeq == 0 || s.Records == 0 {
		t.Fatalf("%d acknowledged: %+v", len(acked), s)
	}
	for seq, a := range acked {
		var there int
		raw, _ := hex.DecodeString(a[1])
		if err := b.db.QueryRow(`SELECT count(*) FROM mark WHERE key = ?`, raw).Scan(&there); err != nil || there != 1 {
			t.Fatalf("the replay mark of decision %d is gone: %v", seq, err)
		}
	}
	t.Logf("%d kills, %d decisions acknowledged, all there", kills, len(acked))
}

// killOnce lets a child decide for a moment, kills it without warning, and notes
// what it acknowledged.
func killOnce(t *testing.T, dir string, acked map[uint64][2]string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), crashChild+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Wait() }()
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatal("the child said nothing")
	}
	timer := time.AfterFunc(time.Duration(mrand.IntN(60_000))*time.Microsecond, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	for line := lines.Text(); ; line = lines.Text() {
		f := strings.Fields(line)
		var seq uint64
		if len(f) != 4 || f[0] != "ack" {
			_ = cmd.Process.Kill()
			t.Fatalf("the child said %q", line)
		}
		if _, err := fmt.Sscan(f[1], &seq); err != nil || seq != uint64(len(acked))+1 {
			_ = cmd.Process.Kill()
			t.Fatalf("acknowledged %d after %d", seq, len(acked))
		}
		acked[seq] = [2]string{f[2], f[3]}
		if !lines.Scan() {
			return
		}
	}
}
