package sdjwt

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/google/go-cmp/cmp"
)

func TestProveGivesWhatTheIssuerSigned(t *testing.T) {
	c := prove(t, good(t).sign(t), evidence(t))
	if got := codes(c.Checks); got != "" {
		t.Fatalf("checks not passed: %s", got)
	}
	if got, want := names(c.Checks), "issuer key algorithm signature coverage validity holder_binding freshness"; got != want {
		t.Errorf("checks are %q, want %q", got, want)
	}
	got, err := json.Marshal(c.Claims)
	if err != nil {
		t.Fatal(err)
	}
	holder := signer(t, credential.ES256, "holder")
	want, err := json.Marshal(object{
		"iss": issuerID, "vct": "urn:example:citizen", "iat": now.Unix() - 100, "nbf": now.Unix() - 100, "exp": now.Unix() + 100,
		"cnf":           object{"jwk": holder.JWK("")},
		"status":        object{"status_list": object{"idx": 7, "uri": issuerID + "/status"}},
		"full_name":     "Pema",
		"address":       object{"dzongkhag": "Bumthang", "village": "Ura"},
		"nationalities": array{"BT", "IN"},
		"numbers":       object{"kind": "CID", "value": "12345678901"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	c.Claims = credential.Claims{}
	c.Checks = nil
	key := holder.Public("").WithPurposes(credential.Authentication)
	token := good(t).sign(t)
	kb := token[strings.LastIndexByte(string(token), '~')+1:]
	wantCredential := credential.Credential{
		Format: credential.FormatSDJWTVC, Issuer: issuerID, Types: []string{"urn:example:citizen"}, SigningKey: "k1",
		Holder: &key, HolderBound: true,
		IssuedAt: now.Add(-100 * time.Second).UTC(), NotBefore: now.Add(-100 * time.Second).UTC(), Expires: now.Add(100 * time.Second).UTC(),
		Status:    []credential.StatusReference{{Mechanism: "status_list", URI: issuerID + "/status", Index: 7}},
		Replay:    sha256.Sum256(kb[:strings.LastIndexByte(string(kb), '.')]),
		ProofTime: now.Add(-5 * time.Second).UTC(),
	}
	if diff := cmp.Diff(wantCredential, c, cmp.AllowUnexported(credential.Claims{})); diff != "" {
		t.Errorf("credential (-want +got):\n%s", diff)
	}
}

// proveCase is one change to a good presentation or to the evidence, and the
// codes of all checks that do not pass: "?" marks an undecided one.
type proveCase struct {
	change func(*built)
	ask    func(*credential.Evidence)
	want   string
}

func runProve(t *testing.T, cases map[string]proveCase) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b, ev := good(t), evidence(t)
			if c.change != nil {
				c.change(b)
			}
			if c.ask != nil {
				c.ask(&ev)
			}
			got := prove(t, b.sign(t), ev)
			if codes(got.Checks) != c.want {
				t.Errorf("got %q, want %q", codes(got.Checks), c.want)
			}
			rejected := false
			for _, check := range got.Checks {
				rejected = rejected || check.Verdict == reason.Failed
			}
			if rejected && got.Claims.Len() > 0 {
				t.Error("a refused credential gives claims away")
			}
			if len(got.Checks) == 0 {
				t.Error("no check was made")
			}
		})
	}
}

func bearer(ev *credential.Evidence) { ev.Binding = credential.BearerUnsafe() }

func fresh(ev *credential.Evidence) { ev.Binding = credential.Fresh(kioskID, time.Minute) }

func clock(level credential.ClockLevel) func(*credential.Evidence) {
	return func(ev *credential.Evidence) { ev.Clock = level }
}

func both(changes ...func(*credential.Evidence)) func(*credential.Evidence) {
	return func(ev *credential.Evidence) {
		for _, c := range changes {
			c(ev)
		}
	}
}

