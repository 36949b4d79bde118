package mdoc

import (
	"crypto/x509"
	"fmt"
	"slices"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jwt"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Prove implements credential.Presentation: the inspection procedures of §9.3.1
// (issuer data authentication) and §9.3.2 (mdoc authentication). Every document is
// a credential by itself.
func (p *presentation) Prove(ev credential.Evidence) credential.Findings {
	var f credential.Findings
	for _, d := range p.documents {
		f.Credentials = append(f.Credentials, d.prove(ev))
	}
	if len(p.documents) == 0 {
		// A wallet that gives nothing says so by a response without documents.
		f.Checks = []credential.Check{credential.Fail(reason.CheckQuery, reason.QueryNotSatisfied, "")}
	}
	return f
}

func (d *document) prove(ev credential.Evidence) credential.Credential {
	c := credential.Credential{Format: credential.FormatMDoc}
	if key, ok := d.proveIssuer(ev, &c); ok {
		d.describe(&c, key)
		d.proveCertificate(&c, key)
		d.proveCoverage(ev, &c)
		c.Checks = append(c.Checks, d.validity(ev)...)
		d.proveHolder(ev, &c)
		if !slices.ContainsFunc(c.Checks, failed) {
			c.Claims = credential.NewClaims(claims(d.items))
		} else {
			c.UncoveredClaims = credential.Claims{}
		}
	}
	return c
}

func failed(c credential.Check) bool { return c.Verdict == reason.Failed }

// proveIssuer is §9.3.1 steps 1 and 2: the certificate, and with its key the
// signature of issuerAuth. Nothing in the MSO is looked at before. Who may stand
// behind a chain of certificates is for the finder of keys to say (§9.3.3).
func (d *document) proveIssuer(ev credential.Evidence, c *credential.Credential) (credential.Key, bool) {
	key, checks, ok := jwt.Signed(ev, jwt.Object{
		Algorithm: d.issuerAuth.Algorithm,
		Signature: d.issuerAuth.Signature,
		Verify:    func(k credential.Key) error { return d.issuerAuth.Verify(k, nil, nil) },
	}, credential.Signer{Role: credential.RoleIssuer, Chain: d.issuerAuth.X5Chain}, credential.AssertionMethod)
	c.Checks = checks
	return key, ok
}

// describe fills in what the verified MSO says. The issuer is whoever the trust list
// says the certificate is: the document itself names none.
func (d *document) describe(c *credential.Credential, key credential.Key) {
	c.Issuer = key.Controller()
	c.Types = []string{d.mso.docType}
	c.SigningKey = key.ID()
	c.IssuedAt, c.NotBefore, c.Expires = d.mso.signed, d.mso.validFrom, d.mso.validUntil
	c.Status = slices.Clone(d.mso.status)
	if d.mso.deviceKey != nil {
		holder := *d.mso.deviceKey
		c.Holder = &holder
	}
}

// The driving licence's own document type and namespace (§7.1), and two of its
// elements.
const (
	licence             = "org.iso.18013.5.1.mDL"
	licenceNameSpace    = "org.iso.18013.5.1"
	issuingCountry      = "issuing_country"
	issuingJurisdiction = "issuing_jurisdiction"
)

// proveCertificate is what §9.3.1 asks of the certificate beyond §9.3.3, which is
// the trust list's to answer: step 5, that the MSO was signed within the days of the
// certificate; and, of a driving licence, that the country and the jurisdiction it
// states are the certificate's. Otherwise one authority's signer could write
// another's licences. The certificate must be the one that the key was trusted
// through: nothing signs which certificate is enclosed, and a holder could enclose
// one of his own making for the same key.
func (d *document) proveCertificate(c *credential.Credential, key credential.Key) {
	refused := credential.Fail(reason.CheckKey, reason.CertificateRefused, c.Issuer)
	leaf, err := x509.ParseCertificate(d.issuerAuth.X5Chain[0])
	if err != nil || !credential.CertifiedBy(key, leaf.Raw) {
		c.Checks = append(c.Checks, refused)
		return
	}
	c.Authorities = slices.Clone(key.Authorities())
	if d.mso.signed.Before(leaf.NotBefore) || d.mso.signed.After(leaf.NotAfter) {
		c.Checks = append(c.Checks, refused)
		return
	}
	for i := range d.items {
		var want []string
		switch {
		case d.mso.docType != licence || d.items[i].nameSpace != licenceNameSpace:
			continue
		case d.items[i].element == issuingCountry:
			want = leaf.Subject.Country
		case d.items[i].element == issuingJurisdiction && len(leaf.Subject.Province) > 0:
			want = leaf.Subject.Province
		default:
			continue
		}
		if stated, _ := d.items[i].value.(string); !slices.Contains(want, stated) {
			c.Checks = append(c.Checks, refused)
			return
		}
	}
}

// proveCoverage is §9.3.1 steps 3 and 4: the digest of every item that was returned
// is the MSO's, and the docType in the MSO is the one outside.
func (d *document) proveCoverage(ev credential.Evidence, c *credential.Credential) {
	for i := range d.items {
		if !d.mso.covered(&d.items[i]) {
			c.Uncovered = append(c.Uncovered, fmt.Sprint("item ", i+1))
		}
	}
	altered := len(c.Uncovered) > 0 || d.docType != d.mso.docType
	all, forbidden := d.uncovered()
	if ev.UncoveredUnsafe {
		// The device's own word, apart from the issuer's.
		c.Uncovered = append(c.Uncovered, all...)
		c.UncoveredClaims = d.device.claims()
		forbidden = nil
	}
	if c.Uncovered = append(c.Uncovered, forbidden...); altered || len(forbidden) > 0 {
		c.Checks = append(c.Checks, credential.Fail(reason.CheckCoverage, reason.ClaimsNotCovered, ""))
		return
	}
	c.Checks = append(c.Checks, credential.Pass(reason.CheckCoverage, ""))
}

// validity is the rest of §9.3.1 step 5: the reference time is validFrom or later,
// and validUntil is the reference time or later. So the very last moment still
// counts, which a JWT's exp does not.
func (d *document) validity(ev credential.Evidence) []credential.Check {
	return jwt.Validity(ev, d.mso.signed, d.mso.validFrom, d.mso.validUntil.Add(time.Nanosecond))
}
