package sdjwt

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	material "github.com/dzong-id/dzong/sdk/internal/vectors"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/google/go-cmp/cmp"
)

// The issuer key of RFC 9901 §A.5, which the SD-JWT VC draft, OpenID4VP and the
// Python generator use as well.
const rfcIssuerKey = `{"kty":"EC","crv":"P-256",
	"x":"b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ",
	"y":"Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8"}`

// rfcTime lies between the iat and exp of all of them.
var rfcTime = time.Unix(1_800_000_000, 0)

// vectors is the folder of a family of SD-JWTs that others made.
func vectors(t testing.TB, family string) string {
	t.Helper()
	return material.Folder(t, "sd-jwt/"+family)
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// joined takes out the line breaks that an RFC's page width has put in.
func joined(text []byte) []byte { return bytes.Join(bytes.Fields(text), nil) }

// proveVector verifies token as its source says and gives the verified contents.
func proveVector(t *testing.T, token []byte) any {
	t.Helper()
	issuer, err := credential.ParseJWK([]byte(rfcIssuerKey))
	if err != nil {
		t.Fatal(err)
	}
	p, err := Mechanism().Parse(token)
	if err != nil {
		t.Fatal(err)
	}
	binding := credential.BearerUnsafe()
	if !bytes.HasSuffix(token, []byte("~")) {
		kb, err := parseKeyBinding(token[bytes.LastIndexByte(token, '~')+1:])
		if err != nil {
			t.Fatal(err)
		}
		// Every source uses one nonce, and one of two names for its verifier.
		aud, _ := kb.payload["aud"].(string)
		if aud != "https://verifier.example.org" && aud != "https://example.com/verifier" {
			t.Fatalf("aud is %q", aud)
		}
		binding = credential.Bound("1234567890", aud)
	}
	f := p.Prove(credential.Evidence{
		Keys: credential.KeysFunc(func(s credential.Signer) ([]credential.Key, []credential.Check) {
			return []credential.Key{issuer.WithController(s.ID)}, []credential.Check{credential.Pass(reason.CheckKey, "")}
		}),
		Binding: binding,
		At:      rfcTime,
	})
	if len(f.Credentials) != 1 {
		t.Fatalf("%d credentials", len(f.Credentials))
	}
	c := f.Credentials[0]
	for _, check := range c.Checks {
		if check.Verdict != reason.Passed {
			t.Errorf("%s: %s %s", check.Name, check.Verdict, check.Code)
		}
	}
	if bound := binding.Kind() == credential.BindingBound; c.HolderBound != bound || (c.Replay != [32]byte{}) != bound {
		t.Errorf("holder bound: %v, replay key %x", c.HolderBound, c.Replay)
	}
	data, err := json.Marshal(c.Claims)
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, data)
}

// wrapped is a line break and indentation. One printed file breaks a line
// within a string; between tokens they mean nothing.
var wrapped = regexp.MustCompile(`\n *`)

