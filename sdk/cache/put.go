package cache

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/trust"
)

// PutOption adds to a put what is known beside the bytes.
type PutOption func(*sidecar)

// WithETag stores the entity tag a server gave for exactly these bytes.
func WithETag(etag string) PutOption {
	return func(s *sidecar) { s.ETag = etag }
}

// PutTrust verifies a signed trust list, writes it, and makes it the one that
// counts: documents, contexts and status lists on disk are verified again under
// it before the snapshot is swapped. The list at hand again is no error and changes nothing.
// Errors wrap [ErrOlder], [ErrConflict], or a *reason.Error; after any error what
// was known before still is.
func (c *Cache) PutTrust(ctx context.Context, jws []byte, opts ...PutOption) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("put trust list: %w", err)
	}
	list, err := trust.Open(jws, c.root)
	if err != nil {
		return fmt.Errorf("put trust list: %w", err)
	}
	c.putting.Lock()
	defer c.putting.Unlock()
	was := c.state.Load()
	next := floorOf(list)
	if err := was.floor.admits("trust list", next); err != nil {
		return fmt.Errorf("put trust list: %w", err)
	}
	meta := sidecar{Fetched: c.now().UTC(), SHA256: digest(jws), Number: next.number, Digest: next.digest}
	for _, o := range opts {
		o(&meta)
	}
	if was.trust != nil && was.floor == next {
		// Its signature may have been made anew; what it says is the same.
		c.note(was, TrustResource, trustName, meta)
		return nil
	}
	if err := c.write(trustName, jws, meta); err != nil {
		return fmt.Errorf("put trust list: %w", err)
	}
	s := empty()
	s.trust, s.trustRaw, s.floor, s.deny = list, describe(jws, meta), next, was.deny
	if why := was.aside[DenyResource]; why != nil {
		s.aside[DenyResource] = why
	}
	c.loadUnder(s, was)
	c.swap(s)
	return nil
}

// StatusSubject is the URI that data says it is the status list of: untrusted, for
// lists that nobody asked for. It knows the forms of the cache's openers.
func (c *Cache) StatusSubject(data []byte) (string, error) {
	return status.Subject(data, c.openers...)
}

// PutStatus verifies a status list under the trust list at hand, writes it, and
// swaps the snapshot. The list at hand again is no error and changes nothing. Of
// two lists issued in the same second the later to arrive counts, unless it
// expires earlier: an issuer may sign twice in a second, and withholding a
// revocation would be worse.
//
// Errors wrap [ErrNoTrust], [ErrOlder], or a *reason.Error; after any error what
// was known before still is.
func (c *Cache) PutStatus(ctx context.Context, uri string, data []byte, opts ...PutOption) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("put status list: %w", err)
	}
	if len(data) > limits.StatusToken {
		return &reason.Error{Code: reason.StatusListInvalid,
			Doing: fmt.Sprintf("put status list: %d bytes, at most %d", len(data), limits.StatusToken)}
	}
	c.putting.Lock()
	defer c.putting.Unlock()
	was := c.state.Load()
	if was.trust == nil {
		return fmt.Errorf("put status list: %w", ErrNoTrust)
	}
	meta := sidecar{URI: uri, Fetched: c.now().UTC(), SHA256: digest(data)}
	for _, o := range opts {
		o(&meta)
	}
	at, held := was.lists[uri]
	if held && at.sum == meta.SHA256 {
		meta.Issued = at.list.IssuedAt
		c.note(was, uri, statusName(uri), meta)
		return nil
	}
	list, err := c.openStatus(was, uri, data)
	if err == nil {
		err = c.plausible(was.trust, list)
	}
	if err != nil {
		c.refuse(was, uri, err)
		return fmt.Errorf("put status list: %w", err)
	}
	var newest time.Time
	if held {
		newest = at.list.IssuedAt
	} else {
		newest = c.lost(was, uri)
	}
	if list.IssuedAt.Before(newest) || held && older(list, at.list) {
		return fmt.Errorf("put status list issued %s after %s: %w",
			list.IssuedAt.Format(time.RFC3339), newest.Format(time.RFC3339), ErrOlder)
	}
	meta.Issued = list.IssuedAt
	if err := c.write(statusName(uri), data, meta); err != nil {
		return fmt.Errorf("put status list: %w", err)
	}
	s := was.clone()
	s.lists[uri] = entry{held: describe(data, meta), list: list}
	delete(s.refused, uri)
	delete(s.aside, uri)
	c.swap(s)
	return nil
}

