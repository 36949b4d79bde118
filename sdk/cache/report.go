package cache

import (
	"slices"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/reason"
)

// TrustResource names the trust list where resources are listed; status lists
// are named by their URI.
const TrustResource = "trust"

// DenyResource names the trust authority's deny list where resources are listed.
const DenyResource = "deny"

// Missing is one thing the cache ought to know and does not, or knows only from
// too long ago.
type Missing struct {
	Resource string      `json:"resource"` // [TrustResource], [DenyResource], a status list's URI, a DID, or a context's URL
	Code     reason.Code `json:"code"`     // what a decision that needs it will say
	Sentence string      `json:"sentence"` // for operators, in English
}

// Missing lists what to fetch before going offline, in a stable order: the trust
// list, the deny list if an issuer needs it, then the status lists it names, then
// DID documents, then contexts. Empty means ready.
func (c *Cache) Missing() []Missing {
	s := c.state.Load()
	now := c.now()
	var out []Missing
	switch {
	case s.trust == nil && s.aside[TrustResource] != nil:
		return []Missing{{TrustResource, reason.TrustStale,
			"The trust list on disk did not verify and was put aside; fetch it again."}}
	case s.trust == nil:
		return []Missing{{TrustResource, reason.TrustStale, "There is no trust list yet; fetch or import one."}}
	case s.trust.Stale(now):
		out = append(out, Missing{TrustResource, reason.TrustStale, "The trust list has expired; fetch a newer one."})
	}
	out = append(out, s.missingDeny(now)...)
	for _, uri := range s.trust.StatusLists() {
		e, held := s.lists[uri]
		switch {
		case held && !e.list.Fresh(now, 0):
			out = append(out, Missing{uri, reason.StatusStale, "The status list is too old to count; fetch it again."})
		case held:
		case s.aside[uri] != nil:
			out = append(out, Missing{uri, reason.StatusListInvalid,
				"The status list on disk did not verify and was put aside; fetch it again."})
		case s.refused[uri] != nil:
			out = append(out, Missing{uri, reason.StatusListInvalid,
				"The status list was refused: " + s.refused[uri].err.Error() + "."})
		default:
			out = append(out, Missing{uri, reason.StatusUnavailable, "The status list was never fetched."})
		}
	}
	out = append(out, s.missingDocuments(now)...)
	for _, pinned := range s.trust.Contexts() {
		switch {
		case s.contexts[pinned.URL] != nil:
		case s.aside[pinned.URL] != nil:
			out = append(out, Missing{pinned.URL, reason.ContextRefused,
				"The context on disk is not the one that the trust list pins and was put aside; fetch it again."})
		default:
			out = append(out, Missing{pinned.URL, reason.ContextRefused, "The JSON-LD context that the trust list pins is not at hand."})
		}
	}
	return out
}

// missingDocuments: an issuer whose keys the trust list itself holds can do without
// its document, unless the list speaks of that.
func (s *state) missingDocuments(now time.Time) (out []Missing) {
	keyless := map[string]bool{}
	for _, i := range s.trust.Issuers() {
		for _, id := range i.Documents() {
			keyless[id] = keyless[id] || !i.HasKeys()
		}
	}
	for _, want := range s.trust.Documents() {
		at := s.documents[want.DID]
		_, listed := s.trust.Document(want.DID)
		switch {
		case !listed && !keyless[want.DID]:
		case at != nil && at.doc.Stale(now):
			out = append(out, Missing{want.DID, reason.KeyUnknown, "The DID document is too old to count; fetch it again."})
		case at != nil:
		case s.aside[want.DID] != nil:
			out = append(out, Missing{want.DID, reason.KeyUnknown,
				"The DID document on disk did not verify and was put aside; fetch it again."})
		default:
			out = append(out, Missing{want.DID, reason.KeyUnknown, "The DID document that holds the issuer's keys is not at hand."})
		}
	}
	return out
}

// NewestSigned is the newest time that somebody trusted has signed: the trust
// list's, the deny list's, or a status list's up to the trust list's expiry, so that a status
// provider whose clock is wrong cannot move anybody else's. No true clock can be
// behind it. Zero if nothing is at hand.
func (c *Cache) NewestSigned() time.Time {
	s := c.state.Load()
	if s.trust == nil {
		return time.Time{}
	}
	newest := s.trust.Issued
	if s.deny.list != nil && s.deny.list.Issued.After(newest) {
		newest = s.deny.list.Issued // the same authority's
	}
	for _, e := range s.lists {
		if at := e.list.IssuedAt; at.After(newest) && !at.After(s.trust.Expires) {
			newest = at
		}
	}
	return newest
}

// Entry tells of one thing at hand.
type Entry struct {
	Resource string        `json:"resource"` // as in [Missing]
	AsOf     time.Time     `json:"as_of"`    // when it was signed, or known to be the latest
	Expires  time.Time     `json:"expires,omitzero"`
	Deadline time.Time     `json:"deadline"` // from when on it no longer counts as fresh; a pinned thing as long as the trust list
	TTL      time.Duration `json:"-"`
	Bytes    int           `json:"bytes"` // on the wire and on disk
	ETag     string        `json:"-"`
	Digest   string        `json:"-"`                // SHA-256 of those bytes, in hexadecimal
	Fetched  time.Time     `json:"fetched,omitzero"` // as the disk says
	Number   uint64        `json:"number,omitempty"` // of a trust list or deny list
}

// Entries lists what is at hand: the trust list, the deny list, then status lists,
// DID documents and contexts by their names.
func (c *Cache) Entries() []Entry {
	s := c.state.Load()
	if s.trust == nil {
		return nil
	}
	out := []Entry{{
		Resource: TrustResource, AsOf: s.trust.Issued, Expires: s.trust.Expires, Deadline: s.trust.Expires,
		Bytes: s.trustRaw.bytes, Digest: s.trustRaw.sum, ETag: s.trustRaw.etag, Fetched: s.trustRaw.fetched, Number: s.trust.Number,
	}}
	first := len(out)
	if d := s.deny; d.list != nil {
		out = append(out, Entry{
			Resource: DenyResource, AsOf: d.list.Issued, Expires: d.list.Expires, Deadline: d.list.Expires,
			Bytes: d.bytes, Digest: d.sum, ETag: d.etag, Fetched: d.fetched, Number: d.list.Number,
		})
		first++
	}
	for uri, e := range s.lists {
		out = append(out, Entry{
			Resource: uri, AsOf: e.list.IssuedAt, Expires: e.list.Expires, Deadline: e.list.Deadline(), TTL: e.list.TTL,
			Bytes: e.bytes, Digest: e.sum, ETag: e.etag, Fetched: e.fetched,
		})
	}
	for id, d := range s.documents {
		deadline := d.doc.Until
		if deadline.IsZero() {
			deadline = s.trust.Expires
		}
		out = append(out, Entry{
			Resource: id, AsOf: d.doc.AsOf, Expires: d.doc.Until, Deadline: deadline,
			Bytes: d.bytes, Digest: d.sum, ETag: d.etag, Fetched: d.fetched,
		})
	}
	for url, data := range s.contexts {
		out = append(out, Entry{Resource: url, AsOf: s.trust.Issued, Deadline: s.trust.Expires, Bytes: len(data), Digest: digest(data)})
	}
	slices.SortFunc(out[first:], func(a, b Entry) int { return strings.Compare(a.Resource, b.Resource) })
	return out
}
