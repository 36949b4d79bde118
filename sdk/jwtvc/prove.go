package jwtvc

import (
	"crypto/sha256"
	"slices"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jwt"
	"github.com/dzong-id/dzong/sdk/reason"
)

// replay identifies a proof by what its holder signed. The signature is left out:
// an ECDSA signature has a twin that verifies too.
func (t *token) replay() [32]byte { return sha256.Sum256(t.SigningInput) }

// Format implements credential.Presentation.
func (c *vcToken) Format() credential.Format { return c.format }

// Prove implements credential.Presentation. There is always one credential. Unless
// the issuer's signature is verified, that is all that is said.
func (c *vcToken) Prove(ev credential.Evidence) credential.Findings {
	out := credential.Credential{Format: c.format}
	key, checks, ok := jwt.Signature(ev, c.Token, credential.Signer{
		Role:  credential.RoleIssuer,
		ID:    c.vc.Issuer,
		KeyID: c.Kid,
		Chain: c.X5C,
	}, credential.AssertionMethod)
	out.Checks = checks
	if ok {
		c.describe(&out, key)
		c.prove(ev, &out)
	}
	return credential.Findings{Credentials: []credential.Credential{out}}
}

// describe fills in what the verified credential says about itself.
func (c *vcToken) describe(out *credential.Credential, key credential.Key) {
	out.Issuer = c.vc.Issuer
	out.Types = slices.Clone(c.vc.Types)
	out.Contexts = slices.Clone(c.vc.Contexts)
	out.SigningKey = key.ID()
	out.Authorities = slices.Clone(key.Authorities())
	out.IssuedAt, out.NotBefore, out.Expires = c.issuedAt, c.notBefore, c.expires
	out.Status = slices.Clone(c.vc.Status)
	if c.holder.Key != nil {
		holder := *c.holder.Key
		out.Holder = &holder
	}
}

func (c *vcToken) prove(ev credential.Evidence, out *credential.Credential) {
	out.Checks = append(out.Checks, credential.Pass(reason.CheckCoverage, "")) // a JWS covers its payload
	if c.vc.Inline {
		// No trust list can name an inline context.
		out.Checks = append(out.Checks, credential.Fail(reason.CheckContext, reason.ContextRefused, ""))
	}
	out.Checks = append(out.Checks, jwt.Validity(ev, c.issuedAt, c.notBefore, c.expires)...)
	if !jwt.ForUs(ev, c.audience) {
		out.Checks = append(out.Checks, credential.Fail(reason.CheckHolder, reason.AudienceMismatch, ""))
	}
	// By itself a credential proves no possession; a presentation around it does.
	jwt.Enclosed(ev, c.holder, out)
	if !slices.ContainsFunc(out.Checks, failed) {
		out.Claims = credential.NewClaims(c.document)
	}
}

func failed(c credential.Check) bool { return c.Verdict == reason.Failed }
