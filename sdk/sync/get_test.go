package sync

import (
	"net/http"
	"testing"
	"time"
)

func TestAnAnswerThatWasLongOnItsWayTellsNoTime(t *testing.T) {
	h := http.Header{"Date": {"Mon, 02 Nov 2026 09:05:00 GMT"}}
	if _, ok := serverTime(h, promptly); !ok {
		t.Error("a prompt answer tells no time")
	}
	if _, ok := serverTime(h, promptly+time.Nanosecond); ok {
		t.Error("a late answer tells the time")
	}
}
