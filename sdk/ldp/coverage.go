package ldp

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/rdfc"
	"github.com/dzong-id/dzong/sdk/internal/vcdm"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// coverage answers for a credential that says more than its proofs sign: it names
// the members that nothing covers in out, and refuses the credential. Only where
// the evidence says UncoveredUnsafe, and what is left over is exactly what was
// signed, they are taken out of signed and set apart.
func (c *ldCredential) coverage(ev credential.Evidence, out *credential.Credential, signed map[string]any) credential.Check {
	loose := c.uncovered(ev)
	for _, path := range loose {
		out.Uncovered = append(out.Uncovered, strings.Join(path, "."))
	}
	if ev.UncoveredUnsafe {
		if rest, apart, ok := c.setApart(ev, loose); ok {
			clear(signed)
			maps.Copy(signed, without(rest, "@context"))
			out.Types = vcdm.Types(rest["type"])
			out.UncoveredClaims = credential.NewClaims(apart)
			return credential.Pass(reason.CheckCoverage, "uncovered claims set apart")
		}
	}
	return credential.Fail(reason.CheckCoverage, reason.ClaimsNotCovered, "")
}

// setApart divides the credential into what its proofs sign and what they do not.
// Only the subject's members and the credential's types can be told apart; ok is
// false for anything else (an issuer, a date or a status that is not signed is
// none), and unless the rest gives the very statements that the whole gives.
func (c *ldCredential) setApart(ev credential.Evidence, loose [][]string) (rest, apart map[string]any, ok bool) {
	if slices.ContainsFunc(c.proofs, func(p *proof) bool { return p.suite.jcs || len(p.previous) > 0 }) {
		return nil, nil, false
	}
	rest, apart = maps.Clone(c.body), map[string]any{}
	subject, _ := c.body["credentialSubject"].(map[string]any)
	kept, aside := maps.Clone(subject), map[string]any{}
	for _, path := range loose {
		switch {
		case len(path) == 1 && path[0] == "type":
			types := slices.DeleteFunc(vcdm.Types(c.body["type"]), func(t string) bool {
				return t != "VerifiableCredential" && !c.covers(ev, map[string]any{"type": []any{"VerifiableCredential", t}})
			})
			rest["type"], apart["type"] = list(types), c.body["type"]
		case len(path) == 2 && path[1] != "id" && path[1] != "type":
			aside[path[1]] = kept[path[1]]
			delete(kept, path[1])
		default:
			return nil, nil, false
		}
	}
	if len(aside) > 0 {
		rest["credentialSubject"], apart["credentialSubject"] = kept, aside
	}
	whole, err := c.statements(ev, c.body)
	if err != nil {
		return nil, nil, false
	}
	said, err := c.statements(ev, rest)
	return rest, apart, err == nil && c.covers(ev, rest) && bytes.Equal(whole, said)
}

func list(texts []string) []any {
	out := make([]any, len(texts))
	for i, t := range texts {
		out[i] = t
	}
	return out
}

func (c *ldCredential) statements(ev credential.Evidence, body map[string]any) ([]byte, error) {
	result, err := c.mechanism.processor.Process(body, c.contexts, ev.Contexts)
	if err != nil {
		return nil, err
	}
	return rdfc.Canonicalize(result.Quads, limits.CanonicalSteps)
}

// covers reports whether an RDF suite would sign everything in body.
func (c *ldCredential) covers(ev credential.Evidence, body map[string]any) bool {
	result, err := c.mechanism.processor.Process(body, c.contexts, ev.Contexts)
	return err == nil && result.Covered && plain(body, result)
}

// probes bounds how many members are tried on their own to name what is not
// covered.
const probes = 64

// uncovered names the members that no signature covers: those that are not
// covered when each stands alone. If none can be told, the whole is named.
func (c *ldCredential) uncovered(ev credential.Evidence) [][]string {
	var out [][]string
	left := probes
	rdf := slices.ContainsFunc(c.proofs, func(p *proof) bool { return !p.suite.jcs })
	covered := func(body map[string]any) bool {
		if left--; left < 0 {
			return true // not known, and not named
		}
		if !exact(body) {
			return false
		}
		return !rdf || c.covers(ev, body)
	}
	// Types bring terms with them; one that is not covered would blame them all.
	kind := any("VerifiableCredential")
	if covered(map[string]any{"type": c.body["type"]}) {
		kind = c.body["type"]
	} else {
		out = append(out, []string{"type"})
	}
	for _, name := range slices.Sorted(maps.Keys(c.body)) {
		switch subject, isObject := c.body[name].(map[string]any); {
		case name == "@context", name == "type":
		case name == "credentialSubject" && isObject:
			of := map[string]any{}
			if t, typed := subject["type"]; typed {
				of["type"] = t
				if !covered(map[string]any{"type": kind, name: of}) {
					out = append(out, []string{name, "type"})
					of = map[string]any{}
				}
			}
			for _, inner := range slices.Sorted(maps.Keys(subject)) {
				one := maps.Clone(of)
				one[inner] = subject[inner]
				if inner != "type" && !covered(map[string]any{"type": kind, name: one}) {
					out = append(out, []string{name, inner})
				}
			}
		case rdf && strings.ContainsRune(name, ':') || !covered(map[string]any{"type": kind, name: c.body[name]}):
			out = append(out, []string{name})
		}
	}
	if out == nil {
		return [][]string{{"credential"}}
	}
	return out
}
