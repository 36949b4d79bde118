package shc_test

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/shc"
)

const issuer = "https://cards.example/issuer"

var (
	issued = time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	now    = issued.Add(time.Hour)
)

func key(t testing.TB, alg credential.Algorithm, seed string) *jws.PrivateKey {
	t.Helper()
	k, err := jws.Derive(alg, []byte(seed))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func header() map[string]any { return map[string]any{"zip": "DEF", "kid": "k1"} }

func card() map[string]any {
	return map[string]any{
		"iss": issuer, "nbf": issued.Unix(),
		"vc": map[string]any{
			"type": []any{shc.CardType, "https://smarthealth.cards#immunization"},
			"rid":  "AQPCj4wwk6Mt",
			"credentialSubject": map[string]any{
				"fhirVersion": "4.0.1",
				"fhirBundle":  map[string]any{"resourceType": "Bundle", "entry": []any{}},
			},
		},
	}
}

func vc(c map[string]any) map[string]any { return c["vc"].(map[string]any) }
func fhir(c map[string]any) map[string]any {
	return vc(c)["credentialSubject"].(map[string]any)
}

func deflate(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	_, err = z.Write(data)
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sign(t testing.TB, k *jws.PrivateKey, header map[string]any, payload []byte) []byte {
	t.Helper()
	compact, err := jws.Sign(header, payload, k)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(shc.Numeric([]byte(compact)))
}

func signed(t testing.TB, k *jws.PrivateKey, header, c map[string]any) []byte {
	t.Helper()
	payload, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return sign(t, k, header, deflate(t, payload))
}

// only is a finder that knows one issuer's one key.
func only(k credential.Key) credential.Keys {
	return credential.KeysFunc(func(s credential.Signer) ([]credential.Key, []credential.Check) {
		if s.ID != issuer || s.Role != credential.RoleIssuer {
			return nil, []credential.Check{credential.Fail(reason.CheckIssuer, reason.IssuerUnknown, "")}
		}
		if s.KeyID != k.ID() {
			return nil, []credential.Check{credential.Fail(reason.CheckKey, reason.KeyUnknown, issuer)}
		}
		return []credential.Key{k.WithController(issuer)}, []credential.Check{credential.Pass(reason.CheckIssuer, issuer), credential.Pass(reason.CheckKey, issuer)}
	})
}

func evidence(k credential.Key) credential.Evidence {
	return credential.Evidence{Keys: only(k), Binding: credential.BearerUnsafe(), At: now}
}

func prove(t testing.TB, text []byte, ev credential.Evidence) credential.Credential {
	t.Helper()
	p, err := shc.Mechanism().Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	f := p.Prove(ev)
	if len(f.Credentials) != 1 || len(f.Checks)+len(f.Enclosed) > 0 || p.Format() != credential.FormatSHC {
		t.Fatalf("found %+v", f)
	}
	return f.Credentials[0]
}

func codes(c credential.Credential) (out []string) {
	for _, check := range c.Checks {
		if check.Verdict != reason.Passed {
			out = append(out, fmt.Sprint(check.Name, " ", check.Verdict, " ", check.Code))
		}
	}
	return out
}

func TestACardSaysWhoWhatAndWhen(t *testing.T) {
	k := key(t, credential.ES256, "a")
	c := card()
	c["exp"] = issued.Add(48 * time.Hour).Unix()
	got := prove(t, signed(t, k, header(), c), evidence(k.Public("k1")))
	if bad := codes(got); bad != nil {
		t.Fatal(bad)
	}
	if got.Issuer != issuer || got.SigningKey != "k1" || !got.IssuedAt.Equal(issued) || !got.NotBefore.Equal(issued) ||
		!got.Expires.Equal(issued.Add(48*time.Hour)) || got.Holder != nil || got.HolderBound {
		t.Errorf("got %+v", got)
	}
	if d := cmp.Diff([]string{shc.CardType, "https://smarthealth.cards#immunization"}, got.Types); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]credential.StatusReference{{Mechanism: credential.StatusHealthCard,
		URI: issuer + "/.well-known/crl/k1.json", Revokee: "AQPCj4wwk6Mt", Issued: issued}}, got.Status); d != "" {
		t.Error(d)
	}
	if v, _ := got.Claims.String("vc", "credentialSubject", "fhirVersion"); v != "4.0.1" {
		t.Errorf("fhirVersion is %q", v)
	}
}

