package mdoc

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/cose"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/reason"
)

// What each cause of refusal leads to stands in package verifytest's cases, which
// run whole decisions. Here is what a decision does not show.

func TestRecogniseTakesBytesOrText(t *testing.T) {
	raw := encode(t, object{"version": "1.0", "status": 0})
	for name, c := range map[string]struct {
		data []byte
		want bool
	}{
		"bytes, status first":    {raw, true},
		"bytes, version first":   {[]byte("\xa3gversionc1.0"), true},
		"bytes, documents first": {[]byte("\xa3idocuments\x80"), true},
		"bytes, errors first":    {[]byte("\xa3ndocumentErrors\x80"), true},
		"text":                   {[]byte(base64url.Encode(raw)), true},
		"text of another order":  {[]byte(base64url.Encode([]byte("\xa3ndocumentErrors\x80"))), true},

		"nothing":                 {nil, false},
		"a map of nothing":        {[]byte{0xa0}, false},
		"a map without its key":   {[]byte{0xa1}, false},
		"another map":             {[]byte("\xa1cfoo\x00"), false},
		"a key that begins alike": {[]byte("\xa1hversions\x00"), false},
		"IssuerSigned":            {[]byte("\xa2jnameSpaces\xa0"), false},
		"a COSE_Sign1":            {[]byte{0xd2, 0x84, 0x40}, false},
		"a JWT":                   {[]byte("eyJhbGciOiJFUzI1NiJ9.e30.AAAA"), false},
		"an SD-JWT":               {[]byte("eyJhbGciOiJFUzI1NiJ9.e30.AAAA~"), false},
		"an engagement":           {[]byte("mdoc:owBjMS4w"), false},
		"JSON":                    {[]byte(`{"version":"1.0"}`), false},
		"text with a space":       {[]byte(" " + base64url.Encode(raw)), false},
	} {
		if got := (mechanism{}).Recognise(c.data); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// good is a response under s with these items, as it is.
func good(t testing.TB, s signer, change func(object), items ...[]byte) []byte {
	mso := testSecurityObject(t, items...)
	change(mso)
	return s.response(t, encode(t, tagged(tagEmbedded, encode(t, mso))), items...)
}

func unchanged(object) {}

func prove(t testing.TB, data []byte, ev credential.Evidence) credential.Credential {
	t.Helper()
	p, err := Mechanism().Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	if p.Format() != credential.FormatMDoc {
		t.Errorf("format is %s", p.Format())
	}
	f := p.Prove(ev)
	if len(f.Credentials) != 1 {
		t.Fatalf("%d credentials", len(f.Credentials))
	}
	return f.Credentials[0]
}

func bearer(t testing.TB) credential.Evidence {
	return credential.Evidence{Keys: anyChain(t, "https://iaca.example"), Binding: credential.BearerUnsafe(), At: testTime.Add(time.Hour)}
}

func TestParseKeepsNoReference(t *testing.T) {
	data := good(t, newSigner(t), unchanged, testItem(t, 0, "family_name", "Example"))
	for name, input := range map[string][]byte{"bytes": bytes.Clone(data), "text": []byte(base64url.Encode(data))} {
		p, err := Mechanism().Parse(input)
		if err != nil {
			t.Fatal(err)
		}
		clear(input)
		if got := codes(p.Prove(bearer(t)).Credentials[0].Checks); got != "" {
			t.Errorf("%s: after the input was overwritten: %s", name, got)
		}
	}
}

func TestProveSaysWhatTheIssuerSigned(t *testing.T) {
	c := prove(t, good(t, newSigner(t), func(m object) {
		m["status"] = object{"status_list": object{"idx": 7, "uri": "https://iaca.example/status"}}
	}, testItem(t, 0, "family_name", "Example"), testItem(t, 1, "sizes", []any{1, -1, 1.5, nil, []byte{0xff}, object{"a": tagged(1004, "2020-02-29")}})), bearer(t))
	if got := codes(c.Checks); got != "" {
		t.Fatalf("checks not passed: %s", got)
	}
	var names []string
	for _, check := range c.Checks {
		names = append(names, string(check.Name))
	}
	if got := strings.Join(names, " "); got != "issuer key algorithm signature coverage validity" {
		t.Errorf("checks are %s", got)
	}
	claims, err := c.Claims.MarshalJSON()
	if want := `{"org.iso.18013.5.1":{"family_name":"Example","sizes":[1,-1,1.5,null,"_w",{"a":"2020-02-29"}]}}`; err != nil || string(claims) != want {
		t.Errorf("claims are %s, %v", claims, err)
	}
	if c.Issuer != "https://iaca.example" || !strings.HasPrefix(c.SigningKey, "sha256:") || len(c.Types) != 1 || c.Types[0] != licence ||
		!c.IssuedAt.Equal(testTime) || !c.NotBefore.Equal(testTime) || !c.Expires.Equal(testTime.AddDate(0, 0, 7)) ||
		c.Holder == nil || !c.Holder.Permits(credential.Authentication) || c.Holder.Permits(credential.AssertionMethod) ||
		c.HolderBound || c.Replay != [32]byte{} || !c.ProofTime.IsZero() {
		t.Errorf("the credential is %+v", c)
	}
	if len(c.Status) != 1 || c.Status[0] != (credential.StatusReference{Mechanism: credential.StatusToken, URI: "https://iaca.example/status", Index: 7}) {
		t.Errorf("status is %+v", c.Status)
	}
}

func TestWhatTheEvidenceDecides(t *testing.T) {
	item := testItem(t, 0, "family_name", "Example")
	for name, c := range map[string]struct {
		change func(*credential.Evidence)
		want   string
	}{
		"no binding at all": {func(ev *credential.Evidence) { ev.Binding = credential.Binding{} }, "holder_binding_missing"},
		"a holder who presents what encloses it": {func(ev *credential.Evidence) {
			ev.Binding = credential.Bound("n", "a")
			ev.Presenter = &credential.Presenter{ID: "did:example:1"}
		}, "holder_binding_missing"},
		"no keys":               {func(ev *credential.Evidence) { ev.Keys = nil }, "issuer_unknown"},
		"other algorithms only": {func(ev *credential.Evidence) { ev.Algorithms, _ = credential.AlgorithmSet(0).With(credential.ES384) }, "algorithm_refused"},
		"a key for holders alone": {func(ev *credential.Evidence) {
			inner := ev.Keys
			ev.Keys = credential.KeysFunc(func(s credential.Signer) ([]credential.Key, []credential.Check) {
				keys, checks := inner.Find(s)
				return []credential.Key{keys[0].WithPurposes(credential.Authentication)}, checks
			})
		}, "algorithm_refused"},
		"a key found another way than through the certificate": {func(ev *credential.Evidence) {
			inner := ev.Keys
			ev.Keys = credential.KeysFunc(func(s credential.Signer) ([]credential.Key, []credential.Check) {
				keys, checks := inner.Find(s)
				return []credential.Key{keys[0].WithID("kid")}, checks
			})
		}, "certificate_refused"},
		"after its end":                       {func(ev *credential.Evidence) { ev.At = testTime.AddDate(0, 0, 8) }, "expired"},
		"after its end, by a clock that lags": {func(ev *credential.Evidence) { ev.At, ev.Clock = testTime.AddDate(0, 0, 8), credential.ClockPlausible }, "expired"},
		"after its end, by a wrong clock":     {func(ev *credential.Evidence) { ev.At, ev.Clock = testTime.AddDate(0, 0, 8), credential.ClockUntrusted }, "clock_untrusted"},
		"before its beginning":                {func(ev *credential.Evidence) { ev.At = testTime.Add(-time.Second) }, "not_yet_valid"},
		"before, by a clock that lags":        {func(ev *credential.Evidence) { ev.At, ev.Clock = testTime.Add(-time.Second), credential.ClockPlausible }, "clock_untrusted"},
	} {
		t.Run(name, func(t *testing.T) {
			ev := bearer(t)
			c.change(&ev)
			got := prove(t, good(t, newSigner(t), unchanged, item), ev)
			if codes(got.Checks) != c.want {
				t.Errorf("got %q, want %q", codes(got.Checks), c.want)
			}
			// What is undecided for the clock alone may still be read by whoever decides.
			if undecided := strings.Contains(c.want, "clock"); (got.Claims.Len() > 0) != undecided {
				t.Errorf("%d claims come out", got.Claims.Len())
			}
		})
	}
}

// TestUnlessTheSignatureIsVerifiedNothingElseIsSaid: whatever else is wrong.
func TestUnlessTheSignatureIsVerifiedNothingElseIsSaid(t *testing.T) {
	data := good(t, newSigner(t), func(m object) { m["docType"] = "other" }, testItem(t, 5, "family_name", "Example"))
	stranger, err := jws.Derive(credential.ES256, []byte("nobody's"))
	if err != nil {
		t.Fatal(err)
	}
	ev := bearer(t)
	ev.Keys = credential.KeysFunc(func(credential.Signer) ([]credential.Key, []credential.Check) {
		return []credential.Key{stranger.Public("k")}, nil
	})
	c := prove(t, data, ev)
	if codes(c.Checks) != "signature_invalid" || c.Issuer != "" || c.Types != nil || c.Holder != nil || c.Status != nil || c.Uncovered != nil {
		t.Errorf("got %+v", c)
	}
}

// device presents an item and, signed by the device over a session, elements of its
// own.
func device(t testing.TB, authorised object, elements object) ([]byte, credential.Evidence) {
	s := newSigner(t)
	item := testItem(t, 0, "family_name", "Example")
	mso := testSecurityObject(t, item)
	if authorised != nil {
		mso["deviceKeyInfo"].(object)["keyAuthorizations"] = authorised
	}
	auth, err := cose.Message{
		Payload:     encode(t, tagged(tagEmbedded, encode(t, mso))),
		Unprotected: map[any]any{cose.LabelX5Chain: s.certificate},
	}.Sign(s.key)
	if err != nil {
		t.Fatal(err)
	}
	key, err := jws.Derive(credential.ES256, []byte("device"))
	if err != nil {
		t.Fatal(err)
	}
	transcript := encode(t, []any{nil, nil, nil})
	spaces := strictcbor.RawMessage(encode(t, tagged(tagEmbedded, encode(t, elements))))
	proof, err := cose.Message{
		Payload:  encode(t, tagged(tagEmbedded, encode(t, []any{"DeviceAuthentication", strictcbor.RawMessage(transcript), licence, spaces}))),
		Detached: true,
	}.Sign(key)
	if err != nil {
		t.Fatal(err)
	}
	ev := bearer(t)
	ev.Binding = credential.Session(transcript, nil)
	return encode(t, object{"version": "1.0", "status": 0, "documents": []any{object{
		"docType":      licence,
		"issuerSigned": object{"nameSpaces": object{licenceNameSpace: []strictcbor.RawMessage{item}}, "issuerAuth": strictcbor.RawMessage(auth)},
		"deviceSigned": object{"nameSpaces": spaces, "deviceAuth": object{"deviceSignature": strictcbor.RawMessage(proof)}},
	}}}), ev
}

// TestWhatTheDeviceSaysIsNoClaim: it is left out, refused, or set apart where a
// policy asks for that, and never among what the issuer says.
func TestWhatTheDeviceSaysIsNoClaim(t *testing.T) {
	own := object{licenceNameSpace: object{"family_name": "Other", "height": 170}}
	for name, c := range map[string]struct {
		authorised object
		unsafe     bool
		want       string
		uncovered  int
	}{
		"nobody allowed it":                 {nil, false, "claims_not_covered", 2},
		"one of two is allowed":             {object{"dataElements": object{licenceNameSpace: []any{"height"}}}, false, "claims_not_covered", 1},
		"both are allowed":                  {object{"dataElements": object{licenceNameSpace: []any{"height", "family_name"}}}, false, "", 0},
		"the namespace is":                  {object{"nameSpaces": []any{licenceNameSpace}}, false, "", 0},
		"another namespace is":              {object{"nameSpaces": []any{"org.example"}}, false, "claims_not_covered", 2},
		"nobody, under a policy that asks":  {nil, true, "", 2},
		"allowed, under a policy that asks": {object{"nameSpaces": []any{licenceNameSpace}}, true, "", 2},
	} {
		t.Run(name, func(t *testing.T) {
			data, ev := device(t, c.authorised, own)
			ev.UncoveredUnsafe = c.unsafe
			got := prove(t, data, ev)
			if codes(got.Checks) != c.want || len(got.Uncovered) != c.uncovered || !got.HolderBound {
				t.Errorf("got %q, uncovered %v", codes(got.Checks), got.Uncovered)
			}
			if name, _ := got.Claims.String(licenceNameSpace, "family_name"); c.want == "" && name != "Example" || got.Claims.Has(licenceNameSpace, "height") {
				t.Errorf("the device's word is among the claims: %q", name)
			}
			if name, _ := got.UncoveredClaims.String(licenceNameSpace, "family_name"); (name == "Other") != c.unsafe {
				t.Errorf("set apart is %q", name)
			}
			for _, u := range got.Uncovered {
				if strings.Contains(u, "family") || strings.Contains(u, "height") {
					t.Errorf("%q names what it is", u)
				}
			}
		})
	}
}

// TestNoErrorHoldsWhatWasRead: neither an element nor a value, and nothing of the
// holder's.
func TestNoErrorHoldsWhatWasRead(t *testing.T) {
	s := newSigner(t)
	secret := testItem(t, 0, "secretelement", "secretvalue")
	data := good(t, s, unchanged, secret)
	refused := 0
	for at := range data {
		changed := bytes.Clone(data)
		changed[at] ^= 0x40
		_, err := Mechanism().Parse(changed)
		if err == nil {
			continue
		}
		refused++
		if code := errorCode(err); code != reason.Malformed && code != reason.TooLarge && code != reason.FormatUnsupported {
			t.Errorf("byte %d: %v", at, err)
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("byte %d: %v", at, err)
		}
	}
	if refused == 0 {
		t.Error("nothing was refused")
	}
}
