package outbox

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// quickCheck asks SQLite whether its file is sound.
func quickCheck(ctx context.Context, db *sql.DB) error {
	var answer string
	if err := db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&answer); err != nil {
		return err
	}
	if answer != "ok" {
		return &damage{"SQLite finds the file unsound"} // its own words may quote content
	}
	return nil
}

// verifyChain reads every record and compares it with the row that says where
// the chain stands.
func verifyChain(ctx context.Context, db *sql.DB) (chain, error) {
	c, err := readChain(ctx, db)
	if err != nil {
		return chain{}, err
	}
	rows, err := db.QueryContext(ctx, `SELECT seq, prev, event FROM record WHERE seq > ? ORDER BY seq`, c.relSeq)
	if err != nil {
		return chain{}, schemaDamage(err)
	}
	defer func() { _ = rows.Close() }()
	last, hash := c.relSeq, c.relHash
	var count int
	var size int64
	for rows.Next() {
		var seq uint64
		var prev, event []byte
		if err := rows.Scan(&seq, &prev, &event); err != nil {
			return chain{}, err
		}
		if seq != last+1 {
			return chain{}, &damage{fmt.Sprintf("record %d follows record %d", seq, last)}
		}
		if string(prev) != string(hash[:]) {
			return chain{}, &damage{fmt.Sprintf("record %d is not what record %d was chained to", last, seq)}
		}
		last, hash = seq, sha256.Sum256(event)
		count++
		size += int64(len(event))
	}
	if err := rows.Err(); err != nil {
		return chain{}, err
	}
	switch {
	case last != c.headSeq:
		return chain{}, &damage{fmt.Sprintf("the newest record is %d and should be %d", last, c.headSeq)}
	case hash != c.headHash:
		return chain{}, &damage{fmt.Sprintf("record %d is not what was written", last)}
	case count != c.records || size != c.bytes:
		return chain{}, &damage{fmt.Sprintf("%d records of %d bytes, counted were %d of %d", count, size, c.records, c.bytes)}
	}
	return c, nil
}

// querier is a connection or a transaction.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func readChain(ctx context.Context, q querier) (chain, error) {
	var c chain
	var head, rel []byte
	err := q.QueryRowContext(ctx, `SELECT epoch, head_seq, head_hash, released_seq, released_hash, records, bytes FROM chain`).
		Scan(&c.epoch, &c.headSeq, &head, &c.relSeq, &rel, &c.records, &c.bytes)
	if err != nil {
		return chain{}, schemaDamage(err)
	}
	if len(head) != len(c.headHash) || len(rel) != len(c.relHash) || !validEpoch(c.epoch) || c.relSeq > c.headSeq {
		return chain{}, &damage{"the row that says where the chain stands is not of our making"}
	}
	copy(c.headHash[:], head)
	copy(c.relHash[:], rel)
	return c, nil
}

// schemaDamage: a missing table or row in a database that says it has our schema
// is damage. SQLite reports a missing table as a plain SQLITE_ERROR.
func schemaDamage(err error) error {
	const sqliteError = 1
	if errors.Is(err, sql.ErrNoRows) || primaryCode(err) == sqliteError {
		return &damage{"a table or its row is missing"}
	}
	return err
}

func validEpoch(s string) bool {
	if len(s) != 32 {
		return false
	}
	for _, r := range []byte(s) {
		if (r < '0' || r > '9') && (r < 'a' || r > 'f') {
			return false
		}
	}
	return true
}

// aside is the name of the nth damaged database.
func aside(path string, n int) string { return fmt.Sprintf("%s.damaged-%d", path, n) }

// putAside renames a damaged database with its log, so that somebody can look at
// it with SQLite's own tools, and gives its new path.
func putAside(path string) (string, error) {
	n := 1
	for {
		if _, err := os.Lstat(aside(path, n)); errors.Is(err, os.ErrNotExist) {
			break
		} else if err != nil {
			return "", err
		}
		n++
	}
	kept := aside(path, n)
	// The database first: a power cut after it leaves a log without a database,
	// which finishAside moves after it. The other way round, a database without
	// its log would be left, which can look sound and be a few records short.
	if err := os.Rename(path, kept); err != nil {
		return "", err
	}
	if err := moveLogs(path, kept); err != nil {
		return "", err
	}
	return kept, syncDir(filepath.Dir(path))
}

// finishAside ends what a power cut interrupted in putAside.
func finishAside(path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if found := findAside(path); len(found) > 0 {
		return moveLogs(path, found[len(found)-1])
	}
	return nil
}

func moveLogs(from, to string) error {
	for _, suffix := range []string{"-wal", "-shm"} {
		if err := os.Rename(from+suffix, to+suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// findAside lists what was put aside, now or earlier.
func findAside(path string) []string {
	var found []string
	for n := 1; ; n++ {
		if _, err := os.Lstat(aside(path, n)); err != nil {
			return found
		}
		found = append(found, aside(path, n))
	}
}
