package conformance

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/did"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	material "github.com/dzong-id/dzong/sdk/internal/vectors"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

// ldVector is somebody's linked data and what is at hand to judge it by: every
// issuer inside it, which may issue anything under the contexts that its credentials
// have.
type ldVector struct {
	data      []byte
	contexts  material.Contexts
	keys      map[string][]any // of issuers, by identifier, beside those of their DIDs
	documents map[string]json.RawMessage
	now       time.Time
	binding   cases.Binding
	policy    string
	issuers   func([]any) // changes the trust list's entries
	every     int         // how many of the single changes of the document are made
}

func ldOf(t *testing.T, path string, contexts material.Contexts) ldVector {
	t.Helper()
	return ldVector{
		data: []byte(read(t, path)), contexts: contexts, keys: map[string][]any{},
		now: time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC), binding: cases.Binding{Kind: "bearer"}, every: 1,
	}
}

// credentialsIn calls visit with every credential in v.
func credentialsIn(v any, visit func(map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		if slices.Contains(texts(v["type"]), "VerifiableCredential") {
			visit(v)
			return
		}
		for _, member := range v {
			credentialsIn(member, visit)
		}
	case []any:
		for _, e := range v {
			credentialsIn(e, visit)
		}
	}
}

// texts are the strings in v, which is one or an array.
func texts(v any) (out []string) {
	entries, ok := v.([]any)
	if !ok {
		entries = []any{v}
	}
	for _, e := range entries {
		if s, ok := e.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// trust is a trust list made of the document.
func (v ldVector) trust(t *testing.T) json.RawMessage {
	t.Helper()
	document, err := strictjson.Decode(v.data)
	if err != nil {
		document = nil // a change broke it
	}
	entries := map[string]map[string]any{}
	list := []any{}
	credentialsIn(document, func(c map[string]any) {
		id, _ := c["issuer"].(string)
		if o, ok := c["issuer"].(map[string]any); ok {
			id, _ = o["id"].(string)
		}
		if entries[id] == nil {
			entries[id] = map[string]any{"id": id, "types": []string{"*"}, "status": "none", "contexts": map[string]any{}}
			if len(v.keys[id]) > 0 {
				entries[id]["jwks"] = map[string]any{"keys": v.keys[id]}
			}
			list = append(list, entries[id])
		}
		for _, typ := range texts(c["type"]) {
			if typ != "VerifiableCredential" {
				entries[id]["contexts"].(map[string]any)[typ] = texts(c["@context"])
			}
		}
	})
	if v.issuers != nil {
		v.issuers(list)
	}
	data, err := json.Marshal(map[string]any{
		"format": 1, "number": 1, "issued": v.now.Add(-time.Hour).Format(time.RFC3339),
		"expires": v.now.Add(time.Hour).Format(time.RFC3339), "issuers": list,
	})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func (v ldVector) run(t *testing.T, trust json.RawMessage, want outcome) {
	t.Helper()
	c, files := v.asCase(trust)
	c.Expect = want.expect
	if want.reasons != nil {
		c.Reasons = &want.reasons
	}
	decide(t, c, files)
}

// notAccepted holds that v is not, whatever is said of it: a key that nobody has may
// be in a document that is not at hand.
func (v ldVector) notAccepted(t *testing.T, trust json.RawMessage) {
	t.Helper()
	c, files := v.asCase(trust)
	c.Expect = reason.Rejected
	dir := t.TempDir()
	if err := c.Write(dir, files); err != nil {
		t.Fatal(err)
	}
	loaded, err := cases.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := runner.Decide(t.Context(), loaded); err != nil || got.Accepted() {
		t.Errorf("%s, %v", got.Outcome(), err)
	}
}

func (v ldVector) asCase(trust json.RawMessage) (*cases.Case, map[string][]byte) {
	c := &cases.Case{
		Input: "input.json", Encoding: "text", Now: v.now, Binding: v.binding, Trust: trust,
		Documents: v.documents, Policy: json.RawMessage(v.policy), Contexts: map[string]string{},
	}
	files := map[string][]byte{c.Input: v.data}
	n := 0
	for url, text := range v.contexts {
		if !strings.Contains(string(v.data), url) && !strings.Contains(url, "w3") {
			continue // it cannot matter
		}
		n++
		name := fmt.Sprintf("context-%d.json", n)
		c.Contexts[url], files[name] = name, []byte(text)
	}
	return c, files
}

// runAll runs v as it is and after single changes of the document, of which every
// "every"th is made: each is a decision with all its files on disk.
func (v ldVector) runAll(t *testing.T, as outcome) {
	list := v.trust(t)
	t.Run("as it is", func(t *testing.T) { v.run(t, list, as) })
	changes := material.Changes(t, v.data)
	names := make([]string, 0, len(changes))
	for name := range changes {
		names = append(names, name)
	}
	slices.Sort(names)
	every := v.every
	if testing.Short() {
		every *= 5
	}
	for i := 0; i < len(names); i += every {
		changed := v
		changed.data = changes[names[i]]
		t.Run(names[i], func(t *testing.T) { changed.notAccepted(t, list) })
	}
	t.Run("an issuer nobody lists", func(t *testing.T) {
		v := v
		v.issuers = func(entries []any) {
			for _, e := range entries {
				e.(map[string]any)["id"] = "https://other.example"
			}
		}
		v.run(t, v.trust(t), rejected(reason.IssuerUnknown))
	})
	t.Run("a type the issuer may not issue", func(t *testing.T) {
		v := v
		v.issuers = func(entries []any) { entries[0].(map[string]any)["types"] = []string{"none"} }
		v.run(t, v.trust(t), rejected(append(slices.Clone(as.reasons), reason.IssuerNotForType)...))
	})
	t.Run("a context more than agreed on", func(t *testing.T) {
		v := v
		v.issuers = func(entries []any) {
			contexts := entries[0].(map[string]any)["contexts"].(map[string]any)
			for typ, list := range contexts {
				contexts[typ] = append(list.([]string), "https://other.example")
			}
		}
		v.run(t, v.trust(t), rejected(append(without(as.reasons, reason.ContextRefused), reason.ContextRefused)...))
	})
}

func without(codes []reason.Code, code reason.Code) []reason.Code {
	return slices.DeleteFunc(slices.Clone(codes), func(c reason.Code) bool { return c == code })
}

// multikeyJWK is the key in a did:key's fragment as a JWK under the method's name.
func multikeyJWK(t *testing.T, method string) map[string]any {
	t.Helper()
	_, fragment, _ := strings.Cut(method, "#")
	k, err := did.ParseMultikey(fragment)
	if err != nil {
		t.Fatal(err)
	}
	return k.WithID(method).JWK()
}

// W3C's vectors of the suites with plain signatures. Their issuer is an https URL,
// and their key a did:key's.
func TestConformanceDataIntegrity(t *testing.T) {
	at := material.AllContexts(t)
	for _, s := range []struct{ family, file string }{
		{"data-integrity/vc-di-eddsa", "eddsa-rdfc-2022/signedDataInt"},
		{"data-integrity/vc-di-eddsa", "eddsa-jcs-2022/signedJCS"},
		{"data-integrity/vc-di-eddsa", "Ed25519Signature2020/signedEdSig"},
		{"data-integrity/vc-di-ecdsa", "ecdsa-rdfc-2019-p256/signedECDSAP256"},
		{"data-integrity/vc-di-ecdsa", "ecdsa-rdfc-2019-p384/signedECDSAP384"},
		{"data-integrity/vc-di-ecdsa", "ecdsa-jcs-2019-p256/signedJCSECDSAP256"},
	} {
		t.Run(s.file, func(t *testing.T) {
			v := ldOf(t, filepath.Join(vectors(t, s.family), "TestVectors", s.file+".json"), at)
			proof := decodedDocument(t, v.data)["proof"].(map[string]any)
			v.keys["https://vc.example/issuers/5678"] = []any{multikeyJWK(t, proof["verificationMethod"].(string))}
			v.runAll(t, outcome{reason.Accepted, []reason.Code{}})
		})
	}
}

func decodedDocument(t *testing.T, data []byte) map[string]any {
	t.Helper()
	m, err := strictjson.DecodeObject(data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The linked-data half of DIF's JWS-Test-Suite. Contexts that stand in a document
// are put behind a URL, since contexts are not signed. What has no type but the one
// that all have is context_not_accepted and nothing else.
func TestConformanceJWSTestSuiteLinkedData(t *testing.T) {
	dir := vectors(t, "jws-test-suite")
	keys, document := suiteKeys(t, dir)
	n := 0
	for _, kind := range []string{"vc", "vp"} {
		files, _ := filepath.Glob(filepath.Join(dir, "data", "implementations", "*", "*."+kind+".json"))
		for _, f := range files {
			if !strings.Contains(read(t, f), `"jws"`) {
				if filepath.Base(filepath.Dir(f)) != "microsoft" { // SOURCE.md: "carry no proof"
					t.Errorf("%s carries no proof", f)
				}
				continue
			}
			n++
			t.Run(filepath.Base(filepath.Dir(f))+"/"+strings.TrimSuffix(filepath.Base(f), ".json"), func(t *testing.T) {
				at := material.AllContexts(t)
				v := ldOf(t, f, at)
				m := decodedDocument(t, v.data)
				at.Inline(t, m)
				var err error
				if v.data, err = json.Marshal(m); err != nil {
					t.Fatal(err)
				}
				v.now = time.Date(2023, 6, 1, 0, 0, 0, 0, time.UTC)
				v.keys["did:example:123"] = keys
				v.documents = map[string]json.RawMessage{"did:example:123": document}
				v.every = 7
				v.policy = `{"algorithms":["EdDSA","ES256","ES384","ES256K","PS256"]}`
				v.suite(t, m)
			})
		}
	}
	if n != 49 {
		t.Errorf("%d documents, want 49", n)
	}
}

// suite runs a document of the suite.
func (v ldVector) suite(t *testing.T, m map[string]any) {
	as := outcome{reason.Accepted, []reason.Code{}}
	held := 0
	credentialsIn(m, func(c map[string]any) {
		held++
		if len(texts(c["type"])) == 1 {
			as = rejected(reason.ContextRefused)
		}
		if subject, _ := c["credentialSubject"].(map[string]any); m["holder"] != nil && subject["id"] != nil {
			as.expect, as.reasons = reason.Rejected, append(as.reasons, reason.HolderBindingMismatch)
		}
	})
	if held == 0 {
		// A presentation of nothing.
		v.run(t, v.trust(t), rejected(reason.Malformed))
		return
	}
	v.runAll(t, as)
}

// Documents with a signature in the test data of aries-framework-go and of its heir.
func TestConformanceLinkedDataOfTrustBloc(t *testing.T) {
	wallet := "aries-framework-go/internal/testdata/samples/wallet"
	heir := "trustbloc-vc-go/verifiable"
	for _, c := range []struct {
		family, file string
		want         outcome
	}{
		{"aries-framework-go/test/bdd/pkg/ld", "testdata/vaccination-certificate.jsonld", outcome{reason.Accepted, []reason.Code{}}},
		// The issuer is a did:example, and the key somebody's did:key.
		{wallet, "sample_udc_vc_signed.json", outcome{reason.Indeterminate, []reason.Code{reason.KeyUnknown}}},
		// So is what stands in this, beside terms that no context defines.
		{wallet, "sample_presentation.json", rejected(reason.ClaimsNotCovered, reason.KeyUnknown)},
		// The presentation's own signature verifies, with each credential in a graph of
		// its own; what it holds has no type, and is about somebody else.
		{heir, "testdata/example_presentation_1_ed25519.jsonld", rejected(reason.ContextRefused, reason.HolderBindingMismatch)},
		{heir, "testdata/example_presentation_4.json", rejected(reason.ContextRefused, reason.HolderBindingMismatch)},
		// The holder is one did:key, and the key that signed another.
		{heir, "testdata/example_presentation_2_ed25519.json", rejected(reason.KeyUnknown)},
		{heir, "testdata/example_presentation_3_ed25519.json", rejected(reason.KeyUnknown)},
		// The presentation verifies; the issuer's did:web is not at hand.
		{heir, "testdata/example_presentation_4_p256.json", outcome{reason.Indeterminate, []reason.Code{reason.KeyUnknown}}},
		{heir, "testdata/example_presentation_4_p384.json", outcome{reason.Indeterminate, []reason.Code{reason.KeyUnknown}}},
		// Its holder is no URL.
		{heir, "testdata/example_presentation_5.json", rejected(reason.Malformed)},
		{heir, "testdata/v1_valid_credential.jsonld", rejected(reason.SignatureMissing)},
		{heir, "testdata/v2_valid_credential.jsonld", rejected(reason.SignatureMissing)},
	} {
		t.Run(filepath.Base(c.family)+"/"+filepath.Base(c.file), func(t *testing.T) {
			dir := vectors(t, c.family)
			at := material.AllContexts(t)
			for url, file := range map[string]string{
				"https://purl.imsglobal.org/spec/ob/v3p0/context.json":               "imsglobal_context",
				"https://w3id.org/citizenship/v2":                                    "citizenship_v2",
				"https://w3id.org/citizenship/v4rc1":                                 "citizenship_v4rc1",
				"https://identity.foundation/presentation-exchange/submission/v1":    "presentation_submission_v1",
				"https://w3c-ccg.github.io/lds-jws2020/contexts/lds-jws2020-v1.json": "lds_jws2020_v1",
			} {
				data, err := os.ReadFile(filepath.Join(dir, "testdata", "context", file+".jsonld"))
				if err == nil && at[url] == "" {
					at[url] = string(data)
				}
			}
			v := ldOf(t, filepath.Join(dir, filepath.FromSlash(c.file)), at)
			if c.want.expect == reason.Accepted {
				v.runAll(t, c.want)
				return
			}
			v.run(t, v.trust(t), c.want)
		})
	}
}
