package verify_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/dcql"
	"github.com/dzong-id/dzong/sdk/pex"
	"github.com/dzong-id/dzong/sdk/query"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verify"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

const twoQueries = `{"credentials":[
	{"id":"name","format":"dc+sd-jwt","meta":{"vct_values":["https://registry.example/citizen"]},"claims":[{"path":["full_name"]}]},
	{"id":"licence","format":"dc+sd-jwt","meta":{"vct_values":["https://traffic.example/licence"]},"claims":[{"path":["class"],"values":["B"]}]}]}`

func queryOf(t *testing.T, text string) *dcql.Query {
	t.Helper()
	q, err := dcql.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// What a wallet says it answers is what it is held to, and the result says so.
func TestACallersQueryIsAnswered(t *testing.T) {
	d := newDesk(t)
	traffic := d.AddIssuer("https://traffic.example", "https://traffic.example/licence")
	licence := traffic.Issue(d.wallet, map[string]any{"class": "B"})
	name := verify.Presented{Query: "name", Data: d.present()}
	drive := verify.Presented{Query: "licence", Data: d.wallet.Present(licence, verifytest.To(audience))}
	swapped := func(p verify.Presented, id string) verify.Presented { p.Query = id; return p }
	for what, c := range map[string]struct {
		presented []verify.Presented
		outcome   reason.Outcome
		codes     []reason.Code
		subjects  []string
	}{
		"both":                {[]verify.Presented{name, drive}, reason.Accepted, nil, nil},
		"in the other order":  {[]verify.Presented{drive, name}, reason.Accepted, nil, nil},
		"without ids":         {[]verify.Presented{swapped(drive, ""), swapped(name, "")}, reason.Accepted, nil, nil},
		"one alone":           {[]verify.Presented{name}, reason.Rejected, []reason.Code{reason.QueryNotSatisfied}, []string{"licence"}},
		"each for the other":  {[]verify.Presented{swapped(name, "licence"), swapped(drive, "name")}, reason.Rejected, []reason.Code{reason.QueryNotSatisfied}, []string{"", "", "name", "licence"}},
		"two for one":         {[]verify.Presented{name, swapped(drive, "name"), drive}, reason.Rejected, []reason.Code{reason.QueryNotSatisfied}, []string{""}},
		"for no query at all": {[]verify.Presented{name, swapped(drive, "other")}, reason.Rejected, []reason.Code{reason.QueryNotSatisfied}, []string{"", "licence"}},
		"a claim held back": {[]verify.Presented{name, swapped(verify.Presented{Data: d.wallet.Present(licence, verifytest.To(audience), verifytest.Disclose())}, "licence")},
			reason.Rejected, []reason.Code{reason.ClaimMissing}, []string{"licence"}},
	} {
		t.Run(what, func(t *testing.T) {
			in := d.input()
			in.Presented, in.Query = c.presented, queryOf(t, twoQueries)
			v := verifierOn(t, d, verify.NewMemoryReplay())
			r, err := v.Verify(context.Background(), in)
			check(t, r, err, c.outcome, c.codes...)
			var subjects []string
			for _, x := range r.Checks() {
				if x.Name == reason.CheckQuery && x.Verdict == reason.Failed {
					subjects = append(subjects, x.Subject)
				}
			}
			if !slices.Equal(subjects, c.subjects) {
				t.Errorf("subjects %q, want %q", subjects, c.subjects)
			}
			for _, c := range r.Credentials() {
				if want := map[string]string{"https://registry.example": "name", "https://traffic.example": "licence"}[c.Issuer]; c.Query != want || c.Queries != nil {
					t.Errorf("%s answers %q, %q", c.Issuer, c.Query, c.Queries)
				}
			}
		})
	}
}

func TestOneCredentialMayAnswerSeveralQueries(t *testing.T) {
	d := newDesk(t)
	in := d.input(d.present())
	in.Query = queryOf(t, `{"credentials":[{"id":"a","format":"dc+sd-jwt","meta":{}},{"id":"b","format":"dc+sd-jwt","meta":{}}]}`)
	r, err := d.verifier.Verify(context.Background(), in)
	check(t, r, err, reason.Accepted)
	c := r.Credentials()[0]
	if c.Query != "a" || !slices.Equal(c.Queries, []string{"a", "b"}) {
		t.Errorf("answers %q, %q", c.Query, c.Queries)
	}
	if text, err := json.Marshal(c); err != nil || !slices.Contains(jsonNames(t, text), "queries") {
		t.Errorf("JSON: %s, %v", text, err)
	}
}

func jsonNames(t *testing.T, text []byte) []string {
	t.Helper()
	var m map[string]json.RawMessage
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	var names []string
	for name := range m {
		names = append(names, name)
	}
	return names
}

// What a policy asks for and what a caller asks for both count.
func TestThePolicysQueryAndTheCallersBothCount(t *testing.T) {
	d := newDesk(t)
	policy := func(vct string) *verify.Policy {
		p, err := verify.ParsePolicy([]byte(`{"dcql":{"credentials":[{"id":"a","format":"dc+sd-jwt","meta":{"vct_values":["` + vct + `"]}}]}}`))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	asks := func(vct string) *dcql.Query {
		return queryOf(t, `{"credentials":[{"id":"a","format":"dc+sd-jwt","meta":{"vct_values":["`+vct+`"]}}]}`)
	}
	const citizen = "https://registry.example/citizen"
	for _, c := range []struct {
		policy, asked string
		outcome       reason.Outcome
		codes         []reason.Code
	}{
		{citizen, citizen, reason.Accepted, nil},
		{citizen, "x", reason.Rejected, []reason.Code{reason.QueryNotSatisfied}},
		{"x", citizen, reason.Rejected, []reason.Code{reason.QueryNotSatisfied}},
	} {
		in := d.input(d.present())
		in.Policy, in.Query = policy(c.policy), asks(c.asked)
		r, err := verifierOn(t, d, verify.NewMemoryReplay()).Verify(context.Background(), in)
		check(t, r, err, c.outcome, c.codes...)
	}
}

// A query that does not speak of every credential accepts none.
func TestAQueryThatSaysNothingRefuses(t *testing.T) {
	d := newDesk(t)
	for name, q := range map[string]verify.Query{
		"silent": answers{}, "one too many": answers{query.Finding{IDs: []string{"a"}}, query.Finding{IDs: []string{"b"}}},
		"no ids and no code": answers{query.Finding{}}, "nobody": (*dcql.Query)(nil),
	} {
		in := d.input(d.present())
		in.Query = q
		r, err := verifierOn(t, d, verify.NewMemoryReplay()).Verify(context.Background(), in)
		if err != nil || r.Accepted() {
			t.Errorf("%s: %v, %v", name, r.Outcome(), err)
		}
	}
}

type answers []query.Finding

func (a answers) Answer([]query.Presented) query.Answer { return query.Answer{Credentials: a} }

// A mechanism's word about certificates is what aki is compared with.
func TestAuthorityKeyIdentifiersReachTheQuery(t *testing.T) {
	d := newDesk(t)
	found := credential.Credential{
		Format: credential.FormatSDJWTVC, Issuer: d.registry.ID(), Types: []string{"https://registry.example/citizen"}, HolderBound: true,
		Status:      []credential.StatusReference{{Mechanism: credential.StatusToken, URI: d.registry.StatusURI()}},
		Checks:      []credential.Check{credential.Pass(reason.CheckSignature, "")},
		Claims:      credential.NewClaims(map[string]any{"a": "b"}),
		Authorities: [][]byte{{1, 2, 3}},
	}
	for aki, outcome := range map[string]reason.Outcome{"AQID": reason.Accepted, "AQIE": reason.Rejected} {
		v, err := verify.New(d, verify.Formats(lyingMechanism{credential.Findings{Credentials: []credential.Credential{found}}}), verify.Replay(d.store))
		if err != nil {
			t.Fatal(err)
		}
		in := d.input([]byte("x"))
		in.Binding = credential.BearerUnsafe()
		in.Query = queryOf(t, `{"credentials":[{"id":"a","format":"dc+sd-jwt","meta":{},"trusted_authorities":[{"type":"aki","values":["`+aki+`"]}]}]}`)
		r, err := v.Verify(context.Background(), in)
		if err != nil || r.Outcome() != outcome {
			t.Errorf("%s: %s %v, %v", aki, r.Outcome(), r.Reasons(), err)
		}
	}
}

// A submission says which credential of which piece answers what; swapped, it is
// refused.
func TestASubmissionIsHeldToItsPlaces(t *testing.T) {
	d := newDesk(t)
	one := func(claim string) credential.Credential {
		return credential.Credential{
			Format: credential.FormatLDPVC, Issuer: d.registry.ID(), Types: []string{"https://registry.example/citizen"}, HolderBound: true,
			Status: []credential.StatusReference{{Mechanism: credential.StatusToken, URI: d.registry.StatusURI()}},
			Checks: []credential.Check{credential.Pass(reason.CheckSignature, "")},
			Claims: credential.NewClaims(map[string]any{claim: "x"}),
		}
	}
	definition, err := pex.Parse([]byte(`{"id":"d","input_descriptors":[
		{"id":"a","constraints":{"fields":[{"path":["$.a"]}]}},{"id":"b","constraints":{"fields":[{"path":["$.b"]}]}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	decide := func(q verify.Query, found ...credential.Credential) verify.Result {
		t.Helper()
		v, err := verify.New(d, verify.Formats(lyingMechanism{credential.Findings{Credentials: found}}), verify.Replay(d.store))
		if err != nil {
			t.Fatal(err)
		}
		in := d.input([]byte("x"))
		in.Binding, in.Query = credential.BearerUnsafe(), q
		r, err := v.Verify(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	submitted := func(a, b string) verify.Query {
		s, err := pex.ParseSubmission([]byte(`{"id":"s","definition_id":"d","descriptor_map":[
			{"id":"a","format":"ldp_vc","path":"$.verifiableCredential[` + a + `]"},{"id":"b","format":"ldp_vc","path":"$.verifiableCredential[` + b + `]"}]}`))
		if err != nil {
			t.Fatal(err)
		}
		q, err := definition.Submitted(s)
		if err != nil {
			t.Fatal(err)
		}
		return q
	}
	for name, c := range map[string]struct {
		query   verify.Query
		found   []credential.Credential
		outcome reason.Outcome
		codes   []reason.Code
	}{
		"no submission":     {definition, []credential.Credential{one("b"), one("a")}, reason.Accepted, nil},
		"as submitted":      {submitted("1", "0"), []credential.Credential{one("b"), one("a")}, reason.Accepted, nil},
		"swapped":           {submitted("0", "1"), []credential.Credential{one("b"), one("a")}, reason.Rejected, []reason.Code{reason.ClaimMissing}},
		"one for both":      {submitted("0", "0"), []credential.Credential{one("b")}, reason.Rejected, []reason.Code{reason.ClaimMissing}},
		"one too many":      {submitted("1", "0"), []credential.Credential{one("b"), one("a"), one("a")}, reason.Rejected, []reason.Code{reason.QueryNotSatisfied}},
		"one alone":         {definition, []credential.Credential{one("b")}, reason.Rejected, []reason.Code{reason.QueryNotSatisfied}},
		"nobody's question": {(*pex.Definition)(nil), []credential.Credential{one("b")}, reason.Rejected, []reason.Code{reason.QueryNotSatisfied}},
	} {
		r := decide(c.query, c.found...)
		if r.Outcome() != c.outcome || c.codes != nil && !slices.Equal(r.Reasons(), c.codes) {
			t.Errorf("%s: %s %v", name, r.Outcome(), r.Reasons())
		}
	}
}
