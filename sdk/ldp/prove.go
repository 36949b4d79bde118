package ldp

import (
	"slices"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jwt"
	"github.com/dzong-id/dzong/sdk/internal/vcdm"
	"github.com/dzong-id/dzong/sdk/reason"
)

// ldCredential is a credential with embedded proofs.
type ldCredential struct {
	document
	vc *vcdm.Credential
}

// Format implements credential.Presentation.
func (c *ldCredential) Format() credential.Format { return credential.FormatLDPVC }

// Prove implements credential.Presentation. There is always one credential.
func (c *ldCredential) Prove(ev credential.Evidence) credential.Findings {
	out := credential.Credential{Format: credential.FormatLDPVC}
	// Data Integrity 1.0 §2.3.1, assertionMethod: the purpose of what "was made by"
	// the one who asserts it.
	r := c.prove(ev, signer{credential.RoleIssuer, c.vc.Issuer, "assertionMethod", credential.AssertionMethod})
	out.Checks = r.checks
	if !r.ok {
		return credential.Findings{Credentials: []credential.Credential{out}}
	}
	out.Issuer = c.vc.Issuer
	out.Types = slices.Clone(c.vc.Types)
	out.SigningKey = r.key.ID()
	out.Contexts = slices.Clone(c.contexts)
	out.Status = slices.Clone(c.vc.Status)
	out.NotBefore, out.Expires = c.vc.ValidFrom, c.vc.ValidUntil
	out.IssuedAt = c.vc.Issued
	if out.IssuedAt.IsZero() {
		out.IssuedAt = c.vc.ValidFrom
	}
	signed := without(c.body, "@context")
	if r.uncovered {
		check := c.coverage(ev, &out, signed)
		out.Checks = append(out.Checks, check)
	} else {
		out.Checks = append(out.Checks, credential.Pass(reason.CheckCoverage, ""))
	}
	subjects := c.vc.Subjects
	if r.unnamed != nil {
		signed, subjects = c.withoutNames(r.unnamed, signed, &out)
	}
	made, until := c.period()
	out.Checks = append(out.Checks, jwt.Validity(ev, made, out.NotBefore, until)...)
	jwt.Enclosed(ev, jwt.Holder{Subjects: subjects}, &out)
	if !slices.ContainsFunc(out.Checks, failed) {
		out.Claims = credential.NewClaims(signed)
		out.ExpandedTypes = r.types
	}
	return credential.Findings{Credentials: []credential.Credential{out}}
}

// withoutNames takes the ids away that stand for nodes signed without one. Where
// such an id is referred to from elsewhere, the reference would be left over, and
// nobody signed it.
func (c *ldCredential) withoutNames(unnamed func(string) bool, signed map[string]any, out *credential.Credential) (claims map[string]any, subjects []string) {
	referred := false
	var strip func(v any) any
	strip = func(v any) any {
		switch v := v.(type) {
		case map[string]any:
			m := make(map[string]any, len(v))
			for name, member := range v {
				if id, ok := member.(string); ok && (name == "id" || name == "@id") && unnamed(id) {
					continue
				}
				m[name] = strip(member)
			}
			return m
		case []any:
			list := make([]any, len(v))
			for i := range v {
				list[i] = strip(v[i])
			}
			return list
		case string:
			referred = referred || unnamed(v)
		}
		return v
	}
	claims = strip(signed).(map[string]any)
	if referred {
		out.Checks = append(out.Checks, credential.Fail(reason.CheckCoverage, reason.ClaimsNotCovered, ""))
	}
	for _, id := range c.vc.Subjects {
		if unnamed(id) {
			id = ""
		}
		subjects = append(subjects, id)
	}
	return claims, subjects
}

func failed(c credential.Check) bool { return c.Verdict == reason.Failed }

// period is when the credential was made at the latest, and when it or the first
// of its proofs ends. Data Integrity 1.0 §4.4: a proof is over at its expires,
// and a proof that was made in the future was not made.
func (c *ldCredential) period() (made, until time.Time) {
	made, until = c.vc.Issued, c.vc.ValidUntil
	for _, p := range c.proofs {
		if p.created.After(made) {
			made = p.created
		}
		if !p.expires.IsZero() && (until.IsZero() || p.expires.Before(until)) {
			until = p.expires
		}
	}
	return made, until
}
