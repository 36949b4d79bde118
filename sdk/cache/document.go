package cache

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/did"
	"github.com/dzong-id/dzong/sdk/did/webvh"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/trust"
)

var (
	// ErrUnwanted is returned for a context that the trust list does not pin, and for
	// a document of a DID that it neither names nor needs.
	ErrUnwanted = errors.New("the trust list asks for no such thing")
	// ErrUnvouched is returned for the document of a did:web that is neither pinned
	// nor just fetched from its host: anybody may have written it.
	ErrUnvouched = errors.New("nobody vouches for this document; pin it in the trust list, or fetch it from its host")
	// ErrFork is returned for the log of a did:webvh that does not continue the one at
	// hand: its controller wrote two histories, and one of them is for us alone.
	ErrFork = errors.New("the log does not continue the one at hand")
	// ErrMoved is returned for the log of a did:webvh that has another name by now.
	ErrMoved = errors.New("the DID has moved to another name; the trust list must name it by that")
)

// document is a DID document at hand.
type document struct {
	held
	doc    *did.Document // dated
	log    *webvh.Log    // of a did:webvh
	pinned bool          // the trust list vouched for it
}

const (
	documentDir = "documents"
	documentExt = ".did"
)

// documentName is where a document lies, without extension: a pinned one by its
// digest, as a context is, and others by their DID's.
func documentName(want trust.Document) string {
	sum := want.SHA256
	if !want.Pinned {
		sum = sha256.Sum256([]byte(want.DID))
	}
	return documentDir + "/" + hex.EncodeToString(sum[:])
}

// JustFetched says that the bytes of this put came now, over verified TLS, from
// where the DID's method or the trust list says they are. It vouches for a did:web
// that is not pinned, and makes a document as of now.
func JustFetched() PutOption {
	return func(s *sidecar) { s.justFetched = true }
}

// WithWitnesses gives the file of witness proofs that belongs to the log of a
// did:webvh.
func WithWitnesses(file []byte) PutOption {
	return func(s *sidecar) { s.witnesses = file }
}

// PutDocument takes a DID document that the trust list names or needs: did.json as
// it was fetched, or of a did:webvh its log. How it is authenticated is the trust
// list's to say, or else the method's:
//
//   - A pinned document counts by its digest, from wherever it came, and is as of
//     the trust list.
//   - The log of a did:webvh proves itself, from wherever it came, and must continue
//     the one at hand. With [JustFetched] it is as of now, else as of its latest
//     entry.
//   - The document of a did:web that is not pinned counts only with [JustFetched]:
//     TLS vouches for it. It takes the place of the one at hand. See [Seal] for what
//     becomes of it on disk.
//   - No other document counts.
//
// A document that is not pinned counts until it is older than the trust list lets
// it be; the same bytes, just fetched, make it young again.
//
// Errors wrap [ErrNoTrust], [ErrUnwanted], [ErrUnvouched], [ErrOlder], [ErrFork],
// [ErrMoved], webvh.ErrWitnesses, or a *reason.Error; after any error what was
// known before still is.
func (c *Cache) PutDocument(ctx context.Context, id string, data []byte, opts ...PutOption) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("put DID document: %w", err)
	}
	c.putting.Lock()
	defer c.putting.Unlock()
	was := c.state.Load()
	if was.trust == nil {
		return fmt.Errorf("put DID document: %w", ErrNoTrust)
	}
	want, ok := wanted(was.trust, id)
	if !ok {
		return fmt.Errorf("put DID document: %w", ErrUnwanted)
	}
	meta := sidecar{URI: id, Fetched: c.now().UTC()}
	for _, o := range opts {
		o(&meta)
	}
	next, file, err := c.readDocument(was.trust, want, data, meta)
	if err == nil {
		err = next.follows(was.documents[id])
	}
	if err == nil && was.documents[id] == nil {
		err = next.reaches(readSidecar(c.disk, documentName(want)))
	}
	if err != nil {
		return fmt.Errorf("put DID document: %w", err)
	}
	return c.take(was, want, next, file, meta)
}

// follows holds a log to the one at hand.
func (d *document) follows(at *document) error {
	switch {
	case at == nil || at.log == nil || d.log == nil || d.log.Extends(at.log):
		return nil
	case at.log.Extends(d.log):
		return ErrOlder
	default:
		return ErrFork
	}
}

