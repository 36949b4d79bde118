package sdjwt

import (
	"slices"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jwt"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Prove implements credential.Presentation: RFC 9901 §7.1 steps 2, 5 and 6, and
// §7.3. There is always one credential.
func (p *presentation) Prove(ev credential.Evidence) credential.Findings {
	c := credential.Credential{Format: p.format}
	if key, ok := p.proveIssuer(ev, &c); ok {
		p.describe(&c, key)
		p.proveContext(&c)
		p.proveCoverage(&c)
		p.proveValidity(ev, &c)
		p.proveAudience(ev, &c)
		p.proveHolder(ev, &c)
		if !slices.ContainsFunc(c.Checks, failed) {
			c.Claims = credential.NewClaims(p.claims.all)
		}
	}
	return credential.Findings{Credentials: []credential.Credential{c}}
}

func failed(c credential.Check) bool { return c.Verdict == reason.Failed }

// proveIssuer is §7.1 step 2: it finds the issuer's keys and gives the one that
// made the signature. Nothing in the document is looked at before.
func (p *presentation) proveIssuer(ev credential.Evidence, c *credential.Credential) (credential.Key, bool) {
	// a. "Ensure that the used signing algorithm was deemed secure for the
	// application. [...] The "none" algorithm MUST NOT be accepted."
	// b. "Validate the signature over the Issuer-signed JWT".
	// c. "Validate the Issuer and that the signing key belongs to this Issuer."
	key, checks, ok := jwt.Signature(ev, p.issuerJWT, credential.Signer{
		Role:  credential.RoleIssuer,
		ID:    p.claims.issuer,
		KeyID: p.keyID(),
		Chain: p.issuerJWT.X5C,
	}, credential.AssertionMethod)
	c.Checks = checks
	return key, ok
}

// keyID is the kid that says which of the issuer's keys to try: the protected
// one, or, in JSON form, an unprotected one, which RFC 9901 §8.3 shows. It is a
// hint only; whose key it is comes from what is signed.
func (p *presentation) keyID() string {
	if p.issuerJWT.Kid != "" {
		return p.issuerJWT.Kid
	}
	return p.hint
}

// describe fills in what the verified document says about itself. Without an
// issuer claim the credential is its key's controller's.
func (p *presentation) describe(c *credential.Credential, key credential.Key) {
	c.Issuer = p.claims.issuer
	if c.Issuer == "" {
		c.Issuer = key.Controller()
	}
	c.Types = slices.Clone(p.claims.types)
	c.Contexts = slices.Clone(p.claims.contexts)
	c.SigningKey = key.ID()
	c.Authorities = slices.Clone(key.Authorities())
	c.IssuedAt, c.NotBefore, c.Expires = p.claims.issuedAt, p.claims.notBefore, p.claims.expires
	c.Status = slices.Clone(p.claims.status)
	if p.claims.holder.Key != nil {
		holder := *p.claims.holder.Key
		c.Holder = &holder
	}
}

// proveCoverage is §7.1 step 5: "If any Disclosure was not referenced by digest
// value in the Issuer-signed JWT (directly or recursively via other
// Disclosures), the SD-JWT MUST be rejected."
func (p *presentation) proveCoverage(c *credential.Credential) {
	if len(p.unreferenced) > 0 {
		c.Uncovered = slices.Clone(p.unreferenced)
		c.Checks = append(c.Checks, credential.Fail(reason.CheckCoverage, reason.ClaimsNotCovered, ""))
		return
	}
	c.Checks = append(c.Checks, credential.Pass(reason.CheckCoverage, ""))
}

// proveValidity is §7.1 step 6: "Check that the SD-JWT is valid using claims such
// as nbf, exp, and aud in the processed payload, if present."
func (p *presentation) proveValidity(ev credential.Evidence, c *credential.Credential) {
	c.Checks = append(c.Checks, jwt.Validity(ev, c.IssuedAt, c.NotBefore, c.Expires)...)
}

// proveAudience applies an aud in the credential itself.
func (p *presentation) proveAudience(ev credential.Evidence, c *credential.Credential) {
	if !jwt.ForUs(ev, p.claims.audience) {
		c.Checks = append(c.Checks, credential.Fail(reason.CheckHolder, reason.AudienceMismatch, ""))
	}
}

// proveContext refuses inline contexts of a W3C credential, which no trust list
// can name. Whether its URLs are the ones agreed on is for package verify.
func (p *presentation) proveContext(c *credential.Credential) {
	if p.claims.inline {
		c.Checks = append(c.Checks, credential.Fail(reason.CheckContext, reason.ContextRefused, ""))
	}
}
