package cwt

import (
	"slices"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/cose"
	"github.com/dzong-id/dzong/sdk/internal/jwt"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Prove implements credential.Presentation: RFC 8392 §7.2. There is always one
// credential.
func (p *presentation) Prove(ev credential.Evidence) credential.Findings {
	c := credential.Credential{Format: credential.FormatCWT}
	if key, ok := p.proveIssuer(ev, &c); ok {
		p.describe(&c, key)
		c.Checks = append(c.Checks, credential.Pass(reason.CheckCoverage, "")) // the signature covers the whole claims set
		c.Checks = append(c.Checks, jwt.Validity(ev, p.issuedAt, p.notBefore, p.expires)...)
		if !jwt.ForUs(ev, p.audience) {
			c.Checks = append(c.Checks, credential.Fail(reason.CheckHolder, reason.AudienceMismatch, ""))
		}
		jwt.Enclosed(ev, p.holder, &c)
		if !slices.ContainsFunc(c.Checks, func(c credential.Check) bool { return c.Verdict == reason.Failed }) {
			c.Claims = credential.NewClaims(p.claims)
		}
	}
	return credential.Findings{Credentials: []credential.Credential{c}}
}

// proveIssuer finds the issuer's key and verifies the signature with it. Nothing
// in the token is looked at before.
func (p *presentation) proveIssuer(ev credential.Evidence, c *credential.Credential) (credential.Key, bool) {
	ev.Keys = cose.ByKeyID(ev.Keys, p.message.KeyID)
	key, checks, ok := jwt.Signed(ev, jwt.Object{
		Algorithm: p.message.Algorithm,
		Signature: p.message.Signature,
		Verify:    func(k credential.Key) error { return p.message.Verify(k, nil, nil) },
	}, credential.Signer{
		Role:  credential.RoleIssuer,
		ID:    p.issuer,
		Chain: p.message.X5Chain,
	}, credential.AssertionMethod)
	c.Checks = checks
	return key, ok
}

// describe fills in what the verified token says about itself. Without an issuer
// claim it is its key's controller's.
func (p *presentation) describe(c *credential.Credential, key credential.Key) {
	c.Issuer = p.issuer
	if c.Issuer == "" {
		c.Issuer = key.Controller()
	}
	c.Types = slices.Clone(p.types)
	c.SigningKey = key.ID()
	c.Authorities = slices.Clone(key.Authorities())
	c.IssuedAt, c.NotBefore, c.Expires = p.issuedAt, p.notBefore, p.expires
	c.Status = slices.Clone(p.status)
	if p.holder.Key != nil {
		holder := *p.holder.Key
		c.Holder = &holder
	}
}
