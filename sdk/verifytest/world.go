package verifytest

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"sort"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/deny"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/trust"
	"github.com/dzong-id/dzong/sdk/verify"
)

// World is a trust authority with the issuers it lists.
type World struct {
	name      string
	now       time.Time
	number    int64
	validity  time.Duration
	authority keyPair
	issuers   map[string]*Issuer
	wallets   int
	denied    [][32]byte
	listed    map[string]any
}

// Epoch is the time at which every world begins.
var Epoch = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

// NewWorld makes a world at [Epoch] with no issuers.
func NewWorld() *World { return NewWorldNamed("world", Epoch) }

// NewWorldNamed makes a world whose keys are derived from name and whose time
// begins at now.
func NewWorldNamed(name string, now time.Time) *World {
	w := &World{name: name, now: now.UTC().Truncate(time.Second), number: 1, validity: 30 * 24 * time.Hour, issuers: map[string]*Issuer{}}
	w.authority = deriveKey(name + "/authority")
	return w
}

// Now is the world's time.
func (w *World) Now() time.Time { return w.now }

// Advance moves the world's time by d; what is signed afterwards is signed then.
func (w *World) Advance(d time.Duration) { w.now = w.now.Add(d).Truncate(time.Second) }

// Root is the trust authority's public key, to be pinned.
func (w *World) Root() credential.Key { return w.authority.public("authority") }

// RootJWK is the trust authority's public key as a JWK document.
func (w *World) RootJWK() []byte { return w.authority.jwk("authority") }

// TrustJSON is the bare trust list as it stands now.
func (w *World) TrustJSON() []byte {
	issuers := []any{}
	for _, id := range w.issuerIDs() {
		issuers = append(issuers, w.issuers[id].entry())
	}
	list := map[string]any{
		"format":  1,
		"number":  w.number,
		"issued":  w.now.Format(time.RFC3339),
		"expires": w.now.Add(w.validity).Format(time.RFC3339),
		"issuers": issuers,
	}
	maps.Copy(list, w.listed)
	return mustJSON(list)
}

// List gives the trust list a further member ("contexts", "documents"), or takes it
// away if value is nil.
func (w *World) List(member string, value any) {
	if w.listed == nil {
		w.listed = map[string]any{}
	}
	if w.listed[member] = value; value == nil {
		delete(w.listed, member)
	}
}

// Pin is the digest by which a trust list pins bytes: SHA-256 in base64url.
func Pin(data []byte) string {
	sum := sha256.Sum256(data)
	return base64url.Encode(sum[:])
}

// TrustJWS is the trust list as the authority signs it now, under a number one
// higher than before.
func (w *World) TrustJWS() []byte {
	w.number++
	return w.authority.sign(map[string]any{"typ": trust.MediaType, "kid": "authority"}, w.TrustJSON())
}

// Deny puts a credential on the authority's deny list, by the identifier that its
// issuer's entry names with deny_by.
func (w *World) Deny(issuer string, path []string, identifier string) {
	w.denied = append(w.denied, deny.Digest(issuer, path, identifier))
}

// DenyJSON is the bare deny list as it stands now; it lives as long as the trust
// list.
func (w *World) DenyJSON() []byte {
	data, err := deny.Encode(uint64(w.number), w.now, w.now.Add(w.validity), w.denied...)
	if err != nil {
		panic(fmt.Sprintf("verifytest: %v", err))
	}
	return data
}

// DenyJWS is the deny list as the authority signs it now, under a number one higher
// than before.
func (w *World) DenyJWS() []byte {
	w.number++
	return w.authority.sign(map[string]any{"typ": deny.MediaType, "kid": "authority"}, w.DenyJSON())
}

// StatusTokens is every issuer's status list as it is signed now, by URI.
func (w *World) StatusTokens() map[string][]byte {
	tokens := map[string][]byte{}
	for _, i := range w.issuers {
		tokens[i.statusURI] = i.StatusToken()
	}
	return tokens
}

// Snapshot is the world's knowledge as it stands now, opened and verified like
// any other. It makes a World usable as verify.Knowledge.
func (w *World) Snapshot() *verify.Snapshot {
	list, err := trust.Parse(w.TrustJSON())
	if err != nil {
		panic(fmt.Sprintf("verifytest: parse own trust list: %v", err))
	}
	s := &verify.Snapshot{Trust: list, Contexts: LinkedDataContexts(), Status: map[string]*status.List{}, Refused: map[string]reason.Code{}}
	if s.Deny, err = deny.Parse(w.DenyJSON()); err != nil {
		panic(fmt.Sprintf("verifytest: parse own deny list: %v", err))
	}
	keys := list.Keys(s, w.now)
	for uri, token := range w.StatusTokens() {
		l, err := status.Token().Open(uri, token, keys, w.now)
		if err != nil {
			panic(fmt.Sprintf("verifytest: open own status list: %v", err))
		}
		s.Status[uri] = l
	}
	return s
}

func (w *World) issuerIDs() []string {
	ids := make([]string, 0, len(w.issuers))
	for id := range w.issuers {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	return ids
}
