// Package conformance runs test material that others made through the case
// runner: every vector becomes a case folder in a temporary place, runs as a
// case, and runs again after each of a list of single changes that must refuse
// it. The material is read from $DZONG_VECTORS and never copied into the
// repository; where it is absent, the tests say so and stand aside.
package conformance

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/dzong-id/dzong/sdk/internal/mechanisms"
	material "github.com/dzong-id/dzong/sdk/internal/vectors"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

// vectors is the folder of a family of the material.
func vectors(t *testing.T, family string) string {
	t.Helper()
	return material.Folder(t, family)
}

var runner = mechanisms.Runner()

// decide writes a case and runs it. Every case of this package goes through here:
// where $DZONG_POSITIVES names a folder, what is to be accepted is written there
// too, below the test's name, so that it can be changed at random ("make mutate").
func decide(t *testing.T, c *cases.Case, files map[string][]byte) {
	t.Helper()
	dir := t.TempDir()
	if err := c.Write(dir, files); err != nil {
		t.Fatal(err)
	}
	if err := runner.Run(context.Background(), dir); err != nil {
		t.Error(err)
		return
	}
	if keep := os.Getenv("DZONG_POSITIVES"); keep != "" && c.Expect == reason.Accepted {
		// A test may decide more than once.
		sum := sha256.Sum256(files[c.Input])
		if err := c.Write(filepath.Join(keep, fmt.Sprintf("%s-%x", fileName(t.Name()), sum[:4])), files); err != nil {
			t.Error(err)
		}
	}
}

// fileName keeps of a test's name what any file system takes.
func fileName(test string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_.", r)) {
			return r
		}
		return '_'
	}, test)
}

// vector is a presentation and what surrounds it, ready to become a case.
type vector struct {
	token     string
	issuerJWK json.RawMessage
	issuer    string
	vct       string // "" for a plain SD-JWT
	now       time.Time
	binding   cases.Binding
	claims    map[string]any
	policy    string
	status    []cases.StatusFile
	files     map[string][]byte
	rule      string // the trust entry's status member
	more      []map[string]any
	signers   []string
}

// outcome is what a case must come to.
type outcome struct {
	expect  reason.Outcome
	reasons []reason.Code
}

func rejected(codes ...reason.Code) outcome { return outcome{reason.Rejected, codes} }

// run makes a case of v and runs it.
func (v vector) run(t *testing.T, want outcome) {
	t.Helper()
	entry := map[string]any{
		"id":     v.issuer,
		"types":  []string{"*"},
		"jwks":   map[string]any{"keys": []any{v.issuerJWK}},
		"status": "none",
	}
	if v.vct != "" {
		entry["types"] = []string{v.vct}
	}
	if v.rule != "" {
		entry["status"] = v.rule
	}
	if v.signers != nil {
		entry["status_signers"] = v.signers
	}
	issuers := []any{entry}
	for _, m := range v.more {
		issuers = append(issuers, m)
	}
	list, err := json.Marshal(map[string]any{
		"format": 1, "number": 1,
		"issued":  v.now.Add(-time.Hour).Format(time.RFC3339),
		"expires": v.now.Add(time.Hour).Format(time.RFC3339),
		"issuers": issuers,
	})
	if err != nil {
		t.Fatal(err)
	}
	c := &cases.Case{
		Input: "input.txt", Encoding: "text",
		Now: v.now, Binding: v.binding, Trust: list, Status: v.status, Policy: json.RawMessage(v.policy),
		Expect: want.expect,
	}
	if want.reasons != nil {
		c.Reasons = &want.reasons
	}
	if want.expect == reason.Accepted {
		c.Claims = v.claims
	}
	files := maps.Clone(v.files)
	if files == nil {
		files = map[string][]byte{}
	}
	files[c.Input] = []byte(v.token)
	decide(t, c, files)
}

// runAll runs v as it is, and after every single change that must refuse it.
func (v vector) runAll(t *testing.T) {
	t.Run("as it is", func(t *testing.T) { v.run(t, outcome{reason.Accepted, []reason.Code{}}) })
	for _, m := range mutations() {
		changed, want, ok := m.apply(v)
		if !ok {
			continue
		}
		t.Run(m.name, func(t *testing.T) { changed.run(t, want) })
	}
}

type mutation struct {
	name  string
	apply func(vector) (vector, outcome, bool)
}

