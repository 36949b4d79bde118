package pex

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/internal/vectors"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/query"
	"github.com/dzong-id/dzong/sdk/reason"
)

const definition = `{"presentation_definition":{"id":"d","name":"n","purpose":"p",
	"format":{"ldp_vc":{"proof_type":["Ed25519Signature2018"]},"jwt_vc":{"alg":["ES256"]},"ldp_vp":{"proof_type":["x"]}},
	"submission_requirements":[{"name":"r","rule":"pick","count":1,"from":"A"},{"rule":"pick","min":1,"max":2,"from_nested":[{"rule":"all","from":"A"}]}],
	"input_descriptors":[{"id":"one","name":"n","purpose":"p","group":["A"],"schema":[{"uri":"s","required":true}],
		"constraints":{"limit_disclosure":"required","subject_is_issuer":"preferred","is_holder":[{"field_id":["f"],"directive":"required"}],
			"same_subject":[{"field_id":["f"],"directive":"preferred"}],"statuses":{"active":{"directive":"required"},"revoked":{"directive":"disallowed"}},
			"fields":[{"id":"f","path":["$.a","$['b c'][0].*"],"purpose":"p","filter":{"type":"string","pattern":"^x"},"predicate":"preferred","optional":true,"intent_to_retain":false}]}}]},
	"options":{"challenge":"c"}}`

func wantCode(t testing.TB, name string, err error, code reason.Code) {
	t.Helper()
	var coded *reason.Error
	if !errors.As(err, &coded) || coded.Code != code {
		t.Errorf("%s: got %v, want %s", name, err, code)
	}
}

func changed(t testing.TB, text, change string) string {
	t.Helper()
	old, with, _ := strings.Cut(change, " => ")
	if !strings.Contains(text, old) {
		t.Fatalf("nothing to change: %s", old)
	}
	return strings.Replace(text, old, with, 1)
}

func TestParseTakesEveryMember(t *testing.T) {
	d, err := Parse([]byte(definition))
	if err != nil {
		t.Fatal(err)
	}
	if d.ID() != "d" || len(d.IDs()) != 1 || d.IDs()[0] != "one" || string(d.JSON()) != definition {
		t.Errorf("%+v", d)
	}
	for _, change := range []string{`"name":"n","purpose" => "unknown":null,"purpose"`, `"id":"d", => `, `"options" => "more"`} {
		if _, err := Parse([]byte(changed(t, definition, change))); err != nil {
			t.Errorf("%s: %v", change, err)
		}
	}
}

