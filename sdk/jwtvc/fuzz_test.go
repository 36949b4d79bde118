package jwtvc

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/vectors"
	"github.com/dzong-id/dzong/sdk/limits"
)

// FuzzProve: no bytes may panic, hang or be accepted: the finder gives out a key
// that signed none of the seeds.
func FuzzProve(f *testing.F) {
	for _, token := range []string{
		v1(f).sign(f), v2(f).sign(f), vp1(f, v1(f).sign(f)).sign(f), vp2(f, envelope(v2(f).sign(f))).sign(f),
		"eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJFUzI1NiJ9.eyJ2YyI6e319.AAAA",
	} {
		f.Add([]byte(token))
	}
	files, _ := filepath.Glob(filepath.Join(vectors.Root(), "trustbloc-vc-go", "presexch", "testdata", "*.jwt"))
	for _, path := range files {
		if data, err := os.ReadFile(path); err == nil {
			f.Add(bytes.TrimSpace(data))
		}
	}
	stranger := key(f, credential.ES256, "nobody's").Public("k")
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Mechanism().Parse(data)
		if err != nil {
			parseCode(t, err)
			return
		}
		if bytes.IndexByte(data, '~') >= 0 || len(data) > limits.Presentation {
			t.Fatal("parsed what it must not")
		}
		for _, b := range []credential.Binding{credential.BearerUnsafe(), credential.Bound(nonce, kioskID), {}} {
			found := p.Prove(credential.Evidence{
				Keys: credential.KeysFunc(func(credential.Signer) ([]credential.Key, []credential.Check) {
					return []credential.Key{stranger}, nil
				}),
				Binding: b, At: now,
			})
			if found.Presenter != nil || len(found.Enclosed) > 0 {
				t.Fatal("a presentation nobody signed")
			}
			for _, c := range found.Credentials {
				if c.Claims.Len() != 0 || codes(c.Checks) == "" {
					t.Fatalf("accepted: %s", codes(c.Checks))
				}
			}
		}
	})
}

// FuzzPayload puts any header and payload under a good signature: everything that
// is checked after it.
func FuzzPayload(f *testing.F) {
	for _, payload := range []string{
		`{"vc":{"@context":["` + baseV1 + `"],"type":"VerifiableCredential","credentialSubject":[{}]},"iss":"a","nbf":1,"sub":"b"}`,
		`{"@context":["` + baseV2 + `"],"type":["VerifiableCredential"],"issuer":{"id":"a:b"},"credentialSubject":{"x":1},"cnf":{"jwk":{}}}`,
		`{"vp":{"@context":"` + baseV1 + `","type":"VerifiablePresentation","verifiableCredential":["a.b.c",{"type":"EnvelopedVerifiableCredential","id":"data:,x"}]}}`,
	} {
		f.Add([]byte(payload), "JWT", "vc", "did:a:b#c")
	}
	issuer := key(f, credential.ES256, "issuer")
	public := issuer.Public("k")
	f.Fuzz(func(t *testing.T, payload []byte, typ, cty, kid string) {
		token, err := jws.Sign(object{"typ": typ, "cty": cty, "kid": kid}, payload, issuer)
		if err != nil {
			return
		}
		p, err := Mechanism().Parse([]byte(token))
		if err != nil {
			parseCode(t, err)
			return
		}
		for _, b := range []credential.Binding{credential.BearerUnsafe(), credential.Bound(nonce, kioskID), credential.Fresh(kioskID, 1)} {
			found := p.Prove(credential.Evidence{
				Keys: credential.KeysFunc(func(credential.Signer) ([]credential.Key, []credential.Check) {
					return []credential.Key{public}, nil
				}),
				Binding: b, At: now,
			})
			for _, c := range found.Credentials {
				if _, err := c.Claims.MarshalJSON(); err != nil {
					t.Fatalf("claims cannot be written: %v", err)
				}
				if c.Claims.Len() > 0 && (c.Issuer == "" || len(c.Types) == 0 || len(c.Contexts) == 0) {
					t.Fatalf("claims of %q, types %v, contexts %v", c.Issuer, c.Types, c.Contexts)
				}
				if c.HolderBound {
					t.Fatal("bound without a proof")
				}
			}
		}
	})
}
