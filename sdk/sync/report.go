package sync

import (
	"errors"
	"time"

	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/reason"
)

// State is what became of one resource.
type State string

const (
	Fetched   State = "fetched"   // something new was taken
	Unchanged State = "unchanged" // what is at hand is the latest there is
	Failed    State = "failed"    // see Why; what was at hand still is
)

// Resource reports on one resource.
type Resource struct {
	Resource string      `json:"resource"`       // as in cache.Missing
	From     string      `json:"from,omitempty"` // the URL or file it came from
	State    State       `json:"state"`
	Code     reason.Code `json:"code,omitempty"` // why bytes that arrived were refused
	Why      string      `json:"why,omitempty"`  // for operators, in English; empty unless failed
	Bytes    int64       `json:"bytes"`          // on the wire, without headers
	AsOf     time.Time   `json:"as_of,omitzero"` // when what is now at hand was signed, or known to be the latest
	Err      error       `json:"-"`
}

// Report is what one run did: a line per resource, the trust list first.
type Report struct {
	At        time.Time  `json:"at"`
	Resources []Resource `json:"resources"`
}

// OK reports whether there was something to do and nothing failed.
func (r Report) OK() bool {
	for _, x := range r.Resources {
		if x.State == Failed {
			return false
		}
	}
	return len(r.Resources) > 0
}

// Bytes is what the run cost on the wire, without headers.
func (r Report) Bytes() int64 {
	var n int64
	for _, x := range r.Resources {
		n += x.Bytes
	}
	return n
}

func (r *Resource) fail(err error) {
	r.State, r.Err = Failed, err
	var coded *reason.Error
	if errors.As(err, &coded) {
		r.Code = coded.Code
	}
	switch {
	case errors.Is(err, cache.ErrOlder):
		r.Why = "it is older than what is at hand; the old copy was refused"
	case errors.Is(err, cache.ErrConflict):
		r.Why = "the authority signed two lists under one number; ask it for a new number"
	case errors.Is(err, cache.ErrNoTrust):
		r.Why = "there is no trust list at hand that says whose signature counts; fetch that first"
	default:
		r.Why = err.Error()
	}
}

// settle fills in what is at hand now.
func (r *Resource) settle(c *cache.Cache) {
	for _, e := range c.Entries() {
		if e.Resource == r.Resource {
			r.AsOf = e.AsOf
			return
		}
	}
}
