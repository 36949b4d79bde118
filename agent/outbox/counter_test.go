package outbox

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCountersAreKeptPerCodeAndHour(t *testing.T) {
	dir := t.TempDir()
	now := time.Date(2026, 11, 24, 9, 59, 0, 0, time.UTC)
	o := options()
	o.Now = func() time.Time { return now }
	b := open(t, dir, o)
	for range 3 {
		if err := b.Count(t.Context(), "malformed"); err != nil {
			t.Fatal(err)
		}
	}
	now = now.Add(time.Minute)
	_ = b.Count(t.Context(), "malformed")
	_ = b.Count(t.Context(), "is_a_request")
	_ = b.Close()
	b = open(t, dir, o)
	got, err := b.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	nine := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	want := []Counter{{"malformed", nine, 3}, {"is_a_request", nine.Add(time.Hour), 1}, {"malformed", nine.Add(time.Hour), 1}}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatal(d)
	}
	if s := b.State(); s.Records != 0 || s.HeadSeq != 0 {
		t.Fatalf("counting made records: %+v", s)
	}
}

func TestCountersAreWrittenTogetherAfterAWhile(t *testing.T) {
	o := options()
	o.CountEvery = 50 * time.Millisecond
	b := open(t, t.TempDir(), o)
	written := func() (n int) {
		if err := b.db.QueryRow(`SELECT coalesce(sum(n), 0) FROM counter`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	changes := func() (n int) {
		if err := b.db.QueryRow(`SELECT total_changes()`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := changes()
	for range 10_000 {
		_ = b.Count(t.Context(), "malformed")
	}
	deadline := time.Now().Add(10 * time.Second)
	for written() < 10_000 && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	if n := written(); n != 10_000 {
		t.Fatalf("%d written, want 10000", n)
	}
	if n := changes() - before; n > 20 {
		t.Fatalf("%d row changes for 10,000 junk codes", n)
	}
}

func TestOldHoursBecomeOneSum(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	o := options()
	o.Now = func() time.Time { return now }
	b := open(t, t.TempDir(), o)
	const hours = maxHours + 50
	for range hours {
		_ = b.Count(t.Context(), "too_large")
		now = now.Add(time.Hour)
	}
	for range 2 { // folding twice adds nothing
		got, err := b.Counts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var sum uint64
		for _, c := range got {
			sum += c.N
		}
		if len(got) != maxHours+1 || sum != hours || !got[0].Hour.IsZero() || got[0].N != 50 {
			t.Fatalf("%d rows, sum %d, first %+v", len(got), sum, got[0])
		}
		_ = b.Count(t.Context(), "malformed")
		if err := b.flushCounts(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := b.db.Exec(`DELETE FROM counter WHERE code = 'malformed'`); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCountRefuses(t *testing.T) {
	b := open(t, t.TempDir(), options())
	for _, code := range []string{"", "Karma Dorji", "UPPER", "a-b", "é", string(make([]byte, 65))} {
		if err := b.Count(t.Context(), code); err == nil {
			t.Errorf("counted %q", code)
		}
	}
	var err error
	for n := range maxCodes + 1 {
		err = errors.Join(err, b.Count(t.Context(), fmt.Sprintf("code_%d", n)))
	}
	if err == nil {
		t.Error("an unbounded number of codes was counted")
	}
	_ = b.Close()
	if err := b.Count(t.Context(), "code_1"); err == nil {
		t.Error("counted after Close")
	}
}
