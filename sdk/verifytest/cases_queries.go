package verifytest

import (
	"strings"

	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

// queries are the rules of DCQL (OpenID4VP 1.0 §6 and §7) on what answers what.
func (c *sdjwtCollection) queries() {
	// asks is a policy of one query for the case's credential, with members beside.
	asks := func(members string) string {
		return `{"dcql":{"credentials":[{"id":"citizen","format":"dc+sd-jwt","meta":{"vct_values":["` + caseType + `"]}` + members + `}]}}`
	}
	policy := func(text string, more ...func(*stage)) func(*stage) {
		return func(s *stage) {
			s.policy = text
			for _, change := range more {
				change(s)
			}
		}
	}
	claims := func(list string) string { return asks(`,"claims":[` + list + `]`) }
	other := func(old, with string) string { return strings.Replace(asks(""), old, with, 1) }
	two := func(sets string) string {
		second := `},{"id":"licence","format":"dc+sd-jwt","meta":{"vct_values":["https://registry.example/licence"]}}]` + sets + `}}`
		return strings.Replace(asks(""), "}]}}", second, 1)
	}
	nested := func(s *stage) {
		s.issue = append(s.issue, With("degrees", []any{map[string]any{"type": "Bachelor"}, map[string]any{"type": "Master"}}), With("level", 3))
	}

	c.accept("accepted-query", "what the query asks for, and nothing else", policy(claims(`{"path":["full_name"]}`)))
	c.accept("accepted-query-named", "presented for the query of that id", policy(asks(""), func(s *stage) { s.query = "citizen" }))
	c.accept("accepted-query-more", "a claim that nobody asked for is no error", policy(claims(`{"path":["full_name"]}`), func(s *stage) {
		s.present = append(s.present, Disclose("village"))
	}))
	c.accept("accepted-query-values", "a name among those wanted, a number, and any element of an array",
		policy(claims(`{"path":["full_name"],"values":["Dorji","Pema Example"]},{"path":["level"],"values":[3]},{"path":["degrees",null,"type"],"values":["Master"]}`), nested))
	c.accept("accepted-query-claim-set", "the second of two alternatives",
		policy(asks(`,"claims":[{"id":"a","path":["birth_date"]},{"id":"b","path":["full_name"]}],"claim_sets":[["a"],["b"]]`)))
	c.accept("accepted-query-option", "one of two credentials", policy(two(`,"credential_sets":[{"options":[["licence"],["citizen"]]}]`)))
	c.accept("accepted-query-optional", "a second credential that need not be there",
		policy(two(`,"credential_sets":[{"options":[["citizen"]]},{"required":false,"options":[["licence"]]}]`)))
	c.accept("accepted-query-bearer", "no proof of possession, and the query wants none", policy(asks(`,"require_cryptographic_holder_binding":false`), func(s *stage) {
		s.binding = cases.Binding{Kind: "bearer"}
		s.present = []PresentOption{Disclose("full_name")}
	}))

	c.reject("query-type", "another type than the query asks for", policy(other(caseType, caseType+"/2")), reason.QueryNotSatisfied)
	c.reject("query-type-capital", "a type in other capitals", policy(other(caseType, strings.ToUpper(caseType))), reason.QueryNotSatisfied)
	c.reject("query-format", "another format than the query asks for", policy(other("dc+sd-jwt", "mso_mdoc")), reason.QueryNotSatisfied)
	c.reject("query-doctype", "a doctype is nothing that an SD-JWT has", policy(other(`"vct_values":["`+caseType+`"]`, `"doctype_value":"`+caseType+`"`)), reason.QueryNotSatisfied)
	c.reject("query-named-other", "presented for a query that does not exist", policy(asks(""), func(s *stage) { s.query = "licence" }), reason.QueryNotSatisfied)
	c.reject("query-named-wrong", "presented for one query, and fit for the other alone",
		policy(two(`,"credential_sets":[{"options":[["licence"],["citizen"]]}]`), func(s *stage) { s.query = "licence" }), reason.QueryNotSatisfied)
	c.reject("query-second-missing", "one of two credentials that are both wanted", policy(two(``)), reason.QueryNotSatisfied)
	c.reject("query-set-missing", "no alternative is there in full", policy(two(`,"credential_sets":[{"options":[["licence"],["licence","citizen"]]}]`)), reason.QueryNotSatisfied)
	c.reject("query-claim", "a claim that was not disclosed", policy(claims(`{"path":["birth_date"]}`)), reason.ClaimMissing)
	c.reject("query-claim-capital", "a claim in other capitals", policy(claims(`{"path":["Full_Name"]}`)), reason.ClaimMissing)
	c.reject("query-claim-deeper", "a path that goes on below a text", policy(claims(`{"path":["full_name","first"]}`)), reason.ClaimMissing)
	c.reject("query-claim-sets", "none of the alternatives", policy(asks(`,"claims":[{"id":"a","path":["birth_date"]},{"id":"b","path":["village"]}],"claim_sets":[["a"],["b"]]`)), reason.ClaimMissing)
	c.reject("query-value", "another value than those wanted", policy(claims(`{"path":["full_name"],"values":["Dorji"]}`)), reason.ClaimMissing)
	c.reject("query-value-kind", "the number in words", policy(claims(`{"path":["level"],"values":["3"]}`), nested), reason.ClaimMissing)
	c.reject("query-index", "an element beyond the array's end", policy(claims(`{"path":["degrees",2,"type"]}`), nested), reason.ClaimMissing)
	c.reject("query-elements-of-text", "the elements of what is no array", policy(claims(`{"path":["full_name",null]}`)), reason.ClaimMissing)
	c.reject("query-holder", "no proof of possession, and the query wants one unless it says otherwise", policy(asks(""), func(s *stage) {
		s.binding = cases.Binding{Kind: "bearer"}
		s.present = []PresentOption{Disclose("full_name")}
	}), reason.HolderBindingMissing)
	c.reject("query-authority", "an authority's key that the credential does not name, since it names no certificates",
		policy(asks(`,"trusted_authorities":[{"type":"aki","values":["s9tIpPmhxdiuNkHMEWNpYim8S8Y"]}]`)), reason.QueryNotSatisfied)
	c.reject("query-trusted-list", "a trusted list, which no credential and no trust list here can answer for",
		policy(asks(`,"trusted_authorities":[{"type":"etsi_tl","values":["https://lotl.example"]}]`)), reason.QueryNotSatisfied)
	c.reject("query-expired", "expired, under a query for a claim: the claim is not missed", policy(claims(`{"path":["full_name"]}`), func(s *stage) {
		s.issue = []IssueOption{Expires(Epoch)}
	}), reason.Expired)
	c.unsure("query-trust-missing", "no trust list, so nothing is verified and nothing judged by a query", policy(other(caseType, "x"), func(s *stage) { s.noTrust = true }), reason.TrustStale)
}

// exchanges are the rules of Presentation Exchange 2.0 on what answers what.
func (c *sdjwtCollection) exchanges() {
	in := func(constraints string) string {
		return `{"id":"d","input_descriptors":[{"id":"card","constraints":{` + constraints + `}}]}`
	}
	field := func(members string) string { return in(`"fields":[{` + members + `}]`) }
	two := func(requirements string) string {
		return `{"id":"d",` + requirements + `"input_descriptors":[
			{"id":"name","group":["A"],"constraints":{"fields":[{"path":["$.full_name"]}]}},
			{"id":"birth","group":["A"],"constraints":{"fields":[{"path":["$.birth_date"]}]}}]}`
	}
	ask := func(definition string, more ...func(*stage)) func(*stage) {
		return func(s *stage) {
			s.definition = definition
			for _, change := range more {
				change(s)
			}
		}
	}
	submit := func(id, format, path string) func(*stage) {
		return func(s *stage) {
			s.submission = `{"id":"s","definition_id":"d","descriptor_map":[{"id":"` + id + `","format":"` + format + `","path":"` + path + `"}]}`
		}
	}
	unproven := func(s *stage) {
		s.binding = cases.Binding{Kind: "bearer"}
		s.present = []PresentOption{Disclose("full_name")}
	}
	const holder = `"is_holder":[{"field_id":["f"],"directive":"required"}],"fields":[{"id":"f","path":["$.full_name"]}]`

	c.accept("accepted-exchange", "the field that the definition asks for", ask(field(`"path":["$.full_name"]`)))
	c.accept("accepted-exchange-second-path", "the second of two paths, and a value that the filter takes",
		ask(field(`"path":["$.name","$['full_name']"],"filter":{"type":"string","pattern":"^Pema "}`)))
	c.accept("accepted-exchange-optional", "a field that need not be there",
		ask(in(`"fields":[{"path":["$.full_name"]},{"path":["$.birth_date"],"optional":true}]`)))
	c.accept("accepted-exchange-pick", "one of two", ask(two(`"submission_requirements":[{"rule":"pick","count":1,"from":"A"}],`)))
	c.accept("accepted-exchange-submitted", "as submitted", ask(field(`"path":["$.full_name"]`), submit("card", "dc+sd-jwt", "$")))
	c.accept("accepted-exchange-holder", "a holder who proves to be it", ask(in(holder)))

	c.reject("exchange-field", "a field that was not disclosed", ask(field(`"path":["$.birth_date"]`)), reason.ClaimMissing)
	c.reject("exchange-capital", "a field in other capitals", ask(field(`"path":["$.Full_Name"]`)), reason.ClaimMissing)
	c.reject("exchange-filter", "a value that the filter does not take", ask(field(`"path":["$.full_name"],"filter":{"const":"Dorji"}`)), reason.QueryNotSatisfied)
	c.reject("exchange-type", "another type, asked for by a filter", ask(field(`"path":["$.vct"],"filter":{"const":"`+caseType+`/2"}`)), reason.QueryNotSatisfied)
	c.reject("exchange-issuer", "another issuer, asked for by a filter", ask(field(`"path":["$.iss"],"filter":{"enum":["https://other.example"]}`)), reason.QueryNotSatisfied)
	c.reject("exchange-format", "another format", ask(`{"id":"d","format":{"ldp_vc":{"proof_type":["x"]}},`+field(`"path":["$.full_name"]`)[len(`{"id":"d",`):]), reason.QueryNotSatisfied)
	c.reject("exchange-algorithm", "another algorithm", ask(`{"id":"d","format":{"dc+sd-jwt":{"alg":["EdDSA"]}},`+field(`"path":["$.full_name"]`)[len(`{"id":"d",`):]), reason.QueryNotSatisfied)
	c.reject("exchange-second", "one of two that are both wanted", ask(two(``)), reason.QueryNotSatisfied)
	c.reject("exchange-pick", "one of two that are both to be picked", ask(two(`"submission_requirements":[{"rule":"pick","count":2,"from":"A"}],`)), reason.QueryNotSatisfied)
	c.reject("exchange-submitted-other", "submitted for what it does not fit",
		ask(two(`"submission_requirements":[{"rule":"pick","count":1,"from":"A"}],`), submit("birth", "dc+sd-jwt", "$")), reason.ClaimMissing)
	c.reject("exchange-submitted-format", "submitted as what it is not", ask(field(`"path":["$.full_name"]`), submit("card", "jwt_vc", "$")), reason.QueryNotSatisfied)
	c.reject("exchange-submitted-elsewhere", "submitted as what stands elsewhere", ask(field(`"path":["$.full_name"]`), submit("card", "dc+sd-jwt", "$[1]")), reason.QueryNotSatisfied)
	c.reject("exchange-holder", "a holder who proves nothing", ask(in(holder), unproven), reason.HolderBindingMissing)
}
