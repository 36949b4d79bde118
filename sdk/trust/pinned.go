package trust

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/did"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/limits"
)

// Context is a JSON-LD context to have at hand: contexts say what signed terms
// mean and carry no signature, so the authority pins the bytes of each.
type Context struct {
	URL    string // the context's name, as credentials have it
	Source string // where to fetch it, if not at URL; empty otherwise
	SHA256 [32]byte
}

// Document says of one DID's document how it is authenticated and where it is.
type Document struct {
	DID    string
	Source string // where to fetch it, if not where the method says; empty otherwise
	SHA256 [32]byte
	Pinned bool // to SHA256; else TLS (did:web) or its own log (did:webvh) vouches for it
	// MaxAge is how long after it was fetched a document counts that is not pinned.
	MaxAge time.Duration
}

// documentAge is Document.MaxAge where the list does not say: a village office
// that is offline for a week goes on working, and a key that was withdrawn because
// it leaked is accepted no longer than that.
const documentAge = 7 * 24 * time.Hour

// maxDocumentAge keeps a mistaken unit from making documents count forever.
const maxDocumentAge = 365 * 24 * time.Hour

// Contexts lists the contexts that the list pins, by URL.
func (l *List) Contexts() []Context {
	if l == nil {
		return nil
	}
	return slices.Clone(l.contexts)
}

// Context looks up a context by its exact URL.
func (l *List) Context(url string) (Context, bool) {
	if l == nil {
		return Context{}, false
	}
	i, ok := slices.BinarySearchFunc(l.contexts, url, func(c Context, url string) int { return strings.Compare(c.URL, url) })
	if !ok {
		return Context{}, false
	}
	return l.contexts[i], true
}

// Documents lists the DID documents to have at hand, by DID: those that the list
// speaks of, and those that hold its issuers' keys and that no identifier says by
// itself.
func (l *List) Documents() []Document {
	if l == nil {
		return nil
	}
	return slices.Clone(l.wanted)
}

// wantedDocuments is [List.Documents]. It is made once: who fetches asks for each
// document, and resolving costs more than comparing.
func (l *List) wantedDocuments() []Document {
	wanted := maps.Clone(l.documents)
	if wanted == nil {
		wanted = map[string]Document{}
	}
	for _, i := range l.issuers {
		for _, id := range i.Documents() {
			if _, known := wanted[id]; known {
				continue
			}
			if _, err := did.Resolve(id, nil); missing(err) {
				wanted[id], _ = l.Document(id)
			}
		}
	}
	return slices.SortedFunc(maps.Values(wanted), func(a, b Document) int { return strings.Compare(a.DID, b.DID) })
}

// Document says how the document of a DID is authenticated. ok is false where the
// list does not speak of it: then TLS or its log may vouch for it, as its method
// says, and an identifier that says a key by itself needs none.
func (l *List) Document(id string) (d Document, ok bool) {
	if l != nil {
		if d, ok = l.documents[id]; ok {
			return d, true
		}
	}
	return Document{DID: id, MaxAge: documentAge}, false
}

func readPinnedContexts(o *object) []Context {
	v, ok := o.Take("contexts", false)
	if !ok {
		return nil
	}
	sub := o.sub(v, "contexts")
	if len(sub.Names()) > limits.TrustContexts {
		o.Fail("contexts", fmt.Sprintf("has more than %d entries", limits.TrustContexts))
		return nil
	}
	var out []Context
	for _, name := range sub.Names() {
		v, _ := sub.Take(name, true)
		// Names are the operator's own words; a path leaves them out.
		entry := o.sub(v, "contexts[url]")
		c := Context{URL: name, Source: entry.https("url")}
		c.SHA256, _ = entry.sha256(true)
		if name == "" {
			o.Fail("contexts", "has an entry without a name")
		}
		entry.Done()
		out = append(out, c)
	}
	return out
}

func readDocuments(o *object) map[string]Document {
	v, ok := o.Take("documents", false)
	if !ok {
		return nil
	}
	sub := o.sub(v, "documents")
	if len(sub.Names()) > limits.TrustDocuments {
		o.Fail("documents", fmt.Sprintf("has more than %d entries", limits.TrustDocuments))
		return nil
	}
	out := map[string]Document{}
	for _, id := range sub.Names() {
		v, _ := sub.Take(id, true)
		out[id] = readDocument(o.sub(v, "documents[did]"), id)
	}
	return out
}

func readDocument(o *object, id string) Document {
	d := Document{DID: id, Source: o.https("url"), MaxAge: documentAge}
	d.SHA256, d.Pinned = o.sha256(false)
	if o.Has("max_age_s") {
		d.MaxAge = time.Duration(min(o.integer("max_age_s"), uint64(maxDocumentAge/time.Second)+1)) * time.Second
		if d.MaxAge > maxDocumentAge {
			o.Fail(o.Member("max_age_s"), "is more than a year")
		}
		if d.Pinned {
			o.Fail(o.Member("max_age_s"), "is of no use beside sha256: a pinned document is as old as the list")
		}
	}
	o.Known("max_age_s")
	o.Done()
	method, _, _ := strings.Cut(strings.TrimPrefix(id, "did:"), ":")
	switch {
	case !did.IsDID(id):
		o.Fail(o.Place(), "is the entry of no DID")
	case did.SelfContained(id):
		o.Fail(o.Place(), "is the entry of a DID that says everything itself")
	case method == "web" && d.Source != "" && !d.Pinned:
		o.Fail(o.Place(), "has a url and no sha256: the certificate of another host says nothing about a did:web")
	case method == "webvh" && d.Pinned:
		o.Fail(o.Place(), "pins a log, which proves itself and grows")
	case method != "web" && method != "webvh" && !d.Pinned:
		o.Fail(o.Place(), "has no sha256, and nothing else vouches for a document of this method")
	}
	return d
}

// sha256 reads a digest as base64url without padding.
func (o *object) sha256(required bool) (sum [32]byte, ok bool) {
	text := o.text("sha256", required)
	if text == "" {
		return sum, false
	}
	raw, err := base64url.Decode(text)
	if err != nil || len(raw) != len(sum) {
		o.Fail(o.Member("sha256"), "is no SHA-256 in base64url without padding")
		return sum, false
	}
	return [32]byte(raw), true
}

var httpsShape = regexp.MustCompile(`^https://[^/?#@]+([/?][^#]*)?$`)

// https reads an address to fetch from.
func (o *object) https(name string) string {
	s := o.text(name, false)
	if s == "" {
		return ""
	}
	if u, err := url.Parse(s); err != nil || u.Hostname() == "" || !httpsShape.MatchString(s) {
		o.Fail(o.Member(name), "is no https URL without user and fragment")
	}
	return s
}
