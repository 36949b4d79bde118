package verify

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/trust"
)

// Evaluate decides on in with the knowledge in s. It is pure: no network, no
// disk, no clock, and equal inputs give equal evaluations. It stops at no first
// failure but lists every check that could be made on verified contents.
//
// A misused Input gives an evaluation that refuses and whose Settle returns the
// error.
func (v *Verifier) Evaluate(s *Snapshot, in Input) Evaluation {
	if err := in.check(); err != nil {
		return Evaluation{misuse: err}
	}
	e := evaluator{verifier: v, snapshot: s, in: &in}
	e.clock()
	e.trustList()
	for i, p := range in.Presented {
		e.piece, e.within = i, 0
		e.present(p.Query, p.Data, nil, 0)
	}
	e.requirements()
	e.queries()
	e.holders()
	return e.conclude()
}

// evaluator gathers the checks of one decision.
type evaluator struct {
	verifier *Verifier
	snapshot *Snapshot
	in       *Input
	keys     credential.Keys
	checks   []Check
	found    []found
	piece    int // the piece of Input.Presented that is being opened
	within   int // credentials found in it so far
	opened   int // presentations opened so far, enclosed ones included
	refused  int // of these: no presentation at all
}

// found is one proven credential and the query it was presented for.
type found struct {
	credential.Credential
	query    string   // the query it was presented for; later the first one that it answers
	asked    string   // the query it was presented for
	answers  []string // the queries that it answers, where it answers several
	piece    int      // which piece of Input.Presented it came in
	within   int      // its place among the credentials in that piece
	verified bool     // its issuer's signature was verified: its contents may be judged
}

// whole is the credential number of a check on the decision as a whole.
const whole = 0

func (e *evaluator) add(credentialNo int, checks ...credential.Check) {
	for _, c := range checks {
		e.checks = append(e.checks, Check{Check: c, Credential: credentialNo})
	}
}

func (e *evaluator) clock() {
	if e.in.Clock == credential.ClockUntrusted {
		e.add(whole, credential.Undecided(reason.CheckClock, reason.ClockUntrusted, "time"))
		return
	}
	e.add(whole, credential.Pass(reason.CheckClock, ""))
}

// trustList checks that there is a trust list and that the reference time lies
// within its range; a stale one is still used, since what it refuses stays
// refused.
func (e *evaluator) trustList() {
	list := e.snapshot.trustList()
	if list == nil {
		e.add(whole, credential.Undecided(reason.CheckTrust, reason.TrustStale, "trust list"))
		return
	}
	e.keys = list.KeysUnder(e.in.Clock, e.snapshot, e.in.At)
	check := credential.Pass(reason.CheckTrust, "")
	switch {
	case e.in.At.Before(list.Issued) && e.in.Clock != credential.ClockProven:
		// The authority signed it before now, so it is our clock that lags.
		check = credential.Undecided(reason.CheckTrust, reason.ClockUntrusted, "time")
	case e.in.At.Before(list.Issued), list.Stale(e.in.At):
		check = credential.Undecided(reason.CheckTrust, reason.TrustStale, "trust list")
	}
	check.AsOf = list.Issued
	e.add(whole, check)
}

