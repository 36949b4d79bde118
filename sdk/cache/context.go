package cache

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/trust"
)

const (
	contextDir = "contexts"
	contextExt = ".jsonld"
)

// contextName is where a context lies: named by its own digest, so that a trust
// list that pins other bytes finds no file, and not a wrong one.
func contextName(pinned trust.Context) string {
	return contextDir + "/" + hex.EncodeToString(pinned.SHA256[:]) + contextExt
}

// PutContext takes a JSON-LD context that the trust list pins, from wherever it
// came: its digest alone decides. The bytes at hand again are no error.
//
// Errors wrap [ErrNoTrust], [ErrUnwanted], or a *reason.Error with code
// context_not_accepted; after any error what was known before still is.
func (c *Cache) PutContext(ctx context.Context, url string, data []byte) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("put context: %w", err)
	}
	c.putting.Lock()
	defer c.putting.Unlock()
	was := c.state.Load()
	if was.trust == nil {
		return fmt.Errorf("put context: %w", ErrNoTrust)
	}
	pinned, ok := was.trust.Context(url)
	if !ok {
		return fmt.Errorf("put context: %w", ErrUnwanted)
	}
	if err := checkContext(pinned, data); err != nil {
		return fmt.Errorf("put context: %w", err)
	}
	if was.contexts[url] != nil {
		return nil
	}
	if err := c.disk.mkdir(contextDir); err != nil {
		return fmt.Errorf("put context: %w", err)
	}
	if err := replace(c.disk, contextName(pinned), data); err != nil {
		return fmt.Errorf("put context: %w", err)
	}
	s := was.clone()
	s.contexts[url] = append([]byte{}, data...)
	delete(s.aside, url)
	// Status lists that are W3C credentials may have waited for it.
	c.loadStatus(s)
	c.swap(s)
	return nil
}

func checkContext(pinned trust.Context, data []byte) error {
	switch {
	case len(data) > limits.Context:
		return &reason.Error{Code: reason.ContextRefused, Doing: fmt.Sprintf("read context: %d bytes, at most %d", len(data), limits.Context)}
	case sha256.Sum256(data) != pinned.SHA256:
		return &reason.Error{Code: reason.ContextRefused, Doing: "read context: its bytes are not those that the trust list pins"}
	}
	return nil
}

// loadContexts reads the contexts that s.trust pins, into s.
func (c *Cache) loadContexts(s *state) {
	for _, pinned := range s.trust.Contexts() {
		name := contextName(pinned)
		data, err := c.disk.read(name, limits.Context)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = checkContext(pinned, data)
		}
		if err != nil {
			c.putAside(s, pinned.URL, name, reason.ContextRefused, err)
			continue
		}
		s.contexts[pinned.URL] = data
	}
}
