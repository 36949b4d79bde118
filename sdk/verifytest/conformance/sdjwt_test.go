package conformance

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/reason"
)

// rfcKey is the issuer's key of RFC 9901 appendix A.5, which SD-JWT VC and the
// generated examples use too.
var rfcKey = json.RawMessage(`{"kty":"EC","crv":"P-256","x":"b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ","y":"Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8"}`)

// fromToken makes a vector of a compact SD-JWT: who issued it and to whom it was
// presented stands in it.
func fromToken(t *testing.T, token string, key json.RawMessage) vector {
	t.Helper()
	token = strings.Join(strings.Fields(token), "") // the texts are wrapped
	payload := issuerPayload(token)
	if payload == nil {
		t.Fatal("the vector is no SD-JWT")
	}
	v := vector{token: token, issuerJWK: key, now: time.Unix(1700000000, 0).UTC()}
	v.issuer, _ = payload["iss"].(string)
	if v.issuer == "" {
		v.issuer, _ = payload["issuer"].(string)
	}
	v.vct, _ = payload["vct"].(string)
	// A key that the token names must be named so by the trust list.
	if kid, ok := segment(token, 0)["kid"].(string); ok {
		var jwk map[string]any
		if err := json.Unmarshal(key, &jwk); err != nil {
			t.Fatal(err)
		}
		jwk["kid"] = kid
		v.issuerJWK, _ = json.Marshal(jwk)
	}
	v.binding.Kind = "bearer"
	if kb := kbPayload(token); strings.Contains(token, "~") && kb != nil {
		v.binding.Kind = "bound"
		v.binding.Nonce, _ = kb["nonce"].(string)
		v.binding.Audience, _ = kb["aud"].(string)
		v.now = time.Unix(kbTime(token), 0).UTC().Add(5 * time.Second)
	}
	return v
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func readClaims(t *testing.T, path string) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(read(t, path)), &m); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return m
}

func TestConformanceRFC9901(t *testing.T) {
	dir := vectors(t, "sd-jwt/rfc9901")
	names, _ := filepath.Glob(filepath.Join(dir, "rfc_*.txt"))
	if len(names) != 9 {
		t.Fatalf("found %d tokens, want 9", len(names))
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			token := read(t, name)
			if !strings.Contains(token, "~") {
				// Section 5.1 shows the issuer-signed JWT by itself: that is no
				// SD-JWT (RFC 9901 §4: "<Issuer-signed JWT>~<Disclosure 1>~…").
				fromToken(t, token, rfcKey).run(t, rejected())
				return
			}
			fromToken(t, token, rfcKey).runAll(t)
		})
	}
}

func TestConformanceSDJWTVC(t *testing.T) {
	dir := vectors(t, "sd-jwt/sd-jwt-vc-draft")
	verified := map[string]string{ // token → its processed payload
		"09_section-2.3.2-6.1.txt": "10_section-2.3.2-8.1.json",
		"25_appendix-A.1-67.1.txt": "27_appendix-A.1-71.1.json",
	}
	names, _ := filepath.Glob(filepath.Join(dir, "*.txt"))
	if len(names) != 5 {
		t.Fatalf("found %d tokens, want 5", len(names))
	}
	for _, name := range names {
		base := filepath.Base(name)
		t.Run(strings.TrimSuffix(base, ".txt"), func(t *testing.T) {
			v := fromToken(t, read(t, name), rfcKey)
			if contents := verified[base]; contents != "" {
				v.claims = readClaims(t, filepath.Join(dir, contents))
			}
			v.runAll(t)
		})
	}
}

func TestConformanceOpenID4VPExample(t *testing.T) {
	dir := filepath.Join(vectors(t, "sd-jwt/openid4vp-sd_jwt_vcld"), "1.0/examples/sd_jwt_vcld/01")
	v := fromToken(t, read(t, filepath.Join(dir, "sd_jwt_presentation.txt")), rfcKey)
	v.claims = readClaims(t, filepath.Join(dir, "verified_contents.json"))
	v.runAll(t)
}