// present opens one piece and everything it encloses.
func (e *evaluator) present(query string, data []byte, presenter *credential.Presenter, depth int) {
	e.opened++
	if e.opened > limits.Credentials || depth > limits.Nesting {
		e.add(whole, credential.Fail(reason.CheckFormat, reason.TooLarge, ""))
		return
	}
	p, err := e.open(data)
	if err != nil {
		e.refused++
		e.add(whole, credential.Fail(reason.CheckFormat, codeOf(err), ""))
		return
	}
	e.add(whole, credential.Pass(reason.CheckFormat, string(p.Format())))
	if e.keys == nil {
		// Without a trust list no key is anybody's. The trust check already says
		// that this is undecided.
		return
	}
	findings := p.Prove(credential.Evidence{
		Keys:            e.keys,
		Binding:         e.in.Binding,
		At:              e.in.At,
		Clock:           e.in.Clock,
		Algorithms:      e.in.Policy.accepted(),
		Contexts:        e.snapshot,
		UncoveredUnsafe: e.in.Policy.uncoveredUnsafe(),
		Presenter:       presenter,
	})
	e.add(whole, e.named(findings.Checks)...)
	if len(findings.Credentials) == 0 && len(findings.Enclosed) == 0 && !slices.ContainsFunc(findings.Checks, notPassed) {
		// Nothing was found inside, and nothing says why.
		e.add(whole, credential.Fail(reason.CheckFormat, reason.Malformed, ""))
	}
	for _, c := range findings.Credentials {
		e.credential(query, c)
	}
	for _, enclosed := range findings.Enclosed {
		e.present(query, enclosed.Data, findings.Presenter, depth+1)
	}
}

// named takes out of checks the names of contexts that the trust list does not know:
// whoever presented the credential wrote them, and may have written anything.
func (e *evaluator) named(checks []credential.Check) []credential.Check {
	unknown := func(c credential.Check) bool {
		return c.Name == reason.CheckContext && slices.ContainsFunc(strings.Fields(c.Subject), func(url string) bool { return !e.knowsContext(url) })
	}
	if !slices.ContainsFunc(checks, unknown) {
		return checks
	}
	checks = slices.Clone(checks)
	for i := range checks {
		if unknown(checks[i]) {
			checks[i].Subject = ""
		}
	}
	return checks
}

func (e *evaluator) knowsContext(url string) bool {
	if _, pinned := e.snapshot.Trust.Context(url); pinned {
		return true
	}
	return slices.ContainsFunc(e.snapshot.Trust.Issuers(), func(i *trust.Issuer) bool {
		for _, list := range i.Contexts {
			if slices.Contains(list, url) {
				return true
			}
		}
		return false
	})
}

func notPassed(c credential.Check) bool { return c.Verdict != reason.Passed }

func (e *evaluator) open(data []byte) (credential.Presentation, error) {
	if len(data) > limits.Presentation {
		return nil, &reason.Error{Code: reason.TooLarge, Doing: "open presentation"}
	}
	for _, m := range e.verifier.mechanisms {
		if m.Recognise(data) {
			return m.Parse(data)
		}
	}
	return nil, &reason.Error{Code: reason.FormatUnsupported, Doing: "open presentation"}
}

// codeOf is the code of a parser's error; a parser that breaks its word and
// returns another kind of error has met something it cannot read.
func codeOf(err error) reason.Code {
	var coded *reason.Error
	if errors.As(err, &coded) {
		return coded.Code
	}
	return reason.Malformed
}

// credential judges one proven credential by trust and status.
func (e *evaluator) credential(query string, c credential.Credential) {
	e.found = append(e.found, found{
		Credential: c, query: query, asked: query, piece: e.piece, within: e.within, verified: signatureVerified(c.Checks)})
	e.within++
	no := len(e.found)
	e.add(no, e.named(c.Checks)...)
	if !e.found[no-1].verified {
		if e.allPassed(no) {
			// A mechanism that checked no signature has proven nothing.
			e.add(no, credential.Fail(reason.CheckSignature, reason.SignatureMissing, ""))
		}
		return
	}
	issuer, ok := e.snapshot.Trust.Issuer(c.Issuer)
	if !ok {
		// The keys came from an entry of this list, so a mechanism that names
		// another issuer than the one whose key it used has failed.
		e.add(no, credential.Fail(reason.CheckIssuer, reason.IssuerUnknown, ""))
		return
	}
	e.types(no, issuer, &c)
	e.contexts(no, issuer, &c)
	e.age(no, &c)
	e.status(no, issuer, &c)
}

