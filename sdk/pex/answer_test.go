package pex

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/query"
	"github.com/dzong-id/dzong/sdk/reason"
)

// present is a bound linked-data credential; nil if claims are no JSON object.
func present(t testing.TB, claims string) *query.Presented {
	t.Helper()
	m, err := strictjson.DecodeObject([]byte(claims))
	if err != nil {
		return nil
	}
	return &query.Presented{Credential: &credential.Credential{
		Format: credential.FormatLDPVC, Issuer: "did:example:i", Types: []string{"VerifiableCredential", "IDCard"}, HolderBound: true,
		Contexts: []string{"https://www.w3.org/2018/credentials/v1", "https://schema.example/id"},
		Claims:   credential.NewClaims(m), Checks: []credential.Check{credential.Pass(reason.CheckAlgorithm, "EdDSA")},
	}}
}

func mustParse(t testing.TB, text string) *Definition {
	t.Helper()
	d, err := Parse([]byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return d
}

// field is a definition of one descriptor with one field.
func oneField(members string) string {
	return `{"input_descriptors":[{"id":"in","constraints":{"fields":[{` + members + `}]}}]}`
}

const card = `{"type":["VerifiableCredential","IDCard"],"issuer":"did:example:i","credentialSubject":{"id":"did:example:s","ID Number":"11223344556","age":42,"born":"2000-02-29",
	"accounts":[{"id":"a","open":false},{"id":"b","open":true}],"none":null,"a.b":"dot","it's":"quote","nested":{"deep":{"id":"x"}}}}`

func TestPathsLead(t *testing.T) {
	for path, found := range map[string]bool{
		`$`:                                    true,
		`$.issuer`:                             true,
		`$.credentialSubject['ID Number']`:     true,
		`$.credentialSubject[\"ID Number\"]`:   true,
		`$['credentialSubject']['a.b']`:        true,
		`$.credentialSubject['it\\'s']`:        true,
		`$.credentialSubject.none`:             true,
		`$.credentialSubject.accounts[1].id`:   true,
		`$.credentialSubject.accounts.[1].id`:  true,
		`$.credentialSubject.accounts[*].open`: true,
		`$.credentialSubject.*.deep`:           true,
		`$..deep.id`:                           true,
		`$..open`:                              true,
		`$['@context'][1]`:                     true,
		`$.credentialsubject`:                  false,
		`$.credentialSubject.ID`:               false,
		`$.credentialSubject.accounts[2].id`:   false,
		`$.credentialSubject.accounts.id`:      false,
		`$.credentialSubject.age.years`:        false,
		`$.credentialSubject.age[0]`:           false,
		`$.credentialSubject.age.*`:            false,
		`$..missing`:                           false,
		`$.vc.credentialSubject`:               false, // no JWT
		`$.iss`:                                false,
		`$['@context'][2]`:                     false,
	} {
		a := mustParse(t, oneField(`"path":["`+path+`"]`)).Answer([]query.Presented{*present(t, card)})
		if a.Satisfied() != found {
			t.Errorf("%s: %+v", path, a)
		}
		if f := a.Credentials[0]; !found && (f.Code != reason.ClaimMissing || f.ID != "in" || len(f.Missing) != 1) {
			t.Errorf("%s: %+v", path, f)
		}
	}
	p := present(t, card)
	p.Credential.Format = credential.FormatJWTVC
	for _, path := range []string{`$.vc.credentialSubject.age`, `$.credentialSubject.age`, `$.iss`} {
		if a := mustParse(t, oneField(`"path":["`+path+`"]`)).Answer([]query.Presented{*p}); !a.Satisfied() {
			t.Errorf("in a JWT, %s: %+v", path, a)
		}
	}
}

func TestFiltersTakeOrRefuse(t *testing.T) {
	for filter, values := range map[string]struct{ takes, refuses []string }{
		`{}`:                                             {[]string{`1`, `null`, `{}`}, nil},
		`{"type":"string"}`:                              {[]string{`""`}, []string{`1`, `null`, `[]`, `{}`, `true`}},
		`{"type":["integer","null"]}`:                    {[]string{`1`, `1.0`, `null`}, []string{`1.5`, `"1"`, `1e99999`}},
		`{"type":"number"}`:                              {[]string{`1`, `1.5`, `1e99999`}, []string{`"1"`}},
		`{"type":"boolean","const":true}`:                {[]string{`true`}, []string{`false`, `1`}},
		`{"const":"a"}`:                                  {[]string{`"a"`}, []string{`"A"`, `["a"]`}},
		`{"const":1}`:                                    {[]string{`1`, `1.0`, `1e0`}, []string{`2`, `"1"`, `true`}},
		`{"const":{"a":[1,null]}}`:                       {[]string{`{"a":[1,null]}`, `{"a":[1.0,null]}`}, []string{`{"a":[1]}`, `{"a":[null,1]}`, `{"a":[1,null],"b":1}`, `{}`}},
		`{"enum":["a",7]}`:                               {[]string{`"a"`, `7`}, []string{`"b"`, `"7"`}},
		`{"pattern":"^did:example:(1|2)$"}`:              {[]string{`"did:example:1"`, `7`}, []string{`"did:example:12"`, `"xdid:example:1"`, `""`}},
		`{"pattern":"b"}`:                                {[]string{`"abc"`}, []string{`"a"`}},
		`{"minLength":2,"maxLength":3}`:                  {[]string{`"ab"`, `"བོད"`, `7`}, []string{`"a"`, `"abcd"`}},
		`{"minimum":1,"exclusiveMaximum":2}`:             {[]string{`1`, `1.9999`, `"x"`}, []string{`0.9`, `2`, `2.0`, `1e400`}},
		`{"exclusiveMinimum":0.1}`:                       {[]string{`0.2`}, []string{`0.1`, `0.10`}},
		`{"format":"date"}`:                              {[]string{`"2000-02-29"`, `7`}, []string{`"2001-02-29"`, `"2000-2-29"`, `"x"`, `"2000-02-29T00:00:00Z"`}},
		`{"format":"date","minimum":"1999-5-16"}`:        {[]string{`"1999-05-16"`, `"2000-01-01"`}, []string{`"1999-05-15"`, `"1999-5-17"`, `"x"`}},
		`{"format":"date","formatMaximum":"1999-05-16"}`: {[]string{`"1999-05-16"`}, []string{`"1999-05-17"`}},
		`{"format":"date","formatExclusiveMaximum":"1999-05-16"}`: {[]string{`"1999-05-15"`}, []string{`"1999-05-16"`}},
		`{"type":"date","minimum":"1999-5-16"}`:                   {[]string{`"1999-05-16"`}, []string{`"1999-05-15"`, `7`}},
		`{"format":"date-time"}`:                                  {[]string{`"2000-01-01T00:00:00Z"`}, []string{`"2000-01-01"`}},
		`{"format":"date-time","minimum":"2000-01-01"}`:           {[]string{`"2000-01-01T00:00:00Z"`}, []string{`"1999-12-31T23:59:59Z"`}},
		`{"format":"uri"}`:                                        {[]string{`"not one"`}, nil}, // says nothing, as draft 7 lets it
		`{"items":{"type":"string"},"minItems":1,"maxItems":2}`:   {[]string{`["a"]`, `["a","b"]`, `"a"`}, []string{`[]`, `["a",1]`, `["a","b","c"]`}},
		`{"type":"array","contains":{"const":"b"}}`:               {[]string{`["a","b"]`}, []string{`["a"]`, `[]`, `"b"`, `[["b"]]`}},
		`{"properties":{"a":{"const":1}},"required":["a"]}`:       {[]string{`{"a":1}`, `{"a":1,"b":2}`, `7`}, []string{`{"a":2}`, `{"b":1}`, `{}`}},
		`{"properties":{"a":{}},"additionalProperties":false}`:    {[]string{`{"a":1}`, `{}`}, []string{`{"a":1,"b":2}`}},
		`{"additionalProperties":{"type":"string"}}`:              {[]string{`{"a":"x"}`}, []string{`{"a":1}`}},
		`{"minProperties":1,"maxProperties":1}`:                   {[]string{`{"a":1}`}, []string{`{}`, `{"a":1,"b":2}`}},
		`{"allOf":[{"type":"number"},{"minimum":3}]}`:             {[]string{`3`}, []string{`2`, `"3"`}},
		`{"anyOf":[{"type":"string"},{"minimum":3}]}`:             {[]string{`3`, `"x"`}, []string{`2`}},
		`{"oneOf":[{"type":"number"},{"minimum":3}]}`:             {[]string{`2`, `"x"`}, []string{`3`}},
		`{"not":{"type":"string"}}`:                               {[]string{`1`}, []string{`"x"`}},
		`{"items":false}`:                                         {[]string{`[]`}, []string{`[1]`}},
		`{"items":true}`:                                          {[]string{`[1]`}, nil},
		`{"$defs":{"s":{"const":"a"}},"anyOf":[{"$ref":"#/$defs/s"},{"type":"array","contains":{"$ref":"#/$defs/s"}}]}`: {[]string{`"a"`, `["b","a"]`}, []string{`"b"`, `["b"]`}},
		`{"definitions":{"t":{"items":{"$ref":"#/definitions/t"},"type":["array","null"]}},"$ref":"#/definitions/t"}`:   {[]string{`[[],[null]]`}, []string{`[[1]]`}},
		// A definition that refers to itself alone decides nothing, and nothing undecided counts.
		`{"$defs":{"a":{"$ref":"#/$defs/a"}},"$ref":"#/$defs/a"}`: {nil, []string{`1`}},
	} {
		d := mustParse(t, oneField(`"path":["$.v"],"filter":`+filter))
		for want, list := range map[bool][]string{true: values.takes, false: values.refuses} {
			for _, v := range list {
				a := d.Answer([]query.Presented{*present(t, `{"v":`+v+`}`)})
				if a.Satisfied() != want {
					t.Errorf("%s of %s: %v", filter, v, !want)
				}
				if !want && a.Credentials[0].Code != reason.QueryNotSatisfied {
					t.Errorf("%s of %s: %s", filter, v, a.Credentials[0].Code)
				}
			}
		}
	}
}

// Each alone, on a credential that fits otherwise.
func TestDescriptorsTakeOrRefuse(t *testing.T) {
	type change func(c *credential.Credential)
	in := func(members string) string {
		return `{"input_descriptors":[{"id":"in",` + members + `}]}`
	}
	const field = `"constraints":{"fields":[{"path":["$.issuer"]}]`
	unbound := func(c *credential.Credential) { c.HolderBound = false }
	for name, tt := range map[string]struct {
		definition string
		change     change
		code       reason.Code // empty: it answers
	}{
		"a field":                               {in(field + `}`), nil, ""},
		"two fields, one missing":               {in(`"constraints":{"fields":[{"path":["$.issuer"]},{"path":["$.name"]}]}`), nil, reason.ClaimMissing},
		"an optional field that is missing":     {in(`"constraints":{"fields":[{"path":["$.issuer"]},{"path":["$.name"],"optional":true}]}`), nil, ""},
		"an optional field of another value":    {in(`"constraints":{"fields":[{"path":["$.issuer"],"optional":true,"filter":{"const":"x"}}]}`), nil, ""},
		"the second path":                       {in(`"constraints":{"fields":[{"path":["$.iss","$.issuer"],"filter":{"const":"did:example:i"}}]}`), nil, ""},
		"another value at the first path":       {in(`"constraints":{"fields":[{"path":["$.type","$.issuer"],"filter":{"const":"did:example:i"}}]}`), nil, ""},
		"another value at every path":           {in(`"constraints":{"fields":[{"path":["$.type","$.issuer"],"filter":{"const":"did:example:x"}}]}`), nil, reason.QueryNotSatisfied},
		"only the first value of a path counts": {in(`"constraints":{"fields":[{"path":["$.credentialSubject.accounts[*].open"],"filter":{"const":true}}]}`), nil, reason.QueryNotSatisfied},
		"a predicate is passed by the value":    {in(`"constraints":{"fields":[{"path":["$.credentialSubject.age"],"predicate":"required","filter":{"minimum":18}}]}`), nil, ""},
		"and not by a value that is too low":    {in(`"constraints":{"fields":[{"path":["$.credentialSubject.age"],"predicate":"required","filter":{"minimum":43}}]}`), nil, reason.QueryNotSatisfied},

		"a schema that is a context":        {in(`"schema":[{"uri":"https://schema.example/id"}]`), nil, ""},
		"a schema that is a type":           {in(`"schema":[{"uri":"IDCard"}]`), nil, ""},
		"a schema that is an expanded type": {in(`"schema":[{"uri":"https://x.example#IDCard"}]`), func(c *credential.Credential) { c.ExpandedTypes = []string{"https://x.example#IDCard"} }, ""},
		"a schema of the credential's schema": {in(`"schema":[{"uri":"https://x.example/schema"}]`), func(c *credential.Credential) {
			c.Claims = claims(t, `{"credentialSchema":{"id":"https://x.example/schema","type":"t"}}`)
		}, ""},
		"one of its schemas": {in(`"schema":[{"uri":"https://x.example/schema"}]`), func(c *credential.Credential) {
			c.Claims = claims(t, `{"credentialSchema":[{"id":"a"},{"id":"https://x.example/schema"}]}`)
		}, ""},
		"a schema it does not have":          {in(`"schema":[{"uri":"https://schema.example/other"}]`), nil, reason.QueryNotSatisfied},
		"one of two schemas":                 {in(`"schema":[{"uri":"https://schema.example/other"},{"uri":"IDCard"}]`), nil, ""},
		"a required schema it does not have": {in(`"schema":[{"uri":"https://schema.example/other","required":true},{"uri":"IDCard"}]`), nil, reason.QueryNotSatisfied},
		"the required schema alone":          {in(`"schema":[{"uri":"https://schema.example/other"},{"uri":"IDCard","required":true}]`), nil, reason.QueryNotSatisfied},

		"its format":                      {in(field + `},"format":{"ldp_vc":{"proof_type":["x"]}}`), nil, ""},
		"another format":                  {in(field + `},"format":{"jwt_vc":{"alg":["EdDSA"]}}`), nil, reason.QueryNotSatisfied},
		"a format nobody knows":           {in(field + `},"format":{"ac_vc":{}}`), nil, reason.QueryNotSatisfied},
		"a presentation's format alone":   {in(field + `},"format":{"ldp_vp":{"proof_type":["x"]}}`), nil, ""},
		"its algorithm":                   {in(field + `},"format":{"ldp_vc":{"alg":["EdDSA"]}}`), nil, ""},
		"another algorithm":               {in(field + `},"format":{"ldp_vc":{"alg":["ES256"]}}`), nil, reason.QueryNotSatisfied},
		"the definition's format":         {`{"format":{"jwt_vc":{"alg":["ES256"]}},` + in(field + `}`)[1:], nil, reason.QueryNotSatisfied},
		"the descriptor's instead":        {`{"format":{"jwt_vc":{"alg":["ES256"]}},` + in(field + `},"format":{"ldp":{"proof_type":["x"]}}`)[1:], nil, ""},
		"this SDK's own name of a format": {in(field + `},"format":{"cwt":{}}`), func(c *credential.Credential) { c.Format = credential.FormatCWT }, ""},

		"a holder who proved to be it":    {in(field + `,"is_holder":[{"field_id":["x"],"directive":"required"}]}`), nil, ""},
		"a holder who did not":            {in(field + `,"is_holder":[{"field_id":["x"],"directive":"required"}]}`), unbound, reason.HolderBindingMissing},
		"a holder who need not":           {in(field + `,"is_holder":[{"field_id":["x"],"directive":"preferred"}]}`), unbound, ""},
		"a subject who is not the issuer": {in(field + `,"subject_is_issuer":"required"}`), nil, reason.QueryNotSatisfied},
		"a subject who is":                {in(field + `,"subject_is_issuer":"required"}`), func(c *credential.Credential) { c.Issuer = "did:example:s" }, ""},
		"a subject who need not be":       {in(field + `,"subject_is_issuer":"preferred"}`), nil, ""},
		"nobody who is the issuer": {in(field + `,"subject_is_issuer":"required"}`), func(c *credential.Credential) {
			c.Issuer, c.Claims = "", claims(t, `{"issuer":"","credentialSubject":{"id":""}}`)
		}, reason.QueryNotSatisfied},
	} {
		p := present(t, card)
		if tt.change != nil {
			tt.change(p.Credential)
		}
		a := mustParse(t, tt.definition).Answer([]query.Presented{*p})
		if a.Credentials[0].Code != tt.code || a.Satisfied() != (tt.code == "") {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

func claims(t testing.TB, text string) credential.Claims {
	t.Helper()
	m, err := strictjson.DecodeObject([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return credential.NewClaims(m)
}

// four descriptors, each of a member of its name; REQ is what is required of them.
const four = `{"id":"d",REQ"input_descriptors":[
	{"id":"a","group":["A"],"constraints":{"fields":[{"path":["$.a"]}]}},{"id":"b","group":["A","B"],"constraints":{"fields":[{"path":["$.b"]}]}},
	{"id":"c","group":["B"],"constraints":{"fields":[{"path":["$.c"]}]}},{"id":"u","constraints":{"fields":[{"path":["$.u"]}]}}]}`

func TestSubmissionRequirements(t *testing.T) {
	for requirements, tt := range map[string]struct{ enough, lacking []string }{
		``:                                           {[]string{"abcu"}, []string{"abc", "bcu", "au"}},
		`{"rule":"all","from":"A"}`:                  {[]string{"abu", "abcu"}, []string{"au", "bcu", "ab", "u"}}, // u is in no group, and so required
		`{"rule":"pick","from":"A"}`:                 {[]string{"au", "bu", "abu"}, []string{"cu", "a"}},
		`{"rule":"pick","count":1,"from":"A"}`:       {[]string{"au", "bu"}, []string{"cu", "u"}},
		`{"rule":"pick","count":2,"from":"A"}`:       {[]string{"abu"}, []string{"au", "acu"}},
		`{"rule":"pick","min":0,"max":1,"from":"A"}`: {[]string{"u", "au"}, []string{"a"}},
		`{"rule":"pick","count":99,"from":"A"}`:      {nil, []string{"abcu"}},
		`{"rule":"all","from":"A"},{"rule":"pick","count":1,"from":"B"}`:                                         {[]string{"abu", "abcu"}, []string{"acu", "bcu"}},
		`{"rule":"pick","count":1,"from_nested":[{"rule":"all","from":"A"},{"rule":"all","from":"B"}]}`:          {[]string{"abu", "bcu"}, []string{"acu", "bu"}},
		`{"rule":"all","from_nested":[{"rule":"pick","count":1,"from":"A"},{"rule":"pick","min":2,"from":"B"}]}`: {[]string{"bcu", "abcu"}, []string{"acu", "abu"}},
	} {
		text := ""
		if requirements != "" {
			text = `"submission_requirements":[` + requirements + `],`
		}
		d := mustParse(t, strings.Replace(four, "REQ", text, 1))
		for want, list := range map[bool][]string{true: tt.enough, false: tt.lacking} {
			for _, members := range list {
				var presented []query.Presented
				for _, m := range members {
					presented = append(presented, *present(t, `{"`+string(m)+`":1}`))
				}
				if a := d.Answer(presented); a.Satisfied() != want {
					t.Errorf("%s of %s: %+v", requirements, members, a)
				}
			}
		}
	}
}

// What was submitted is held to exactly what it was submitted as.
func TestASubmissionIsHeldTo(t *testing.T) {
	submit := func(entries ...string) string {
		return `{"id":"s","definition_id":"d","descriptor_map":[` + strings.Join(entries, ",") + `]}`
	}
	at := func(id, path string) string { return `{"id":"` + id + `","format":"ldp_vc","path":"` + path + `"}` }
	vc := func(n string) string { return "$.verifiableCredential[" + n + "]" }
	pick := `"submission_requirements":[{"rule":"pick","count":1,"from":"A"},{"rule":"pick","max":1,"min":0,"from":"B"}],`
	all := [3]string{`{"a":1,"b":1,"c":1,"u":1}`, `{"u":1}`, `{"a":1}`}
	for name, tt := range map[string]struct {
		requirements, submission string
		presented                []string
		ids                      string // of each credential joined by +, a comma between two; ! and the id that it fails for
		ok                       bool
	}{
		"one for all":             {``, submit(at("a", vc("0")), at("b", vc("0")), at("c", vc("0")), at("u", vc("0"))), all[:1], "a+b+c+u", true},
		"each its own":            {``, submit(at("a", vc("2")), at("b", vc("0")), at("c", vc("0")), at("u", vc("1"))), all[:], "b+c,u,a", true},
		"what it does not fit":    {``, submit(at("a", vc("1")), at("b", vc("0")), at("c", vc("0")), at("u", vc("0"))), all[:2], "b+c+u,!a", false},
		"half of what is claimed": {``, submit(at("a", vc("0")), at("b", vc("0")), at("c", vc("0")), at("u", vc("0")), at("a", vc("1")), at("u", vc("1"))), all[:2], "a+b+c+u,!a", false},
		"one that is not listed":  {``, submit(at("a", vc("0")), at("b", vc("0")), at("c", vc("0")), at("u", vc("0"))), all[:2], "a+b+c+u,!", false},
		"one that is not there":   {``, submit(at("a", vc("7")), at("b", vc("0")), at("c", vc("0")), at("u", vc("0"))), all[:1], "b+c+u", false},
		"as another format":       {``, submit(strings.Replace(at("a", vc("0")), "ldp_vc", "jwt_vc", 1), at("b", vc("0")), at("c", vc("0")), at("u", vc("0"))), all[:1], "!a", false},
		"one of the group":        {pick, submit(at("a", vc("0")), at("u", vc("1"))), all[:2], "a,u", true},
		"more than one of it":     {pick, submit(at("a", vc("0")), at("b", vc("0")), at("u", vc("1"))), all[:2], "a+b,u", false},
		"more than at most":       {pick, submit(at("b", vc("0")), at("c", vc("0")), at("u", vc("1"))), all[:2], "b+c,u", false},
	} {
		s, err := ParseSubmission([]byte(tt.submission))
		if err != nil {
			t.Fatal(err)
		}
		held, err := mustParse(t, strings.Replace(four, "REQ", tt.requirements, 1)).Submitted(s)
		if err != nil {
			t.Fatal(err)
		}
		var presented []query.Presented
		for i, c := range tt.presented {
			p := present(t, c)
			p.Within = i
			presented = append(presented, *p)
		}
		a := held.Answer(presented)
		var ids []string
		for _, f := range a.Credentials {
			if len(f.IDs) > 0 {
				ids = append(ids, strings.Join(f.IDs, "+"))
			} else {
				ids = append(ids, "!"+f.ID)
			}
		}
		if got := strings.Join(ids, ","); got != tt.ids || a.Satisfied() != tt.ok {
			t.Errorf("%s: %s, %+v", name, got, a)
		}
	}
}

func TestHostileDefinitionsEnd(t *testing.T) {
	deep := `{"a":` + strings.Repeat(`{"a":[`, 14) + `1` + strings.Repeat(`]}`, 14) + `}`
	wide := `{"v":[` + strings.TrimSuffix(strings.Repeat(`"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",`, 10_000), ",") + `]}`
	twice := `"$defs":{"z":{"type":"string"}`
	for i, last := 0, "z"; i < 20; i++ {
		name := string(rune('a' + i))
		twice += `,"` + name + `":{"allOf":[{"$ref":"#/$defs/` + last + `"},{"$ref":"#/$defs/` + last + `"}]}`
		last = name
	}
	twice += `}`
	for name, c := range map[string]struct{ field, claims string }{
		"many descents":           {`"path":["$` + strings.Repeat("..a", limits.JSONDepth-1) + `..b"]`, deep},
		"a doubling of schemas":   {`"path":["$.v"],"filter":{` + twice + `,"$ref":"#/$defs/t"}`, `{"v":"x"}`},
		"a pattern on many texts": {`"path":["$.v"],"filter":{"contains":{"pattern":"(a*)*(a*)*(a|b|ab){20}[^a]$"}}`, wide},
		"a pattern on a long one": {`"path":["$.v"],"filter":{"pattern":"^a+$"}`, `{"v":"` + strings.Repeat("a", longestText+1) + `"}`},
		"a number of many digits": {`"path":["$.v"],"filter":{"type":"integer"}`, `{"v":1` + strings.Repeat("0", 5000) + `}`},
	} {
		began := time.Now()
		a := mustParse(t, oneField(c.field)).Answer([]query.Presented{*present(t, c.claims)})
		if a.Satisfied() {
			t.Errorf("%s: satisfied", name)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("%s took %s", name, took)
		}
	}
}

// TestTheAttachmentOfBhutanNDI: two descriptors of one schema, answered by one
// credential whose second context that schema is.
func TestTheAttachmentOfBhutanNDI(t *testing.T) {
	dir := os.Getenv("DZONG_VECTORS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "vectors")
	}
	data, err := os.ReadFile(filepath.Join(dir, "..", "ndi-samples", "12-pex-attachment.json"))
	if err != nil {
		t.Skip("no ndi-samples beside $DZONG_VECTORS: this material of others is not part of the repository")
	}
	d := mustParse(t, string(data))
	answers := func(claims, schema string) query.Answer {
		p := present(t, claims)
		p.Credential.Contexts[1] = schema
		return d.Answer([]query.Presented{*p})
	}
	const schema = "https://dev-schema.ngotag.com/schemas/c7952a0a-e9b5-4a4b-a714-1e5d0a1ae076"
	a := answers(`{"credentialSubject":{"ID Number":"11223344556","Full Name":"Pema Example"}}`, schema)
	if !a.Satisfied() || !slices.Equal(a.Credentials[0].IDs, []string{"input_0", "input_1"}) {
		t.Errorf("%+v", a)
	}
	if a := answers(`{"credentialSubject":{"ID Number":"11223344556"}}`, schema); a.Satisfied() || !slices.Equal(a.Unanswered, []string{"input_1"}) {
		t.Errorf("without the name: %+v", a)
	}
	if a := answers(`{"credentialSubject":{}}`, schema); a.Credentials[0].Code != reason.ClaimMissing {
		t.Errorf("without both: %+v", a)
	}
	if a := answers(`{"credentialSubject":{"ID Number":"11223344556","Full Name":"Pema Example"}}`, schema+"0"); a.Satisfied() {
		t.Error("under another schema")
	}
}