func TestProveTheIssuer(t *testing.T) {
	stranger := signer(t, credential.ES256, "stranger")
	set := func(name string, v any) func(*built) { return func(b *built) { b.payload[name] = v } }
	header := func(name string, v any) func(*built) { return func(b *built) { b.header[name] = v } }
	rsaKey, err := jws.Generate(credential.RS256)
	if err != nil {
		t.Fatal(err)
	}
	findOnly := func(k credential.Key) func(*credential.Evidence) {
		return func(ev *credential.Evidence) {
			ev.Keys = credential.KeysFunc(func(credential.Signer) ([]credential.Key, []credential.Check) {
				return []credential.Key{k}, nil
			})
		}
	}
	public := signer(t, credential.ES256, "issuer").Public("k1")
	runProve(t, map[string]proveCase{
		"another key":                               {change: func(b *built) { b.issuer = stranger }, want: "signature_invalid"},
		"another issuer":                            {change: set("iss", "https://other.example"), want: "issuer_unknown"},
		"another kid":                               {change: header("kid", "k2"), want: "key_unknown"},
		"alg none":                                  {change: header("alg", "none"), want: "algorithm_refused"},
		"alg none, no signature":                    {change: func(b *built) { b.header["alg"] = "none"; b.swap = stripIssuerSignature }, want: "algorithm_refused"},
		"alg None":                                  {change: header("alg", "None"), want: "algorithm_refused"},
		"no signature":                              {change: func(b *built) { b.swap = stripIssuerSignature }, want: "signature_missing"},
		"HMAC":                                      {change: header("alg", "HS256"), want: "algorithm_refused"},
		"RSA without a policy":                      {change: func(b *built) { b.issuer = rsaKey }, ask: findOnly(rsaKey.Public("")), want: "algorithm_refused"},
		"RSA where it is allowed":                   {change: func(b *built) { b.issuer = rsaKey }, ask: both(findOnly(rsaKey.Public("")), allow(credential.RS256, credential.ES256))},
		"ES256 where only another is allowed":       {ask: allow(credential.ES384), want: "algorithm_refused"},
		"an algorithm that is not the key's":        {change: header("alg", "ES384"), want: "algorithm_refused"},
		"a key that is not for issuing":             {ask: findOnly(public.WithPurposes(credential.Authentication)), want: "algorithm_refused"},
		"no keys at all":                            {ask: func(ev *credential.Evidence) { ev.Keys = nil }, want: "issuer_unknown"},
		"a finder that finds nothing and says so":   {ask: find(credential.Undecided(reason.CheckKey, reason.KeyUnknown, "did:web:x")), want: "?key_unknown"},
		"a finder that finds nothing, silently":     {ask: find(), want: "key_unknown"},
		"a payload changed after signing":           {change: func(b *built) { b.swap = changeIssuerPayload }, want: "signature_invalid"},
		"everything wrong at once: the issuer only": {change: func(b *built) { b.issuer = stranger; b.payload["exp"] = 1; b.kb["nonce"] = "x" }, want: "signature_invalid"},
	})

	// Other algorithms that need no policy.
	for _, alg := range []credential.Algorithm{credential.ES384, credential.ES512, credential.ES256K, credential.EdDSA, credential.Ed25519} {
		k := signer(t, alg, "issuer")
		runProve(t, map[string]proveCase{
			"issuer " + string(alg): {change: func(b *built) { b.issuer = k }, ask: findOnly(k.Public(""))},
			"holder " + string(alg): {change: func(b *built) { b.holder = k; b.payload["cnf"] = object{"jwk": k.JWK("")} }},
			"several keys, the last one " + string(alg): {change: func(b *built) { b.issuer = k }, ask: func(ev *credential.Evidence) {
				ev.Keys = credential.KeysFunc(func(credential.Signer) ([]credential.Key, []credential.Check) {
					return []credential.Key{{}, stranger.Public(""), signer(t, alg, "x").Public(""), k.Public("")}, nil
				})
			}},
		})
	}
}

func allow(algs ...credential.Algorithm) func(*credential.Evidence) {
	return func(ev *credential.Evidence) {
		ev.Algorithms = 0
		for _, a := range algs {
			ev.Algorithms, _ = ev.Algorithms.With(a)
		}
	}
}

func find(checks ...credential.Check) func(*credential.Evidence) {
	return func(ev *credential.Evidence) {
		ev.Keys = credential.KeysFunc(func(credential.Signer) ([]credential.Key, []credential.Check) { return nil, checks })
	}
}

func stripIssuerSignature(text string) string {
	jwt, rest, _ := strings.Cut(text, "~")
	return jwt[:strings.LastIndexByte(jwt, '.')+1] + "~" + rest
}

func changeIssuerPayload(text string) string {
	parts := strings.SplitN(text, ".", 3)
	payload, err := base64url.Decode(parts[1])
	if err != nil {
		panic(err)
	}
	parts[1] = base64url.Encode([]byte(strings.Replace(string(payload), "Bumthang", "Trongsa", 1)))
	return strings.Join(parts, ".")
}

