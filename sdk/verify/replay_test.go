package verify

import (
	"context"
	"crypto/sha256"
	"fmt"
	"testing"
	"time"
)

func TestMemoryReplayForgetsOnlyWhatIsOver(t *testing.T) {
	ctx := context.Background()
	m := NewMemoryReplay()
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	key := func(n int) [32]byte { return sha256.Sum256(fmt.Append(nil, n)) }
	for n := range 5000 { // one a minute, three and a half days
		at := start.Add(time.Duration(n) * time.Minute)
		if absent, err := m.PutIfAbsent(ctx, key(n), at.Add(markLife)); err != nil || !absent {
			t.Fatalf("key %d: absent %v, %v", n, absent, err)
		}
	}
	if len(m.marks) == 5000 {
		t.Error("nothing was ever forgotten")
	}
	inForce := int(markLife / time.Minute)
	for n := 5000 - inForce; n < 5000; n++ {
		if absent, _ := m.PutIfAbsent(ctx, key(n), start); absent {
			t.Fatalf("key %d was forgotten before its time", n)
		}
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if absent, err := m.PutIfAbsent(cancelled, key(9999), start); absent || err == nil {
		t.Errorf("after cancellation: %v, %v", absent, err)
	}
}
