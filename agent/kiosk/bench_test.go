package kiosk

import (
	"context"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/dzong-id/dzong/agent/scan"
	"github.com/dzong-id/dzong/drivers/camera/cameratest"
)

// BenchmarkFrameToDecision takes one recorded frame with a code of version 20
// from the camera to a decision on disk: reading the code, verifying what is in
// it, and the synced record. ms-scan is the share of reading the code.
func BenchmarkFrameToDecision(b *testing.B) {
	br := newBranch(b)
	br.kiosk.log = slog.New(slog.DiscardHandler)
	shots, err := cameratest.Recording(os.DirFS("../demo/recordings"), "accepted")
	if err != nil {
		b.Fatal(err)
	}
	if shots, err = cameratest.Loaded(shots[len(shots)-1:]); err != nil {
		b.Fatal(err)
	}
	var scanning time.Duration
	for b.Loop() {
		b.StopTimer()
		player := cameratest.Play(shots)
		frame, err := player.Next(context.Background())
		if err != nil {
			b.Fatal(err)
		}
		scanner := scan.New(scan.Options{})
		br.kiosk.endTurn(context.Background())
		records := br.records()
		b.StartTimer()
		start := time.Now()
		sighting, err := scanner.Scan(frame)
		if err != nil || len(sighting.Payloads) != 1 {
			b.Fatalf("%d codes read, %v", len(sighting.Payloads), err)
		}
		scanning += time.Since(start)
		br.kiosk.see(context.Background(), Sight{Payload: sighting.Payloads[0].Bytes})
		b.StopTimer()
		br.settle()
		br.views = nil
		if br.records() != records+1 {
			b.Fatal("nothing was recorded")
		}
		frame.Release()
		player.Close()
		b.StartTimer()
	}
	b.ReportMetric(float64(scanning.Microseconds())/1000/float64(b.N), "ms-scan")
}
