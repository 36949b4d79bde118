package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/deny"
	"github.com/dzong-id/dzong/sdk/did"
	"github.com/dzong-id/dzong/sdk/internal/mechanisms"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/trust"
	"github.com/dzong-id/dzong/sdk/verify"
)

// knowledgeFlags is where a decision's knowledge comes from: files handed in for
// this call, or a cache that a pinned key guards.
type knowledgeFlags struct {
	trust, trustKey, cache, seal, deny string
	status, documents, contexts        repeated
}

func (k *knowledgeFlags) register(flags *flag.FlagSet) {
	flags.StringVar(&k.trust, "trust", "", "`file` with a bare trust list (JSON), taken as it is")
	flags.StringVar(&k.trustKey, "trust-key", "", "`file` with the trust authority's public key (JWK), for --cache")
	flags.StringVar(&k.cache, "cache", "", "`folder` with knowledge that dzong sync keeps")
	flags.StringVar(&k.deny, "deny", "", "`file` with a bare deny list (JSON), taken as it is")
	flags.StringVar(&k.seal, "seal", "", "`file` with the device's secret that dzong sync was given, for --cache")
	flags.Var(&k.status, "status", "`file` with a status list token; its URI is the token's sub, or given as uri=file; may be repeated")
	flags.Var(&k.documents, "document", "`file` with a DID document; may be repeated")
	flags.Var(&k.contexts, "context", "a JSON-LD context, as `url=file`; may be repeated")
}

// check refuses combinations in which one half would silently not count.
func (k *knowledgeFlags) check() error {
	switch {
	case k.trust != "" && k.trustKey != "":
		return usagef("--trust takes a list as it is and --trust-key guards a --cache: give one of them")
	case k.trust != "" && k.cache != "":
		return usagef("a --cache holds its own trust list: give --trust-key instead of --trust, or --status files instead of --cache")
	case k.cache != "" && len(k.status) > 0:
		return usagef("a --cache holds its own status lists: give --cache or --status, not both")
	case k.cache != "" && k.trustKey == "":
		return usagef("--cache needs --trust-key F, the trust authority's public key: what is read from disk is verified again")
	case k.seal != "" && k.cache == "":
		return usagef("--seal goes with --cache")
	case k.trustKey != "" && k.cache == "":
		return usagef("--trust-key needs --cache DIR; for a single bare list give --trust F")
	case k.cache != "" && k.deny != "":
		return usagef("a --cache holds its own deny list: give --cache or --deny, not both")
	case k.deny != "" && k.trust == "":
		return usagef("--deny needs --trust F, which says for whom a deny list counts")
	case k.cache != "" && len(k.documents)+len(k.contexts) > 0:
		return usagef("a --cache holds its own documents and contexts: leave out --document and --context")
	case len(k.documents)+len(k.contexts) > 0 && k.trust == "":
		return usagef("--document and --context need --trust F, which says whose keys count under which contexts")
	case len(k.status) > 0 && k.trust == "":
		return usagef("--status needs --trust F: without it nobody's signature on a status list counts")
	}
	return nil
}

// snapshot gathers the knowledge as of a time. Nothing at all is knowledge too:
// every decision on it is indeterminate.
func (k *knowledgeFlags) snapshot(s streams, at time.Time) (*verify.Snapshot, error) {
	if k.cache != "" {
		return k.cached(s, at)
	}
	snapshot := &verify.Snapshot{
		Documents: map[string]*did.Document{},
		Status:    map[string]*status.List{},
		Refused:   map[string]reason.Code{},
		Contexts:  map[string][]byte{},
	}
	if k.trust == "" {
		return snapshot, nil
	}
	data, err := s.read(k.trust, limits.TrustList)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(data, []byte("ey")) {
		return nil, fmt.Errorf("read trust list %s: it is a signed list, and --trust takes a bare one: import it with dzong sync --from FOLDER and verify with --cache", k.trust)
	}
	if snapshot.Trust, err = trust.Parse(data); err != nil {
		return nil, fmt.Errorf("read trust list %s: %w", k.trust, err)
	}
	if k.deny != "" {
		if data, err = s.read(k.deny, limits.DenyList); err != nil {
			return nil, err
		}
		if snapshot.Deny, err = deny.Parse(data); err != nil {
			return nil, fmt.Errorf("read deny list %s: %w", k.deny, err)
		}
	}
	if err := k.addFiles(s, snapshot); err != nil {
		return nil, err
	}
	keys := snapshot.Trust.Keys(snapshot, at)
	for _, name := range k.status {
		if err := k.addStatus(s, snapshot, keys, name, at); err != nil {
			return nil, err
		}
	}
	return snapshot, nil
}

