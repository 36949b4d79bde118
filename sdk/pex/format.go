package pex

import (
	"slices"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// formats is a format object (§5, the registry of claim formats): by the name of a
// credential's format, the algorithms it may have. nil demands nothing.
type formats map[string][]string

// claimFormats maps the registry's names, and those that OpenID4VP's drafts added,
// to the forms of this SDK.
var claimFormats = map[string][]credential.Format{
	"jwt":         {credential.FormatJWTVC, credential.FormatVCJWT},
	"jwt_vc":      {credential.FormatJWTVC, credential.FormatVCJWT},
	"jwt_vc_json": {credential.FormatJWTVC, credential.FormatVCJWT},
	"ldp":         {credential.FormatLDPVC},
	"ldp_vc":      {credential.FormatLDPVC},
	"vc+sd-jwt":   {credential.FormatSDJWTVC, credential.FormatVCSDJWT}, // the first was called so in drafts
	"dc+sd-jwt":   {credential.FormatSDJWTVC},
	"mso_mdoc":    {credential.FormatMDoc},
}

// presentations is the registry's names for what encloses credentials. They say
// nothing of the credentials inside.
var presentations = []string{"jwt_vp", "jwt_vp_json", "ldp_vp"}

// readFormats reads a format object. Names that are not known are kept: what they
// ask for nothing here has.
func readFormats(o *strictjson.Object) formats {
	v, ok := o.Take("format", false)
	if !ok {
		return nil
	}
	sub := o.Sub(v, o.Member("format"))
	var out formats
	names := sub.Names()
	if len(names) == 0 {
		o.Fail(o.Member("format"), "is empty")
	}
	for _, name := range names {
		if slices.Contains(presentations, name) {
			continue
		}
		if out == nil {
			out = formats{}
		}
		// A name is the definition's own word, and left out of errors.
		v, _ := sub.Take(name, true)
		out[name] = sub.Sub(v, o.Member("format")+".*").Texts("alg", false, limits.Queries)
	}
	return out
}

// admit reports whether a credential has a format that is named, and an algorithm
// that is named for it.
func (f formats) admit(c *credential.Credential) bool {
	if f == nil {
		return true
	}
	for name, algorithms := range f {
		if isFormat(name, c.Format) && (algorithms == nil || signedWith(c, algorithms)) {
			return true
		}
	}
	return false
}

func isFormat(name string, f credential.Format) bool {
	if known, ok := claimFormats[name]; ok {
		return slices.Contains(known, f)
	}
	return string(f) == name
}

// signedWith looks at what the mechanism said of the algorithm.
func signedWith(c *credential.Credential, algorithms []string) bool {
	return slices.ContainsFunc(c.Checks, func(check credential.Check) bool {
		return check.Name == reason.CheckAlgorithm && check.Verdict == reason.Passed && slices.Contains(algorithms, check.Subject)
	})
}
