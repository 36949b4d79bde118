package verify

import (
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/trust"
)

// iatLeeway is how far an issuer's clock may run ahead of ours before a list
// counts as signed in the future.
const iatLeeway = 60 * time.Second

// status looks up every status reference of a credential. A credential that
// points into several lists must stand in all of them.
func (e *evaluator) status(no int, issuer *trust.Issuer, c *credential.Credential) {
	switch {
	case issuer.Status == trust.StatusNone:
		// The trust authority says that this issuer's credentials have no status;
		// a reference in one has no meaning it vouches for.
		e.add(no, credential.Pass(reason.CheckStatus, "none kept by this issuer"))
	case issuer.Status == trust.StatusDenyList:
		e.denied(no, issuer, c)
	case len(c.Status) == 0 && issuer.Status == trust.StatusOptional:
		e.add(no, credential.Pass(reason.CheckStatus, "none in this credential"))
	case len(c.Status) == 0:
		e.add(no, credential.Fail(reason.CheckStatus, reason.StatusMissing, c.Issuer))
	default:
		for _, ref := range c.Status {
			e.add(no, e.lookUp(issuer, ref)...)
		}
	}
}

// lookUp answers for one reference. A value that refuses is a failure even where
// the list is stale: that a credential was revoked does not become untrue.
func (e *evaluator) lookUp(issuer *trust.Issuer, ref credential.StatusReference) []credential.Check {
	list, refused := e.snapshot.statusList(ref.URI)
	if list == nil {
		code := reason.StatusUnavailable
		if refused {
			code = reason.StatusListInvalid
		}
		return []credential.Check{credential.Undecided(reason.CheckStatus, code, ref.URI)}
	}
	invalid := credential.Undecided(reason.CheckStatus, reason.StatusListInvalid, ref.URI)
	invalid.AsOf = list.IssuedAt
	// A snapshot made by hand may hold a list under another name than its own.
	if list.URI != ref.URI || !e.signerAccepted(issuer, list) {
		return []credential.Check{invalid}
	}
	value, err := list.Find(ref)
	if err != nil {
		// The list is not what the credential says it is, or too short. "If the provided index is out of bounds of the Status List, no statement
		// about the status of the Referenced Token can be made and the Referenced
		// Token SHOULD be rejected" (Token Status List §8.3). No statement is not a
		// revocation, so it is undecided here; it is never accepted.
		return []credential.Check{invalid}
	}
	var checks []credential.Check
	if code := meaning(ref.Purpose, value); code != "" {
		checks = append(checks, credential.Fail(reason.CheckStatus, code, ref.URI))
	}
	checks = append(checks, e.aged(list.IssuedAt, list.Fresh(e.in.At, e.in.Policy.maxStatusAge()), ref.URI)...)
	if len(checks) == 0 {
		checks = append(checks, credential.Pass(reason.CheckStatus, ref.URI))
	}
	for i := range checks {
		checks[i].AsOf = list.IssuedAt
	}
	return checks
}

// aged says whether a list that was issued then, and is fresh or not, can speak for
// the reference time; nothing if it can.
func (e *evaluator) aged(issued time.Time, fresh bool, resource string) []credential.Check {
	switch ahead := issued.After(e.in.At.Add(iatLeeway)); {
	case ahead && e.in.Clock != credential.ClockProven:
		// It was signed before now, so it is our clock that lags.
		return []credential.Check{credential.Undecided(reason.CheckStatus, reason.ClockUntrusted, "time")}
	case ahead:
		return []credential.Check{credential.Undecided(reason.CheckStatus, reason.StatusListInvalid, resource)}
	case !fresh:
		return []credential.Check{credential.Undecided(reason.CheckStatus, reason.StatusStale, resource)}
	}
	return nil
}

// meaning is why a value refuses, empty if it does not. Without a purpose the
// value says it by itself (Token Status List §7.1); with one, any bit that is set
// (Bitstring Status List §2.1). "refresh" says that a newer credential exists and
// "does not invalidate the verifiable credential". What a message means only its
// issuer's dictionary tells, so one that was set is not accepted, and neither is
// a value or purpose of the issuer's own making.
func meaning(purpose string, value status.Value) reason.Code {
	switch {
	case value == status.Valid, purpose == "refresh":
		return ""
	case purpose == "revocation", purpose == "" && value == status.Invalid:
		return reason.Revoked
	case purpose == "suspension", purpose == "" && value == status.Suspended:
		return reason.Suspended
	default:
		return reason.StatusRefused
	}
}

// signerAccepted reports whether the list was signed by the credential's issuer
// or by a signer its trust entry names, and whether that signer still counts at
// the reference time.
func (e *evaluator) signerAccepted(issuer *trust.Issuer, list *status.List) bool {
	for _, id := range list.Signers {
		if !issuer.AcceptsStatusSigner(id) {
			continue
		}
		if signer, ok := e.snapshot.Trust.Issuer(id); ok && signer.ValidAt(e.in.At) && !signer.KeyRevoked(list.KeyID, e.in.At) {
			return true
		}
	}
	return false
}