// Each has one cause.
func TestParseRefuses(t *testing.T) {
	many := func(s string, n int) string { return strings.TrimSuffix(strings.Repeat(s+",", n), ",") }
	const filter = `"filter":{"type":"string","pattern":"^x"} => "filter":`
	const path = `"$['b c'][0].*" => `
	for change, code := range map[string]reason.Code{
		`"id":"d" => "id":""`:                                   reason.Malformed,
		`"id":"d" => "id":7`:                                    reason.Malformed,
		`"input_descriptors":[ => "input_descriptorz":[`:        reason.Malformed,
		`"id":"one", => `:                                       reason.Malformed,
		`"id":"one" => "id":"` + strings.Repeat("a", 257) + `"`: reason.TooLarge,
		`"input_descriptors":[{ => "input_descriptors":[{"id":"one","constraints":{"fields":[{"path":["$.a"]}]}},{`: reason.Malformed,
		`"input_descriptors":[{ => "input_descriptors":[{"id":"two"},{`:                                             reason.Malformed,
		`"input_descriptors":[{ => "input_descriptors":[{"id":"two","constraints":{}},{`:                            reason.Malformed,
		`"input_descriptors":[{ => "input_descriptors":["two",{`:                                                    reason.Malformed,
		`"group":["A"] => "group":"A"`:                                                                              reason.Malformed,
		`"group":["A"] => "group":["B"]`:                                                                            reason.Malformed,
		`{"uri":"s","required":true} => {"required":true}`:                                                          reason.Malformed,
		`{"uri":"s","required":true} => "s"`:                                                                        reason.Malformed,
		`[{"uri":"s","required":true}] => {"uri":["s"]}`:                                                            reason.Malformed, // as the specification's sample implementation has it
		`"required":true => "required":"true"`:                                                                      reason.Malformed,
		`"limit_disclosure":"required" => "limit_disclosure":true`:                                                  reason.Malformed,
		`"subject_is_issuer":"preferred" => "subject_is_issuer":"maybe"`:                                            reason.Malformed,
		`"field_id":["f"],"directive":"required" => "field_id":["f"],"directive":7`:                                 reason.Malformed,
		`"field_id":["f"],"directive":"preferred" => "field_id":["f"],"directive":"required"`:                       reason.FormatUnsupported,
		`"active":{"directive":"required"} => "active":{"directive":"disallowed"}`:                                  reason.FormatUnsupported,
		`"revoked":{"directive":"disallowed"} => "revoked":{"directive":"required"}`:                                reason.FormatUnsupported,
		`"revoked":{"directive":"disallowed"} => "suspended":{"directive":"required"}`:                              reason.FormatUnsupported,
		`"revoked":{"directive":"disallowed"} => "revoked":"disallowed"`:                                            reason.Malformed,
		`"optional":true => "optional":null`:                                                                        reason.Malformed,
		`"predicate":"preferred" => "predicate":"never"`:                                                            reason.Malformed,
		`"filter":{"type":"string","pattern":"^x"}, => `:                                                            reason.Malformed, // a predicate without a filter
		`"path":["$.a", => "paths":["$.a",`:                                                                         reason.Malformed,
		`"ldp_vc":{ => "ldp_vc":[],"x":{`:                                                                           reason.Malformed,
		`"alg":["ES256"] => "alg":[]`:                                                                               reason.Malformed,
		`"alg":["ES256"] => "alg":"ES256"`:                                                                          reason.Malformed,

		`"rule":"pick","count" => "rule":"some","count"`:                reason.Malformed,
		`"rule":"pick","count" => "count"`:                              reason.Malformed,
		`"count":1 => "count":0`:                                        reason.Malformed,
		`"count":1 => "count":-1`:                                       reason.Malformed,
		`"count":1 => "count":1.5`:                                      reason.Malformed,
		`"count":1 => "count":99999999999`:                              reason.Malformed,
		`"count":1 => "count":"1"`:                                      reason.Malformed,
		`"min":1 => "min":3`:                                            reason.Malformed,
		`"count":1,"from":"A" => "count":1,"from":"B"`:                  reason.Malformed,
		`"count":1,"from":"A" => "count":1`:                             reason.Malformed,
		`"count":1,"from":"A" => "count":1,"from":"A","from_nested":[]`: reason.Malformed,
		`"from_nested":[{"rule":"all","from":"A"}] => "from_nested":[]`: reason.Malformed,
		`[{"name":"r" => [` + many(`{"rule":"all","from":"A"}`, limits.Queries) + `,{"name":"r"`: reason.TooLarge,

		path + `"a"`:              reason.Malformed,
		path + `""`:               reason.Malformed,
		path + `"$a"`:             reason.Malformed,
		path + `"$."`:             reason.Malformed,
		path + `"$.a."`:           reason.Malformed,
		path + `"$['a'"`:          reason.Malformed,
		path + `"$['a"`:           reason.Malformed,
		path + `"$['a\\n']"`:      reason.Malformed,
		path + `"$['a','b']"`:     reason.Malformed,
		path + `"$[0"`:            reason.Malformed,
		path + `"$[-1]"`:          reason.FormatUnsupported,
		path + `"$[01]"`:          reason.FormatUnsupported,
		path + `"$[0:2]"`:         reason.FormatUnsupported,
		path + `"$[0,1]"`:         reason.FormatUnsupported,
		path + `"$[?(@.a)]"`:      reason.FormatUnsupported,
		path + `"$[(@.length)]"`:  reason.FormatUnsupported,
		path + `"$[99999999999]"`: reason.FormatUnsupported,
		path + `"$..*"`:           reason.FormatUnsupported,
		path + `"$..[0]"`:         reason.FormatUnsupported,
		path + `"$` + strings.Repeat(".a", limits.JSONDepth+1) + `"`: reason.TooLarge,
		path + `"$.` + strings.Repeat("a", pathLength) + `"`:         reason.TooLarge,

		filter + `true`:                                       reason.Malformed,
		filter + `{"type":"text"}`:                            reason.Malformed,
		filter + `{"type":[]}`:                                reason.Malformed,
		filter + `{"type":null}`:                              reason.Malformed,
		filter + `{"enum":[]}`:                                reason.Malformed,
		filter + `{"enum":[1],"const":1}`:                     reason.Malformed,
		filter + `{"pattern":7}`:                              reason.Malformed,
		filter + `{"pattern":"(?=x)"}`:                        reason.FormatUnsupported,
		filter + `{"pattern":"("}`:                            reason.FormatUnsupported,
		filter + `{"pattern":"(a)\\1"}`:                       reason.FormatUnsupported,
		filter + `{"pattern":"(a{1000}){1000}"}`:              reason.FormatUnsupported,
		filter + `{"pattern":"x{900}y{900}z{900}"}`:           reason.TooLarge,
		filter + `{"minLength":-1}`:                           reason.Malformed,
		filter + `{"maxItems":"1"}`:                           reason.Malformed,
		filter + `{"minimum":true}`:                           reason.Malformed,
		filter + `{"minimum":"1999-05-16"}`:                   reason.Malformed, // no format says that it is a date
		filter + `{"format":"date","minimum":"16.5.1999"}`:    reason.Malformed,
		filter + `{"minimum":1,"exclusiveMinimum":1}`:         reason.Malformed,
		filter + `{"minimum":1e99999}`:                        reason.TooLarge,
		filter + `{"format":7}`:                               reason.Malformed,
		filter + `{"required":"a"}`:                           reason.Malformed,
		filter + `{"required":[1]}`:                           reason.Malformed,
		filter + `{"properties":[]}`:                          reason.Malformed,
		filter + `{"properties":{"a":1}}`:                     reason.Malformed,
		filter + `{"items":[{}]}`:                             reason.Malformed,
		filter + `{"allOf":[]}`:                               reason.Malformed,
		filter + `{"anyOf":{}}`:                               reason.Malformed,
		filter + `{"patern":"x"}`:                             reason.FormatUnsupported,
		filter + `{"if":{}}`:                                  reason.FormatUnsupported,
		filter + `{"uniqueItems":true}`:                       reason.FormatUnsupported,
		filter + `{"$ref":"https://x.example/s"}`:             reason.FormatUnsupported,
		filter + `{"$ref":"#"}`:                               reason.FormatUnsupported,
		filter + `{"$ref":"file:///etc/passwd"}`:              reason.FormatUnsupported,
		filter + `{"$ref":"#/$defs/a"}`:                       reason.Malformed,
		filter + `{"$defs":{"a":{"x":1}},"$ref":"#/$defs/a"}`: reason.FormatUnsupported,
	} {
		_, err := Parse([]byte(changed(t, definition, change)))
		wantCode(t, change, err, code)
	}
	for text, code := range map[string]reason.Code{
		``: reason.Malformed, `[]`: reason.Malformed, `{}`: reason.Malformed, `{"presentation_definition":7}`: reason.Malformed,
		`{"input_descriptors":[]}`: reason.Malformed, definition + "x": reason.Malformed,
		strings.Replace(definition, `"id":"d"`, `"id":"d","id":"d"`, 1):        reason.Malformed,
		strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40):            reason.TooLarge,
		definition + strings.Repeat(" ", limits.Policy):                        reason.TooLarge,
		`{"input_descriptors":[` + many(`{"id":"x"}`, limits.Queries+1) + `]}`: reason.TooLarge,
	} {
		_, err := Parse([]byte(text))
		wantCode(t, text[:min(len(text), 60)], err, code)
	}
}

