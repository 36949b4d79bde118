package trust_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
)

// cert is a certificate with its key, made for one test run.
type cert struct {
	*x509.Certificate
	key *ecdsa.PrivateKey
}

func (c cert) pem() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
}

func issue(t testing.TB, parent *cert, change func(*x509.Certificate)) cert {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"},
		NotBefore: at.Add(-24 * time.Hour), NotAfter: at.Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature,
	}
	change(template)
	above, signer := template, crypto.Signer(k)
	if parent != nil {
		above, signer = parent.Certificate, parent.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, above, &k.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert{parsed, k}
}

func asAuthority(name string) func(*x509.Certificate) {
	return func(c *x509.Certificate) {
		c.Subject.CommonName = name
		c.IsCA, c.BasicConstraintsValid = true, true
		c.KeyUsage = x509.KeyUsageCertSign
	}
}

// documentSigning is RFC 9336's extended key usage, which asks for nothing else.
var documentSigning = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 36}

func asSigner(c *x509.Certificate) {
	c.DNSNames = []string{"registry.example"}
	c.UnknownExtKeyUsage = []asn1.ObjectIdentifier{documentSigning}
}

var pems = sync.OnceValue(func() [2]string {
	t := new(testing.T)
	return [2]string{issue(t, nil, asSigner).pem(), issue(t, nil, asAuthority("root")).pem()}
})

func signerPEM(testing.TB) string    { return pems()[0] }
func authorityPEM(testing.TB) string { return pems()[1] }

