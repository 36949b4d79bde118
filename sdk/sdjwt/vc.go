package sdjwt

import (
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/reason"
)

const withheld = "a claim that the credential's validity rests on is selectively disclosable"

// formatOf tells an SD-JWT VC from a plain SD-JWT.
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
		// VC-JOSE-COSE gives the same typ to a W3C credential.
		return "", &reason.Error{Code: reason.FormatUnsupported, Doing: "parse SD-JWT: a W3C credential secured by VC-JOSE-COSE"}
	case dc || vc:
		return "", malformed("its typ says SD-JWT VC, but vct is missing or disclosed")
	case issuerJWT.TypIs("kb+jwt"), issuerJWT.TypIs("statuslist+jwt"):
		// A tilde behind another kind of token does not make it a credential
		// (RFC 8725 §3.12).
		return "", &reason.Error{Code: reason.FormatUnsupported, Doing: "parse SD-JWT: its typ says that it is no credential"}
	}
	return credential.FormatSDJWT, nil
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