func TestConformanceSDJWTPython(t *testing.T) {
	dir := vectors(t, "sd-jwt/sd-jwt-python-generated")
	names, _ := filepath.Glob(filepath.Join(dir, "*", "*", "sd_jwt_presentation.txt"))
	more, _ := filepath.Glob(filepath.Join(dir, "*", "*", "*", "sd_jwt_presentation.txt"))
	names = append(names, more...)
	if len(names) < 10 {
		t.Fatalf("found %d presentations, want more", len(names))
	}
	for _, name := range names {
		folder := filepath.Dir(name)
		t.Run(filepath.Base(folder), func(t *testing.T) {
			token := strings.TrimSpace(read(t, name))
			if strings.HasPrefix(token, "{") {
				// JWS JSON serialisation, which this verifier does not open.
				v := vector{token: token, issuerJWK: rfcKey, issuer: "https://example.com/issuer", now: time.Unix(1700000000, 0).UTC()}
				v.binding.Kind = "bearer"
				v.run(t, rejected(reason.FormatUnsupported))
				return
			}
			v := fromToken(t, token, rfcKey)
			if contents := read(t, filepath.Join(folder, "verified_contents.json")); json.Valid([]byte(contents)) {
				v.claims = readClaims(t, filepath.Join(folder, "verified_contents.json"))
			} else if filepath.Base(folder) != "w3c-vc" {
				// That one file breaks a line inside a string, so only its token counts.
				t.Error("verified_contents.json is no JSON")
			}
			if v.vct != "" && segment(token, 0)["typ"] == "example+sd-jwt" {
				// Generated under a draft of 2024: the contents are an SD-JWT VC and
				// the typ is not, which SD-JWT VC §2.2.1 forbids today.
				v.run(t, rejected(reason.Malformed))
				return
			}
			v.runAll(t)
		})
	}
}

func TestConformanceEUDIKotlin(t *testing.T) {
	dir := filepath.Join(vectors(t, "sd-jwt/eudi-lib-jvm-sdjwt-kt"), "src/test/resources")
	key := json.RawMessage(read(t, filepath.Join(dir, "examplesIssuerKey.json")))
	for _, name := range []string{"exampleIssuanceSdJwt.txt", "examplePresentationSdJwt.txt"} {
		t.Run(name, func(t *testing.T) {
			v := fromToken(t, read(t, filepath.Join(dir, name)), publicPart(t, key))
			t.Run("RSA without a policy", func(t *testing.T) { v.run(t, rejected(reason.AlgorithmRefused)) })
			v.policy = `{"algorithms":["RS256"]}`
			v.runAll(t)
		})
	}
}

// publicPart takes the private members out of a JWK.
func publicPart(t *testing.T, key json.RawMessage) json.RawMessage {
	t.Helper()
	var jwk map[string]any
	if err := json.Unmarshal(key, &jwk); err != nil {
		t.Fatal(err)
	}
	for _, private := range []string{"d", "p", "q", "dp", "dq", "qi", "oth"} {
		delete(jwk, private)
	}
	data, _ := json.Marshal(jwk)
	return data
}

func TestConformanceTokenStatusList(t *testing.T) {
	dir := vectors(t, "status/token-status-list")
	signerKey := json.RawMessage(read(t, filepath.Join(dir, "issuer_jwk.json")))
	v := fromToken(t, read(t, filepath.Join(dir, "referenced_token_sd_jwt.txt")), rfcKey)
	v.rule = "required"
	v.now = time.Unix(1686920170, 0).UTC().Add(time.Hour) // the list's iat and an hour
	v.files = map[string][]byte{"list.jwt": []byte(strings.TrimSpace(read(t, filepath.Join(dir, "status_list_token.jwt"))))}
	uri := "https://example.com/statuslists/1"
	signer := map[string]any{"id": "https://example.com", "types": []string{"none"}, "jwks": map[string]any{"keys": []any{signerKey}}}
	list := []struct {
		name   string
		change func(*vector)
		want   outcome
	}{
		{"entry 0 is INVALID", func(*vector) {}, rejected(reason.Revoked)},
		{"twelve hours later", func(v *vector) { v.now = v.now.Add(12 * time.Hour) }, rejected(reason.Revoked, reason.StatusStale)},
		{"no list at hand", func(v *vector) { v.status = nil }, outcome{reason.Indeterminate, []reason.Code{reason.StatusUnavailable}}},
		{"the list under another name", func(v *vector) { v.status[0].URI += "x" }, outcome{reason.Indeterminate, []reason.Code{reason.StatusUnavailable}}},
		{"a signer nobody named", func(v *vector) { v.signers = nil }, outcome{reason.Indeterminate, []reason.Code{reason.StatusListInvalid}}},
		{"a signer nobody knows", func(v *vector) { v.more = nil }, outcome{reason.Indeterminate, []reason.Code{reason.StatusListInvalid}}},
		{"a bit of the list's signature flipped", func(v *vector) {
			v.files = map[string][]byte{"list.jwt": []byte(flipSignature(string(v.files["list.jwt"]), 0))}
		}, outcome{reason.Indeterminate, []reason.Code{reason.StatusListInvalid}}},
	}
	for _, c := range list {
		t.Run(c.name, func(t *testing.T) {
			v := v
			v.more = []map[string]any{signer}
			v.signers = []string{"https://example.com"}
			v.status = append(v.status, struct {
				URI  string `json:"uri"`
				File string `json:"file"`
			}{uri, "list.jwt"})
			c.change(&v)
			v.run(t, c.want)
		})
	}
}
