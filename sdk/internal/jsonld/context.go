package jsonld

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/piprate/json-gold/ld"
)

// Source gives contexts that are at hand, nil for one that is not.
type Source interface {
	Context(url string) []byte
}

// ContextError says that a context is not at hand or cannot be used.
type ContextError struct{ URL string }

func (e *ContextError) Error() string {
	return fmt.Sprintf("process JSON-LD context %q: it is not at hand or no context", e.URL)
}

// kept is how many lists of contexts a Processor remembers: a verifier meets a
// handful of types.
const kept = 32

// Processor processes documents and remembers contexts. The zero value is not
// usable; make one with [New].
type Processor struct {
	mu    sync.Mutex
	lists map[string]*contexts
}

// New makes a Processor.
func New() *Processor { return &Processor{lists: map[string]*contexts{}} }

// contexts is a processed list of contexts and what it was made of. It is not
// changed once made.
type contexts struct {
	bytes     map[string][]byte         // every context it may lead to; nil for one not at hand
	documents map[string]map[string]any // those at hand, decoded
	types     map[string]bool           // names of @type
	imports   bool                      // one of them imports another
	safe, lax *ld.Context
}

// contexts gives the processed list of urls, ready for a document that names inner
// inside it. What is remembered is used only if source still gives the same
// bytes for everything in it.
func (p *Processor) contexts(urls, inner []string, source Source) (*contexts, error) {
	key := strings.Join(urls, "\n") + "\n\n" + strings.Join(inner, "\n")
	p.mu.Lock()
	c := p.lists[key]
	p.mu.Unlock()
	if c != nil && c.current(source) {
		return c, nil
	}
	c, err := load(urls, inner, source)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.lists) >= kept {
		clear(p.lists)
	}
	p.lists[key] = c
	return c, nil
}

func (c *contexts) current(source Source) bool {
	for url, data := range c.bytes {
		if !bytes.Equal(source.Context(url), data) {
			return false
		}
	}
	return true
}

// load reads the contexts and all that they name, and processes them twice: so
// that undefined terms are errors, and so that they are passed over.
func load(urls, inner []string, source Source) (*contexts, error) {
	c := &contexts{bytes: map[string][]byte{}, documents: map[string]map[string]any{}}
	references := map[string][]string{}
	for next := slices.Concat(urls, inner); len(next) > 0; {
		url := next[0]
		next = next[1:]
		if _, known := c.bytes[url]; known {
			continue
		}
		if len(c.bytes) >= limits.Contexts {
			return nil, &ContextError{url}
		}
		data := source.Context(url)
		c.bytes[url] = bytes.Clone(data)
		if data == nil {
			continue // if it is needed, processing says so
		}
		document, err := readContext(data)
		if err != nil {
			return nil, &ContextError{url}
		}
		c.documents[url] = document
		c.imports = c.imports || bytes.Contains(data, []byte(`@import`))
		references[url] = named(document, nil)
		next = append(next[:len(next):len(next)], references[url]...)
	}
	if url, ok := bounded(slices.Concat(urls, inner), references); !ok {
		return nil, &ContextError{url}
	}
	c.types = typeNames(c.documents)
	list := make([]any, len(urls))
	for i, url := range urls {
		if c.documents[url] == nil {
			return nil, &ContextError{url}
		}
		list[i] = url
	}
	for _, mode := range []struct {
		into **ld.Context
		safe bool
	}{{&c.safe, true}, {&c.lax, false}} {
		processed, err := ld.NewContext(nil, c.options(mode.safe)).Parse(list)
		if err != nil {
			return nil, &ContextError{strings.Join(urls, " ")}
		}
		*mode.into = processed
	}
	return c, nil
}

// bounded reports whether contexts that name others come to an end, and soon: each
// is processed wherever it is named, and json-gold notices no circle. JSON-LD 1.1
// would allow one through the scoped contexts of terms, which no context in the
// field has. url is where it does not end.
func bounded(urls []string, references map[string][]string) (url string, ok bool) {
	left := limits.ContextInclusions
	var above []string
	var visit func(string) bool
	visit = func(at string) bool {
		if left--; left < 0 || slices.Contains(above, at) {
			url = at
			return false
		}
		above = append(above, at)
		for _, next := range references[at] {
			if !visit(next) {
				return false
			}
		}
		above = above[:len(above)-1]
		return true
	}
	for _, at := range urls {
		if !visit(at) {
			return url, false
		}
	}
	return "", true
}

// readContext reads a context. A document without an @context member is taken
// as an empty one: JSON-LD calls it invalid, but processors in the field sign
// with such files (a JSON Schema where a context should be) and sign no claim by
// it. Read as empty, the answer names the claims that nothing covers.
func readContext(data []byte) (map[string]any, error) {
	if len(data) > limits.Context {
		return nil, errors.New("the context is too large")
	}
	if _, err := strictjson.DecodeObject(data); err != nil {
		return nil, err
	}
	// json-gold wants @version as a float64.
	var document map[string]any
	if err := json.Unmarshal(data, &document); err != nil {
		return nil, err
	}
	if _, ok := document["@context"]; !ok {
		document["@context"] = map[string]any{}
	}
	keepContainers(document["@context"])
	return document, nil
}

// keepContainers works around json-gold, which looks for a term's container in
// the context that the term brings along and not in the one that defines it (JSON-LD
// 1.1 API §5.1.2 step 13.5: "in active context"). Where a term brings null, as
// verifiableCredential does in W3C's context of 2024, it finds none, and statements
// stand in the wrong graph. So that it finds one, the term is defined anew behind
// null: under an IRI of ours, which takes no part in what the term itself means.
func keepContainers(v any) {
	switch v := v.(type) {
	case map[string]any:
		for term, member := range v {
			if definition, ok := member.(map[string]any); ok {
				scoped, brings := definition["@context"]
				if container, has := definition["@container"]; has && brings && scoped == nil {
					definition["@context"] = []any{nil, map[string]any{term: map[string]any{"@id": "urn:dzong:container", "@container": container}}}
					continue
				}
			}
			keepContainers(member)
		}
	case []any:
		for _, e := range v {
			keepContainers(e)
		}
	}
}

// named appends the URLs that a context names: those imported, and those of
// scoped contexts.
func named(v any, urls []string) []string {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if name == "@context" || name == "@import" {
				entries, isList := member.([]any)
				if !isList {
					entries = []any{member}
				}
				for _, e := range entries {
					if url, ok := e.(string); ok {
						urls = append(urls, url)
					}
				}
			}
			urls = named(member, urls)
		}
	case []any:
		for _, e := range v {
			urls = named(e, urls)
		}
	}
	return urls
}

// options are json-gold's, with a loader that has nothing but c's own contexts.
func (c *contexts) options(safe bool) *ld.JsonLdOptions {
	return &ld.JsonLdOptions{
		ProcessingMode: ld.JsonLd_1_1,
		DocumentLoader: loader{c},
		SafeMode:       safe,
	}
}

type loader struct{ *contexts }

// LoadDocument implements ld.DocumentLoader. json-gold only reads what it is given,
// but for a context that another one imports: it writes the other's terms into it.
// Where there is an import, each call therefore reads anew.
func (l loader) LoadDocument(url string) (*ld.RemoteDocument, error) {
	document := l.documents[url]
	if document == nil {
		return nil, &ContextError{url}
	}
	if l.imports {
		var err error
		if document, err = readContext(l.bytes[url]); err != nil {
			return nil, err
		}
	}
	return &ld.RemoteDocument{DocumentURL: url, Document: document}, nil
}
