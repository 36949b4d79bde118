package outbox

import (
	"slices"
	"testing"
	"time"
)

// BenchmarkDurableDecision is one replay mark and one record of a real record's
// size, until both are on the disk: what stands between a decision and the
// screen.
func BenchmarkDurableDecision(b *testing.B) {
	o := options()
	o.MaxRecords, o.MaxBytes, o.MaxMarks = 1<<30, 1<<40, 1<<30
	box := open(b, b.TempDir(), o)
	event := make([]byte, 600)
	took := make([]time.Duration, 0, 4096)
	n := 0
	for b.Loop() {
		start := time.Now()
		tx, err := box.Begin(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		n++
		if absent, err := tx.PutIfAbsent(b.Context(), key(n), future); err != nil || !absent {
			b.Fatal(absent, err)
		}
		if _, err := tx.Append(func(Position) ([]byte, error) { return event, nil }); err != nil {
			b.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// BenchmarkOpen is how long a kiosk with a long backlog checks it at start.
func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	box := open(b, dir, options())
	const records = 2000
	for n := range records {
		if _, _, err := decide(b.Context(), box, key(n), future); err != nil {
			b.Fatal(err)
		}
	}
	_ = box.Close()
	for b.Loop() {
		box, err := Open(b.Context(), dir, options())
		if err != nil {
			b.Fatal(err)
		}
		_ = box.Close()
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/records, "µs/record")
}
