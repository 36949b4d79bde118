package derive

import (
	"encoding/hex"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/dzong-id/dzong/sdk/internal/jsonld"
	"github.com/dzong-id/dzong/sdk/internal/rdfc"
	"github.com/dzong-id/dzong/sdk/internal/selective"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	material "github.com/dzong-id/dzong/sdk/internal/vectors"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/google/go-cmp/cmp"
)

type shelf material.Contexts

func (s shelf) Context(url string) []byte {
	if text, ok := s[url]; ok {
		return []byte(text)
	}
	return nil
}

// windsurf is the context that the documents of one set hold inline; contexts are
// not signed, so here it stands behind a URL.
const windsurf = "https://vectors.example/windsurf"

func contexts(t *testing.T) shelf {
	t.Helper()
	s := shelf(material.AllContexts(t))
	s[windsurf] = `{"@context":{"@vocab":"https://windsurf.grotto-networking.com/selective#"}}`
	return s
}

func readFile(t *testing.T, path ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func read(t *testing.T, into any, path ...string) {
	t.Helper()
	if err := json.Unmarshal(readFile(t, path...), into); err != nil {
		t.Fatalf("%s: %v", filepath.Join(path...), err)
	}
}

func document(t *testing.T, contexts shelf, path ...string) Document {
	t.Helper()
	body, err := strictjson.DecodeObject(readFile(t, path...))
	if err != nil {
		t.Fatal(err)
	}
	delete(body, "proof")
	d := Document{Body: body, Processor: jsonld.New(), Source: contexts}
	for _, c := range body["@context"].([]any) {
		url, ok := c.(string)
		if !ok {
			url = windsurf
		}
		d.Contexts = append(d.Contexts, url)
	}
	return d
}

// pairs is how the vectors write a map.
type pairs[K comparable, V any] map[K]V

func (p *pairs[K, V]) UnmarshalJSON(data []byte) error {
	var v struct{ Value [][2]json.RawMessage }
	if err := json.Unmarshal(data, &v); err != nil {
		if err := json.Unmarshal(data, &v.Value); err != nil {
			return err
		}
	}
	*p = pairs[K, V]{}
	for _, e := range v.Value {
		var key K
		var value V
		if err := json.Unmarshal(e[0], &key); err != nil {
			return err
		}
		if err := json.Unmarshal(e[1], &value); err != nil {
			return err
		}
		(*p)[key] = value
	}
	return nil
}

func equal(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// TestConformanceSelectiveDisclosure compares each step of W3C's vectors for
// ecdsa-sd-2023 and bbs-2023 up to where signatures are made: canonical
// statements, statements under their labels, their division into groups, hashes,
// the document that is shown, and what a verifier needs to find its nodes.
func TestConformanceSelectiveDisclosure(t *testing.T) {
	contexts := contexts(t)
	ecdsa := filepath.Join(material.Folder(t, "data-integrity/vc-di-ecdsa"), "TestVectors")
	bbs := filepath.Join(material.Folder(t, "data-integrity/vc-di-bbs"), "TestVectors")
	for _, set := range []struct {
		name, document, selective, steps string
		labels                           func([]byte) LabelFunc
	}{
		// prCredUnsigned.json has another description than what was signed, in both.
		{"ecdsa-sd-2023", filepath.Join(ecdsa, "ecdsa-sd-2023", "prc", "addSignedSDBase.json"), filepath.Join(ecdsa, "prCredSelective.json"), filepath.Join(ecdsa, "ecdsa-sd-2023", "prc"), HMACLabels},
		{"bbs-2023", filepath.Join(bbs, "windDoc.json"), filepath.Join(bbs, "windSelective.json"), bbs, ShuffledLabels},
		{"bbs-2023 resident card", filepath.Join(bbs, "prc", "addSignedSDBase.json"), filepath.Join(bbs, "prCredSelective.json"), filepath.Join(bbs, "prc"), ShuffledLabels},
	} {
		t.Run(set.name, func(t *testing.T) {
			d := document(t, contexts, set.document)
			var pointers []string
			read(t, &pointers, set.selective)
			var base struct {
				MandatoryPointers       []string
				Mandatory, NonMandatory pairs[int, string]
			}
			read(t, &base, set.steps, "addBaseTransform.json")
			key, err := hex.DecodeString("00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF")
			if err != nil {
				t.Fatal(err)
			}

			var canonical []string
			read(t, &canonical, set.steps, "addBaseDocCanon.json")
			quads, err := d.quads(d.Body)
			if err != nil {
				t.Fatal(err)
			}
			labelled, err := rdfc.Label(quads, limits.CanonicalSteps)
			if err != nil {
				t.Fatal(err)
			}
			equal(t, "canonical statements", canonical, rdfc.Lines(labelled))

			combined := slices.Concat(base.MandatoryPointers, pointers)
			g, err := d.Group(set.labels(key), map[string][]string{"mandatory": base.MandatoryPointers, "selective": pointers, "combined": combined})
			if err != nil {
				t.Fatal(err)
			}
			var lines []string
			read(t, &lines, set.steps, "addBaseDocHMACCanon.json")
			equal(t, "statements under their labels", lines, g.Lines)
			equal(t, "mandatory", slices.Sorted(maps.Keys(base.Mandatory)), g.Selected["mandatory"])
			for i, line := range base.NonMandatory {
				equal(t, "not mandatory", line, g.Lines[i])
			}

			var hashes struct{ ProofHash, MandatoryHash string }
			read(t, &hashes, set.steps, "addHashData.json")
			must, _, _ := selective.Split(g.Lines, g.Selected["mandatory"])
			hash := selective.Hash(must)
			equal(t, "mandatory hash", hashes.MandatoryHash, hex.EncodeToString(hash[:]))
			options, err := strictjson.DecodeObject(readFile(t, set.steps, "addProofConfig.json"))
			if err != nil {
				t.Fatal(err)
			}
			hash, err = d.Hash(options)
			if err != nil {
				t.Fatal(err)
			}
			equal(t, "proof hash", hashes.ProofHash, hex.EncodeToString(hash[:]))

			var groups struct{ CombinedIndexes, MandatoryIndexes, SelectiveIndexes []int }
			read(t, &groups, set.steps, "derivedGroupIndexes.json")
			equal(t, "combined", groups.CombinedIndexes, g.Selected["combined"])
			equal(t, "selective", groups.SelectiveIndexes, g.Selected["selective"])

			var disclosed struct{ LabelMap pairs[string, string] }
			read(t, &disclosed, set.steps, "derivedDisclosureData.json")
			equal(t, "labels", map[string]string(disclosed.LabelMap), g.Revealed["combined"])
			shown, err := Select(d.Body, combined)
			if err != nil {
				t.Fatal(err)
			}
			var want, got any // numbers as numbers: the files have 7 where the document has 7.0
			read(t, &want, set.steps, "derivedUnsignedReveal.json")
			text, err := json.Marshal(shown)
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(text, &got); err != nil {
				t.Fatal(err)
			}
			equal(t, "document shown", want, got)

			// What a verifier makes of the document that is shown.
			if set.name == "bbs-2023" {
				lines = nil
				for _, i := range groups.CombinedIndexes {
					lines = append(lines, g.Lines[i]) // the set has no verifyNQuads.json
				}
			} else {
				lines = nil
				read(t, &lines, set.steps, "verifyNQuads.json")
			}
			if quads, err = d.quads(shown); err != nil {
				t.Fatal(err)
			}
			if labelled, err = rdfc.Label(quads, limits.CanonicalSteps); err != nil {
				t.Fatal(err)
			}
			verified, ok := selective.Relabel(labelled, g.Revealed["combined"])
			if !ok {
				t.Error("the labels are not those of the document shown")
			}
			equal(t, "statements of the verifier", lines, verified)
		})
	}
}

// signatures gives signatures that were made before, in order.
type signatures [][]byte

func (s *signatures) Sign([]byte) ([]byte, error) {
	next := (*s)[0]
	*s = (*s)[1:]
	return next, nil
}

// TestConformanceECDSAProofs makes W3C's base proof with its published signatures,
// and derives from it the published proof.
func TestConformanceECDSAProofs(t *testing.T) {
	folder := filepath.Join(material.Folder(t, "data-integrity/vc-di-ecdsa"), "TestVectors")
	steps := filepath.Join(folder, "ecdsa-sd-2023", "prc")
	d := document(t, contexts(t), steps, "addSignedSDBase.json")
	var raw struct {
		BaseSignature     string
		Signatures        []string
		MandatoryPointers []string
	}
	read(t, &raw, steps, "addRawBaseSignatureInfo.json")
	var issuer, ephemeral signatures
	unhex := func(s string) []byte {
		b, err := hex.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	issuer = append(issuer, unhex(raw.BaseSignature))
	for _, s := range raw.Signatures {
		ephemeral = append(ephemeral, unhex(s))
	}
	options, err := strictjson.DecodeObject(readFile(t, steps, "addProofConfig.json"))
	if err != nil {
		t.Fatal(err)
	}
	delete(options, "@context")
	var signed, shown struct{ Proof map[string]any }
	read(t, &signed, steps, "addSignedSDBase.json")
	read(t, &shown, steps, "derivedRevealDocument.json")
	published, err := ReadBaseECDSA(signed.Proof["proofValue"].(string))
	if err != nil {
		t.Fatal(err)
	}
	base, err := SignECDSA(d, options, raw.MandatoryPointers, &issuer, &ephemeral, published.PublicKey[2:], published.HMACKey)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "base proof", signed.Proof, base)
	var pointers []string
	read(t, &pointers, folder, "prCredSelective.json")
	_, proof, err := DeriveECDSA(d, base, pointers)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "derived proof", shown.Proof, proof)
	disclosed, err := ReadDisclosedECDSA(proof["proofValue"].(string))
	if err != nil || len(disclosed.Signatures) != 6 {
		t.Errorf("%d signatures, %v", len(disclosed.Signatures), err)
	}
}
