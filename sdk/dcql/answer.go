package dcql

import (
	"bytes"
	"slices"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/query"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Answer says what of presented answers the query, and what is missing (§6.4).
// Which claims a credential was asked for is the first of its claim_sets that it
// has, or all of claims.
//
// A nil query finds nothing about anybody, which package verify refuses.
func (q *Query) Answer(presented []query.Presented) query.Answer {
	if q == nil {
		return query.Answer{}
	}
	fits := make([][]fit, len(presented))
	for i, p := range presented {
		// Paths begin at the credential (§B.1.2: they match "on the root of Verifiable
		// Credential"). Claims of an mdoc are namespaces of data elements, for which
		// §7.2 comes to the same as §7.1.
		claims := p.Credential.Claims.Map()
		fits[i] = make([]fit, len(q.credentials))
		for j := range q.credentials {
			c := &q.credentials[j]
			if p.Query == "" || p.Query == c.id {
				fits[i][j] = c.compare(p, claims)
			}
		}
	}
	shares := query.Share(len(presented), len(q.credentials),
		func(c, j int) bool { return fits[c][j].full() },
		func(j int) bool { return q.credentials[j].multiple })
	answer := query.Answer{Credentials: make([]query.Finding, len(presented))}
	tried := make([]bool, len(q.credentials))
	for i, answers := range shares {
		f := &answer.Credentials[i]
		for _, j := range answers {
			f.IDs = append(f.IDs, q.credentials[j].id)
			tried[j] = true
		}
		if len(answers) == 0 {
			q.refuse(f, fits[i], tried)
		}
	}
	answer.Unanswered = q.unanswered(tried)
	return answer
}

// refuse says why a credential answers nothing, by the query that it comes closest
// to. That query counts as tried: what is wrong with it is said here.
func (q *Query) refuse(f *query.Finding, fits []fit, tried []bool) {
	f.Code = reason.QueryNotSatisfied
	best := -1
	for j := range fits {
		if fits[j].kind && (best < 0 || len(fits[j].missing) < len(fits[best].missing)) {
			best = j
		}
	}
	if best < 0 {
		return
	}
	f.ID = q.credentials[best].id
	tried[best] = true
	switch {
	case fits[best].unheld:
		f.Code = reason.HolderBindingMissing
	case len(fits[best].missing) > 0:
		f.Code, f.Missing = reason.ClaimMissing, fits[best].missing
	}
	// Otherwise another credential has the query's one place.
}

// unanswered is §6.4.2. Of a set without a satisfied option it names what lacks in
// the option that comes closest.
func (q *Query) unanswered(tried []bool) []string {
	var out []string
	lack := func(j int) {
		if id := q.credentials[j].id; !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	if q.sets == nil {
		for j, done := range tried {
			if !done {
				lack(j)
			}
		}
		return out
	}
	for _, s := range q.sets {
		if s.optional {
			continue
		}
		var least []int
		for n, option := range s.options {
			lacking := slices.DeleteFunc(slices.Clone(option), func(j int) bool { return tried[j] })
			if n == 0 || len(lacking) < len(least) {
				least = lacking
			}
		}
		for _, j := range least {
			lack(j)
		}
	}
	return out
}

// fit is how a credential compares with one query. The zero value does not fit.
type fit struct {
	kind    bool     // format, meta and authorities
	unheld  bool     // a proof of possession is wanted and was not given
	missing []string // the claims that lack
}

func (f fit) full() bool { return f.kind && !f.unheld && len(f.missing) == 0 }

func (c *credentialQuery) compare(p query.Presented, claims map[string]any) fit {
	if !c.admits(p.Credential) {
		return fit{}
	}
	f := fit{kind: true}
	if p.Failed {
		return f
	}
	f.unheld = !c.unbound && !p.Credential.HolderBound
	f.missing = c.lacks(claims)
	return f
}

// admits compares everything but claims.
func (c *credentialQuery) admits(found *credential.Credential) bool {
	if found.Format != formatOf(c.format) {
		return false
	}
	if c.meta.vcts != nil && !(found.Format == credential.FormatSDJWTVC && len(found.Types) == 1 && slices.Contains(c.meta.vcts, found.Types[0])) {
		return false
	}
	if c.meta.doctype != "" && !(found.Format == credential.FormatMDoc && slices.Equal(found.Types, []string{c.meta.doctype})) {
		return false
	}
	if c.meta.typeSets != nil && !ofTypes(c.meta.typeSets, found) {
		return false
	}
	return c.authorities == nil || slices.ContainsFunc(c.authorities, func(a authority) bool { return a.certifies(found) })
}

// w3cTypes is how the contexts of VCDM 1.1 and 2.0 expand the types that they
// define for credentials themselves.
var w3cTypes = map[string]string{
	"VerifiableCredential":          "https://www.w3.org/2018/credentials#VerifiableCredential",
	"EnvelopedVerifiableCredential": "https://www.w3.org/2018/credentials#EnvelopedVerifiableCredential",
}

// ofTypes is §B.1.1: "Each inner array specifies a set of fully expanded types that
// MUST be present in the fully expanded types in the type property of the
// Verifiable Credential, regardless of order or the presence of additional types."
func ofTypes(alternatives [][]string, found *credential.Credential) bool {
	switch found.Format {
	case credential.FormatLDPVC, credential.FormatJWTVC, credential.FormatVCJWT, credential.FormatVCSDJWT:
	default:
		return false
	}
	have := found.ExpandedTypes
	if have == nil {
		for _, t := range found.Types {
			have = append(have, t)
			if iri, ok := w3cTypes[t]; ok {
				have = append(have, iri)
			}
		}
	}
	return slices.ContainsFunc(alternatives, func(all []string) bool {
		return !slices.ContainsFunc(all, func(t string) bool { return !slices.Contains(have, t) })
	})
}

// certifies is §6.1.1 as far as it can be told.
func (a *authority) certifies(found *credential.Credential) bool {
	switch a.kind {
	case "aki":
		return slices.ContainsFunc(a.aki, func(id []byte) bool {
			return slices.ContainsFunc(found.Authorities, func(have []byte) bool { return bytes.Equal(have, id) })
		})
	case "openid_federation":
		return slices.Contains(a.values, found.Issuer)
	}
	return false
}

// lacks is §6.4.1: the claims of the first set that the credential has all of are
// what was asked for. Where it has none of the sets, those it lacks of the set that
// it comes closest to are given.
func (c *credentialQuery) lacks(claims map[string]any) []string {
	if c.claims == nil {
		return nil
	}
	absent := make([]bool, len(c.claims))
	for i := range c.claims {
		absent[i] = !c.claims[i].matches(selectJSON(claims, c.claims[i].path))
	}
	sets := c.claimSets
	if sets == nil {
		sets = [][]int{make([]int, len(c.claims))}
		for i := range c.claims {
			sets[0][i] = i
		}
	}
	var least []string
	for n, set := range sets {
		var missing []string
		for _, i := range set {
			if absent[i] {
				missing = append(missing, c.claims[i].text)
			}
		}
		if n == 0 || len(missing) < len(least) {
			least = missing
		}
	}
	return least
}