// reaches holds a log to the version that was the latest once, where the log that
// held it was lost. A version's name holds the hash of everything up to it.
func (d *document) reaches(meta sidecar) error {
	if d.log == nil || meta.Version == "" || meta.URI != d.log.DID {
		return nil
	}
	if !slices.ContainsFunc(d.log.Versions(), func(v webvh.Version) bool { return v.ID == meta.Version }) {
		return ErrOlder
	}
	return nil
}

// says reports whether both say the same, whatever vouches for them.
func (d *document) says(at *document) bool {
	if at == nil {
		return false
	}
	return d.sum == at.sum || d.log != nil && at.log != nil && at.log.Extends(d.log) && d.log.Extends(at.log)
}

// Renew says that the host of a document at hand has just said that it is the
// latest: it is as of now, as if it had been fetched again. It does nothing for a
// document that is pinned or not at hand.
func (c *Cache) Renew(ctx context.Context, id string) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("renew DID document: %w", err)
	}
	c.putting.Lock()
	defer c.putting.Unlock()
	was := c.state.Load()
	want, ok := wanted(was.trust, id)
	at := was.documents[id]
	if !ok || want.Pinned || at == nil {
		return nil
	}
	next := *at
	meta := sidecar{URI: id, Fetched: c.now().UTC(), ETag: at.etag, justFetched: true}
	next.fetched = meta.Fetched
	next.doc = dated(was.trust, want, at.doc, meta.Fetched)
	return c.take(was, want, &next, nil, meta)
}

// take writes a document that was verified and makes it the one that counts. file
// is what to write, if it is not on disk already.
func (c *Cache) take(was *state, want trust.Document, next *document, file []byte, meta sidecar) error {
	if c.noWrite {
		return fmt.Errorf("put DID document: %w", ErrReadOnly)
	}
	at := was.documents[want.DID]
	same := next.says(at)
	if same && next.doc.AsOf.Before(at.doc.AsOf) {
		return nil // vouched for earlier: it came from a stick, or the clock fell back
	}
	if err := c.writeDocument(want, next, file, meta); err != nil {
		return fmt.Errorf("put DID document: %w", err)
	}
	s := was.clone()
	s.documents[want.DID] = next
	delete(s.aside, want.DID)
	if !same {
		// A status list counts only for signers whose keys the documents hold.
		c.loadStatus(s)
	}
	c.swap(s)
	return nil
}

// writeDocument puts the document first and the sidecar behind it. What only TLS
// vouched for is not written without a seal: nothing could be made of it.
func (c *Cache) writeDocument(want trust.Document, next *document, file []byte, meta sidecar) error {
	if !want.Pinned && next.log == nil && c.secret == nil {
		return nil
	}
	name := documentName(want)
	if err := c.disk.mkdir(documentDir); err != nil {
		return err
	}
	if file != nil {
		if err := replace(c.disk, name+documentExt, file); err != nil {
			return err
		}
	}
	if want.Pinned {
		return nil
	}
	meta.SHA256 = next.sum
	if next.log != nil {
		versions := next.log.Versions()
		meta.Version = versions[len(versions)-1].ID
	}
	if c.secret != nil && meta.justFetched {
		meta.Seal = c.sealOf(want.DID, next.sum, meta.Fetched)
	}
	if err := writeSidecar(c.disk, name, meta); err != nil {
		c.log.Warn("cache: cannot write a sidecar; its document will be fetched once more than needed", "error", err)
	}
	return nil
}

// wanted is what the trust list says of a DID whose document it names or needs.
func wanted(l *trust.List, id string) (trust.Document, bool) {
	for _, d := range l.Documents() {
		if d.DID == id {
			return d, true
		}
	}
	return trust.Document{}, false
}

// readDocument authenticates data as the document of a DID, and gives with it the
// file to keep.
func (c *Cache) readDocument(l *trust.List, want trust.Document, data []byte, meta sidecar) (*document, []byte, error) {
	switch {
	case strings.HasPrefix(want.DID, "did:webvh:"):
		return c.readLog(l, want, data, meta)
	case want.Pinned && sha256.Sum256(data) != want.SHA256:
		return nil, nil, &reason.Error{Code: reason.KeyUnknown, Doing: "read DID document: its bytes are not those that the trust list pins"}
	case !want.Pinned && !(meta.justFetched && strings.HasPrefix(want.DID, "did:web:")):
		return nil, nil, ErrUnvouched
	}
	doc, err := did.ParseDocument(data)
	if err != nil {
		return nil, nil, err
	}
	if doc.ID != want.DID {
		return nil, nil, &reason.Error{Code: reason.KeyUnknown, Doing: "read DID document: it is another DID's"}
	}
	return &document{held: describeDocument(data, meta), doc: dated(l, want, doc, meta.Fetched), pinned: want.Pinned}, data, nil
}