// lost is when the list was issued that lay on disk under a URI and is lost there;
// zero if there was none. One whose bytes are all there, and that no longer counts
// because its signer does not, says nothing of what others sign; neither does a date
// that is yet to come.
func (c *Cache) lost(s *state, uri string) time.Time {
	name := statusName(uri)
	meta := readSidecar(c.disk, name)
	if _, now := c.keys(s); meta.URI != uri || meta.Issued.After(now.Add(time.Minute)) {
		return time.Time{}
	}
	for _, ext := range []string{signedExt, signedExt + refusedExt} {
		if data, err := c.disk.read(name+ext, limits.StatusToken); err == nil && digest(data) == meta.SHA256 {
			return time.Time{}
		}
	}
	return meta.Issued
}

func older(next, held *status.List) bool {
	if !next.IssuedAt.Equal(held.IssuedAt) {
		return next.IssuedAt.Before(held.IssuedAt)
	}
	return !next.Expires.IsZero() && (held.Expires.IsZero() || next.Expires.Before(held.Expires))
}

// plausible refuses a list dated ahead of both the clock and the trust list's
// expiry. Taken, it would block every honest list behind it for as long as its
// date says, and it would move the floor of the clock.
func (c *Cache) plausible(l *trust.List, list *status.List) error {
	if list.IssuedAt.After(c.now().Add(time.Minute)) && list.IssuedAt.After(l.Expires) {
		return &reason.Error{Code: reason.StatusListInvalid,
			Doing: "read status list: it is dated in the future, and after the trust list's expiry"}
	}
	return nil
}

// refuse remembers that a list arrived and was not taken, if there is none at
// hand that still speaks and the trust list asks for it.
func (c *Cache) refuse(was *state, uri string, err error) {
	if _, held := was.lists[uri]; held || !slices.Contains(was.trust.StatusLists(), uri) {
		return
	}
	s := was.clone()
	s.refused[uri] = &refusal{reason.StatusListInvalid, err}
	c.swap(s)
}

// write puts the signed bytes first and the sidecar behind them: a power cut in
// between leaves an ETag that does not fit, and one needless download. For the
// same reason a sidecar that cannot be written is no failure: the knowledge is
// on disk.
func (c *Cache) write(name string, data []byte, meta sidecar) error {
	if strings.Contains(name, "/") {
		if err := c.disk.mkdir(statusDir); err != nil {
			return err
		}
	}
	if err := replace(c.disk, name+signedExt, data); err != nil {
		return err
	}
	if err := writeSidecar(c.disk, name, meta); err != nil {
		c.log.Warn("cache: cannot write a sidecar; its list will be fetched once more than needed", "error", err)
	}
	return nil
}

// note updates the sidecar of bytes that are at hand already, if there is
// anything new to say.
func (c *Cache) note(was *state, resource, name string, meta sidecar) {
	h := was.trustRaw
	switch resource {
	case TrustResource:
	case DenyResource:
		h = was.deny.held
	default:
		h = was.lists[resource].held
	}
	if meta.ETag == "" || meta.ETag == h.etag || meta.SHA256 != h.sum {
		return
	}
	if err := writeSidecar(c.disk, name, meta); err != nil {
		c.log.Warn("cache: cannot write a sidecar; its list will be fetched once more than needed", "error", err)
	}
	h.etag, h.fetched = meta.ETag, meta.Fetched
	s := was.clone()
	switch resource {
	case TrustResource:
		s.trustRaw = h
	case DenyResource:
		s.deny.held = h
	default:
		e := s.lists[resource]
		e.held = h
		s.lists[resource] = e
	}
	c.swap(s)
}
