package outbox

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Position is where the next record stands in the chain. Its fields belong into
// the record, so that whoever reads it can check the chain.
type Position struct {
	Epoch    string   // 32 hexadecimal digits
	Seq      uint64   // from 1
	PrevHash [32]byte // SHA-256 of the previous event; zero for the first
}

// Entry is one record.
type Entry struct {
	Epoch string
	Seq   uint64
	Hash  [32]byte // SHA-256 of Event
	Event []byte
	// Keys are the replay keys that were asked for in the record's transaction,
	// whether they were absent or not: by them the same presentation is known
	// again.
	Keys [][32]byte
}

// Tx is one decision being recorded: its replay marks and its one record,
// together or not at all. It holds the database until Commit or Rollback, and is
// for one goroutine. It satisfies verify.ReplayStore.
type Tx struct {
	b     *Outbox
	tx    *sql.Tx
	ctx   context.Context
	chain chain
	keys  []byte
	marks int
	wrote bool
	done  bool
}

// Begin begins a transaction, waiting for another to end. It answers [ErrFull]
// when there is no room, before anything has been decided. ctx covers the whole
// transaction: when it ends before Commit, everything is rolled back.
func (b *Outbox) Begin(ctx context.Context) (*Tx, error) {
	tx, err := b.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("begin decision record: %w", b.fail(err))
	}
	b.mu.Lock()
	full := b.full()
	b.mu.Unlock()
	if full {
		_ = tx.Rollback()
		return nil, fmt.Errorf("begin decision record: %w", ErrFull)
	}
	c, err := readChain(ctx, tx)
	if err != nil {
		_ = tx.Rollback()
		return nil, fmt.Errorf("begin decision record: %w", b.fail(err))
	}
	return &Tx{b: b, tx: tx, ctx: ctx, chain: c}, nil
}

// PutIfAbsent marks key as used until then and reports whether it was not used
// before. The answer holds if the transaction is committed; if not, the mark is
// gone.
func (t *Tx) PutIfAbsent(ctx context.Context, key [32]byte, until time.Time) (bool, error) {
	if err := t.open(); err != nil {
		return false, fmt.Errorf("put replay mark: %w", err)
	}
	t.keys = append(t.keys, key[:]...)
	res, err := t.tx.ExecContext(ctx, `INSERT INTO mark (key, until) VALUES (?, ?) ON CONFLICT DO NOTHING`, key[:], until.Unix())
	if err != nil {
		return false, fmt.Errorf("put replay mark: %w", t.b.fail(err))
	}
	n, err := res.RowsAffected()
	if err != nil {
		return false, fmt.Errorf("put replay mark: %w", err)
	}
	t.marks += int(n)
	return n == 1, nil
}

// Append adds the record of the decision: build gets its position and gives its
// bytes, at most [MaxEvent]. Once per transaction, after the marks.
func (t *Tx) Append(build func(Position) ([]byte, error)) (Entry, error) {
	if err := t.open(); err != nil {
		return Entry{}, fmt.Errorf("append decision record: %w", err)
	}
	if t.wrote {
		return Entry{}, errors.New("append decision record: this transaction has its record already; begin another")
	}
	pos := Position{Epoch: t.chain.epoch, Seq: t.chain.headSeq + 1, PrevHash: t.chain.headHash}
	event, err := build(pos)
	if err != nil {
		return Entry{}, fmt.Errorf("append decision record %d: %w", pos.Seq, err)
	}
	if len(event) == 0 || len(event) > MaxEvent {
		return Entry{}, fmt.Errorf("append decision record %d: %d bytes, want 1 to %d", pos.Seq, len(event), MaxEvent)
	}
	event = append([]byte(nil), event...)
	e := Entry{Epoch: pos.Epoch, Seq: pos.Seq, Hash: sha256.Sum256(event), Event: event, Keys: splitKeys(t.keys)}
	if t.keys == nil {
		t.keys = []byte{} // NULL is not an empty list of keys
	}
	if _, err := t.tx.ExecContext(t.ctx, `INSERT INTO record (seq, prev, event, keys, shown) VALUES (?, ?, ?, ?, 0)`,
		e.Seq, pos.PrevHash[:], event, t.keys); err != nil {
		return Entry{}, fmt.Errorf("append decision record %d: %w", e.Seq, t.b.fail(err))
	}
	if _, err := t.tx.ExecContext(t.ctx, `UPDATE chain SET head_seq = ?, head_hash = ?, records = records + 1, bytes = bytes + ?`,
		e.Seq, e.Hash[:], len(event)); err != nil {
		return Entry{}, fmt.Errorf("append decision record %d: %w", e.Seq, t.b.fail(err))
	}
	t.wrote = true
	t.chain.headSeq, t.chain.headHash = e.Seq, e.Hash
	t.chain.records++
	t.chain.bytes += int64(len(event))
	return e, nil
}

// Commit makes the marks and the record durable. Only when it returns nil may
// the decision be shown. After an error nothing may be shown; whether it is on
// the disk is then known only after the outbox is opened again, where it would
// be found as a decision never shown. A transaction without a record is refused:
// a mark alone would turn somebody away for a decision nobody can find.
func (t *Tx) Commit() error {
	if err := t.open(); err != nil {
		return fmt.Errorf("commit decision record: %w", err)
	}
	if !t.wrote {
		t.Rollback()
		return errors.New("commit decision record: nothing was appended; roll back instead")
	}
	t.done = true
	// The new state is published while the database is still held: whoever
	// begins next finds it. A failed commit leaves the old one.
	t.b.mu.Lock()
	defer t.b.mu.Unlock()
	if err := t.tx.Commit(); err != nil {
		err = classify(err)
		if errors.Is(err, ErrDamaged) {
			t.b.fault = ErrDamaged
		}
		return fmt.Errorf("commit decision record %d: %w", t.chain.headSeq, err)
	}
	t.b.state = t.chain
	t.b.marks += t.marks
	return nil
}

// Rollback ends the transaction and forgets it. After Commit it does nothing, so
// it can be deferred.
func (t *Tx) Rollback() {
	if !t.done {
		t.done = true
		_ = t.tx.Rollback() // what fails here is rolled back when the file is opened again
	}
}

func (t *Tx) open() error {
	if t.done {
		return errors.New("the transaction has ended")
	}
	return t.ctx.Err()
}

func splitKeys(b []byte) [][32]byte {
	var keys [][32]byte
	for ; len(b) >= 32; b = b[32:] {
		keys = append(keys, [32]byte(b[:32]))
	}
	return keys
}