func decode(t *testing.T, data []byte) any {
	t.Helper()
	data = wrapped.ReplaceAll(data, nil)
	v, err := strictjson.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestConformanceGenerated: each folder of the Python generator and of OpenID4VP
// holds an issued and a presented token and what must come out of the latter.
func TestConformanceGenerated(t *testing.T) {
	checked := 0
	for _, family := range []string{"sd-jwt-python-generated", "openid4vp-sd_jwt_vcld"} {
		t.Run(family, func(t *testing.T) {
			dir := vectors(t, family)
			err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
				if err != nil || filepath.Base(path) != "sd_jwt_presentation.txt" {
					return err
				}
				token := joined(readFile(t, path))
				if !bytes.Contains(token, []byte("~")) {
					return nil // JSON serialization
				}
				folder := filepath.Dir(path)
				name, _ := filepath.Rel(dir, folder)
				checked++
				t.Run(name, func(t *testing.T) {
					want := decode(t, readFile(t, filepath.Join(folder, "verified_contents.json")))
					if diff := cmp.Diff(want, proveVector(t, token)); diff != "" {
						t.Errorf("verified contents differ (-want +got):\n%s", diff)
					}
				})
				t.Run(name+"/issued", func(t *testing.T) {
					proveVector(t, joined(readFile(t, filepath.Join(folder, "sd_jwt_issuance.txt"))))
				})
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
	if material.Root() != "" && checked < 14 {
		t.Fatalf("only %d cases found", checked)
	}
}

// TestConformanceAnyOneChangeIsRefused flips a bit in every third byte of each
// presentation of the RFC's text.
func TestConformanceAnyOneChangeIsRefused(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(vectors(t, "rfc9901"), "rfc_*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := credential.ParseJWK([]byte(rfcIssuerKey))
	if err != nil {
		t.Fatal(err)
	}
	changed := 0
	for n, path := range files {
		token := joined(readFile(t, path))
		if !bytes.Contains(token, []byte("~")) {
			continue
		}
		changed++
		for i := n % 3; i < len(token); i += 3 {
			token[i] ^= 1 << (i % 7)
			if p, err := Mechanism().Parse(token); err == nil {
				c := p.Prove(credential.Evidence{
					Keys: credential.KeysFunc(func(credential.Signer) ([]credential.Key, []credential.Check) {
						return []credential.Key{issuer}, nil
					}),
					Binding: credential.BearerUnsafe(), At: rfcTime,
				}).Credentials[0]
				if codes(c.Checks) == "" {
					t.Errorf("%s: accepted with a bit of byte %d flipped", filepath.Base(path), i)
				}
			}
			token[i] ^= 1 << (i % 7)
		}
	}
	if changed == 0 {
		t.Fatal("no token found")
	}
}

// TestConformanceRFCAndDraft: every token in the text of RFC 9901 and of the SD-JWT VC
// draft, and for those whose processed payload is printed, that payload.
func TestConformanceRFCAndDraft(t *testing.T) {
	printed := map[string]string{
		"rfc9901/34_appendix-A.1-31_sdjwt.txt":      "rfc9901/35_appendix-A.1-33_json.json",
		"rfc9901/38_appendix-A.2-40_sdjwt.txt":      "rfc9901/39_appendix-A.2-42_json.json",
		"rfc9901/21_section-5.2-2_sdjwt.txt":        "rfc9901/23_section-5.2-7_json.json",
		"rfc9901/43_appendix-A.3-65_sdjwt.txt":      "rfc9901/45_appendix-A.3-69_json.json",
		"rfc9901/49_appendix-A.4-39_sdjwt.txt":      "rfc9901/50_appendix-A.4-41_json.json",
		"sd-jwt-vc-draft/07_section-2.3.2-2.1.txt":  "",
		"sd-jwt-vc-draft/09_section-2.3.2-6.1.txt":  "sd-jwt-vc-draft/10_section-2.3.2-8.1.json",
		"sd-jwt-vc-draft/25_appendix-A.1-67.1.txt":  "sd-jwt-vc-draft/27_appendix-A.1-71.1.json",
		"rfc9901/rfc_04_sA_1.txt":                   "rfc9901/35_appendix-A.1-33_json.json",
		"rfc9901/rfc_05_sA_2.txt":                   "rfc9901/39_appendix-A.2-42_json.json",
		"rfc9901/rfc_03_s5_2.txt":                   "rfc9901/23_section-5.2-7_json.json",
		"rfc9901/rfc_07_sA_3.txt":                   "rfc9901/45_appendix-A.3-69_json.json",
		"rfc9901/rfc_09_sA_4.txt":                   "rfc9901/50_appendix-A.4-41_json.json",
		"sd-jwt-vc-draft/06_section-2.3.1-26.1.txt": "",
		"sd-jwt-vc-draft/23_appendix-A.1-6.1.txt":   "",
	}
	checked := 0
	for _, family := range []string{"rfc9901", "sd-jwt-vc-draft"} {
		t.Run(family, func(t *testing.T) {
			dir := vectors(t, family)
			files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
			if err != nil {
				t.Fatal(err)
			}
			for _, path := range files {
				token := joined(readFile(t, path))
				if !bytes.HasPrefix(token, []byte("eyJ")) || !bytes.Contains(token, []byte("~")) {
					continue // the RFC itself, and a bare JWS
				}
				name := family + "/" + filepath.Base(path)
				checked++
				t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
					got := proveVector(t, token)
					if printed[name] == "" {
						return
					}
					want := decode(t, readFile(t, filepath.Join(filepath.Dir(dir), printed[name])))
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("verified contents differ (-printed +got):\n%s", diff)
					}
				})
			}
		})
	}
	if material.Root() != "" && checked < 20 {
		t.Fatalf("only %d tokens found", checked)
	}
}
