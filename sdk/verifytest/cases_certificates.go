package verifytest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"math/big"
	"time"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// certificate is one X.509 certificate of a case and, for an authority, its key.
type certificate struct {
	*x509.Certificate
	key *ecdsa.PrivateKey
}

// certify makes a certificate for a key, signed by above, or by itself if above is
// the zero value. Names and keys are derived, so that every run makes the same
// bytes.
func certify(above certificate, name string, public crypto.PublicKey, change func(*x509.Certificate)) certificate {
	var made certificate
	if public == nil {
		seed := sha256.Sum256([]byte("dzong verifytest certificate " + name))
		key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), seed[:])
		if err != nil {
			panic(fmt.Sprintf("verifytest: derive key: %v", err))
		}
		made.key, public = key, &key.PublicKey
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: Epoch.AddDate(-1, 0, 0), NotAfter: Epoch.AddDate(1, 0, 0),
	}
	change(template)
	if above.Certificate == nil {
		above = certificate{template, made.key}
	}
	// Without a source of randomness the signature is RFC 6979's.
	der, err := x509.CreateCertificate(nil, template, above.Certificate, public, above.key)
	if err == nil {
		made.Certificate, err = x509.ParseCertificate(der)
	}
	if err != nil {
		panic(fmt.Sprintf("verifytest: make certificate: %v", err))
	}
	return made
}

func authority(c *x509.Certificate) {
	c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
}

func signer(c *x509.Certificate) {
	c.DNSNames, c.KeyUsage = []string{"registry.example"}, x509.KeyUsageDigitalSignature
}

// under has the trust list know the issuer by an authority alone, and the
// credential bring this chain.
func (s *stage) under(root certificate, chain ...certificate) {
	text := make([]string, len(chain))
	for i, c := range chain {
		text[i] = base64.StdEncoding.EncodeToString(c.Raw)
	}
	s.issue = append(s.issue, Header("kid", nil), Header("x5c", text))
	s.trust = func(list map[string]any) {
		e := list["issuers"].([]any)[0].(map[string]any)
		delete(e, "jwks")
		e["x509"] = []any{map[string]any{
			"cert": pemOf(root),
			"leaf": map[string]any{"san": "registry.example"},
		}}
		e["status"] = "none" // the list is signed with the key that is not in the entry any more
	}
	s.noList = true
}

