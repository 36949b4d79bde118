package trust_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/trust"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

var at = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

func key(t testing.TB, alg credential.Algorithm, seed string) *jws.PrivateKey {
	t.Helper()
	k, err := jws.Derive(alg, []byte(seed))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

type obj = map[string]any

// full is a list with every field of the format.
func full(t testing.TB) obj {
	t.Helper()
	return obj{
		"format": 1, "number": 7, "issued": "2026-11-01T00:00:00Z", "expires": "2026-12-01T00:00:00.5+06:00",
		"issuers": []any{
			obj{
				"id":    "https://registry.example",
				"names": obj{"en": "Registry", "dz": "ཐོ་བཀོད།"},
				"types": []any{"https://registry.example/id", "Citizen"},
				"jwks":  obj{"keys": []any{key(t, credential.ES256, "a").JWK("k1"), key(t, credential.EdDSA, "b").JWK("k2")}},
				"x509": []any{
					obj{"cert": signerPEM(t)},
					obj{"cert": authorityPEM(t), "leaf": obj{"san": "registry.example", "eku": "1.0.18013.5.1.2"}},
				},
				"dids":           []any{"did:web:registry.example"},
				"contexts":       obj{"Citizen": []any{"https://www.w3.org/2018/credentials/v1", "https://registry.example/schema"}},
				"valid_from":     "2026-01-01T00:00:00Z",
				"valid_until":    "2027-01-01T00:00:00Z",
				"revoked_keys":   []any{obj{"kid": "k0", "from": "2026-06-01T00:00:00Z"}},
				"status":         "optional",
				"status_signers": []any{"https://status.example"},
				"status_lists":   []any{"https://status.example/1", "https://status.example/2"},
			},
			obj{"id": "https://status.example", "status_lists": []any{"https://status.example/2", "https://status.example/3"}},
		},
		"contexts": obj{
			"https://www.w3.org/2018/credentials/v1": obj{"sha256": sum("v1")},
			"https://registry.example/schema":        obj{"sha256": sum("schema"), "url": "https://mirror.example/schema?v=1"},
		},
		"documents": obj{
			"did:web:registry.example":                                    obj{"max_age_s": 3600},
			"did:web:pinned.example":                                      obj{"sha256": sum("web"), "url": "https://mirror.example/did.json"},
			"did:ethr:sepolia:0xb9c5714089478a327f09197987f16f9e5d936e8a": obj{"sha256": sum("ethr")},
		},
	}
}

func sum(of string) string {
	digest := sha256.Sum256([]byte(of))
	return base64.RawURLEncoding.EncodeToString(digest[:])
}

func issuer(o obj, n int) obj { return o["issuers"].([]any)[n].(obj) }

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestParseReadsEveryField(t *testing.T) {
	data := marshal(t, full(t))
	l, err := trust.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	if l.Number != 7 || !l.Issued.Equal(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)) ||
		!l.Expires.Equal(time.Date(2026, 11, 30, 18, 0, 0, 5e8, time.UTC)) {
		t.Errorf("number %d, issued %v, expires %v", l.Number, l.Issued, l.Expires)
	}
	i, ok := l.Issuer("https://registry.example")
	if !ok {
		t.Fatal("no such issuer")
	}
	want := &trust.Issuer{
		ID:            "https://registry.example",
		Names:         map[string]string{"en": "Registry", "dz": "ཐོ་བཀོད།"},
		Types:         []string{"https://registry.example/id", "Citizen"},
		DIDs:          []string{"did:web:registry.example"},
		Contexts:      map[string][]string{"Citizen": {"https://www.w3.org/2018/credentials/v1", "https://registry.example/schema"}},
		ValidFrom:     time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		ValidUntil:    time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC),
		Status:        trust.StatusOptional,
		StatusSigners: []string{"https://status.example"},
		StatusLists:   []string{"https://status.example/1", "https://status.example/2"},
	}
	ignore := cmp.FilterPath(func(p cmp.Path) bool {
		f, ok := p.Last().(cmp.StructField)
		return ok && (f.Name() == "keys" || f.Name() == "anchors" || f.Name() == "revoked" || f.Name() == "fixed")
	}, cmp.Ignore())
	if d := cmp.Diff(want, i, ignore); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"https://status.example/1", "https://status.example/2", "https://status.example/3"}, l.StatusLists()); d != "" {
		t.Error(d)
	}
	if other, _ := l.Issuer("https://status.example"); other.Status != trust.StatusRequired {
		t.Errorf("status is %q where the list says nothing", other.Status)
	}
	if _, ok := l.Issuer("https://REGISTRY.example"); ok {
		t.Error("an issuer is found by a name that is not exactly its own")
	}
	if len(l.Issuers()) != 2 {
		t.Errorf("%d issuers", len(l.Issuers()))
	}
}

