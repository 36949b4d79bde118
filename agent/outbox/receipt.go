package outbox

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
)

// Why a receipt freed nothing. They are matched with errors.Is.
var (
	// ErrReceiptForged: no key of ours signed it for this kiosk. A receipt for
	// another kiosk is one of these, because the signature covers the name.
	ErrReceiptForged = errors.New("receipt is not signed by the collector for this kiosk")
	// ErrReceiptEpoch: properly signed, for another database of this kiosk.
	ErrReceiptEpoch = errors.New("receipt is for another epoch")
	// ErrReceiptOld: properly signed, for records that are gone already. It is
	// what a repeated receipt looks like, and harmless.
	ErrReceiptOld = errors.New("receipt is for records already released")
	// ErrReceiptAhead: properly signed, for records this outbox never wrote.
	ErrReceiptAhead = errors.New("receipt is for records never written")
	// ErrReceiptMismatch: properly signed, and the collector's chain is not
	// ours: somebody wrote in our name, or our disk was set back.
	ErrReceiptMismatch = errors.New("receipt is for another chain")
)

// Receipt is the collector's word that it holds every record up to one, durably.
type Receipt struct {
	Epoch     string   // 32 hexadecimal digits
	UpToSeq   uint64   // the newest record it holds
	HeadHash  [32]byte // SHA-256 of that record's event
	Signature []byte   // Ed25519, 64 bytes, over Message
}

// Message is what is signed: five lines without a final newline. owner is
// "<site>/<kiosk>", which the receipt itself does not carry, so that one made
// for another kiosk verifies nowhere else.
func (r Receipt) Message(owner string) []byte {
	return fmt.Appendf(nil, "dzong-receipt-v1\n%s\n%s\n%d\n%x", owner, r.Epoch, r.UpToSeq, r.HeadHash)
}

// Sign gives the receipt with its signature. It is the collector's half of
// Release.
func (r Receipt) Sign(owner string, key ed25519.PrivateKey) Receipt {
	r.Signature = ed25519.Sign(key, r.Message(owner))
	return r
}

// maxUnshown bounds what a kiosk that never calls MarkShown can leave behind.
const maxUnshown = 100

// Release forgets the records that r signs for, if it is the collector's, of
// this kiosk and epoch, and its hash is that of our record. It gives how many
// were freed. Otherwise it frees nothing and says why with one of the
// ErrReceipt errors.
func (b *Outbox) Release(ctx context.Context, r Receipt) (int, error) {
	if !b.signed(r) {
		return 0, fmt.Errorf("release records: %w", ErrReceiptForged)
	}
	tx, err := b.db.BeginTx(ctx, nil)
	if err != nil {
		return 0, fmt.Errorf("release records: %w", b.fail(err))
	}
	defer func() { _ = tx.Rollback() }()
	c, err := readChain(ctx, tx)
	if err != nil {
		return 0, fmt.Errorf("release records: %w", b.fail(err))
	}
	switch {
	case r.Epoch != c.epoch:
		return 0, fmt.Errorf("release records: %w", ErrReceiptEpoch)
	case r.UpToSeq > c.headSeq:
		return 0, fmt.Errorf("release records up to %d: %w, the newest is %d", r.UpToSeq, ErrReceiptAhead, c.headSeq)
	case r.UpToSeq < c.relSeq:
		return 0, fmt.Errorf("release records up to %d: %w, up to %d", r.UpToSeq, ErrReceiptOld, c.relSeq)
	case r.UpToSeq == c.relSeq && r.HeadHash == c.relHash:
		return 0, fmt.Errorf("release records up to %d: %w", r.UpToSeq, ErrReceiptOld)
	case r.UpToSeq == c.relSeq:
		return 0, fmt.Errorf("release records up to %d: %w", r.UpToSeq, ErrReceiptMismatch)
	}
	var event []byte
	if err := tx.QueryRowContext(ctx, `SELECT event FROM record WHERE seq = ?`, r.UpToSeq).Scan(&event); err != nil {
		return 0, fmt.Errorf("release records up to %d: %w", r.UpToSeq, b.fail(err))
	}
	if sha256.Sum256(event) != r.HeadHash {
		return 0, fmt.Errorf("release records up to %d: %w", r.UpToSeq, ErrReceiptMismatch)
	}
	var records int
	var size int64
	if err := tx.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(length(event)), 0) FROM record WHERE seq > ? AND seq <= ?`,
		c.relSeq, r.UpToSeq).Scan(&records, &size); err != nil {
		return 0, fmt.Errorf("release records up to %d: %w", r.UpToSeq, b.fail(err))
	}
	// What nobody has seen yet stays for Unshown; it counts no longer.
	if _, err := tx.ExecContext(ctx, `DELETE FROM record WHERE seq <= ? AND (shown = 1 OR seq + ? <= ?)`,
		r.UpToSeq, maxUnshown, c.headSeq); err != nil {
		return 0, fmt.Errorf("release records up to %d: %w", r.UpToSeq, b.fail(err))
	}
	if _, err := tx.ExecContext(ctx, `UPDATE chain SET released_seq = ?, released_hash = ?, records = records - ?, bytes = bytes - ?`,
		r.UpToSeq, r.HeadHash[:], records, size); err != nil {
		return 0, fmt.Errorf("release records up to %d: %w", r.UpToSeq, b.fail(err))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := tx.Commit(); err != nil {
		return 0, fmt.Errorf("release records up to %d: %w", r.UpToSeq, classify(err))
	}
	c.relSeq, c.relHash = r.UpToSeq, r.HeadHash
	c.records -= records
	c.bytes -= size
	b.state = c
	b.sent = max(b.sent, c.relSeq)
	return records, nil
}

func (b *Outbox) signed(r Receipt) bool {
	if len(r.Signature) != ed25519.SignatureSize || !validEpoch(r.Epoch) {
		return false
	}
	message := r.Message(b.o.Owner)
	for _, k := range b.o.Collectors {
		if ed25519.Verify(k, message, r.Signature) {
			return true
		}
	}
	return false
}
