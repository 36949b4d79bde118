package ldp

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/did"
	"github.com/dzong-id/dzong/sdk/internal/rdfc"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	material "github.com/dzong-id/dzong/sdk/internal/vectors"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/google/go-cmp/cmp"
)

func readFile(t testing.TB, path ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// vectorContexts is every context of the collection.
func vectorContexts(t testing.TB) shelf { return shelf(material.AllContexts(t)) }

// multikey reads a did:key or Multikey text: the vectors' own keys.
func multikey(text, id string) (credential.Key, bool) {
	k, err := did.ParseMultikey(text)
	return k.WithID(id), err == nil
}

// anyKey finds the key that a did:key names, whoever says it is theirs: the
// vectors' issuers are https URLs without a document.
var anyKey = credential.KeysFunc(func(s credential.Signer) ([]credential.Key, []credential.Check) {
	_, fragment, _ := strings.Cut(s.KeyID, "#")
	k, ok := multikey(fragment, s.KeyID)
	if !ok {
		return nil, []credential.Check{credential.Fail(reason.CheckKey, reason.KeyUnknown, s.KeyID)}
	}
	return []credential.Key{k.WithController(s.ID)}, []credential.Check{credential.Pass(reason.CheckKey, "")}
})

var suites = []struct{ dir, suffix string }{
	{"vc-di-eddsa/TestVectors/eddsa-rdfc-2022", "DataInt"},
	{"vc-di-eddsa/TestVectors/eddsa-jcs-2022", "JCS"},
	{"vc-di-eddsa/TestVectors/Ed25519Signature2020", "EdSig"},
	{"vc-di-ecdsa/TestVectors/ecdsa-rdfc-2019-p256", "ECDSAP256"},
	{"vc-di-ecdsa/TestVectors/ecdsa-rdfc-2019-p384", "ECDSAP384"},
	{"vc-di-ecdsa/TestVectors/ecdsa-jcs-2019-p256", "JCSECDSAP256"},
}

// TestConformanceDataIntegrity runs W3C's vectors step by step: canonical forms
// and hashes byte by byte, then the signed credential as a whole, then every
// mutation of it.
func TestConformanceDataIntegrity(t *testing.T) {
	at := vectorContexts(t)
	for _, s := range suites {
		t.Run(s.dir, func(t *testing.T) {
			name, _, _ := strings.Cut(s.dir, "/")
			folder := filepath.Join(material.Folder(t, "data-integrity/"+name), strings.TrimPrefix(s.dir, name))
			data := readFile(t, folder, "signed"+s.suffix+".json")
			parsed, err := Mechanism().Parse(data)
			if err != nil {
				t.Fatal(err)
			}
			d := parsed.(*ldCredential).document
			p := d.proofs[0]
			var options, canon []byte
			if p.suite.jcs {
				c := canonical{document: &d, source: at}
				if options, canon, _ = c.byJCS(p, d.body); options == nil {
					t.Fatal("no canonical form")
				}
			} else {
				quads, _ := p.options(d.contexts)
				options = text(quads)
				r, err := d.mechanism.processor.Process(d.body, d.contexts, at)
				if err != nil {
					t.Fatal(err)
				}
				if canon, err = rdfc.Canonicalize(r.Quads, limits.CanonicalSteps); err != nil {
					t.Fatal(err)
				}
			}
			published := func(name string) string { return string(readFile(t, folder, name+s.suffix+".txt")) }
			if diff := cmp.Diff(strings.TrimSpace(published("proofCanon")), strings.TrimSpace(string(options))); diff != "" {
				t.Errorf("proof options (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(strings.TrimSpace(published("canonDoc")), strings.TrimSpace(string(canon))); diff != "" {
				t.Errorf("document (-want +got):\n%s", diff)
			}
			c := canonical{document: &d, source: at}
			signed, check := c.signed(p)
			if check != nil {
				t.Fatal(check.Code)
			}
			if got, want := hex.EncodeToString(signed), strings.TrimSpace(published("combinedHash")); got != want {
				t.Errorf("hashes %s, want %s", got, want)
			}
			ev := credential.Evidence{Keys: anyKey, Contexts: at, Binding: credential.BearerUnsafe(), At: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)}
			out := parsed.Prove(ev).Credentials[0]
			if codes(out.Checks) != "" || out.Claims.Len() == 0 {
				t.Fatalf("refused: %s", codes(out.Checks))
			}
			for name, mutant := range material.Changes(t, data) {
				p, err := Mechanism().Parse(mutant)
				if err != nil {
					continue
				}
				if out := p.Prove(ev).Credentials[0]; codes(out.Checks) == "" {
					t.Errorf("%s is accepted: %s", name, mutant)
				}
			}
		})
	}
}

// TestConformanceSelectiveDisclosure runs W3C's vector for ecdsa-sd-2023: the
// derived document as a whole, and every mutation of it. What leads there is
// compared step by step in internal/selective/derive.
func TestConformanceSelectiveDisclosure(t *testing.T) {
	at := vectorContexts(t)
	folder := filepath.Join(material.Folder(t, "data-integrity/vc-di-ecdsa"), "TestVectors", "ecdsa-sd-2023", "prc")
	data := readFile(t, folder, "derivedRevealDocument.json")
	parsed, err := Mechanism().Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	ev := credential.Evidence{Keys: anyKey, Contexts: at, Binding: credential.BearerUnsafe(), At: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)}
	out := parsed.Prove(ev).Credentials[0]
	if country, _ := out.Claims.String("credentialSubject", "birthCountry"); codes(out.Checks) != "" || country != "Arcadia" {
		t.Fatalf("refused: %s", codes(out.Checks))
	}
	n := 0
	for name, mutant := range material.Changes(t, data) {
		n++
		p, err := Mechanism().Parse(mutant)
		if err != nil {
			continue
		}
		if out := p.Prove(ev).Credentials[0]; codes(out.Checks) == "" {
			t.Errorf("%s is accepted: %s", name, mutant)
		}
	}
	if n < 50 {
		t.Errorf("%d mutants", n)
	}
	// The issuer's own document with its base proof is for the holder alone.
	if _, err := Mechanism().Parse(readFile(t, folder, "addSignedSDBase.json")); err == nil {
		t.Error("the base proof is read")
	} else {
		checkCode(t, err)
	}
}

