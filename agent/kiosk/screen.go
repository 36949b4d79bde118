package kiosk

import (
	"github.com/dzong-id/dzong/agent/health"
	"github.com/dzong-id/dzong/agent/web"
)

// Screen makes the kiosk's own web screen a [Display], with the health
// conditions beside the decision.
func Screen(s *web.Screen, h *health.Tracker) Display { return screen{s, h} }

type screen struct {
	web    *web.Screen
	health *health.Tracker
}

func (s screen) Show(v View, seen func()) {
	delivery := s.web.Show(s.view(v))
	if seen == nil {
		return
	}
	go func() {
		<-delivery.Done()
		if _, handed := delivery.Handed(); handed {
			seen()
		}
	}()
}

func (s screen) view(v View) web.View {
	out := web.View{AsOf: v.Knowledge, Turn: v.Left, Notices: s.health.Conditions()}
	switch v.Phase {
	case Scanning:
		out.Phase = web.Scanning
	case Deciding:
		out.Phase = web.Deciding
	case Blocked:
		out.Phase, out.Condition = web.Blocked, v.Blocker
	case Showing:
		out.Phase = web.Showing
		out.Code, out.Reference = v.Decision.Lead, v.Decision.Reference
		if !v.Decision.AsOf.IsZero() {
			out.AsOf = v.Decision.AsOf
		}
		switch {
		case v.Unread:
			out.Kind = web.Unreadable
		case v.Decision.NotAPresentation:
			out.Kind = web.NotACredential
		default:
			out.Kind = web.KindOf(v.Decision.Outcome)
		}
	}
	return out
}
