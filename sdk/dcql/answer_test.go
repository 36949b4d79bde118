package dcql

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/query"
	"github.com/dzong-id/dzong/sdk/reason"
)

// arthur is §7.3's example.
const arthur = `{"name":"Arthur Dent","address":{"street_address":"42 Market Street","locality":"Milliways","postal_code":"12345"},
	"degrees":[{"type":"Bachelor of Science","university":"University of Betelgeuse"},{"type":"Master of Science","university":"University of Betelgeuse"}],
	"nationalities":["British","Betelgeusian"],"age":42,"whole":3.0,"half":1.5,"adult":true,"none":null,"empty":[],"mixed":[{"a":1},{"b":2}],"ragged":[[1],[1,2]]}`

// present is a bound SD-JWT VC of type "t"; nil if claims are no JSON object.
func present(t testing.TB, claims string) *query.Presented {
	t.Helper()
	m, err := strictjson.DecodeObject([]byte(claims))
	if err != nil {
		return nil
	}
	return &query.Presented{Credential: &credential.Credential{
		Format: credential.FormatSDJWTVC, Issuer: "https://a.example", Types: []string{"t"}, HolderBound: true, Claims: credential.NewClaims(m),
	}}
}

func mustParse(t testing.TB, text string) *Query {
	t.Helper()
	q, err := ParseStrict([]byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return q
}

// one is a query for one credential with further members.
func one(members string) string {
	return `{"credentials":[{"id":"q","format":"dc+sd-jwt","meta":{"vct_values":["t"]}` + members + `}]}`
}

func TestPathsSelect(t *testing.T) {
	for path, found := range map[string]bool{
		`["name"]`:                              true,
		`["address"]`:                           true,
		`["address","street_address"]`:          true,
		`["degrees",null,"type"]`:               true,
		`["degrees",1,"type"]`:                  true,
		`["nationalities",1]`:                   true,
		`["none"]`:                              true, // a null that is there is there
		`["mixed",null,"a"]`:                    true, // "remove that element from the selection"
		`["ragged",null,1]`:                     true,
		`["ragged",null,null]`:                  true,
		`["Name"]`:                              false,
		`["name","first"]`:                      false,
		`["name",0]`:                            false,
		`["name",null]`:                         false,
		`["address",null]`:                      false,
		`["address",0]`:                         false,
		`["degrees","type"]`:                    false,
		`["degrees","0"]`:                       false,
		`["degrees",2]`:                         false,
		`["nationalities",2147483647]`:          false,
		`["empty",null]`:                        false,
		`["empty",0]`:                           false,
		`["none",null]`:                         false,
		`["mixed",null,"c"]`:                    false,
		`["mixed",null,null]`:                   false,
		`["ragged",null,2]`:                     false,
		`[null]`:                                false,
		`[0]`:                                   false,
		`[""]`:                                  false,
		`["address","street_address","number"]`: false,
	} {
		a := mustParse(t, one(`,"claims":[{"path":`+path+`}]`)).Answer([]query.Presented{*present(t, arthur)})
		want := query.Finding{IDs: []string{"q"}}
		if !found {
			want = query.Finding{Code: reason.ClaimMissing, ID: "q", Missing: []string{path}}
		}
		if d := cmp.Diff(query.Answer{Credentials: []query.Finding{want}}, a); d != "" {
			t.Errorf("%s (-want +got):\n%s", path, d)
		}
	}
}

func TestValuesMatchExactly(t *testing.T) {
	for claim, found := range map[string]bool{
		`{"path":["name"],"values":["Ford","Arthur Dent"]}`:               true,
		`{"path":["age"],"values":[42]}`:                                  true,
		`{"path":["whole"],"values":[3]}`:                                 true,
		`{"path":["adult"],"values":[true]}`:                              true,
		`{"path":["nationalities",null],"values":["British"]}`:            true,
		`{"path":["degrees",null,"type"],"values":["Master of Science"]}`: true,
		`{"path":["name"],"values":["arthur dent"]}`:                      false,
		`{"path":["name"],"values":["Arthur"]}`:                           false,
		`{"path":["age"],"values":["42"]}`:                                false,
		`{"path":["age"],"values":[43]}`:                                  false,
		`{"path":["age"],"values":[true]}`:                                false,
		`{"path":["half"],"values":[1]}`:                                  false,
		`{"path":["adult"],"values":[false]}`:                             false,
		`{"path":["adult"],"values":["true"]}`:                            false,
		`{"path":["adult"],"values":[1]}`:                                 false,
		`{"path":["none"],"values":["null"]}`:                             false,
		`{"path":["address"],"values":["42 Market Street"]}`:              false,
		`{"path":["nationalities"],"values":["British"]}`:                 false,
		`{"path":["nationalities",null],"values":["Vogon"]}`:              false,
	} {
		a := mustParse(t, one(`,"claims":[`+claim+`]`)).Answer([]query.Presented{*present(t, arthur)})
		if a.Satisfied() != found {
			t.Errorf("%s: %+v", claim, a)
		}
	}
}

// A credential is held to everything in a query but its claims, each alone.
func TestKindsMatchExactly(t *testing.T) {
	key := []byte{1, 2, 3}
	type change func(c *credential.Credential)
	for name, c := range map[string]struct {
		query  string
		change change
		want   reason.Code // empty: it answers
	}{
		"as asked":                    {one(``), nil, ""},
		"another type":                {one(``), func(c *credential.Credential) { c.Types = []string{"T"} }, reason.QueryNotSatisfied},
		"no type":                     {one(``), func(c *credential.Credential) { c.Types = nil }, reason.QueryNotSatisfied},
		"another format":              {one(``), func(c *credential.Credential) { c.Format = credential.FormatSDJWT }, reason.QueryNotSatisfied},
		"the older format name":       {strings.Replace(one(``), "dc+sd-jwt", "vc+sd-jwt", 1), nil, reason.QueryNotSatisfied},
		"any type":                    {strings.Replace(one(``), `"vct_values":["t"]`, ``, 1), nil, ""},
		"a format nobody has":         {strings.Replace(one(``), "dc+sd-jwt", "ac_vp", 1), nil, reason.QueryNotSatisfied},
		"no proof of possession":      {one(``), func(c *credential.Credential) { c.HolderBound = false }, reason.HolderBindingMissing},
		"none needed":                 {one(`,"require_cryptographic_holder_binding":false`), func(c *credential.Credential) { c.HolderBound = false }, ""},
		"a doctype of an SD-JWT":      {strings.Replace(one(``), "vct_values\":[\"t\"]", `doctype_value":"t"`, 1), nil, reason.QueryNotSatisfied},
		"type_values of an SD-JWT VC": {strings.Replace(one(``), "vct_values\":[\"t\"]", `type_values":[["t"]]`, 1), nil, reason.QueryNotSatisfied},
		"an authority": {one(`,"trusted_authorities":[{"type":"aki","values":["AAAA","AQID"]}]`),
			func(c *credential.Credential) { c.Authorities = [][]byte{{9}, key} }, ""},
		"another authority": {one(`,"trusted_authorities":[{"type":"aki","values":["AQIE"]}]`),
			func(c *credential.Credential) { c.Authorities = [][]byte{key} }, reason.QueryNotSatisfied},
		"no authority": {one(`,"trusted_authorities":[{"type":"aki","values":["AQID"]}]`), nil, reason.QueryNotSatisfied},
		"one of two authorities": {one(`,"trusted_authorities":[{"type":"etsi_tl","values":["https://l.example"]},{"type":"aki","values":["AQID"]}]`),
			func(c *credential.Credential) { c.Authorities = [][]byte{key} }, ""},
		"a trusted list, which nothing here can look up": {one(`,"trusted_authorities":[{"type":"etsi_tl","values":["https://a.example"]}]`), nil, reason.QueryNotSatisfied},
		"the issuer itself in a federation":              {one(`,"trusted_authorities":[{"type":"openid_federation","values":["https://a.example"]}]`), nil, ""},
		"an anchor of a federation":                      {one(`,"trusted_authorities":[{"type":"openid_federation","values":["https://anchor.example"]}]`), nil, reason.QueryNotSatisfied},
		"a kind of authority nobody knows":               {one(`,"trusted_authorities":[{"type":"own","values":["https://a.example"]}]`), nil, reason.QueryNotSatisfied},
	} {
		p := present(t, arthur)
		if c.change != nil {
			c.change(p.Credential)
		}
		a := mustParse(t, c.query).Answer([]query.Presented{*p})
		if got := a.Credentials[0]; got.Code != c.want || a.Satisfied() != (c.want == "") {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

func TestTypesOfW3CCredentials(t *testing.T) {
	const base = "https://www.w3.org/2018/credentials#VerifiableCredential"
	for name, c := range map[string]struct {
		format   string
		have     credential.Format
		expanded []string
		want     string
		answers  bool
	}{
		"as the credential writes it":    {"jwt_vc_json", credential.FormatJWTVC, nil, `[["IDCredential"]]`, true},
		"in any order, among others":     {"jwt_vc_json", credential.FormatJWTVC, nil, `[["IDCredential","` + base + `"]]`, true},
		"the second alternative":         {"jwt_vc_json", credential.FormatJWTVC, nil, `[["Other"],["IDCredential"]]`, true},
		"all of one alternative":         {"jwt_vc_json", credential.FormatJWTVC, nil, `[["IDCredential","Other"]]`, false},
		"another capital":                {"jwt_vc_json", credential.FormatJWTVC, nil, `[["IdCredential"]]`, false},
		"an IRI nobody expanded to":      {"jwt_vc_json", credential.FormatJWTVC, nil, `[["https://a.example#IDCredential"]]`, false},
		"expanded":                       {"ldp_vc", credential.FormatLDPVC, []string{base, "https://a.example#IDCredential"}, `[["https://a.example#IDCredential"]]`, true},
		"a term where it was expanded":   {"ldp_vc", credential.FormatLDPVC, []string{base, "https://a.example#IDCredential"}, `[["IDCredential"]]`, false},
		"the specification's own":        {"ldp_vc", credential.FormatLDPVC, nil, `[["IDCredential"]]`, true},
		"another format":                 {"ldp_vc", credential.FormatJWTVC, nil, `[["IDCredential"]]`, false},
		"a format of another's, by name": {"vc+jwt", credential.FormatVCJWT, nil, `[["IDCredential"]]`, true},
	} {
		p := present(t, `{"vc":{"credentialSubject":{"family_name":"Example"}},"credentialSubject":{"family_name":"Example"}}`)
		p.Credential.Format, p.Credential.ExpandedTypes = c.have, c.expanded
		p.Credential.Types = []string{"VerifiableCredential", "IDCredential"}
		q := mustParse(t, `{"credentials":[{"id":"q","format":"`+c.format+`","meta":{"type_values":`+c.want+`},"claims":[{"path":["credentialSubject","family_name"]}]}]}`)
		if a := q.Answer([]query.Presented{*p}); a.Satisfied() != c.answers {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

func TestClaimsOfAnMdoc(t *testing.T) {
	q := mustParse(t, `{"credentials":[{"id":"m","format":"mso_mdoc","meta":{"doctype_value":"org.iso.18013.5.1.mDL"},
		"claims":[{"path":["org.iso.18013.5.1","age_over_18"],"values":[true],"intent_to_retain":true}]}]}`)
	for claims, want := range map[string]reason.Code{
		`{"org.iso.18013.5.1":{"age_over_18":true}}`:  "",
		`{"org.iso.18013.5.1":{"age_over_18":false}}`: reason.ClaimMissing,
		`{"org.iso.18013.5.1":{"age_over_21":true}}`:  reason.ClaimMissing,
		`{"age_over_18":true}`:                        reason.ClaimMissing,
	} {
		p := present(t, claims)
		p.Credential.Format, p.Credential.Types = credential.FormatMDoc, []string{"org.iso.18013.5.1.mDL"}
		if a := q.Answer([]query.Presented{*p}); a.Credentials[0].Code != want {
			t.Errorf("%s: %+v", claims, a)
		}
	}
}

// §6.4.1: one of claim_sets is enough, and where none is there the one that is
// nearest says what lacks.
func TestClaimSets(t *testing.T) {
	q := mustParse(t, one(`,"claims":[{"id":"a","path":["a"]},{"id":"b","path":["b"]},{"id":"c","path":["c"]},{"id":"d","path":["d"]}],"claim_sets":[["a","b"],["c","b","d"]]`))
	for claims, missing := range map[string][]string{
		`{"a":1,"b":1}`:             nil,
		`{"b":1,"c":1,"d":1}`:       nil,
		`{"a":1,"b":1,"c":1,"z":1}`: nil, // more than was asked for is no error
		`{"a":1}`:                   {`["b"]`},
		`{"c":1,"d":1}`:             {`["b"]`},
		`{}`:                        {`["a"]`, `["b"]`},
	} {
		a := q.Answer([]query.Presented{*present(t, claims)})
		if !slices.Equal(a.Credentials[0].Missing, missing) || a.Satisfied() != (missing == nil) {
			t.Errorf("%s: %+v", claims, a)
		}
	}
}

// Three queries: two of one type, one of another that takes any number.
const three = `{"credentials":[
	{"id":"name","format":"dc+sd-jwt","meta":{"vct_values":["t"]},"claims":[{"path":["name"]}]},
	{"id":"age","format":"dc+sd-jwt","meta":{"vct_values":["t"]},"claims":[{"path":["age"]}]},
	{"id":"child","format":"dc+sd-jwt","multiple":true,"meta":{"vct_values":["child"]}}]SETS}`

func TestWhoAnswersWhat(t *testing.T) {
	type c struct{ query, vct, claims string }
	for name, tt := range map[string]struct {
		sets       string
		presented  []c
		ids        []string // joined by +; an id after ! is what it fails for
		unanswered []string
	}{
		"each its own":                {``, []c{{"name", "t", `{"name":1}`}, {"age", "t", `{"age":1}`}, {"child", "child", `{}`}}, []string{"name", "age", "child"}, nil},
		"several for one":             {``, []c{{"name", "t", `{"name":1}`}, {"age", "t", `{"age":1}`}, {"child", "child", `{}`}, {"child", "child", `{}`}}, []string{"name", "age", "child", "child"}, nil},
		"one for several, scanned":    {``, []c{{"", "t", `{"name":1,"age":1}`}, {"", "child", `{}`}}, []string{"name+age", "child"}, nil},
		"one for one, sent for one":   {``, []c{{"name", "t", `{"name":1,"age":1}`}, {"child", "child", `{}`}}, []string{"name", "child"}, []string{"age"}},
		"in another order, scanned":   {``, []c{{"", "child", `{}`}, {"", "t", `{"age":1}`}, {"", "t", `{"name":1}`}}, []string{"child", "age", "name"}, nil},
		"the one that fits both last": {``, []c{{"", "t", `{"name":1,"age":1}`}, {"", "t", `{"name":1}`}, {"", "child", `{}`}}, []string{"age", "name", "child"}, nil},
		"another's answer":            {``, []c{{"age", "t", `{"name":1}`}, {"name", "t", `{"age":1}`}, {"child", "child", `{}`}}, []string{"!age", "!name", "child"}, nil},
		"an id of nothing":            {``, []c{{"x", "t", `{"name":1,"age":1}`}, {"", "t", `{"name":1,"age":1}`}, {"", "child", `{}`}}, []string{"!", "name+age", "child"}, nil},
		"two for one":                 {``, []c{{"name", "t", `{"name":1}`}, {"name", "t", `{"name":1}`}, {"age", "t", `{"age":1}`}, {"child", "child", `{}`}}, []string{"name", "!name", "age", "child"}, nil},
		"nothing for one":             {``, []c{{"name", "t", `{"name":1}`}}, []string{"name"}, []string{"age", "child"}},
		"what nobody asked for":       {``, []c{{"", "t", `{"name":1,"age":1}`}, {"", "child", `{}`}, {"", "dog", `{}`}}, []string{"name+age", "child", "!"}, nil},
		"no mixing of persons":        {``, []c{{"", "t", `{"name":1}`}, {"", "child", `{}`}}, []string{"name", "child"}, []string{"age"}},

		"one option":                     {`{"options":[["name"],["age","child"]]}`, []c{{"name", "t", `{"name":1}`}}, []string{"name"}, nil},
		"the other option":               {`{"options":[["name"],["age","child"]]}`, []c{{"age", "t", `{"age":1}`}, {"child", "child", `{}`}}, []string{"age", "child"}, nil},
		"half an option":                 {`{"options":[["name","age"],["age","child"]]}`, []c{{"child", "child", `{}`}}, []string{"child"}, []string{"age"}},
		"no option":                      {`{"options":[["name","age"]]},{"options":[["age"]]}`, []c{{"child", "child", `{}`}}, []string{"child"}, []string{"name", "age"}},
		"an optional set left out":       {`{"options":[["name"]]},{"required":false,"options":[["age"]]}`, []c{{"name", "t", `{"name":1}`}}, []string{"name"}, nil},
		"an optional set badly answered": {`{"options":[["name"]]},{"required":false,"options":[["age"]]}`, []c{{"name", "t", `{"name":1}`}, {"age", "t", `{}`}}, []string{"name", "!age"}, nil},
	} {
		sets := ""
		if tt.sets != "" {
			sets = `,"credential_sets":[` + tt.sets + `]`
		}
		q := mustParse(t, strings.Replace(three, "SETS", sets, 1))
		var presented []query.Presented
		for _, c := range tt.presented {
			p := present(t, c.claims)
			p.Query, p.Credential.Types = c.query, []string{c.vct}
			presented = append(presented, *p)
		}
		a := q.Answer(presented)
		var ids []string
		for _, f := range a.Credentials {
			if len(f.IDs) > 0 {
				ids = append(ids, strings.Join(f.IDs, "+"))
			} else {
				ids = append(ids, "!"+f.ID)
			}
		}
		if !slices.Equal(ids, tt.ids) || !slices.Equal(a.Unanswered, tt.unanswered) {
			t.Errorf("%s: %v, unanswered %v", name, ids, a.Unanswered)
		}
	}
}

// A credential on which a check failed has no claims: nobody held them back.
func TestAFailedCredentialIsJudgedByItsKind(t *testing.T) {
	q := mustParse(t, one(`,"claims":[{"path":["name"]}]`))
	p := present(t, `{}`)
	p.Failed, p.Credential.HolderBound = true, false
	if a := q.Answer([]query.Presented{*p}); !a.Satisfied() {
		t.Errorf("%+v", a)
	}
	p.Credential.Types = []string{"other"}
	if a := q.Answer([]query.Presented{*p}); a.Credentials[0].Code != reason.QueryNotSatisfied {
		t.Errorf("%+v", a)
	}
}

// TestConformanceTheSpecificationsExamplesAreAnswered holds OpenID4VP's example credentials to
// its example queries, each also without each claim that is asked for.
func TestConformanceTheSpecificationsExamplesAreAnswered(t *testing.T) {
	pid := func(claims string) *query.Presented {
		p := present(t, claims)
		p.Credential.Types = []string{"https://credentials.example.com/identity_credential"}
		return p
	}
	mdoc := func(doctype, claims string) *query.Presented {
		p := present(t, claims)
		p.Credential.Format, p.Credential.Types = credential.FormatMDoc, []string{doctype}
		return p
	}
	answers := map[string]*query.Presented{
		"simple.json":                   pid(`{"family_name":"Doe","given_name":"J","address":{"street_address":"x"}}`),
		"value_matching_simple.json":    pid(`{"family_name":"Doe","given_name":"J","address":{"street_address":"x"},"postal_code":"90211"}`),
		"claims_alternatives.json":      pid(`{"family_name":"Doe","postal_code":"1","date_of_birth":"2000-01-01"}`),
		"credentials_alternatives.json": pid(`{"family_name":"Doe","given_name":"J","address":{"street_address":"x"}}`),
		"simple_mdoc.json":              mdoc("org.iso.7367.1.mVRC", `{"org.iso.7367.1":{"vehicle_holder":"x"},"org.iso.18013.5.1":{"given_name":"x"}}`),
		"complex_mdoc.json":             mdoc("org.iso.18013.5.1.mDL", `{"org.iso.18013.5.1":{"given_name":"x","family_name":"x","portrait":"x"}}`),
	}
	ran := 0
	for _, file := range examples(t) {
		name := file[strings.LastIndexAny(file, `/\`)+1:]
		p := answers[name]
		if p == nil {
			continue
		}
		q := readExample(t, file)
		if a := q.Answer([]query.Presented{*p}); !a.Satisfied() {
			t.Errorf("%s: %+v", file, a)
		}
		for member := range p.Credential.Claims.Map() {
			less := *p
			c := *p.Credential
			claims := c.Claims.Map()
			delete(claims, member)
			c.Claims = credential.NewClaims(claims)
			less.Credential = &c
			if a := q.Answer([]query.Presented{less}); a.Satisfied() {
				t.Errorf("%s: answered without %s", file, member)
			}
		}
		ran++
	}
	if ran == 0 {
		t.Error("the material is there and holds no query that is answered here")
	}
	t.Logf("%d queries answered", ran)
}

func readExample(t *testing.T, file string) *Query {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return mustParse(t, string(data))
}
