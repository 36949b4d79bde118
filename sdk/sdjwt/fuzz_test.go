package sdjwt

import (
	"bytes"
	"errors"
	"path/filepath"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	material "github.com/dzong-id/dzong/sdk/internal/vectors"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

func seed(f *testing.F) {
	f.Helper()
	f.Add(good(f).sign(f))
	plain := good(f)
	delete(plain.header, "typ")
	delete(plain.payload, "vct")
	plain.bind = false
	f.Add(plain.sign(f))
	none := good(f)
	none.header["alg"] = "none"
	f.Add(none.sign(f))
	f.Add([]byte("eyJhbGciOiJFUzI1NiJ9.e30.AAAA~"))
	files, _ := filepath.Glob(filepath.Join(material.Root(), "sd-jwt", "rfc9901", "rfc_*.txt"))
	for _, path := range files {
		f.Add(joined(readFile(f, path)))
	}
}

// FuzzProve: no bytes may panic, hang or be accepted. Only what one of the seeds
// was signed as may verify, and the seeds are signed by a key that the finder
// here does not give out.
func FuzzProve(f *testing.F) {
	seed(f)
	stranger := signer(f, credential.ES256, "nobody's").Public("k1")
	all := allAlgorithms()
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Mechanism().Parse(data)
		if err != nil {
			checkCode(t, err)
			return
		}
		if !Mechanism().Recognise(data) {
			t.Fatal("parsed but not recognised")
		}
		if !bytes.ContainsRune(data, '~') || len(data) > limits.Presentation {
			t.Fatal("parsed what it must not")
		}
		for _, b := range []credential.Binding{credential.BearerUnsafe(), credential.Bound(nonce, kioskID), {}} {
			c := p.Prove(credential.Evidence{
				Keys: credential.KeysFunc(func(credential.Signer) ([]credential.Key, []credential.Check) {
					return []credential.Key{stranger}, nil
				}),
				Binding: b, At: now, Algorithms: all,
			}).Credentials[0]
			if c.Claims.Len() != 0 || codes(c.Checks) == "" {
				t.Fatalf("accepted: %s", codes(c.Checks))
			}
		}
	})
}

// FuzzPayload puts any bytes behind a good issuer's signature: everything that
// is checked after the signature.
func FuzzPayload(f *testing.F) {
	for _, payload := range []string{
		`{"iss":"https://issuer.example","_sd":["x","y"],"a":[{"...":"z"}]}`,
		`{"iss":"https://issuer.example","exp":1e9,"cnf":{"jwk":{"kty":"EC"}},"aud":["a"],"status":{"status_list":{"idx":1,"uri":"u"}}}`,
		`{"_sd_alg":"sha-512","@context":[],"issuer":{"id":"a"}}`,
	} {
		f.Add([]byte(payload), []byte(nameDisclosure), []byte(`{"iat":1800000000,"nonce":"a","aud":"b","exp":1}`))
	}
	issuer := signer(f, credential.ES256, "issuer")
	public := issuer.Public("k1")
	holder := signer(f, credential.ES256, "holder")
	f.Fuzz(func(t *testing.T, payload, disclosure, kb []byte) {
		b := &built{issuer: issuer, holder: holder, header: object{}, disclosures: []string{string(disclosure)}}
		token := b.signPayload(t, payload)
		kbJWT, err := signRaw(holder, kb)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Mechanism().Parse(append(token, kbJWT...))
		if err != nil {
			checkCode(t, err)
			return
		}
		for _, b := range []credential.Binding{credential.Bound(nonce, kioskID), credential.Fresh(kioskID, 1)} {
			c := p.Prove(credential.Evidence{
				Keys: credential.KeysFunc(func(credential.Signer) ([]credential.Key, []credential.Check) {
					return []credential.Key{public}, nil
				}),
				Binding: b, At: now,
			}).Credentials[0]
			if _, err := c.Claims.MarshalJSON(); err != nil {
				t.Fatalf("claims cannot be written: %v", err)
			}
			if holds(c.Claims, "_sd") || holds(c.Claims, "...") {
				t.Fatal("claims hold digests")
			}
		}
	})
}

func holds(c credential.Claims, name string) bool {
	for _, n := range c.Names() {
		if n == name {
			return true
		}
		if inner, ok := c.Object(n); ok && holds(inner, name) {
			return true
		}
	}
	return false
}

func checkCode(t *testing.T, err error) {
	t.Helper()
	var coded *reason.Error
	if !errors.As(err, &coded) {
		t.Fatalf("uncoded error %v", err)
	}
	switch coded.Code {
	case reason.Malformed, reason.TooLarge, reason.FormatUnsupported:
	default:
		t.Fatalf("code %s", coded.Code)
	}
}

func allAlgorithms() (set credential.AlgorithmSet) {
	for _, a := range []credential.Algorithm{
		credential.ES256, credential.ES384, credential.ES512, credential.ES256K, credential.EdDSA,
		credential.RS256, credential.RS384, credential.RS512, credential.PS256, credential.PS384, credential.PS512,
	} {
		set, _ = set.With(a)
	}
	return set
}
