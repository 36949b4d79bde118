package jsonld

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/internal/vectors"
)

type shelf map[string]string

func (s shelf) Context(url string) []byte {
	if text, ok := s[url]; ok {
		return []byte(text)
	}
	return nil
}

const first = "https://a.example"

// A context that leads back to itself would fill the stack, which nothing can
// recover from, and one that names others over and over would never end.
func TestContextsWithoutEnd(t *testing.T) {
	laughs := shelf{}
	for i := range 10 {
		next := fmt.Sprintf(`"https://a.example/%d"`, i+1)
		laughs[fmt.Sprintf("https://a.example/%d", i)] = `{"@context": [` + strings.Repeat(next+",", 9) + next + `]}`
	}
	laughs[first] = `{"@context": "https://a.example/0"}`
	laughs["https://a.example/10"] = `{"@context": {"t": "https://t.example/#t"}}`
	for name, s := range map[string]shelf{
		"itself":                  {first: `{"@context": "https://a.example"}`},
		"itself in a list":        {first: `{"@context": [{"t": "https://t.example/#t"}, "https://a.example"]}`},
		"another and back":        {first: `{"@context": "https://b.example"}`, "https://b.example": `{"@context": "https://a.example"}`},
		"itself by import":        {first: `{"@context": {"@version": 1.1, "@import": "https://a.example"}}`},
		"itself in a term":        {first: `{"@context": {"t": {"@id": "https://t.example/#t", "@context": "https://a.example"}}}`},
		"ten times ten times ...": laughs,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New().Process(map[string]any{"t": "y"}, []string{first}, s)
			var context *ContextError
			if !errors.As(err, &context) {
				t.Errorf("%v", err)
			}
		})
	}
	fine := shelf{first: `{"@context": ["https://b.example", "https://c.example"]}`, "https://d.example": `{"@context": {"t": "https://t.example/#t"}}`}
	for _, url := range []string{"https://b.example", "https://c.example"} {
		fine[url] = `{"@context": "https://d.example"}`
	}
	if r, err := New().Process(map[string]any{"t": "y"}, []string{first}, fine); err != nil || !r.Covered {
		t.Errorf("one context by two ways: %v %v", r.Covered, err)
	}
}

// What is remembered is shared by all who process at once, so nothing may write
// into it, also where one context imports another.
func TestRememberedContextsAreOnlyRead(t *testing.T) {
	at := shelf{
		first:               `{"@context": {"@version": 1.1, "@import": "https://b.example", "type": "@type", "t": "https://t.example/#t", "T": {"@id": "https://t.example/#T", "@context": {"u": "https://t.example/#u"}}}}`,
		"https://b.example": `{"@context": {"type": "@type", "s": "https://t.example/#s"}}`,
		"https://c.example": `{"@context": {"type": "@type", "t": "https://t.example/#t", "T": {"@id": "https://t.example/#T", "@context": "https://b.example"}}}`,
	}
	for _, url := range []string{first, "https://c.example"} {
		p := New()
		document := map[string]any{"type": "T", "t": "x", "s": "y"}
		if r, err := p.Process(document, []string{url}, at); err != nil || !r.Covered || len(r.Quads) != 3 {
			t.Fatalf("%s: %+v %v", url, r, err)
		}
		kept := p.lists[url+"\n\n"]
		before := map[string]map[string]any{}
		for url := range kept.bytes {
			document, err := readContext(kept.bytes[url])
			if err != nil {
				t.Fatal(err)
			}
			before[url] = document
		}
		for range 3 {
			if _, err := p.Process(maps.Clone(document), []string{url}, at); err != nil {
				t.Fatal(err)
			}
		}
		if !reflect.DeepEqual(kept.documents, before) {
			t.Errorf("%s: a remembered context was written into: %v", url, kept.documents)
		}
	}
}

// No context of the collection is refused for leading on to others.
func TestConformanceContexts(t *testing.T) {
	dir := vectors.Folder(t, "contexts")
	data, err := os.ReadFile(filepath.Join(dir, "context-map.json"))
	if err != nil {
		t.Fatal(err)
	}
	var files map[string]string
	if err := json.Unmarshal(data, &files); err != nil {
		t.Fatal(err)
	}
	at := shelf{}
	for url, file := range files {
		data, err := os.ReadFile(filepath.Join(dir, "..", file))
		if err != nil {
			t.Fatal(err)
		}
		at[url] = string(data)
	}
	for url := range at {
		if _, err := load([]string{url}, nil, at); err != nil {
			t.Error(err)
		}
	}
	if len(at) < 20 {
		t.Errorf("%d contexts, want more", len(at))
	}
}

// A term whose own context sets everything aside keeps its container: each value is
// a graph of its own (W3C json-ld-api, test of #582).
func TestAGraphContainerOutlivesItsContext(t *testing.T) {
	at := shelf{
		first: `{"@context": {"@protected": true, "type": "@type", "VP": {"@id": "https://t.example/#VP", "@context": {"@protected": true,
			"holds": {"@id": "https://t.example/#holds", "@type": "@id", "@container": "@graph", "@context": null}}}}}`,
		"https://b.example": `{"@context": {"@protected": true, "id": "@id", "says": "https://t.example/#says"}}`,
	}
	inner := func(says string) any {
		return map[string]any{"@context": "https://b.example", "id": "https://t.example/subject", "says": says}
	}
	r, err := New().Process(map[string]any{"type": "VP", "holds": []any{inner("x"), inner("y")}}, []string{first}, at)
	if err != nil || !r.Covered {
		t.Fatalf("%v, covered %v", err, r.Covered)
	}
	graphs := map[string]string{}
	for _, q := range r.Quads {
		if q.Predicate.Value == "https://t.example/#says" {
			graphs[q.Graph.Value] = q.Object.Value
		}
	}
	if len(graphs) != 2 || graphs[""] != "" {
		t.Errorf("graphs %v, want two with names", graphs)
	}
}
