package outbox

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// carryMarks copies into the new database the replay marks that the damaged one
// still gives. They need not be believed: a mark can only make the kiosk refuse.
// Only a failure of the new database is an error.
func (b *Outbox) carryMarks(ctx context.Context, kept string) error {
	marks := readMarks(ctx, kept, b.path+".salvage", b.o.MaxMarks/2)
	tx, err := b.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for _, m := range marks {
		if _, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO mark (key, until) VALUES (?, ?)`, m.key, m.until); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	b.log.Warn("replay marks carried over from the damaged outbox", "marks", len(marks))
	return b.db.QueryRowContext(ctx, `SELECT count(*) FROM mark`).Scan(&b.marks)
}

type mark struct {
	key   []byte
	until int64
}

// readMarks reads from a copy: opening a database writes to it, and the damaged
// one is evidence. The newest marks are in its log, so both are copied.
func readMarks(ctx context.Context, kept, copied string, most int) []mark {
	defer func() {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			_ = os.Remove(copied + suffix)
		}
	}()
	if copyFile(kept, copied) != nil {
		return nil
	}
	if err := copyFile(kept+"-wal", copied+"-wal"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil
	}
	db, err := connect(copied)
	if err != nil {
		return nil
	}
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(ctx, `SELECT key, until FROM mark LIMIT ?`, most)
	if err != nil {
		return nil
	}
	defer func() { _ = rows.Close() }()
	var marks []mark
	for rows.Next() { // it ends at the first damaged page; what came before is kept
		var m mark
		if rows.Scan(&m.key, &m.until) == nil && len(m.key) == 32 {
			marks = append(marks, m)
		}
	}
	return marks
}

func copyFile(from, to string) error {
	in, err := os.Open(filepath.Clean(from))
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(filepath.Clean(to), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// syncDir makes a change of names in dir durable.
func syncDir(dir string) error {
	d, err := os.Open(filepath.Clean(dir))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
