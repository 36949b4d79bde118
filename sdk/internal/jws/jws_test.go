package jws

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

var everyAlgorithm = []credential.Algorithm{
	credential.ES256, credential.ES384, credential.ES512, credential.ES256K, credential.EdDSA, credential.Ed25519,
	credential.RS256, credential.RS384, credential.RS512, credential.PS256, credential.PS384, credential.PS512,
}

func generate(t testing.TB, alg credential.Algorithm) *PrivateKey {
	t.Helper()
	k, err := Generate(alg)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestWhatIsSignedVerifiesWithItsKeyAlone(t *testing.T) {
	for _, alg := range everyAlgorithm {
		t.Run(string(alg), func(t *testing.T) {
			k := generate(t, alg)
			compact, err := Sign(map[string]any{"typ": "test", "kid": "k1"}, []byte(`{"a":1}`), k)
			if err != nil {
				t.Fatal(err)
			}
			token, err := Parse(compact)
			if err != nil {
				t.Fatal(err)
			}
			if token.Alg != alg || token.Kid != "k1" || !token.TypIs("TEST") || string(token.Payload) != `{"a":1}` {
				t.Errorf("parsed %+v", token.Header)
			}
			if err := token.Verify(k.Public("")); err != nil {
				t.Errorf("own key: %v", err)
			}
			if err := token.Verify(generate(t, alg).Public("")); !errors.Is(err, credential.ErrSignature) {
				t.Errorf("another key: %v", err)
			}
			if err := token.Verify(credential.Key{}); !errors.Is(err, credential.ErrAlgorithm) {
				t.Errorf("no key: %v", err)
			}
			other := credential.ES256
			if alg == other {
				other = credential.ES384
			}
			if err := k.Public("").Verify(other, token.SigningInput, token.Signature); !errors.Is(err, credential.ErrAlgorithm) {
				t.Errorf("another algorithm: %v", err)
			}
			// Any one bit of what was signed or of the signature.
			for _, bytes := range [][]byte{token.SigningInput, token.Signature} {
				for _, i := range []int{0, len(bytes) / 2, len(bytes) - 1} {
					bytes[i] ^= 1
					if err := token.Verify(k.Public("")); err == nil {
						t.Errorf("verifies with byte %d of %d changed", i, len(bytes))
					}
					bytes[i] ^= 1
				}
			}
			for _, n := range []int{0, 1, len(token.Signature) - 1} {
				if err := k.Public("").Verify(alg, token.SigningInput, token.Signature[:n]); err == nil {
					t.Errorf("verifies with %d of %d bytes of signature", n, len(token.Signature))
				}
			}
			if err := k.Public("").Verify(alg, token.SigningInput, append(token.Signature, 0)); err == nil {
				t.Error("verifies with a byte behind the signature")
			}
			middle := append([]byte{}, token.Signature[:len(token.Signature)/2]...)
			middle = append(append(middle, 0), token.Signature[len(token.Signature)/2:]...)
			if err := k.Public("").Verify(alg, token.SigningInput, middle); err == nil {
				t.Error("verifies with a zero between r and s")
			}
			for _, fill := range []byte{0, 0xff} {
				same := []byte(strings.Repeat(string([]byte{fill}), len(token.Signature)))
				if err := k.Public("").Verify(alg, token.SigningInput, same); err == nil {
					t.Errorf("verifies with a signature of bytes %#x", fill)
				}
			}
		})
	}
}

func TestDerivedKeysSignTheSameBytesEachTime(t *testing.T) {
	for _, alg := range everyAlgorithm[:6] {
		var made [2]string
		for i := range made {
			k, err := Derive(alg, []byte("seed"))
			if err != nil {
				t.Fatal(err)
			}
			if made[i], err = Sign(nil, []byte("{}"), k); err != nil {
				t.Fatal(err)
			}
		}
		if made[0] != made[1] {
			t.Errorf("%s: two signatures differ", alg)
		}
		a, _ := Derive(alg, []byte("seed"))
		b, _ := Derive(alg, []byte("seee"))
		if a.Public("").Equal(b.Public("")) {
			t.Errorf("%s: two seeds give one key", alg)
		}
	}
	if _, err := Derive(credential.RS256, []byte("seed")); err == nil {
		t.Error("an RSA key was derived")
	}
}

func TestASignerSuitsItsAlgorithm(t *testing.T) {
	k := generate(t, credential.ES256)
	if _, err := NewPrivateKey(credential.ES384, k.key); err == nil {
		t.Error("a P-256 key signs ES384")
	}
	if _, err := NewPrivateKey(credential.EdDSA, "no key"); err == nil {
		t.Error("a string signs")
	}
}

func TestParseRefuses(t *testing.T) {
	enc := base64url.Encode
	token := func(header string) string { return enc([]byte(header)) + ".e30.AAAA" }
	cert := base64.StdEncoding.EncodeToString([]byte("any DER bytes"))
	good := token(`{"alg":"ES256"}`)
	if _, err := Parse(good); err != nil {
		t.Fatalf("the case all others differ from in one thing: %v", err)
	}
	deep := strings.Repeat(`{"a":`, limits.JSONDepth) + "1" + strings.Repeat("}", limits.JSONDepth)
	for name, c := range map[string]struct {
		text string
		want reason.Code
	}{
		"nothing":                         {"", reason.Malformed},
		"one part":                        {"e30", reason.Malformed},
		"two parts":                       {"e30.e30", reason.Malformed},
		"four parts":                      {good + ".AAAA", reason.Malformed},
		"padding":                         {enc([]byte(`{"alg":"ES256"}`)) + "=.e30.AAAA", reason.Malformed},
		"trailing bits in the signature":  {enc([]byte(`{"alg":"ES256"}`)) + ".e30.AB", reason.Malformed},
		"a line break":                    {strings.Replace(good, ".", "\n.", 1), reason.Malformed},
		"a header that is no JSON":        {token(`alg`), reason.Malformed},
		"a header that is no object":      {token(`["alg"]`), reason.Malformed},
		"a header with alg twice":         {token(`{"alg":"ES256","alg":"none"}`), reason.Malformed},
		"no alg":                          {token(`{"typ":"JWT"}`), reason.Malformed},
		"an empty alg":                    {token(`{"alg":""}`), reason.Malformed},
		"alg that is a number":            {token(`{"alg":256}`), reason.Malformed},
		"kid that is a number":            {token(`{"alg":"ES256","kid":1}`), reason.Malformed},
		"typ that is null":                {token(`{"alg":"ES256","typ":null}`), reason.Malformed},
		"crit with an unknown extension":  {token(`{"alg":"ES256","crit":["exp"],"exp":1}`), reason.Malformed},
		"crit with nothing":               {token(`{"alg":"ES256","crit":[]}`), reason.Malformed},
		"crit with b64":                   {token(`{"alg":"ES256","crit":["b64"],"b64":false}`), reason.Malformed},
		"b64 without crit":                {token(`{"alg":"ES256","b64":false}`), reason.Malformed},
		"x5c that is a string":            {token(`{"alg":"ES256","x5c":"` + cert + `"}`), reason.Malformed},
		"x5c with nothing":                {token(`{"alg":"ES256","x5c":[]}`), reason.Malformed},
		"x5c in base64url":                {token(`{"alg":"ES256","x5c":["` + enc([]byte("\xfb\xff!")) + `"]}`), reason.Malformed},
		"x5c with trailing bits":          {token(`{"alg":"ES256","x5c":["AAB="]}`), reason.Malformed},
		"x5c with a line break":           {token(`{"alg":"ES256","x5c":["` + cert[:4] + `\n` + cert[4:] + `"]}`), reason.Malformed},
		"x5c with too many certificates":  {token(`{"alg":"ES256","x5c":["` + strings.Repeat(cert+`","`, limits.CertificateChain) + cert + `"]}`), reason.TooLarge},
		"a header nested too deep":        {token(`{"alg":"ES256","a":` + deep + `}`), reason.TooLarge},
		"a header too long":               {token(`{"alg":"ES256","a":"` + strings.Repeat("a", limits.JOSEHeader) + `"}`), reason.TooLarge},
		"more bytes than any token":       {good + strings.Repeat("A", limits.StatusToken), reason.TooLarge},
		"white space before":              {" " + good, reason.Malformed},
		"a line break behind":             {good + "\n", reason.Malformed},
		"a header behind which more JSON": {token(`{"alg":"ES256"}{}`), reason.Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse(c.text)
			var coded *reason.Error
			if !errors.As(err, &coded) || coded.Code != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestTypIsComparesMediaTypes(t *testing.T) {
	for typ, want := range map[string]bool{
		"kb+jwt": true, "KB+JWT": true, "application/kb+jwt": true, "Application/Kb+Jwt": true,
		"": false, "jwt": false, "text/kb+jwt": false, "kb+jwt ": false, "application/": false,
		"application/application/kb+jwt": false, "\u212Ab+jwt": false, // a Kelvin sign
	} {
		if got := (&Header{Typ: typ}).TypIs("kb+jwt"); got != want {
			t.Errorf("TypIs with typ %q = %v", typ, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	k, err := Derive(credential.ES256, []byte("fuzz"))
	if err != nil {
		f.Fatal(err)
	}
	for _, header := range []map[string]any{nil, {"typ": "kb+jwt"}, {"alg": "none"}, {"crit": []string{"b64"}}, {"x5c": []string{"AAAA"}}} {
		s, err := Sign(header, []byte("{}"), k)
		if err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(s))
	}
	public := k.Public("")
	f.Fuzz(func(t *testing.T, compact []byte) {
		token, err := Parse(compact)
		if err != nil {
			var coded *reason.Error
			if !errors.As(err, &coded) || coded.Code != reason.Malformed && coded.Code != reason.TooLarge {
				t.Fatalf("uncoded error %v", err)
			}
			return
		}
		if again := string(token.SigningInput) + "." + base64url.Encode(token.Signature); again != string(compact) {
			t.Fatalf("%q reads as %q: two texts are one token", compact, again)
		}
		if _, err := json.Marshal(token.Params); err != nil {
			t.Fatalf("the header cannot be written again: %v", err)
		}
		token.Verify(public)
	})
}
