package conformance

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"maps"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/payload"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/shc"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/verify"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

// cardTime lies after the examples' nbf (June 2023) and before example 03's exp: the
// tools' own time of validation lies before both, and they only warn of it.
var cardTime = time.Date(2023, 7, 1, 0, 0, 0, 0, time.UTC)

const (
	cardIssuer  = "https://spec.smarthealth.cards/examples/issuer"
	badCRL      = "https://raw.githubusercontent.com/smart-on-fhir/health-cards-dev-tools/main/testdata/badcrl/"
	cardWrapper = "https://clinic.example/status"
)

// cardTools is the material of SMART Health Cards' developer tools.
type cardTools struct {
	dir     string
	wrapper *jws.PrivateKey // signs the lists, which are published unsigned
}

func newCardTools(t *testing.T) cardTools {
	t.Helper()
	key, err := jws.Derive(credential.ES256, []byte("wrapper"))
	if err != nil {
		t.Fatal(err)
	}
	return cardTools{vectors(t, "qr-offline/smart-health-cards-dev-tools"), key}
}

// keys is a key set's keys with what a trust list takes of them.
func (u cardTools) keys(t *testing.T, path ...string) []any {
	t.Helper()
	var set struct{ Keys []map[string]any }
	if err := json.Unmarshal([]byte(read(t, filepath.Join(append([]string{u.dir}, path...)...))), &set); err != nil {
		t.Fatal(err)
	}
	var out []any
	for _, k := range set.Keys {
		out = append(out, map[string]any{"kty": k["kty"], "crv": k["crv"], "x": k["x"], "y": k["y"], "kid": k["kid"], "alg": "ES256", "use": "sig"})
	}
	return out
}

// bad names the issuers whose lists are wrong.
func (u cardTools) bad() []string {
	dirs, _ := filepath.Glob(filepath.Join(u.dir, "testdata", "badcrl", "*", "jws*.txt"))
	var out []string
	for _, d := range dirs {
		out = append(out, filepath.Base(filepath.Dir(d)))
	}
	return out
}

// trust trusts the tools' issuer, and those of the bad lists with a status that is
// required; their lists are signed by a wrapper that they name.
func (u cardTools) trust(t *testing.T, withLists bool) json.RawMessage {
	t.Helper()
	types := []any{shc.CardType, "https://smarthealth.cards#immunization", "https://smarthealth.cards#covid19", "https://smarthealth.cards#laboratory"}
	rule := "none"
	if withLists {
		rule = "optional"
	}
	issuers := []any{
		map[string]any{"id": cardWrapper, "jwks": map[string]any{"keys": []any{u.wrapper.JWK("w")}}},
		map[string]any{"id": cardIssuer, "types": types, "status": rule, "status_signers": []any{cardWrapper},
			"jwks": map[string]any{"keys": append(u.keys(t, "spec-issuer", "jwks.json"), u.wrapper.JWK("w"))}},
	}
	for _, name := range u.bad() {
		issuers = append(issuers, map[string]any{"id": badCRL + name, "types": types, "status": "required", "status_signers": []any{cardWrapper},
			"jwks": map[string]any{"keys": u.keys(t, "testdata", "badcrl", name, ".well-known", "jwks.json")}})
	}
	return cardTrust(t, issuers)
}

func cardTrust(t *testing.T, issuers []any) json.RawMessage {
	t.Helper()
	data, err := json.Marshal(map[string]any{"format": 1, "number": 1, "issued": "2023-06-30T00:00:00Z", "expires": "2024-06-30T00:00:00Z", "issuers": issuers})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// lists gives every published list, signed by the wrapper, by URI.
func (u cardTools) lists(t *testing.T) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	add := func(issuer string, folder ...string) {
		dir := filepath.Join(append([]string{u.dir}, folder...)...)
		files, _ := filepath.Glob(filepath.Join(dir, "*-*.json"))
		more, _ := filepath.Glob(filepath.Join(dir, "hrv*.json"))
		for _, path := range append(files, more...) {
			uri := issuer + "/.well-known/crl/" + filepath.Base(path)
			claims, err := json.Marshal(map[string]any{"iss": cardWrapper, "sub": uri, "iat": cardTime.Add(-time.Hour).Unix(), "crl": json.RawMessage(read(t, path))})
			if err != nil {
				t.Fatal(err)
			}
			compact, err := jws.Sign(map[string]any{"typ": status.HealthCardType, "kid": "w"}, claims, u.wrapper)
			if err != nil {
				t.Fatal(err)
			}
			out[uri] = []byte(compact)
		}
	}
	add(cardIssuer, "spec-issuer")
	for _, name := range u.bad() {
		add(badCRL+name, "testdata", "badcrl", name, ".well-known", "crl")
	}
	return out
}

// cardVector is a card and what is at hand to judge it by.
type cardVector struct {
	text    []byte
	trust   json.RawMessage
	lists   map[string][]byte
	now     time.Time
	binding cases.Binding
}

