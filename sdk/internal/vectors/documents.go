package vectors

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/dzong-id/dzong/sdk/internal/strictjson"
)

// Contexts are JSON-LD contexts by URL.
type Contexts map[string]string

// Context implements credential.Contexts.
func (c Contexts) Context(url string) []byte {
	if text, ok := c[url]; ok {
		return []byte(text)
	}
	return nil
}

// AllContexts is every context of the collection. Where the material is absent, the
// test says so and stands aside.
func AllContexts(t testing.TB) Contexts {
	t.Helper()
	var files map[string]string
	if err := json.Unmarshal(read(t, "contexts/context-map.json"), &files); err != nil {
		t.Fatal(err)
	}
	out := Contexts{}
	for url, file := range files {
		out[url] = string(read(t, file))
	}
	return out
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	if Root() == "" {
		t.Skipf("no %s in $DZONG_VECTORS: this material of others is no part of the repository", name)
	}
	data, err := os.ReadFile(filepath.Join(Root(), filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Inline puts the contexts that stand in documents themselves behind URLs of their
// own, which it adds to c: this module refuses any but URLs, and contexts are not
// signed.
func (c Contexts) Inline(t testing.TB, v any) {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		if list, ok := v["@context"].([]any); ok {
			for i, e := range list {
				if m, ok := e.(map[string]any); ok {
					text, err := json.Marshal(map[string]any{"@context": m})
					if err != nil {
						t.Fatal(err)
					}
					sum := sha256.Sum256(text) // the same context has the same URL
					url := fmt.Sprintf("https://vectors.example/context-%x", sum[:4])
					c[url], list[i] = string(text), url
				}
			}
		}
		for _, member := range v {
			c.Inline(t, member)
		}
	case []any:
		for _, e := range v {
			c.Inline(t, e)
		}
	}
}

// Changes are copies of a JSON document with one thing changed in each: a letter of
// every string (the first, one in the middle, the last), a member left out, renamed or
// added. They come under a name that says which.
func Changes(t testing.TB, data []byte) map[string][]byte {
	t.Helper()
	root, err := strictjson.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	keep := func(name string) {
		if out[name], err = json.Marshal(root); err != nil {
			t.Fatal(err)
		}
	}
	var walk func(path string, v any, put func(any))
	walk = func(path string, v any, put func(any)) {
		switch v := v.(type) {
		case string:
			for _, i := range []int{0, len(v) / 2, len(v) - 1} {
				if i < 0 || i == len(v) || v[i]^1 < ' ' || v[i]^1 > '~' {
					continue
				}
				put(v[:i] + string(v[i]^1) + v[i+1:])
				keep(fmt.Sprintf("%s letter %d", path, i))
			}
			put(v)
		case map[string]any:
			for name, member := range v {
				delete(v, name)
				keep(path + "/" + name + " left out")
				v[name+"x"] = member
				keep(path + "/" + name + " renamed")
				delete(v, name+"x")
				v[name] = member
				walk(path+"/"+name, member, func(c any) { v[name] = c })
			}
			v["added"] = "x"
			keep(path + "/added")
			delete(v, "added")
		case []any:
			for i, e := range v {
				walk(fmt.Sprintf("%s/%d", path, i), e, func(c any) { v[i] = c })
			}
		}
	}
	walk("", root, func(any) {})
	return out
}