// certificates are the rules on x5c (RFC 7515 §4.1.6, RFC 5280) under a trust list
// that names an authority.
func (c sdjwtCollection) certificates() {
	root := certify(certificate{}, "root", nil, authority)
	between := certify(root, "between", nil, authority)
	leaf := func(s *stage, above certificate, change func(*x509.Certificate)) certificate {
		return certify(above, "registry", s.registry.key.public("").Public(), func(c *x509.Certificate) { signer(c); change(c) })
	}
	asItIs := func(*x509.Certificate) {}
	refused := func(name, comment string, change func(*stage)) {
		c.reject(name, comment, change, reason.CertificateRefused)
	}

	c.accept("accepted-x5c", "a certificate under the authority in the trust list", func(s *stage) { s.under(root, leaf(s, root, asItIs)) })
	c.accept("accepted-x5c-between", "over an authority in between", func(s *stage) { s.under(root, leaf(s, between, asItIs), between) })
	c.accept("accepted-x5c-alone", "no iss: who issued it is who the trust list says the certificate is", func(s *stage) {
		s.under(root, leaf(s, root, asItIs))
		s.issue = append(s.issue, Without("iss"))
	})
	c.accept("accepted-x5c-beside-kid", "a chain that counts for nothing beside a key that the trust list names", func(s *stage) {
		s.issue = []IssueOption{Header("x5c", []string{base64.StdEncoding.EncodeToString(leaf(s, root, asItIs).Raw)})}
	})

	// What a query calls an authority (DCQL, aki) is the key identifier that the
	// certificates of a trusted chain name as their authority's.
	asksFor := func(s *stage, id []byte) {
		s.policy = `{"dcql":{"credentials":[{"id":"a","format":"dc+sd-jwt","meta":{},"trusted_authorities":[{"type":"aki","values":["` +
			base64.RawURLEncoding.EncodeToString(id) + `"]}]}]}}`
	}
	c.accept("accepted-query-authority", "the authority that a query asks for", func(s *stage) {
		s.under(root, leaf(s, between, asItIs), between)
		asksFor(s, root.SubjectKeyId)
	})
	c.accept("accepted-query-authority-between", "the authority in between", func(s *stage) {
		s.under(root, leaf(s, between, asItIs), between)
		asksFor(s, between.SubjectKeyId)
	})
	c.reject("query-authority-other", "another authority than the query asks for", func(s *stage) {
		s.under(root, leaf(s, root, asItIs))
		asksFor(s, between.SubjectKeyId)
	}, reason.QueryNotSatisfied)
	c.reject("query-authority-enclosed", "the authority's own certificate enclosed, which signed none of the others", func(s *stage) {
		s.under(root, leaf(s, root, asItIs), certify(between, "stranger", nil, authority))
		asksFor(s, between.SubjectKeyId)
	}, reason.QueryNotSatisfied)
	c.reject("query-authority-beside-kid", "a chain that counts for nothing says nothing of authorities", func(s *stage) {
		s.issue = []IssueOption{Header("x5c", []string{base64.StdEncoding.EncodeToString(leaf(s, root, asItIs).Raw)})}
		asksFor(s, root.SubjectKeyId)
	}, reason.QueryNotSatisfied)

	refused("x5c-other-authority", "an authority of the same name that nobody listed", func(s *stage) {
		other := certify(certificate{}, "other", nil, func(c *x509.Certificate) { authority(c); c.Subject.CommonName = "root" })
		s.under(root, leaf(s, other, asItIs), other)
	})
	refused("x5c-self-signed", "a certificate that signed itself", func(s *stage) {
		s.under(root, certify(certificate{}, "registry", nil, signer))
	})
	refused("x5c-gap", "the authority in between is missing", func(s *stage) { s.under(root, leaf(s, between, asItIs)) })
	refused("x5c-turned-round", "the chain begins with the authority", func(s *stage) { s.under(root, between, leaf(s, between, asItIs)) })
	refused("x5c-expired", "a certificate that ended a second ago", func(s *stage) {
		s.under(root, leaf(s, root, func(c *x509.Certificate) { c.NotAfter = Epoch.Add(time.Hour - time.Second) }))
	})
	refused("x5c-of-tomorrow", "a certificate that has not begun", func(s *stage) {
		s.under(root, leaf(s, root, func(c *x509.Certificate) { c.NotBefore = Epoch.Add(time.Hour + time.Second) }))
	})
	refused("x5c-authority-expired", "an authority in between that ended", func(s *stage) {
		over := certify(root, "over", nil, func(c *x509.Certificate) { authority(c); c.NotAfter = Epoch })
		s.under(root, leaf(s, over, asItIs), over)
	})
	refused("x5c-other-name", "a certificate for another name", func(s *stage) {
		s.under(root, leaf(s, root, func(c *x509.Certificate) { c.DNSNames = []string{"a.registry.example"} }))
	})
	refused("x5c-common-name", "the wanted name as common name alone", func(s *stage) {
		s.under(root, leaf(s, root, func(c *x509.Certificate) { c.DNSNames = nil; c.Subject.CommonName = "registry.example" }))
	})
	refused("x5c-as-authority", "a signer that is an authority itself", func(s *stage) { s.under(root, leaf(s, root, authority)) })
	refused("x5c-by-a-signer", "a certificate signed by one that may not sign certificates", func(s *stage) {
		clerk := certify(root, "clerk", nil, signer)
		s.under(root, leaf(s, clerk, asItIs), clerk)
	})
	refused("x5c-other-use", "a certificate for key agreement", func(s *stage) {
		s.under(root, leaf(s, root, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyAgreement }))
	})
	c.reject("x5c-other-key", "a good certificate of somebody else's key", func(s *stage) {
		s.under(root, certify(root, "clerk", nil, signer))
	}, reason.SignatureInvalid)
	c.reject("x5c-entry-over", "a good certificate of an entry that has ended", func(s *stage) {
		s.under(root, leaf(s, root, asItIs))
		s.issue = append(s.issue, Without("iss"))
		s.trust = together(s.trust, entry("valid_until", rfc3339(Epoch.Add(time.Hour))))
	}, reason.IssuerNotValid)
	c.reject("x5c-other-issuer", "a good certificate, and the name of an issuer nobody listed", func(s *stage) {
		s.under(root, leaf(s, root, asItIs))
		s.issue = append(s.issue, With("iss", "https://stranger.example"))
	}, reason.IssuerUnknown)
	c.reject("x5c-empty", "a chain of nothing", func(s *stage) { s.issue = []IssueOption{Header("x5c", []string{})} }, reason.Malformed)
	c.reject("x5c-url-alphabet", "certificates are base64, not base64url", func(s *stage) { s.issue = []IssueOption{Header("x5c", []string{"-_-_"})} }, reason.Malformed)
	c.reject("x5c-too-long", "a chain of more certificates than any", func(s *stage) {
		s.under(root, leaf(s, root, asItIs))
		s.issue = append(s.issue, func(header, _ map[string]any) {
			for chain := header["x5c"].([]string); len(chain) <= limits.CertificateChain; {
				chain = append(chain, chain[0])
				header["x5c"] = chain
			}
		})
	}, reason.TooLarge)
}
