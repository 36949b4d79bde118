package webvh

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/did"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Log is a verified log. It is immutable and safe for concurrent use.
type Log struct {
	DID         string // as its latest version is called; a portable DID may have been called otherwise
	SCID        string
	Portable    bool          // it may be called otherwise one day
	Deactivated bool          // its keys no longer count
	TTL         time.Duration // how long its controller wants it to be kept

	versions []Version
}

// Version is one version of the DID document.
type Version struct {
	ID       string    // number, dash and hash
	Time     time.Time // as the controller says
	Document *did.Document
}

var (
	// ErrWitnesses is wrapped where a log asks for witnesses and the proofs at hand
	// do not suffice: newer ones may.
	ErrWitnesses = errors.New("not enough witnesses approved the log")
	// ErrFuture is wrapped where a log holds but its latest entry lies ahead of the
	// given time: the clock may lag.
	ErrFuture = errors.New("the log's latest entry is dated in the future")
)

// leeway is how far the clock of whoever wrote a log may run ahead.
const leeway = time.Minute

// Verify verifies the log (did.jsonl) of the DID id as of a time. witnesses is the
// file of witness proofs (did-witness.json), nil if there is none; it is looked at
// only if the log asks for witnesses.
//
// id may be a name that the DID had earlier: compare it with Log.DID.
//
// The error is a *reason.Error: malformed or too_large for what cannot be read,
// format_unsupported for another version of the method, signature_invalid for a
// log that does not hold. It may wrap [ErrWitnesses] or [ErrFuture].
func Verify(id string, log, witnesses []byte, at time.Time) (*Log, error) {
	if _, err := did.LogURL(id); err != nil {
		return nil, fmt.Errorf("verify log of did:webvh: %w", err)
	}
	if len(log) > limits.WebVHLog {
		return nil, tooLarge(fmt.Sprintf("%d bytes, at most %d", len(log), limits.WebVHLog))
	}
	lines := bytes.Split(bytes.TrimSuffix(log, []byte("\n")), []byte("\n"))
	if len(lines) > limits.WebVHEntries {
		return nil, tooLarge(fmt.Sprintf("%d entries, at most %d", len(lines), limits.WebVHEntries))
	}
	l := &Log{}
	v := verifier{log: l}
	for n, line := range lines {
		e, err := parseEntry(line)
		if err == nil {
			err = v.add(e)
		}
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", n+1, err)
		}
	}
	if err := v.witnessed(witnesses); err != nil {
		return nil, err
	}
	// §Read step 6.1: "the DID being resolved matches the top-level id in at least
	// one version of the DIDDoc; otherwise, the resolution MUST be flagged as
	// invalid".
	if !l.named(id) {
		return nil, refuse("no version of it is called by this DID")
	}
	// Step 4: "The versionTime of the last entry MUST be earlier than the current
	// time."
	if l.latest().Time.After(at.Add(leeway)) {
		return nil, &reason.Error{Code: reason.SignatureInvalid, Doing: doing, Err: ErrFuture}
	}
	return l, nil
}

// Document is the latest version of the DID document; without any key if the DID
// was deactivated.
func (l *Log) Document() *did.Document {
	if l.Deactivated {
		return &did.Document{ID: l.DID}
	}
	return l.latest().Document
}

// Versions lists all versions, the first one first.
func (l *Log) Versions() []Version { return append([]Version(nil), l.versions...) }

// Extends reports whether older is l, or what l was before entries were added.
func (l *Log) Extends(older *Log) bool {
	n := len(older.versions)
	// A version's name holds the hash of everything up to it.
	return n <= len(l.versions) && l.versions[n-1].ID == older.versions[n-1].ID
}

func (l *Log) latest() Version { return l.versions[len(l.versions)-1] }

func (l *Log) named(id string) bool {
	for _, v := range l.versions {
		if v.Document.ID == id {
			return true
		}
	}
	return false
}

// scidOf is the SCID of a DID, of which only the form is known.
func scidOf(id string) string {
	scid, _, _ := strings.Cut(strings.TrimPrefix(id, "did:webvh:"), ":")
	return scid
}

const doing = "verify log of did:webvh"

func malformed(what string) error {
	return &reason.Error{Code: reason.Malformed, Doing: doing + ": " + what}
}

func tooLarge(what string) error {
	return &reason.Error{Code: reason.TooLarge, Doing: doing + ": " + what}
}

func unsupported(what string) error {
	return &reason.Error{Code: reason.FormatUnsupported, Doing: doing + ": " + what}
}

// refuse is the answer to a log that can be read and does not hold.
func refuse(what string) error {
	return &reason.Error{Code: reason.SignatureInvalid, Doing: doing + ": " + what}
}
