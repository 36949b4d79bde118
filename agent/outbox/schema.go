package outbox

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// schemaVersion is SQLite's user_version of the schema below. A database with a
// higher one was written by newer software and is left alone.
const schemaVersion = 1

// schema is the whole database.
//
// chain has one row: where the hash chain stands. head is the newest record,
// released the newest one a receipt was given for; the records between them are
// the ones kept. Their number and bytes are counted here so that asking whether
// there is room reads one row.
//
// record.prev is the SHA-256 of the predecessor's event (32 zero bytes for the
// first), so that damage to any event is noticed without knowing its format.
// record.keys are the 32-byte replay keys asked for in the same transaction, one
// after the other. A released record that was never shown stays until it was.
//
// mark.until and counter.hour are Unix times in seconds. counter.hour 0 means
// "earlier than what is kept by the hour".
const schema = `
CREATE TABLE chain (
	one           INTEGER PRIMARY KEY CHECK (one = 1),
	epoch         TEXT    NOT NULL,
	head_seq      INTEGER NOT NULL,
	head_hash     BLOB    NOT NULL,
	released_seq  INTEGER NOT NULL,
	released_hash BLOB    NOT NULL,
	records       INTEGER NOT NULL,
	bytes         INTEGER NOT NULL
) STRICT;
CREATE TABLE record (
	seq   INTEGER PRIMARY KEY,
	prev  BLOB    NOT NULL,
	event BLOB    NOT NULL,
	keys  BLOB    NOT NULL,
	shown INTEGER NOT NULL
) STRICT;
CREATE INDEX record_unshown ON record (seq) WHERE shown = 0;
CREATE TABLE mark (
	key   BLOB    PRIMARY KEY,
	until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX mark_until ON mark (until);
CREATE TABLE counter (
	code TEXT    NOT NULL,
	hour INTEGER NOT NULL,
	n    INTEGER NOT NULL,
	PRIMARY KEY (code, hour)
) STRICT, WITHOUT ROWID;
`

// connect opens the database file with one connection, which it holds alone.
//
// EXCLUSIVE locking keeps a second process out for as long as this one lives
// (two writers would each believe in their own chain), and spares the
// shared-memory file. FULL syncs the log at every commit: NORMAL would only
// promise that the database is not damaged, not that the last decision is in it.
func connect(path string) (*sql.DB, error) {
	q := url.Values{}
	q.Set("_txlock", "immediate")
	for _, p := range []string{
		"busy_timeout(3000)", "locking_mode(EXCLUSIVE)", "journal_mode(WAL)", "synchronous(FULL)",
		"trusted_schema(0)", "cell_size_check(1)",
	} {
		q.Add("_pragma", p)
	}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	db.SetMaxIdleConns(1)
	db.SetConnMaxLifetime(0)
	db.SetConnMaxIdleTime(0)
	return db, nil
}

// migrate makes the schema in a new database, and checks it in an old one.
func migrate(ctx context.Context, db *sql.DB) error {
	var version, tables int
	if err := db.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return err
	}
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&tables); err != nil {
		return err
	}
	switch {
	case version > schemaVersion:
		return fmt.Errorf("%w: schema version %d, this software knows %d; install the newer version again", ErrNewer, version, schemaVersion)
	case version == schemaVersion:
		return nil
	case version != 0 || tables != 0:
		return &damage{fmt.Sprintf("schema version %d with %d tables and indexes", version, tables)}
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	if _, err := tx.ExecContext(ctx, schema); err != nil {
		return err
	}
	var none [32]byte
	if _, err := tx.ExecContext(ctx, `INSERT INTO chain VALUES (1, ?, 0, ?, 0, ?, 0, 0)`,
		newEpoch(), none[:], none[:]); err != nil {
		return err
	}
	// PRAGMA takes no parameters; the number is ours.
	if _, err := tx.ExecContext(ctx, fmt.Sprintf(`PRAGMA user_version = %d`, schemaVersion)); err != nil {
		return err
	}
	return tx.Commit()
}

// newEpoch is 128 random bits in lower-case hexadecimal.
func newEpoch() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the process instead
	return hex.EncodeToString(b[:])
}

// damage is an error that says the database itself is not sound, as opposed to a
// disk that cannot be read or written just now.
type damage struct{ what string }

func (d *damage) Error() string { return "damaged: " + d.what }

// damaged tells damage from other errors, also when SQLite noticed it.
func damaged(err error) bool {
	var d *damage
	if errors.As(err, &d) {
		return true
	}
	switch primaryCode(err) {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT:
		return true
	}
	return false
}

// primaryCode is SQLite's primary result code, or 0 if err is not SQLite's.
func primaryCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}
