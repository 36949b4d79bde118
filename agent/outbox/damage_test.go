package outbox

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// edit changes a closed database behind the outbox's back.
func edit(t *testing.T, dir, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "outbox.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

func TestDamageIsPutAsideAndReported(t *testing.T) {
	file := func(change func(path string) error) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			if err := change(filepath.Join(dir, "outbox.db")); err != nil {
				t.Fatal(err)
			}
		}
	}
	row := func(statement string) func(*testing.T, string) {
		return func(t *testing.T, dir string) { edit(t, dir, statement) }
	}
	for name, c := range map[string]struct {
		spoil func(*testing.T, string)
		marks bool // can still be read
	}{
		"not a database": {file(func(p string) error { return os.WriteFile(p, []byte("half a page of something else"), 0o600) }), false},
		"cut in half":    {file(func(p string) error { return os.Truncate(p, 9000) }), false},
		"pages overwritten": {file(func(p string) error {
			f, err := os.OpenFile(p, os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			for at := int64(4096); at < 20000; at += 512 {
				if _, err := f.WriteAt([]byte("\xff\xff\xff\xff garbage"), at); err != nil {
					return err
				}
			}
			return f.Close()
		}), true},
		"an event altered":      {row(`UPDATE record SET event = CAST('{"outcome":"accepted"}' AS BLOB) WHERE seq = 3`), true},
		"the newest altered":    {row(`UPDATE record SET event = CAST('x' AS BLOB) WHERE seq = 20`), true},
		"a record taken out":    {row(`DELETE FROM record WHERE seq = 7`), true},
		"the oldest taken out":  {row(`DELETE FROM record WHERE seq = 1`), true},
		"the newest taken out":  {row(`DELETE FROM record WHERE seq = 20`), true},
		"a record put in":       {row(`INSERT INTO record SELECT 21, prev, event, keys, 1 FROM record WHERE seq = 20`), true},
		"the head moved":        {row(`UPDATE chain SET head_seq = 19`), true},
		"the head hash changed": {row(`UPDATE chain SET head_hash = zeroblob(32)`), true},
		"the epoch changed":     {row(`UPDATE chain SET epoch = 'x'`), true},
		"the count changed":     {row(`UPDATE chain SET records = 0`), true},
		"the chain row gone":    {row(`DELETE FROM chain`), true},
		"a table gone":          {row(`DROP TABLE record`), true},
		"somebody else's file":  {row(`PRAGMA user_version = 0`), true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			b := open(t, dir, options())
			for n := range 20 {
				mustDecide(t, b, n)
			}
			epoch := b.State().Epoch
			if err := b.Close(); err != nil {
				t.Fatal(err)
			}
			c.spoil(t, dir)

			b = open(t, dir, options())
			s := b.State()
			if s.Epoch == epoch || s.HeadSeq != 0 || s.Records != 0 {
				t.Fatalf("no new epoch: %+v", s)
			}
			if len(s.Damaged) != 1 {
				t.Fatalf("put aside: %v", s.Damaged)
			}
			if _, err := os.Stat(s.Damaged[0]); err != nil {
				t.Fatalf("not kept: %v", err)
			}
			if _, absent, err := decide(t.Context(), b, key(3), future); err != nil || absent == c.marks {
				t.Fatalf("a key used before the damage: absent %t, %v", absent, err)
			}
			mustDecide(t, b, 100)
			_ = b.Close()
			b = open(t, dir, options())
			if got := b.State(); got.Epoch != s.Epoch || got.HeadSeq != 2 || len(got.Damaged) != 1 {
				t.Fatalf("after another restart: %+v", got)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "*.salvage*")); len(left) != 0 {
				t.Fatalf("left behind: %v", left)
			}
		})
	}
}

func TestEachDamagedDatabaseIsKept(t *testing.T) {
	dir := t.TempDir()
	for n := range 3 {
		b := open(t, dir, options())
		if got := len(b.State().Damaged); got != n {
			t.Fatalf("%d kept, want %d", got, n)
		}
		mustDecide(t, b, n)
		_ = b.Close()
		edit(t, dir, `DELETE FROM record`)
	}
}

func TestInterruptedPuttingAsideIsFinished(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "outbox.db")
	for name, content := range map[string]string{aside(path, 1): "damaged", path + "-wal": "its log"} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b := open(t, dir, options())
	mustDecide(t, b, 1)
	if got, err := os.ReadFile(aside(path, 1) + "-wal"); err != nil || string(got) != "its log" {
		t.Fatalf("the log beside the damaged database: %q, %v", got, err)
	}
}

func TestNewerDatabaseIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir, options())
	mustDecide(t, b, 1)
	_ = b.Close()
	edit(t, dir, fmt.Sprintf(`PRAGMA user_version = %d`, schemaVersion+1))
	if b, err := Open(t.Context(), dir, options()); !errors.Is(err, ErrNewer) {
		if err == nil {
			_ = b.Close()
		}
		t.Fatalf("got %v, want ErrNewer", err)
	}
	edit(t, dir, fmt.Sprintf(`PRAGMA user_version = %d`, schemaVersion))
	checkChain(t, open(t, dir, options()), [32]byte{}, 1, 1)
}

// A log that a power cut left incomplete anywhere is a shorter chain and never
// damage: what lies behind the cut was never acknowledged.
func TestLogCutAnywhereIsAShorterChain(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir, options())
	for n := range 12 {
		mustDecide(t, b, n)
	}
	read := func(name string) []byte {
		t.Helper()
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	main, log := read("outbox.db"), read("outbox.db-wal")
	longest := uint64(0)
	for cut := len(log); cut > 0; cut -= len(log)/40 + 1 {
		copied := t.TempDir()
		for name, data := range map[string][]byte{"outbox.db": main, "outbox.db-wal": log[:cut]} {
			if err := os.WriteFile(filepath.Join(copied, name), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		c, err := Open(t.Context(), copied, options())
		if err != nil {
			t.Fatalf("log of %d bytes: %v", cut, err)
		}
		s := c.State()
		if len(s.Damaged) != 0 {
			t.Fatalf("log of %d bytes: taken for damage", cut)
		}
		longest = max(longest, s.HeadSeq)
		if s.HeadSeq > 0 {
			checkChain(t, c, [32]byte{}, 1, s.HeadSeq)
		}
		_ = c.Close()
	}
	if longest != 12 {
		t.Fatalf("the whole log gives %d records, want 12", longest)
	}
}
