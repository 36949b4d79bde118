package trust

import (
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/did"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

//go:embed schema.json
var schema []byte

// Schema is the format's JSON Schema (draft 2020-12), as a copy. What it accepts
// and [Parse] refuses is what no schema can say: repeated issuers, times in the
// wrong order, keys and certificates that are none.
func Schema() []byte { return slices.Clone(schema) }

// MediaType is the typ of a signed trust list's JWS, and with "application/"
// before it its media type.
const MediaType = "dzong-trust+jwt"

const format = "1"

// Open verifies a trust list signed by the authority whose key is root: a
// compact JWS with typ "dzong-trust+jwt" whose payload is the list. The key is
// pinned: whatever the header says about keys is not looked at. The error wraps
// a *reason.Error: too_large, malformed, algorithm_refused, signature_invalid.
func Open(compact []byte, root credential.Key) (*List, error) {
	if len(compact) > limits.TrustList {
		return nil, tooLarge(len(compact))
	}
	payload, err := jws.OpenPinned(compact, MediaType, root, "open trust list")
	if err != nil {
		return nil, err
	}
	return Parse(payload)
}

// Parse reads a bare trust list: nothing but its form is checked, so the caller
// vouches for the bytes. The error wraps a *reason.Error, malformed or too_large.
func Parse(data []byte) (*List, error) {
	if len(data) > limits.TrustList {
		return nil, tooLarge(len(data))
	}
	root, err := strictjson.DecodeObjectWithin(data, limits.TrustListValues)
	if err != nil {
		return nil, fmt.Errorf("parse trust list: %w", err)
	}
	o := &object{strictjson.ReadObject(root, "parse trust list", true)}
	if v, ok := o.Take("format", true); ok && v != json.Number(format) {
		o.Fail("format", "is not "+format+": this version cannot read the list")
	}
	l := &List{
		Number:  o.integer("number"),
		Issued:  o.time("issued", true),
		Expires: o.time("expires", true),
		digest:  sha256.Sum256(data),
		byID:    map[string]*Issuer{},
	}
	entries := o.list("issuers", true)
	l.contexts = readPinnedContexts(o)
	l.documents = readDocuments(o)
	l.DenyList = o.https("deny_list")
	o.Done()
	if o.Err() == nil && !l.Expires.After(l.Issued) {
		o.Fail("expires", "is not after issued")
	}
	if len(entries) > limits.Issuers {
		return nil, &reason.Error{Code: reason.TooLarge,
			Doing: fmt.Sprintf("parse trust list: %d issuers, at most %d", len(entries), limits.Issuers)}
	}
	for n, v := range entries {
		if o.Err() != nil {
			break
		}
		i := readIssuer(o.sub(v, fmt.Sprintf("issuers[%d]", n)))
		if o.Err() == nil && l.byID[i.ID] != nil {
			o.Fail(fmt.Sprintf("issuers[%d].id", n), "repeats an earlier issuer")
		}
		l.byID[i.ID] = i
		l.issuers = append(l.issuers, i)
	}
	if err := o.Err(); err != nil {
		return nil, err
	}
	l.wanted = l.wantedDocuments()
	return l, nil
}

func readIssuer(o *object) *Issuer {
	i := &Issuer{
		ID:            o.text("id", true),
		Types:         o.texts("types"),
		DIDs:          o.texts("dids"),
		ValidFrom:     o.time("valid_from", false),
		ValidUntil:    o.time("valid_until", false),
		Status:        StatusRequired,
		StatusSigners: o.texts("status_signers"),
		StatusLists:   o.texts("status_lists"),
	}
	if o.Has("status") {
		i.Status = StatusRule(o.text("status", false))
		if i.Status != StatusRequired && i.Status != StatusOptional && i.Status != StatusNone && i.Status != StatusDenyList {
			o.Fail(o.Member("status"), "is none of required, optional, none, deny_list")
		}
	}
	o.Known("status")
	i.DenyBy = readPath(o, "deny_by")
	if (i.Status == StatusDenyList) != (i.DenyBy != nil) {
		o.Fail(o.Member("deny_by"), "is there without the status deny_list, or that without it")
	}
	if !i.ValidFrom.IsZero() && !i.ValidUntil.IsZero() && !i.ValidUntil.After(i.ValidFrom) {
		o.Fail(o.Member("valid_until"), "is not after valid_from")
	}
	for n, id := range i.DIDs {
		if !did.IsDID(id) {
			o.Fail(fmt.Sprintf("%s[%d]", o.Member("dids"), n), "is no DID")
		}
	}
	i.fixed = map[string]*did.Document{}
	for _, id := range i.Documents() {
		if did.SelfContained(id) {
			// Resolved once: a status list without an issuer asks every entry.
			i.fixed[id], _ = did.Resolve(id, nil)
		}
	}
	i.Names = readNames(o)
	i.Contexts = readContexts(o)
	i.keys = readJWKS(o, i.ID)
	i.anchors = readAnchors(o, i.ID)
	i.revoked = readRevoked(o)
	o.Done()
	return i
}

// readPath reads a path of member names, nil if it is absent. Names may repeat.
func readPath(o *object, name string) []string {
	var path []string
	for n, v := range o.list(name, false) {
		path = append(path, o.AsText(v, fmt.Sprintf("%s[%d]", o.Member(name), n)))
	}
	if o.Has(name) && len(path) == 0 || len(path) > limits.JSONDepth {
		o.Fail(o.Member(name), "is no path of member names")
	}
	return path
}

func readNames(o *object) map[string]string {
	v, ok := o.Take("names", false)
	if !ok {
		return nil
	}
	names := map[string]string{}
	sub := o.sub(v, o.Member("names"))
	for _, lang := range []string{"en", "dz"} {
		if name := sub.text(lang, false); name != "" {
			names[lang] = name
		}
	}
	sub.Done()
	return names
}

func readContexts(o *object) map[string][]string {
	v, ok := o.Take("contexts", false)
	if !ok {
		return nil
	}
	sub := o.sub(v, o.Member("contexts"))
	out := map[string][]string{}
	for _, name := range sub.Names() {
		v, _ := sub.Take(name, true)
		// The name is the operator's own word for a type; the path leaves it out
		// like every other outside word.
		path := sub.Place() + "[type]"
		list, ok := v.([]any)
		if !ok || len(list) == 0 {
			o.Fail(path, "is no array with something in it")
			return nil
		}
		out[name] = o.asTexts(list, path)
	}
	return out
}

func readJWKS(o *object, issuer string) keySet {
	v, ok := o.Take("jwks", false)
	if !ok {
		return keySet{}
	}
	sub := o.sub(v, o.Member("jwks"))
	var set keySet
	for n, v := range sub.list("keys", true) {
		path := fmt.Sprintf("%s[%d]", sub.Member("keys"), n)
		m, ok := v.(map[string]any)
		if !ok {
			o.Fail(path, "is no object")
			break
		}
		key, err := credential.ParseJWKMap(m)
		if err != nil {
			o.Fail(path, "is no key this version can use: "+err.Error())
			break
		}
		set = append(set, key.WithController(issuer).WithPurposes(credential.AssertionMethod))
	}
	sub.Done()
	return set
}

func readRevoked(o *object) []revocation {
	var out []revocation
	for n, v := range o.list("revoked_keys", false) {
		sub := o.sub(v, fmt.Sprintf("%s[%d]", o.Member("revoked_keys"), n))
		out = append(out, revocation{kid: sub.text("kid", true), from: sub.time("from", true)})
		sub.Done()
	}
	return out
}

func tooLarge(n int) error {
	return &reason.Error{Code: reason.TooLarge,
		Doing: fmt.Sprintf("read trust list: %d bytes, at most %d", n, limits.TrustList)}
}
