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
	answers := share(entries, e.found)
	answered := make([]bool, len(entries))
	for i, entry := range answers {
		f := &e.found[i]
		if entry < 0 {
			e.add(i+1, credential.Fail(reason.CheckQuery, reason.QueryNotSatisfied, f.query))
			continue
		}
		answered[entry] = true
		r := &entries[entry]
		switch {
		case hasClaims(r, f.Claims):
			f.query = r.ID
			e.add(i+1, credential.Pass(reason.CheckQuery, r.ID))
		case f.Claims.Len() > 0 || e.allPassed(i+1):
			e.add(i+1, credential.Fail(reason.CheckQuery, reason.ClaimMissing, r.ID))
		}
	}
	for i, done := range answered {
		if !done {
			e.add(whole, credential.Fail(reason.CheckQuery, reason.QueryNotSatisfied, entries[i].ID))
		}
	}
}

// share finds for each credential the entry it answers, -1 where there is none of
// its kind. As many entries as can be are answered with every claim they require,
// whatever the order of either; what is left over answers the first entry of its
// kind that nothing else answers, or else shares one.
func share(entries []requirement, presented []found) []int {
	answers := make([]int, len(presented))
	by := make([]int, len(entries)) // the credential that answers the entry
	for i := range answers {
		answers[i] = -1
	}
	for i := range by {
		by[i] = -1
	}
	full := func(c, entry int) bool {
		r := &entries[entry]
		return r.asks(&presented[c]) && hasClaims(r, presented[c].Claims)
	}
	// An augmenting path for each credential in turn (Kuhn): it may take an entry
	// over if the one that answers it so far finds another.
	var place func(c int, tried []bool) bool
	place = func(c int, tried []bool) bool {
		for entry := range entries {
			if tried[entry] || !full(c, entry) {
				continue
			}
			tried[entry] = true
			if by[entry] < 0 || place(by[entry], tried) {
				by[entry], answers[c] = c, entry
				return true
			}
		}
		return false
	}
	for c := range presented {
		place(c, make([]bool, len(entries)))
	}
	for c := range presented {
		if answers[c] >= 0 {
			continue
		}
		best := 0
		for entry := range entries {
			fit := 0
			switch {
			case full(c, entry):
				fit = 3
			case entries[entry].asks(&presented[c]) && by[entry] < 0:
				fit = 2
			case entries[entry].asks(&presented[c]):
				fit = 1
			}
			if fit > best {
				best, answers[c] = fit, entry
			}
		}
		if best == 2 {
			by[answers[c]] = c
		}
	}
	return answers
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
		// A proof that cannot be marked as used could be shown again.
		unmarked := f.Replay == [32]byte{} && e.in.Binding.Kind() != credential.BindingSession
		if wanted && (!f.HolderBound || unmarked) && !e.unheld(i+1) {
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

// unheld reports whether a check on the holder of credential no has failed or
// could not be decided already.
func (e *evaluator) unheld(no int) bool {
	for _, c := range e.checks {
		if c.Credential == no && c.Name == reason.CheckHolder && c.Verdict != reason.Passed {
			return true
		}
	}
	return false
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
