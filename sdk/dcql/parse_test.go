package dcql

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/internal/vectors"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/query"
	"github.com/dzong-id/dzong/sdk/reason"
)

const pid = `{"credentials":[{"id":"pid","format":"dc+sd-jwt","multiple":false,"require_cryptographic_holder_binding":true,
	"meta":{"vct_values":["https://a.example/pid"]},
	"trusted_authorities":[{"type":"aki","values":["s9tIpPmhxdiuNkHMEWNpYim8S8Y"]}],
	"claims":[{"id":"a","path":["family_name"],"values":["Example",7,true]},{"id":"b","path":["nationalities",null]},{"id":"c","path":["list",0]}],
	"claim_sets":[["a","b"],["c"]]}],
	"credential_sets":[{"options":[["pid"]],"required":false}]}`

func TestParseTakesEveryMember(t *testing.T) {
	for _, parse := range []func([]byte) (*Query, error){Parse, ParseStrict} {
		q, err := parse([]byte(pid))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(q.IDs(), []string{"pid"}) || q.Multiple("pid") || q.Multiple("other") || string(q.JSON()) != pid {
			t.Errorf("read as %+v", q)
		}
	}
}

// "Implementations MUST ignore any unknown properties" (§6). Whoever wrote the query
// has them refused.
func TestUnknownMembersAreIgnoredOrRefused(t *testing.T) {
	for _, change := range []string{
		`{"credentials" => {"purpose":"x","credentials"`,
		`"id":"pid" => "id":"pid","purpose":null`,
		`{"vct_values" => {"vct_value":"x","vct_values"`,
		`{"type":"aki" => {"type":"aki","extra":1`,
		`{"id":"a" => {"id":"a","value":"x"`,
		`{"options" => {"purpose":"x","options"`,
		// A member of mdoc's claims queries alone (§B.2.4).
		`{"id":"a" => {"id":"a","intent_to_retain":"never"`,
	} {
		text := changed(t, change)
		if _, err := Parse([]byte(text)); err != nil {
			t.Errorf("%s: %v", change, err)
		}
		wantCode(t, change, parseError(ParseStrict, text), reason.Malformed)
	}
}

func changed(t testing.TB, change string) string {
	t.Helper()
	old, with, _ := strings.Cut(change, " => ")
	if !strings.Contains(pid, old) {
		t.Fatalf("nothing to change: %s", old)
	}
	return strings.Replace(pid, old, with, 1)
}

func parseError(parse func([]byte) (*Query, error), text string) error {
	_, err := parse([]byte(text))
	return err
}

func wantCode(t testing.TB, name string, err error, code reason.Code) {
	t.Helper()
	var coded *reason.Error
	if !errors.As(err, &coded) || coded.Code != code {
		t.Errorf("%s: got %v, want %s", name, err, code)
	}
}

