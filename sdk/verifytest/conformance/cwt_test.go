package conformance

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/cwt"
	"github.com/dzong-id/dzong/sdk/internal/base45"
	"github.com/dzong-id/dzong/sdk/internal/cose"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/payload"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/trust"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

// tokenVector is a CWT as it stands in a code, and what is at hand to judge it by.
type tokenVector struct {
	prefix  string // before base45; "hex" for bytes that stand in no code
	message []byte // CBOR
	entry   map[string]any
	now     time.Time
	binding cases.Binding
	policy  string
	status  []cases.StatusFile
	files   map[string][]byte
	claims  map[string]any
}

func (v tokenVector) run(t *testing.T, want outcome) {
	t.Helper()
	trust, err := json.Marshal(map[string]any{
		"format": 1, "number": 1,
		"issued": v.now.Add(-time.Hour).Format(time.RFC3339), "expires": v.now.Add(time.Hour).Format(time.RFC3339),
		"issuers": []any{v.entry},
	})
	if err != nil {
		t.Fatal(err)
	}
	c := &cases.Case{
		Input: "code.txt", Encoding: "text", Now: v.now, Binding: v.binding, Trust: trust,
		Policy: json.RawMessage(v.policy), Status: v.status, Expect: want.expect,
	}
	text := []byte(v.prefix + payload.PixelPass(v.message))
	if v.prefix == "hex" {
		c.Input, c.Encoding, text = "token.hex", "hex", []byte(hex.EncodeToString(v.message))
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
	files[c.Input] = text
	decide(t, c, files)
}

// runAll runs v as it is, and after every single change that must refuse it.
func (v tokenVector) runAll(t *testing.T) {
	t.Helper()
	t.Run("as it is", func(t *testing.T) { v.run(t, outcome{reason.Accepted, []reason.Code{}}) })
	flip := func(at int) func(*tokenVector) {
		return func(v *tokenVector) {
			v.message = bytes.Clone(v.message)
			v.message[(len(v.message)+at)%len(v.message)] ^= 1
		}
	}
	message, err := cose.ParseSign1(v.message)
	if err != nil {
		t.Fatal(err)
	}
	inside := bytes.Index(v.message, message.Payload)
	for name, m := range map[string]struct {
		change func(*tokenVector)
		want   outcome
	}{
		"a bit of the signature":          {flip(-2), rejected(reason.SignatureInvalid)},
		"a bit of the claims":             {flip(inside + len(message.Payload) - 1), outcome{expect: reason.Rejected}},
		"a bit of the first claim's name": {flip(inside + 1), outcome{expect: reason.Rejected}},
		"a bit of the protected header":   {flip(5), outcome{expect: reason.Rejected}},
		"no signature": {func(v *tokenVector) {
			n := len(message.Signature)
			v.message = append(bytes.Clone(v.message[:len(v.message)-n-1-min(1, n/24)-min(1, n/256)]), 0x40)
		}, rejected(reason.SignatureMissing)},
		"a byte behind":     {func(v *tokenVector) { v.message = append(bytes.Clone(v.message), 0) }, rejected(reason.Malformed)},
		"its tag twice":     {func(v *tokenVector) { v.message = append([]byte{0xd2}, v.message...) }, rejected(reason.Malformed)},
		"another issuer":    {func(v *tokenVector) { v.entry = with(v.entry, "id", "XX") }, rejected(reason.IssuerUnknown)},
		"another type":      {func(v *tokenVector) { v.entry = with(v.entry, "types", []string{"other"}) }, rejected(reason.IssuerNotForType)},
		"another key":       {func(v *tokenVector) { v.entry = with(with(v.entry, "x509", nil), "jwks", foreign(message)) }, outcome{expect: reason.Rejected}},
		"no key":            {func(v *tokenVector) { v.entry = with(with(v.entry, "x509", nil), "jwks", foreignNamed("none")) }, outcome{expect: reason.Rejected}},
		"an ended issuer":   {func(v *tokenVector) { v.entry = with(v.entry, "valid_until", v.now.Format(time.RFC3339)) }, rejected(reason.IssuerNotValid)},
		"a challenge":       {func(v *tokenVector) { v.binding = cases.Binding{Kind: "bound", Nonce: "n", Audience: "us"} }, rejected(reason.HolderBindingMissing)},
		"a proof when":      {func(v *tokenVector) { v.binding = cases.Binding{Kind: "fresh", Audience: "us"} }, rejected(reason.HolderBindingMissing)},
		"ten years later":   {func(v *tokenVector) { v.now = v.now.AddDate(10, 0, 0) }, outcome{expect: reason.Rejected}},
		"ten years earlier": {func(v *tokenVector) { v.now = v.now.AddDate(-10, 0, 0) }, outcome{expect: reason.Rejected}},
	} {
		changed := v
		m.change(&changed)
		t.Run(name, func(t *testing.T) { changed.run(t, m.want) })
	}
}

func with(m map[string]any, name string, value any) map[string]any {
	m = maps.Clone(m)
	if m[name] = value; value == nil {
		delete(m, name)
	}
	return m
}

// foreign is somebody else's key under the name that the token gives, and of the
// kind that its algorithm needs.
func foreign(message *cose.Sign1) map[string]any {
	alg := message.Algorithm
	if alg == credential.PS256 {
		alg = credential.ES256 // another kind of key is no better
	}
	k, err := jws.Derive(alg, []byte("a stranger"))
	if err != nil {
		panic(err)
	}
	return map[string]any{"keys": []any{k.JWK(name(message))}}
}

func foreignNamed(name string) map[string]any {
	k, err := jws.Derive(credential.ES256, []byte("a stranger"))
	if err != nil {
		panic(err)
	}
	return map[string]any{"keys": []any{k.JWK(name)}}
}

func name(message *cose.Sign1) string {
	if name := cose.KeyName(message.KeyID); name != "" {
		return name
	}
	return "any"
}

// EU digital COVID certificates, as the member states published them for tests.
func TestConformanceDigitalCOVIDCertificates(t *testing.T) {
	dir := vectors(t, "qr-offline/dgc-testdata")
	var files []string
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".json" {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	rsa, last, moved := 0, 0, 0
	for _, path := range files {
		label, _ := filepath.Rel(dir, path)
		t.Run(filepath.ToSlash(label), func(t *testing.T) {
			var c struct {
				Prefix, COSE string
				JSON         map[string]any
				Context      struct {
					Certificate string
					Clock       string `json:"VALIDATIONCLOCK"`
				} `json:"TESTCTX"`
				Expected map[string]bool `json:"EXPECTEDRESULTS"`
			}
			if err := json.Unmarshal([]byte(read(t, path)), &c); err != nil {
				t.Fatal(err)
			}
			if !c.Expected["EXPECTEDVERIFY"] || !c.Expected["EXPECTEDUNPREFIX"] && strings.HasPrefix(label, "common") {
				t.Fatalf("it is expected to fail: %v", c.Expected)
			}
			p, err := payload.Parse([]byte(c.Prefix))
			if err != nil || p.Kind != payload.HealthCert {
				t.Fatalf("unwrapped: %q, %v", p.Kind, err)
			}
			if c.COSE != "" && !strings.EqualFold(c.COSE, hex.EncodeToString(p.Presentation)) {
				t.Error("the code holds another message than the file")
			}
			der, err := base64.StdEncoding.DecodeString(c.Context.Certificate)
			if err != nil {
				t.Fatal(err)
			}
			certificate, err := x509.ParseCertificate(der)
			if err != nil {
				t.Fatal(err)
			}
			message, err := cose.ParseSign1(p.Presentation)
			if err != nil {
				t.Fatal(err)
			}
			v := tokenVector{prefix: "HC1:", message: p.Presentation, binding: cases.Binding{Kind: "bearer"}, now: clock(t, c.Context.Clock)}
			v.claims = map[string]any{"hcert": map[string]any{"eu_dgc_v1": c.JSON}}
			issuer, issued, expires := issuerOf(t, message)
			if label == filepath.FromSlash("PT/1.3.0/2DCode/raw/4.json") {
				// The code says the same moment in other letters than the file.
				c.JSON["t"].([]any)[0].(map[string]any)["sc"] = "2021-06-30T12:34:56Z"
			}
			over := !v.now.Before(expires)
			if checked, stated := c.Expected["EXPECTEDEXPIRATIONCHECK"]; stated && (!checked || v.now.After(expires)) {
				t.Fatalf("it is expected to have expired: %v", c.Expected)
			}
			v.entry = map[string]any{"id": issuer, "types": []string{cwt.TypeHealth}, "status": "none"}
			if message.Algorithm == credential.PS256 {
				v.policy = `{"id":"border","version":1,"algorithms":["ES256","PS256"]}`
				rsa++
			}
			sum := sha256.Sum256(der)
			if !bytes.Equal(message.KeyID, sum[:8]) {
				t.Fatal("its kid is not that of its certificate")
			}
			v.entry["x509"] = []any{map[string]any{"cert": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))}}
			switch {
			case over && v.now.Equal(expires):
				// Their clock is the second in which it expires, and they take it. RFC 7519
				// §4.1.4, which CWT follows: "on or after which [it] MUST NOT be accepted".
				t.Run("at the second of its expiry", func(t *testing.T) { v.run(t, rejected(reason.Expired)) })
				v.now = v.now.Add(-time.Second)
				last++
			case over || v.now.Before(issued):
				// They expect nothing of the dates, and their clock is that of the file's
				// making, or any other.
				v.now = issued.Add(time.Minute)
				moved++
			}
			v.runAll(t)
			// The trust list may name the key by its kid as well.
			k, err := credential.NewKey(cose.KeyName(message.KeyID), certificate.PublicKey)
			if err != nil {
				t.Fatal(err)
			}
			v.entry = with(with(v.entry, "x509", nil), "jwks", map[string]any{"keys": []any{k.JWK()}})
			t.Run("named by its kid", func(t *testing.T) { v.run(t, outcome{reason.Accepted, []reason.Code{}}) })
		})
	}
	t.Logf("%d certificates; %d with PS256; %d also in the second of their expiry; %d not at their own clock", len(files), rsa, last, moved)
	if len(files) < 80 || rsa == 0 {
		t.Error("the material has changed")
	}
}

