package jwtvc

import (
	"maps"
	"time"

	"github.com/dzong-id/dzong/sdk/internal/jwt"
	"github.com/dzong-id/dzong/sdk/internal/vcdm"
)

// vcToken is a parsed credential. Its members are unproven, and nothing but Prove
// gives them away.
type vcToken struct {
	*token
	vc       *vcdm.Credential // with what only the registered claims say
	document map[string]any   // what Claims shows
	holder   jwt.Holder
}

// parseV2 reads a credential of VCDM 2.0: "The unsecured verifiable credential is
// the unencoded JWS payload" (VC-JOSE-COSE §3.1.1).
func parseV2(t *token) (*vcToken, error) {
	if err := jwt.W3C(t.Token, t.claims, "vc"); err != nil {
		return nil, malformed(err.Error())
	}
	if err := unproven(t.claims); err != nil {
		return nil, err
	}
	vc, err := vcdm.ReadCredential(t.claims, vcdm.V2)
	if err != nil {
		return nil, malformed(err.Error())
	}
	c := &vcToken{token: t, vc: vc, document: t.claims}
	return c, c.complete()
}

// parseV1 reads a credential of VCDM 1.1 by the decoding rules of §6.3.1: what the
// vc claim holds, and what the registered claims add to it.
func parseV1(t *token) (*vcToken, error) {
	document, err := t.enveloped("vc")
	if err != nil {
		return nil, err
	}
	vc, err := vcdm.ReadCredential(document, vcdm.V1)
	if err != nil {
		return nil, malformed(err.Error())
	}
	c := &vcToken{token: t, vc: vc, document: maps.Clone(document)}
	// "nbf MUST represent issuanceDate", "exp MUST represent the expirationDate
	// property": a NumericDate has no fraction where the member has one.
	if !sameSecond(t.notBefore, vc.ValidFrom) {
		return nil, malformed("nbf and issuanceDate contradict each other")
	}
	if !sameSecond(t.expires, vc.ValidUntil) {
		return nil, malformed("exp and expirationDate contradict each other")
	}
	if err := c.complete(); err != nil {
		return nil, err
	}
	c.decode()
	// §4.5 and §4.6: every credential has an issuer and an issuanceDate.
	if vc.Issuer == "" || c.notBefore.IsZero() {
		return nil, malformed("neither its claims nor its vc name the issuer and the time of issue")
	}
	return c, nil
}

// sameSecond reports whether two dates agree; no date agrees with all.
func sameSecond(a, b time.Time) bool {
	return a.IsZero() || b.IsZero() || a.Truncate(time.Second).Equal(b.Truncate(time.Second))
}

// complete holds the registered claims against the document and draws both
// together.
func (c *vcToken) complete() error {
	if err := c.vc.Agree(c.issuer, c.subject, c.id); err != nil {
		return malformed(err.Error())
	}
	if c.subject != "" && len(c.vc.Subjects) > 1 {
		// VCDM 1.1 §6.3.1: sub is "the id property contained in the
		// credentialSubject", of which there is one.
		return malformed("one sub for several subjects")
	}
	// exp and nbf are about the signature, the others are about the credential: both
	// count.
	if c.vc.ValidFrom.After(c.notBefore) {
		c.notBefore = c.vc.ValidFrom
	}
	if c.expires.IsZero() || !c.vc.ValidUntil.IsZero() && c.vc.ValidUntil.Before(c.expires) {
		c.expires = c.vc.ValidUntil
	}
	if c.issuedAt.IsZero() {
		c.issuedAt = c.vc.Issued
	}
	if c.issuedAt.IsZero() {
		c.issuedAt = c.notBefore
	}
	if v, there := c.claims["status"]; there {
		refs, err := jwt.Status(v)
		if err != nil {
			return malformed(err.Error())
		}
		c.vc.Status = append(c.vc.Status, refs...)
	}
	c.holder.Subjects = c.vc.Subjects
	v, there := c.claims["cnf"]
	if !there {
		return nil
	}
	c.holder.Confirmed = true
	var err error
	if c.holder.Key, err = jwt.Confirmation(v); err != nil {
		return malformed(err.Error())
	}
	return nil
}

// decode adds to the document what only the registered claims say (§6.3.1, JWT
// decoding, step 3).
func (c *vcToken) decode() {
	add := func(name string, there bool, value string) {
		if _, has := c.document[name]; !has && there {
			c.document[name] = value
		}
	}
	add("issuer", c.issuer != "", c.issuer)
	add("id", c.id != "", c.id)
	add("issuanceDate", !c.notBefore.IsZero(), c.notBefore.Format(time.RFC3339Nano))
	add("expirationDate", !c.expires.IsZero(), c.expires.Format(time.RFC3339Nano))
	if c.vc.Issuer == "" {
		c.vc.Issuer = c.issuer
	}
	if c.subject == "" || c.vc.Subjects[0] != "" {
		return
	}
	c.vc.Subjects = []string{c.subject}
	c.holder.Subjects = c.vc.Subjects
	switch subject := c.document["credentialSubject"].(type) {
	case map[string]any:
		c.document["credentialSubject"] = named(subject, c.subject)
	case []any:
		c.document["credentialSubject"] = []any{named(subject[0].(map[string]any), c.subject)}
	}
}

func named(subject map[string]any, id string) map[string]any {
	subject = maps.Clone(subject)
	subject["id"] = id
	return subject
}