func TestProveCoverageAndValidity(t *testing.T) {
	set := func(name string, v any) func(*built) { return func(b *built) { b.payload[name] = v } }
	drop := func(d string) func(*built) {
		return func(b *built) {
			for i := range b.disclosures {
				if b.disclosures[i] == d {
					b.disclosures = append(b.disclosures[:i:i], b.disclosures[i+1:]...)
					return
				}
			}
			t.Fatal("nothing to drop")
		}
	}
	send := func(d string) func(*built) {
		return func(b *built) { b.disclosures = append(b.disclosures, d) }
	}
	at := now.Unix()
	runProve(t, map[string]proveCase{
		"a disclosure of nothing":                   {change: send(sd("salt", "admin", true)), want: "claims_not_covered"},
		"a disclosure of nothing that is no JSON":   {change: send("AAAA"), want: "claims_not_covered"},
		"a disclosure changed after signing":        {change: func(b *built) { b.disclosures[0] = sd("salt 1", "full_name", "Karma") }, want: "claims_not_covered"},
		"a disclosure without the one it hangs on":  {change: drop(idDisclosure), want: "claims_not_covered"},
		"a disclosure withheld":                     {change: drop(nameDisclosure)},
		"an inner disclosure withheld":              {change: drop(innerDisclosure)},
		"no disclosures":                            {change: func(b *built) { b.disclosures = nil }},
		"its digest in another hash":                {change: set("_sd_alg", "sha-384"), want: "claims_not_covered holder_binding_mismatch"},
		"its digest with padding":                   {change: set("_sd", array{dig(nameDisclosure) + "=", dig(idDisclosure)}), want: "claims_not_covered"},
		"a disclosure in another base64 of its own": {change: func(b *built) { b.disclosures[0] = base64url.Encode([]byte(`["salt 1", "full_name", "Pema"]`)) }, want: "claims_not_covered"},

		"expired this second":                     {change: set("exp", at), want: "expired"},
		"expired":                                 {change: set("exp", at-1), want: "expired"},
		"expired half a second ago":               {change: set("exp", float64(at)-0.5), want: "expired"},
		"expires in a second":                     {change: set("exp", at+1)},
		"expired by a clock that may lag":         {change: set("exp", at), ask: clock(credential.ClockPlausible), want: "expired"},
		"expired by a wrong clock":                {change: set("exp", at), ask: clock(credential.ClockUntrusted), want: "?clock_untrusted"},
		"valid from this second":                  {change: set("nbf", at)},
		"valid from the next second":              {change: set("nbf", at+1), want: "not_yet_valid"},
		"valid tomorrow by a clock that lags":     {change: set("nbf", at+86400), ask: clock(credential.ClockPlausible), want: "?clock_untrusted"},
		"issued a minute ahead":                   {change: set("iat", at+60)},
		"issued more than a minute ahead":         {change: set("iat", at+61), want: "not_yet_valid"},
		"issued ahead of a clock that lags":       {change: set("iat", at+61), ask: clock(credential.ClockPlausible), want: "?clock_untrusted"},
		"issued at a disclosed time ahead":        {change: func(b *built) { delete(b.payload, "iat"); b.discloseVia(sd("s", "iat", at+61)) }, want: "not_yet_valid"},
		"without any dates":                       {change: func(b *built) { delete(b.payload, "exp"); delete(b.payload, "nbf"); delete(b.payload, "iat") }},
		"expired and never valid":                 {change: func(b *built) { b.payload["exp"] = at; b.payload["nbf"] = at + 1 }, want: "expired not_yet_valid"},
		"made for us":                             {change: set("aud", kioskID)},
		"made for us among others":                {change: set("aud", array{"https://other.example", kioskID})},
		"made for another":                        {change: set("aud", "https://other.example"), want: "audience_mismatch"},
		"made for nobody":                         {change: set("aud", array{}), want: "audience_mismatch"},
		"made for an empty name, asked by nobody": {change: set("aud", array{""}), ask: bearer, want: "audience_mismatch"},
		"made for us, asked by nobody":            {change: set("aud", kioskID), ask: bearer, want: "audience_mismatch"},
		"not covered, and expired":                {change: func(b *built) { b.payload["exp"] = at; b.disclosures = append(b.disclosures, "AAAA") }, want: "claims_not_covered expired"},
		"a plain SD-JWT":                          {change: func(b *built) { delete(b.header, "typ"); delete(b.payload, "vct") }},
		"a plain SD-JWT, expired by disclosure": {change: func(b *built) {
			delete(b.header, "typ")
			delete(b.payload, "vct")
			delete(b.payload, "exp")
			b.discloseVia(sd("s", "exp", at))
		}, want: "expired"},
		"typ with application/": {change: func(b *built) { b.header["typ"] = "application/dc+sd-jwt" }},
		"typ vc+sd-jwt":         {change: func(b *built) { b.header["typ"] = "vc+sd-jwt" }},
	})
}

