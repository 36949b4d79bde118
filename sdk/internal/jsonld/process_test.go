package jsonld

import (
	"testing"

	"github.com/dzong-id/dzong/sdk/internal/rdfc"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/google/go-cmp/cmp"
)

// TestTermThatBringsNoContextKeepsItsContainer: W3C's context of 2024 puts what
// verifiableCredential holds into a graph of its own, under contexts of its own.
func TestTermThatBringsNoContextKeepsItsContainer(t *testing.T) {
	at := shelf{
		"urn:outer": `{"@context": {"@version": 1.1, "@protected": true, "id": "@id", "type": "@type", "leak": "urn:leak",
			"Presentation": {"@id": "urn:Presentation", "@context": {"@protected": true,
				"holds": {"@id": "urn:holds", "@type": "@id", "@container": "@graph", "@context": null},
				"lists": {"@id": "urn:lists", "@container": "@list", "@context": null}}}}}`,
		"urn:inner": `{"@context": {"name": "urn:name", "type": "@type"}}`,
	}
	document := func(inner map[string]any) map[string]any {
		return map[string]any{
			"@context": "urn:outer", "type": "Presentation",
			"holds": []any{inner}, "lists": []any{"a", "b"},
		}
	}
	r, err := New().Process(document(map[string]any{"@context": "urn:inner", "name": "x"}), []string{"urn:outer"}, at)
	if err != nil || !r.Covered {
		t.Fatal(err, r.Covered)
	}
	got, err := rdfc.Canonicalize(r.Quads, limits.CanonicalSteps)
	if err != nil {
		t.Fatal(err)
	}
	const rdfType, rdfNS = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	want := `_:c14n1 <urn:name> "x" _:c14n0 .
_:c14n2 <` + rdfNS + `first> "b" .
_:c14n2 <` + rdfNS + `rest> <` + rdfNS + `nil> .
_:c14n3 <` + rdfNS + `first> "a" .
_:c14n3 <` + rdfNS + `rest> _:c14n2 .
_:c14n4 ` + rdfType + ` <urn:Presentation> .
_:c14n4 <urn:holds> _:c14n0 .
_:c14n4 <urn:lists> _:c14n3 .
`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for name, inner := range map[string]map[string]any{
		"without a context of its own":  {"name": "x"},
		"with a term of what is around": {"@context": "urn:inner", "name": "x", "leak": "y"},
	} {
		if r, err := New().Process(document(inner), []string{"urn:outer"}, at); err == nil && r.Covered {
			t.Errorf("%s: covered", name)
		}
	}
}

// What json-gold would drop, nobody signed.
func TestTypesUnderTwoNamesAreNotCovered(t *testing.T) {
	at := shelf{"urn:c": `{"@context": {"type": "@type", "kind": {"@id": "type"}, "name": "urn:name", "about": {"@id": "urn:about", "@context": {"sort": "@type"}}}}`}
	for name, tt := range map[string]struct {
		document map[string]any
		covered  bool
	}{
		"one name":            {map[string]any{"type": "urn:T", "name": "x"}, true},
		"keyword and alias":   {map[string]any{"@type": "urn:U", "type": "urn:T", "name": "x"}, false},
		"two aliases":         {map[string]any{"kind": "urn:U", "type": "urn:T", "name": "x"}, false},
		"inside":              {map[string]any{"type": "urn:T", "about": []any{map[string]any{"@type": "urn:U", "type": "urn:V", "name": "x"}}}, false},
		"by a scoped context": {map[string]any{"type": "urn:T", "about": map[string]any{"sort": "urn:U", "type": "urn:V", "name": "x"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := New().Process(tt.document, []string{"urn:c"}, at)
			if err != nil {
				t.Fatal(err)
			}
			if r.Covered != tt.covered {
				t.Errorf("covered: %v", r.Covered)
			}
		})
	}
}

// Under @vocab every name means something, and json-gold drops what is under the
// empty one.
func TestAMemberWithoutANameIsNotCovered(t *testing.T) {
	at := shelf{"urn:c": `{"@context": {"@vocab": "urn:v:", "id": "@id", "type": "@type"}}`}
	for name, tt := range map[string]struct {
		document map[string]any
		covered  bool
	}{
		"a name":             {map[string]any{"type": "T", "a": map[string]any{"b": "x"}}, true},
		"no name":            {map[string]any{"type": "T", "": "x"}, false},
		"no name, inside":    {map[string]any{"type": "T", "a": []any{map[string]any{"b": "x", "": 0.0}}}, false},
		"no name, an object": {map[string]any{"type": "T", "a": map[string]any{"": map[string]any{"b": "x"}}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := New().Process(tt.document, []string{"urn:c"}, at)
			if err == nil && r.Covered != tt.covered {
				t.Errorf("covered: %v", r.Covered)
			}
			if err != nil && tt.covered {
				t.Error(err)
			}
		})
	}
}