// signatureVerified reports whether the mechanism verified an issuer signature.
// No signature check at all is no verified signature.
func signatureVerified(checks []credential.Check) bool {
	verified := false
	for _, c := range checks {
		if c.Name != reason.CheckSignature {
			continue
		}
		if c.Verdict != reason.Passed {
			return false
		}
		verified = true
	}
	return verified
}

func (e *evaluator) types(no int, issuer *trust.Issuer, c *credential.Credential) {
	if !issuer.Permits(c.Types) {
		e.add(no, credential.Fail(reason.CheckType, reason.IssuerNotForType, c.Issuer))
		return
	}
	e.add(no, credential.Pass(reason.CheckType, c.Issuer))
}

// contexts holds a JSON-LD credential's @context to the list that the trust
// entry gives for its types (Data Integrity 1.0 §2.4.1, Context Validation):
// contexts are not signed, and one that is swapped gives signed values other
// names. A type without a list is refused; a credential of no type of its own needs
// a list for VerifiableCredential.
func (e *evaluator) contexts(no int, issuer *trust.Issuer, c *credential.Credential) {
	if c.Contexts == nil {
		return
	}
	types := slices.DeleteFunc(slices.Clone(c.Types), func(t string) bool { return t == trust.BaseType })
	if len(types) == 0 {
		types = []string{trust.BaseType}
	}
	for _, t := range types {
		if list := issuer.Contexts[t]; len(list) == 0 || !slices.Equal(list, c.Contexts) {
			e.add(no, credential.Fail(reason.CheckContext, reason.ContextRefused, c.Issuer))
			return
		}
	}
	e.add(no, credential.Pass(reason.CheckContext, c.Issuer))
}

// age applies the policy's greatest age to a credential. Which entry of the
// policy it answers is settled later; the strictest entry that it may answer
// counts.
func (e *evaluator) age(no int, c *credential.Credential) {
	var most time.Duration
	for _, r := range e.in.Policy.requirements() {
		if r.MaxAgeS == nil || !r.asks(&e.found[no-1]) {
			continue
		}
		if d := time.Duration(*r.MaxAgeS) * time.Second; most == 0 || d < most {
			most = d
		}
	}
	if most == 0 {
		return
	}
	switch {
	case !c.IssuedAt.IsZero() && e.in.At.Sub(c.IssuedAt) <= most:
		e.add(no, credential.Pass(reason.CheckValidity, c.Issuer))
	case !c.IssuedAt.IsZero() && e.in.Clock == credential.ClockUntrusted:
		e.add(no, credential.Undecided(reason.CheckValidity, reason.ClockUntrusted, "time"))
	default:
		e.add(no, credential.Fail(reason.CheckValidity, reason.TooOld, c.Issuer))
	}
}

// conclude draws the outcome and what has to be remembered.
func (e *evaluator) conclude() Evaluation {
	ev := Evaluation{
		policy:  e.in.Policy.String(),
		at:      e.in.At,
		clock:   e.in.Clock,
		checks:  e.checks,
		nothing: e.refused > 0 && e.refused == e.opened,
	}
	verdicts := make([]reason.Verdict, len(e.checks))
	for i, c := range e.checks {
		verdicts[i] = c.Verdict
		if !c.AsOf.IsZero() && (ev.asOf.IsZero() || c.AsOf.Before(ev.asOf)) {
			ev.asOf = c.AsOf
		}
	}
	ev.outcome = reason.Conclude(verdicts...)
	if len(e.found) == 0 && ev.outcome == reason.Accepted {
		// Nothing was proven, so nothing can be believed.
		ev.outcome = reason.Rejected
	}
	for i := range e.found {
		f := &e.found[i]
		if f.Replay != ([32]byte{}) {
			ev.replay = append(ev.replay, f.Replay)
		}
		if ev.outcome == reason.Accepted {
			if !e.in.Policy.uncoveredUnsafe() {
				f.UncoveredClaims = credential.Claims{} // a mechanism may have spoken unasked
			}
			ev.credentials = append(ev.credentials, f.accepted(e.snapshot.Trust))
		}
	}
	return ev
}
