package sdjwt

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/google/go-cmp/cmp"
)

// TestConformanceJSONForms runs the Python generator's flattened tokens, and
// each of them in the general form too.
func TestConformanceJSONForms(t *testing.T) {
	folder := filepath.Join(vectors(t, "sd-jwt-python-generated"), "examples", "json_serialization_flattened")
	presented := wrapped.ReplaceAll(readFile(t, filepath.Join(folder, "sd_jwt_presentation.json")), nil)
	issued := wrapped.ReplaceAll(readFile(t, filepath.Join(folder, "sd_jwt_issuance.json")), nil)
	var flat object
	if err := json.Unmarshal(presented, &flat); err != nil {
		t.Fatal(err)
	}
	bound := credential.Bound("1234567890", "https://example.com/verifier")
	want := decode(t, readFile(t, filepath.Join(folder, "verified_contents.json")))
	for name, data := range map[string][]byte{"flattened": presented, "general": written(t, general(flat))} {
		t.Run(name, func(t *testing.T) {
			c := proveJSON(t, data, bound)
			if got := codes(c.Checks); got != "" || !c.HolderBound {
				t.Fatalf("%q, bound: %v", got, c.HolderBound)
			}
			if diff := cmp.Diff(want, decode(t, written(t, c.Claims))); diff != "" {
				t.Errorf("verified contents differ (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("issued", func(t *testing.T) {
		if got := codes(proveJSON(t, issued, credential.BearerUnsafe()).Checks); got != "" {
			t.Error(got)
		}
		if got := codes(proveJSON(t, issued, bound).Checks); got != "holder_binding_missing" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("every change", func(t *testing.T) {
		for i := range presented {
			changed := append([]byte(nil), presented...)
			changed[i] ^= 1 << (i % 7)
			p, err := Mechanism().Parse(changed)
			if err != nil {
				continue
			}
			c := p.Prove(jsonEvidence(t, bound)).Credentials[0]
			if codes(c.Checks) == "" && cmp.Diff(want, decode(t, written(t, c.Claims))) != "" {
				t.Errorf("accepted another credential after a change at %d", i)
			}
		}
	})
}

// section8 matches the examples of RFC 9901 §8 in its text.
var section8 = regexp.MustCompile(`(?s)\n   \{\n     "(?:header|payload)": .*?\n   \}\n`)

// TestConformanceJSONFormsOfTheRFC reads the three examples of RFC 9901 §8: one
// issued, one presented, and one in the general form, which has two signatures
// and is refused until the second is gone.
func TestConformanceJSONFormsOfTheRFC(t *testing.T) {
	found := section8.FindAll(readFile(t, filepath.Join(vectors(t, "rfc9901"), "rfc9901.txt")), -1)
	if len(found) != 3 {
		t.Fatalf("found %d examples, want 3", len(found))
	}
	for i := range found {
		found[i] = wrapped.ReplaceAll(found[i], nil)
	}
	bound := credential.Bound("1234567890", "https://verifier.example.org")
	if got := codes(proveJSON(t, found[0], credential.BearerUnsafe()).Checks); got != "" {
		t.Errorf("issued: %s", got)
	}
	if c := proveJSON(t, found[1], bound); codes(c.Checks) != "" || !c.HolderBound {
		t.Errorf("presented: %q, bound: %v", codes(c.Checks), c.HolderBound)
	}
	if _, err := Mechanism().Parse(found[2]); err == nil {
		t.Error("took one of two signatures")
	}
	var two object
	if err := json.Unmarshal(found[2], &two); err != nil {
		t.Fatal(err)
	}
	one := two["signatures"].(array)[0].(object)
	two["signatures"] = array{one}
	// It names a key that the one at hand is not called by; which of the issuer's
	// keys that is, the finder here does not ask.
	if c := proveJSON(t, written(t, two), bound); codes(c.Checks) != "" || !c.HolderBound {
		t.Errorf("general: %q, bound: %v", codes(c.Checks), c.HolderBound)
	}
}

func jsonEvidence(t *testing.T, b credential.Binding) credential.Evidence {
	issuer, err := credential.ParseJWK([]byte(rfcIssuerKey))
	if err != nil {
		t.Fatal(err)
	}
	return credential.Evidence{
		Keys: credential.KeysFunc(func(s credential.Signer) ([]credential.Key, []credential.Check) {
			return []credential.Key{issuer.WithController(s.ID)}, []credential.Check{credential.Pass(reason.CheckKey, "")}
		}),
		Binding: b, At: rfcTime,
	}
}

func proveJSON(t *testing.T, data []byte, b credential.Binding) credential.Credential {
	t.Helper()
	p, err := Mechanism().Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return p.Prove(jsonEvidence(t, b)).Credentials[0]
}
