package kiosk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dzong-id/dzong/agent/decision"
	"github.com/dzong-id/dzong/agent/health"
	"github.com/dzong-id/dzong/agent/outbox"
	"github.com/dzong-id/dzong/agent/report"
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/payload"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verify"
)

// answer is a decision and what the kiosk must remember of it.
type answer struct {
	decision.Decision
	proofs [][32]byte
	seq    uint64 // 0 if nothing was recorded
}

// decide answers one scanned code. When it returns without an error, the answer
// is on disk, or it is one that is counted and not recorded.
func (k *Kiosk) decide(ctx context.Context, scanned []byte) (answer, error) {
	at, level := k.parts.Clock.Now()
	p, err := payload.Parse(scanned)
	if err != nil {
		var coded *reason.Error
		if !errors.As(err, &coded) {
			return answer{}, fmt.Errorf("read code: %w", err)
		}
		return k.count(ctx, decision.NoPresentation(coded.Code, at, level))
	}
	evaluation := k.parts.Verifier.Evaluate(k.parts.Verifier.Snapshot(), verify.Input{
		Presented: verify.One(p.Presentation),
		Policy:    k.config.Policy,
		Binding:   credential.Fresh(k.config.Audience, k.config.Window),
		At:        at,
		Clock:     level,
	})
	if evaluation.NotAPresentation() {
		codes := evaluation.Reasons()
		return k.count(ctx, decision.NoPresentation(reason.Lead(codes), at, level))
	}
	if d, ok := k.turn.knowsProof(evaluation.ReplayKeys()); ok {
		return answer{Decision: d}, nil
	}
	return k.record(ctx, evaluation)
}

// record settles an evaluation and writes it down: the replay mark and the
// record are one transaction, which is on disk when it is committed.
func (k *Kiosk) record(ctx context.Context, evaluation verify.Evaluation) (answer, error) {
	tx, err := k.parts.Outbox.Begin(ctx)
	if err != nil {
		return answer{}, err
	}
	defer tx.Rollback()
	result, err := evaluation.Settle(ctx, tx)
	if err != nil {
		return answer{}, err
	}
	d := decision.From(result)
	entry, err := tx.Append(func(pos outbox.Position) ([]byte, error) {
		d = d.WithReference(decision.Reference(pos.Epoch, pos.Seq))
		return event(d).At(pos).Encode()
	})
	if err != nil {
		return answer{}, err
	}
	if err := tx.Commit(); err != nil {
		return answer{}, err
	}
	return answer{Decision: d, proofs: evaluation.ReplayKeys(), seq: entry.Seq}, nil
}

// count answers what is no presentation. It makes no record, so that junk held
// in front of the camera cannot fill the disk.
func (k *Kiosk) count(ctx context.Context, d decision.Decision) (answer, error) {
	if err := k.parts.Outbox.Count(ctx, string(d.Lead)); err != nil {
		return answer{}, err
	}
	return answer{Decision: d}, nil
}

// recall shows a decision that was recorded and never shown: the power went in
// between. Its customer may still stand there, so a turn begins in which the
// same presentation is known again; it lasts until the decision was seen.
func (k *Kiosk) recall(ctx context.Context) {
	entry, ok, err := k.parts.Outbox.Unshown(ctx)
	if err == nil && !ok {
		return
	}
	var e report.Event
	if err == nil {
		e, err = report.ParseEvent(entry.Event)
	}
	if err != nil {
		if ctx.Err() == nil {
			k.log.Error("show what was decided before the power went", "error", err)
			k.parts.Health.Set(health.StageFailed)
		}
		return
	}
	d := fromEvent(e)
	k.turn.remember(nil, entry.Keys, d)
	k.turn.ends = k.now().Add(recallAtMost)
	k.recalled = entry.Seq
	k.show(View{Phase: Showing, Decision: d}, entry.Seq)
}

// recallAtMost is how long a recalled decision waits for a display: a browser on
// a slow board takes a minute to start.
const recallAtMost = 10 * time.Minute
