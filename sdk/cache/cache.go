package cache

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/deny"
	"github.com/dzong-id/dzong/sdk/did"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/trust"
	"github.com/dzong-id/dzong/sdk/verify"
)

// Cache is verified knowledge in a folder. It is safe for concurrent use; puts
// wait for one another, and never hold up [Cache.Snapshot].
type Cache struct {
	disk    disk
	root    credential.Key
	openers []status.Opener
	log     *slog.Logger
	now     func() time.Time
	noWrite bool
	secret  []byte // nil: nothing can be sealed

	putting sync.Mutex
	state   atomic.Pointer[state]
}

// state is everything at one moment. It is never changed, only replaced.
type state struct {
	trust     *trust.List // nil: none at hand
	trustRaw  held
	floor     floor
	deny      denial
	contexts  map[string][]byte    // by URL
	documents map[string]*document // by DID
	lists     map[string]entry     // by URI
	refused   map[string]*refusal  // by URI, of lists that are not in lists
	aside     map[string]*refusal  // trust list or lists whose file was put aside, by resource
	snapshot  *verify.Snapshot
}

// held is what there is to tell about bytes on disk.
type held struct {
	bytes   int
	sum     string
	etag    string
	fetched time.Time
}

type entry struct {
	held
	list *status.List
}

// denial is the deny list at hand; its list is nil if there is none. What the next
// one must not fall below is known also where the list itself is lost.
type denial struct {
	held
	list  *deny.List
	floor floor
}

type refusal struct {
	code reason.Code
	err  error
}

// floor is what the next trust list or deny list must not fall below.
type floor struct {
	number uint64
	digest string
}

var (
	// ErrOlder is returned for a trust list or deny list with a lower number, and a status
	// list issued earlier, than what is at hand.
	ErrOlder = errors.New("older than what is at hand")
	// ErrConflict is returned for a trust list or deny list with the number of the one at
	// hand and other content: its authority signed two lists under one number.
	ErrConflict = errors.New("same number as the list at hand, but another content")
	// ErrReadOnly is returned by every put into a cache opened with [ReadOnly].
	ErrReadOnly = errors.New("the cache was opened for reading only")
	// ErrNoTrust is returned for a status list where there is no trust list yet
	// that could say whose signature counts.
	ErrNoTrust = errors.New("no trust list at hand; put one first")
)

// Option configures a [Cache].
type Option func(*Cache)

// Openers names the forms of status lists the cache opens, tried in order. The
// default is status.Token alone; status.Credential opens those that are W3C
// credentials, by the mechanisms a caller wants, and is given the contexts that
// the trust list pins.
func Openers(o ...status.Opener) Option {
	return func(c *Cache) { c.openers = append(c.openers, o...) }
}

// Logger is where put-aside files are reported; nil and the default are silent.
func Logger(l *slog.Logger) Option {
	return func(c *Cache) {
		if l != nil {
			c.log = l
		}
	}
}

// Now is the clock; the default is time.Now. Signers are looked up at its time,
// or at the trust list's own where that is later: a device whose clock fell back
// must not lose what it knew.
func Now(now func() time.Time) Option {
	return func(c *Cache) { c.now = now }
}

// ReadOnly opens a folder that another process writes, or that must stay as it
// is: it is not made, nothing in it is put aside (what does not verify is passed
// over), and every put fails with [ErrReadOnly]. Without it, opening a folder
// with a mistaken root would put all of it aside.
func ReadOnly() Option {
	return func(c *Cache) { c.noWrite = true }
}

// Open opens the knowledge in dir, which is made if it does not exist. root is
// the trust authority's key, from configuration. Everything is read and verified
// again; what does not verify is put aside and is no error: the cache then knows
// less, and says so ([Cache.Missing]). The error is for a folder that cannot be
// opened, or a root that is no key.
func Open(dir string, root credential.Key, opts ...Option) (*Cache, error) {
	var asked Cache
	for _, o := range opts {
		o(&asked)
	}
	opening := openDisk
	if asked.noWrite {
		opening = openExisting
	}
	d, err := opening(dir)
	if err != nil {
		return nil, fmt.Errorf("open cache: %w", err)
	}
	if asked.noWrite {
		return open(readOnlyDisk{d}, root, opts...)
	}
	return open(d, root, opts...)
}

