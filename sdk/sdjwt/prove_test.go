package sdjwt

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"math/big"
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

func TestProveTheHolder(t *testing.T) {
	stranger := signer(t, credential.ES256, "stranger")
	kb := func(name string, v any) func(*built) { return func(b *built) { b.kb[name] = v } }
	without := func(name string) func(*built) { return func(b *built) { delete(b.kb, name) } }
	kbHeader := func(name string, v any) func(*built) { return func(b *built) { b.kbHeader[name] = v } }
	unbound := func(b *built) { b.bind = false }
	cnf := func(v any) func(*built) { return func(b *built) { b.payload["cnf"] = v } }
	binding := func(k credential.Binding) func(*credential.Evidence) {
		return func(ev *credential.Evidence) { ev.Binding = k }
	}
	rsaKey, err := jws.Generate(credential.PS256)
	if err != nil {
		t.Fatal(err)
	}
	dropDisclosure := func(b *built) {
		b.swap = func(s string) string { return strings.Replace(s, nameDisclosure+"~", "", 1) }
	}
	at := now.Unix()
	cases := map[string]proveCase{
		"no KB-JWT":                          {change: unbound, want: "holder_binding_missing"},
		"no KB-JWT, none wanted":             {change: unbound, ask: bearer},
		"a binding nobody made":              {ask: binding(credential.Binding{}), want: "holder_binding_missing"},
		"a binding without a nonce":          {ask: binding(credential.Bound("", kioskID)), want: "holder_binding_missing"},
		"a binding without a window":         {ask: binding(credential.Fresh(kioskID, 0)), want: "holder_binding_missing"},
		"a session":                          {ask: binding(credential.Session([]byte{1}, nil)), want: "holder_binding_missing"},
		"no cnf":                             {change: func(b *built) { delete(b.payload, "cnf") }, want: "holder_binding_missing"},
		"no cnf, no KB-JWT, none wanted":     {change: func(b *built) { delete(b.payload, "cnf"); b.bind = false }, ask: bearer},
		"no cnf, but a KB-JWT, none wanted":  {change: func(b *built) { delete(b.payload, "cnf") }, ask: bearer, want: "holder_binding_missing"},
		"cnf that names a key elsewhere":     {change: cnf(object{"kid": "k"}), want: "holder_binding_missing"},
		"cnf with a private key":             {change: cnf(object{"jwk": object{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "d": "AA"}}), want: "holder_binding_missing"},
		"cnf with a symmetric key":           {change: cnf(object{"jwk": object{"kty": "oct", "k": "AA"}}), want: "holder_binding_missing"},
		"another holder's key":               {change: func(b *built) { b.holder = stranger }, want: "holder_binding_mismatch"},
		"another holder's key, none wanted":  {change: func(b *built) { b.holder = stranger }, ask: bearer, want: "holder_binding_mismatch"},
		"another holder's key and all wrong": {change: func(b *built) { b.holder = stranger; b.kb = object{} }, want: "holder_binding_mismatch"},
		"typ that is missing":                {change: func(b *built) { delete(b.kbHeader, "typ") }, want: "holder_binding_mismatch"},
		"typ of another token":               {change: kbHeader("typ", "JWT"), want: "holder_binding_mismatch"},
		"typ of another token, none wanted":  {change: kbHeader("typ", "JWT"), ask: bearer, want: "holder_binding_mismatch"},
		"typ with application/":              {change: kbHeader("typ", "application/kb+jwt")},
		"alg none":                           {change: kbHeader("alg", "none"), want: "algorithm_refused"},
		"alg none, none wanted":              {change: kbHeader("alg", "none"), ask: bearer, want: "algorithm_refused"},
		"HMAC":                               {change: kbHeader("alg", "HS256"), want: "algorithm_refused"},
		"RSA":                                {change: func(b *built) { b.holder = rsaKey; b.payload["cnf"] = object{"jwk": rsaKey.JWK("")} }, want: "algorithm_refused"},
		"an algorithm that is not the key's": {change: kbHeader("alg", "ES384"), want: "holder_binding_mismatch"},
		"an algorithm the key does not allow": {change: func(b *built) {
			k := signer(t, credential.ES256, "holder").JWK("")
			k["alg"] = "ES256K"
			b.payload["cnf"] = object{"jwk": k}
		}, want: "holder_binding_missing"},
		"a key that is not for signing": {change: func(b *built) {
			k := signer(t, credential.ES256, "holder").JWK("")
			k["use"] = "enc"
			b.payload["cnf"] = object{"jwk": k}
		}, want: "holder_binding_missing"},
		"sd_hash of something else":           {change: kb("sd_hash", dig("something else")), want: "holder_binding_mismatch"},
		"sd_hash that is a number":            {change: kb("sd_hash", 1), want: "holder_binding_mismatch"},
		"sd_hash that is null":                {change: kb("sd_hash", nil), want: "holder_binding_mismatch"},
		"a disclosure taken out":              {change: dropDisclosure, want: "holder_binding_mismatch"},
		"a disclosure taken out, none wanted": {change: dropDisclosure, ask: bearer, want: "holder_binding_mismatch"},
		"disclosures in another order": {change: func(b *built) {
			b.swap = func(s string) string {
				return strings.Replace(s, nameDisclosure+"~"+villageDisclosure, villageDisclosure+"~"+nameDisclosure, 1)
			}
		}, want: "holder_binding_mismatch"},
		"another nonce":                           {change: kb("nonce", "x"), want: "nonce_mismatch"},
		"another nonce, none wanted":              {change: kb("nonce", "x"), ask: bearer},
		"a nonce that is a number":                {change: kb("nonce", 1), want: "nonce_mismatch"},
		"no nonce":                                {change: without("nonce"), want: "nonce_mismatch"},
		"no nonce in a fresh proof":               {change: without("nonce"), ask: fresh, want: "holder_binding_mismatch"},
		"any nonce in a fresh proof":              {change: kb("nonce", "chosen by the wallet"), ask: fresh},
		"another audience":                        {change: kb("aud", "https://other.example"), want: "audience_mismatch"},
		"another audience, fresh":                 {change: kb("aud", "https://other.example"), ask: fresh, want: "audience_mismatch"},
		"another audience, none wanted":           {change: kb("aud", "https://other.example"), ask: bearer},
		"an audience with a slash behind":         {change: kb("aud", kioskID+"/"), want: "audience_mismatch"},
		"an array with our name":                  {change: kb("aud", array{kioskID}), want: "audience_mismatch"},
		"no audience":                             {change: without("aud"), want: "audience_mismatch"},
		"no iat":                                  {change: without("iat"), want: "holder_binding_mismatch"},
		"no iat in a fresh proof":                 {change: without("iat"), ask: fresh, want: "holder_binding_mismatch"},
		"iat that is a string":                    {change: kb("iat", "now"), want: "holder_binding_mismatch"},
		"iat before 1970":                         {change: kb("iat", -1), want: "holder_binding_mismatch"},
		"made long ago in answer to us":           {change: kb("iat", at-3600)},
		"made a minute ago":                       {change: kb("iat", at-60), ask: fresh},
		"made more than a minute ago":             {change: kb("iat", at-61), ask: fresh, want: "presentation_not_fresh"},
		"made long ago, none wanted":              {change: kb("iat", at-3600), ask: bearer},
		"made a minute ahead":                     {change: kb("iat", at+60), ask: fresh},
		"made more than a minute ahead":           {change: kb("iat", at+61), ask: fresh, want: "presentation_not_fresh"},
		"answered a minute ahead":                 {change: kb("iat", at+60)},
		"answered more than a minute ahead":       {change: kb("iat", at+61), want: "presentation_not_fresh"},
		"made ahead of a clock that lags":         {change: kb("iat", at+3600), ask: both(fresh, clock(credential.ClockPlausible)), want: "?clock_untrusted"},
		"answered ahead of a clock that lags":     {change: kb("iat", at+3600), ask: clock(credential.ClockPlausible), want: "?clock_untrusted"},
		"made long ago by a clock that lags":      {change: kb("iat", at-3600), ask: both(fresh, clock(credential.ClockPlausible)), want: "presentation_not_fresh"},
		"made long ago by a wrong clock":          {change: kb("iat", at-3600), ask: both(fresh, clock(credential.ClockUntrusted)), want: "?clock_untrusted"},
		"a proof that has expired":                {change: kb("exp", at), want: "presentation_not_fresh"},
		"a proof with an exp that is no date":     {change: kb("exp", "x"), want: "presentation_not_fresh"},
		"a proof that expires later":              {change: kb("exp", at+1)},
		"a proof with an nbf that is no date":     {change: kb("nbf", "x"), want: "presentation_not_fresh"},
		"a proof for later":                       {change: kb("nbf", at+61), want: "presentation_not_fresh"},
		"a proof for later, by a clock that lags": {change: kb("nbf", at+61), ask: clock(credential.ClockPlausible), want: "?clock_untrusted"},
		"made for another, in answer to another, long ago": {
			change: func(b *built) { b.kb["aud"], b.kb["nonce"], b.kb["exp"] = "x", "y", at-1 },
			want:   "audience_mismatch nonce_mismatch presentation_not_fresh",
		},
		"a disclosure taken out of what was made for another": {
			change: func(b *built) { dropDisclosure(b); b.kb["aud"] = "x" },
			want:   "audience_mismatch holder_binding_mismatch",
		},
	}
	runProve(t, cases)
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

// TestReplayKey: the key is there only where a proof was asked for and given, and
// is the same for a proof whose signature was replaced by its twin.
func TestReplayKey(t *testing.T) {
	zero := [32]byte{}
	first := prove(t, good(t).sign(t), evidence(t))
	if first.Replay == zero || !first.HolderBound {
		t.Fatal("a good proof has no replay key")
	}
	twin := good(t)
	twin.swap = func(text string) string {
		i := strings.LastIndexByte(text, '.')
		sig, err := base64url.Decode(text[i+1:])
		if err != nil {
			t.Fatal(err)
		}
		n, _ := new(big.Int).SetString("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16)
		s := new(big.Int).SetBytes(sig[32:])
		n.Sub(n, s).FillBytes(sig[32:])
		return text[:i+1] + base64url.Encode(sig)
	}
	if c := prove(t, twin.sign(t), evidence(t)); codes(c.Checks) != "" || c.Replay != first.Replay {
		t.Errorf("the twin is another proof: %s", codes(c.Checks))
	}
	other := good(t)
	other.kb["iat"] = now.Unix() - 4
	if c := prove(t, other.sign(t), evidence(t)); c.Replay == first.Replay || c.Replay == zero {
		t.Error("two proofs have one replay key")
	}
	ev := evidence(t)
	bearer(&ev)
	if c := prove(t, good(t).sign(t), ev); c.Replay != zero || c.HolderBound {
		t.Error("a proof nobody asked for counts")
	}
	forged := good(t)
	forged.holder = signer(t, credential.ES256, "stranger")
	if c := prove(t, forged.sign(t), evidence(t)); c.Replay != zero || c.HolderBound || !c.ProofTime.IsZero() {
		t.Error("a forged proof leaves a mark")
	}
	for _, change := range []func(*built){
		func(b *built) { b.kb["sd_hash"] = "x" },
		func(b *built) { b.kb["aud"] = "x" },
		func(b *built) { b.kbHeader["typ"] = "x" },
		func(b *built) { delete(b.kb, "iat") },
	} {
		b := good(t)
		change(b)
		if c := prove(t, b.sign(t), evidence(t)); c.HolderBound {
			t.Errorf("the holder counts as bound with %s", codes(c.Checks))
		}
	}
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
