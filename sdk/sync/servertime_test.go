package sync_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/sync"
)

func TestServerTime(t *testing.T) {
	told := time.Date(2026, 11, 2, 9, 5, 0, 0, time.UTC)
	date := func(w http.ResponseWriter) { w.Header().Set("Date", told.Format(http.TimeFormat)) }
	for name, tt := range map[string]struct {
		answer func(http.ResponseWriter)
		want   bool
	}{
		"an answer with a date":     {date, true},
		"a refusal with a date":     {func(w http.ResponseWriter) { date(w); w.WriteHeader(http.StatusServiceUnavailable) }, true},
		"unchanged, with a date":    {func(w http.ResponseWriter) { date(w); w.WriteHeader(http.StatusNotModified) }, true},
		"from a cache":              {func(w http.ResponseWriter) { date(w); w.Header().Set("Age", "7200") }, false},
		"from a cache, just now":    {func(w http.ResponseWriter) { date(w); w.Header().Set("Age", "0") }, false},
		"without a date":            {func(w http.ResponseWriter) { w.Header()["Date"] = nil }, false},
		"a date that is none":       {func(w http.ResponseWriter) { w.Header().Set("Date", "today") }, false},
		"a date in another writing": {func(w http.ResponseWriter) { w.Header().Set("Date", told.Format(time.RFC3339)) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			s.answer("/trust", func(w http.ResponseWriter, _ *http.Request) { tt.answer(w) })
			got := map[string]time.Time{}
			s.once(t, sync.ServerTime(func(resource string, at time.Time) { got[resource] = at }))
			want := map[string]time.Time{}
			if tt.want {
				want[cache.TrustResource] = told
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// A list that was asked for is named as what it is, so that a caller can listen
// to the trust authority's server alone.
func TestServerTimeNamesTheResource(t *testing.T) {
	s := newScene(t)
	got := map[string]bool{}
	s.once(t, sync.ServerTime(func(resource string, at time.Time) {
		if time.Since(at).Abs() > time.Minute {
			t.Errorf("%s tells %v", resource, at)
		}
		got[resource] = true
	}))
	if d := cmp.Diff(map[string]bool{cache.TrustResource: true, s.list1: true, s.list2: true}, got); d != "" {
		t.Error(d)
	}
}
