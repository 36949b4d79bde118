package verifytest

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Issuer issues SD-JWT VCs of one type and keeps a status list of two bits per
// credential.
type Issuer struct {
	world      *World
	id         string
	vct        string
	listed     bool
	statusURI  string
	statuses   []byte // one value each; packed when signed
	statusTTL  time.Duration
	statusLife time.Duration
	names      map[string]string
	w3c        map[string][]string // contexts by type
	key        keyPair
	x509       []any // members of the trust entry's x509; nil: none
	serial     int
	denyBy     []string // nil: it publishes a status list
}

// StatusListSize is the number of entries in every issuer's status list.
const StatusListSize = 1024

// AddIssuer adds an issuer that the trust list permits to issue vct, with a
// status list at id + "/status/1".
func (w *World) AddIssuer(id, vct string) *Issuer {
	i := w.NewStranger(id, vct)
	i.listed = true
	w.issuers[id] = i
	return i
}

// NewStranger makes an issuer that the trust list does not name.
func (w *World) NewStranger(id, vct string) *Issuer {
	return &Issuer{
		world: w, id: id, vct: vct,
		statusURI:  id + "/status/1",
		statuses:   make([]byte, StatusListSize),
		statusTTL:  12 * time.Hour,
		statusLife: 7 * 24 * time.Hour,
		names:      map[string]string{"en": id, "dz": id},
		key:        deriveKey(w.name + "/issuer/" + id),
	}
}

// Named sets the names that the trust list gives the issuer.
func (i *Issuer) Named(en, dz string) *Issuer {
	i.names = map[string]string{"en": en, "dz": dz}
	return i
}

// ByDenyList makes the issuer one without a status list: the member at path
// identifies a credential, and World.Deny revokes it.
func (i *Issuer) ByDenyList(path ...string) *Issuer {
	i.denyBy = path
	return i
}

// ID is the issuer's identifier.
func (i *Issuer) ID() string { return i.id }

// StatusURI is where the issuer publishes its status list.
func (i *Issuer) StatusURI() string { return i.statusURI }

// StatusLives sets the ttl and the time to exp that status tokens are signed
// with from now on; zero leaves the claim out.
func (i *Issuer) StatusLives(ttl, life time.Duration) { i.statusTTL, i.statusLife = ttl, life }

// Held is a credential as its holder keeps it: with every disclosure.
type Held struct {
	issuer      *Issuer
	jwt         string
	disclosures map[string]string
	names       []string // order of disclosures
	index       int
}

// StatusIndex is the credential's place in the status list.
func (h *Held) StatusIndex() int { return h.index }

// IssueOption changes what is issued.
type IssueOption func(header, payload map[string]any)

// Expires sets exp.
func Expires(at time.Time) IssueOption {
	return func(_, payload map[string]any) { payload["exp"] = at.Unix() }
}

// NotBefore sets nbf.
func NotBefore(at time.Time) IssueOption {
	return func(_, payload map[string]any) { payload["nbf"] = at.Unix() }
}

// Without leaves members out of the payload ("status", "cnf", "exp" …).
func Without(names ...string) IssueOption {
	return func(_, payload map[string]any) {
		for _, n := range names {
			delete(payload, n)
		}
	}
}

// With sets a member of the payload that is always disclosed, or replaces one.
func With(name string, value any) IssueOption {
	return func(_, payload map[string]any) { payload[name] = value }
}

// Header sets a member of the protected header, or removes it if value is nil.
func Header(name string, value any) IssueOption {
	return func(header, _ map[string]any) {
		if value == nil {
			delete(header, name)
			return
		}
		header[name] = value
	}
}

