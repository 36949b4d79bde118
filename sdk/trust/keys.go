package trust

import (
	"crypto/x509"
	"errors"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/did"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Documents gives DID documents that are at hand, nil for one that is not.
type Documents = did.Documents

// Keys decides who may sign at the given time: issuers, credentials;
// status providers, status lists. It is the one place that does. docs may be
// nil, and is asked for the DIDs an entry names.
//
// Find answers, for a signer that names itself, with the entry of exactly that
// name: issuer_unknown or issuer_not_valid if there is none; key_unknown,
// key_revoked, certificate_refused or algorithm_refused if the entry has no key
// that fits; and undecided, key_unknown, if the entry's DID document is not at
// hand. A named key (kid) is matched exactly; without one, every key of the
// entry that can do the algorithm is given. A certificate chain (x5c) counts
// only through the entry's x509 members, at the same time.
//
// A signer that names only a certificate chain is looked for among all entries;
// so is a status provider that names itself not at all, since a status list
// token need not have an issuer.
//
// A holder (RoleHolder) needs no entry: whoever holds a key of the DID that a
// presentation names is its holder, and which DID a credential is bound to is for
// the credential to say. Its keys are those its DID lists under authentication,
// with the DID as controller; certificates count for nothing. Where the DID needs
// a document that is not at hand, the check is undecided and names the DID as the
// resource: that is the one identifier of a holder that a check holds.
//
// DIDs are resolved with did.Resolve: what an identifier says by itself needs no
// document, unless the list speaks of one. A document that is too old counts as
// one that is not at hand: undecided, key_unknown. The check on a key from a
// document is as of that document.
//
// Every key given carries its entry's identifier as controller. Checks name
// entries of this list only, never what an unknown signer calls itself: a
// self-issued credential's issuer is its holder.
//
// The time is taken at its word; see [List.KeysUnder] for one that may be wrong.
func (l *List) Keys(docs Documents, at time.Time) credential.Keys {
	return l.KeysUnder(credential.ClockProven, docs, at)
}

type keySet []credential.Key

type revocation struct {
	kid  string
	from time.Time
}

type finder struct {
	list  *List
	docs  Documents
	at    time.Time
	clock credential.ClockLevel
}

// Find implements credential.Keys.
func (f finder) Find(s credential.Signer) ([]credential.Key, []credential.Check) {
	if s.Role == credential.RoleHolder {
		return f.ofHolder(s)
	}
	chain := parseChain(s.Chain)
	if len(s.Chain) > 0 && chain == nil {
		return nil, checks(credential.Fail(reason.CheckKey, reason.CertificateRefused, ""))
	}
	switch {
	case s.ID != "":
		issuer, ok := f.list.Issuer(s.ID)
		if !ok {
			return nil, checks(credential.Fail(reason.CheckIssuer, reason.IssuerUnknown, ""))
		}
		if !issuer.ValidAt(f.at) {
			return nil, checks(f.notValid(issuer))
		}
		keys, check := f.ofIssuer(issuer, s, chain)
		return keys, checks(credential.Pass(reason.CheckIssuer, issuer.ID), check)
	case chain != nil || s.Role == credential.RoleStatusProvider:
		return f.ofAnyone(s, chain)
	default:
		return nil, checks(credential.Fail(reason.CheckIssuer, reason.IssuerUnknown, ""))
	}
}

func checks(c ...credential.Check) []credential.Check { return c }

// ofAnyone looks through all entries. The failure told is the most telling one:
// that the entry whose certificate it is does not count now, what an entry
// refused, what could be had by fetching something or from a better clock, and at
// last that nobody knows the signer.
func (f finder) ofAnyone(s credential.Signer, chain []*x509.Certificate) ([]credential.Key, []credential.Check) {
	var keys []credential.Key
	var passed []credential.Check
	var lapsed, undecided, refused *credential.Check
	for _, issuer := range f.list.Issuers() {
		if chain != nil && len(issuer.anchors) == 0 && s.Role != credential.RoleStatusProvider {
			continue
		}
		found, check := f.ofIssuer(issuer, s, chain)
		if !issuer.ValidAt(f.at) {
			if len(found) > 0 && chain != nil && lapsed == nil {
				check = f.notValid(issuer)
				lapsed = &check
			}
			continue
		}
		switch {
		case len(found) > 0:
			keys = append(keys, found...)
			passed = append(passed, credential.Pass(reason.CheckIssuer, issuer.ID), check)
		case check.Verdict == reason.Undecided:
			// Whose chain it is does not hang on a document of somebody else's.
			if undecided == nil && (chain == nil || check.Code == reason.ClockUntrusted) {
				undecided = &check
			}
		case check.Code == reason.KeyRevoked || check.Code == reason.AlgorithmRefused:
			if refused == nil {
				refused = &check
			}
		}
	}
	switch {
	case len(keys) > 0:
		return keys, passed
	case lapsed != nil:
		return nil, checks(*lapsed)
	case refused != nil:
		return nil, checks(*refused)
	case undecided != nil:
		return nil, checks(*undecided)
	case chain != nil:
		return nil, checks(credential.Fail(reason.CheckKey, reason.CertificateRefused, ""))
	default:
		return nil, checks(credential.Fail(reason.CheckKey, reason.KeyUnknown, ""))
	}
}

// ofIssuer finds the keys of one valid entry.
func (f finder) ofIssuer(i *Issuer, s credential.Signer, chain []*x509.Certificate) ([]credential.Key, credential.Check) {
	if chain != nil {
		if key, ok := f.certified(i, chain); ok {
			return f.usable(i, s, keySet{key})
		}
	}
	all, missing := f.all(i)
	matched := match(all, s.KeyID)
	if chain != nil && len(i.anchors) > 0 && s.KeyID == "" {
		// The chain was refused and no key is named: only the very key of the
		// refused certificate could have signed.
		matched = same(matched, chain[0])
	}
	if s.KeyID == "" {
		// No key is named: those that cannot have signed are not candidates.
		matched = capable(matched, s.Algorithm)
	}
	switch {
	case len(matched) > 0:
		keys, check := f.usable(i, s, matched)
		check.AsOf = f.asOf(i, keys)
		return keys, check
	case chain != nil && f.onlyTheClock(i, chain):
		return nil, clockUntrusted(reason.CheckKey)
	case missing != "" && s.KeyID != "":
		return nil, credential.Undecided(reason.CheckKey, reason.KeyUnknown, missing)
	case chain != nil && len(i.anchors) > 0:
		return nil, credential.Fail(reason.CheckKey, reason.CertificateRefused, i.ID)
	case missing != "":
		return nil, credential.Undecided(reason.CheckKey, reason.KeyUnknown, missing)
	case len(capable(match(f.clouded(i), s.KeyID), s.Algorithm)) > 0:
		return nil, clockUntrusted(reason.CheckKey)
	default:
		return nil, credential.Fail(reason.CheckKey, reason.KeyUnknown, i.ID)
	}
}

// certified is the key of the chain's first certificate if the entry admits it.
func (f finder) certified(i *Issuer, chain []*x509.Certificate) (credential.Key, bool) {
	for _, a := range i.anchors {
		if path := a.admits(chain, f.at); path != nil {
			key, err := certificateKey(chain[0])
			return key.WithController(i.ID).WithAuthorities(authorities(path, chain)), err == nil
		}
	}
	return credential.Key{}, false
}

// all gathers the entry's keys: its JWKS, its own certificates while they are
// valid, and those its DID documents permit for issuing. missing is the first
// DID whose document is not at hand.
func (f finder) all(i *Issuer) (keys keySet, missing string) {
	keys = append(keys, i.keys...)
	for _, a := range i.anchors {
		if a.leaf == nil && within(a.cert, f.at) {
			keys = append(keys, a.key)
		}
	}
	for _, id := range i.Documents() {
		doc, lacking := f.resolve(i, id)
		if lacking && missing == "" {
			missing = id
		}
		for _, k := range doc.Keys(credential.AssertionMethod) {
			keys = append(keys, k.WithController(i.ID))
		}
	}
	return keys, missing
}

// asOf is the age of the oldest of the entry's DID documents that gave one of
// keys; zero if none did.
func (f finder) asOf(i *Issuer, keys keySet) (oldest time.Time) {
	for _, id := range i.Documents() {
		doc, _ := f.resolve(i, id)
		if doc == nil || doc.AsOf.IsZero() || !oldest.IsZero() && !doc.AsOf.Before(oldest) {
			continue
		}
		for _, k := range doc.Keys(credential.AssertionMethod) {
			if len(match(keys, k.ID())) > 0 {
				oldest = doc.AsOf
				break
			}
		}
	}
	return oldest
}

// resolve gives a DID's document, nil if there is none that counts; lacking says
// that fetching one would help. A document that is too old is not at hand: what
// it says may have been withdrawn, and the key that an identifier once had does
// not come back for it.
func (f finder) resolve(i *Issuer, id string) (doc *did.Document, lacking bool) {
	if doc, ok := i.fixed[id]; ok {
		return doc, false
	}
	if _, ok := f.list.Document(id); ok && (f.docs == nil || f.docs.Document(id) == nil) {
		return nil, true
	}
	doc, err := did.Resolve(id, f.docs)
	if missing(err) || doc.Stale(f.at) {
		return nil, true
	}
	return doc, false
}

func missing(err error) bool {
	var missing *did.MissingError
	return errors.As(err, &missing)
}

// ofHolder finds the keys by which the named holder may prove to be it.
func (f finder) ofHolder(s credential.Signer) ([]credential.Key, []credential.Check) {
	doc, lacking := f.resolve(&Issuer{}, s.ID)
	if lacking {
		return nil, checks(credential.Undecided(reason.CheckKey, reason.KeyUnknown, s.ID))
	}
	matched := match(doc.Keys(credential.Authentication), s.KeyID)
	if len(matched) == 0 {
		return nil, checks(credential.Fail(reason.CheckKey, reason.KeyUnknown, ""))
	}
	able := capable(matched, s.Algorithm)
	if len(able) == 0 {
		return nil, checks(credential.Fail(reason.CheckAlgorithm, reason.AlgorithmRefused, ""))
	}
	for n := range able {
		able[n] = able[n].WithController(s.ID)
	}
	return able, checks(credential.Pass(reason.CheckKey, ""))
}

// HasKeys reports whether the list itself holds a key or certificate of the
// entry, so that it can be used without any DID document.
func (i *Issuer) HasKeys() bool { return len(i.keys) > 0 || len(i.anchors) > 0 }

// Documents lists the DIDs whose documents hold keys of the entry: its
// identifier, if that is one, and those it names.
func (i *Issuer) Documents() []string {
	if did.IsDID(i.ID) {
		return append([]string{i.ID}, i.DIDs...)
	}
	return i.DIDs
}

func match(keys keySet, kid string) keySet {
	if kid == "" {
		return keys
	}
	var out keySet
	for _, k := range keys {
		if k.ID() == kid {
			out = append(out, k)
		}
	}
	return out
}

func same(keys keySet, cert *x509.Certificate) keySet {
	key, err := certificateKey(cert)
	if err != nil {
		return nil
	}
	var out keySet
	for _, k := range keys {
		if k.Equal(key) {
			out = append(out, k)
		}
	}
	return out
}

func capable(keys keySet, a credential.Algorithm) keySet {
	var out keySet
	for _, k := range keys {
		if k.Algorithms().Has(a) {
			out = append(out, k)
		}
	}
	return out
}

// usable takes away what is revoked and what cannot do the algorithm.
func (f finder) usable(i *Issuer, s credential.Signer, matched keySet) ([]credential.Key, credential.Check) {
	var left keySet
	unsure := false
	for _, k := range matched {
		if from, revoked := f.revokedFrom(i, k); !revoked || f.at.Before(from) {
			left = append(left, k)
		} else if f.unsure(from, false) {
			unsure = true
		}
	}
	if len(left) == 0 {
		if unsure {
			return nil, clockUntrusted(reason.CheckKey)
		}
		return nil, credential.Fail(reason.CheckKey, reason.KeyRevoked, i.ID)
	}
	out := capable(left, s.Algorithm)
	if len(out) == 0 {
		return nil, credential.Fail(reason.CheckAlgorithm, reason.AlgorithmRefused, i.ID)
	}
	return out, credential.Pass(reason.CheckKey, i.ID)
}

// revokedFrom is the earliest time from which the key, or the same key under
// another name of this entry, is revoked: a key that leaked is lost however it is
// called.
func (f finder) revokedFrom(i *Issuer, k credential.Key) (from time.Time, revoked bool) {
	if len(i.revoked) == 0 {
		return time.Time{}, false
	}
	all, _ := f.all(i)
	names := map[string]bool{k.ID(): true}
	for _, other := range all {
		if other.Equal(k) {
			names[other.ID()] = true
		}
	}
	return i.revokedFrom(names)
}
