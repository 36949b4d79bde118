package verify

import (
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
)

// requirements holds what was presented against what the policy asks for: each
// entry needs a credential, and each credential must answer an entry. It judges
// verified credentials only; where one is not, its own reason already stands.
// Nor does it ask for claims where a check failed: none come out then, and the
// reason is not that the holder kept them back.
func (e *evaluator) requirements() {
	entries := e.in.Policy.requirements()
	if len(entries) == 0 {
		return
	}
	for i := range e.found {
		if !e.found[i].verified {
			return
		}
	}
	if len(e.found) == 0 {
		return
	}
	answered := make([]bool, len(entries))
	for i := range e.found {
		f := &e.found[i]
		entry, missing := match(entries, f)
		switch {
		case entry < 0:
			e.add(i+1, credential.Fail(reason.CheckQuery, reason.QueryNotSatisfied, f.query))
		case missing && f.Claims.Len() == 0 && !e.allPassed(i+1):
			answered[entry] = true
		case missing:
			answered[entry] = true
			e.add(i+1, credential.Fail(reason.CheckQuery, reason.ClaimMissing, entries[entry].ID))
		default:
			answered[entry] = true
			f.query = entries[entry].ID
			e.add(i+1, credential.Pass(reason.CheckQuery, entries[entry].ID))
		}
	}
	for i, done := range answered {
		if !done {
			e.add(whole, credential.Fail(reason.CheckQuery, reason.QueryNotSatisfied, entries[i].ID))
		}
	}
}

// match finds the entry that f answers: the first one of its kind with every
// required claim, or else the first one of its kind with missing set. -1 if
// there is none of its kind.
func match(entries []requirement, f *found) (entry int, missing bool) {
	entry = -1
	for i := range entries {
		r := &entries[i]
		if f.query != "" && f.query != r.ID || !r.admits(&f.Credential) {
			continue
		}
		if hasClaims(r, f.Claims) {
			return i, false
		}
		if entry < 0 {
			entry, missing = i, true
		}
	}
	return entry, missing
}

func hasClaims(r *requirement, claims credential.Claims) bool {
	for _, path := range r.RequiredClaims {
		if !claims.Has(path...) {
			return false
		}
	}
	return true
}

// holders applies the policy's rules about who holds the credentials.
func (e *evaluator) holders() {
	rules := e.in.Policy.holder()
	// A mechanism answers for the binding itself; this holds it to its word.
	wanted := rules.ProofRequired || e.in.Binding.Kind() != credential.BindingBearer
	var first *credential.Key
	for i := range e.found {
		f := &e.found[i]
		if !f.verified {
			continue
		}
		if wanted && !f.HolderBound && e.allPassed(i+1) {
			e.add(i+1, credential.Fail(reason.CheckHolder, reason.HolderBindingMissing, ""))
		}
		if !rules.SameKey {
			continue
		}
		switch {
		case f.Holder == nil:
			e.add(i+1, credential.Fail(reason.CheckHolder, reason.HolderNotSame, ""))
		case first == nil:
			first = f.Holder
		case !first.Equal(*f.Holder):
			e.add(i+1, credential.Fail(reason.CheckHolder, reason.HolderNotSame, ""))
		}
	}
}

// allPassed reports whether every check on credential no passed so far.
func (e *evaluator) allPassed(no int) bool {
	for _, c := range e.checks {
		if c.Credential == no && c.Verdict != reason.Passed {
			return false
		}
	}
	return true
}
