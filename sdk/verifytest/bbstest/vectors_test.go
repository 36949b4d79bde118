package bbstest

import (
	"encoding/hex"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/bbs"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/internal/vectors"
	"github.com/google/go-cmp/cmp"
)

// The issuer and the wallet here do step by step what W3C's did: the same statements
// are mandatory, under the same labels, and signed alike. (Package bbs compares the
// proofs.)
func TestConformanceBBS2023Steps(t *testing.T) {
	root := filepath.Join(vectors.Folder(t, "data-integrity/vc-di-bbs"), "TestVectors")
	read := func(name string, into any) []byte {
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if into != nil {
			if err := json.Unmarshal(data, into); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		return data
	}
	var keys struct{ PrivateKeyHex, HMACKeyString string }
	read("BBSKeyMaterial.json", &keys)
	secret, err := hex.DecodeString(keys.PrivateKeyHex)
	if err != nil {
		t.Fatal(err)
	}
	at := vectors.AllContexts(t)
	i := NewIssuer("w3c", at)
	if i.key, err = bbs.ParsePrivateKey(secret); err != nil {
		t.Fatal(err)
	}
	if i.hmacKey, err = hex.DecodeString(keys.HMACKeyString); err != nil {
		t.Fatal(err)
	}
	// The unsigned documents beside them are not the ones that were signed: their
	// description differs.
	for _, c := range []struct{ sub, mandatory, selective string }{
		{"", "windMandatory.json", "windSelective.json"},
		{"prc/", "prCredMandatory.json", "prCredSelective.json"},
	} {
		t.Run(c.mandatory, func(t *testing.T) {
			base, err := strictjson.DecodeObject(read(c.sub+"addSignedSDBase.json", nil))
			if err != nil {
				t.Fatal(err)
			}
			document := maps.Clone(base)
			delete(document, "proof")
			var mandatory, selected []string
			read(c.mandatory, &mandatory)
			read(c.selective, &selected)
			at.Inline(t, document)
			var options map[string]any
			read(c.sub+"addProofConfig.json", &options)
			delete(options, "@context")
			h := i.issue(i.document(document), options, mandatory)

			var hashes struct{ ProofHash, MandatoryHash string }
			read(c.sub+"addHashData.json", &hashes)
			if got := hex.EncodeToString(h.header); got != hashes.ProofHash+hashes.MandatoryHash {
				t.Errorf("hashes %s", got)
			}
			var signature struct{ BBSSignature string }
			read(c.sub+"addRawBaseSignatureInfo.json", &signature)
			if got := hex.EncodeToString(h.signature); got != signature.BBSSignature {
				t.Errorf("signature %s", got)
			}
			if diff := cmp.Diff(base["proof"], h.Base()["proof"]); diff != "" {
				t.Errorf("base proof (-want +got):\n%s", diff)
			}
			var disclosure struct {
				MandatoryIndexes, AdjSelectiveIndexes []int
				LabelMap                              struct{ Value [][2]string }
			}
			read(c.sub+"derivedDisclosureData.json", &disclosure)
			shown := h.Show([]byte{0x11, 0x33, 0x77, 0xaa}, selected, func(d *Derived) {
				if !slices.Equal(d.Mandatory, disclosure.MandatoryIndexes) || !slices.Equal(d.Disclosed, disclosure.AdjSelectiveIndexes) {
					t.Errorf("mandatory %v, disclosed %v", d.Mandatory, d.Disclosed)
				}
				for _, pair := range disclosure.LabelMap.Value {
					if d.Labels[number(pair[0], "c14n")] != number(pair[1], "b") {
						t.Errorf("%s is not %s", pair[0], pair[1])
					}
				}
				if len(d.Labels) != len(disclosure.LabelMap.Value) {
					t.Errorf("%d labels", len(d.Labels))
				}
			})
			published, err := strictjson.DecodeObject(read(c.sub+"derivedRevealDocument.json", nil))
			if err != nil {
				t.Fatal(err)
			}
			at.Inline(t, published)
			theirs, ours := value(t, published), value(t, shown)
			// But for the proof, which is random.
			if len(theirs) != len(ours) {
				t.Error("the derived proof has another form")
			}
			delete(published, "proof")
			delete(shown, "proof")
			if diff := cmp.Diff(plain(t, published), plain(t, shown)); diff != "" {
				t.Errorf("reveals (-want +got):\n%s", diff)
			}
		})
	}
}

func value(t *testing.T, document map[string]any) []byte {
	t.Helper()
	text := document["proof"].(map[string]any)["proofValue"].(string)
	data, err := base64url.Decode(strings.TrimPrefix(text, "u"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// plain is v as other readers of JSON see it, to whom 7.0 is 7.
func plain(t *testing.T, v any) (out any) {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}