// issuerOf is what a token says about who issued it, and from when to when it counts.
func issuerOf(t *testing.T, message *cose.Sign1) (issuer string, issued, expires time.Time) {
	t.Helper()
	p, err := cwt.Mechanism().Parse(must(cose.Message{Payload: message.Payload}.Sign(ours)))
	if err != nil {
		t.Fatal(err)
	}
	// The issuer is what keys are asked for, and the date what the credential says.
	found := p.Prove(credential.Evidence{
		Keys: credential.KeysFunc(func(s credential.Signer) ([]credential.Key, []credential.Check) {
			issuer = s.ID
			return []credential.Key{ours.Public("")}, nil
		}),
		Binding: credential.BearerUnsafe(), At: time.Unix(0, 0),
	})
	return issuer, found.Credentials[0].IssuedAt, found.Credentials[0].Expires
}

var ours = must(jws.Derive(credential.EdDSA, []byte("conformance")))

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

var fraction = regexp.MustCompile(`\.\d+`)

// clock reads their times, which have many forms.
func clock(t *testing.T, text string) time.Time {
	t.Helper()
	text = fraction.ReplaceAllString(text, "")
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04:05-0700", "2006-01-02 15:04:05", "2006-01-02"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC()
		}
	}
	t.Fatalf("no time: %q", text)
	return time.Time{}
}