// Each has one cause.
func TestParseRefuses(t *testing.T) {
	many := func(element string, n int) string { return strings.TrimSuffix(strings.Repeat(element+",", n), ",") }
	for change, code := range map[string]reason.Code{
		`"pid","format" => "","format"`:                                 reason.Malformed,
		`"id":"pid", => `:                                               reason.Malformed,
		`"pid","format" => "p.d","format"`:                              reason.Malformed,
		`"pid","format" => "pïd","format"`:                              reason.Malformed,
		`"pid","format" => 7,"format"`:                                  reason.Malformed,
		`"pid","format" => "` + strings.Repeat("a", 129) + `","format"`: reason.TooLarge,
		`"format":"dc+sd-jwt", => `:                                     reason.Malformed,
		`"dc+sd-jwt" => ""`:                                             reason.Malformed,
		`"dc+sd-jwt" => null`:                                           reason.Malformed,
		`"multiple":false => "multiple":"false"`:                        reason.Malformed,
		`"multiple":false => "multiple":null`:                           reason.Malformed,
		`"require_cryptographic_holder_binding":true => "require_cryptographic_holder_binding":1`: reason.Malformed,
		`{"vct_values":["https://a.example/pid"]} => []`:                                          reason.Malformed,
		`"meta":{"vct_values":["https://a.example/pid"]}, => `:                                    reason.Malformed,
		`["https://a.example/pid"] => []`:                                                         reason.Malformed,
		`["https://a.example/pid"] => "https://a.example/pid"`:                                    reason.Malformed,
		`["https://a.example/pid"] => [""]`:                                                       reason.Malformed,
		`["https://a.example/pid"] => [null]`:                                                     reason.Malformed,
		`["https://a.example/pid"] => [` + many(`"a"`, limits.QueryValues+1) + `]`:                reason.TooLarge,
		`{"vct_values" => {"doctype_value":7,"vct_values"`:                                        reason.Malformed,
		`{"vct_values" => {"type_values":["a"],"vct_values"`:                                      reason.Malformed,
		`{"vct_values" => {"type_values":[[]],"vct_values"`:                                       reason.Malformed,
		`{"vct_values" => {"type_values":[],"vct_values"`:                                         reason.Malformed,
		`[{"type":"aki","values":["s9tIpPmhxdiuNkHMEWNpYim8S8Y"]}] => []`:                         reason.Malformed,
		`[{"type":"aki","values":["s9tIpPmhxdiuNkHMEWNpYim8S8Y"]}] => ["aki"]`:                    reason.Malformed,
		`"type":"aki", => `: reason.Malformed,
		`"s9tIpPmhxdiuNkHMEWNpYim8S8Y" => "s9tIpPmhxdiuNkHMEWNpYim8S8Y="`: reason.Malformed,
		`"s9tIpPmhxdiuNkHMEWNpYim8S8Y" => "s9tIpPmhxdiuNkHMEWNpYim8S8Z"`:  reason.Malformed,
		`["s9tIpPmhxdiuNkHMEWNpYim8S8Y"] => []`:                           reason.Malformed,
		`{"id":"b","path":["nationalities",null]} => 7`:                   reason.Malformed,
		`{"id":"b", => {`:                                                          reason.Malformed,
		`"id":"b" => "id":"a"`:                                                     reason.Malformed,
		`["nationalities",null] => ["family_name"]`:                                reason.Malformed,
		`"path":["nationalities",null] => "path":[]`:                               reason.Malformed,
		`,"path":["nationalities",null] => `:                                       reason.Malformed,
		`["nationalities",null] => "nationalities"`:                                reason.Malformed,
		`["nationalities",null] => ["nationalities",true]`:                         reason.Malformed,
		`["nationalities",null] => ["nationalities",{}]`:                           reason.Malformed,
		`["list",0] => ["list",-1]`:                                                reason.Malformed,
		`["list",0] => ["list",1.0]`:                                               reason.Malformed,
		`["list",0] => ["list",1e2]`:                                               reason.Malformed,
		`["list",0] => ["list",18446744073709551616]`:                              reason.Malformed,
		`["list",0] => [` + many(`0`, limits.JSONDepth+1) + `]`:                    reason.TooLarge,
		`["Example",7,true] => []`:                                                 reason.Malformed,
		`["Example",7,true] => "Example"`:                                          reason.Malformed,
		`["Example",7,true] => [null]`:                                             reason.Malformed,
		`["Example",7,true] => [["Example"]]`:                                      reason.Malformed,
		`["Example",7,true] => [7.5]`:                                              reason.Malformed,
		`["Example",7,true] => [7.0]`:                                              reason.Malformed,
		`["Example",7,true] => [9007199254740992]`:                                 reason.Malformed,
		`["Example",7,true] => [` + many(`7`, limits.QueryValues+1) + `]`:          reason.TooLarge,
		`[["a","b"],["c"]] => []`:                                                  reason.Malformed,
		`[["a","b"],["c"]] => [[]]`:                                                reason.Malformed,
		`[["a","b"],["c"]] => [["d"]]`:                                             reason.Malformed,
		`[["a","b"],["c"]] => [["a","a"]]`:                                         reason.Malformed,
		`[["a","b"],["c"]] => [[""]]`:                                              reason.Malformed,
		`[["a","b"],["c"]] => ["a"]`:                                               reason.Malformed,
		`"claims":[ => "claimz":[`:                                                 reason.Malformed,
		`[{"options":[["pid"]],"required":false}] => []`:                           reason.Malformed,
		`[{"options":[["pid"]],"required":false}] => {}`:                           reason.Malformed,
		`"options":[["pid"]], => `:                                                 reason.Malformed,
		`[["pid"]] => []`:                                                          reason.Malformed,
		`[["pid"]] => [[]]`:                                                        reason.Malformed,
		`[["pid"]] => [["mdl"]]`:                                                   reason.Malformed,
		`[["pid"]] => [["pid","pid"]]`:                                             reason.Malformed,
		`[["pid"]] => [[7]]`:                                                       reason.Malformed,
		`"required":false => "required":0`:                                         reason.Malformed,
		`{"credentials":[ => {"credentials":[{"id":"pid","format":"x","meta":{}},`: reason.Malformed,
		`{"credentials":[ => {"credentials":[` + many(`{"id":"x","format":"x","meta":{}}`, limits.Queries) + `,`: reason.TooLarge,
		`"dc+sd-jwt" => "mso_mdoc"`: reason.Malformed, // one string for a path
	} {
		wantCode(t, change, parseError(Parse, changed(t, change)), code)
	}
	for text, code := range map[string]reason.Code{
		``: reason.Malformed, `[]`: reason.Malformed, `{}`: reason.Malformed, `{"credentials":[]}`: reason.Malformed,
		`{"credentials":null}`: reason.Malformed, `{"credentials":["pid"]}`: reason.Malformed, pid + `x`: reason.Malformed,
		strings.Replace(pid, `"id":"pid"`, `"id":"pid","id":"pid"`, 1):    reason.Malformed,
		strings.Replace(pid, "Example", "\xff", 1):                        reason.Malformed,
		`{"x":` + strings.Repeat(`[`, 40) + strings.Repeat(`]`, 40) + `}`: reason.TooLarge,
		pid + strings.Repeat(" ", limits.Policy):                          reason.TooLarge,
	} {
		wantCode(t, text, parseError(Parse, text), code)
	}
}

