package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/agent/health"
)

// A stage that falls over becomes a condition and is started again; what it
// panicked with is told to nobody.
func TestAStageThatFallsIsStartedAgain(t *testing.T) {
	var log bytes.Buffer
	a := &agent{log: slog.New(slog.NewTextHandler(&log, nil)), health: health.New(nil)}
	begun := 0
	a.keep(t.Context(), "sync", func(context.Context) {
		if begun++; begun == 1 {
			panic(errors.New(marker))
		}
	})
	if begun != 2 {
		t.Errorf("begun %d times, want twice", begun)
	}
	if c := a.health.Conditions(); len(c) != 1 || c[0].Code != health.StageFailed {
		t.Errorf("conditions %v", c)
	}
	got := log.String()
	if !strings.Contains(got, "stage=sync") || !strings.Contains(got, "agent_test.go") && !strings.Contains(got, "TestAStageThatFalls") {
		t.Errorf("the log does not say where: %s", got)
	}
	if strings.Contains(got, marker) {
		t.Errorf("the log holds what was presented: %s", got)
	}
}

func TestAStageThatFallsWhileStoppingIsLeftAlone(t *testing.T) {
	a := &agent{log: slog.New(slog.DiscardHandler), health: health.New(nil)}
	ctx, stop := context.WithCancel(t.Context())
	begun := 0
	a.keep(ctx, "sync", func(context.Context) {
		begun++
		stop()
		panic("over")
	})
	if begun != 1 {
		t.Errorf("begun %d times, want once", begun)
	}
}