func compiled(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(trust.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("trust.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("trust.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func conforms(t testing.TB, s *jsonschema.Schema, data []byte) bool {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc) == nil
}

func TestSchemaAndParserAcceptTheSame(t *testing.T) {
	s := compiled(t)
	for name, change := range map[string]func(o obj){
		"every field":            func(obj) {},
		"no issuers":             func(o obj) { o["issuers"] = []any{} },
		"an issuer with only id": func(o obj) { o["issuers"] = []any{obj{"id": "x"}} },
		"the largest number":     func(o obj) { o["number"] = int64(1<<53 - 1) },
		"an offset":              func(o obj) { o["issued"] = "2026-11-01T00:00:00-05:30" },
		"a country as issuer":    func(o obj) { issuer(o, 0)["id"] = "BT" },
		"every type":             func(o obj) { issuer(o, 0)["types"] = []any{"*"} },
		"no type":                func(o obj) { issuer(o, 0)["types"] = []any{} },
		"one name":               func(o obj) { issuer(o, 0)["names"] = obj{"en": "Registry"} },
		"no names":               func(o obj) { issuer(o, 0)["names"] = obj{} },
		"a key of each kind": func(o obj) {
			keys := []any{}
			for _, a := range []credential.Algorithm{credential.ES256, credential.ES384, credential.ES512, credential.ES256K, credential.EdDSA} {
				keys = append(keys, key(t, a, "x").JWK(""))
			}
			issuer(o, 0)["jwks"] = obj{"keys": keys}
		},
		"a key with members nobody knows": func(o obj) {
			jwk := key(t, credential.ES256, "x").JWK("k")
			jwk["use"], jwk["alg"], jwk["ext"] = "sig", "ES256", true
			issuer(o, 0)["jwks"] = obj{"keys": []any{jwk}}
		},
		"no contexts and documents": func(o obj) { delete(o, "contexts"); delete(o, "documents") },
		"no context":                func(o obj) { o["contexts"] = obj{} },
		"a context by a name that is no https URL": func(o obj) {
			o["contexts"] = obj{"http://schema.org": obj{"sha256": sum("x")}}
		},
		"a log at another address": func(o obj) {
			o["documents"] = obj{"did:webvh:QmX:registry.example": obj{"url": "https://watcher.example/log", "max_age_s": 31536000}}
		},
		"a document of which only the method speaks": func(o obj) { o["documents"] = obj{"did:web:registry.example": obj{}} },
	} {
		t.Run(name, func(t *testing.T) {
			o := full(t)
			change(o)
			data := marshal(t, o)
			if _, err := trust.Parse(data); err != nil {
				t.Errorf("the parser refuses it: %v", err)
			}
			if !conforms(t, s, data) {
				t.Error("the schema refuses it")
			}
		})
	}
}

// Each case has one cause. inSchema is false for what no schema can say.
func TestSchemaAndParserRefuseTheSame(t *testing.T) {
	const inSchema, beyondSchema = true, false
	s := compiled(t)
	jwk := func(change func(m obj)) func(o obj) {
		return func(o obj) {
			m := key(t, credential.ES256, "x").JWK("k")
			change(m)
			issuer(o, 0)["jwks"] = obj{"keys": []any{m}}
		}
	}
	set := func(name string, v any) func(o obj) { return func(o obj) { o[name] = v } }
	entry := func(name string, v any) func(o obj) { return func(o obj) { issuer(o, 0)[name] = v } }
	drop := func(name string) func(o obj) { return func(o obj) { delete(o, name) } }
	x509 := func(v ...any) func(o obj) { return entry("x509", v) }
	for _, c := range []struct {
		name   string
		schema bool
		change func(o obj)
	}{
		{"no format", inSchema, drop("format")},
		{"another format", inSchema, set("format", 2)},
		{"format as a string", inSchema, set("format", "1")},
		{"no number", inSchema, drop("number")},
		{"number zero", inSchema, set("number", 0)},
		{"number negative", inSchema, set("number", -1)},
		{"number with a fraction", inSchema, set("number", 1.5)},
		{"number beyond 2^53", inSchema, set("number", int64(1<<53))},
		{"number as a string", inSchema, set("number", "7")},
		{"number null", inSchema, set("number", nil)},
		{"no issued", inSchema, drop("issued")},
		{"no expires", inSchema, drop("expires")},
		{"expires as a date", inSchema, set("expires", "2026-12-01")},
		{"expires in small letters", inSchema, set("expires", "2026-12-01t00:00:00z")},
		{"expires without a zone", inSchema, set("expires", "2026-12-01T00:00:00")},
		{"expires with a comma", inSchema, set("expires", "2026-12-01T00:00:00,5Z")},
		{"expires on a day that is none", inSchema, set("expires", "2026-02-30T00:00:00Z")},
		{"expires at an hour that is none", inSchema, set("expires", "2026-12-01T24:00:00Z")},
		{"expires with an offset that is none", inSchema, set("expires", "2026-12-01T00:00:00+24:00")},
		{"expires as a number", inSchema, set("expires", 1790000000)},
		{"expires before issued", beyondSchema, set("expires", "2026-10-01T00:00:00Z")},
		{"no issuers", inSchema, drop("issuers")},
		{"issuers null", inSchema, set("issuers", nil)},
		{"issuers as an object", inSchema, set("issuers", obj{})},
		{"a member nobody knows", inSchema, set("x", 1)},
		{"a member in another case", inSchema, set("Number", 7)},
		{"an issuer that is no object", inSchema, set("issuers", []any{"x"})},
		{"an issuer without id", inSchema, func(o obj) { delete(issuer(o, 0), "id") }},
		{"an issuer with an empty id", inSchema, entry("id", "")},
		{"an issuer twice", beyondSchema, entry("id", "https://status.example")},
		{"an issuer with a member nobody knows", inSchema, entry("type", "x")},
		{"names in another language", inSchema, entry("names", obj{"de": "Amt"})},
		{"names empty", inSchema, entry("names", obj{"en": ""})},
		{"names as a string", inSchema, entry("names", "Registry")},
		{"types as a string", inSchema, entry("types", "*")},
		{"types with an empty one", inSchema, entry("types", []any{""})},
		{"types with one twice", inSchema, entry("types", []any{"a", "a"})},
		{"types null", inSchema, entry("types", nil)},
		{"jwks as an array", inSchema, entry("jwks", []any{})},
		{"jwks without keys", inSchema, entry("jwks", obj{})},
		{"jwks with a member nobody knows", inSchema, entry("jwks", obj{"keys": []any{}, "x": 1})},
		{"a key that is no object", inSchema, entry("jwks", obj{"keys": []any{"x"}})},
		{"a private key", inSchema, jwk(func(m obj) { m["d"] = m["x"] })},
		{"a symmetric key", inSchema, entry("jwks", obj{"keys": []any{obj{"kty": "oct", "k": "AAAA"}}})},
		{"a key for encryption", inSchema, jwk(func(m obj) { m["use"] = "enc" })},
		{"a key on a curve nobody knows", inSchema, jwk(func(m obj) { m["crv"] = "P-192" })},
		{"a key without y", inSchema, jwk(func(m obj) { delete(m, "y") })},
		{"a key off its curve", beyondSchema, jwk(func(m obj) { m["y"] = m["x"] })},
		{"a key for an algorithm of another kind", beyondSchema, jwk(func(m obj) { m["alg"] = "EdDSA" })},
		{"a kid that is no string", inSchema, jwk(func(m obj) { m["kid"] = 1 })},
		{"x509 as an object", inSchema, entry("x509", obj{})},
		{"x509 without a certificate", inSchema, x509(obj{})},
		{"x509 that is no PEM", inSchema, x509(obj{"cert": "MIIB"})},
		{"x509 with a private key", inSchema, x509(obj{"cert": strings.ReplaceAll(signerPEM(t), "CERTIFICATE", "PRIVATE KEY")})},
		{"x509 with two certificates", beyondSchema, x509(obj{"cert": signerPEM(t) + signerPEM(t)})},
		{"x509 that is no certificate", beyondSchema, x509(obj{"cert": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"})},
		{"x509 with a member nobody knows", inSchema, x509(obj{"cert": signerPEM(t), "san": "x"})},
		{"a leaf rule that says nothing", inSchema, x509(obj{"cert": authorityPEM(t), "leaf": obj{}})},
		{"a leaf rule with an empty name", inSchema, x509(obj{"cert": authorityPEM(t), "leaf": obj{"san": ""}})},
		{"a leaf rule with a usage by name", inSchema, x509(obj{"cert": authorityPEM(t), "leaf": obj{"eku": "serverAuth"}})},
		{"a leaf rule with a member nobody knows", inSchema, x509(obj{"cert": authorityPEM(t), "leaf": obj{"san": "x", "cn": "y"}})},
		{"a leaf rule under no authority", beyondSchema, x509(obj{"cert": signerPEM(t), "leaf": obj{"san": "x"}})},
		{"dids with none", inSchema, entry("dids", []any{"https://registry.example"})},
		{"dids with a DID URL", inSchema, entry("dids", []any{"did:web:x#key-1"})},
		{"dids with a capital method", inSchema, entry("dids", []any{"did:Web:x"})},
		{"dids twice", inSchema, entry("dids", []any{"did:web:x", "did:web:x"})},
		{"contexts as an array", inSchema, entry("contexts", []any{})},
		{"contexts with nothing for a type", inSchema, entry("contexts", obj{"A": []any{}})},
		{"contexts with a string", inSchema, entry("contexts", obj{"A": "https://x"})},
		{"contexts with an object", inSchema, entry("contexts", obj{"A": []any{obj{}}})},
		{"valid_from as a number", inSchema, entry("valid_from", 0)},
		{"valid_until before valid_from", beyondSchema, entry("valid_until", "2025-01-01T00:00:00Z")},
		{"a revoked key without from", inSchema, entry("revoked_keys", []any{obj{"kid": "k"}})},
		{"a revoked key without kid", inSchema, entry("revoked_keys", []any{obj{"from": "2026-06-01T00:00:00Z"}})},
		{"a revoked key as a string", inSchema, entry("revoked_keys", []any{"k"})},
		{"a revoked key with a member nobody knows", inSchema, entry("revoked_keys", []any{obj{"kid": "k", "from": "2026-06-01T00:00:00Z", "why": "x"}})},
		{"pinned contexts as an array", inSchema, set("contexts", []any{})},
		{"pinned contexts null", inSchema, set("contexts", nil)},
		{"a pinned context as a string", inSchema, set("contexts", obj{"https://x": sum("x")})},
		{"a pinned context without sha256", inSchema, set("contexts", obj{"https://x": obj{}})},
		{"a pinned context without a name", inSchema, set("contexts", obj{"": obj{"sha256": sum("x")}})},
		{"a pinned context with a member nobody knows", inSchema, set("contexts", obj{"https://x": obj{"sha256": sum("x"), "x": 1}})},
		{"a pinned context with a short digest", inSchema, set("contexts", obj{"https://x": obj{"sha256": sum("x")[1:]}})},
		{"a pinned context with a padded digest", inSchema, set("contexts", obj{"https://x": obj{"sha256": sum("x") + "="}})},
		{"a pinned context with a digest in hexadecimal", inSchema, set("contexts", obj{"https://x": obj{"sha256": strings.Repeat("ab", 32)}})},
		{"a pinned context with bits behind its digest", inSchema, set("contexts", obj{"https://x": obj{"sha256": strings.Repeat("A", 42) + "B"}})},
		{"a pinned context at an http address", inSchema, set("contexts", obj{"https://x": obj{"sha256": sum("x"), "url": "http://x"}})},
		{"a pinned context at an address with a user", inSchema, set("contexts", obj{"https://x": obj{"sha256": sum("x"), "url": "https://u@x"}})},
		{"a pinned context at an address with a fragment", inSchema, set("contexts", obj{"https://x": obj{"sha256": sum("x"), "url": "https://x/#y"}})},
		{"a pinned context at an address that is none", beyondSchema, set("contexts", obj{"https://x": obj{"sha256": sum("x"), "url": "https://x:y/"}})},
		{"documents as an array", inSchema, set("documents", []any{})},
		{"a document as a string", inSchema, set("documents", obj{"did:web:x": sum("x")})},
		{"a document of no DID", inSchema, set("documents", obj{"https://x": obj{"sha256": sum("x")}})},
		{"a document of a DID URL", inSchema, set("documents", obj{"did:web:x#k": obj{"sha256": sum("x")}})},
		{"a document with a member nobody knows", inSchema, set("documents", obj{"did:web:x": obj{"sha-256": sum("x")}})},
		{"a document at a file address", inSchema, set("documents", obj{"did:web:x": obj{"sha256": sum("x"), "url": "file:///x"}})},
		{"a document of a did:key", beyondSchema, set("documents", obj{"did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK": obj{"sha256": sum("x")}})},
		{"a document of a did:ethr that is not pinned", beyondSchema, set("documents", obj{"did:ethr:0xb9c5714089478a327f09197987f16f9e5d936e8a": obj{"url": "https://x/y"}})},
		{"a document of a did:polygon that is not pinned", beyondSchema, set("documents", obj{"did:polygon:0xb9c5714089478a327f09197987f16f9e5d936e8a": obj{}})},
		{"a document of a did:web at another host", beyondSchema, set("documents", obj{"did:web:x": obj{"url": "https://y/did.json"}})},
		{"a log that is pinned", beyondSchema, set("documents", obj{"did:webvh:QmX:x": obj{"sha256": sum("x")}})},
		{"a pinned document with an age", inSchema, set("documents", obj{"did:web:x": obj{"sha256": sum("x"), "max_age_s": 60}})},
		{"a document with no age", inSchema, set("documents", obj{"did:web:x": obj{"max_age_s": 0}})},
		{"a document that counts longer than a year", inSchema, set("documents", obj{"did:web:x": obj{"max_age_s": 31536001}})},
		{"a document with an age in words", inSchema, set("documents", obj{"did:web:x": obj{"max_age_s": "7 days"}})},
		{"status in another word", inSchema, entry("status", "Required")},
		{"status null", inSchema, entry("status", nil)},
		{"status empty", inSchema, entry("status", "")},
		{"the deny list, and nothing to look up in it", inSchema, entry("status", "deny_list")},
		{"an identifier, and no deny list", inSchema, entry("deny_by", []any{"id"})},
		{"an identifier that is no path", inSchema, together(entry("status", "deny_list"), entry("deny_by", "id"))},
		{"an empty path of the identifier", inSchema, together(entry("status", "deny_list"), entry("deny_by", []any{}))},
		{"an identifier below nothing", inSchema, together(entry("status", "deny_list"), entry("deny_by", []any{"", "id"}))},
		{"an identifier in an array", inSchema, together(entry("status", "deny_list"), entry("deny_by", []any{"ids", 0}))},
		{"an identifier that is null", inSchema, together(entry("status", "deny_list"), entry("deny_by", nil))},
		{"an identifier deeper than any document", inSchema, together(entry("status", "deny_list"), entry("deny_by", slices.Repeat([]any{"a"}, 33)))},
		{"a deny list that is not fetched by https", inSchema, set("deny_list", "http://x.example/deny")},
		{"a deny list at nothing", inSchema, set("deny_list", "")},
		{"a deny list that is null", inSchema, set("deny_list", nil)},
		{"status_signers as a string", inSchema, entry("status_signers", "x")},
		{"status_lists with a number", inSchema, entry("status_lists", []any{1})},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := full(t)
			c.change(o)
			data := marshal(t, o)
			l, err := trust.Parse(data)
			var coded *reason.Error
			if l != nil || !errors.As(err, &coded) || coded.Code != reason.Malformed {
				t.Errorf("the parser gives %v, %v; want malformed", l, err)
			}
			if conforms(t, s, data) == c.schema {
				t.Errorf("the schema accepts it: %v", c.schema)
			}
		})
	}
}

func together(changes ...func(o obj)) func(o obj) {
	return func(o obj) {
		for _, change := range changes {
			change(o)
		}
	}
}

func TestAnIssuerWithoutAListOfItsOwn(t *testing.T) {
	o := full(t)
	path := []any{"credentialSubject", "revocation_id", "revocation_id"}
	together(func(o obj) { o["deny_list"] = "https://authority.example/deny" },
		func(o obj) { issuer(o, 0)["status"] = "deny_list"; issuer(o, 0)["deny_by"] = path })(o)
	data := marshal(t, o)
	l, err := trust.Parse(data)
	if err != nil || !conforms(t, compiled(t), data) {
		t.Fatalf("%v, or the schema refuses it", err)
	}
	i := l.Issuers()[0]
	if l.DenyList != "https://authority.example/deny" || i.Status != trust.StatusDenyList || fmt.Sprint(i.DenyBy) != fmt.Sprint(path) {
		t.Errorf("%q, %q, %v", l.DenyList, i.Status, i.DenyBy)
	}
}

func TestParseRefusesBytesThatAreReadTwoWays(t *testing.T) {
	good := string(marshal(t, full(t)))
	for name, data := range map[string]string{
		"a repeated name":   strings.Replace(good, `"number":7`, `"number":7,"number":8`, 1),
		"something behind":  good + "x",
		"a byte order mark": "\ufeff" + good,
		"invalid UTF-8":     strings.Replace(good, "Registry", "\xff", 1),
		"an array":          "[" + good + "]",
		"nothing":           "",
		"a number like 7.0": strings.Replace(good, `"number":7`, `"number":7.0`, 1),
		"a number like 07":  strings.Replace(good, `"number":7`, `"number":07`, 1),
		"a format like 1e0": strings.Replace(good, `"format":1`, `"format":1e0`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			if l, err := trust.Parse([]byte(data)); err == nil || l != nil {
				t.Errorf("got %v, %v", l, err)
			}
		})
	}
}

func TestParseStaysWithinLimits(t *testing.T) {
	var many []any
	for n := range limits.Issuers + 1 {
		many = append(many, obj{"id": fmt.Sprint(n)})
	}
	o := full(t)
	o["issuers"] = many
	for name, data := range map[string][]byte{
		"bytes":   append(marshal(t, full(t)), bytes.Repeat([]byte(" "), limits.TrustList)...),
		"issuers": marshal(t, o),
		"values":  []byte(`{"x":[` + strings.Repeat("0,", limits.TrustListValues) + `0]}`),
		"depth":   []byte(`{"x":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + `}`),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := trust.Parse(data)
			var coded *reason.Error
			if !errors.As(err, &coded) || coded.Code != reason.TooLarge {
				t.Errorf("got %v; want too_large", err)
			}
		})
	}
	o["issuers"] = many[:limits.Issuers]
	if _, err := trust.Parse(marshal(t, o)); err != nil {
		t.Errorf("the largest list is refused: %v", err)
	}
}

func TestErrorsSayWhereAndRepeatNothing(t *testing.T) {
	o := full(t)
	issuer(o, 1)["marker-4711"] = 1
	_, err := trust.Parse(marshal(t, o))
	if err == nil || !strings.Contains(err.Error(), "issuers[1]") || strings.Contains(err.Error(), "marker") {
		t.Errorf("got %v", err)
	}
	o = full(t)
	issuer(o, 0)["valid_from"] = "marker-4711"
	_, err = trust.Parse(marshal(t, o))
	if err == nil || !strings.Contains(err.Error(), "issuers[0].valid_from") || strings.Contains(err.Error(), "marker") {
		t.Errorf("got %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(marshal(f, full(f)))
	f.Add([]byte(`{"format":1,"number":1,"issued":"2026-11-01T00:00:00Z","expires":"2026-12-01T00:00:00Z","issuers":[{"id":"did:web:x","types":["*"]}]}`))
	s := compiled(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := trust.Parse(data)
		if (l == nil) == (err == nil) {
			t.Fatalf("list %v, error %v", l, err)
		}
		if err != nil {
			var coded *reason.Error
			if !errors.As(err, &coded) {
				t.Fatalf("no code: %v", err)
			}
			return
		}
		// Whatever the parser takes, the schema takes.
		if !conforms(t, s, data) {
			t.Fatal("the schema refuses what the parser accepts")
		}
		l.Keys(nil, at).Find(credential.Signer{ID: "did:web:x", Algorithm: credential.ES256})
		l.Keys(nil, at).Find(credential.Signer{Role: credential.RoleStatusProvider, Algorithm: credential.ES256})
	})
}
