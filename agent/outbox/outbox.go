package outbox

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

// Errors with a meaning. They are matched with errors.Is.
var (
	// ErrFull: there is no room for another decision, in records, bytes, replay
	// marks or on the disk. Decide nothing; bring the line up so that the
	// collector can sign for what waits.
	ErrFull = errors.New("outbox is full")
	// ErrInUse: another process has the database open.
	ErrInUse = errors.New("outbox is in use by another process")
	// ErrNewer: the database was written by a newer version of this software.
	ErrNewer = errors.New("outbox was written by newer software")
	// ErrDamaged: the database was found damaged while in use. Open it again:
	// it is then put aside and a new epoch begins.
	ErrDamaged = errors.New("outbox is damaged")
)

// MaxEvent is the largest record in bytes. Begin keeps as much room free, so
// that what was begun can be finished.
const MaxEvent = 4096

// Options say whose outbox it is and how large it may become. Zero numbers take
// the default named beside them.
type Options struct {
	// Owner is "<site>/<kiosk>", as receipts name it. Required.
	Owner string
	// Collectors are the Ed25519 public keys whose receipts free records: one,
	// or two while the collector changes its key. Required.
	Collectors []ed25519.PublicKey

	MaxRecords int   // records kept until a receipt comes: 50,000, months of a busy kiosk
	MaxBytes   int64 // their bytes together: 64 MiB
	MaxMarks   int   // replay marks kept until their time is proven to be over: 250,000

	// CountEvery is the least time between two writes of counters; what was
	// counted since the last is lost in a power cut. Default 30 s.
	CountEvery time.Duration
	// Now gives the hour a counter is filed under and nothing else. Default
	// time.Now.
	Now func() time.Time

	Logger *slog.Logger // nil is silent
}

// Outbox is the queue. It is safe for concurrent use; there is one writer at a
// time, and [Outbox.Begin] waits for its turn.
type Outbox struct {
	o       Options
	path    string
	db      *sql.DB
	log     *slog.Logger
	aside   []string
	counter counter

	mu    sync.Mutex
	state chain  // as last committed
	marks int    // ditto
	sent  uint64 // retransmission starts behind it; never on disk
	fault error  // set when damage was met in use
}

// chain is the row of the table of that name.
type chain struct {
	epoch             string
	headSeq, relSeq   uint64
	headHash, relHash [32]byte
	records           int
	bytes             int64
}

// Open opens the outbox in the folder dir (made if absent, for its owner only),
// and begins an empty one if there is none. It checks the whole database and the
// whole chain; one that is damaged is renamed to outbox.db.damaged-N, kept, and
// named in State, and a new epoch begins. Replay marks that can still be read
// are carried over, because forgetting one lets a copied code pass.
func Open(ctx context.Context, dir string, o Options) (*Outbox, error) {
	if err := o.fill(); err != nil {
		return nil, fmt.Errorf("open outbox: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open outbox: %w", err)
	}
	path := filepath.Join(dir, "outbox.db")
	b := &Outbox{o: o, path: path, log: o.Logger}
	if err := finishAside(path); err != nil {
		return nil, fmt.Errorf("open outbox %s: %w", path, err)
	}
	err := b.open(ctx)
	if err != nil && damaged(err) {
		kept, asideErr := putAside(path)
		if asideErr != nil {
			return nil, fmt.Errorf("open outbox %s: %w, and it could not be put aside: %w", path, err, asideErr)
		}
		b.log.Error("outbox was damaged and is put aside; a new epoch begins", "kept_as", kept, "damage", err)
		if err = b.open(ctx); err == nil {
			err = b.carryMarks(ctx, kept)
		}
	}
	if err != nil {
		if b.db != nil {
			_ = b.db.Close()
		}
		return nil, fmt.Errorf("open outbox %s: %w", path, classify(err))
	}
	b.aside = findAside(path)
	b.counter.start(b)
	return b, nil
}

