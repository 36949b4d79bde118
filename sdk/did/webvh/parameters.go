package webvh

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/dzong-id/dzong/sdk/internal/base58"
	"github.com/dzong-id/dzong/sdk/internal/multicodec"
	"github.com/dzong-id/dzong/sdk/limits"
)

// method is the one version of the specification that is read here.
const method = "did:webvh:1.0"

const defaultTTL = time.Hour

// parameters are those of one entry (§did:webvh DID Method Parameters), nil where
// the entry does not set them.
type parameters struct {
	method        *string
	scid          *string
	updateKeys    *[]string
	nextKeyHashes *[]string
	witness       *witnessList
	portable      *bool
	deactivated   *bool
	ttl           *time.Duration
}

// readParameters: "The parameters object MUST only include properties defined in
// the version of the did:webvh DID Method specification being used."
func readParameters(members map[string]any) (p parameters, err error) {
	for name, v := range members {
		ok := true
		switch name {
		case "method":
			p.method, ok = pointer[string](v)
		case "scid":
			p.scid, ok = pointer[string](v)
		case "portable":
			p.portable, ok = pointer[bool](v)
		case "deactivated":
			p.deactivated, ok = pointer[bool](v)
		case "updateKeys":
			p.updateKeys, ok = readTexts(v)
		case "nextKeyHashes":
			p.nextKeyHashes, ok = readTexts(v)
		case "watchers":
			_, ok = readTexts(v) // nothing here asks one
		case "ttl":
			p.ttl, ok = readTTL(v)
		case "witness":
			p.witness, err = readWitnessList(v)
		default:
			return p, malformed("it has a parameter that version 1.0 does not know")
		}
		if err != nil {
			return p, err
		}
		if !ok {
			return p, malformed("parameter " + name + " is not of its type")
		}
	}
	if p.method != nil && *p.method != method {
		return p, unsupported("its method is not " + method)
	}
	return p, nil
}

func pointer[T any](v any) (*T, bool) {
	t, ok := v.(T)
	return &t, ok
}

// readTexts reads an array of different strings. "resolver implementations SHOULD
// gracefully accept null and immediately convert the value to their equivalent
// default value".
func readTexts(v any) (*[]string, bool) {
	if v == nil {
		return &[]string{}, true
	}
	list, ok := v.([]any)
	if !ok || len(list) > limits.WebVHKeys {
		return nil, false
	}
	out := make([]string, 0, len(list))
	for _, v := range list {
		s, ok := v.(string)
		if !ok || s == "" || slices.Contains(out, s) {
			return nil, false
		}
		out = append(out, s)
	}
	return &out, true
}

func readTTL(v any) (*time.Duration, bool) {
	ttl := defaultTTL
	if v == nil {
		return &ttl, true
	}
	n, _ := v.(json.Number)
	seconds, err := strconv.ParseUint(string(n), 10, 64)
	if err != nil || seconds > 1<<31 {
		return nil, false
	}
	ttl = time.Duration(seconds) * time.Second
	return &ttl, true
}

// active is the set of parameters that apply after an entry.
type active struct {
	updateKeys    []string
	nextKeyHashes []string
	witness       witnessList
	portable      bool
}

// keys gives the keys that may sign the entry (§Authorized Keys), and holds it to
// the pre-rotation that the entry before it asks for.
func (p *parameters) keys(before *active) ([]string, error) {
	switch {
	case before == nil: // the first entry
		return *p.updateKeys, nil
	case len(before.nextKeyHashes) == 0:
		return before.updateKeys, nil
	}
	// "While active, the properties nextKeyHashes and updateKeys MUST be present in
	// all log entries."
	if p.updateKeys == nil || p.nextKeyHashes == nil {
		return nil, refuse("it leaves updateKeys or nextKeyHashes away while keys are rotated ahead")
	}
	for _, key := range *p.updateKeys {
		if !slices.Contains(before.nextKeyHashes, multihash([]byte(key))) {
			return nil, refuse("it has an update key that the entry before did not announce")
		}
	}
	return *p.updateKeys, nil
}

// after gives the parameters that apply behind an entry.
func (p *parameters) after(before *active) active {
	var a active
	if before != nil {
		a = *before
	}
	if p.updateKeys != nil {
		a.updateKeys = *p.updateKeys
	}
	if p.nextKeyHashes != nil {
		a.nextKeyHashes = *p.nextKeyHashes
	}
	if p.witness != nil {
		a.witness = *p.witness
	}
	if p.portable != nil {
		a.portable = *p.portable
	}
	return a
}

// isEd25519 reports whether text is an Ed25519 public key as a Multikey in
// base58btc, the one kind that eddsa-jcs-2022 signs with.
func isEd25519(text string) bool {
	if len(text) > 64 || len(text) == 0 || text[0] != 'z' {
		return false
	}
	raw, err := base58.Decode(text[1:])
	if err != nil {
		return false
	}
	code, key, err := multicodec.Split(raw)
	return err == nil && code == multicodec.Ed25519 && len(key) == 32
}