func open(d disk, root credential.Key, opts ...Option) (*Cache, error) {
	if root.IsZero() {
		return nil, errors.New("open cache: no key of the trust authority; hand over the pinned key")
	}
	c := &Cache{disk: d, root: root, log: slog.New(slog.DiscardHandler), now: time.Now}
	for _, o := range opts {
		o(c)
	}
	if c.secret != nil && len(c.secret) < leastSeal {
		return nil, fmt.Errorf("open cache: a seal's secret of %d bytes; at least %d", len(c.secret), leastSeal)
	}
	if len(c.openers) == 0 {
		c.openers = []status.Opener{status.Token()}
	}
	c.state.Store(c.load())
	return c, nil
}

// Snapshot is the latest knowledge, never nil. It is immutable; later puts do
// not change it.
func (c *Cache) Snapshot() *verify.Snapshot { return c.state.Load().snapshot }

// swap makes s, of which the snapshot is derived here, what readers see.
func (c *Cache) swap(s *state) {
	s.seal()
	c.state.Store(s)
}

func (s *state) seal() {
	snapshot := &verify.Snapshot{
		Trust:     s.trust,
		Deny:      s.deny.list,
		Documents: make(map[string]*did.Document, len(s.documents)),
		Status:    make(map[string]*status.List, len(s.lists)),
		Refused:   make(map[string]reason.Code, len(s.refused)),
		Contexts:  s.contexts, // replaced and never changed
	}
	for id, d := range s.documents {
		snapshot.Documents[id] = d.doc
	}
	for uri, e := range s.lists {
		snapshot.Status[uri] = e.list
	}
	for uri, r := range s.refused {
		if snapshot.Status[uri] == nil {
			snapshot.Refused[uri] = r.code
		}
	}
	s.snapshot = snapshot
}

// clone is a copy that may be changed before it is swapped in.
func (s *state) clone() *state {
	next := *s
	next.contexts = maps.Clone(s.contexts)
	next.documents = maps.Clone(s.documents)
	next.lists = maps.Clone(s.lists)
	next.refused = maps.Clone(s.refused)
	next.aside = maps.Clone(s.aside)
	return &next
}

// keys finds who may sign status lists by the trust list and documents of s.
func (c *Cache) keys(s *state) (credential.Keys, time.Time) {
	at := c.now()
	if s.trust.Issued.After(at) {
		at = s.trust.Issued
	}
	return s.trust.Keys(s, at), at
}

// Document implements trust.Documents.
func (s *state) Document(id string) *did.Document {
	if d := s.documents[id]; d != nil {
		return d.doc
	}
	return nil
}

// Context implements credential.Contexts.
func (s *state) Context(url string) []byte { return s.contexts[url] }

// acceptSigner refuses a list by somebody whom none of the issuers that name it
// accepts: taken, it would stand in the place of theirs. A list that nobody names
// beforehand is held against its credential's issuer when it is looked up, as
// every list is.
func acceptSigner(l *trust.List, list *status.List) error {
	named := false
	for _, issuer := range l.Issuers() {
		if !slices.Contains(issuer.StatusLists, list.URI) {
			continue
		}
		named = true
		if slices.ContainsFunc(list.Signers, issuer.AcceptsStatusSigner) {
			return nil
		}
	}
	if !named {
		return nil
	}
	return &reason.Error{Code: reason.StatusListInvalid, Doing: "open status list: no issuer that names it accepts its signer"}
}

// openStatus opens a list by the first opener that knows its form, with the
// documents and contexts at hand, and takes it only from a signer that counts.
func (c *Cache) openStatus(s *state, uri string, data []byte) (*status.List, error) {
	keys, at := c.keys(s)
	list, err := status.First(status.In(s, c.openers...), uri, data, keys, at)
	if err != nil {
		return nil, err
	}
	if err := acceptSigner(s.trust, list); err != nil {
		return nil, err
	}
	return list, nil
}
