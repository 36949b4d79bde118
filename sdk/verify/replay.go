package verify

import (
	"context"
	"sync"
	"time"
)

// ReplayStore remembers which proofs of possession were used. The key is the
// SHA-256 of what the holder signed, never of the signature: ECDSA signatures
// can be altered by anybody and stay valid.
//
// PutIfAbsent atomically inserts key and reports whether it was absent. The mark
// may be forgotten after until. Implementations are safe for concurrent use.
type ReplayStore interface {
	PutIfAbsent(ctx context.Context, key [32]byte, until time.Time) (absent bool, err error)
}

// MemoryReplay is a [ReplayStore] in memory: for one process, forgetting
// everything when it ends. The zero value is not usable; see [NewMemoryReplay].
type MemoryReplay struct {
	mu      sync.Mutex
	marks   map[[32]byte]time.Time
	newest  time.Time
	pruneAt int
}

// NewMemoryReplay makes an empty store.
func NewMemoryReplay() *MemoryReplay {
	return &MemoryReplay{marks: map[[32]byte]time.Time{}, pruneAt: 1024}
}

// PutIfAbsent implements [ReplayStore]. Memory is bounded by the marks whose
// time has not passed: expired ones are dropped whenever the number of marks
// has doubled, which costs amortised constant time per call.
func (m *MemoryReplay) PutIfAbsent(ctx context.Context, key [32]byte, until time.Time) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, used := m.marks[key]; used {
		return false, nil
	}
	m.marks[key] = until
	// until lies markLife after the decision, so the newest until tells the
	// newest decision without asking a clock.
	if until.After(m.newest) {
		m.newest = until
	}
	if len(m.marks) >= m.pruneAt {
		now := m.newest.Add(-markLife)
		for k, u := range m.marks {
			if u.Before(now) {
				delete(m.marks, k)
			}
		}
		m.pruneAt = max(1024, 2*len(m.marks))
	}
	return true, nil
}