func TestCardsThatDifferFromTheUsualAndAreGood(t *testing.T) {
	k := key(t, credential.ES256, "a")
	plain := signed(t, k, header(), card())
	without := card()
	delete(vc(without), "rid")
	fraction := card()
	fraction["nbf"] = json.Number("1687450764.656")
	for name, text := range map[string][]byte{
		"one code of one":            []byte("shc:/1/1/" + string(plain[len(shc.Scheme):])),
		"a scheme in capitals":       []byte("SHC:/" + string(plain[len(shc.Scheme):])),
		"no rid":                     signed(t, k, header(), without),
		"a date with a fraction":     signed(t, k, header(), fraction),
		"a header with more members": signed(t, k, map[string]any{"zip": "DEF", "kid": "k1", "typ": "JWT"}, card()),
	} {
		t.Run(name, func(t *testing.T) {
			if !shc.Mechanism().Recognise(text) {
				t.Error("not recognised")
			}
			got := prove(t, text, evidence(k.Public("k1")))
			if bad := codes(got); bad != nil || got.Claims.Len() == 0 {
				t.Error(bad)
			}
			if name == "no rid" && got.Status != nil {
				t.Errorf("status is %v", got.Status)
			}
		})
	}
}

// Each case has one cause.
func TestParseRefuses(t *testing.T) {
	k := key(t, credential.ES256, "a")
	change := func(f func(map[string]any)) []byte {
		c := card()
		f(c)
		return signed(t, k, header(), c)
	}
	payload, err := json.Marshal(card())
	if err != nil {
		t.Fatal(err)
	}
	packed := deflate(t, payload)
	good := string(signed(t, k, header(), card()))
	digits := good[len(shc.Scheme):]
	set := func(m func(map[string]any) map[string]any, name string, v any) []byte {
		return change(func(c map[string]any) { m(c)[name] = v })
	}
	drop := func(m func(map[string]any) map[string]any, name string) []byte {
		return change(func(c map[string]any) { delete(m(c), name) })
	}
	top := func(c map[string]any) map[string]any { return c }
	for name, c := range map[string]struct {
		text []byte
		code reason.Code
	}{
		"no bytes":                   {nil, reason.Malformed},
		"half a scheme":              {[]byte("shc"), reason.Malformed},
		"another scheme":             {[]byte("shd:/" + digits), reason.Malformed},
		"nothing":                    {[]byte("shc:/"), reason.Malformed},
		"an odd digit":               {[]byte(good[:len(good)-1]), reason.Malformed},
		"a pair beyond the alphabet": {[]byte(good[:len(good)-2] + "78"), reason.Malformed},
		"a letter":                   {[]byte(good[:len(good)-1] + "a"), reason.Malformed},
		"a space before the digits":  {[]byte("shc:/ " + digits), reason.Malformed},
		"a line end":                 {[]byte(good + "\r\n"), reason.Malformed},
		"one part of two":            {[]byte("shc:/1/2/" + digits), reason.Malformed},
		"the second part of one":     {[]byte("shc:/2/1/" + digits), reason.Malformed},
		"a part without a number":    {[]byte("shc://1/" + digits), reason.Malformed},
		"too long":                   {[]byte("shc:/" + strings.Repeat("00", limits.QRText)), reason.TooLarge},
		"four parts":                 {[]byte(good + "0100"), reason.Malformed},
		"no zip":                     {signed(t, k, map[string]any{"kid": "k1"}, card()), reason.Malformed},
		"another zip":                {signed(t, k, map[string]any{"kid": "k1", "zip": "GZ"}, card()), reason.Malformed},
		"zip that is no string":      {signed(t, k, map[string]any{"kid": "k1", "zip": true}, card()), reason.Malformed},
		"no kid":                     {signed(t, k, map[string]any{"zip": "DEF"}, card()), reason.Malformed},
		"a critical header":          {signed(t, k, map[string]any{"zip": "DEF", "kid": "k1", "crit": []any{"x"}, "x": 1}, card()), reason.Malformed},
		"not compressed":             {sign(t, k, header(), payload), reason.Malformed},
		"a zlib header":              {sign(t, k, header(), append([]byte{0x78, 0xda}, packed...)), reason.Malformed},
		"a stream cut short":         {sign(t, k, header(), packed[:len(packed)-3]), reason.Malformed},
		"a byte behind the stream":   {sign(t, k, header(), append(bytes.Clone(packed), 0)), reason.Malformed},
		"a bomb":                     {sign(t, k, header(), deflate(t, bytes.Repeat([]byte(" "), limits.Decompressed+1))), reason.TooLarge},
		"a bomb of megabytes":        {sign(t, k, header(), deflate(t, make([]byte, 20<<20))), reason.TooLarge},
		"a payload that is no JSON":  {sign(t, k, header(), deflate(t, []byte("card"))), reason.Malformed},
		"a JSON string of JSON":      {sign(t, k, header(), deflate(t, []byte(`"{}"`))), reason.Malformed},
		"a BOM":                      {sign(t, k, header(), deflate(t, append([]byte("\ufeff"), payload...))), reason.Malformed},
		"more than one JSON value":   {sign(t, k, header(), deflate(t, append(bytes.Clone(payload), "{}"...))), reason.Malformed},
		"a member twice":             {sign(t, k, header(), deflate(t, []byte(`{"iss":"a",`+string(payload[1:])))), reason.Malformed},
		"no iss":                     {drop(top, "iss"), reason.Malformed},
		"an issuer without TLS":      {set(top, "iss", "http://cards.example/issuer"), reason.Malformed},
		"an issuer with a slash":     {set(top, "iss", issuer+"/"), reason.Malformed},
		"an issuer with a query":     {set(top, "iss", issuer+"?x"), reason.Malformed},
		"an issuer that is a DID":    {set(top, "iss", "did:web:cards.example"), reason.Malformed},
		"no nbf":                     {drop(top, "nbf"), reason.Malformed},
		"nbf in milliseconds":        {set(top, "nbf", issued.UnixMilli()), reason.Malformed},
		"nbf as a string":            {set(top, "nbf", "1687450764"), reason.Malformed},
		"nbf before 1970":            {set(top, "nbf", -1), reason.Malformed},
		"exp in milliseconds":        {set(top, "exp", issued.UnixMilli()), reason.Malformed},
		"exp null":                   {set(top, "exp", nil), reason.Malformed},
		"no vc":                      {drop(top, "vc"), reason.Malformed},
		"vc as an array":             {set(top, "vc", []any{}), reason.Malformed},
		"no types":                   {drop(vc, "type"), reason.Malformed},
		"types without the card's":   {set(vc, "type", []any{"VerifiableCredential"}), reason.Malformed},
		"a type as one string":       {set(vc, "type", shc.CardType), reason.Malformed},
		"a type that is a number":    {set(vc, "type", []any{shc.CardType, 1}), reason.Malformed},
		"no subject":                 {drop(vc, "credentialSubject"), reason.Malformed},
		"no bundle":                  {drop(fhir, "fhirBundle"), reason.Malformed},
		"a bundle as a string":       {set(fhir, "fhirBundle", "{}"), reason.Malformed},
		"no FHIR version":            {drop(fhir, "fhirVersion"), reason.Malformed},
		"an empty rid":               {set(vc, "rid", ""), reason.Malformed},
		"a rid too long":             {set(vc, "rid", strings.Repeat("a", 25)), reason.Malformed},
		"a rid with a time":          {set(vc, "rid", "abc.1"), reason.Malformed},
		"a rid that is a number":     {set(vc, "rid", 1), reason.Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := shc.Mechanism().Parse(c.text)
			var coded *reason.Error
			if !errors.As(err, &coded) || coded.Code != c.code || p != nil {
				t.Errorf("got %v, %v; want %s", p, err, c.code)
			}
			if err != nil && strings.Contains(err.Error(), "cards.example") {
				t.Error("the error tells what is in the card")
			}
		})
	}
}

