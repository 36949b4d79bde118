package outbox

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"sync"
	"time"
)

// Bounds of the counters: what they cost on disk is fixed, whatever is held in
// front of the camera.
const (
	maxCodes = 32      // distinct codes; ours is a closed set
	maxHours = 24 * 14 // two weeks by the hour, what is older by its sum
)

// Counter is how often something that is no presentation was met.
type Counter struct {
	Code string
	Hour time.Time // the hour it was counted in, UTC; zero for the sum of all before
	N    uint64
}

// counter collects in memory and writes now and then.
type counter struct {
	flush   sync.Mutex
	mu      sync.Mutex
	box     *Outbox
	waiting map[counterKey]uint64
	codes   map[string]bool
	timer   *time.Timer
	stopped bool
}

type counterKey struct {
	code string
	hour int64
}

func (c *counter) start(b *Outbox) {
	c.box, c.waiting, c.codes = b, map[counterKey]uint64{}, map[string]bool{}
}

// Count counts one occurrence of code, a reason code of what was no presentation
// at all. It returns at once: it is written with others, at most every
// Options.CountEvery; the context is not waited on. Junk held in front of a camera for a day costs one row an
// hour.
func (b *Outbox) Count(_ context.Context, code string) error {
	if !validCode(code) {
		return errors.New("count: a code is 1 to 64 of a-z, 0-9 and _")
	}
	c := &b.counter
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.codes[code] && len(c.codes) >= maxCodes {
		return fmt.Errorf("count: more than %d different codes", maxCodes)
	}
	if c.stopped {
		return errors.New("count: the outbox is closed")
	}
	c.codes[code] = true
	c.waiting[counterKey{code, b.o.Now().Truncate(time.Hour).Unix()}]++
	if c.timer == nil {
		c.timer = time.AfterFunc(b.o.CountEvery, func() {
			if err := b.flushCounts(context.Background()); err != nil {
				b.log.Error("counters were not written; they stay in memory", "error", err)
			}
		})
	}
	return nil
}

// Counts gives all counters, oldest first, with those not yet written.
func (b *Outbox) Counts(ctx context.Context) ([]Counter, error) {
	if err := b.flushCounts(ctx); err != nil {
		return nil, err
	}
	rows, err := b.db.QueryContext(ctx, `SELECT code, hour, n FROM counter ORDER BY hour, code`)
	if err != nil {
		return nil, fmt.Errorf("read counters: %w", b.fail(err))
	}
	defer func() { _ = rows.Close() }()
	var out []Counter
	for rows.Next() {
		var n Counter
		var hour int64
		if err := rows.Scan(&n.Code, &hour, &n.N); err != nil {
			return nil, fmt.Errorf("read counters: %w", b.fail(err))
		}
		if hour != 0 {
			n.Hour = time.Unix(hour, 0).UTC()
		}
		out = append(out, n)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read counters: %w", b.fail(err))
	}
	return out, nil
}

// flushCounts writes what waits. On failure it waits on.
func (b *Outbox) flushCounts(ctx context.Context) error {
	c := &b.counter
	c.flush.Lock() // Close must not take the database from under a write
	defer c.flush.Unlock()
	c.mu.Lock()
	taken := c.waiting
	c.waiting = map[counterKey]uint64{}
	if c.timer != nil {
		c.timer.Stop()
		c.timer = nil
	}
	c.mu.Unlock()
	if len(taken) == 0 {
		return nil
	}
	err := b.writeCounts(ctx, taken)
	if err != nil {
		c.mu.Lock()
		for k, n := range taken {
			c.waiting[k] += n
		}
		c.mu.Unlock()
		return fmt.Errorf("write counters: %w", b.fail(err))
	}
	return nil
}

func (b *Outbox) writeCounts(ctx context.Context, taken map[counterKey]uint64) error {
	tx, err := b.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	keys := make([]counterKey, 0, len(taken))
	for k := range taken {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		return keys[i].hour < keys[j].hour || keys[i].hour == keys[j].hour && keys[i].code < keys[j].code
	})
	const add = `INSERT INTO counter (code, hour, n) VALUES (?, ?, ?) ON CONFLICT (code, hour) DO UPDATE SET n = n + excluded.n`
	for _, k := range keys {
		if _, err := tx.ExecContext(ctx, add, k.code, k.hour, taken[k]); err != nil {
			return err
		}
	}
	// Of each code the newest hours are kept; the older become one sum. Hours
	// are ranked, not compared with now: a clock that jumped must not turn
	// today's counters into yesterday's.
	const old = `SELECT code, hour, n FROM (
		SELECT code, hour, n, row_number() OVER (PARTITION BY code ORDER BY hour DESC) AS nth FROM counter WHERE hour <> 0
	) WHERE nth > ?`
	if _, err := tx.ExecContext(ctx, `INSERT INTO counter (code, hour, n)
		SELECT code, 0, sum(n) FROM (`+old+`) WHERE true GROUP BY code
		ON CONFLICT (code, hour) DO UPDATE SET n = n + excluded.n`, maxHours); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM counter WHERE (code, hour) IN (SELECT code, hour FROM (`+old+`))`, maxHours); err != nil {
		return err
	}
	return tx.Commit()
}

// stop writes what waits and refuses what comes after.
func (c *counter) stop() error {
	if c.box == nil {
		return nil
	}
	c.mu.Lock()
	c.stopped = true
	c.mu.Unlock()
	return c.box.flushCounts(context.Background())
}

func validCode(s string) bool {
	if len(s) == 0 || len(s) > 64 {
		return false
	}
	for _, r := range []byte(s) {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' {
			return false
		}
	}
	return true
}