func (c *Cache) readLog(l *trust.List, want trust.Document, data []byte, meta sidecar) (*document, []byte, error) {
	at := c.now()
	if l.Issued.After(at) {
		at = l.Issued
	}
	if meta.onDisk {
		// That it is not ahead of the clock was checked when it came. A clock that fell
		// back since must not make room for an older log.
		at = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	log, err := webvh.Verify(want.DID, data, meta.witnesses, at)
	if err != nil {
		return nil, nil, err
	}
	if log.DID != want.DID {
		return nil, nil, ErrMoved
	}
	asOf := meta.Fetched
	if !meta.justFetched {
		versions := log.Versions()
		asOf = versions[len(versions)-1].Time
	}
	file := joinLog(data, meta.witnesses)
	return &document{held: describeDocument(file, meta), doc: dated(l, want, log.Document(), asOf), log: log}, file, nil
}

// describeDocument: an entity tag counts only where this cache says that it
// belongs to these bytes. To be told that they are still the latest makes them
// young again, and nothing in them would show that they are not.
func describeDocument(file []byte, meta sidecar) held {
	h := held{bytes: len(file), sum: digest(file), fetched: meta.Fetched}
	if meta.justFetched {
		h.etag = meta.ETag
	}
	return h
}

// dated gives a document its age: a pinned one is as old as the list that pins it,
// and stale with it.
func dated(l *trust.List, want trust.Document, doc *did.Document, asOf time.Time) *did.Document {
	if want.Pinned {
		return doc.Dated(l.Issued, time.Time{})
	}
	return doc.Dated(asOf, asOf.Add(want.MaxAge))
}

// loadDocuments reads the documents that s.trust names or needs, into s. was is the
// state before, whose documents count on where only this process knows that they
// were fetched; nil at the start. One that counted by its pin goes with it.
func (c *Cache) loadDocuments(s, was *state) {
	for _, want := range s.trust.Documents() {
		if at := was.document(want.DID); at != nil && !at.pinned && !want.Pinned {
			next := *at
			next.doc = dated(s.trust, want, at.doc, at.doc.AsOf)
			s.documents[want.DID] = &next
			continue
		}
		name := documentName(want)
		file, err := c.disk.read(name+documentExt, 2*limits.WebVHLog)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		var d *document
		if err == nil {
			d, err = c.reread(s.trust, want, name, file)
		}
		switch {
		case err == nil:
			s.documents[want.DID] = d
		case errors.Is(err, ErrUnvouched):
			// Nothing is wrong with the bytes: they were sealed with another secret, or
			// their time is not to be believed.
		default:
			c.putAside(s, want.DID, name+documentExt, reason.KeyUnknown, err)
		}
	}
}

// reread verifies again what lies on disk.
func (c *Cache) reread(l *trust.List, want trust.Document, name string, file []byte) (*document, error) {
	var meta sidecar
	if !want.Pinned {
		meta = readSidecar(c.disk, name)
		meta.onDisk = true
		meta.justFetched = c.sealed(want.DID, file, meta) && c.believable(l, meta.Fetched)
	}
	data := file
	if strings.HasPrefix(want.DID, "did:webvh:") {
		data, meta.witnesses = splitLog(file)
	}
	d, _, err := c.readDocument(l, want, data, meta)
	if err == nil {
		err = d.reaches(meta)
	}
	return d, err
}

// believable refuses a time ahead of both the clock and the trust list's expiry: it
// was written by a clock that was wrong, and would keep a document young for as
// long as it was.
func (c *Cache) believable(l *trust.List, fetched time.Time) bool {
	return !fetched.After(c.now().Add(time.Minute)) || !fetched.After(l.Expires)
}

func (s *state) document(id string) *document {
	if s == nil {
		return nil
	}
	return s.documents[id]
}
