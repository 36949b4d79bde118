package outbox

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Pending gives the oldest records that wait to be sent, at most limit: those
// neither signed for nor marked as sent.
func (b *Outbox) Pending(ctx context.Context, limit int) ([]Entry, error) {
	b.mu.Lock()
	after, epoch := max(b.sent, b.state.relSeq), b.state.epoch
	b.mu.Unlock()
	rows, err := b.db.QueryContext(ctx, `SELECT seq, event, keys FROM record WHERE seq > ? ORDER BY seq LIMIT ?`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read waiting records: %w", b.fail(err))
	}
	defer func() { _ = rows.Close() }()
	var out []Entry
	for rows.Next() {
		e := Entry{Epoch: epoch}
		var keys []byte
		if err := rows.Scan(&e.Seq, &e.Event, &keys); err != nil {
			return nil, fmt.Errorf("read waiting records: %w", b.fail(err))
		}
		e.Hash, e.Keys = sha256.Sum256(e.Event), splitKeys(keys)
		out = append(out, e)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read waiting records: %w", b.fail(err))
	}
	return out, nil
}

// MarkSent notes that a broker has acknowledged every record up to seq. It frees
// nothing and is never written down: it only keeps Pending from giving them
// again, until ForgetSent.
func (b *Outbox) MarkSent(seq uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sent = max(b.sent, min(seq, b.state.headSeq))
}

// ForgetSent makes Pending start again behind what the collector signed for:
// after a reconnect, and when its receipt is overdue.
func (b *Outbox) ForgetSent() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sent = b.state.relSeq
}

// Unshown gives the oldest decision that was recorded and not marked as shown:
// after a power cut, the one whose customer saw nothing. false means there is
// none. It stays available also when the collector has signed for it.
func (b *Outbox) Unshown(ctx context.Context) (Entry, bool, error) {
	b.mu.Lock()
	e := Entry{Epoch: b.state.epoch}
	b.mu.Unlock()
	var keys []byte
	err := b.db.QueryRowContext(ctx, `SELECT seq, event, keys FROM record WHERE shown = 0 ORDER BY seq LIMIT 1`).
		Scan(&e.Seq, &e.Event, &keys)
	if errors.Is(err, sql.ErrNoRows) {
		return Entry{}, false, nil
	}
	if err != nil {
		return Entry{}, false, fmt.Errorf("read decision not shown: %w", b.fail(err))
	}
	e.Hash, e.Keys = sha256.Sum256(e.Event), splitKeys(keys)
	return e, true, nil
}

// MarkShown notes that the decision seq was on the screen. Marking one twice, or
// one that is gone, does nothing.
func (b *Outbox) MarkShown(ctx context.Context, seq uint64) error {
	tx, err := b.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("mark decision %d as shown: %w", seq, b.fail(err))
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, `UPDATE record SET shown = 1 WHERE seq = ? AND shown = 0`, seq); err != nil {
		return fmt.Errorf("mark decision %d as shown: %w", seq, b.fail(err))
	}
	// If a receipt came in between, only the screen still needed it.
	if _, err := tx.ExecContext(ctx, `DELETE FROM record WHERE seq = ? AND seq <= (SELECT released_seq FROM chain)`, seq); err != nil {
		return fmt.Errorf("mark decision %d as shown: %w", seq, b.fail(err))
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("mark decision %d as shown: %w", seq, b.fail(err))
	}
	return nil
}

// pruneBatch bounds how long one PruneMarks keeps a decision waiting.
const pruneBatch = 2000

// PruneMarks forgets replay marks whose time was over before proven, and gives
// how many. proven must be a time that is proven, never one a clock merely
// shows: a clock that runs ahead would let every old code pass again. Long lists
// take several calls; 0 means none is left.
func (b *Outbox) PruneMarks(ctx context.Context, proven time.Time) (int, error) {
	res, err := b.db.ExecContext(ctx,
		`DELETE FROM mark WHERE key IN (SELECT key FROM mark WHERE until < ? LIMIT ?)`, proven.Unix(), pruneBatch)
	if err != nil {
		return 0, fmt.Errorf("prune replay marks: %w", b.fail(err))
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("prune replay marks: %w", err)
	}
	b.mu.Lock()
	b.marks -= int(n)
	b.mu.Unlock()
	return int(n), nil
}
