package cases

import (
	"encoding/json"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
)

func TestAReaderKeyIsAPrivateKeyThatFits(t *testing.T) {
	const d = "yXqIIWxNA-zsCe7SsD1s7PJ1w_SFoHMvnj0Yd2Vzrlk"
	private := func(alg credential.Algorithm, d string) json.RawMessage {
		k, err := jws.Derive(alg, []byte("reader"))
		if err != nil {
			t.Fatal(err)
		}
		m := k.JWK("")
		if d != "" {
			m["d"] = d
		}
		data, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	// ISO/IEC 18013-5 has such a key; this one is RFC 7517 appendix A.2's.
	good := json.RawMessage(`{"kty":"EC","crv":"P-256",
		"x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
		"d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"}`)
	if key, err := (&Binding{ReaderKey: good}).readerKey(); err != nil || key == nil {
		t.Errorf("a private JWK: %v", err)
	}
	if key, err := (&Binding{}).readerKey(); err != nil || key != nil {
		t.Errorf("no key: %v, %v", key, err)
	}
	for name, jwk := range map[string]json.RawMessage{
		"a public key":               private(credential.ES256, ""),
		"another key's private half": private(credential.ES256, d),
		"a private half too short":   private(credential.ES256, "AQ"),
		"a key for signing only":     private(credential.Ed25519, d),
		"a curve without ECDH here":  private(credential.ES256K, d),
		"no object":                  json.RawMessage(`[]`),
	} {
		if _, err := (&Binding{ReaderKey: jwk}).readerKey(); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}