// TestConformanceJWSTestSuite runs the linked-data half of DIF's JWS-Test-Suite:
// JsonWebSignature2020 by those implementations whose files are at hand. Its contexts end with an inline
// @vocab, which this module refuses; contexts are not signed, so here it stands
// behind a URL instead.
func TestConformanceJWSTestSuite(t *testing.T) {
	dir := material.Folder(t, "jws-test-suite")
	at := vectorContexts(t)
	const vocab = "https://vectors.example/vocab"
	at[vocab] = `{"@context": {"@vocab": "https://example.com/#"}}`
	keys := map[string]credential.Key{}
	files, err := filepath.Glob(filepath.Join(dir, "data", "keys", "*.json"))
	if err != nil || len(files) != 5 {
		t.Fatalf("%d keys, %v", len(files), err)
	}
	for _, f := range files {
		var k struct {
			ID  string
			JWK json.RawMessage `json:"publicKeyJwk"`
		}
		if err := json.Unmarshal(readFile(t, f), &k); err != nil {
			t.Fatal(err)
		}
		public, err := credential.ParseJWK(k.JWK)
		if err != nil {
			t.Fatal(err)
		}
		keys[k.ID] = public.WithID(k.ID)
	}
	var all credential.AlgorithmSet
	for _, a := range []credential.Algorithm{credential.EdDSA, credential.ES256, credential.ES384, credential.ES256K, credential.PS256} {
		all, _ = all.With(a)
	}
	finder := credential.KeysFunc(func(s credential.Signer) ([]credential.Key, []credential.Check) {
		if k, ok := keys[s.KeyID]; ok {
			return []credential.Key{k.WithController(s.ID)}, nil
		}
		return nil, nil
	})
	ev := credential.Evidence{Keys: finder, Contexts: at, Binding: credential.BearerUnsafe(), At: time.Date(2023, 6, 1, 0, 0, 0, 0, time.UTC), Algorithms: all}
	n := 0
	for _, kind := range []string{"vc", "vp"} {
		files, _ := filepath.Glob(filepath.Join(dir, "data", "implementations", "*", "*."+kind+".json"))
		for _, f := range files {
			data := readFile(t, f)
			if !strings.Contains(string(data), `"jws"`) {
				if !strings.Contains(f, "microsoft") {
					t.Errorf("%s carries no proof", f)
				}
				continue
			}
			n++
			t.Run(filepath.Base(filepath.Dir(f))+"/"+filepath.Base(f), func(t *testing.T) {
				v, err := strictjson.Decode(data)
				if err != nil {
					t.Fatal(err)
				}
				replaceVocab(v, vocab)
				p, err := Mechanism().Parse(marshal(t, v))
				if err != nil {
					t.Fatal(err)
				}
				f := p.Prove(ev)
				checks := f.Checks
				if len(f.Credentials) > 0 {
					checks = f.Credentials[0].Checks
				}
				if codes(checks) != "" {
					t.Errorf("refused: %s", codes(checks))
				}
			})
		}
	}
	if n < 49 {
		t.Errorf("%d documents, want the 49 of afgo and danubetech or more", n)
	}
}

func replaceVocab(v any, url string) {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if list, ok := member.([]any); ok && name == "@context" {
				for i := range list {
					if m, ok := list[i].(map[string]any); ok && m["@vocab"] == "https://example.com/#" && len(m) == 1 {
						list[i] = url
					}
				}
				continue
			}
			replaceVocab(member, url)
		}
	case []any:
		for _, e := range v {
			replaceVocab(e, url)
		}
	}
}
