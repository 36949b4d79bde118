package collector

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"

	"github.com/dzong-id/dzong/agent/report"
)

// Stream names one chain: a kiosk's events of one epoch.
type Stream struct {
	Kiosk report.Kiosk
	Epoch string // 32 hexadecimal digits
}

// Head is where a chain ends.
type Head struct {
	Stream
	Seq  uint64   // of the newest event held; 0 = none
	Hash [32]byte // its SHA-256; zero if there is none
}

// Store keeps events. It is told only what continues a chain, and its word that
// something is durable is what kiosks delete their records on.
type Store interface {
	// Heads gives the end of every chain held.
	Heads(ctx context.Context) ([]Head, error)
	// Append keeps events behind those held of a stream, all or none. When it
	// returns nil they survive a power cut.
	Append(ctx context.Context, s Stream, events [][]byte) error
	// Event gives the exact bytes of one that is held.
	Event(ctx context.Context, s Stream, seq uint64) ([]byte, error)
}

// Memory is a [Store] that forgets everything with the process: for tests and
// the demo. The zero value is empty and ready.
type Memory struct {
	mu     sync.Mutex
	events map[Stream][][]byte
}

// Heads implements [Store].
func (m *Memory) Heads(context.Context) ([]Head, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []Head
	for s, events := range m.events {
		out = append(out, Head{Stream: s, Seq: uint64(len(events)), Hash: sha256.Sum256(events[len(events)-1])})
	}
	return out, nil
}

// Append implements [Store].
func (m *Memory) Append(_ context.Context, s Stream, events [][]byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.events == nil {
		m.events = map[Stream][][]byte{}
	}
	m.events[s] = append(m.events[s], events...)
	return nil
}

// Event implements [Store].
func (m *Memory) Event(_ context.Context, s Stream, seq uint64) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if seq < 1 || seq > uint64(len(m.events[s])) {
		return nil, fmt.Errorf("event %d of %s is not held", seq, s.Kiosk)
	}
	return m.events[s][seq-1], nil
}
