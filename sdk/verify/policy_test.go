package verify_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/verify"
)

func policySchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(verify.PolicySchema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("policy.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("policy.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestPoliciesThatAreTaken(t *testing.T) {
	schema := policySchema(t)
	for _, doc := range []string{
		`{}`,
		`{"format":1}`,
		`{"id":"counter","version":7,"max_status_age_s":86400,"algorithms":["ES256","RS256"],
		  "holder":{"proof_required":true,"same_key":true},
		  "credentials":[{"id":"a","types":["x","y"],"issuers":["https://i.example"],"required_claims":[["a","b"],["c"]],"max_age_s":1}]}`,
	} {
		if _, err := verify.ParsePolicy([]byte(doc)); err != nil {
			t.Errorf("ParsePolicy(%s): %v", doc, err)
		}
		if err := validate(schema, doc); err != nil {
			t.Errorf("schema on %s: %v", doc, err)
		}
	}
}

func TestPoliciesThatAreRefused(t *testing.T) {
	schema := policySchema(t)
	for name, doc := range map[string]string{
		"not an object":        `[]`,
		"null":                 `null`,
		"unknown member":       `{"nonce":"x"}`,
		"a time":               `{"at":"2026-01-01T00:00:00Z"}`,
		"other case":           `{"ID":"x"}`,
		"format 2":             `{"format":2}`,
		"id with a space":      `{"id":"a b"}`,
		"negative version":     `{"version":-1}`,
		"version not a number": `{"version":"1"}`,
		"age zero":             `{"max_status_age_s":0}`,
		"age too great":        `{"max_status_age_s":4294967296}`,
		"algorithm none":       `{"algorithms":["none"]}`,
		"algorithm HS256":      `{"algorithms":["HS256"]}`,
		"algorithm twice":      `{"algorithms":["ES256","ES256"]}`,
		"entry without id":     `{"credentials":[{"types":["x"]}]}`,
		"entry's id empty":     `{"credentials":[{"id":""}]}`,
		"no types":             `{"credentials":[{"id":"a","types":[]}]}`,
		"an empty type":        `{"credentials":[{"id":"a","types":[""]}]}`,
		"no issuers":           `{"credentials":[{"id":"a","issuers":[]}]}`,
		"an empty path":        `{"credentials":[{"id":"a","required_claims":[[]]}]}`,
		"a path not a list":    `{"credentials":[{"id":"a","required_claims":["full_name"]}]}`,
		"entry's age zero":     `{"credentials":[{"id":"a","max_age_s":0}]}`,
		"null types":           `{"credentials":[{"id":"a","types":null}]}`,
		"null issuers":         `{"credentials":[{"id":"a","issuers":null}]}`,
		"null claims":          `{"credentials":[{"id":"a","required_claims":null}]}`,
		"a null in a path":     `{"credentials":[{"id":"a","required_claims":[["a",null]]}]}`,
		"null credentials":     `{"credentials":null}`,
		"null entry":           `{"credentials":[null]}`,
		"null age":             `{"credentials":[{"id":"a","max_age_s":null}]}`,
		"null status age":      `{"max_status_age_s":null}`,
		"null holder":          `{"holder":null}`,
		"null holder rule":     `{"holder":{"proof_required":null}}`,
		"null algorithms":      `{"algorithms":null}`,
		"no algorithms":        `{"algorithms":[]}`,
		"null format":          `{"format":null}`,
		"null query":           `{"dcql":null}`,
		"query as text":        `{"dcql":"{}"}`,
		"unknown holder rule":  `{"holder":{"same_person":true}}`,
		"too many entries":     `{"credentials":[` + strings.TrimSuffix(strings.Repeat(`{"id":"a"},`, limits.Credentials+1), ",") + `]}`,
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := verify.ParsePolicy([]byte(doc)); err == nil {
				t.Error("ParsePolicy took it")
			}
			if err := validate(schema, doc); err == nil {
				t.Error("the schema took it")
			}
		})
	}
	// What no schema can say.
	for name, doc := range map[string]string{
		"a member twice":                      `{"id":"a","id":"b"}`,
		"two questions":                       `{"credentials":[{"id":"a"}],"dcql":{"credentials":[{"id":"a","format":"dc+sd-jwt","meta":{}}]}}`,
		"no query":                            `{"dcql":{}}`,
		"a condition that DCQL does not know": `{"dcql":{"credentials":[{"id":"a","format":"dc+sd-jwt","meta":{},"claim":[]}]}}`,
		"an entry twice":                      `{"credentials":[{"id":"a"},{"id":"a"}]}`,
		"bytes behind":                        `{} {}`,
		"too large":                           `{"id":"` + strings.Repeat("a", limits.Policy) + `"}`,
		"invalid UTF-8":                       "{\"id\":\"\xff\"}",
	} {
		if _, err := verify.ParsePolicy([]byte(doc)); err == nil {
			t.Errorf("%s: ParsePolicy took it", name)
		}
	}
}

func validate(schema *jsonschema.Schema, doc string) error {
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(doc))
	if err != nil {
		return err
	}
	return schema.Validate(v)
}

func FuzzParsePolicy(f *testing.F) {
	f.Add([]byte(`{"credentials":[{"id":"a","types":["x"],"required_claims":[["a"]]}]}`))
	f.Add([]byte(`{"dcql":{"credentials":[{"id":"a","format":"dc+sd-jwt","meta":{},"claims":[{"path":["a",null,0]}]}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if p, err := verify.ParsePolicy(data); (p == nil) == (err == nil) {
			t.Errorf("policy %v and error %v", p, err)
		}
	})
}
