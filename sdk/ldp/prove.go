package ldp

import (
	"maps"
	"slices"
	"strings"
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
	if r.uncovered {
		out.Uncovered = c.uncovered(ev)
		out.Checks = append(out.Checks, credential.Fail(reason.CheckCoverage, reason.ClaimsNotCovered, ""))
	} else {
		out.Checks = append(out.Checks, credential.Pass(reason.CheckCoverage, ""))
	}
	made, until := c.period()
	out.Checks = append(out.Checks, jwt.Validity(ev, made, out.NotBefore, until)...)
	jwt.Enclosed(ev, jwt.Holder{Subjects: c.vc.Subjects}, &out)
	if !slices.ContainsFunc(out.Checks, failed) {
		out.Claims = credential.NewClaims(without(c.body, "@context"))
	}
	return credential.Findings{Credentials: []credential.Credential{out}}
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

// probes bounds how many members are tried on their own to name what is not
// covered.
const probes = 64

// uncovered names the members that no signature covers: those that are not
// covered when each stands alone. If none can be told, the whole is named.
func (c *ldCredential) uncovered(ev credential.Evidence) []string {
	var out []string
	left := probes
	rdf := slices.ContainsFunc(c.proofs, func(p *proof) bool { return !p.suite.jcs })
	covered := func(body map[string]any) bool {
		if left--; left < 0 {
			return true // not known, and not named
		}
		if !exact(body) {
			return false
		}
		if !rdf {
			return true
		}
		result, err := c.mechanism.processor.Process(body, c.contexts, ev.Contexts)
		return err == nil && result.Covered
	}
	// Types bring terms with them; one that is not covered would blame them all.
	kind := any("VerifiableCredential")
	if covered(map[string]any{"type": c.body["type"]}) {
		kind = c.body["type"]
	} else {
		out = append(out, "type")
	}
	for _, name := range slices.Sorted(maps.Keys(c.body)) {
		switch subject, isObject := c.body[name].(map[string]any); {
		case name == "@context", name == "type":
		case name == "credentialSubject" && isObject:
			of := map[string]any{}
			if t, typed := subject["type"]; typed {
				of["type"] = t
				if !covered(map[string]any{"type": kind, name: of}) {
					out = append(out, name+".type")
					of = map[string]any{}
				}
			}
			for _, inner := range slices.Sorted(maps.Keys(subject)) {
				one := maps.Clone(of)
				one[inner] = subject[inner]
				if inner != "type" && !covered(map[string]any{"type": kind, name: one}) {
					out = append(out, name+"."+inner)
				}
			}
		case rdf && strings.ContainsRune(name, ':') || !covered(map[string]any{"type": kind, name: c.body[name]}):
			out = append(out, name)
		}
	}
	if out == nil {
		return []string{"credential"}
	}
	return out
}
