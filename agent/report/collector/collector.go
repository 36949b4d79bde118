package collector

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/dzong-id/dzong/agent/outbox"
	"github.com/dzong-id/dzong/agent/report"
)

// FindingKind is a stable word for what was wrong with events.
type FindingKind string

// The kinds of finding.
const (
	Malformed FindingKind = "malformed"       // not an event in its one form
	Gap       FindingKind = "gap"             // numbers are missing before this one, also when it was sent again
	Fork      FindingKind = "fork"            // not the event, or not the predecessor, that is held
	NewEpoch  FindingKind = "new_epoch"       // a kiosk known under another epoch began this one
	Epochs    FindingKind = "too_many_epochs" // more than anybody loses disks; refused
)

// Finding is something a person must look at.
type Finding struct {
	Kind  FindingKind
	Kiosk report.Kiosk
	Epoch string // empty if the event could not be read
	Seq   uint64 // of the first event concerned; 0 if it could not be read
}

// Answer is what came of a batch of one kiosk's events.
type Answer struct {
	Receipts []outbox.Receipt // one per epoch that may be signed for
	Findings []Finding
	Added    int // events that were new
}

// Collector checks, keeps and signs. It is safe for concurrent use. A store
// belongs to one collector.
type Collector struct {
	key   ed25519.PrivateKey
	store Store
	log   *slog.Logger

	mu     sync.Mutex
	heads  map[Stream]Head
	epochs map[report.Kiosk]int
	gaps   map[Stream]gap
}

// gap is the first event met behind one. A collector that was away for a moment
// meets a kiosk in mid-stream: the kiosk gets no receipt, sends everything again
// from behind the last, and the gap is none. Only if the same event comes again
// and the chain has not moved, what is missing was not sent: then it is reported.
type gap struct {
	head uint64 // where the chain ended
	seq  uint64 // what came instead of the next
}

// maxEpochs bounds the epochs of one kiosk: each is a file, and whoever can
// publish in a kiosk's name could begin one after the other.
const maxEpochs = 64

// maxGaps bounds the gaps remembered of chains of which nothing is held.
const maxGaps = 10_000

// New makes a collector that signs with key and goes on where store ends.
// A nil logger is silent.
func New(ctx context.Context, store Store, key ed25519.PrivateKey, logger *slog.Logger) (*Collector, error) {
	if len(key) != ed25519.PrivateKeySize {
		return nil, errors.New("new collector: the key is no Ed25519 private key")
	}
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	heads, err := store.Heads(ctx)
	if err != nil {
		return nil, fmt.Errorf("new collector: %w", err)
	}
	c := &Collector{key: key, store: store, log: logger, heads: map[Stream]Head{}, epochs: map[report.Kiosk]int{}, gaps: map[Stream]gap{}}
	for _, h := range heads {
		c.heads[h.Stream] = h
		c.epochs[h.Kiosk]++
	}
	return c, nil
}

// Receipts gives the receipt of every stream held, for kiosks that missed
// theirs.
func (c *Collector) Receipts() map[report.Kiosk][]outbox.Receipt {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := map[report.Kiosk][]outbox.Receipt{}
	for s, h := range c.heads {
		out[s.Kiosk] = append(out[s.Kiosk], c.sign(h))
	}
	return out
}