// Issue signs a credential for wallet, with every claim selectively
// disclosable, for one year.
func (i *Issuer) Issue(wallet *Wallet, claims map[string]any, opts ...IssueOption) *Held {
	h := &Held{issuer: i, disclosures: map[string]string{}, index: i.serial}
	i.serial++
	digests := []string{}
	for _, name := range sortedKeys(claims) {
		salt := sha256.Sum256([]byte(fmt.Sprintf("%s/%s/%d/%s", i.world.name, i.id, h.index, name)))
		d := base64.RawURLEncoding.EncodeToString(mustJSON([]any{base64.RawURLEncoding.EncodeToString(salt[:16]), name, claims[name]}))
		h.disclosures[name] = d
		h.names = append(h.names, name)
		digests = append(digests, digest(d))
	}
	payload := map[string]any{
		"iss": i.id,
		"vct": i.vct,
		"iat": i.world.now.Unix(),
		"exp": i.world.now.AddDate(1, 0, 0).Unix(),
		"cnf": map[string]any{"jwk": wallet.key.jwkMap("")},
		"_sd": shuffled(digests),
	}
	if i.denyBy == nil {
		payload["status"] = map[string]any{"status_list": map[string]any{"idx": h.index, "uri": i.statusURI}}
	}
	header := map[string]any{"typ": "dc+sd-jwt", "kid": "1"}
	for _, o := range opts {
		o(header, payload)
	}
	h.jwt = string(i.key.sign(header, mustJSON(payload)))
	return h
}

// Revoke sets the credential's status to INVALID.
func (i *Issuer) Revoke(h *Held) { i.SetStatus(h, 1) }

// Suspend sets the credential's status to SUSPENDED.
func (i *Issuer) Suspend(h *Held) { i.SetStatus(h, 2) }

// SetStatus sets the credential's status to a value of two bits.
func (i *Issuer) SetStatus(h *Held, value byte) { i.statuses[h.index] = value & 3 }

// StatusToken signs the status list as it stands now.
func (i *Issuer) StatusToken() []byte { return i.StatusTokenFor(i.statusURI) }

// StatusTokenFor signs the status list in the name of any URI, as somebody would
// who wants it to stand in another's place.
func (i *Issuer) StatusTokenFor(uri string) []byte {
	payload := map[string]any{
		"sub": uri,
		"iat": i.world.now.Unix(),
		"status_list": map[string]any{
			"bits": 2,
			"lst":  base64.RawURLEncoding.EncodeToString(i.packedStatuses()),
		},
	}
	if i.statusTTL > 0 {
		payload["ttl"] = int64(i.statusTTL / time.Second)
	}
	if i.statusLife > 0 {
		payload["exp"] = i.world.now.Add(i.statusLife).Unix()
	}
	return i.key.sign(map[string]any{"typ": "statuslist+jwt", "kid": "1"}, mustJSON(payload))
}

// packedStatuses is the list as both forms of token hold it.
func (i *Issuer) packedStatuses() []byte {
	packed := make([]byte, len(i.statuses)/4)
	for n, v := range i.statuses {
		packed[n/4] |= v << (n % 4 * 2) // least significant bits first (Token Status List §4.1)
	}
	var lst bytes.Buffer
	z := zlib.NewWriter(&lst)
	if _, err := z.Write(packed); err != nil {
		panic(err)
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return lst.Bytes()
}

func (i *Issuer) entry() map[string]any {
	types := append([]string{i.vct}, slices.Sorted(maps.Keys(i.w3c))...)
	e := map[string]any{
		"id":    i.id,
		"names": i.names,
		"types": types,
		"jwks":  map[string]any{"keys": []any{i.key.jwkMap("1")}},
	}
	if i.denyBy != nil {
		e["status"], e["deny_by"] = "deny_list", i.denyBy
	} else {
		e["status_lists"] = []string{i.statusURI}
	}
	if len(i.w3c) > 0 {
		e["contexts"] = i.w3c
		// A proof names its key by a URL.
		e["jwks"] = map[string]any{"keys": []any{i.key.jwkMap("1"), i.key.jwkMap(i.method())}}
		e["status_lists"] = []string{i.statusURI, i.bitstringURI()}
	}
	if i.x509 != nil {
		e["x509"] = i.x509
	}
	return e
}
