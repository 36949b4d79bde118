package kiosk

import (
	"context"
	"crypto/sha256"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dzong-id/dzong/agent/health"
	"github.com/dzong-id/dzong/agent/outbox"
	"github.com/dzong-id/dzong/agent/report"
	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
)

func TestWhatTheMonitorSees(t *testing.T) {
	now := time.Now()
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	trustStale := cache.Missing{Resource: cache.TrustResource, Code: reason.TrustStale}
	listStale := cache.Missing{Resource: "https://registry.example/status/1", Code: reason.StatusStale}
	for name, tt := range map[string]struct {
		change func(*Vitals)
		want   []health.Code
	}{
		"all is well":            {func(*Vitals) {}, nil},
		"nothing known yet":      {func(v *Vitals) { v.HasTrust, v.Missing = false, []cache.Missing{trustStale} }, []health.Code{health.TrustMissing}},
		"trust list expired":     {func(v *Vitals) { v.Missing = []cache.Missing{trustStale} }, []health.Code{health.TrustStale}},
		"a status list is old":   {func(v *Vitals) { v.Missing = []cache.Missing{listStale} }, []health.Code{health.StatusIncomplete}},
		"both":                   {func(v *Vitals) { v.Missing = []cache.Missing{trustStale, listStale} }, []health.Code{health.StatusIncomplete, health.TrustStale}},
		"sync fails":             {func(v *Vitals) { v.SyncFailing = true }, []health.Code{health.SyncFailing}},
		"clock plausible":        {func(v *Vitals) { v.Clock = credential.ClockPlausible }, []health.Code{health.ClockUnproven}},
		"clock untrusted":        {func(v *Vitals) { v.Clock = credential.ClockUntrusted }, []health.Code{health.ClockUntrusted}},
		"a level nobody knows":   {func(v *Vitals) { v.Clock = 99 }, []health.Code{health.ClockUntrusted}},
		"line lost just now":     {func(v *Vitals) { v.Report.Connected, v.Report.Since = false, ago(unconnected-time.Second) }, nil},
		"line lost":              {func(v *Vitals) { v.Report.Connected, v.Report.Since = false, ago(unconnected) }, []health.Code{health.BrokerOffline}},
		"no broker to report to": {func(v *Vitals) { v.Reports, v.Report = false, report.Status{} }, nil},
		"receipt on its way":     {func(v *Vitals) { v.Report.Waiting = ago(unreceipted - time.Second) }, nil},
		"receipt overdue":        {func(v *Vitals) { v.Report.Waiting = ago(unreceipted) }, []health.Code{health.ReceiptsLate}},
		"connected again, the collector had no time yet": {func(v *Vitals) {
			v.Report.Waiting, v.Report.Since = ago(24*time.Hour), ago(time.Minute)
		}, nil},
		"waiting without a line": {func(v *Vitals) {
			v.Report.Connected, v.Report.Since, v.Report.Waiting = false, ago(time.Hour), ago(2*time.Hour)
		}, []health.Code{health.BrokerOffline}},
		"another chain signed": {func(v *Vitals) { v.Report.Conflict = true }, []health.Code{health.RecordConflict}},
		"records below":        {func(v *Vitals) { v.Outbox.Records = 79 }, nil},
		"records filling":      {func(v *Vitals) { v.Outbox.Records = 80 }, []health.Code{health.OutboxFilling}},
		"bytes filling":        {func(v *Vitals) { v.Outbox.Bytes = 800 }, []health.Code{health.OutboxFilling}},
		"marks filling":        {func(v *Vitals) { v.Outbox.Marks = 8 }, []health.Code{health.OutboxFilling}},
		"full":                 {func(v *Vitals) { v.Outbox.Records, v.Outbox.Full = 100, true }, []health.Code{health.OutboxFull}},
		"damaged":              {func(v *Vitals) { v.Outbox.Fault = outbox.ErrDamaged }, []health.Code{health.DiskFailed}},
	} {
		t.Run(name, func(t *testing.T) {
			v := Vitals{
				HasTrust: true, Clock: credential.ClockProven, Reports: true,
				Report: report.Status{Connected: true, Since: ago(time.Hour)},
				Outbox: outbox.State{MaxRecords: 100, MaxBytes: 1000, MaxMarks: 10},
			}
			tt.change(&v)
			got := map[health.Code]bool{}
			for code, holds := range v.conditions(now) {
				if holds {
					got[code] = true
				}
			}
			want := map[health.Code]bool{}
			for _, code := range tt.want {
				want[code] = true
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestTheMonitorSetsAndClears(t *testing.T) {
	b := newBranch(t)
	b.level = credential.ClockUntrusted
	h := health.New(nil)
	v := Vitals{Outbox: b.box.State()}
	m := Monitor{Vitals: func() Vitals { return v }, Health: h, Outbox: b.box, Clock: b}
	holds := func(code health.Code) bool {
		for _, c := range h.Conditions() {
			if c.Code == code {
				return true
			}
		}
		return false
	}
	look := func() { m.look(context.Background()) }

	look()
	if !holds(health.TrustMissing) {
		t.Fatal("no trust list, and nobody is told")
	}
	v.HasTrust = true
	look()
	if holds(health.TrustMissing) {
		t.Error("the trust list came, and is missing still")
	}

	// What the state machine found by deciding is not cleared by a monitor that
	// sees nothing of it: a disk without room, say.
	h.Set(health.OutboxFull)
	look()
	if !holds(health.OutboxFull) {
		t.Error("the monitor cleared what it had not set")
	}
	v.Outbox.Full = true
	look()
	v.Outbox.Full = false
	look()
	if holds(health.OutboxFull) {
		t.Error("there is room again, and the kiosk says it is full")
	}
}

// Only a proven time can prove that a replay mark's own is over.
func TestMarksAreForgottenAtAProvenTimeOnly(t *testing.T) {
	b := newBranch(t)
	ctx := context.Background()
	tx, err := b.box.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if absent, err := tx.PutIfAbsent(ctx, sha256.Sum256([]byte("a")), b.world.Now().Add(-time.Second)); err != nil || !absent {
		t.Fatal(absent, err)
	}
	if _, err := tx.Append(func(outbox.Position) ([]byte, error) { return []byte("{}"), nil }); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	m := Monitor{Vitals: func() Vitals { return Vitals{} }, Health: health.New(nil), Outbox: b.box, Clock: b}
	for _, tt := range []struct {
		level credential.ClockLevel
		want  int
	}{{credential.ClockUntrusted, 1}, {credential.ClockPlausible, 1}, {credential.ClockProven, 0}} {
		b.level = tt.level
		m.look(ctx)
		if got := b.box.State().Marks; got != tt.want {
			t.Errorf("%v: %d marks, want %d", tt.level, got, tt.want)
		}
	}
}