// TestConformanceTheSpecificationsOwnQueries reads every query that OpenID4VP publishes.
func TestConformanceTheSpecificationsOwnQueries(t *testing.T) {
	files := examples(t)
	read := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = ParseStrict(data); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		read++
	}
	if read == 0 {
		t.Error("the material is there and holds no query")
	}
	t.Logf("%d queries", read)
}

func examples(t testing.TB) []string {
	dir := vectors.Folder(t, "oid4vp/OpenID4VP")
	var files []string
	for _, pattern := range []string{"*/examples/query_lang/*.json", "*/examples/request/dcql_*.json"} {
		found, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	return files
}

func FuzzQuery(f *testing.F) {
	f.Add([]byte(pid), []byte(`{"family_name":"Example","nationalities":["BT"],"list":[1]}`))
	f.Add([]byte(`{"credentials":[{"id":"m","format":"mso_mdoc","meta":{"doctype_value":"d"},"claims":[{"path":["n","e"],"intent_to_retain":true}]}]}`), []byte(`{"n":{"e":1}}`))
	if files, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "vectors", "oid4vp", "OpenID4VP", "1.0", "examples", "*", "*.json")); err == nil {
		for _, file := range files {
			if data, err := os.ReadFile(file); err == nil {
				f.Add(data, []byte(`{}`))
			}
		}
	}
	f.Fuzz(func(t *testing.T, data, claims []byte) {
		q, err := Parse(data)
		if (q == nil) == (err == nil) {
			t.Fatal("neither a query nor an error")
		}
		if err != nil {
			var coded *reason.Error
			if !errors.As(err, &coded) || coded.Code != reason.Malformed && coded.Code != reason.TooLarge {
				t.Fatalf("code: %v", err)
			}
			return
		}
		p := present(t, string(claims))
		if p == nil {
			return
		}
		a := q.Answer([]query.Presented{*p, *p})
		if len(a.Credentials) != 2 {
			t.Fatal("a finding for each credential")
		}
		for _, f := range a.Credentials {
			if (len(f.IDs) == 0) != (f.Code != "") {
				t.Fatalf("%+v neither answers nor says why", f)
			}
		}
	})
}