// mutations are the single changes. Those of the key binding apply only where
// there is one.
func mutations() []mutation {
	always := func(change func(*vector), codes ...reason.Code) func(vector) (vector, outcome, bool) {
		return func(v vector) (vector, outcome, bool) {
			change(&v)
			return v, rejected(codes...), true
		}
	}
	bound := func(change func(*vector), codes ...reason.Code) func(vector) (vector, outcome, bool) {
		return func(v vector) (vector, outcome, bool) {
			if v.binding.Kind != "bound" {
				return v, outcome{}, false
			}
			change(&v)
			return v, rejected(codes...), true
		}
	}
	return []mutation{
		{"a bit of the issuer's signature flipped", always(func(v *vector) { v.token = flipSignature(v.token, 0) }, reason.SignatureInvalid)},
		{"a bit of the payload flipped", always(func(v *vector) { v.token = flipPayload(v.token) })},
		{"alg none", always(func(v *vector) { v.token = withHeader(v.token, "alg", "none") }, reason.AlgorithmRefused)},
		{"another issuer's key", always(func(v *vector) { v.issuerJWK = otherKey })},
		{"an issuer nobody lists", always(func(v *vector) { v.issuer += "/other" }, reason.IssuerUnknown)},
		{"a type the issuer may not issue", always(func(v *vector) { v.vct = "https://example.org/other" }, reason.IssuerNotForType)},
		{"a disclosure nothing refers to", func(v vector) (vector, outcome, bool) {
			v.token = withDisclosure(v.token, "WyJzYWx0IiwiZm9yZWlnbiIsdHJ1ZV0")
			if v.binding.Kind == "bound" {
				return v, rejected(reason.ClaimsNotCovered, reason.HolderBindingMismatch), true
			}
			return v, rejected(reason.ClaimsNotCovered), true
		}},
		{"no tilde at the end", always(func(v *vector) {
			v.token = strings.TrimSuffix(v.token, "~") + strings.Repeat("x", boolInt(v.binding.Kind == "bound"))
		})},
		{"every disclosure twice", func(v vector) (vector, outcome, bool) {
			parts := strings.Split(v.token, "~")
			if len(parts) < 3 {
				return v, outcome{}, false
			}
			v.token = strings.Join(slices.Insert(slices.Clone(parts), 1, parts[1]), "~")
			return v, outcome{expect: reason.Rejected}, true
		}},
		{"after its expiry", func(v vector) (vector, outcome, bool) {
			if !hasExpiry(v.token) {
				return v, outcome{}, false
			}
			v.now = time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC)
			return v, rejected(reason.Expired), true
		}},
		{"another nonce", bound(func(v *vector) { v.binding.Nonce += "x" }, reason.NonceMismatch)},
		{"another audience", bound(func(v *vector) { v.binding.Audience += "x" }, reason.AudienceMismatch)},
		{"a disclosure dropped", func(v vector) (vector, outcome, bool) {
			parts := strings.Split(v.token, "~")
			if v.binding.Kind != "bound" || len(parts) < 3 {
				return v, outcome{}, false
			}
			// Dropping one that others hang on leaves those without a referrer too.
			v.token = strings.Join(slices.Delete(slices.Clone(parts), len(parts)-2, len(parts)-1), "~")
			return v, outcome{expect: reason.Rejected}, true
		}},
		{"the key binding dropped", bound(func(v *vector) { v.token = v.token[:strings.LastIndexByte(v.token, '~')+1] }, reason.HolderBindingMissing)},
		{"a bit of the holder's signature flipped", bound(func(v *vector) { v.token = flipSignature(v.token, -1) }, reason.HolderBindingMismatch)},
		{"a proof from the future", bound(func(v *vector) { v.now = time.Unix(kbTime(v.token), 0).UTC().Add(-time.Hour) }, reason.PresentationNotFresh)},
	}
}

var otherKey = json.RawMessage(`{"kty":"EC","crv":"P-256","x":"I3HWm_0Ds1dPMI-IWmf4mBmH-YaeAVbPVu7vB27CxXo","y":"6N_d5Elj9bs1htgV3okJKIdbHEpkgTmAluYKJemzn1M"}`)

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// flipSignature changes the first character of the signature of the nth part
// (-1: the last), so that the token stays well formed.
func flipSignature(token string, part int) string {
	parts := strings.Split(token, "~")
	if part < 0 {
		part = len(parts) - 1
	}
	segments := strings.Split(parts[part], ".")
	segments[2] = flipFirst(segments[2])
	parts[part] = strings.Join(segments, ".")
	return strings.Join(parts, "~")
}

func flipFirst(s string) string {
	if s[0] == 'A' {
		return "B" + s[1:]
	}
	return "A" + s[1:]
}

// flipPayload changes a letter inside the payload.
func flipPayload(token string) string {
	segments := strings.Split(token, ".")
	payload, _ := base64.RawURLEncoding.DecodeString(segments[1])
	payload = []byte(strings.Replace(string(payload), `"iat": 1`, `"iat": 2`, 1))
	again := base64.RawURLEncoding.EncodeToString(payload)
	if again == segments[1] {
		middle := len(again) / 2
		again = again[:middle] + flipFirst(again[middle:])
	}
	segments[1] = again
	return strings.Join(segments, ".")
}

// withHeader sets one member of the issuer's protected header.
func withHeader(token, name, value string) string {
	header := segment(token, 0)
	header[name] = value
	data, err := json.Marshal(header)
	if err != nil {
		panic(err) // strings only
	}
	segments := strings.Split(token, ".")
	segments[0] = base64.RawURLEncoding.EncodeToString(data)
	return strings.Join(segments, ".")
}

func withDisclosure(token, disclosure string) string {
	at := strings.LastIndexByte(token, '~') + 1
	return token[:at] + disclosure + "~" + token[at:]
}

// segment decodes one segment of a JWS into an object.
func segment(jws string, n int) map[string]any {
	var m map[string]any
	parts := strings.Split(jws, ".")
	if n >= len(parts) {
		return nil
	}
	data, err := base64.RawURLEncoding.DecodeString(parts[n])
	if err != nil || json.Unmarshal(data, &m) != nil {
		return nil
	}
	return m
}

func issuerPayload(token string) map[string]any { return segment(strings.Split(token, "~")[0], 1) }

func kbPayload(token string) map[string]any {
	return segment(token[strings.LastIndexByte(token, '~')+1:], 1)
}

func hasExpiry(token string) bool { _, ok := issuerPayload(token)["exp"]; return ok }

func kbTime(token string) int64 {
	iat, _ := kbPayload(token)["iat"].(float64)
	return int64(iat)
}