func TestAlgorithmsOfHashOtherThanTheDefault(t *testing.T) {
	for _, h := range []hash{"sha-384", "sha-512"} {
		b := good(t)
		d := sd("salt", "full_name", "Pema")
		b.disclosures = []string{d}
		b.payload = object{"iss": issuerID, "_sd_alg": string(h), "_sd": array{h.digest([]byte(d))}, "cnf": b.payload["cnf"]}
		b.header = object{}
		jwt, err := jws.Sign(b.header, mustJSON(t, b.payload), b.issuer)
		if err != nil {
			t.Fatal(err)
		}
		b.kb["sd_hash"] = h.digest([]byte(jwt + "~" + d + "~"))
		c := prove(t, b.sign(t), evidence(t))
		if name, _ := c.Claims.String("full_name"); codes(c.Checks) != "" || name != "Pema" {
			t.Errorf("%s: %s", h, codes(c.Checks))
		}
		if c.Claims.Has("_sd_alg") || c.Claims.Has("_sd") {
			t.Errorf("%s: claims hold %v", h, c.Claims.Names())
		}
	}
}

func mustJSON(t testing.TB, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestIssuerOfAPlainSDJWT(t *testing.T) {
	plain := func(change func(*built)) *built {
		b := good(t)
		delete(b.header, "typ")
		delete(b.payload, "vct")
		change(b)
		return b
	}
	for name, b := range map[string]*built{
		"iss": plain(func(*built) {}),
		"a W3C issuer": plain(func(b *built) {
			delete(b.payload, "iss")
			b.payload["@context"], b.payload["issuer"] = array{}, issuerID
		}),
		"a W3C issuer object": plain(func(b *built) {
			delete(b.payload, "iss")
			b.payload["@context"], b.payload["issuer"] = array{}, object{"id": issuerID, "name": "x"}
		}),
		"none but the key's controller": plain(func(b *built) { delete(b.payload, "iss") }),
	} {
		c := prove(t, b.sign(t), evidence(t))
		if codes(c.Checks) != "" || c.Issuer != issuerID || c.Format != credential.FormatSDJWT || len(c.Types) != 0 {
			t.Errorf("%s: %q issuer %q, format %s, types %v", name, codes(c.Checks), c.Issuer, c.Format, c.Types)
		}
	}
	// A member called issuer that is no W3C issuer names nobody.
	other := plain(func(b *built) { b.payload["issuer"] = "https://other.example" })
	if c := prove(t, other.sign(t), evidence(t)); c.Issuer != issuerID {
		t.Errorf("issuer is %q", c.Issuer)
	}
}

func TestSignerIsWhatTheTokenSays(t *testing.T) {
	b := good(t)
	delete(b.payload, "iss")
	b.header["x5c"] = array{"AAEC", "AwQF"}
	var asked credential.Signer
	ev := evidence(t)
	ev.Keys = credential.KeysFunc(func(s credential.Signer) ([]credential.Key, []credential.Check) {
		asked = s
		return nil, nil
	})
	prove(t, b.sign(t), ev)
	want := credential.Signer{Role: credential.RoleIssuer, KeyID: "k1", Chain: [][]byte{{0, 1, 2}, {3, 4, 5}}, Algorithm: credential.ES256}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnUnknownStatusMechanismIsNotNoStatus(t *testing.T) {
	b := good(t)
	b.payload["status"] = object{"other": object{}, "another": 1}
	c := prove(t, b.sign(t), evidence(t))
	want := []credential.StatusReference{{Mechanism: "another"}, {Mechanism: "other"}}
	if diff := cmp.Diff(want, c.Status); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestAnyOneChangeIsRefused flips one bit in every byte of a presentation.
func TestAnyOneChangeIsRefused(t *testing.T) {
	token := good(t).sign(t)
	ev := evidence(t)
	for i := range token {
		token[i] ^= 1 << (i % 7)
		p, err := Mechanism().Parse(token)
		if err == nil {
			if got := codes(p.Prove(ev).Credentials[0].Checks); got == "" || strings.HasPrefix(got, "?") {
				t.Errorf("accepted with a bit of byte %d flipped", i)
			}
		} else if coded := new(reason.Error); !errors.As(err, &coded) {
			t.Errorf("byte %d: uncoded error %v", i, err)
		}
		token[i] ^= 1 << (i % 7)
	}
	if got := codes(prove(t, token, ev).Checks); got != "" {
		t.Errorf("not restored: %s", got)
	}
}