const submission = `{"presentation_submission":{"id":"s","definition_id":"d","descriptor_map":[
	{"id":"one","format":"ldp_vp","path":"$[1]","path_nested":{"id":"one","format":"ldp_vc","path":"$.verifiableCredential[2]"}}]}}`

func TestSubmissionsLeadToCredentials(t *testing.T) {
	for path, want := range map[string]mapped{
		`{"path":"$"}`:                                  {piece: 0, within: -1},
		`{"path":"$[3]"}`:                               {piece: 3, within: -1},
		`{"path":"$.verifiableCredential[1]"}`:          {piece: 0, within: 1},
		`{"path":"$.verifiableCredential"}`:             {piece: 0, within: 0},
		`{"path":"$.verifiableCredential.[1]"}`:         {piece: 0, within: 1},
		`{"path":"$['verifiableCredential'][1]"}`:       {piece: 0, within: 1},
		`{"path":"$[2].vp.verifiableCredential[1].vc"}`: {piece: 2, within: 1},
		`{"path":"$","path_nested":{"id":"one","format":"f","path":"$.verifiableCredential[1]"}}`:                                                             {piece: 0, within: 1},
		`{"path":"$[2]","path_nested":{"id":"one","format":"f","path":"$.vp.verifiableCredential[1]","path_nested":{"id":"one","format":"f","path":"$.vc"}}}`: {piece: 2, within: 1},
	} {
		text := `{"id":"s","definition_id":"d","descriptor_map":[{"id":"one","format":"f",` + path[1:] + `]}`
		s, err := ParseSubmission([]byte(text))
		want.id, want.format = "one", "f"
		if err != nil || len(s.entries) != 1 || s.entries[0] != want {
			t.Errorf("%s: %+v, %v", path, s, err)
		}
	}
}

