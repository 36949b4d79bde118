package verify

import (
	"strconv"
	"strings"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/trust"
)

// denyList is what checks call the trust authority's deny list.
const denyList = "deny list"

// denied looks a credential up in the deny list by the identifier that its issuer's
// entry names. The identifier must be signed and disclosed: one that is not there
// may have been held back, and one that nobody signed may be anything.
func (e *evaluator) denied(no int, issuer *trust.Issuer, c *credential.Credential) {
	if c.Claims.Len() == 0 && !e.allPassed(no) {
		return // its own reason stands already, and no identifier came out
	}
	id, ok := identifier(c, issuer.DenyBy)
	if !ok {
		if c.UncoveredClaims.Has(issuer.DenyBy...) {
			e.add(no, credential.Fail(reason.CheckCoverage, reason.ClaimsNotCovered, issuer.ID))
			return
		}
		e.add(no, credential.Fail(reason.CheckStatus, reason.StatusMissing, issuer.ID))
		return
	}
	list := e.snapshot.Deny
	if list == nil {
		e.add(no, credential.Undecided(reason.CheckStatus, reason.StatusUnavailable, denyList))
		return
	}
	var checks []credential.Check
	if list.Denies(issuer.ID, issuer.DenyBy, id) {
		// That it was revoked does not become untrue when the list grows old.
		checks = append(checks, credential.Fail(reason.CheckStatus, reason.Revoked, denyList))
	}
	checks = append(checks, e.aged(list.Issued, !list.Stale(e.in.At, e.in.Policy.maxStatusAge()), denyList)...)
	if len(checks) == 0 {
		checks = append(checks, credential.Pass(reason.CheckStatus, denyList))
	}
	for i := range checks {
		checks[i].AsOf = list.Issued
	}
	e.add(no, checks...)
}

// identifier is the text at path, a whole number in decimal; false if there is
// none that could have been written in one way only. A holder who may write it
// otherwise under the same signature is in no list.
//
// Most signatures cover what was written. A linked-data proof covers what it means,
// where 7, 7.0 and, for some terms, "7" are one number, and where an IRI may be
// shortened by any prefix that the contexts define. There only texts count, and of
// those that look like an IRI only what no prefix can stand for: JSON-LD 1.1 API
// §5.2.2 leaves alone what has // behind the colon, and contexts that give urn or
// did another meaning are not for a trust list.
func identifier(c *credential.Credential, path []string) (string, bool) {
	if id, ok := c.Claims.String(path...); ok {
		return id, id != "" && (c.Format != credential.FormatLDPVC || oneSpelling(id))
	}
	// Beyond 2^53 two numbers are one to many readers (RFC 8259 §6).
	const exact = 1<<53 - 1
	n, ok := c.Claims.Int(path...)
	if !ok || c.Format == credential.FormatLDPVC || n < -exact || n > exact {
		return "", false
	}
	return strconv.FormatInt(n, 10), true
}

func oneSpelling(id string) bool {
	scheme, rest, isIRI := strings.Cut(id, ":")
	return !isIRI || strings.HasPrefix(rest, "//") || scheme == "urn" || scheme == "did"
}
