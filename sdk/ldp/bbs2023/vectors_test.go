package bbs2023_test

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
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/internal/vectors"
	"github.com/dzong-id/dzong/sdk/ldp"
	"github.com/dzong-id/dzong/sdk/ldp/bbs2023"
	"github.com/dzong-id/dzong/sdk/reason"
)

type object = map[string]any

// byDIDKey finds the key that a did:key names, whoever says it is theirs: the
// vectors' issuers are https URLs without a document.
var byDIDKey = credential.KeysFunc(func(s credential.Signer) ([]credential.Key, []credential.Check) {
	_, fragment, _ := strings.Cut(s.KeyID, "#")
	k, err := did.ParseMultikey(fragment)
	if err != nil {
		return nil, []credential.Check{credential.Fail(reason.CheckKey, reason.KeyUnknown, "")}
	}
	return []credential.Key{k.WithID(s.KeyID).WithController(s.ID)}, nil
})

func codes(checks []credential.Check) string {
	var out []string
	for _, c := range checks {
		if c.Verdict != reason.Passed {
			out = append(out, string(c.Code))
		}
	}
	return strings.Join(out, " ")
}

func load(t testing.TB, dir, name string) object {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	m, err := strictjson.DecodeObject(data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// W3C's derived proofs of the baseline feature verify, and nothing with one thing
// changed does; base proofs and optional features are refused by their headers.
func TestConformanceBBS2023(t *testing.T) {
	root := vectors.Folder(t, "data-integrity/vc-di-bbs")
	at := vectors.AllContexts(t)
	m := ldp.Mechanism(ldp.With(bbs2023.Suite()))
	ev := credential.Evidence{Keys: byDIDKey, Contexts: at, Binding: credential.BearerUnsafe(), At: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)}
	prove := func(v any) string {
		p, err := m.Parse(marshal(t, v))
		if err != nil {
			return err.Error()
		}
		return codes(p.Prove(ev).Credentials[0].Checks)
	}
	for _, sub := range []string{"", "prc"} {
		t.Run("baseline"+sub, func(t *testing.T) {
			dir := filepath.Join(root, "TestVectors", sub)
			derived := load(t, dir, "derivedRevealDocument.json")
			at.Inline(t, derived)
			if got := prove(derived); got != "" {
				t.Fatalf("refused: %s", got)
			}
			accepted := 0
			changes := vectors.Changes(t, marshal(t, derived))
			for name, changed := range changes {
				p, err := m.Parse(changed)
				if err != nil {
					continue
				}
				// What a holder may show or not includes nothing that a change makes.
				if out := p.Prove(ev).Credentials[0]; codes(out.Checks) == "" {
					t.Errorf("%s is accepted", name)
					accepted++
				}
			}
			t.Logf("%d changes, %d accepted", len(changes), accepted)
			proof := derived["proof"].(object)
			value, err := base64url.Decode(strings.TrimPrefix(proof["proofValue"].(string), "u"))
			if err != nil {
				t.Fatal(err)
			}
			for header, want := range map[byte]string{0x05: "algorithm_refused", 0x07: "algorithm_refused", 0x09: "algorithm_refused",
				0x00: "malformed", 0x01: "malformed", 0x0a: "malformed", 0x02: "format_unsupported", 0x04: "format_unsupported", 0x06: "format_unsupported", 0x08: "format_unsupported"} {
				value[2] = header
				proof["proofValue"] = "u" + base64url.Encode(value)
				if got := prove(derived); !strings.Contains(got, want) {
					t.Errorf("header %02x: %s", header, got)
				}
			}
			base := load(t, dir, "addSignedSDBase.json")
			at.Inline(t, base)
			if got := prove(base); !strings.Contains(got, "format_unsupported") {
				t.Errorf("the base proof: %s", got)
			}
		})
	}
	for _, feature := range []string{"HolderBinding", "Pseudonym", "PseudonymHB"} {
		for _, name := range []string{"addSignedSDBase.json", "derivedRevealDocument.json"} {
			// The derived ones leave out a date that VCDM 1.1 demands, besides.
			doc := load(t, filepath.Join(root, "TestVectors", feature), name)
			if name == "derivedRevealDocument.json" {
				doc["issuanceDate"] = "2024-01-01T00:00:00Z"
			}
			if got := prove(doc); got != "algorithm_refused" && !strings.Contains(got, "format_unsupported") {
				t.Errorf("%s/%s: %s", feature, name, got)
			}
		}
	}
}

// The keys of the material are read as what they say they are.
func TestConformanceBBS2023Keys(t *testing.T) {
	root := vectors.Folder(t, "data-integrity/vc-di-bbs")
	material := load(t, filepath.Join(root, "TestVectors"), "BBSKeyMaterial.json")
	derived := load(t, filepath.Join(root, "TestVectors"), "derivedRevealDocument.json")
	_, fragment, _ := strings.Cut(derived["proof"].(object)["verificationMethod"].(string), "#")
	k, err := did.ParseMultikey(fragment)
	if err != nil {
		t.Fatal(err)
	}
	if p := k.Public().(credential.BLS12381G2); hex.EncodeToString(p[:]) != material["publicKeyHex"] {
		t.Errorf("key %x", p)
	}
}