// addFiles reads the documents and contexts that a caller vouches for.
func (k *knowledgeFlags) addFiles(s streams, snapshot *verify.Snapshot) error {
	for _, name := range k.documents {
		data, err := s.read(name, limits.DIDDocument)
		if err != nil {
			return err
		}
		doc, err := did.ParseDocument(data)
		if err != nil {
			return fmt.Errorf("read DID document %s: %w", name, err)
		}
		snapshot.Documents[doc.ID] = doc
	}
	for _, name := range k.contexts {
		i := strings.LastIndexByte(name, '=')
		if i < 1 {
			return usagef("--context takes url=file, such as --context https://www.w3.org/ns/credentials/v2=v2.json")
		}
		data, err := s.read(name[i+1:], limits.Context)
		if err != nil {
			return err
		}
		snapshot.Contexts[name[:i]] = data
	}
	return nil
}

func (k *knowledgeFlags) addStatus(s streams, snapshot *verify.Snapshot, keys credential.Keys, name string, at time.Time) error {
	uri, file := "", name
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		if i := strings.LastIndexByte(name, '='); i > 0 {
			uri, file = name[:i], name[i+1:]
		}
	}
	data, err := s.read(file, limits.StatusToken)
	if err != nil {
		return err
	}
	if uri == "" {
		if uri, err = status.Subject(data, mechanisms.Openers()...); err != nil {
			return fmt.Errorf("read status list %s: %w; is it a status list? If it is of another kind, give uri=file", file, err)
		}
	}
	list, err := status.First(status.In(snapshot, mechanisms.Openers()...), uri, data, keys, at)
	if err != nil {
		// It is at hand and counts for nothing: the decision says so itself.
		fmt.Fprintf(s.err, "dzong verify: status list %s is not taken: %v\n", file, err)
		snapshot.Refused[uri] = reason.StatusListInvalid
		return nil
	}
	snapshot.Status[uri] = list
	return nil
}

// cached opens a cache and says on standard error what is missing in it.
func (k *knowledgeFlags) cached(s streams, at time.Time) (*verify.Snapshot, error) {
	// Deciding changes nothing: a mistaken key must not put a good cache aside.
	opts, err := sealed(s, k.seal)
	if err != nil {
		return nil, err
	}
	opts = append(opts, cache.ReadOnly(), cache.Now(func() time.Time { return at }))
	c, err := openCache(s, k.cache, k.trustKey, opts...)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w; dzong sync makes it", err)
	}
	if err != nil {
		return nil, err
	}
	for _, m := range c.Missing() {
		fmt.Fprintf(s.err, "dzong verify: missing in the cache: %s (%s): %s\n", printable(m.Resource), m.Code, printable(m.Sentence))
	}
	return c.Snapshot(), nil
}

func openCache(s streams, dir, keyFile string, opts ...cache.Option) (*cache.Cache, error) {
	root, err := readKey(s, keyFile)
	if err != nil {
		return nil, err
	}
	return cache.Open(dir, root, append(opts, cache.Openers(mechanisms.Openers()...))...)
}

// sealed reads the device's secret, if one is named.
func sealed(s streams, file string) ([]cache.Option, error) {
	if file == "" {
		return nil, nil
	}
	secret, err := s.read(file, limits.DIDDocument)
	if err != nil {
		return nil, err
	}
	return []cache.Option{cache.Seal(secret)}, nil
}

// readKey reads one public key as a JWK.
func readKey(s streams, name string) (credential.Key, error) {
	data, err := s.read(name, limits.DIDDocument)
	if err != nil {
		return credential.Key{}, err
	}
	key, err := credential.ParseJWK(data)
	if err != nil {
		if !json.Valid(data) {
			err = errors.New("it is no JSON")
		}
		return key, fmt.Errorf("read key %s: %w; it must be one public key as a JWK", name, err)
	}
	return key, nil
}
