package cache

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/trust"
)

// load reads everything and verifies it again: the trust list first, since it
// says whose status lists count.
func (c *Cache) load() *state {
	s := empty()
	c.loadTrust(s)
	c.loadDeny(s)
	if s.trust != nil {
		c.loadUnder(s, nil)
	}
	s.seal()
	return s
}

func empty() *state {
	return &state{
		contexts: map[string][]byte{}, documents: map[string]*document{},
		lists: map[string]entry{}, refused: map[string]*refusal{}, aside: map[string]*refusal{},
	}
}

// loadUnder reads all that s.trust says how to verify: documents and contexts
// first, since they say whose status lists count and what is in them.
func (c *Cache) loadUnder(s, was *state) {
	c.loadContexts(s)
	c.loadDocuments(s, was)
	c.loadStatus(s)
}

func (c *Cache) loadTrust(s *state) {
	meta := readSidecar(c.disk, trustName)
	s.floor = floor{meta.Number, meta.Digest}
	list, data, err := c.readTrust(trustName+signedExt, s.floor)
	if errors.Is(err, fs.ErrNotExist) {
		// A list that was put aside because another root was configured by mistake
		// verifies again once that is mended, also where there is no line.
		if list, data, err = c.readTrust(trustName+signedExt+refusedExt, s.floor); err != nil {
			return
		}
		if err := c.disk.rename(trustName+signedExt+refusedExt, trustName+signedExt); err != nil {
			c.log.Warn("cache: cannot take back a trust list that was put aside", "error", err)
		}
	}
	if err != nil {
		c.putAside(s, TrustResource, trustName+signedExt, reason.TrustStale, err)
		return
	}
	s.trust = list
	s.floor = floorOf(list)
	s.trustRaw = describe(data, meta)
}

func (c *Cache) readTrust(name string, f floor) (*trust.List, []byte, error) {
	data, err := c.disk.read(name, limits.TrustList)
	if err != nil {
		return nil, nil, err
	}
	list, err := trust.Open(data, c.root)
	if err != nil {
		return nil, nil, err
	}
	return list, data, f.admits("trust list", floorOf(list))
}

// loadStatus opens every status list on disk under s.trust, into s.
func (c *Cache) loadStatus(s *state) {
	files, err := c.disk.list(statusDir)
	if err != nil {
		c.log.Error("cache: cannot list status lists", "error", err)
		return
	}
	// A sidecar may be lost; the URIs the trust list names are known all the same.
	named := map[string]string{}
	for _, uri := range s.trust.StatusLists() {
		named[statusName(uri)] = uri
	}
	for _, file := range files {
		name, ok := isStatusFile(file)
		if !ok {
			continue
		}
		meta := readSidecar(c.disk, name)
		uri := meta.URI
		if statusName(uri) != name {
			meta = sidecar{}
			if uri = named[name]; uri == "" {
				continue // nobody asks for it, and nothing says what it was
			}
		}
		c.loadList(s, name, uri, meta)
	}
}

func (c *Cache) loadList(s *state, name, uri string, meta sidecar) {
	data, err := c.disk.read(name+signedExt, limits.StatusToken)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	var list *status.List
	if err == nil {
		list, err = c.openStatus(s, uri, data)
	}
	if err == nil && list.IssuedAt.Before(meta.Issued) {
		err = fmt.Errorf("read status list: %w", ErrOlder)
	}
	var unknown *status.SignerError
	switch {
	case err == nil:
		s.lists[uri] = entry{held: describe(data, meta), list: list}
		delete(s.aside, uri)
		delete(s.refused, uri)
	case errors.As(err, &unknown), wraps(err, reason.ContextRefused):
		// The bytes may be good: another trust list may know the signer again, and a
		// document or context may come.
		delete(s.lists, uri)
		s.refused[uri] = &refusal{reason.StatusListInvalid, err}
	default:
		delete(s.lists, uri)
		s.refused[uri] = &refusal{reason.StatusListInvalid, err}
		c.putAside(s, uri, name+signedExt, reason.StatusListInvalid, err)
	}
}

// wraps reports whether err or anything it wraps has a code.
func wraps(err error, code reason.Code) bool {
	for ; err != nil; err = errors.Unwrap(err) {
		if coded, ok := err.(*reason.Error); ok && coded.Code == code {
			return true
		}
	}
	return false
}

// putAside takes a file that did not verify out of the way, so that it is neither
// used nor mistaken for knowledge, and can be looked at.
func (c *Cache) putAside(s *state, resource, name string, code reason.Code, why error) {
	s.aside[resource] = &refusal{code, why}
	err := c.disk.rename(name, name+refusedExt)
	c.log.Warn("cache: a file did not verify and was put aside",
		"resource", resource, "file", name+refusedExt, "why", why, "rename_error", err)
}

func describe(data []byte, meta sidecar) held {
	h := held{bytes: len(data), sum: digest(data), fetched: meta.Fetched}
	if meta.SHA256 == h.sum {
		h.etag = meta.ETag
	}
	return h
}

// numbered is a signed list that counts up.
type numbered interface{ Digest() [32]byte }

func floorOf(l *trust.List) floor { return floorAt(l.Number, l) }

func floorAt(number uint64, l numbered) floor {
	sum := l.Digest()
	return floor{number, hex.EncodeToString(sum[:])}
}

// admits reports whether next may follow what was seen before.
func (f floor) admits(what string, next floor) error {
	switch {
	case next.number < f.number:
		return fmt.Errorf("%s %d after %d: %w", what, next.number, f.number, ErrOlder)
	case next.number == f.number && f.digest != "" && next.digest != f.digest:
		return fmt.Errorf("%s %d: %w", what, next.number, ErrConflict)
	}
	return nil
}