func TestAChainCountsOnlyThroughTheList(t *testing.T) {
	root := issue(t, nil, asAuthority("root"))
	otherRoot := issue(t, nil, asAuthority("root"))
	between := issue(t, &root, asAuthority("between"))
	forServers := issue(t, &root, func(c *x509.Certificate) {
		asAuthority("servers")(c)
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	})
	leaf := issue(t, &root, asSigner)
	change := func(f func(c *x509.Certificate)) cert {
		return issue(t, &root, func(c *x509.Certificate) { asSigner(c); f(c) })
	}
	deep := issue(t, &between, asSigner)
	uri, _ := url.Parse("https://registry.example/issuer")
	san := obj{"san": "registry.example"}
	eku := obj{"eku": "1.3.6.1.5.5.7.3.36"}
	both := obj{"san": "registry.example", "eku": "1.3.6.1.5.5.7.3.36"}
	own := issue(t, nil, asSigner)
	const accepted = reason.Code("")
	for _, c := range []struct {
		name  string
		entry obj
		chain []cert
		want  reason.Code
	}{
		{"the signer itself", obj{"cert": own.pem()}, []cert{own}, accepted},
		{"by key usage", obj{"cert": root.pem(), "leaf": eku}, []cert{leaf}, accepted},
		{"by DNS name", obj{"cert": root.pem(), "leaf": san}, []cert{leaf}, accepted},
		{"by both", obj{"cert": root.pem(), "leaf": both}, []cert{leaf}, accepted},
		{"by URI", obj{"cert": root.pem(), "leaf": obj{"san": "https://registry.example/issuer"}},
			[]cert{change(func(c *x509.Certificate) { c.URIs = []*url.URL{uri} })}, accepted},
		{"over an authority in between", obj{"cert": root.pem(), "leaf": both}, []cert{deep, between}, accepted},
		{"with the root in the chain", obj{"cert": root.pem(), "leaf": both}, []cert{leaf, root}, accepted},

		{"another certificate than the signer's", obj{"cert": own.pem()}, []cert{issue(t, nil, asSigner)}, reason.CertificateRefused},
		{"the authority is named without a leaf rule", obj{"cert": root.pem()}, []cert{leaf}, reason.CertificateRefused},
		{"an authority of the same name", obj{"cert": otherRoot.pem(), "leaf": both}, []cert{leaf}, reason.CertificateRefused},
		{"an authority of the same name that brings itself", obj{"cert": otherRoot.pem(), "leaf": both}, []cert{leaf, root}, reason.CertificateRefused},
		{"the authority in between is missing", obj{"cert": root.pem(), "leaf": both}, []cert{deep}, reason.CertificateRefused},
		{"a name that is missing", obj{"cert": root.pem(), "leaf": san},
			[]cert{change(func(c *x509.Certificate) { c.DNSNames = nil })}, reason.CertificateRefused},
		{"a name as common name alone", obj{"cert": root.pem(), "leaf": san},
			[]cert{change(func(c *x509.Certificate) { c.DNSNames = nil; c.Subject.CommonName = "registry.example" })}, reason.CertificateRefused},
		{"a name below the wanted one", obj{"cert": root.pem(), "leaf": san},
			[]cert{change(func(c *x509.Certificate) { c.DNSNames = []string{"a.registry.example"} })}, reason.CertificateRefused},
		{"a wildcard", obj{"cert": root.pem(), "leaf": obj{"san": "a.registry.example"}},
			[]cert{change(func(c *x509.Certificate) { c.DNSNames = []string{"*.registry.example"} })}, reason.CertificateRefused},
		{"the name as an e-mail address", obj{"cert": root.pem(), "leaf": obj{"san": "a@registry.example"}},
			[]cert{change(func(c *x509.Certificate) { c.EmailAddresses = []string{"a@registry.example"} })}, reason.CertificateRefused},
		{"a key usage that is missing", obj{"cert": root.pem(), "leaf": eku},
			[]cert{change(func(c *x509.Certificate) { c.UnknownExtKeyUsage = nil })}, reason.CertificateRefused},
		{"any key usage", obj{"cert": root.pem(), "leaf": eku},
			[]cert{change(func(c *x509.Certificate) {
				c.UnknownExtKeyUsage = nil
				c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageAny}
			})}, reason.CertificateRefused},
		{"the name without the usage", obj{"cert": root.pem(), "leaf": both},
			[]cert{change(func(c *x509.Certificate) { c.UnknownExtKeyUsage = nil })}, reason.CertificateRefused},
		{"an authority in between that is for servers", obj{"cert": root.pem(), "leaf": eku},
			[]cert{issue(t, &forServers, asSigner), forServers}, reason.CertificateRefused},
		{"a signer that signs certificates", obj{"cert": root.pem(), "leaf": both}, []cert{issue(t, &leaf, asSigner), leaf}, reason.CertificateRefused},
		{"an authority as signer", obj{"cert": root.pem(), "leaf": both},
			[]cert{change(asAuthority("x"))}, reason.CertificateRefused},
		{"a certificate not for signatures", obj{"cert": root.pem(), "leaf": both},
			[]cert{change(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyAgreement })}, reason.CertificateRefused},
		{"an expired certificate", obj{"cert": root.pem(), "leaf": both},
			[]cert{change(func(c *x509.Certificate) { c.NotAfter = at.Add(-time.Second) })}, reason.CertificateRefused},
		{"a certificate of tomorrow", obj{"cert": root.pem(), "leaf": both},
			[]cert{change(func(c *x509.Certificate) { c.NotBefore = at.Add(time.Hour) })}, reason.CertificateRefused},
		{"a critical extension nobody knows", obj{"cert": root.pem(), "leaf": both},
			[]cert{change(func(c *x509.Certificate) {
				c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}}}
			})}, reason.CertificateRefused},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := parse(t, obj{"id": "BT", "types": []any{"*"}, "x509": []any{c.entry}})
			var chain [][]byte
			for _, x := range c.chain {
				chain = append(chain, x.Raw)
			}
			for _, id := range []string{"BT", ""} {
				keys, checks := l.Keys(nil, at).Find(credential.Signer{ID: id, Chain: chain, Algorithm: credential.ES256})
				if got := code(checks); got != c.want || (len(keys) > 0) != (c.want == accepted) {
					t.Errorf("issuer %q: %d keys, %v; want %q", id, len(keys), checks, c.want)
				}
				if c.want == accepted {
					if keys[0].Controller() != "BT" || !c.chain[0].PublicKey.(*ecdsa.PublicKey).Equal(keys[0].Public()) {
						t.Errorf("wrong key, of %q", keys[0].Controller())
					}
				}
			}
		})
	}
}

func TestAChainOfJunkIsRefused(t *testing.T) {
	l := parse(t, obj{"id": "BT", "x509": []any{obj{"cert": signerPEM(t)}}})
	for _, id := range []string{"BT", ""} {
		keys, checks := l.Keys(nil, at).Find(credential.Signer{ID: id, Chain: [][]byte{{1, 2, 3}}, Algorithm: credential.ES256})
		if len(keys) > 0 || code(checks) != reason.CertificateRefused {
			t.Errorf("got %d keys, %v", len(keys), checks)
		}
	}
}

func TestARevokedCertificateIsNamedByItsDigest(t *testing.T) {
	own := issue(t, nil, asSigner)
	entry := obj{"id": "BT", "x509": []any{obj{"cert": own.pem()}}}
	find := func() ([]credential.Key, []credential.Check) {
		return parse(t, entry).Keys(nil, at).Find(credential.Signer{ID: "BT", Chain: [][]byte{own.Raw}, Algorithm: credential.ES256})
	}
	keys, _ := find()
	if len(keys) != 1 {
		t.Fatal("no key")
	}
	entry["revoked_keys"] = []any{obj{"kid": keys[0].ID(), "from": "2026-01-01T00:00:00Z"}}
	if keys, checks := find(); len(keys) > 0 || code(checks) != reason.KeyRevoked {
		t.Errorf("got %d keys, %v", len(keys), checks)
	}
}
