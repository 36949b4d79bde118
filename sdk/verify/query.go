package verify

import (
	"slices"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/query"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Query is what a verifier asked for, in a language that says by itself what
// answers it. Implementations are pure, immutable and safe for concurrent use:
// dcql.Query and pex.Definition are two.
type Query interface {
	// Answer gives one finding for each of presented, in their order.
	Answer(presented []query.Presented) query.Answer
}

// queries holds what was presented against the policy's DCQL query and against the
// caller's own. Like [evaluator.requirements] it judges verified credentials only,
// and asks for no claims where a check failed.
func (e *evaluator) queries() {
	var asked []Query
	if p := e.in.Policy; p != nil && p.dcql != nil {
		asked = append(asked, p.dcql)
	}
	if e.in.Query != nil {
		asked = append(asked, e.in.Query)
	}
	if len(asked) == 0 || len(e.found) == 0 {
		return
	}
	presented := make([]query.Presented, len(e.found))
	for i := range e.found {
		f := &e.found[i]
		if !f.verified {
			return
		}
		presented[i] = query.Presented{
			Query: f.asked, Piece: f.piece, Within: f.within, Credential: &f.Credential,
			Failed: f.Claims.Len() == 0 && !e.allPassed(i+1),
		}
	}
	for _, q := range asked {
		e.answered(q.Answer(presented))
	}
}

// answered turns what a query came to into checks.
func (e *evaluator) answered(a query.Answer) {
	if len(a.Credentials) != len(e.found) {
		// A query that does not speak of every credential has accepted none.
		e.add(whole, credential.Fail(reason.CheckQuery, reason.QueryNotSatisfied, ""))
		return
	}
	for i, finding := range a.Credentials {
		f := &e.found[i]
		if len(finding.IDs) > 0 {
			e.add(i+1, credential.Pass(reason.CheckQuery, finding.IDs[0]))
			f.query = finding.IDs[0]
			if len(finding.IDs) > 1 {
				f.answers = slices.Clone(finding.IDs)
			}
			continue
		}
		switch finding.Code {
		case reason.HolderBindingMissing:
			if !e.unheld(i + 1) {
				e.add(i+1, credential.Fail(reason.CheckHolder, reason.HolderBindingMissing, finding.ID))
			}
		case reason.ClaimMissing:
			e.add(i+1, credential.Fail(reason.CheckQuery, reason.ClaimMissing, finding.ID))
		default:
			e.add(i+1, credential.Fail(reason.CheckQuery, reason.QueryNotSatisfied, finding.ID))
		}
	}
	for _, id := range a.Unanswered {
		e.add(whole, credential.Fail(reason.CheckQuery, reason.QueryNotSatisfied, id))
	}
}
