package verify

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/trust"
)

// Result is an [Evaluation] after the replay store has spoken, and the only
// place that claims come from. The zero value refuses and holds none.
type Result struct {
	Evaluation
}

// Accepted reports whether every check passed.
func (r Result) Accepted() bool { return r.outcome == reason.Accepted }

// Credentials is what was accepted, one by one in the order of presentation;
// empty unless the outcome is accepted. There is no merged view: whose claim it
// is, and who says so, belongs to the claim.
func (r Result) Credentials() []Credential {
	if !r.Accepted() {
		return nil
	}
	return slices.Clone(r.credentials)
}

// MarshalJSON gives the result as `dzong verify --json` prints it, with the
// claims of accepted credentials. It is for the caller, not for logs: log
// Outcome and Reasons.
func (r Result) MarshalJSON() ([]byte, error) {
	b := r.body()
	b.Credentials = r.Credentials()
	return json.Marshal(b)
}

// Credential is one accepted credential.
type Credential struct {
	// Query is the id of the query or policy entry it answers; empty if there is
	// none.
	Query string `json:"query,omitempty"`
	// Queries is the ids of all queries it answers, if it answers several.
	Queries []string `json:"queries,omitempty"`
	// Format is how it was secured.
	Format credential.Format `json:"format"`
	// Issuer is the issuer's identifier, exactly as in the trust list.
	Issuer string `json:"issuer"`
	// IssuerNames is what the trust list calls the issuer, by language.
	IssuerNames map[string]string `json:"issuer_names,omitempty"`
	// Types is its vct, VC types or doctype.
	Types []string `json:"types"`
	// Holder is the RFC 7638 thumbprint (base64url) of the key it is bound to;
	// empty if it is bound to none.
	Holder string `json:"holder,omitempty"`
	// HolderBound reports that the holder proved possession of that key.
	HolderBound bool `json:"holder_bound"`
	// IssuedAt and Expires are zero if the credential does not say.
	IssuedAt time.Time `json:"issued_at,omitzero"`
	Expires  time.Time `json:"expires,omitzero"`

	claims    credential.Claims
	uncovered credential.Claims
}

// Claims is what the issuer says of the subject: only what was disclosed and
// what a signature covers.
func (c Credential) Claims() credential.Claims { return c.claims }

// UncoveredUnsafe is what the credential says beyond its signature, at its place in
// it: anybody, the holder too, may have written it. Empty unless the policy says
// uncovered_claims_unsafe. No check looks at it, and it is never in Claims.
func (c Credential) UncoveredUnsafe() credential.Claims { return c.uncovered }

// MarshalJSON adds the claims, and apart from them what nobody signed.
func (c Credential) MarshalJSON() ([]byte, error) {
	type plain Credential
	body := struct {
		plain
		Claims    credential.Claims  `json:"claims"`
		Uncovered *credential.Claims `json:"uncovered_unsafe,omitempty"`
	}{plain: plain(c), Claims: c.claims}
	if c.uncovered.Len() > 0 {
		body.Uncovered = &c.uncovered
	}
	return json.Marshal(body)
}

func (f *found) accepted(list *trust.List) Credential {
	c := Credential{
		Query:       f.query,
		Queries:     slices.Clone(f.answers),
		Format:      f.Format,
		Issuer:      f.Issuer,
		Types:       slices.Clone(f.Types),
		HolderBound: f.HolderBound,
		IssuedAt:    f.IssuedAt,
		Expires:     f.Expires,
		claims:      f.Claims,
		uncovered:   f.UncoveredClaims,
	}
	if c.Types == nil {
		c.Types = []string{}
	}
	if issuer, ok := list.Issuer(f.Issuer); ok {
		c.IssuerNames = maps.Clone(issuer.Names)
	}
	if f.Holder != nil {
		thumb := f.Holder.Thumbprint()
		c.Holder = base64.RawURLEncoding.EncodeToString(thumb[:])
	}
	return c
}