func (o *Options) fill() error {
	if o.Owner == "" {
		return errors.New("no owner; name the site and kiosk it belongs to")
	}
	if len(o.Collectors) == 0 {
		return errors.New("no collector key; without one no record could ever be freed")
	}
	for _, k := range o.Collectors {
		if len(k) != ed25519.PublicKeySize {
			return fmt.Errorf("collector key has %d bytes, an Ed25519 key has %d", len(k), ed25519.PublicKeySize)
		}
	}
	for _, d := range []struct {
		value *int64
		std   int64
	}{{&o.MaxBytes, 64 << 20}, {(*int64)(&o.CountEvery), int64(30 * time.Second)}} {
		if *d.value == 0 {
			*d.value = d.std
		}
	}
	if o.MaxRecords == 0 {
		o.MaxRecords = 50_000
	}
	if o.MaxMarks == 0 {
		o.MaxMarks = 250_000
	}
	if o.MaxRecords < 1 || o.MaxBytes < MaxEvent || o.MaxMarks < 1 || o.CountEvery < 0 {
		return fmt.Errorf("limits leave no room: at least 1 record, %d bytes, 1 mark", MaxEvent)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return nil
}

func (b *Outbox) open(ctx context.Context) (err error) {
	if b.db, err = connect(b.path); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = b.db.Close()
			b.db = nil
		}
	}()
	if err := migrate(ctx, b.db); err != nil {
		return err
	}
	// The file's own directory entry: SQLite syncs what is in the file, and the
	// folder only for its logs.
	if err := syncDir(filepath.Dir(b.path)); err != nil {
		return err
	}
	if err := quickCheck(ctx, b.db); err != nil {
		return err
	}
	if b.state, err = verifyChain(ctx, b.db); err != nil {
		return err
	}
	b.sent = b.state.relSeq
	return b.db.QueryRowContext(ctx, `SELECT count(*) FROM mark`).Scan(&b.marks)
}

// Close writes the counters and closes the database. What is committed needs no
// Close to be safe.
func (b *Outbox) Close() error {
	err := b.counter.stop()
	if e := b.db.Close(); e != nil {
		err = errors.Join(err, fmt.Errorf("close outbox: %w", e))
	}
	return err
}

// State is where the outbox stands.
type State struct {
	Epoch       string   // 32 hexadecimal digits, chosen when the database was made
	HeadSeq     uint64   // newest record; 0 = none yet
	HeadHash    [32]byte // SHA-256 of its event
	ReleasedSeq uint64   // newest record the collector signed for
	SentSeq     uint64   // newest record a broker acknowledged since the last reconnect
	Records     int      // records kept
	Bytes       int64    // their bytes together
	MaxRecords  int
	MaxBytes    int64
	Marks       int // replay marks kept
	MaxMarks    int
	Full        bool     // Begin would answer ErrFull
	Damaged     []string // databases put aside, by path; never deleted by us
	Fault       error    // ErrDamaged once damage was met in use
}

// State says where the outbox stands. It never waits for a transaction.
func (b *Outbox) State() State {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.state
	return State{
		Epoch: c.epoch, HeadSeq: c.headSeq, HeadHash: c.headHash, ReleasedSeq: c.relSeq, SentSeq: b.sent,
		Records: c.records, Bytes: c.bytes, MaxRecords: b.o.MaxRecords, MaxBytes: b.o.MaxBytes,
		Marks: b.marks, MaxMarks: b.o.MaxMarks, Full: b.full(), Damaged: append([]string(nil), b.aside...), Fault: b.fault,
	}
}

// full is called with mu held.
func (b *Outbox) full() bool {
	return b.state.records >= b.o.MaxRecords || b.state.bytes+MaxEvent > b.o.MaxBytes || b.marks >= b.o.MaxMarks
}

// fail classifies err and remembers damage, so that State can tell.
func (b *Outbox) fail(err error) error {
	err = classify(err)
	if errors.Is(err, ErrDamaged) {
		b.mu.Lock()
		b.fault = ErrDamaged
		b.mu.Unlock()
	}
	return err
}

// classify puts one of this package's errors in front of SQLite's.
func classify(err error) error {
	switch {
	case err == nil || errors.Is(err, ErrNewer):
		return err
	case damaged(err):
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	switch primaryCode(err) {
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("%w: the disk has no room: %w", ErrFull, err)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("%w; stop it first: %w", ErrInUse, err)
	}
	return err
}
