package sync

import (
	"context"
	"errors"
	"strings"

	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/deny"
	"github.com/dzong-id/dzong/sdk/did"
	"github.com/dzong-id/dzong/sdk/did/webvh"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/trust"
)

type kind uint8

const (
	trustList kind = iota
	denyList
	didDocument
	jsonLDContext
	statusList
)

// want is one thing to have at hand, and where it is.
type want struct {
	kind     kind
	resource string // as cache names it
	url      string
	settled  bool // its pinned bytes are at hand: there is nothing to ask for
}

// key tells things apart: a status list and a context may have one address.
func (w want) key() string { return string('0'+rune(w.kind)) + w.resource }

// trust is the trust list, if it is known where it is.
func (f *Fetcher) trust() []want {
	if f.trustURL == "" {
		return nil
	}
	return []want{{kind: trustList, resource: cache.TrustResource, url: f.trustURL}}
}

// named is everything that the trust list at hand names and that has an address, in
// the order in which one makes the next count.
func (f *Fetcher) named() []want {
	s := f.cache.Snapshot()
	var out []want
	if s.Trust != nil && s.Trust.DenyList != "" {
		out = append(out, want{kind: denyList, resource: cache.DenyResource, url: s.Trust.DenyList})
	}
	for _, d := range s.Trust.Documents() {
		url := d.Source
		if url == "" {
			// An address that the method does not allow is none; that the document is
			// missing, the cache says.
			url, _ = did.Address(d.DID)
		}
		if url != "" {
			out = append(out, want{didDocument, d.DID, url, d.Pinned && s.Document(d.DID) != nil})
		}
	}
	for _, c := range s.Trust.Contexts() {
		url := c.Source
		if url == "" {
			url = c.URL
		}
		out = append(out, want{jsonLDContext, c.URL, url, s.Context(c.URL) != nil})
	}
	for _, uri := range s.Trust.StatusLists() {
		out = append(out, want{kind: statusList, resource: uri, url: uri})
	}
	return out
}

// forms are what is asked for of each kind, and how much of it is read.
var forms = [...]struct {
	accept string
	most   int
}{
	trustList:     {"application/" + trust.MediaType, limits.TrustList},
	denyList:      {"application/" + deny.MediaType, limits.DenyList},
	didDocument:   {"application/did+json, application/did+ld+json;q=0.9, application/json;q=0.8, */*;q=0.1", limits.DIDDocument},
	jsonLDContext: {"application/ld+json, application/json;q=0.9, */*;q=0.1", limits.Context},
	// Tokens are shorter than the other forms of a list.
	statusList: {"application/" + status.TokenType + ", application/" + status.TokenTypeCWT + ";q=0.9, application/vc+jwt;q=0.9, application/vc;q=0.8, */*;q=0.1", limits.StatusToken},
}

// fetch asks for a resource and puts what came. bytes is what it cost on the wire.
func (f *Fetcher) fetch(ctx context.Context, w want) (bytes int64, err error) {
	get := request{resource: w.resource, accept: forms[w.kind].accept, most: forms[w.kind].most}
	if e, held := f.entry(w); held {
		get.etag = e.ETag
	}
	isLog := w.kind == didDocument && strings.HasPrefix(w.resource, "did:webvh:")
	if isLog {
		get.accept, get.most = "text/jsonl, */*;q=0.1", limits.WebVHLog
	}
	a, err := f.get(ctx, w.url, get)
	switch {
	case err != nil:
		return a.wire, err
	case a.unchanged && w.kind == didDocument:
		return a.wire, f.cache.Renew(ctx, w.resource)
	case a.unchanged:
		return a.wire, nil
	}
	switch w.kind {
	case trustList:
		return a.wire, f.cache.PutTrust(ctx, a.body, cache.WithETag(a.etag))
	case denyList:
		return a.wire, f.cache.PutDeny(ctx, a.body, cache.WithETag(a.etag))
	case jsonLDContext:
		return a.wire, f.cache.PutContext(ctx, w.resource, a.body)
	case statusList:
		return a.wire, f.cache.PutStatus(ctx, w.resource, a.body, cache.WithETag(a.etag))
	}
	err = f.cache.PutDocument(ctx, w.resource, a.body, cache.JustFetched(), cache.WithETag(a.etag))
	if isLog && errors.Is(err, webvh.ErrWitnesses) {
		return f.fetchWitnesses(ctx, w, a)
	}
	return a.wire, err
}

// fetchWitnesses fetches the witness proofs that a log turned out to need: "defined
// by replacing the /did.jsonl at the end of the DID Log URL with
// /did-witness.json" (did:webvh 1.0, The DID to HTTPS Transformation).
func (f *Fetcher) fetchWitnesses(ctx context.Context, w want, log answer) (int64, error) {
	folder, ok := strings.CutSuffix(w.url, "/did.jsonl")
	if !ok {
		return log.wire, errors.New("fetch witness proofs: the log's address does not end in /did.jsonl, so theirs is not known")
	}
	a, err := f.get(ctx, folder+"/did-witness.json", request{
		resource: w.resource, accept: "application/json, */*;q=0.1", most: limits.WebVHLog,
	})
	if err == nil {
		err = f.cache.PutDocument(ctx, w.resource, log.body,
			cache.JustFetched(), cache.WithETag(log.etag), cache.WithWitnesses(a.body))
	}
	return log.wire + a.wire, err
}

// entry is what the cache tells of a resource at hand.
func (f *Fetcher) entry(w want) (cache.Entry, bool) {
	for _, e := range f.cache.Entries() {
		if e.Resource == w.resource {
			return e, true
		}
	}
	return cache.Entry{}, false
}

// at identifies what is at hand of a resource: the same value, the same thing.
func (f *Fetcher) at(w want) any {
	s := f.cache.Snapshot()
	switch w.kind {
	case trustList:
		return s.Trust
	case denyList:
		return s.Deny
	case statusList:
		return s.Status[w.resource]
	case jsonLDContext:
		return s.Context(w.resource) != nil
	}
	e, _ := f.entry(w)
	return e.Digest
}
