package trust_test

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
)

func TestADocumentSignerKeepsToAnnexB(t *testing.T) {
	asIACA := func(c *x509.Certificate) {
		asAuthority("IACA")(c)
		c.Subject.Country, c.Subject.Province = []string{"BT"}, []string{"Thimphu"}
		c.MaxPathLenZero = true
	}
	iaca := issue(t, nil, asIACA)
	asDocumentSigner := func(c *x509.Certificate) {
		c.Subject.Country, c.Subject.Province = []string{"BT"}, []string{"Thimphu"}
		c.UnknownExtKeyUsage = []asn1.ObjectIdentifier{{1, 0, 18013, 5, 1, 2}}
	}
	change := func(f func(*x509.Certificate)) cert {
		return issue(t, &iaca, func(c *x509.Certificate) { asDocumentSigner(c); f(c) })
	}
	const accepted = reason.Code("")
	for name, c := range map[string]struct {
		chain []cert
		want  reason.Code
	}{
		"as the profile says": {[]cert{change(func(*x509.Certificate) {})}, accepted},
		"457 days":            {[]cert{change(func(c *x509.Certificate) { c.NotAfter = c.NotBefore.Add(457 * 24 * time.Hour) })}, accepted},

		"457 days and a second": {[]cert{change(func(c *x509.Certificate) { c.NotAfter = c.NotBefore.Add(457*24*time.Hour + time.Second) })}, reason.CertificateRefused},
		"another country":       {[]cert{change(func(c *x509.Certificate) { c.Subject.Country = []string{"IN"} })}, reason.CertificateRefused},
		"no country":            {[]cert{change(func(c *x509.Certificate) { c.Subject.Country = nil })}, reason.CertificateRefused},
		"two countries":         {[]cert{change(func(c *x509.Certificate) { c.Subject.Country = []string{"BT", "IN"} })}, reason.CertificateRefused},
		"another province":      {[]cert{change(func(c *x509.Certificate) { c.Subject.Province = []string{"Paro"} })}, reason.CertificateRefused},
		"no province":           {[]cert{change(func(c *x509.Certificate) { c.Subject.Province = nil })}, reason.CertificateRefused},
		"no key usage":          {[]cert{change(func(c *x509.Certificate) { c.KeyUsage = 0 })}, reason.CertificateRefused},
		"a further key usage": {[]cert{change(func(c *x509.Certificate) {
			c.KeyUsage |= x509.KeyUsageContentCommitment
		})}, reason.CertificateRefused},
		"the usage of a reader": {[]cert{change(func(c *x509.Certificate) {
			c.UnknownExtKeyUsage = []asn1.ObjectIdentifier{{1, 0, 18013, 5, 1, 6}}
		})}, reason.CertificateRefused},
		"an authority in between, where the path may have none": {func() []cert {
			between := issue(t, &iaca, asIACA)
			return []cert{issue(t, &between, asDocumentSigner), between}
		}(), reason.CertificateRefused},
	} {
		t.Run(name, func(t *testing.T) {
			l := parse(t, obj{"id": "BT", "types": []any{"*"}, "x509": []any{obj{"cert": iaca.pem(), "leaf": obj{"eku": "1.0.18013.5.1.2"}}}})
			var chain [][]byte
			for _, x := range c.chain {
				chain = append(chain, x.Raw)
			}
			keys, checks := l.Keys(nil, at).Find(credential.Signer{Chain: chain, Algorithm: credential.ES256})
			if got := code(checks); got != c.want || (len(keys) > 0) != (c.want == accepted) {
				t.Errorf("%d keys, %v; want %q", len(keys), checks, c.want)
			}
		})
	}
}

// TestADocumentSignerHasNoRSA: Annex B names elliptic curves alone.
func TestADocumentSignerHasNoRSA(t *testing.T) {
	iaca := issue(t, nil, func(c *x509.Certificate) { asAuthority("IACA")(c); c.Subject.Country = []string{"BT"} })
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := issue(t, &iaca, func(c *x509.Certificate) {
		c.Subject.Country = []string{"BT"}
		c.UnknownExtKeyUsage = []asn1.ObjectIdentifier{{1, 0, 18013, 5, 1, 2}}
	})
	der, err := x509.CreateCertificate(rand.Reader, template.Certificate, iaca.Certificate, &k.PublicKey, iaca.key)
	if err != nil {
		t.Fatal(err)
	}
	l := parse(t, obj{"id": "BT", "types": []any{"*"}, "x509": []any{obj{"cert": iaca.pem(), "leaf": obj{"eku": "1.0.18013.5.1.2"}}}})
	for _, c := range []struct {
		der  []byte
		alg  credential.Algorithm
		want reason.Code
	}{{template.Raw, credential.ES256, ""}, {der, credential.PS256, reason.CertificateRefused}} {
		if _, checks := l.Keys(nil, at).Find(credential.Signer{Chain: [][]byte{c.der}, Algorithm: c.alg}); code(checks) != c.want {
			t.Errorf("%s: %v, want %q", c.alg, checks, c.want)
		}
	}
	if _, ok := template.PublicKey.(*ecdsa.PublicKey); !ok {
		t.Error("the certificate beside it is no EC one")
	}
}
