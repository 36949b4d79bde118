package bbs2020

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/dzong-id/dzong/sdk/internal/base58"
	"github.com/dzong-id/dzong/sdk/internal/bbsplus"
	"github.com/dzong-id/dzong/sdk/internal/jsonld"
	"github.com/dzong-id/dzong/sdk/internal/rdfc"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/internal/vectors"
	"github.com/dzong-id/dzong/sdk/limits"
)

// MATTR's documents of type Person are no credentials, and ldp reads nothing else; so
// they are put together here, from the same parts. Each file says what is to come of
// its documents.
func TestConformancePersons(t *testing.T) {
	root := vectors.Folder(t, "data-integrity/mattr-jsonld-signatures-bbs")
	at := vectors.AllContexts(t)
	key, err := base58.Decode("oqpWYKaZD9M1Kbe94BVXpr8WTdFBNZyKv48cziTiQUeuhm7sBhCABMyYG4kcMrseC68YTFFgyhiNeBKjzdKk9MiRWuLv5H4FFujQsQK2KTAtzU8qTBiZqBHMmnLF4PL7Ytu")
	if err != nil {
		t.Fatal(err)
	}
	verified, refused := 0, 0
	for _, pattern := range []string{"proofs/*.json", "derivedProofs/*.json"} {
		files, err := filepath.Glob(filepath.Join(root, "__fixtures__", "BbsBlsSignature2020", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var file struct {
				Signed  json.RawMessage `json:"signedDocument"`
				Derived json.RawMessage `json:"derivedProof"`
				Result  struct{ Valid bool }
			}
			if err := json.Unmarshal(data, &file); err != nil {
				t.Fatal(err)
			}
			document := file.Signed
			if file.Derived != nil {
				document = file.Derived
			}
			m, err := strictjson.DecodeObject(document)
			if err != nil {
				t.Fatal(err)
			}
			if m["type"] != any("Person") && m["@type"] != any("Person") {
				continue
			}
			if got := verifies(t, m, at, key); got != file.Result.Valid {
				t.Errorf("%s: verifies: %v", name, got)
			} else if got {
				verified++
			} else {
				refused++
			}
		}
	}
	if verified < 3 || refused < 5 {
		t.Errorf("%d verify, %d do not: at least 3 and 5 are there", verified, refused)
	}
}

// verifies reports whether every proof of a document is by key.
func verifies(t *testing.T, m map[string]any, at vectors.Contexts, key []byte) bool {
	t.Helper()
	proofs, isList := m["proof"].([]any)
	if !isList {
		proofs = []any{m["proof"]}
	}
	delete(m, "proof")
	var urls []string
	for _, c := range m["@context"].([]any) {
		urls = append(urls, c.(string))
	}
	result, err := jsonld.New().Process(m, urls, at)
	if err != nil {
		t.Fatal(err)
	}
	statements, err := rdfc.Label(result.Quads, limits.CanonicalSteps)
	if err != nil {
		t.Fatal(err)
	}
	return !slices.ContainsFunc(proofs, func(p any) bool { return !verifiesBy(t, p.(map[string]any), statements, key) })
}

func verifiesBy(t *testing.T, p map[string]any, statements []rdfc.Quad, key []byte) bool {
	t.Helper()
	text := func(name string) string { s, _ := p[name].(string); return s }
	options := []string{
		`_:c14n0 <http://purl.org/dc/terms/created> "` + text("created") + `"^^<http://www.w3.org/2001/XMLSchema#dateTime> .`,
		`_:c14n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/security#BbsBlsSignature2020> .`,
		`_:c14n0 <https://w3id.org/security#proofPurpose> <https://w3id.org/security#assertionMethod> .`,
		`_:c14n0 <https://w3id.org/security#verificationMethod> <` + text("verificationMethod") + `> .`,
	}
	octets, err := decode(text("proofValue"))
	if err != nil {
		return false
	}
	if text("type") == kindSignature {
		s, err := bbsplus.ParseSignature(octets)
		return err == nil && s.Verify(key, messages(options, rdfc.Lines(statements))) == nil
	}
	proof, err := bbsplus.ParseProof(octets)
	if err != nil {
		return false
	}
	nonce, err := decode(text("nonce"))
	if err != nil {
		t.Fatal(err)
	}
	shown, ok := labelled(statements)
	return ok && leads(proof.Revealed(), len(options)) && proof.Verify(key, nonce, messages(options, rdfc.Lines(shown))) == nil
}
