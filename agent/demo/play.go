package demo

import (
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"github.com/dzong-id/dzong/agent/kiosk"
	"github.com/dzong-id/dzong/agent/report"
	"github.com/dzong-id/dzong/drivers/camera/cameratest"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Report is what came of a scene. Outcome and reasons are read back from the
// broker where a record is due.
type Report struct {
	Scene             string        `json:"scene"`
	Outcome           string        `json:"outcome"`
	Reasons           []reason.Code `json:"reasons"`
	EventSeq          *uint64       `json:"event_seq"`
	FrameToDecisionMS float64       `json:"frame_to_decision_ms"`
	FrameToScreenMS   float64       `json:"frame_to_screen_ms"`
	OK                bool          `json:"ok"`
}

// patience is how long anything in the demonstration may take.
const patience = 15 * time.Second

// play puts a scene before the camera and reports what came of it.
func (s *stand) play(ctx context.Context, scene Scene, shots []cameratest.Shot, pause time.Duration) (Report, error) {
	before := s.box.State().HeadSeq
	if err := s.clock.set(scene.Clock, time.Time{}); err != nil {
		return Report{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience+pause)
	defer cancel()
	shown := make(chan error, 1)
	go func() { shown <- s.stage.Show(ctx, shots) }()
	view, err := s.waitFor(ctx, kiosk.Showing)
	if err != nil {
		return Report{}, errors.Join(errors.New("the screen showed nothing"), err)
	}
	r := Report{
		Scene:             scene.Name,
		Reasons:           []reason.Code{},
		FrameToDecisionMS: milliseconds(view.Decided.Sub(view.Frame)),
		FrameToScreenMS:   milliseconds(view.at.Sub(view.Frame)),
	}
	switch {
	case view.Unread:
		r.Outcome = unreadable
	case view.Decision.NotAPresentation:
		r.Outcome = notACredential
		r.Reasons = view.Decision.Reasons
	default:
		e, err := s.event(ctx)
		if err != nil {
			return Report{}, errors.Join(errors.New("no event reached the broker"), err)
		}
		r.Outcome, r.EventSeq = e.Outcome.String(), &e.Seq
		r.Reasons = append(r.Reasons, e.Reasons...)
		r.OK = e.Reference == view.Decision.Reference && e.Outcome == view.Decision.Outcome
	}
	if err := <-shown; err != nil {
		return Report{}, err
	}
	// The phone is taken away before the screen is cleared: whoever still holds it
	// up afterwards shows it again.
	if err := wait(ctx, pause+leave); err != nil {
		return Report{}, err
	}
	recorded := s.box.State().HeadSeq - before
	r.OK = (r.OK && recorded == 1 || !scene.Recorded && recorded == 0 && r.EventSeq == nil) &&
		r.Outcome == scene.Outcome && slices.Equal(r.Reasons, scene.Reasons)
	s.kiosk.Clear()
	if _, err := s.waitFor(ctx, kiosk.Idle); err != nil {
		return Report{}, errors.Join(errors.New("the screen did not clear"), err)
	}
	return r, wait(ctx, absent)
}

const (
	leave  = 300 * time.Millisecond // a phone is out of sight
	absent = 800 * time.Millisecond // and so long that it counts as new
)

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// waitFor gives the next view of a phase that could be seen.
func (s *stand) waitFor(ctx context.Context, phase kiosk.Phase) (seenView, error) {
	for {
		select {
		case <-ctx.Done():
			return seenView{}, ctx.Err()
		case v := <-s.views:
			if v.Phase == phase {
				return v, nil
			}
		}
	}
}

func (s *stand) event(ctx context.Context) (report.Event, error) {
	select {
	case <-ctx.Done():
		return report.Event{}, ctx.Err()
	case e := <-s.events:
		return e, nil
	}
}

func milliseconds(d time.Duration) float64 {
	return math.Round(float64(d)/float64(time.Millisecond)*10) / 10
}