func (v cardVector) run(t *testing.T, want outcome) {
	t.Helper()
	c := &cases.Case{Input: "card.txt", Encoding: "text", Now: v.now, Binding: v.binding, Trust: v.trust, Expect: want.expect}
	if want.reasons != nil {
		c.Reasons = &want.reasons
	}
	files := map[string][]byte{c.Input: v.text}
	for uri, list := range v.lists {
		name := filepath.Base(filepath.Dir(filepath.Dir(filepath.Dir(uri)))) + "-" + filepath.Base(uri) + ".jwt"
		c.Status = append(c.Status, cases.StatusFile{URI: uri, File: name})
		files[name] = list
	}
	decide(t, c, files)
}

// texts gives what a case's files hold as the texts of codes; nil for forms that are
// no code and not read here.
func (u cardTools) texts(t *testing.T, kind string, files []string) [][]byte {
	t.Helper()
	var out [][]byte
	for _, name := range files {
		file := filepath.Join(u.dir, "testdata", name)
		switch {
		case kind == "qrnumeric":
			out = append(out, []byte(read(t, file)))
		case kind == "jwspayload": // not signed by the tools: here, by a key that the issuer's entry has besides
			var packed bytes.Buffer
			z, err := flate.NewWriter(&packed, flate.BestCompression)
			if err == nil {
				_, err = z.Write([]byte(read(t, file)))
			}
			if err == nil {
				err = z.Close()
			}
			if err != nil {
				t.Fatal(err)
			}
			compact, err := jws.Sign(map[string]any{"zip": "DEF", "kid": "w"}, packed.Bytes(), u.wrapper)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, []byte(shc.Numeric([]byte(compact))))
		case kind == "jws":
			out = append(out, []byte(shc.Numeric([]byte(read(t, file)))))
		case (kind == "healthcard" || kind == "fhirhealthcard") && !strings.HasSuffix(name, ".jpg"):
			var held struct {
				VerifiableCredential []string `json:"verifiableCredential"`
				Parameter            []struct{ Name, ValueString string }
			}
			if err := json.Unmarshal([]byte(read(t, file)), &held); err != nil {
				return [][]byte{[]byte("shc:/1")} // no file of cards at all
			}
			for _, p := range held.Parameter {
				if p.Name == "verifiableCredential" {
					held.VerifiableCredential = append(held.VerifiableCredential, p.ValueString)
				}
			}
			for _, card := range held.VerifiableCredential {
				out = append(out, []byte(shc.Numeric([]byte(card))))
			}
			if len(held.VerifiableCredential) == 0 {
				return [][]byte{[]byte("shc:/1")}
			}
		}
	}
	return out
}

// together puts the parts of one card together, as a kiosk does. What does not go
// together is the last text that was tried.
func together(texts [][]byte) [][]byte {
	var out [][]byte
	var c payload.Collector
	for i, text := range texts {
		p, progress, err := c.Add(text)
		switch {
		case err != nil:
			return append(out, text)
		case progress.Done():
			out = append(out, p.Presentation)
		case i == len(texts)-1:
			return append(out, text)
		}
	}
	return out
}

// otherwise is what the tools say otherwise, and why we do.
var otherwise = map[string]struct {
	accepted bool
	why      string
}{
	"valid 02 QR numeric":                {true, "several codes are deprecated, and still read"},
	"valid 02 QR numeric (out of order)": {true, "several codes are deprecated, and still read"},
	"many unnecessary QR chunks":         {true, "how many codes there need have been is not a verifier's question"},
	"QR chunk too big":                   {true, "how long each code may be is not a verifier's question"},
	"valid 03 JWS":                       {false, "its issuer's list revokes it"},
	"valid 03 health card":               {false, "its issuer's list revokes it"},
	"valid 03 QR numeric":                {false, "its issuer's list revokes it"},
	"health card w/ trailing chars":      {true, "the white space stands behind the file, and only the card in it is read here"},
	"jws payload w/ trailing chars":      {true, "white space behind JSON is JSON (RFC 8259 §2)"},
	"missing coding":                     {true, "the bundle is not held to FHIR's schema"},
	"not yet valid":                      {false, "the tools only warn"},
	"expired":                            {false, "the tools only warn"},
	"exp in milliseconds":                {false, "the tools only warn"},
	"unknown VC types":                   {false, "the tools only warn; the trust list does not let the issuer say so"},
	"CRL with version mismatch":          {true, "see status.HealthCard"},
}