func TestConformanceClaim169(t *testing.T) {
	dir := vectors(t, "qr-offline/claim-169")
	files, _ := filepath.Glob(filepath.Join(dir, "test-vectors", "*", "*.json"))
	counts := map[string]int{}
	for _, path := range files {
		label := filepath.Base(filepath.Dir(path)) + "/" + strings.TrimSuffix(filepath.Base(path), ".json")
		t.Run(label, func(t *testing.T) {
			var c struct {
				QR     string `json:"qr_data"`
				Error  string `json:"expected_error"`
				Signed *struct {
					Algorithm string
					Public    string `json:"public_key_hex"`
				} `json:"signing_key"`
				Encrypted any            `json:"encryption_key"`
				Claims    map[string]any `json:"expected_claim169"`
				Meta      struct {
					Issuer    string
					Subject   string
					Expires   int64 `json:"expiresAt"`
					NotBefore int64 `json:"notBefore"`
					Issued    int64 `json:"issuedAt"`
				} `json:"expected_cwt_meta"`
			}
			if err := json.Unmarshal([]byte(read(t, path)), &c); err != nil {
				t.Fatal(err)
			}
			v := tokenVector{binding: cases.Binding{Kind: "bearer"}, now: time.Unix(1770000000, 0).UTC()}
			v.entry = map[string]any{"id": "https://mosip.example.org", "types": []string{cwt.TypeIdentity}, "status": "none"}
			if c.Meta.Issuer != "" {
				v.entry["id"] = c.Meta.Issuer
			}
			v.entry["jwks"] = map[string]any{"keys": []any{ours.JWK("any")}}
			if c.Error != "" {
				v.entry["id"] = "https://example.org"
			}
			switch {
			case c.Encrypted != nil:
				v.message = unfold(t, c.QR)
				v.run(t, rejected(reason.FormatUnsupported))
				counts["encrypted"]++
				return
			case c.Error != "" && c.Error != "Claim169NotFound":
				refuseText(t, v, c.QR)
				counts["refused"]++
				return
			}
			v.message = unfold(t, c.QR)
			message, err := cose.ParseSign1(v.message)
			if err != nil {
				t.Fatal(err)
			}
			if c.Signed != nil {
				v.entry["jwks"] = map[string]any{"keys": []any{publicJWK(t, c.Signed.Algorithm, c.Signed.Public)}}
				v.claims = map[string]any{"iss": c.Meta.Issuer, "identity-data": c.Claims}
				v.runAll(t)
				counts["signed"]++
				return
			}
			// Not signed: it is refused, and what it says is read once we have signed it.
			t.Run("as it is", func(t *testing.T) { v.run(t, rejected(reason.SignatureMissing)) })
			counts["not signed"]++
			v.message = must(cose.Message{Payload: message.Payload}.Sign(ours))
			v.claims = map[string]any{"iss": c.Meta.Issuer}
			if c.Meta.Subject != "" {
				v.claims["sub"] = c.Meta.Subject
			}
			if !slices.ContainsFunc(slices.Collect(maps.Keys(c.Claims)), func(name string) bool { return biometric(c.Claims[name]) }) &&
				label != "edge/unknown-fields" && label != "valid/with-all-biometrics" && label != "valid/refugee-identity" {
				v.claims["identity-data"] = c.Claims
			}
			switch {
			case c.Error != "":
				t.Run("signed here", func(t *testing.T) { v.run(t, rejected(reason.IssuerNotForType)) })
			case c.Meta.Expires <= v.now.Unix():
				t.Run("signed here", func(t *testing.T) { v.run(t, rejected(reason.Expired)) })
			case c.Meta.NotBefore > v.now.Unix():
				t.Run("signed here", func(t *testing.T) { v.run(t, rejected(reason.NotYetValid)) })
			default:
				t.Run("signed here", v.runAll)
			}
		})
	}
	t.Log(counts)
	if counts["signed"] != 2 || counts["encrypted"] != 2 || counts["refused"] != 3 || counts["not signed"] != 11 {
		t.Error("the material has changed")
	}
}

