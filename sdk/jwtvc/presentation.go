package jwtvc

import (
	"slices"
	"strings"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jwt"
	"github.com/dzong-id/dzong/sdk/internal/vcdm"
	"github.com/dzong-id/dzong/sdk/reason"
)

// vpToken is a parsed presentation.
type vpToken struct {
	*token
	holder   string // empty if nobody is named
	nonce    string // empty if there is none, or none that is text
	enclosed []credential.Enclosed
}

func parsePresentation(t *token, v vcdm.Version) (*vpToken, error) {
	document := t.claims
	if v == vcdm.V2 {
		if err := jwt.W3C(t.Token, t.claims, "vp"); err != nil {
			return nil, malformed(err.Error())
		}
		if err := unproven(document); err != nil {
			return nil, err
		}
	} else {
		var err error
		if document, err = t.enveloped("vp"); err != nil {
			return nil, err
		}
	}
	vp, err := vcdm.ReadPresentation(document, v)
	if err != nil {
		return nil, malformed(err.Error())
	}
	// VCDM 1.1 §6.3.1: "iss MUST represent [...] the holder property of a
	// verifiable presentation", "jti MUST represent the id property".
	switch {
	case vp.Holder != "" && t.issuer != "" && vp.Holder != t.issuer:
		return nil, malformed("iss and holder contradict each other")
	case vp.ID != "" && t.id != "" && vp.ID != t.id:
		return nil, malformed("jti and id contradict each other")
	}
	p := &vpToken{token: t, holder: holder(t, vp)}
	p.nonce, _ = t.claims["nonce"].(string)
	for _, c := range vp.Credentials {
		enclosed, _, err := vcdm.Enclose(c)
		if err != nil {
			return nil, err
		}
		p.enclosed = append(p.enclosed, enclosed)
	}
	return p, nil
}

// holder is who presents: the one the presentation names, or else the DID whose
// key it names. VC-JOSE-COSE §4.1.1: where nobody is named, "the kid MUST be an
// absolute DID URL". Which of the two it is, the finder of keys decides.
func holder(t *token, vp *vcdm.Presentation) string {
	switch {
	case t.issuer != "":
		return t.issuer
	case vp.Holder != "":
		return vp.Holder
	}
	did, _, _ := strings.Cut(t.Kid, "#")
	return did
}

// Format implements credential.Presentation.
func (p *vpToken) Format() credential.Format { return p.format }

// Prove implements credential.Presentation. A presentation that its holder did not
// sign is none, whatever binding is wanted: somebody put it together.
func (p *vpToken) Prove(ev credential.Evidence) credential.Findings {
	key, checks, ok := jwt.Signature(ev, p.Token, credential.Signer{
		Role:  credential.RoleHolder,
		ID:    p.holder,
		KeyID: p.Kid,
	}, credential.Authentication)
	f := credential.Findings{Checks: checks}
	if !ok {
		return f
	}
	f.Checks = append(f.Checks, credential.Pass(reason.CheckCoverage, ""))
	f.Checks = append(f.Checks, jwt.Possession(ev, p.audience, p.nonce, jwt.Proof{
		Made: p.issuedAt, NotBefore: p.notBefore, Expires: p.expires,
	})...)
	f.Presenter = &credential.Presenter{ID: p.holder, Key: key, ProofTime: p.issuedAt}
	if kind := ev.Binding.Kind(); kind == credential.BindingBound || kind == credential.BindingFresh {
		f.Presenter.Replay = p.replay()
	}
	f.Enclosed = slices.Clone(p.enclosed)
	return f
}
