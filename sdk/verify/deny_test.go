package verify

import (
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
)

// A linked-data proof covers what is meant: what can be written in several ways
// under one proof is no identifier.
func TestIdentifiersThatCanBeWrittenInOneWayOnly(t *testing.T) {
	for value, want := range map[string]struct {
		linked, written string // the identifier; empty: there is none
	}{
		`"5f0c0d3e"`:                  {"5f0c0d3e", "5f0c0d3e"},
		`"urn:uuid:5f0c0d3e"`:         {"urn:uuid:5f0c0d3e", "urn:uuid:5f0c0d3e"},
		`"did:web:a.example"`:         {"did:web:a.example", "did:web:a.example"},
		`"https://a.example/cards/7"`: {"https://a.example/cards/7", "https://a.example/cards/7"},
		`"any://a.example/cards/7"`:   {"any://a.example/cards/7", "any://a.example/cards/7"},
		`"cards:7"`:                   {"", "cards:7"}, // a prefix may stand for https://a.example/cards/
		`"https:a.example"`:           {"", "https:a.example"},
		`"_:b0"`:                      {"", "_:b0"},
		`":7"`:                        {"", ":7"},
		`""`:                          {"", ""},
		`7`:                           {"", "7"},
		`7.0`:                         {"", "7"},
		`7e0`:                         {"", "7"},
		`-9007199254740991`:           {"", "-9007199254740991"},
		`9007199254740992`:            {"", ""},
		`9007199254740993.0`:          {"", ""},
		`7.5`:                         {"", ""},
		`true`:                        {"", ""},
		`null`:                        {"", ""},
		`["5f0c0d3e"]`:                {"", ""},
		`{"@value":"5f0c0d3e"}`:       {"", ""},
	} {
		m, err := strictjson.DecodeObject([]byte(`{"a":{"id":` + value + `}}`))
		if err != nil {
			t.Fatal(err)
		}
		for format, want := range map[credential.Format]string{credential.FormatLDPVC: want.linked, credential.FormatSDJWTVC: want.written} {
			c := &credential.Credential{Format: format, Claims: credential.NewClaims(m)}
			got, ok := identifier(c, []string{"a", "id"})
			if ok != (want != "") || ok && got != want {
				t.Errorf("%s as %s: %q, %v", value, format, got, ok)
			}
			for _, path := range [][]string{{"id"}, {"a"}, {"a", "ID"}, {"a", "id", "x"}, nil} {
				if _, ok := identifier(c, path); ok {
					t.Errorf("%s at %q", value, path)
				}
			}
		}
	}
}
