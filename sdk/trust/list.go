package trust

import (
	"slices"
	"time"

	"github.com/dzong-id/dzong/sdk/did"
)

// List is a parsed trust list. It is immutable and safe for concurrent use.
type List struct {
	Number  uint64    // grows by at least one with every list the authority signs
	Issued  time.Time // when the authority made it
	Expires time.Time // from then on it is stale
	// DenyList is where the authority's deny list is; empty if it is not to be
	// fetched.
	DenyList string

	digest  [32]byte
	issuers []*Issuer
	byID    map[string]*Issuer

	contexts  []Context // by URL
	documents map[string]Document
	wanted    []Document // by DID
}

// Issuer looks up an entry by its exact identifier.
func (l *List) Issuer(id string) (*Issuer, bool) {
	if l == nil {
		return nil, false
	}
	i, ok := l.byID[id]
	return i, ok
}

// Issuers lists the entries in the list's order.
func (l *List) Issuers() []*Issuer {
	if l == nil {
		return nil
	}
	return slices.Clone(l.issuers)
}

// StatusLists names every status list to have at hand, each once, in the list's
// order.
func (l *List) StatusLists() []string {
	if l == nil {
		return nil
	}
	var out []string
	seen := map[string]bool{}
	for _, i := range l.issuers {
		for _, uri := range i.StatusLists {
			if !seen[uri] {
				seen[uri] = true
				out = append(out, uri)
			}
		}
	}
	return out
}

// Stale reports whether the list has expired at the given time. A stale list is
// not wrong: what it refuses stays refused, and what it accepts can no longer be
// decided.
func (l *List) Stale(at time.Time) bool { return !at.Before(l.Expires) }

// Digest is the SHA-256 of the list's JSON bytes as they were signed or handed
// in: it tells two lists with one number apart.
func (l *List) Digest() [32]byte { return l.digest }

// StatusRule says what an issuer's credentials must carry.
type StatusRule string

const (
	// StatusRequired refuses a credential without a status reference. It is the
	// default.
	StatusRequired StatusRule = "required"
	// StatusOptional looks the status up where there is a reference.
	StatusOptional StatusRule = "optional"
	// StatusNone is for issuers who never revoke: a reference is not looked up.
	StatusNone StatusRule = "none"
	// StatusDenyList is for issuers who publish no list: the credential must have
	// an identifier at Issuer.DenyBy, and the authority's deny list must be at hand
	// and must not name it. References in the credential are not looked up.
	StatusDenyList StatusRule = "deny_list"
)

// Issuer is one entry: who is accepted, for what, and from when to when. It is
// shared and must not be changed.
type Issuer struct {
	ID            string              // as the securing mechanism names it: https URL, DID, certificate subject, country
	Names         map[string]string   // by language: "en", "dz"
	Types         []string            // vct, VC types or doctypes; "*" is every type and no type
	DIDs          []string            // further DIDs whose documents hold its keys
	Contexts      map[string][]string // by type: the exact ordered JSON-LD contexts
	ValidFrom     time.Time           // inclusive; zero: always was
	ValidUntil    time.Time           // exclusive; zero: always will be
	Status        StatusRule
	DenyBy        []string // StatusDenyList: path of the member that identifies a credential
	StatusSigners []string // issuers that may sign its status lists, besides itself
	StatusLists   []string // URIs to fetch beforehand

	keys    keySet
	fixed   map[string]*did.Document // of DIDs that say everything themselves; nil for one that is malformed
	anchors []anchor
	revoked []revocation
}

// anyType is the word for every type of credential, and for those without one.
const anyType = "*"

// BaseType is the type that every W3C credential has and that says nothing.
const BaseType = "VerifiableCredential"

// Permits reports whether the issuer may issue a credential with exactly these
// types: each must be permitted, except that "VerifiableCredential" beside
// another says nothing and is passed over. A credential without any type of its
// own matches only an entry that says "*".
func (i *Issuer) Permits(types []string) bool {
	if slices.Contains(i.Types, anyType) {
		return true
	}
	own := 0
	for _, t := range types {
		if t == BaseType {
			continue
		}
		own++
		if t == anyType || !slices.Contains(i.Types, t) {
			return false
		}
	}
	return own > 0
}

// ValidAt reports whether the entry counts at the given time.
func (i *Issuer) ValidAt(at time.Time) bool {
	if !i.ValidFrom.IsZero() && at.Before(i.ValidFrom) {
		return false
	}
	return i.ValidUntil.IsZero() || at.Before(i.ValidUntil)
}

// AcceptsStatusSigner reports whether the issuer named id may sign status lists
// for this issuer's credentials: itself, or one it names.
func (i *Issuer) AcceptsStatusSigner(id string) bool {
	return id != "" && (id == i.ID || slices.Contains(i.StatusSigners, id))
}

// Name is the issuer's name in lang ("en", "dz"); English where that is missing,
// its identifier where both are.
func (i *Issuer) Name(lang string) string {
	for _, l := range []string{lang, "en"} {
		if n := i.Names[l]; n != "" {
			return n
		}
	}
	return i.ID
}

// KeyRevoked reports whether the entry revokes the key named kid, by that name or
// by another that it gives the same key, from a time at or before at. A signature
// by it no longer counts, whenever it was made: who holds a leaked key can write
// any date.
func (i *Issuer) KeyRevoked(kid string, at time.Time) bool {
	if kid == "" || len(i.revoked) == 0 {
		return false // what has no name is not revoked by one
	}
	names := map[string]bool{kid: true}
	for _, k := range i.keys {
		if k.ID() != kid {
			continue
		}
		for _, other := range i.keys {
			if other.Equal(k) {
				names[other.ID()] = true
			}
		}
	}
	from, revoked := i.revokedFrom(names)
	return revoked && !at.Before(from)
}

// revokedFrom is the earliest time from which a key of one of these names is
// revoked.
func (i *Issuer) revokedFrom(names map[string]bool) (from time.Time, revoked bool) {
	for _, r := range i.revoked {
		if names[r.kid] && (!revoked || r.from.Before(from)) {
			from, revoked = r.from, true
		}
	}
	return from, revoked
}
