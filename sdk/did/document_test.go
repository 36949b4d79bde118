package did_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/did"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/google/go-cmp/cmp"
)

type obj = map[string]any

const me = "did:web:registry.example"

func jwk(t testing.TB, alg credential.Algorithm, seed string) obj {
	t.Helper()
	k, err := jws.Derive(alg, []byte(seed))
	if err != nil {
		t.Fatal(err)
	}
	return k.JWK("")
}

func method(t testing.TB, id string) obj {
	return obj{"id": id, "type": "JsonWebKey2020", "controller": me, "publicKeyJwk": jwk(t, credential.ES256, id)}
}

func document(t testing.TB) obj {
	return obj{
		"@context": "https://www.w3.org/ns/did/v1", "id": me, "service": []any{},
		"verificationMethod": []any{method(t, me+"#a"), method(t, "#b"), method(t, me+"#c")},
		"assertionMethod":    []any{"#a", me + "#b"},
		"authentication":     []any{me + "#b", method(t, "#embedded")},
	}
}

func parse(t testing.TB, o any) (*did.Document, error) {
	t.Helper()
	data, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return did.ParseDocument(data)
}

func ids(keys []credential.Key) (out []string) {
	for _, k := range keys {
		out = append(out, strings.TrimPrefix(k.ID(), me))
	}
	return out
}

func TestAKeyServesOnlyWhatTheDocumentListsItFor(t *testing.T) {
	d, err := parse(t, document(t))
	if err != nil {
		t.Fatal(err)
	}
	for purpose, want := range map[credential.Purpose][]string{
		credential.AssertionMethod:                             {"#a", "#b"},
		credential.Authentication:                              {"#b", "#embedded"},
		credential.AssertionMethod | credential.Authentication: {"#b"},
	} {
		if diff := cmp.Diff(want, ids(d.Keys(purpose))); diff != "" {
			t.Errorf("purpose %v: %s", purpose, diff)
		}
	}
	for _, k := range d.Keys(credential.AssertionMethod) {
		if k.Controller() != me || !strings.HasPrefix(k.ID(), me+"#") {
			t.Errorf("key %q of %q", k.ID(), k.Controller())
		}
	}
	var none *did.Document
	if none.Keys(credential.AssertionMethod) != nil {
		t.Error("a nil document has keys")
	}
}

func TestWhatCannotBeUsedIsSkippedAndNamed(t *testing.T) {
	o := document(t)
	x25519 := obj{"kty": "OKP", "crv": "X25519", "x": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}
	private := jwk(t, credential.ES256, "p")
	private["d"] = private["x"]
	both := method(t, "#both")
	both["publicKeyMultibase"] = "zAAAA"
	o["verificationMethod"] = []any{
		method(t, "#a"), both,
		obj{"id": "#multibase", "type": "Multikey", "controller": me, "publicKeyMultibase": "z6Mk"},
		obj{"id": "#agree", "type": "JsonWebKey2020", "controller": me, "publicKeyJwk": x25519},
		obj{"id": "#private", "type": "JsonWebKey2020", "controller": me, "publicKeyJwk": private},
		obj{"id": "#nobody", "type": "JsonWebKey2020", "publicKeyJwk": jwk(t, credential.ES256, "n")},
		obj{"id": "#string", "type": "JsonWebKey2020", "controller": me, "publicKeyJwk": "x"},
	}
	o["assertionMethod"] = []any{"#a", "#both", "#multibase", "#agree", "#private", "#nobody", "#string", "did:web:other#k"}
	o["authentication"] = []any{}
	d, err := parse(t, o)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"#a"}, ids(d.Keys(credential.AssertionMethod))); diff != "" {
		t.Error(diff)
	}
	want := []string{me + "#both", me + "#multibase", me + "#agree", me + "#private", me + "#nobody", me + "#string", "did:web:other#k"}
	if diff := cmp.Diff(want, d.Unsupported()); diff != "" {
		t.Error(diff)
	}
}

