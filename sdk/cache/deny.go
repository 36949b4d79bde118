package cache

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/dzong-id/dzong/sdk/deny"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/trust"
)

// PutDeny verifies a signed deny list, writes it, and swaps the snapshot. It hangs
// on the pinned key alone, not on a trust list. The list at hand again is no error
// and changes nothing. Errors wrap [ErrOlder], [ErrConflict], or a *reason.Error;
// after any error what was known before still is.
func (c *Cache) PutDeny(ctx context.Context, jws []byte, opts ...PutOption) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("put deny list: %w", err)
	}
	list, err := deny.Open(jws, c.root)
	if err != nil {
		return fmt.Errorf("put deny list: %w", err)
	}
	c.putting.Lock()
	defer c.putting.Unlock()
	was := c.state.Load()
	next := floorAt(list.Number, list)
	if err := was.deny.floor.admits("deny list", next); err != nil {
		return fmt.Errorf("put deny list: %w", err)
	}
	meta := sidecar{Fetched: c.now().UTC(), SHA256: digest(jws), Number: next.number, Digest: next.digest}
	for _, o := range opts {
		o(&meta)
	}
	if was.deny.list != nil && was.deny.floor == next {
		c.note(was, DenyResource, denyName, meta)
		return nil
	}
	if err := c.write(denyName, jws, meta); err != nil {
		return fmt.Errorf("put deny list: %w", err)
	}
	s := was.clone()
	s.deny = denial{held: describe(jws, meta), list: list, floor: next}
	delete(s.aside, DenyResource)
	c.swap(s)
	return nil
}

// loadDeny reads the deny list on disk, like the trust list.
func (c *Cache) loadDeny(s *state) {
	meta := readSidecar(c.disk, denyName)
	s.deny.floor = floor{meta.Number, meta.Digest}
	list, data, err := c.readDeny(denyName+signedExt, s.deny.floor)
	if errors.Is(err, fs.ErrNotExist) {
		if list, data, err = c.readDeny(denyName+signedExt+refusedExt, s.deny.floor); err != nil {
			return
		}
		if err := c.disk.rename(denyName+signedExt+refusedExt, denyName+signedExt); err != nil {
			c.log.Warn("cache: cannot take back a deny list that was put aside", "error", err)
		}
	}
	if err != nil {
		c.putAside(s, DenyResource, denyName+signedExt, reason.StatusUnavailable, err)
		return
	}
	s.deny = denial{held: describe(data, meta), list: list, floor: floorAt(list.Number, list)}
}

func (c *Cache) readDeny(name string, f floor) (*deny.List, []byte, error) {
	data, err := c.disk.read(name, limits.DenyList)
	if err != nil {
		return nil, nil, err
	}
	list, err := deny.Open(data, c.root)
	if err != nil {
		return nil, nil, err
	}
	return list, data, f.admits("deny list", floorAt(list.Number, list))
}

// missingDeny says what is wrong with the deny list, if an issuer needs one.
func (s *state) missingDeny(now time.Time) []Missing {
	needs := func(i *trust.Issuer) bool { return i.Status == trust.StatusDenyList }
	switch list := s.deny.list; {
	case !slices.ContainsFunc(s.trust.Issuers(), needs):
		return nil
	case list == nil && s.aside[DenyResource] != nil:
		return []Missing{{DenyResource, reason.StatusUnavailable,
			"The deny list on disk did not verify and was put aside; fetch it again."}}
	case list == nil:
		return []Missing{{DenyResource, reason.StatusUnavailable, "There is no deny list yet; fetch or import one."}}
	case list.Stale(now, 0):
		return []Missing{{DenyResource, reason.StatusStale, "The deny list has expired; fetch a newer one."}}
	}
	return nil
}
