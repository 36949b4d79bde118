package ldp

import (
	"slices"
	"strings"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jwt"
	"github.com/dzong-id/dzong/sdk/internal/vcdm"
	"github.com/dzong-id/dzong/sdk/reason"
)

// ldPresentation is a presentation with embedded proofs.
type ldPresentation struct {
	document
	vp       *vcdm.Presentation
	enclosed []credential.Enclosed
}

// Format implements credential.Presentation.
func (p *ldPresentation) Format() credential.Format { return credential.FormatLDPVP }

// Prove implements credential.Presentation. A presentation without a proof of its
// holder is no presentation, whatever binding is wanted: somebody put it
// together.
func (p *ldPresentation) Prove(ev credential.Evidence) credential.Findings {
	holder := p.holder()
	// Data Integrity 1.0 §2.3.1, authentication: "Indicates that a given proof is
	// only to be used for the purposes of an authentication protocol."
	r := p.prove(ev, signer{credential.RoleHolder, holder, "authentication", credential.Authentication})
	f := credential.Findings{Checks: r.checks}
	if !r.ok {
		return f
	}
	if r.uncovered {
		f.Checks = append(f.Checks, credential.Fail(reason.CheckCoverage, reason.ClaimsNotCovered, ""))
	} else {
		f.Checks = append(f.Checks, credential.Pass(reason.CheckCoverage, ""))
	}
	f.Presenter = &credential.Presenter{ID: holder, Key: r.key, ProofTime: p.proofs[0].created}
	if kind := ev.Binding.Kind(); kind == credential.BindingBound || kind == credential.BindingFresh {
		f.Presenter.Replay = r.signed
	}
	for _, proof := range p.proofs {
		f.Checks = append(f.Checks, proof.possession(ev)...)
	}
	f.Enclosed = slices.Clone(p.enclosed)
	return f
}

// holder is who presents: the one the presentation names, or else the DID whose
// key the proof names. Which of the two it is, the finder of keys decides.
func (p *ldPresentation) holder() string {
	if p.vp.Holder != "" || len(p.proofs) == 0 {
		return p.vp.Holder
	}
	did, _, _ := strings.Cut(p.proofs[0].method, "#")
	return did
}

// possession checks that a verified proof was made for this verifier, in answer
// to it, and now. Data Integrity 1.0 §4.4 steps 6 and 7: "If [...] domain was
// given, and it does not contain the same strings as proof.domain [...], an error
// MUST be raised"; "If [...] challenge was given, and it does not match
// proof.challenge, an error MUST be raised".
func (p *proof) possession(ev credential.Evidence) []credential.Check {
	return jwt.Possession(ev, p.domain, p.challenge, jwt.Proof{Made: p.created, Expires: p.expires})
}
