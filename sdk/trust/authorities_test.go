package trust_test

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"slices"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
)

// Only what the key was trusted through says which authorities stand behind it.
func TestAuthoritiesOfAKey(t *testing.T) {
	named := func(name string) func(*x509.Certificate) {
		return func(c *x509.Certificate) { asAuthority(name)(c); c.SubjectKeyId = []byte(name) }
	}
	top := issue(t, nil, named("top"))
	root := issue(t, &top, named("root"))
	between := issue(t, &root, named("between"))
	leaf := issue(t, &between, asSigner)
	own := issue(t, nil, asSigner)
	direct := issue(t, &root, asSigner)
	stranger := issue(t, nil, named("stranger"))
	// A certificate for the root's own name and key, by a stranger: as good as the
	// root's own for whoever looks only at what it signed.
	der, err := x509.CreateCertificate(rand.Reader, root.Certificate, stranger.Certificate, root.PublicKey, stranger.key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	posing := cert{parsed, root.key}
	l := parse(t,
		obj{"id": "BT", "types": []any{"*"}, "x509": []any{obj{"cert": root.pem(), "leaf": obj{"san": "registry.example"}}}},
		obj{"id": "own", "types": []any{"*"}, "x509": []any{obj{"cert": own.pem()}}})
	for name, c := range map[string]struct {
		chain []cert
		want  []string
	}{
		"one in between":                              {[]cert{leaf, between}, []string{"between", "root"}},
		"the authority as well":                       {[]cert{leaf, between, root}, []string{"between", "root", "top"}},
		"the authority's name and key, by a stranger": {[]cert{leaf, between, posing, stranger}, []string{"between", "root"}},
		"the same right behind the first":             {[]cert{direct, posing, stranger}, []string{"root"}},
		"the first alone":                             {[]cert{direct}, []string{"root"}},
		"the signer's own certificate":                {[]cert{own, stranger}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var chain [][]byte
			for _, x := range c.chain {
				chain = append(chain, x.Raw)
			}
			keys, checks := l.Keys(nil, at).Find(credential.Signer{Chain: chain, Algorithm: credential.ES256})
			if len(keys) != 1 {
				t.Fatalf("%d keys, %v", len(keys), checks)
			}
			got := keys[0].Authorities()
			if !slices.EqualFunc(got, c.want, func(id []byte, want string) bool { return bytes.Equal(id, []byte(want)) }) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
