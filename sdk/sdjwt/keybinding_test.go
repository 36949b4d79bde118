package sdjwt

import (
	"math/big"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/jws"
)

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
		"cnf that names its key as well":     {change: cnf(object{"jwk": signer(t, credential.ES256, "holder").JWK(""), "kid": "k"})},
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
