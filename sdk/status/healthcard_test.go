package status_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/vectors"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/sdjwt"
	"github.com/dzong-id/dzong/sdk/status"
)

const crlURI = "https://cards.example/issuer/.well-known/crl/k1.json"

func crl() map[string]any {
	return map[string]any{
		"sub": crlURI, "iat": issued.Unix(), "ttl": 3600,
		"crl": map[string]any{"kid": "k1", "method": "rid", "ctr": 3, "rids": []any{"AQPCj4wwk6Mt", "lHKzqFUMjhs.1636977600"}},
	}
}

func rids(c map[string]any) map[string]any { return c["crl"].(map[string]any) }

func openCRL(t testing.TB, c map[string]any) (*status.List, error) {
	k := signer(t, credential.ES256, "a")
	return status.HealthCard().Open(crlURI, sign(t, k, map[string]any{"typ": status.HealthCardType, "kid": "12"}, c), only(k.Public("12"), "registry"), now)
}

func TestHealthCardListAnswersByIdentifierAndDate(t *testing.T) {
	l, err := openCRL(t, crl())
	if err != nil {
		t.Fatal(err)
	}
	at := time.Unix(1636977600, 0)
	for name, c := range map[string]struct {
		rid    string
		issued time.Time
		want   status.Value
	}{
		"listed":                {"AQPCj4wwk6Mt", at.Add(100 * time.Hour), status.Invalid},
		"not listed":            {"AQPCj4wwk6Mu", at, status.Valid},
		"listed, issued before": {"lHKzqFUMjhs", at.Add(-time.Second), status.Invalid},
		"listed, issued then":   {"lHKzqFUMjhs", at, status.Valid},
		"listed, issued later":  {"lHKzqFUMjhs", at.Add(time.Hour), status.Valid},
		"with its time":         {"lHKzqFUMjhs.1636977600", at.Add(-time.Hour), status.Valid},
	} {
		v, err := l.Find(credential.StatusReference{Mechanism: credential.StatusHealthCard, Revokee: c.rid, Issued: c.issued})
		if err != nil || v != c.want {
			t.Errorf("%s: %s, %v", name, v, err)
		}
	}
	if _, err := l.Find(credential.StatusReference{Mechanism: credential.StatusToken}); !errors.Is(err, status.ErrForm) {
		t.Errorf("a token's reference: %v", err)
	}
	if _, err := l.Lookup(0); !errors.Is(err, status.ErrRange) {
		t.Errorf("an index: %v", err)
	}
	empty := crl()
	rids(empty)["rids"] = []any{}
	if l, err = openCRL(t, empty); err != nil {
		t.Fatal(err)
	}
	if v, err := l.Find(credential.StatusReference{Mechanism: credential.StatusHealthCard, Revokee: "AQPCj4wwk6Mt"}); v != status.Valid || err != nil {
		t.Errorf("an empty list: %s, %v", v, err)
	}
}

// Each case has one cause.
func TestHealthCardRefuses(t *testing.T) {
	many := make([]any, limits.Revokees+1)
	for i := range many {
		many[i] = "x"
	}
	for name, change := range map[string]func(c map[string]any){
		"another list's sub":         func(c map[string]any) { c["sub"] = crlURI + "x" },
		"no iat":                     func(c map[string]any) { delete(c, "iat") },
		"no crl":                     func(c map[string]any) { delete(c, "crl") },
		"crl as a string":            func(c map[string]any) { c["crl"] = "{}" },
		"no kid":                     func(c map[string]any) { delete(rids(c), "kid") },
		"another key's kid":          func(c map[string]any) { rids(c)["kid"] = "k2" },
		"a kid that is an end of it": func(c map[string]any) { rids(c)["kid"] = "1" },
		"no method":                  func(c map[string]any) { delete(rids(c), "method") },
		"another method":             func(c map[string]any) { rids(c)["method"] = "invalid-method" },
		"no ctr":                     func(c map[string]any) { delete(rids(c), "ctr") },
		"ctr zero":                   func(c map[string]any) { rids(c)["ctr"] = 0 },
		"ctr as a string":            func(c map[string]any) { rids(c)["ctr"] = "1" },
		"no rids":                    func(c map[string]any) { delete(rids(c), "rids") },
		"rids as an object":          func(c map[string]any) { rids(c)["rids"] = map[string]any{} },
		"too many rids":              func(c map[string]any) { rids(c)["rids"] = many },
		"a rid that is a number":     func(c map[string]any) { rids(c)["rids"] = []any{1} },
		"an empty rid":               func(c map[string]any) { rids(c)["rids"] = []any{""} },
		"a rid with padding":         func(c map[string]any) { rids(c)["rids"] = []any{"base64=="} },
		"a rid too long":             func(c map[string]any) { rids(c)["rids"] = []any{strings.Repeat("a", 25)} },
		"a rid with a line end":      func(c map[string]any) { rids(c)["rids"] = []any{"abc\n"} },
		"a rid twice":                func(c map[string]any) { rids(c)["rids"] = []any{"abc", "abc.1"} },
		"a time without a number":    func(c map[string]any) { rids(c)["rids"] = []any{"abc."} },
		"a time before 1970":         func(c map[string]any) { rids(c)["rids"] = []any{"abc.-1"} },
		"a time in milliseconds":     func(c map[string]any) { rids(c)["rids"] = []any{"abc.1636977600000"} },
		"two times":                  func(c map[string]any) { rids(c)["rids"] = []any{"abc.1.2"} },
	} {
		t.Run(name, func(t *testing.T) {
			c := crl()
			change(c)
			l, err := openCRL(t, c)
			refused(t, l, err)
		})
	}
	k := signer(t, credential.ES256, "a")
	plain, err := json.Marshal(rids(crl()))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"as published, unsigned": plain,
		"a token's typ":          sign(t, k, header(), crl()),
		"unsecured":              []byte(encode([]byte(`{"alg":"none","typ":"shc-crl+jwt"}`)) + "." + encode(plain) + "."),
	} {
		l, err := status.HealthCard().Open(crlURI, data, only(k.Public("12"), "registry"), now)
		t.Log(name)
		refused(t, l, err)
	}
	l, err := status.HealthCard().Open(crlURI, sign(t, k, map[string]any{"typ": status.HealthCardType, "kid": "12"}, crl()), only(k.Public("12").WithID("13"), "registry"), now)
	refused(t, l, err)
	if !strings.Contains(err.Error(), string(reason.KeyUnknown)) {
		t.Error(err)
	}
}