func TestProveRefuses(t *testing.T) {
	k, other := key(t, credential.ES256, "a"), key(t, credential.ES256, "b")
	good := signed(t, k, header(), card())
	expired := card()
	expired["exp"] = now.Unix()
	early := card()
	early["nbf"] = now.Add(time.Second).Unix()
	stranger := card()
	stranger["iss"] = issuer + "/other"
	der := func() []byte { // an ASN.1 signature in place of r||s
		sig, err := base64.StdEncoding.DecodeString("MEUCIQDf2eVYyz0rDpmuAFXCFXZBTWVfTDSV5IqFQdMYPAKYlAIgQDpb8ZVCYJYvFp4kdSmUXVSw9YqGkDrdxAd7MoC8zfs=")
		if err != nil {
			t.Fatal(err)
		}
		text := undigit(t, good)
		return []byte(shc.Numeric(append(text[:bytes.LastIndexByte(text, '.')+1], base64.RawURLEncoding.EncodeToString(sig)...)))
	}()
	unsigned := func(header string) []byte {
		text := undigit(t, good)
		parts := strings.Split(string(text), ".")
		return []byte(shc.Numeric([]byte(base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + parts[1] + ".")))
	}
	ev := evidence(k.Public("k1"))
	with := func(change func(*credential.Evidence)) credential.Evidence {
		e := ev
		change(&e)
		return e
	}
	for name, c := range map[string]struct {
		text   []byte
		ev     credential.Evidence
		want   []string
		signed bool
	}{
		"another key under the kid": {good, evidence(other.Public("k1")), []string{"signature failed signature_invalid"}, false},
		"another kid":               {signed(t, k, map[string]any{"zip": "DEF", "kid": "k2"}, card()), ev, []string{"key failed key_unknown"}, false},
		"another issuer":            {signed(t, k, header(), stranger), ev, []string{"issuer failed issuer_unknown"}, false},
		"no keys":                   {good, with(func(e *credential.Evidence) { e.Keys = nil }), []string{"issuer failed issuer_unknown"}, false},
		"a finder without an answer": {good, with(func(e *credential.Evidence) {
			e.Keys = credential.KeysFunc(func(credential.Signer) ([]credential.Key, []credential.Check) { return nil, nil })
		}), []string{"key failed key_unknown"}, false},
		"a key for another use":   {good, evidence(k.Public("k1").WithPurposes(credential.Authentication)), []string{"algorithm failed algorithm_refused"}, false},
		"ES384":                   {signed(t, key(t, credential.ES384, "a"), header(), card()), ev, []string{"algorithm failed algorithm_refused"}, false},
		"EdDSA by a known key":    {signed(t, key(t, credential.EdDSA, "a"), header(), card()), evidence(key(t, credential.EdDSA, "a").Public("k1")), []string{"algorithm failed algorithm_refused"}, false},
		"ES256 not wanted":        {good, with(func(e *credential.Evidence) { e.Algorithms = key(t, credential.EdDSA, "a").Public("").Algorithms() }), []string{"algorithm failed algorithm_refused"}, false},
		"alg none":                {unsigned(`{"alg":"none","zip":"DEF","kid":"k1"}`), ev, []string{"algorithm failed algorithm_refused"}, false},
		"no signature":            {unsigned(`{"alg":"ES256","zip":"DEF","kid":"k1"}`), ev, []string{"signature failed signature_missing"}, false},
		"an ASN.1 signature":      {der, ev, []string{"signature failed signature_invalid"}, false},
		"a signature's last pair": {flip(good, len(good)-4), ev, []string{"signature failed signature_invalid"}, false},
		"expired":                 {signed(t, k, header(), expired), ev, []string{"validity failed expired"}, true},
		"not yet valid":           {signed(t, k, header(), early), ev, []string{"validity failed not_yet_valid"}, true},
		"not yet valid to a clock that lags": {signed(t, k, header(), early), with(func(e *credential.Evidence) { e.Clock = credential.ClockPlausible }),
			[]string{"validity undecided clock_untrusted"}, true},
		"expired by a wrong clock": {signed(t, k, header(), expired), with(func(e *credential.Evidence) { e.Clock = credential.ClockUntrusted }),
			[]string{"validity undecided clock_untrusted"}, true},
		"bound":      {good, with(func(e *credential.Evidence) { e.Binding = credential.Bound("n", "a") }), []string{"holder_binding failed holder_binding_missing"}, true},
		"fresh":      {good, with(func(e *credential.Evidence) { e.Binding = credential.Fresh("a", time.Minute) }), []string{"holder_binding failed holder_binding_missing"}, true},
		"no binding": {good, with(func(e *credential.Evidence) { e.Binding = credential.Binding{} }), []string{"holder_binding failed holder_binding_missing"}, true},
		"in somebody's presentation": {good, with(func(e *credential.Evidence) {
			e.Binding = credential.Bound("n", "a")
			e.Presenter = &credential.Presenter{Key: k.Public("k1")}
		}), []string{"holder_binding failed holder_binding_missing"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			got := prove(t, c.text, c.ev)
			if d := cmp.Diff(c.want, codes(got)); d != "" {
				t.Error(d)
			}
			undecided := strings.Contains(c.want[0], "undecided")
			if (got.Claims.Len() > 0) != undecided || (got.Issuer != "") != c.signed {
				t.Errorf("%d claims, issuer %q", got.Claims.Len(), got.Issuer)
			}
		})
	}
	// Whatever digit is changed: no claims.
	for at := len(shc.Scheme); at < len(good); at++ {
		text := flip(good, at)
		p, err := shc.Mechanism().Parse(text)
		if err != nil {
			continue
		}
		if c := p.Prove(ev).Credentials[0]; c.Claims.Len() > 0 || codes(c) == nil {
			t.Fatalf("digit %d of %d changed, and still proven", at, len(good))
		}
	}
}

