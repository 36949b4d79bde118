package shc

import (
	"slices"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jwt"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Prove implements credential.Presentation. There is always one credential.
func (p *presentation) Prove(ev credential.Evidence) credential.Findings {
	c := credential.Credential{Format: credential.FormatSHC}
	if key, ok := p.proveIssuer(ev, &c); ok {
		p.describe(&c, key)
		c.Checks = append(c.Checks, credential.Pass(reason.CheckCoverage, "")) // the JWS covers the whole payload
		p.proveValidity(ev, &c)
		if !ev.Binding.Valid() || ev.Binding.Kind() != credential.BindingBearer {
			// A card names no key, so nothing could prove who holds it.
			c.Checks = append(c.Checks, credential.Fail(reason.CheckHolder, reason.HolderBindingMissing, ""))
		}
		if !slices.ContainsFunc(c.Checks, func(c credential.Check) bool { return c.Verdict == reason.Failed }) {
			c.Claims = credential.NewClaims(p.claims)
		}
	}
	return credential.Findings{Credentials: []credential.Credential{c}}
}

// proveIssuer finds the issuer's key and verifies the signature with it. Nothing
// in the card is looked at before.
func (p *presentation) proveIssuer(ev credential.Evidence, c *credential.Credential) (credential.Key, bool) {
	// ES256 is the framework's only algorithm, whatever else a policy takes.
	if p.token.Alg != credential.ES256 {
		c.Checks = append(c.Checks, credential.Fail(reason.CheckAlgorithm, reason.AlgorithmRefused, ""))
		return credential.Key{}, false
	}
	key, checks, ok := jwt.Signature(ev, p.token, credential.Signer{
		Role: credential.RoleIssuer, ID: p.issuer, KeyID: p.token.Kid,
	}, credential.AssertionMethod)
	c.Checks = append(c.Checks, checks...)
	return key, ok
}

func (p *presentation) describe(c *credential.Credential, key credential.Key) {
	c.Issuer = p.issuer
	c.Types = slices.Clone(p.types)
	c.SigningKey = key.ID()
	c.IssuedAt, c.NotBefore, c.Expires = p.notBefore, p.notBefore, p.expires
	if p.rid != "" {
		// "The per-key revocation file is made available at
		// https://<<Issuer URL>>/.well-known/crl/<<kid>>.json".
		c.Status = []credential.StatusReference{{
			Mechanism: credential.StatusHealthCard,
			URI:       p.issuer + "/.well-known/crl/" + p.token.Kid + ".json",
			Revokee:   p.rid,
			Issued:    p.notBefore,
		}}
	}
}

// proveValidity applies exp and nbf. A clock that may lag behind is right about
// what is over, and what lies ahead of it says that it does lag.
func (p *presentation) proveValidity(ev credential.Evidence, c *credential.Credential) {
	before := len(c.Checks)
	judge := func(unsure bool, code reason.Code) {
		check := credential.Fail(reason.CheckValidity, code, "")
		if unsure {
			check = credential.Undecided(reason.CheckValidity, reason.ClockUntrusted, "time")
		}
		c.Checks = append(c.Checks, check)
	}
	if !p.expires.IsZero() && !ev.At.Before(p.expires) {
		judge(ev.Clock == credential.ClockUntrusted, reason.Expired)
	}
	if p.notBefore.After(ev.At) {
		judge(ev.Clock != credential.ClockProven, reason.NotYetValid)
	}
	if len(c.Checks) == before {
		c.Checks = append(c.Checks, credential.Pass(reason.CheckValidity, ""))
	}
}