func vectorDir(t testing.TB, path ...string) string {
	t.Helper()
	return vectors.Folder(t, strings.Join(path, "/"))
}

// The dev tools publish a good list and five bad ones. Of these, the one whose
// counter is not that of the key set opens here; see HealthCard.
func TestConformanceHealthCardLists(t *testing.T) {
	root := vectorDir(t, "qr-offline", "smart-health-cards-dev-tools")
	files, _ := filepath.Glob(filepath.Join(root, "testdata", "badcrl", "*", ".well-known", "crl", "*.json"))
	more, _ := filepath.Glob(filepath.Join(root, "spec-issuer", "3Kfdg*.json"))
	good, bad := 0, 0
	for _, path := range append(files, more...) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var list map[string]any
		if err := json.Unmarshal(data, &list); err != nil {
			t.Fatal(err)
		}
		uri := "https://spec.smarthealth.cards/examples/issuer/.well-known/crl/" + filepath.Base(path)
		k := signer(t, credential.ES256, "a")
		l, err := status.HealthCard().Open(uri, sign(t, k, map[string]any{"typ": status.HealthCardType, "kid": "12"},
			map[string]any{"sub": uri, "iat": issued.Unix(), "crl": list}), only(k.Public("12"), "registry"), now)
		if strings.Contains(path, "spec-issuer") || strings.Contains(path, "version-mismatch") {
			if err != nil {
				t.Errorf("%s: %v", path, err)
			}
			good++
			continue
		}
		refused(t, l, err)
		bad++
	}
	t.Logf("%d opened, %d refused", good, bad)
	if good != 2 || bad != 4 {
		t.Errorf("%d good and %d bad lists: the material has changed", good, bad)
	}
}

// The specifications' examples are not signed; here they are, as they stand but
// for what makes them readable at all.
func TestConformanceW3CStatusExamples(t *testing.T) {
	lists, entries := 0, 0
	files, _ := filepath.Glob(filepath.Join(vectorDir(t, "status", "bitstring-status-list"), "spec-examples", "*"))
	more, _ := filepath.Glob(filepath.Join(vectorDir(t, "status", "revocation-list-2020"), "spec-examples", "*"))
	files = append(files, more...)
	for _, path := range files {
		doc := vectors.Example(t, path)
		if s, isCredential := doc["credentialStatus"]; isCredential {
			// The example with messages leaves the last of four out with dots.
			if m, ok := s.(map[string]any); ok && m["statusMessage"] != nil {
				m["statusMessage"] = append(m["statusMessage"].([]any), map[string]any{"status": "0x3", "message": "..."})
			}
			refs, err := credential.W3CStatus(useNumber(t, s))
			if err != nil || len(refs) == 0 {
				t.Errorf("%s: %v, %v", path, refs, err)
			}
			for _, r := range refs {
				if r.Index == 0 || r.URI == "" || r.Purpose == "" {
					t.Errorf("%s: %+v", path, r)
				}
				entries++
			}
			continue
		}
		k := signer(t, credential.ES256, "a")
		id := doc["id"].(string)
		keys := only(k.Public("12"), "did:example:12345")
		good := secured(t, k, doc)
		l, err := openAs(id, good, keys)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		for _, index := range []uint64{0, 94567, l.Len() - 1} {
			if v, err := l.Lookup(index); v != status.Valid || err != nil {
				t.Errorf("%s: index %d is %s, %v", path, index, v, err)
			}
		}
		lists++
		// Whatever one character of it is changed to, it is refused.
		for at := 0; at < len(good)-1; at += 7 {
			changed := append([]byte{}, good...)
			changed[at]++
			l, err := openAs(id, changed, keys)
			refused(t, l, err)
		}
		l, err = openAs(id+"x", good, keys)
		refused(t, l, err)
	}
	t.Logf("%d lists, %d entries", lists, entries)
	if lists != 3 || entries != 9 {
		t.Errorf("%d lists and %d entries: the material has changed", lists, entries)
	}
}

func openAs(uri string, data []byte, keys credential.Keys) (*status.List, error) {
	return status.Credential(sdjwt.Mechanism()).Open(uri, data, keys, now)
}

func useNumber(t *testing.T, v any) any {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func FuzzHealthCard(f *testing.F) {
	good, err := json.Marshal(crl())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	k := signer(f, credential.EdDSA, "a")
	keys := only(k.Public("12"), "registry")
	f.Fuzz(func(t *testing.T, payload []byte) {
		compact, err := jws.Sign(map[string]any{"typ": status.HealthCardType, "kid": "12"}, payload, k)
		if err != nil {
			t.Skip()
		}
		l, err := status.HealthCard().Open(crlURI, []byte(compact), keys, now)
		if (l == nil) == (err == nil) {
			t.Fatalf("list %v, error %v", l, err)
		}
		if l != nil {
			if _, err := l.Find(credential.StatusReference{Mechanism: credential.StatusHealthCard, Revokee: "x"}); err != nil {
				t.Fatal(err)
			}
		}
	})
}