func undigit(t testing.TB, text []byte) []byte {
	t.Helper()
	var out []byte
	for d := range slices.Chunk(text[len(shc.Scheme):], 2) {
		out = append(out, (d[0]-'0')*10+d[1]-'0'+'-')
	}
	return out
}

func flip(text []byte, at int) []byte {
	out := bytes.Clone(text)
	out[at] = '0' + (out[at]-'0'+1)%10
	return out
}

func TestRecognise(t *testing.T) {
	for text, want := range map[string]bool{
		"shc:/": true, "shc:/5676": true, "shc:/1/2/5": true, "SHC:/5": true,
		"": false, "shc": false, "shc:": false, "shlink:/ey": false, "eyJ.e30.x": false, " shc:/56": false,
	} {
		if got := shc.Mechanism().Recognise([]byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func FuzzCard(f *testing.F) {
	k := key(f, credential.ES256, "a")
	f.Add(signed(f, k, header(), card()))
	f.Add([]byte("shc:/1/1/5676"))
	ev := evidence(k.Public("k1"))
	good := signed(f, k, header(), card())
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := shc.Mechanism().Parse(text)
		if err != nil {
			var coded *reason.Error
			if !errors.As(err, &coded) || coded.Code != reason.Malformed && coded.Code != reason.TooLarge {
				t.Fatal(err)
			}
			return
		}
		c := p.Prove(ev).Credentials[0]
		if c.Claims.Len() > 0 && !bytes.HasSuffix(text, good[len(shc.Scheme):]) {
			t.Fatalf("proven: %q", text)
		}
	})
}

// What stands in a signed payload comes from outside too.
func FuzzSignedCard(f *testing.F) {
	k := key(f, credential.ES256, "a")
	payload, err := json.Marshal(card())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(payload, false)
	f.Add(deflate(f, payload), true)
	ev := evidence(k.Public("k1"))
	f.Fuzz(func(t *testing.T, payload []byte, raw bool) {
		if !raw {
			payload = deflate(t, payload)
		}
		compact, err := jws.Sign(header(), payload, k)
		if err != nil {
			t.Skip()
		}
		p, err := shc.Mechanism().Parse([]byte(shc.Numeric([]byte(compact))))
		if err != nil {
			return
		}
		c := p.Prove(ev).Credentials[0]
		if (c.Claims.Len() > 0) != (codes(c) == nil) {
			t.Fatalf("%d claims, %v", c.Claims.Len(), codes(c))
		}
	})
}