func TestParseSubmissionRefuses(t *testing.T) {
	for change, code := range map[string]reason.Code{
		`"id":"s", => `:                                          reason.Malformed,
		`"definition_id":"d", => `:                               reason.Malformed,
		`"definition_id":"d" => "definition_id":7`:               reason.Malformed,
		`"descriptor_map":[ => "map":[`:                          reason.Malformed,
		`{"id":"one","format":"ldp_vp" => {"format":"ldp_vp"`:    reason.Malformed,
		`"format":"ldp_vp", => `:                                 reason.Malformed,
		`"path":"$[1]", => `:                                     reason.Malformed,
		`"$[1]" => "x"`:                                          reason.Malformed,
		`"$[1]" => "$.outerCredential[0]"`:                       reason.FormatUnsupported,
		`"$[1]" => "$._claim_sources.a.JWT"`:                     reason.FormatUnsupported,
		`"$[1]" => "$[*]"`:                                       reason.FormatUnsupported,
		`"$[1]" => "$..verifiableCredential"`:                    reason.FormatUnsupported,
		`"$[1]" => "$.verifiableCredential[0]"`:                  reason.FormatUnsupported, // and in it a presentation again
		`"path_nested":{"id":"one" => "path_nested":{"id":"two"`: reason.Malformed,
		`"path_nested":{ => "path_nested":7,"x":{`:               reason.Malformed,
	} {
		_, err := ParseSubmission([]byte(changed(t, submission, change)))
		wantCode(t, change, err, code)
	}
	d, err := Parse([]byte(definition))
	if err != nil {
		t.Fatal(err)
	}
	for change, ok := range map[string]bool{` => `: true, `"definition_id":"d" => "definition_id":"e"`: false, `"one","format":"ldp_vp" => "two","format":"ldp_vp"`: false} {
		text := strings.ReplaceAll(changed(t, submission, change), `"path_nested":{"id":"one"`, `"path_nested":{"id":"`+map[bool]string{true: "two", false: "one"}[strings.Contains(change, "two")]+`"`)
		s, err := ParseSubmission([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Submitted(s); (err == nil) != ok {
			t.Errorf("%s: %v", change, err)
		}
	}
}

// odd is what of the published material is refused, and why.
var odd = map[string]reason.Code{
	// An input descriptor or a single requirement for itself: parts, no definitions.
	"VC_expiration_example.json": reason.Malformed, "VC_revocation_example.json": reason.Malformed,
	// schema as one object with a list of uri, which no version has.
	"presentation_definition.json": reason.Malformed,
	// No descriptor at all, which asks for nothing.
	"format_example.json": reason.Malformed,
	// forrmatMaximum: a condition that is misspelled is not passed over.
	"multi_group_example.json": reason.FormatUnsupported,
	// Paths into aggregated claims of OpenID Connect, and into made-up members.
	"appendix_OIDC_example.json": reason.FormatUnsupported, "nested_submission_example.json": reason.FormatUnsupported,
	"example.json": reason.FormatUnsupported,
}

// TestConformancePublishedDefinitionsAndSubmissions reads every definition and submission of
// the specification, of trustbloc and of Bhutan NDI.
func TestConformancePublishedDefinitionsAndSubmissions(t *testing.T) {
	definitions, submissions, ran := 0, 0, map[string]bool{}
	for _, part := range []string{
		vectors.Folder(t, "oid4vp/presentation-exchange"), vectors.Folder(t, "trustbloc-vc-go/presexch"),
		filepath.Join(vectors.Root(), "..", "ndi-samples"), // beside the families
	} {
		before := definitions
		err := filepath.WalkDir(part, func(path string, e fs.DirEntry, err error) error {
			name := filepath.Base(path)
			if err != nil || e.IsDir() || filepath.Ext(path) != ".json" || name == "schema.json" || strings.Contains(filepath.ToSlash(path), "/schemas/") {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			text := string(data)
			switch code := odd[name]; {
			case strings.Contains(text, `"input_descriptors"`) && !strings.Contains(text, `"@type"`), code == reason.Malformed && strings.Contains(text, `"constraints"`):
				_, err = Parse(data)
				definitions++
			case strings.Contains(text, `"descriptor_map"`) && !strings.Contains(text, `"@type"`) && strings.Contains(text, `"definition_id"`):
				_, err = ParseSubmission(submissionOf(t, data))
				submissions++
			default:
				return nil
			}
			if code, is := odd[name]; is && !errors.Is(err, nil) {
				wantCode(t, path, err, code)
				ran[name] = true
			} else if err != nil {
				t.Errorf("%s: %v", path, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if definitions == before {
			t.Errorf("%s is there and holds no definition", part)
		}
	}
	if definitions > 0 && len(ran) != len(odd) {
		t.Errorf("of the odd ones only %v were met", ran)
	}
	t.Logf("%d definitions, %d submissions", definitions, submissions)
}

// submissionOf is the submission in a presentation, or in a token response.
func submissionOf(t *testing.T, data []byte) []byte {
	t.Helper()
	var any map[string]json.RawMessage
	if err := json.Unmarshal(data, &any); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"presentation", "vp_token", "vp", "data", "detail"} {
		if inner, ok := any[name]; ok && strings.Contains(string(inner), "presentation_submission") {
			return submissionOf(t, inner)
		}
	}
	return data
}

func FuzzDefinition(f *testing.F) {
	f.Add([]byte(definition), []byte(submission), []byte(`{"a":"x","b c":[{"d":1}]}`))
	f.Add([]byte(`{"input_descriptors":[{"id":"one","constraints":{"fields":[{"path":["$..a..b"],"filter":{"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/a"},{"items":{"$ref":"#/$defs/a"}}]}},"$ref":"#/$defs/a"}}]}}]}`),
		[]byte(submission), []byte(`{"a":{"a":{"b":[[[]]]}}}`))
	f.Fuzz(func(t *testing.T, text, submitted, claims []byte) {
		d, err := Parse(text)
		if (d == nil) == (err == nil) {
			t.Fatal("neither a definition nor an error")
		}
		codes := func(err error) {
			var coded *reason.Error
			if !errors.As(err, &coded) || coded.Code != reason.Malformed && coded.Code != reason.TooLarge && coded.Code != reason.FormatUnsupported {
				t.Fatalf("code: %v", err)
			}
		}
		if err != nil {
			codes(err)
			return
		}
		p := present(t, string(claims))
		if p == nil {
			return
		}
		answers := []query.Answer{d.Answer([]query.Presented{*p, *p})}
		s, err := ParseSubmission(submitted)
		if err != nil {
			codes(err)
		} else if held, err := d.Submitted(s); err != nil {
			codes(err)
		} else {
			answers = append(answers, held.Answer([]query.Presented{*p, *p}))
		}
		for _, a := range answers {
			for _, f := range a.Credentials {
				if (len(f.IDs) == 0) != (f.Code != "") {
					t.Fatalf("%+v neither answers nor says why", f)
				}
			}
		}
	})
}

func FuzzPath(f *testing.F) {
	for _, text := range []string{"$", "$.a", "$['a b'][0]", "$..a[*].b", "$.*", `$["\\\""]`, "$.[0]", "$[?(@)]"} {
		f.Add(text, []byte(`{"a":[{"b":1}]}`))
	}
	f.Fuzz(func(t *testing.T, text string, claims []byte) {
		p, err := parsePath(text)
		if err != nil {
			return
		}
		v, jsonErr := strictjson.Decode(claims)
		if jsonErr != nil {
			return
		}
		b := &budget{left: steps}
		if _, ok := p.first(v, b); ok && b.spent() {
			t.Fatal("found beyond the budget")
		}
		if b.left < -1 {
			t.Fatal("went on beyond the budget")
		}
	})
}
