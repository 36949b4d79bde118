package verify

import (
	"github.com/dzong-id/dzong/sdk/deny"
	"github.com/dzong-id/dzong/sdk/did"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/trust"
)

// Snapshot is everything a verifier knew at one moment: data with an age,
// verified when it arrived and again when it was read from disk. It is
// immutable once handed over, so that a decision rests on one state of
// knowledge and can be made again from it a year later.
//
// A nil or empty Snapshot is valid knowledge of nothing: every decision on it
// is indeterminate.
type Snapshot struct {
	// Trust says who may issue what; nil if no trust list is at hand.
	Trust *trust.List
	// Documents holds DID documents by DID.
	Documents map[string]*did.Document
	// Status holds opened status lists by URI.
	Status map[string]*status.List
	// Refused names lists that arrived but were not taken, by URI: to a decision
	// they are status_list_invalid rather than status_unavailable.
	Refused map[string]reason.Code
	// Deny is the trust authority's deny list; nil if none is at hand.
	Deny *deny.List
	// Contexts holds JSON-LD contexts by URL.
	Contexts map[string][]byte
}

// Knowledge gives the latest snapshot. Implementations swap snapshots
// atomically and are safe for concurrent use; cache.Cache is one.
type Knowledge interface {
	Snapshot() *Snapshot
}

// Snapshot makes a fixed snapshot usable as [Knowledge].
func (s *Snapshot) Snapshot() *Snapshot { return s }

// Document implements trust.Documents.
func (s *Snapshot) Document(id string) *did.Document {
	if s == nil {
		return nil
	}
	return s.Documents[id]
}

// Context implements credential.Contexts.
func (s *Snapshot) Context(url string) []byte {
	if s == nil {
		return nil
	}
	return s.Contexts[url]
}

func (s *Snapshot) trustList() *trust.List {
	if s == nil {
		return nil
	}
	return s.Trust
}

func (s *Snapshot) statusList(uri string) (list *status.List, refused bool) {
	if s == nil {
		return nil, false
	}
	_, refused = s.Refused[uri]
	return s.Status[uri], refused
}