func TestParseDocumentRefuses(t *testing.T) {
	good, _ := json.Marshal(document(t))
	set := func(name string, v any) []byte {
		o := document(t)
		o[name] = v
		data, _ := json.Marshal(o)
		return data
	}
	for name, c := range map[string]struct {
		data []byte
		want reason.Code
	}{
		"nothing":                           {nil, reason.Malformed},
		"an array":                          {[]byte("[]"), reason.Malformed},
		"something behind":                  {append(bytes.Clone(good), 'x'), reason.Malformed},
		"a repeated name":                   {bytes.Replace(good, []byte(`"id":`), []byte(`"id":"did:x:y","id":`), 1), reason.Malformed},
		"no id":                             {set("id", nil), reason.Malformed},
		"an id that is no DID":              {set("id", "https://registry.example"), reason.Malformed},
		"an id that is a DID URL":           {set("id", me+"#a"), reason.Malformed},
		"methods as an object":              {set("verificationMethod", obj{}), reason.Malformed},
		"a method as a string":              {set("verificationMethod", []any{"#a"}), reason.Malformed},
		"a method without id":               {set("verificationMethod", []any{obj{"controller": me}}), reason.Malformed},
		"a method twice":                    {set("verificationMethod", []any{method(t, "#a"), method(t, me+"#a")}), reason.Malformed},
		"a purpose as a string":             {set("assertionMethod", "#a"), reason.Malformed},
		"a purpose with a number":           {set("assertionMethod", []any{1}), reason.Malformed},
		"an embedded method that is listed": {set("assertionMethod", []any{method(t, "#a")}), reason.Malformed},
		"more bytes than a document has":    {append(bytes.Clone(good), bytes.Repeat([]byte(" "), limits.DIDDocument)...), reason.TooLarge},
		"more depth than a document has":    {set("service", json.RawMessage(strings.Repeat("[", 40)+strings.Repeat("]", 40))), reason.TooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := did.ParseDocument(c.data)
			var coded *reason.Error
			if d != nil || !errors.As(err, &coded) || coded.Code != c.want {
				t.Errorf("got %v, %v; want %s", d, err, c.want)
			}
		})
	}
}

func TestIsDID(t *testing.T) {
	for s, want := range map[string]bool{
		"did:web:registry.example": true, "did:key:z6Mk": true, "did:web:localhost%3A8443": true, "did:ethr:0x1:0xab": true,
		"": false, "did": false, "did:": false, "did:web": false, "did:web:": false, "did::x": false, "did:Web:x": false,
		"did:web:x#k": false, "did:web:x/p": false, "did:web:x?q": false, "did:web:x ": false, " did:web:x": false,
		"did:web:%": false, "did:web:%3": false, "did:web:%3g": false, "did:web:a:": false, "DID:web:x": false, "did:web:ü": false,
	} {
		if got := did.IsDID(s); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}

// Documents that others made parse, and give the keys that are JWKs.
func TestDocumentsOfOthersParse(t *testing.T) {
	root := os.Getenv("DZONG_VECTORS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "vectors")
	}
	root = filepath.Join(root, "did")
	if _, err := os.Stat(root); err != nil {
		t.Skipf("no test vectors at %s: set DZONG_VECTORS", root)
	}
	documents, keys := 0, 0
	err := filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(name) != ".json" {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		var v any
		if json.Unmarshal(data, &v) != nil {
			return nil
		}
		for _, o := range find(v) {
			d, err := parse(t, o)
			if invalid := strings.Contains(filepath.Base(name), "Invalid"); invalid != (err != nil) {
				t.Errorf("%s: %v", name, err)
			}
			if err != nil {
				continue
			}
			documents++
			keys += len(d.Keys(credential.AssertionMethod))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if documents < 100 || keys < 20 {
		t.Errorf("%d documents with %d keys were read", documents, keys)
	}
	t.Logf("%d documents, %d keys for issuing", documents, keys)
}

// find gives every object in v that looks like a DID document.
func find(v any) (out []obj) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			out = append(out, find(x)...)
		}
	case obj:
		id, _ := v["id"].(string)
		if _, ok := v["verificationMethod"].([]any); ok && did.IsDID(id) {
			return []obj{v}
		}
		for _, x := range v {
			out = append(out, find(x)...)
		}
	}
	return out
}

func FuzzParseDocument(f *testing.F) {
	data, _ := json.Marshal(document(f))
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := did.ParseDocument(data)
		if (d == nil) == (err == nil) {
			t.Fatalf("document %v, error %v", d, err)
		}
		if d == nil {
			var coded *reason.Error
			if !errors.As(err, &coded) {
				t.Fatalf("no code: %v", err)
			}
			return
		}
		for _, k := range d.Keys(credential.AssertionMethod) {
			if k.IsZero() || !k.Permits(credential.AssertionMethod) {
				t.Fatal("a key that is none")
			}
		}
	})
}

// An account stands for a key that only a signature tells; nothing here recovers
// one, and says so by name.
func TestAnAccountIsNamedAndNoKey(t *testing.T) {
	const id = "did:ethr:sepolia:0xb9c5714089478a327f09197987f16f9e5d936e8a"
	for member, account := range map[string]string{
		"blockchainAccountId": "eip155:11155111:0xb9c5714089478a327f09197987f16f9e5d936e8a",
		"ethereumAddress":     "0xb9c5714089478a327f09197987f16f9e5d936e8a",
	} {
		d, err := parse(t, obj{"id": id, "verificationMethod": []any{
			obj{"id": id + "#controller", "type": "EcdsaSecp256k1RecoveryMethod2020", "controller": id, member: account}},
			"assertionMethod": []any{id + "#controller"}, "authentication": []any{id + "#controller"}})
		if err != nil {
			t.Fatal(err)
		}
		if d.Keys(credential.AssertionMethod) != nil || d.Keys(credential.Authentication) != nil ||
			len(d.Unsupported()) != 1 || d.Unsupported()[0] != id+"#controller" {
			t.Errorf("%s: %+v", member, d)
		}
	}
}
