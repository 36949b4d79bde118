package jwtvc

import (
	"slices"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/jwt"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/internal/vcdm"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// token is what credentials and presentations share: a JWS around claims.
type token struct {
	*jws.Token
	format  credential.Format
	claims  map[string]any
	issuer  string // iss
	subject string // sub
	id      string // jti

	audience                     []string // nil if there is no aud
	issuedAt, notBefore, expires time.Time
}

func parse(data []byte) (credential.Presentation, error) {
	if len(data) > limits.Presentation {
		return nil, &reason.Error{Code: reason.TooLarge, Doing: "parse JWT: it is longer than a presentation may be"}
	}
	parsed, err := jws.Parse(data)
	if err != nil {
		return nil, err
	}
	claims, err := strictjson.DecodeObject(parsed.Payload)
	if err != nil {
		return nil, err
	}
	t := &token{Token: parsed, claims: claims}
	if t.format, err = formatOf(parsed, claims); err != nil {
		return nil, err
	}
	if err := t.readClaims(); err != nil {
		return nil, err
	}
	switch t.format {
	case credential.FormatJWTVC:
		return parseV1(t)
	case credential.FormatVCJWT:
		return parseV2(t)
	case credential.FormatJWTVP:
		return parsePresentation(t, vcdm.V1)
	default:
		return parsePresentation(t, vcdm.V2)
	}
}

// formatOf tells the four kinds of token apart, and each from every other JWT. A
// token that would be one thing by its typ and another by its contents is neither
// (RFC 8725 §2.8 and §3.11).
func formatOf(t *jws.Token, claims map[string]any) (credential.Format, error) {
	_, vc := claims["vc"]
	_, vp := claims["vp"]
	types := vcdm.Types(claims["type"])
	credentialTyp, presentationTyp := t.TypIs("vc+jwt"), t.TypIs("vp+jwt")
	if !credentialTyp && !presentationTyp {
		if t.Typ != "" && !t.TypIs("JWT") {
			return "", unsupported("its typ is that of another kind of token")
		}
		switch {
		case vc && vp:
			return "", malformed("it has both a vc and a vp claim")
		case vc:
			return credential.FormatJWTVC, nil
		case vp:
			return credential.FormatJWTVP, nil
		}
		// VC-JOSE-COSE §3.1.1: "The typ header parameter SHOULD be vc+jwt"; none of
		// the specification's examples has one.
		if vcdm.IsV2(claims) {
			credentialTyp = slices.Contains(types, "VerifiableCredential")
			presentationTyp = slices.Contains(types, "VerifiablePresentation")
		}
	}
	switch {
	case slices.Contains(types, "VerifiableCredential") && slices.Contains(types, "VerifiablePresentation"):
		return "", malformed("it says that it is a credential and a presentation")
	case credentialTyp:
		return credential.FormatVCJWT, nil
	case presentationTyp:
		return credential.FormatVPJWT, nil
	}
	return "", unsupported("it holds neither a vc or vp claim nor a document of VCDM 2.0")
}

// readClaims reads the registered claims, and refuses those of the wrong kind: an
// exp that is no number must not read as no exp.
func (t *token) readClaims() error {
	for _, text := range [...]struct {
		name string
		into *string
	}{{"iss", &t.issuer}, {"sub", &t.subject}, {"jti", &t.id}} {
		v, there := t.claims[text.name]
		if !there {
			continue
		}
		var ok bool
		if *text.into, ok = v.(string); !ok || *text.into == "" {
			return malformed(text.name + " is no string or empty")
		}
	}
	for _, date := range [...]struct {
		name string
		into *time.Time
	}{{"iat", &t.issuedAt}, {"nbf", &t.notBefore}, {"exp", &t.expires}} {
		v, there := t.claims[date.name]
		if !there {
			continue
		}
		var ok bool
		if *date.into, ok = jwt.NumericDate(v); !ok {
			return malformed(date.name + " is no date")
		}
	}
	v, there := t.claims["aud"]
	if !there {
		return nil
	}
	var err error
	if t.audience, err = jwt.Audience(v); err != nil {
		return malformed(err.Error())
	}
	return nil
}

// enveloped reads the claim name, which holds the whole document of VCDM 1.1.
// §6.3.1: "vc: JSON object, which MUST be present in a JWT verifiable credential";
// vp likewise.
func (t *token) enveloped(name string) (map[string]any, error) {
	document, ok := t.claims[name].(map[string]any)
	if !ok {
		return nil, malformed(name + " is no object")
	}
	return document, unproven(document)
}

// unproven refuses a proof inside what the JWS proves: nobody would verify it, and
// whoever sees it would think that somebody had.
func unproven(document map[string]any) error {
	if _, there := document["proof"]; there {
		return malformed("what it envelops has an embedded proof as well")
	}
	return nil
}
