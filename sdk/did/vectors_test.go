package did_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/did"
	material "github.com/dzong-id/dzong/sdk/internal/vectors"
)

// families are the folders of other people's DIDs and documents.
var families = []string{
	"credo-ts-fixtures", "did-key-spec-examples", "did-method-key", "did-peer", "did-web-spec-examples", "didwebvh-test-suite", "w3c-did-test-suite",
}

// eachPublished gives a test every DID document in the material, family by family:
// whole files, members of files, and documents written as a string inside another.
func eachPublished(t *testing.T, run func(t *testing.T, name string, o obj)) {
	t.Helper()
	if material.Root() == "" {
		t.Skip("the material of others is not at hand: set DZONG_VECTORS to its folder")
	}
	for _, family := range families {
		t.Run(family, func(t *testing.T) {
			for name, list := range published(t, family) {
				for _, o := range list {
					run(t, name, o)
				}
			}
		})
	}
}

func published(t *testing.T, family string) map[string][]obj {
	t.Helper()
	root := material.Folder(t, "did/"+family)
	out := map[string][]obj{}
	err := filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.Contains(name, "Invalid") {
			return err
		}
		if ext := filepath.Ext(name); ext != ".json" && ext != ".jsonl" {
			return nil
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		short, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		d := json.NewDecoder(strings.NewReader(string(data)))
		for d.More() {
			var v any
			if d.Decode(&v) != nil {
				break
			}
			out[short] = append(out[short], documentsIn(v)...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func documentsIn(v any) (out []obj) {
	switch v := v.(type) {
	case string:
		var inner any
		if strings.HasPrefix(strings.TrimSpace(v), "{") && json.Unmarshal([]byte(v), &inner) == nil {
			return documentsIn(inner)
		}
	case []any:
		for _, x := range v {
			out = append(out, documentsIn(x)...)
		}
	case obj:
		id, _ := v["id"].(string)
		for _, name := range []string{"verificationMethod", "authentication", "keyAgreement", "assertionMethod"} {
			if _, ok := v[name].([]any); ok && did.IsDID(id) {
				return []obj{v}
			}
		}
		for _, x := range v {
			out = append(out, documentsIn(x)...)
		}
	}
	return out
}

// Every document published for a DID that says everything itself comes out of
// the DID alone, key by key, and nothing that it does not have.
func TestConformanceOfflineDIDs(t *testing.T) {
	byMethod, pairings := map[string]int{}, 0
	eachPublished(t, func(t *testing.T, name string, o obj) {
		id := o["id"].(string)
		method := strings.Split(id, ":")[1]
		if !did.SelfContained(id) && !(method == "ethr" && len(id[strings.LastIndex(id, ":"):]) == len(":0x")+66) {
			return
		}
		byMethod[method]++
		theirs, err := parse(t, o)
		if err != nil {
			t.Errorf("%s: %s: %v", name, id, err)
			return
		}
		ours, err := did.Resolve(id, nil)
		if err != nil {
			t.Errorf("%s: %s: %v", name, id, err)
			return
		}
		for _, p := range []credential.Purpose{credential.AssertionMethod, credential.Authentication} {
			compareKeys(t, name, theirs.Keys(p), ours.Keys(p), elsewhere(o, theirs))
		}
		for _, k := range theirs.Keys(credential.AssertionMethod) {
			if k.Algorithms().Has(credential.BBS) {
				pairings++
			}
		}
	})
	for method, least := range map[string]int{"key": 40, "peer": 6, "ethr": 2} {
		if byMethod[method] < least {
			t.Errorf("%d documents of did:%s were compared, at least %d are there", byMethod[method], method, least)
		}
	}
	if pairings < 5 {
		t.Errorf("%d keys in G2 of BLS12-381 were compared, at least 5 are there", pairings)
	}
	t.Logf("%v documents, %d keys in G2 of BLS12-381", byMethod, pairings)
}

// elsewhere names the methods that a document has in a form that holds no key
// for us: an account of did:ethr, or a member of before DID Core ("publicKey").
func elsewhere(o obj, d *did.Document) []string {
	_, old := o["publicKey"]
	if old || strings.HasPrefix(d.ID, "did:ethr:") {
		return d.Unsupported()
	}
	return nil
}

func compareKeys(t *testing.T, name string, theirs, ours []credential.Key, elsewhere []string) {
	t.Helper()
	for _, k := range theirs {
		if !holds(ours, k) {
			t.Errorf("%s: %s is not found", name, k.ID())
		}
	}
	for _, k := range ours {
		// The names of older drafts are in no published document.
		if id, fragment, _ := strings.Cut(k.ID(), "#"); strings.HasPrefix(id, "did:peer:2") && strings.Contains(id, "z"+fragment) {
			continue
		}
		if !holds(theirs, k) && !slices.Contains(elsewhere, k.ID()) {
			t.Errorf("%s: %s is not theirs", name, k.ID())
		}
	}
}

func holds(keys []credential.Key, k credential.Key) bool {
	for _, other := range keys {
		if other.ID() == k.ID() && other.Equal(k) {
			return true
		}
	}
	return false
}

// A DID with any one character changed is another DID: refused, or of another
// key, and never one that answers to the first one's name.
func TestConformanceChangedDIDs(t *testing.T) {
	const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0.:#-"
	seen, changed := map[string]bool{}, 0
	eachPublished(t, func(t *testing.T, _ string, o obj) {
		id := o["id"].(string)
		if !did.SelfContained(id) || seen[id] || len(id) > 1000 {
			return
		}
		seen[id] = true
		original := keysOf(id)
		for i := range id {
			c := alphabet[(i*7+len(id))%len(alphabet)]
			if c == id[i] {
				continue
			}
			changed++
			other := id[:i] + string(c) + id[i+1:]
			for _, k := range keysOf(other) {
				if !strings.HasPrefix(k.ID(), other+"#") || k.Controller() != other {
					t.Fatalf("a key of %s is called %s", other, k.ID())
				}
				for _, o := range original {
					// Other elements of did:peer may change and leave the key.
					if o.ID() == k.ID() || strings.HasPrefix(id, "did:key:") && o.Equal(k) {
						t.Errorf("%s has the key of %s", other, id)
					}
				}
			}
		}
	})
	if changed < 1000 {
		t.Errorf("%d changes", changed)
	}
	t.Logf("%d DIDs, %d changes", len(seen), changed)
}

func keysOf(id string) []credential.Key {
	d, err := did.Resolve(id, nil)
	if err != nil {
		return nil
	}
	return append(d.Keys(credential.AssertionMethod), d.Keys(credential.Authentication)...)
}

// twice is a published document that lists one method twice.
const twice = "did:sov:WRfXPg8dantKVubE3HX8pw"

// Documents for DIDs that need one count when they are at hand, and are named
// when they are not.
func TestConformanceDocumentsAtHand(t *testing.T) {
	byMethod, keys := map[string]int{}, map[string]int{}
	eachPublished(t, func(t *testing.T, name string, o obj) {
		id := o["id"].(string)
		method := strings.Split(id, ":")[1]
		if did.SelfContained(id) {
			return
		}
		d, err := parse(t, o)
		if id == twice {
			// DID Core §5.2: "The set of verification methods MUST NOT include
			// multiple verification methods with the same identifier."
			if err == nil {
				t.Errorf("%s: a method twice is taken", id)
			}
			return
		}
		if err != nil {
			t.Errorf("%s: %s: %v", name, id, err)
			return
		}
		got, err := did.Resolve(id, documents{id: d})
		if err != nil || got != d {
			t.Errorf("%s: %s at hand: %v", name, id, err)
		}
		_, err = did.Resolve(id, nil)
		var missing *did.MissingError
		if !errors.As(err, &missing) && !(method == "ethr" && err == nil) {
			t.Errorf("%s: %s away: %v", name, id, err)
		}
		byMethod[method]++
		keys[method] += len(d.Keys(credential.AssertionMethod)) + len(d.Keys(credential.Authentication))
	})
	for method, least := range map[string]int{"web": 15, "ethr": 30, "polygon": 2, "webvh": 50, "peer": 2} {
		if byMethod[method] < least {
			t.Errorf("%d documents of did:%s, at least %d are there", byMethod[method], method, least)
		}
	}
	t.Logf("documents %v, keys %v", byMethod, keys)
}

// The syntax files of did:peer: what is bad is refused, and what is good needs
// its document. The two about comparing are of a draft with hexadecimal digits,
// which is refused; identifiers are compared as they stand.
func TestConformancePeerSyntax(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(material.Folder(t, "did/did-peer"), "test-data", "level-1", "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 13 {
		t.Errorf("%d files", len(files))
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range strings.Fields(string(data)) {
			_, err := did.Resolve(id, nil)
			var missing *did.MissingError
			good := errors.As(err, &missing) && missing.DID == id
			if want := strings.HasPrefix(filepath.Base(name), "good-"); good != want {
				t.Errorf("%s: %v", filepath.Base(name), err)
			}
		}
	}
}

// The examples of did:web's specification.
func TestConformanceWebAddresses(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(material.Folder(t, "did/did-web-spec-examples"), "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		id, want, ok := strings.Cut(string(data), "->")
		if !ok || !strings.HasPrefix(id, "did:web:") {
			continue
		}
		compared++
		if got, err := did.WebURL(strings.TrimSpace(id)); got != strings.TrimSpace(want) {
			t.Errorf("%s: %s, %v", id, got, err)
		}
	}
	if compared != 3 {
		t.Errorf("%d examples were compared", compared)
	}
}