// TestConformanceSMARTHealthCards runs every case of the tools that is a card: in
// codes, as a JWS, in a file, or as the payload to be signed.
func TestConformanceSMARTHealthCards(t *testing.T) {
	u := newCardTools(t)
	var file struct {
		Cases []struct {
			Name, Type string
			Files      []string
			Valid      bool
		}
	}
	if err := json.Unmarshal([]byte(read(t, filepath.Join(u.dir, "expected.json"))), &file); err != nil {
		t.Fatal(err)
	}
	with, without, lists := u.trust(t, true), u.trust(t, false), u.lists(t)
	stranger := cardTrust(t, []any{map[string]any{"id": "https://clinic.example", "types": []any{"*"}}})
	ran, notRead, left := 0, map[string]int{}, maps.Clone(otherwise)
	for _, c := range file.Cases {
		name := strings.TrimPrefix(c.Name, "Cards: ")
		texts := u.texts(t, c.Type, c.Files)
		if texts == nil {
			notRead[c.Type]++
			continue
		}
		ran++
		accept := c.Valid
		if known, ok := otherwise[name]; ok {
			accept = known.accepted
			delete(left, name)
		}
		t.Run(c.Type+" "+name, func(t *testing.T) {
			refused := false
			for _, card := range together(texts) {
				v := cardVector{text: card, trust: with, lists: lists, now: cardTime, binding: cases.Binding{Kind: "bearer"}}
				switch {
				case c.Type == "jwspayload":
					v.trust = without // there is no list for the key that they are signed with here
				case name == "issuer not in trusted directory":
					v.trust = stranger
				}
				if accept {
					v.run(t, outcome{reason.Accepted, []reason.Code{}})
				} else {
					refused = v.refused(t) || refused
				}
			}
			if !accept && !refused {
				t.Error("every card is accepted, want a refusal")
			}
		})
	}
	t.Logf("%d cases, %d as we say and not the tools; no card, or an image of one: %v", ran, len(otherwise), notRead)
	if ran != 79 || len(left) > 0 {
		t.Errorf("%d cases, and none for %v: the material has changed", ran, left)
	}
}

// refused reports whether a card is not accepted, for whatever reason: a list that is
// wrong leaves it undecided, everything else refuses it.
func (v cardVector) refused(t *testing.T) bool {
	t.Helper()
	situation := &cases.Situation{Presented: v.text, Binding: v.binding, Now: v.now, Trust: v.trust}
	for uri, list := range v.lists {
		situation.Status = append(situation.Status, cases.StatusList{URI: uri, Data: list})
	}
	know, err := runner.Snapshot(situation)
	if err != nil {
		t.Fatal(err)
	}
	r, err := runner.DecideOn(t.Context(), situation, know, verify.NewMemoryReplay())
	if err != nil || !r.Accepted() && len(r.Reasons()) == 0 {
		t.Errorf("%s without a reason, %v", r.Outcome(), err)
	}
	return !r.Accepted()
}

// Every example of the specification, and after any single change.
func TestConformanceExampleCards(t *testing.T) {
	u := newCardTools(t)
	with, without, lists := u.trust(t, true), u.trust(t, false), u.lists(t)
	for _, name := range []string{"00", "01", "03"} {
		t.Run(name, func(t *testing.T) {
			good := strings.TrimRight(read(t, filepath.Join(u.dir, "testdata", "example-"+name+"-f-qr-code-numeric-value-0.txt")), "\r\n")
			v := cardVector{text: []byte(good), trust: without, now: cardTime, binding: cases.Binding{Kind: "bearer"}}
			t.Run("as it is", func(t *testing.T) { v.run(t, outcome{reason.Accepted, []reason.Code{}}) })
			listed := v
			listed.trust, listed.lists = with, lists
			want := outcome{reason.Accepted, []reason.Code{}}
			if name == "03" {
				want = rejected(reason.Revoked)
			}
			t.Run("with its issuer's lists", func(t *testing.T) { listed.run(t, want) })
			for what, c := range map[string]struct {
				change func(*cardVector)
				want   outcome
			}{
				"before it was issued": {func(v *cardVector) { v.now = cardTime.Add(-30 * 24 * time.Hour) }, outcome{expect: reason.Rejected}},
				"cut short":            {func(v *cardVector) { v.text = v.text[:len(v.text)-2] }, outcome{expect: reason.Rejected}},
				"with more behind":     {func(v *cardVector) { v.text = append(bytes.Clone(v.text), "00"...) }, outcome{expect: reason.Rejected}},
				"nobody trusted":       {func(v *cardVector) { v.trust = nil }, outcome{reason.Indeterminate, []reason.Code{reason.TrustStale}}},
				"asked for a proof": {func(v *cardVector) { v.binding = cases.Binding{Kind: "bound", Nonce: "n", Audience: "a"} },
					rejected(reason.HolderBindingMissing)},
			} {
				t.Run(what, func(t *testing.T) {
					v := v
					c.change(&v)
					v.run(t, c.want)
				})
			}
			t.Run("any digit", func(t *testing.T) {
				for i := len(shc.Scheme); i < len(good); i += 3 {
					v := v
					v.text = []byte(good)
					v.text[i] = '0' + (v.text[i]-'0'+1)%10
					if !v.refused(t) {
						t.Fatalf("accepted with digit %d changed", i)
					}
				}
			})
		})
	}
}
