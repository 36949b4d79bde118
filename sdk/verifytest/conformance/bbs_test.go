package conformance

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	material "github.com/dzong-id/dzong/sdk/internal/vectors"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

// bbsVector is somebody's credential with a BBS signature, as a bearer copy, and what
// is at hand to judge it by: an issuer that may issue anything under the credential's
// own contexts.
type bbsVector struct {
	credential map[string]any
	contexts   material.Contexts
	documents  map[string]json.RawMessage
	now        time.Time
	types      []string // what the trust list permits; anything if nil
	issuer     string   // whom it has; the credential's if empty
}

func (v bbsVector) list(name string) (out []string) {
	entries, ok := v.credential[name].([]any)
	if !ok {
		entries = []any{v.credential[name]}
	}
	for _, e := range entries {
		if s, ok := e.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

func (v bbsVector) run(t *testing.T, input []byte, want outcome) {
	t.Helper()
	issuer, _ := v.credential["issuer"].(string)
	if m, ok := v.credential["issuer"].(map[string]any); ok {
		issuer, _ = m["id"].(string)
	}
	entry := map[string]any{"id": issuer, "types": []string{"*"}, "status": "none"}
	if v.types != nil {
		entry["types"] = v.types
	}
	if v.issuer != "" {
		entry["id"] = v.issuer
	}
	method, _ := v.credential["proof"].(map[string]any)["verificationMethod"].(string)
	if did, _, _ := strings.Cut(method, "#"); did != issuer {
		entry["dids"] = []string{did}
	}
	agreed := map[string]any{}
	for _, typ := range v.list("type") {
		agreed[typ] = v.list("@context")
	}
	entry["contexts"] = agreed
	trust, err := json.Marshal(map[string]any{
		"format": 1, "number": 1, "issued": v.now.Add(-time.Hour).Format(time.RFC3339), "expires": v.now.Add(time.Hour).Format(time.RFC3339),
		"issuers": []any{entry},
	})
	if err != nil {
		t.Fatal(err)
	}
	c := &cases.Case{Input: "credential.json", Encoding: "text", Now: v.now, Binding: cases.Binding{Kind: "bearer"}, Trust: trust,
		Documents: v.documents, Contexts: map[string]string{}, Expect: want.expect}
	if want.reasons != nil {
		c.Reasons = &want.reasons
	}
	files := map[string][]byte{c.Input: input}
	for _, url := range v.needed() {
		name := "context-" + fileName(url) + ".json"
		c.Contexts[url], files[name] = name, v.contexts.Context(url)
	}
	decide(t, c, files)
}

// needed are the credential's contexts, and one that the examples' leads to.
func (v bbsVector) needed() []string {
	out := v.list("@context")
	if slices.Contains(out, "https://www.w3.org/2018/credentials/examples/v1") {
		out = append(out, "https://www.w3.org/ns/odrl.jsonld")
	}
	return out
}

// runAll accepts the vector and refuses it after every single change.
func (v bbsVector) runAll(t *testing.T) {
	t.Helper()
	data, err := json.Marshal(v.credential)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("accepted", func(t *testing.T) { v.run(t, data, outcome{reason.Accepted, []reason.Code{}}) })
	t.Run("another issuer is trusted", func(t *testing.T) {
		o := v
		o.issuer = "https://stranger.example"
		o.run(t, data, rejected(reason.IssuerUnknown))
	})
	t.Run("other types are trusted", func(t *testing.T) {
		o := v
		o.types = []string{"Licence"}
		o.run(t, data, rejected(reason.IssuerNotForType))
	})
	for name, changed := range material.Changes(t, data) {
		t.Run(name, func(t *testing.T) {
			// What is left of some is no credential, so only that they are refused is said.
			v.run(t, changed, outcome{expect: reason.Rejected})
		})
	}
}

func readObject(t *testing.T, path string) map[string]any {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := strictjson.DecodeObject(data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// W3C's derived credentials of bbs-2023, baseline. What else is in the family is said
// in package bbs2023.
func TestConformanceBBS2023(t *testing.T) {
	root := filepath.Join(vectors(t, "data-integrity/vc-di-bbs"), "TestVectors")
	for _, name := range []string{"derivedRevealDocument.json", "prc/derivedRevealDocument.json"} {
		t.Run(name, func(t *testing.T) {
			v := bbsVector{credential: readObject(t, filepath.Join(root, name)), contexts: material.AllContexts(t), now: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)}
			v.contexts.Inline(t, v.credential)
			v.runAll(t)
		})
	}
}

// MATTR's and aries-framework-go's credentials with the suites of 2020, by keys that
// are at hand. What else is in the families is said in package bbs2020.
func TestConformanceBBS2020(t *testing.T) {
	mattr := filepath.Join(vectors(t, "data-integrity/mattr-jsonld-signatures-bbs"))
	aries := vectors(t, "aries-framework-go")
	key := readObject(t, filepath.Join(mattr, "tooling", "documentLoader", "data", "did_example_489398593_test.json"))
	document, err := json.Marshal(map[string]any{"id": "did:example:489398593", "assertionMethod": []any{key}})
	if err != nil {
		t.Fatal(err)
	}
	own := material.AllContexts(t)
	for url, name := range map[string]string{
		"https://www.w3.org/2018/credentials/v1": "credential_vocab.json", "https://w3id.org/citizenship/v1": "citizen_vocab.json",
	} {
		own[url] = read(t, filepath.Join(mattr, "tooling", "documentLoader", "contexts", name))
	}
	fixtures := filepath.Join(mattr, "__fixtures__", "BbsBlsSignature2020")
	tests := filepath.Join(aries, "component", "models", "signature", "suite", "bbsblssignatureproof2020", "testdata")
	for _, c := range []struct {
		path, member string
		contexts     material.Contexts
	}{
		{filepath.Join(fixtures, "proofs", "2.json"), "signedDocument", own},
		{filepath.Join(fixtures, "derivedProofs", "4.json"), "derivedProof", own},
		{filepath.Join(tests, "case16_vc.jsonld"), "", material.AllContexts(t)},
		{filepath.Join(tests, "case18_vc.jsonld"), "", material.AllContexts(t)},
	} {
		t.Run(filepath.Base(filepath.Dir(c.path))+"/"+filepath.Base(c.path), func(t *testing.T) {
			credential := readObject(t, c.path)
			if c.member != "" {
				credential = credential[c.member].(map[string]any)
			}
			v := bbsVector{credential: credential, contexts: c.contexts, now: time.Date(2023, 6, 1, 0, 0, 0, 0, time.UTC)}
			if slices.Contains(v.list("issuer"), "did:example:489398593") {
				v.documents = map[string]json.RawMessage{"did:example:489398593": document}
			}
			v.runAll(t)
		})
	}
}