// Accept takes events of one kiosk, in the order they came. It returns when all
// that continue a chain are durable. The error is the store's: then nothing of
// the batch is signed for, and the kiosk sends it again.
func (c *Collector) Accept(ctx context.Context, kiosk report.Kiosk, events ...[]byte) (Answer, error) {
	if err := kiosk.Check(); err != nil {
		return Answer{}, fmt.Errorf("accept events: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	b := &batch{c: c, kiosk: kiosk, streams: map[string]*progress{}}
	for _, data := range events {
		if err := b.take(ctx, data); err != nil {
			return Answer{}, fmt.Errorf("accept events of %s: %w", kiosk, err)
		}
	}
	for _, epoch := range b.order {
		p := b.streams[epoch]
		if len(p.fresh) > 0 {
			if err := c.store.Append(ctx, p.head.Stream, p.fresh); err != nil {
				return Answer{}, fmt.Errorf("accept events of %s: %w", kiosk, err)
			}
			if _, known := c.heads[p.head.Stream]; !known {
				c.epochs[kiosk]++
			}
			c.heads[p.head.Stream] = p.head
			delete(c.gaps, p.head.Stream)
			b.answer.Added += len(p.fresh)
		}
		if p.good {
			b.answer.Receipts = append(b.answer.Receipts, c.sign(p.head))
		}
	}
	return b.answer, nil
}

func (c *Collector) sign(h Head) outbox.Receipt {
	return outbox.Receipt{Epoch: h.Epoch, UpToSeq: h.Seq, HeadHash: h.Hash}.Sign(h.Kiosk.String(), c.key)
}

// batch is one call of Accept.
type batch struct {
	c       *Collector
	kiosk   report.Kiosk
	streams map[string]*progress // by epoch
	order   []string
	answer  Answer
}

// progress is how far a chain reaches with the batch, before it is durable.
type progress struct {
	head  Head
	fresh [][]byte
	good  bool // something in the batch is held, or will be
}

// take checks one event against its chain.
func (b *batch) take(ctx context.Context, data []byte) error {
	e, err := report.ParseEvent(data)
	if err != nil {
		b.found(Malformed, "", 0)
		return nil //nolint:nilerr // a finding is the answer
	}
	p, ok := b.stream(e.Epoch)
	if !ok {
		b.found(Epochs, e.Epoch, e.Seq)
		return nil
	}
	switch next := p.head.Seq + 1; {
	case e.Seq > next:
		b.gap(p.head, e.Seq)
	case e.Seq == next && e.PrevHash != p.head.Hash:
		b.found(Fork, e.Epoch, e.Seq)
	case e.Seq == next:
		if e.Seq == 1 && b.c.epochs[b.kiosk] > 0 {
			b.found(NewEpoch, e.Epoch, e.Seq)
		}
		p.fresh = append(p.fresh, append([]byte(nil), data...))
		p.head.Seq, p.head.Hash, p.good = e.Seq, sha256.Sum256(data), true
	default:
		held, err := b.held(ctx, p, e.Seq)
		if err != nil {
			return err
		}
		if bytes.Equal(held, data) {
			p.good = true
		} else {
			b.found(Fork, e.Epoch, e.Seq)
		}
	}
	return nil
}

// gap notes an event behind a gap, and reports it the second time.
func (b *batch) gap(head Head, seq uint64) {
	switch g, met := b.c.gaps[head.Stream]; {
	case !met || g.head != head.Seq || seq < g.seq:
		if _, known := b.c.heads[head.Stream]; !known && len(b.c.gaps) >= maxGaps {
			b.found(Gap, head.Epoch, seq) // a flood of epochs: no more is remembered
			return
		}
		b.c.gaps[head.Stream] = gap{head: head.Seq, seq: seq}
	case g.seq == seq:
		b.found(Gap, head.Epoch, seq)
	}
}

// held is the event under a number that is taken, in the store or in this batch.
func (b *batch) held(ctx context.Context, p *progress, seq uint64) ([]byte, error) {
	if first := p.head.Seq - uint64(len(p.fresh)) + 1; seq >= first {
		return p.fresh[seq-first], nil
	}
	return b.c.store.Event(ctx, p.head.Stream, seq)
}

// stream gives the chain of an epoch, false if the kiosk has too many.
func (b *batch) stream(epoch string) (*progress, bool) {
	if p, ok := b.streams[epoch]; ok {
		return p, true
	}
	s := Stream{Kiosk: b.kiosk, Epoch: epoch}
	h, known := b.c.heads[s]
	if !known && b.c.epochs[b.kiosk]+len(b.streams) >= maxEpochs {
		return nil, false
	}
	h.Stream = s
	p := &progress{head: h}
	b.streams[epoch] = p
	b.order = append(b.order, epoch)
	return p, true
}

// found notes a finding, once per kind and epoch in a batch: what follows a gap
// is behind the same gap.
func (b *batch) found(kind FindingKind, epoch string, seq uint64) {
	for _, f := range b.answer.Findings {
		if f.Kind == kind && f.Epoch == epoch {
			return
		}
	}
	b.answer.Findings = append(b.answer.Findings, Finding{Kind: kind, Kiosk: b.kiosk, Epoch: epoch, Seq: seq})
}