// biometric reports whether a claim holds samples, whose bytes the material gives
// in another form or not at all.
func biometric(v any) bool {
	_, ok := v.([]any)
	return ok && len(v.([]any)) > 0 && isMap(v.([]any)[0])
}

func isMap(v any) bool { _, ok := v.(map[string]any); return ok }

func publicJWK(t *testing.T, alg, public string) map[string]any {
	t.Helper()
	raw, err := hex.DecodeString(public)
	if err != nil {
		t.Fatal(err)
	}
	enc := base64.RawURLEncoding.EncodeToString
	if alg == "EdDSA" {
		return map[string]any{"kty": "OKP", "crv": "Ed25519", "x": enc(raw), "kid": "any"}
	}
	return map[string]any{"kty": "EC", "crv": "P-256", "x": enc(raw[1:33]), "y": enc(raw[33:]), "kid": "any"}
}

// unfold takes off base45 and zlib.
func unfold(t *testing.T, text string) []byte {
	t.Helper()
	packed, err := base45.Decode([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	r, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// refuseText runs a code that does not unfold to a token at all.
func refuseText(t *testing.T, v tokenVector, text string) {
	t.Helper()
	trust, err := json.Marshal(map[string]any{
		"format": 1, "number": 1, "issued": v.now.Add(-time.Hour).Format(time.RFC3339), "expires": v.now.Add(time.Hour).Format(time.RFC3339),
		"issuers": []any{v.entry},
	})
	if err != nil {
		t.Fatal(err)
	}
	c := &cases.Case{Input: "code.txt", Encoding: "text", Now: v.now, Binding: v.binding, Trust: trust, Expect: reason.Rejected}
	decide(t, c, map[string][]byte{"code.txt": []byte(text)})
}

// The one authority of ICAO's visible digital seals that is at hand: a trust list can
// hold it, although no seal is read yet.
func TestConformanceVDSNCAuthority(t *testing.T) {
	block, _ := pem.Decode([]byte(read(t, filepath.Join(vectors(t, "qr-offline/vdsnc-csca"), "csca_au_rs4096.cer"))))
	if block == nil {
		t.Fatal("it is no certificate in PEM")
	}
	der := block.Bytes
	parse := func(der []byte) error {
		list, err := json.Marshal(map[string]any{
			"format": 1, "number": 1, "issued": "2026-01-01T00:00:00Z", "expires": "2027-01-01T00:00:00Z",
			"issuers": []any{map[string]any{"id": "AUS", "types": []string{"icao.vacc"}, "x509": []any{map[string]any{
				"cert": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), "leaf": map[string]any{"eku": "2.23.136.1.1.14.2"},
			}}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = trust.Parse(list)
		return err
	}
	if err := parse(der); err != nil {
		t.Error(err)
	}
	if parse(der[:len(der)-1]) == nil || parse(append(bytes.Clone(der), 0)) == nil {
		t.Error("a byte less or more is taken")
	}
}

// The draft's referenced token and its status list, both as CWT.
func TestConformanceReferencedCWT(t *testing.T) {
	dir := vectors(t, "status/token-status-list")
	unhex := func(name string) []byte {
		data, err := hex.DecodeString(strings.TrimSpace(read(t, filepath.Join(dir, name))))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	key := readClaims(t, filepath.Join(dir, "issuer_jwk.json"))
	delete(key, "d")
	const uri = "https://example.com/statuslists/1"
	v := tokenVector{
		prefix: "hex", message: unhex("referenced_token_cwt.hex"), now: time.Date(2023, 7, 1, 0, 0, 0, 0, time.UTC),
		binding: cases.Binding{Kind: "bearer"},
		entry: map[string]any{
			"id": "https://example.com", "types": []string{"*"}, "jwks": map[string]any{"keys": []any{key}}, "status_lists": []string{uri},
		},
		files:  map[string][]byte{"list.cwt": unhex("status_list_cwt.hex")},
		status: []cases.StatusFile{{URI: uri, File: "list.cwt"}},
		policy: `{"id":"any","version":1,"max_status_age_s":100000000}`,
	}
	// Entry 0 of the list is set: the token is revoked.
	v.run(t, rejected(reason.Revoked))
	// Without the list nothing is decided; a list for another URI is none.
	bare := v
	bare.status, bare.files = nil, nil
	bare.run(t, outcome{reason.Indeterminate, []reason.Code{reason.StatusUnavailable}})
	damaged := v
	list := bytes.Clone(v.files["list.cwt"])
	list[len(list)-1] ^= 1
	damaged.files = map[string][]byte{"list.cwt": list}
	damaged.run(t, outcome{reason.Indeterminate, []reason.Code{reason.StatusListInvalid}})
}
