package kiosk

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"github.com/dzong-id/dzong/agent/health"
	"github.com/dzong-id/dzong/agent/scan"
	"github.com/dzong-id/dzong/drivers/camera"
)

// Watcher is the stage between the camera and the state machine: it takes frames
// as they come, reads codes from them, and hands on what it saw. It is for one
// goroutine.
type Watcher struct {
	// Open opens the camera; it is called again whenever the camera failed.
	Open func(context.Context) (camera.Source, error)
	// Scanner reads the frames.
	Scanner *scan.Scanner
	// Health is told when there is no picture.
	Health *health.Tracker
	// Logger is silent if nil.
	Logger *slog.Logger
	// Retry is the pause before the camera is opened again; it doubles up to a
	// minute. 1 s if zero.
	Retry time.Duration
}

// Run watches until ctx ends, and then closes sights. A camera that ends by
// itself (a recording) leaves the watcher waiting for ctx.
//
// Hand-over never lags: while the state machine decides, the next sight waits,
// and frames that come meanwhile are the source's to replace.
func (w *Watcher) Run(ctx context.Context, sights chan<- Sight) {
	defer close(sights)
	log := w.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	first := w.Retry
	if first <= 0 {
		first = time.Second
	}
	pause := first
	for ctx.Err() == nil {
		started := time.Now()
		err := w.watch(ctx, sights)
		if errors.Is(err, io.EOF) {
			<-ctx.Done()
			return
		}
		if ctx.Err() != nil {
			return
		}
		w.Health.Set(health.CameraFailed)
		log.Warn("camera gives no picture", "error", err, "again in", pause)
		if time.Since(started) > time.Minute {
			pause = first
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, time.Minute)
	}
}

// watch opens the camera and reads it until it fails.
func (w *Watcher) watch(ctx context.Context, sights chan<- Sight) error {
	source, err := w.Open(ctx)
	if err != nil {
		return err
	}
	defer source.Close()
	var last Sight
	for {
		frame, err := source.Next(ctx)
		if err != nil {
			return err
		}
		at := time.Now()
		w.Health.Clear(health.CameraFailed)
		s, err := w.Scanner.Scan(frame)
		frame.Release()
		if err != nil {
			// One frame that cannot be read says nothing about the next.
			continue
		}
		sight := Sight{At: at, InView: s.Located, Unread: s.Unreadable}
		if len(s.Payloads) > 0 {
			sight.Payload = s.Payloads[0].Bytes
		}
		if sight.Payload == nil && sight.InView == last.InView && !sight.Unread {
			continue // nothing that the state machine does not know
		}
		last = sight
		select {
		case <-ctx.Done():
			return ctx.Err()
		case sights <- sight:
		}
	}
}
