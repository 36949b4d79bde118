package sdjwt

import (
	"slices"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
)

// iatLeeway is how far the clock of an issuer or a wallet may run ahead of ours
// before what it made counts as made in the future.
const iatLeeway = 60 * time.Second

// Prove implements credential.Presentation: RFC 9901 §7.1 steps 2, 5 and 6, and
// §7.3. There is always one credential.
func (p *presentation) Prove(ev credential.Evidence) credential.Findings {
	c := credential.Credential{Format: p.format}
	if key, ok := p.proveIssuer(ev, &c); ok {
		p.describe(&c, key)
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
	add := func(checks ...credential.Check) { c.Checks = append(c.Checks, checks...) }
	token := p.issuerJWT

	// a. "Ensure that the used signing algorithm was deemed secure for the
	// application. [...] The "none" algorithm MUST NOT be accepted."
	if !ev.Algorithms.OrDefault().Has(token.Alg) {
		add(credential.Fail(reason.CheckAlgorithm, reason.AlgorithmRefused, ""))
		return credential.Key{}, false
	}
	// c. "Validate the Issuer and that the signing key belongs to this Issuer."
	if ev.Keys == nil {
		add(credential.Fail(reason.CheckIssuer, reason.IssuerUnknown, ""))
		return credential.Key{}, false
	}
	keys, found := ev.Keys.Find(credential.Signer{
		Role:      credential.RoleIssuer,
		ID:        p.claims.issuer,
		KeyID:     token.Kid,
		Chain:     token.X5C,
		Algorithm: token.Alg,
	})
	add(found...)
	for _, check := range found {
		if check.Verdict != reason.Passed {
			return credential.Key{}, false
		}
	}
	if len(keys) == 0 {
		add(credential.Fail(reason.CheckKey, reason.KeyUnknown, ""))
		return credential.Key{}, false
	}
	// b. "Validate the signature over the Issuer-signed JWT".
	if len(token.Signature) == 0 {
		add(credential.Pass(reason.CheckAlgorithm, string(token.Alg)), credential.Fail(reason.CheckSignature, reason.SignatureMissing, ""))
		return credential.Key{}, false
	}
	suitable := false
	for _, k := range keys {
		if !k.Permits(credential.AssertionMethod) || !k.Algorithms().Has(token.Alg) {
			continue
		}
		suitable = true
		if token.Verify(k) == nil {
			add(credential.Pass(reason.CheckAlgorithm, string(token.Alg)), credential.Pass(reason.CheckSignature, k.ID()))
			return k, true
		}
	}
	if !suitable {
		add(credential.Fail(reason.CheckAlgorithm, reason.AlgorithmRefused, ""))
		return credential.Key{}, false
	}
	add(credential.Pass(reason.CheckAlgorithm, string(token.Alg)), credential.Fail(reason.CheckSignature, reason.SignatureInvalid, ""))
	return credential.Key{}, false
}

// describe fills in what the verified document says about itself. Without an
// issuer claim the credential is its key's controller's.
func (p *presentation) describe(c *credential.Credential, key credential.Key) {
	c.Issuer = p.claims.issuer
	if c.Issuer == "" {
		c.Issuer = key.Controller()
	}
	c.Types = slices.Clone(p.claims.types)
	c.SigningKey = key.ID()
	c.IssuedAt, c.NotBefore, c.Expires = p.claims.issuedAt, p.claims.notBefore, p.claims.expires
	c.Status = slices.Clone(p.claims.status)
	if p.claims.holder != nil {
		holder := *p.claims.holder
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
	before := len(c.Checks)
	if !c.Expires.IsZero() && !ev.At.Before(c.Expires) {
		// RFC 7519 §4.1.4: "on or after which the JWT MUST NOT be accepted". A
		// clock that may lag behind is right about what is over; one that is wrong
		// is right about nothing.
		if ev.Clock == credential.ClockUntrusted {
			c.Checks = append(c.Checks, credential.Undecided(reason.CheckValidity, reason.ClockUntrusted, "time"))
		} else {
			c.Checks = append(c.Checks, credential.Fail(reason.CheckValidity, reason.Expired, ""))
		}
	}
	// §4.1.5: "the current date/time MUST be after or equal to the not-before
	// date/time". It was signed by an authority whose clock is better than a
	// kiosk's, so what lies ahead of a clock that is not proven says that the
	// clock lags.
	if c.NotBefore.After(ev.At) || c.IssuedAt.After(ev.At.Add(iatLeeway)) {
		if ev.Clock == credential.ClockProven {
			c.Checks = append(c.Checks, credential.Fail(reason.CheckValidity, reason.NotYetValid, ""))
		} else {
			c.Checks = append(c.Checks, credential.Undecided(reason.CheckValidity, reason.ClockUntrusted, "time"))
		}
	}
	if len(c.Checks) == before {
		c.Checks = append(c.Checks, credential.Pass(reason.CheckValidity, ""))
	}
}

// proveAudience applies an aud in the credential itself. RFC 7519 §4.1.3: "If the
// principal processing the claim does not identify itself with a value in the
// "aud" claim when this claim is present, then the JWT MUST be rejected." A
// verifier that takes bearer copies has not said who it is, and so is nobody's
// audience.
func (p *presentation) proveAudience(ev credential.Evidence, c *credential.Credential) {
	if p.claims.audience == nil {
		return
	}
	if own := ev.Binding.Audience(); own == "" || !slices.Contains(p.claims.audience, own) {
		c.Checks = append(c.Checks, credential.Fail(reason.CheckHolder, reason.AudienceMismatch, ""))
	}
}
