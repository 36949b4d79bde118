package bbs2020_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/did"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/internal/vectors"
	"github.com/dzong-id/dzong/sdk/ldp"
	"github.com/dzong-id/dzong/sdk/ldp/bbs2020"
	"github.com/dzong-id/dzong/sdk/reason"
)

type object = map[string]any

const mattrKey = "oqpWYKaZD9M1Kbe94BVXpr8WTdFBNZyKv48cziTiQUeuhm7sBhCABMyYG4kcMrseC68YTFFgyhiNeBKjzdKk9MiRWuLv5H4FFujQsQK2KTAtzU8qTBiZqBHMmnLF4PL7Ytu"

// keysOf finds the key that a did:key names, or the one that this material's issuer
// has, whoever says it is theirs.
func keysOf(t testing.TB) credential.Keys {
	t.Helper()
	doc, err := did.ParseDocument([]byte(`{"id":"did:example:489398593","assertionMethod":[{"id":"#test","type":"Bls12381G2Key2020",
		"controller":"did:example:489398593","publicKeyBase58":"` + mattrKey + `"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	known := doc.Keys(credential.AssertionMethod)[0]
	return credential.KeysFunc(func(s credential.Signer) ([]credential.Key, []credential.Check) {
		_, fragment, _ := strings.Cut(s.KeyID, "#")
		k, err := did.ParseMultikey(fragment)
		if err != nil {
			k = known
		}
		if s.KeyID != k.ID() && k.ID() != "" {
			return nil, []credential.Check{credential.Fail(reason.CheckKey, reason.KeyUnknown, "")}
		}
		return []credential.Key{k.WithID(s.KeyID).WithController(s.ID)}, nil
	})
}

func codes(checks []credential.Check) string {
	var out []string
	for _, c := range checks {
		if c.Verdict != reason.Passed {
			out = append(out, string(c.Code))
		}
	}
	return strings.Join(out, " ")
}

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// secured is every object in the folder's files that holds a proof of our suites, by
// file and place in it.
func secured(t testing.TB, dir string) map[string]object {
	t.Helper()
	out := map[string]object{}
	var walk func(name string, v any)
	walk = func(name string, v any) {
		switch v := v.(type) {
		case object:
			if p, ok := v["proof"]; ok && strings.Contains(string(marshal(t, p)), "BbsBlsSignature") {
				out[name] = v
			}
			for k, m := range v {
				walk(name+"/"+k, m)
			}
		case []any:
			for _, e := range v {
				walk(name, e)
			}
		}
	}
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if v, err := strictjson.Decode(data); err == nil {
			short, err := filepath.Rel(dir, name)
			if err != nil {
				return err
			}
			walk(filepath.ToSlash(short), v)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

type verifier struct {
	t testing.TB
	m credential.Mechanism
	credential.Evidence
}

func newVerifier(t testing.TB, at credential.Contexts) *verifier {
	return &verifier{t, ldp.Mechanism(ldp.With(bbs2020.Suite())), credential.Evidence{
		Keys: keysOf(t), Contexts: at, Binding: credential.BearerUnsafe(), At: time.Date(2023, 6, 1, 0, 0, 0, 0, time.UTC)}}
}

// answer is the codes of what failed, or why there was nothing to prove.
func (v *verifier) answer(data []byte) string {
	p, err := v.m.Parse(data)
	if err != nil {
		return err.Error()
	}
	return codes(p.Prove(v.Evidence).Credentials[0].Checks)
}

// holds checks that document is accepted, and nothing with one thing changed in it
// but what the suite leaves free.
func (v *verifier) holds(document object) {
	v.t.Helper()
	data := marshal(v.t, document)
	if got := v.answer(data); got != "" {
		v.t.Errorf("refused: %s", got)
		return
	}
	changes := vectors.Changes(v.t, data)
	for name, changed := range changes {
		if v.answer(changed) == "" {
			v.t.Errorf("%s is accepted", name)
		}
	}
	v.t.Logf("%d changes refused", len(changes))
}

// mattrContexts are those the material was made with: its own VCDM 1.1 context goes
// together with v3-unstable, the published one redefines what it protects.
func mattrContexts(t testing.TB, root string) vectors.Contexts {
	t.Helper()
	at := vectors.AllContexts(t)
	for url, name := range map[string]string{
		"https://www.w3.org/2018/credentials/v1": "credential_vocab.json", "https://w3id.org/citizenship/v1": "citizen_vocab.json",
	} {
		data, err := os.ReadFile(filepath.Join(root, "tooling", "documentLoader", "contexts", name))
		if err != nil {
			t.Fatal(err)
		}
		at[url] = string(data)
	}
	return at
}

// MATTR's credentials. Its other documents are of type Person, which this module does
// not read; TestConformancePersons verifies those without it.
func TestConformanceMATTR(t *testing.T) {
	root := vectors.Folder(t, "data-integrity/mattr-jsonld-signatures-bbs")
	v := newVerifier(t, mattrContexts(t, root))
	n := map[string]int{}
	for name, document := range secured(t, root) {
		if !strings.Contains(string(marshal(t, document["type"])), "VerifiableCredential") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			kind, _ := document["proof"].(object)["type"].(string)
			n[kind]++
			v.t = t
			v.holds(document)
		})
	}
	if n["BbsBlsSignature2020"] < 3 || n["BbsBlsSignatureProof2020"] < 1 {
		t.Errorf("%v: at least 3 signatures and a derived proof are there", n)
	}
}

// Documents in aries-framework-go's test data, and what is to be said of each.
func TestConformanceAries(t *testing.T) {
	root := vectors.Folder(t, "aries-framework-go")
	at := vectors.AllContexts(t)
	wants := map[string]string{
		"case16_vc.jsonld": "", "case18_vc.jsonld": "", "case-18.json": "",
		// Their tests verify them with a double that says yes; no key that is at hand
		// made them.
		"bbsblssignature2020/testdata/vc_doc.jsonld": "signature_invalid", "bbsblssignatureproof2020/testdata/vc_doc.jsonld": "signature_invalid",
		// It shows the name and type of a degree that its proof does not disclose:
		// aries-framework-go ignores messages beyond those.
		"test/bbs/data/deriveDocument.json": "signature_invalid",
		// Terms that its contexts do not define, and in the past.
		"sample_udc_bbsvc_signed.json": "claims_not_covered expired",
		// A proofValue of 153 characters.
		"doc_with_many_proofs.jsonld": "malformed",
		// Not by a key that is at hand.
		"vc_prc.json": "key_unknown",
	}
	seen := map[string]bool{}
	for name, document := range secured(t, root) {
		t.Run(name, func(t *testing.T) {
			if strings.HasPrefix(name, "pkg/doc/cm/") {
				// Presentations to be matched with a definition; their proofs are made up.
				if got := newVerifier(t, at).answer(marshal(t, document)); got == "" {
					t.Error("accepted")
				}
				return
			}
			for suffix, want := range wants {
				if !strings.HasSuffix(name, suffix) {
					continue
				}
				seen[suffix] = true
				v := newVerifier(t, at)
				if want == "" {
					v.holds(document)
				} else if got := v.answer(marshal(t, document)); !strings.Contains(got, want) {
					t.Errorf("%q, want %q", got, want)
				}
				return
			}
			t.Error("nothing here says what is to come of it")
		})
	}
	if len(seen) < 9 {
		t.Errorf("%d of the documents are there", len(seen))
	}
}
