package kiosk

import (
	"context"
	"log/slog"
	"time"

	"github.com/dzong-id/dzong/agent/health"
	"github.com/dzong-id/dzong/agent/outbox"
	"github.com/dzong-id/dzong/agent/report"
	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/credential"
)

// Vitals is what the kiosk's parts say of themselves at one moment.
type Vitals struct {
	Clock       credential.ClockLevel
	HasTrust    bool            // a trust list is at hand, however old
	Missing     []cache.Missing // what ought to be known and is not
	SyncFailing bool            // the last attempt to fetch or import something failed
	Outbox      outbox.State
	Reports     bool // there is a broker to report to
	Report      report.Status
}

// A line that comes and goes is this kiosk's normal state: it is told after
// unconnected, so that the screen does not flicker with it. A collector that has
// been within reach for unreceipted and has not signed is told.
const (
	unconnected = 15 * time.Second
	unreceipted = 10 * time.Minute
)

// conditions says of every condition the monitor answers for whether it holds.
func (v Vitals) conditions(now time.Time) map[health.Code]bool {
	stale, incomplete := false, false
	for _, m := range v.Missing {
		if m.Resource == cache.TrustResource {
			stale = true
		} else {
			incomplete = true
		}
	}
	late := v.Report.Since
	if v.Report.Waiting.After(late) {
		late = v.Report.Waiting
	}
	return map[health.Code]bool{
		health.TrustMissing:     !v.HasTrust,
		health.TrustStale:       v.HasTrust && stale,
		health.StatusIncomplete: incomplete,
		health.SyncFailing:      v.SyncFailing,
		health.ClockUntrusted:   v.Clock != credential.ClockProven && v.Clock != credential.ClockPlausible,
		health.ClockUnproven:    v.Clock == credential.ClockPlausible,
		health.OutboxFull:       v.Outbox.Full,
		health.OutboxFilling:    !v.Outbox.Full && filling(v.Outbox),
		health.DiskFailed:       v.Outbox.Fault != nil,
		health.BrokerOffline:    v.Reports && !v.Report.Connected && now.Sub(v.Report.Since) >= unconnected,
		health.ReceiptsLate: v.Reports && v.Report.Connected && !v.Report.Waiting.IsZero() &&
			now.Sub(late) >= unreceipted,
		health.RecordConflict: v.Reports && v.Report.Conflict,
	}
}

// filling says that four fifths of the room for records or replay marks are
// taken.
func filling(s outbox.State) bool {
	return 5*int64(s.Records) >= 4*int64(s.MaxRecords) || 5*s.Bytes >= 4*s.MaxBytes || 5*int64(s.Marks) >= 4*int64(s.MaxMarks)
}

// Monitor looks at the parts that no stage looks at for itself, and keeps health
// true. It is for one goroutine.
type Monitor struct {
	// Vitals asks the parts. It must not block.
	Vitals func() Vitals
	Health *health.Tracker
	// Outbox has replay marks to forget, and Clock says whether it may: only a
	// proven time can prove that a mark's own is over.
	Outbox *outbox.Outbox
	Clock  Clock
	// Every is how often it looks: 5 s if zero. Woken makes it look at once; nil:
	// nothing does.
	Every time.Duration
	Woken <-chan struct{}
	// Logger is silent if nil.
	Logger *slog.Logger

	held   map[health.Code]bool
	pruned time.Time
}

// pruneEvery is how often replay marks whose time is over are forgotten. A mark
// lives for minutes or hours, and there is room for months of them.
const pruneEvery = 10 * time.Minute

// Run looks, now and again, until ctx ends.
func (m *Monitor) Run(ctx context.Context) {
	every := m.Every
	if every <= 0 {
		every = 5 * time.Second
	}
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		m.look(ctx)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-m.Woken:
		}
	}
}

func (m *Monitor) look(ctx context.Context) {
	v := m.Vitals()
	if m.held == nil {
		m.held = map[health.Code]bool{}
	}
	for code, holds := range v.conditions(time.Now()) {
		// A full outbox and a disk that fails are found by deciding, too: what the
		// state machine has set is its own to clear.
		shared := code == health.OutboxFull || code == health.DiskFailed
		if !shared || holds || m.held[code] {
			m.Health.Put(code, holds)
		}
		m.held[code] = holds
	}
	m.prune(ctx)
}

func (m *Monitor) prune(ctx context.Context) {
	at, level := m.Clock.Now()
	if level != credential.ClockProven || !m.pruned.IsZero() && time.Since(m.pruned) < pruneEvery {
		return
	}
	m.pruned = time.Now()
	for {
		n, err := m.Outbox.PruneMarks(ctx, at)
		if err != nil && ctx.Err() == nil && m.Logger != nil {
			m.Logger.Warn("forget replay marks", "error", err)
		}
		if err != nil || n == 0 {
			return
		}
	}
}
