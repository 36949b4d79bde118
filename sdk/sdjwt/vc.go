package sdjwt

import (
	"strings"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/jwt"
	"github.com/dzong-id/dzong/sdk/internal/vcdm"
	"github.com/dzong-id/dzong/sdk/reason"
)

const withheld = "a claim that the credential's validity rests on is selectively disclosable"

// formatOf tells an SD-JWT VC from a W3C credential and both from a plain SD-JWT.
//
// SD-JWT VC §2.2.1: "The typ value MUST use dc+sd-jwt", and until wallets have
// moved vc+sd-jwt is taken as well; §2.2.2.1: "vct REQUIRED". A type of
// credential without the typ, or the typ without a type, would be read as one
// thing here and as another elsewhere (RFC 8725 §2.8), so it is neither; claims
// refuses a vct that turns up, also by disclosure, in what is no SD-JWT VC.
func formatOf(issuerJWT *jws.Token, payload map[string]any) (credential.Format, error) {
	_, vct := payload["vct"]
	dc, vc := issuerJWT.TypIs("dc+sd-jwt"), issuerJWT.TypIs("vc+sd-jwt")
	switch {
	case vct && (dc || vc):
		return credential.FormatSDJWTVC, nil
	case vc && payload["@context"] != nil:
		// VC-JOSE-COSE §3.2.1 gives the same typ to a W3C credential.
		return credential.FormatVCSDJWT, nil
	case dc || vc:
		return "", malformed("its typ says SD-JWT VC, but vct is missing or disclosed")
	case isOther(issuerJWT.Typ, payload):
		return "", &reason.Error{Code: reason.FormatUnsupported, Doing: "parse SD-JWT: it was signed as another kind of token"}
	}
	return credential.FormatSDJWT, nil
}

// isOther reports whether a token was signed as something else than an SD-JWT: a
// tilde behind it would have it read without that kind's own rules, such as those
// on its status (RFC 8725 §3.12). Explicit types of SD-JWTs end in +sd-jwt (RFC 9901
// §10.10), of other JWTs in +jwt; and VC-JWT 1.1, whose typ is JWT, has vc or vp.
func isOther(typ string, payload map[string]any) bool {
	_, vc := payload["vc"]
	_, vp := payload["vp"]
	return vc || vp || strings.HasSuffix(strings.ToLower(typ), "+jwt")
}

// readVC reads a credential of VCDM 2.0 from the processed payload: what is left
// after disclosure must be one.
func (c *claims) readVC(issuerJWT *jws.Token) error {
	if err := jwt.W3C(issuerJWT, c.all, "vc"); err != nil {
		return malformed(err.Error())
	}
	vc, err := vcdm.ReadCredential(c.all, vcdm.V2)
	if err != nil {
		return malformed(err.Error())
	}
	var registered [3]string
	for i, name := range [...]string{"iss", "sub", "jti"} {
		v, there := c.all[name]
		var ok bool
		if registered[i], ok = v.(string); there && (!ok || registered[i] == "") {
			return malformed(name + " is no string or empty")
		}
	}
	if err := vc.Agree(registered[0], registered[1], registered[2]); err != nil {
		return malformed(err.Error())
	}
	c.issuer, c.types, c.contexts, c.inline = vc.Issuer, vc.Types, vc.Contexts, vc.Inline
	c.holder.Subjects = vc.Subjects
	c.bound(vc)
	return nil
}

// readLimits reads what bounds a W3C credential that does not say by its typ that
// it is one. It is a plain SD-JWT, without types; but it does say until when it
// is valid, and where its status is.
func (c *claims) readLimits() error {
	if !vcdm.IsV2(c.all) {
		return nil
	}
	vc, err := vcdm.ReadLimits(c.all)
	if err != nil {
		return malformed(err.Error())
	}
	c.bound(vc)
	return nil
}

func (c *claims) bound(vc *vcdm.Credential) {
	c.status = vc.Status
	// exp and nbf are about the signature, these are about the credential: both
	// count.
	if vc.ValidFrom.After(c.notBefore) {
		c.notBefore = vc.ValidFrom
	}
	if c.expires.IsZero() || !vc.ValidUntil.IsZero() && vc.ValidUntil.Before(c.expires) {
		c.expires = vc.ValidUntil
	}
}

// fixed gives the top-level claims that may not be withheld in a format; nil if
// there are none.
func fixed(format credential.Format) func(name string) bool {
	switch format {
	case credential.FormatSDJWTVC:
		return vcFixed
	case credential.FormatVCSDJWT:
		return w3cFixed
	}
	return nil
}

// w3cFixed is RFC 9901 §9.7 for a W3C credential: not "any content [...] that is
// critical for evaluating the SD-JWT's authenticity or validity". An issuer that
// lets a holder withhold validUntil has issued for ever.
func w3cFixed(name string) bool {
	switch name {
	case "@context", "issuer", "validFrom", "validUntil", "credentialStatus", "iss", "nbf", "exp", "cnf", "status":
		return true
	}
	return false
}

// vcFixed reports whether a top-level claim of an SD-JWT VC must not be
// selectively disclosable, nor anything inside it. SD-JWT VC §2.2.2.2: iss, nbf,
// exp, cnf, vct, vct#integrity and status "MUST NOT be included in the
// Disclosures, i.e., cannot be selectively disclosed". RFC 9901 §9.7: not "any
// content [...] that is critical for evaluating the SD-JWT's authenticity or
// validity", so not a part of one either.
func vcFixed(name string) bool {
	switch name {
	case "iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status":
		return true
	}
	return false
}
