package trust

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
)

// anchor is one x509 entry: the signer's own certificate, or an authority and
// the rule that says which certificates under it count.
type anchor struct {
	cert *x509.Certificate
	key  credential.Key // the signer's own; zero for an authority
	leaf *leafRule      // nil: cert is the signer itself
}

// leafRule says which certificates under an authority count. What is stated must
// hold; at least one of the two is.
type leafRule struct {
	san string // a DNS name or URI among the subject alternative names, exactly
	eku string // an extended key usage, as a dotted object identifier
}

var oidShape = regexp.MustCompile(`^[0-2](\.(0|[1-9]\d{0,9})){1,20}$`)

func readAnchors(o *object, issuer string) []anchor {
	var out []anchor
	for n, v := range o.list("x509", false) {
		sub := o.sub(v, fmt.Sprintf("%s[%d]", o.Member("x509"), n))
		a := anchor{cert: readCertificate(sub)}
		if v, ok := sub.Take("leaf", false); ok {
			rule := sub.sub(v, sub.Member("leaf"))
			a.leaf = &leafRule{san: rule.text("san", false), eku: rule.text("eku", false)}
			if a.leaf.san == "" && a.leaf.eku == "" {
				o.Fail(rule.Place(), "states neither san nor eku, and would take every certificate of the authority")
			}
			if a.leaf.eku != "" && !oidShape.MatchString(a.leaf.eku) {
				o.Fail(rule.Member("eku"), "is no dotted object identifier such as 1.0.18013.5.1.2")
			}
			rule.Done()
		}
		sub.Done()
		if a.cert == nil {
			break
		}
		if a.leaf == nil {
			key, err := certificateKey(a.cert)
			if err != nil {
				o.Fail(sub.Member("cert"), "holds no key this version can use")
				break
			}
			a.key = key.WithController(issuer)
		} else if !a.cert.BasicConstraintsValid || !a.cert.IsCA ||
			a.cert.KeyUsage != 0 && a.cert.KeyUsage&x509.KeyUsageCertSign == 0 {
			o.Fail(sub.Member("cert"), "has a leaf rule but is no certificate authority")
		}
		out = append(out, a)
	}
	return out
}

func readCertificate(o *object) *x509.Certificate {
	text := o.text("cert", true)
	if text == "" {
		return nil
	}
	block, rest := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE" || strings.TrimSpace(string(rest)) != "" ||
		!strings.HasPrefix(strings.TrimSpace(text), "-----BEGIN") {
		o.Fail(o.Member("cert"), "is not exactly one PEM block of type CERTIFICATE")
		return nil
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		o.Fail(o.Member("cert"), "is no certificate")
		return nil
	}
	return cert
}

// certificateKey is a certificate's key, called by the certificate's digest:
// "sha256:" and 64 hexadecimal digits over the DER.
func certificateKey(cert *x509.Certificate) (credential.Key, error) {
	sum := sha256.Sum256(cert.Raw)
	key, err := credential.NewKey("sha256:"+hex.EncodeToString(sum[:]), cert.PublicKey)
	if err != nil {
		return credential.Key{}, err
	}
	return key.WithPurposes(credential.AssertionMethod), nil
}

// parseChain reads an x5c header's certificates; nil if one of them is none, or
// holds a key of a kind or size that this module does not use. crypto/x509 has no
// bound of its own: the chain is the signer's, and one signature by an RSA key of
// 16 kB takes many seconds to check.
func parseChain(der [][]byte) []*x509.Certificate {
	var chain []*x509.Certificate // stays nil without certificates: callers ask for that
	for _, d := range der {
		cert, err := x509.ParseCertificate(d)
		if err != nil {
			return nil
		}
		if _, err := credential.NewKey("", cert.PublicKey); err != nil {
			return nil
		}
		chain = append(chain, cert)
	}
	return chain
}

// admits gives the certificates through which the chain's first one may sign for
// this entry at the given time, that one first and the entry's own last; nil if it
// may not. Revocation of certificates is the trust list's own business: an authority
// that withdraws one publishes a new list.
func (a anchor) admits(chain []*x509.Certificate, at time.Time) []*x509.Certificate {
	leaf := chain[0]
	if a.leaf == nil {
		if bytes.Equal(leaf.Raw, a.cert.Raw) && within(leaf, at) {
			return chain[:1:1]
		}
		return nil
	}
	// An authority's certificate signs certificates, not credentials.
	if leaf.IsCA || leaf.KeyUsage != 0 && leaf.KeyUsage&x509.KeyUsageDigitalSignature == 0 {
		return nil
	}
	if !a.leaf.fits(leaf) {
		return nil
	}
	links, ok := a.leadsUp(chain)
	if !ok {
		return nil
	}
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(a.cert)
	for _, c := range chain[1:links] {
		between.AddCert(c)
	}
	paths, err := leaf.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: at,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	if err != nil {
		return nil
	}
	for _, path := range paths {
		if a.leaf.passable(path[1:len(path)-1]) && (a.leaf.eku != documentSigner || signsDocuments(leaf, path)) {
			return path
		}
	}
	return nil
}

// authorities gives the authority key identifiers of the certificates in path that
// the signer sent. What else was sent says nothing: anybody can write a certificate
// for an authority's name and key, with other authorities above it.
func authorities(path, chain []*x509.Certificate) (ids [][]byte) {
	for _, c := range path {
		if len(c.AuthorityKeyId) > 0 && slices.ContainsFunc(chain, c.Equal) {
			ids = append(ids, c.AuthorityKeyId)
		}
	}
	return ids
}

// leadsUp gives how many certificates from the first on lead up to the authority,
// each signed by the next and the last by the authority. The order is the chain's own
// (RFC 7515 §4.1.6, RFC 9360 §2). crypto/x509 would try every order instead: a few
// authorities of one name, made for it, cost some sixty signatures by keys of the
// presenter's choice for every authority in the list. A first certificate alone is
// left to it.
func (a anchor) leadsUp(chain []*x509.Certificate) (links int, ok bool) {
	if len(chain) == 1 {
		return 1, true
	}
	for i, c := range chain {
		// The authority's signature comes first: it is nobody else's to make.
		if bytes.Equal(c.RawIssuer, a.cert.RawSubject) && c.CheckSignatureFrom(a.cert) == nil {
			for j := range i {
				if chain[j].CheckSignatureFrom(chain[j+1]) != nil {
					return 0, false
				}
			}
			return i + 1, true
		}
	}
	return 0, false
}

func within(c *x509.Certificate, at time.Time) bool {
	return !at.Before(c.NotBefore) && !at.After(c.NotAfter)
}

func (r *leafRule) fits(c *x509.Certificate) bool {
	if r.eku != "" {
		usages, _ := extendedKeyUsages(c)
		found := false
		for _, u := range usages {
			found = found || u == r.eku
		}
		if !found {
			return false
		}
	}
	return r.san == "" || hasName(c, r.san)
}

// anyUsage is anyExtendedKeyUsage (RFC 5280 §4.2.1.12).
const anyUsage = "2.5.29.37.0"

// passable reports whether the authorities between the leaf and the anchor may
// hand on the wanted key usage: one that is itself restricted to others (say,
// to web servers) may not.
func (r *leafRule) passable(between []*x509.Certificate) bool {
	if r.eku == "" {
		return true
	}
	for _, c := range between {
		usages, stated := extendedKeyUsages(c)
		if !stated {
			continue
		}
		found := false
		for _, u := range usages {
			found = found || u == r.eku || u == anyUsage
		}
		if !found {
			return false
		}
	}
	return true
}

var (
	oidExtendedKeyUsage = asn1.ObjectIdentifier{2, 5, 29, 37}
	oidAlternativeName  = asn1.ObjectIdentifier{2, 5, 29, 17}
)

// extendedKeyUsages gives the dotted identifiers of the extension, all in one
// form; crypto/x509 splits them into those it knows and the rest.
func extendedKeyUsages(c *x509.Certificate) (oids []string, stated bool) {
	for _, e := range c.Extensions {
		if !e.Id.Equal(oidExtendedKeyUsage) {
			continue
		}
		var list []asn1.ObjectIdentifier
		if rest, err := asn1.Unmarshal(e.Value, &list); err != nil || len(rest) > 0 {
			return nil, true
		}
		for _, o := range list {
			oids = append(oids, o.String())
		}
		return oids, true
	}
	return nil, false
}

// hasName compares the DNS names and URIs among the subject alternative names
// byte for byte; crypto/x509 gives URIs only after parsing, which may change how
// they are written.
func hasName(c *x509.Certificate, want string) bool {
	const dnsName, uri = 2, 6 // RFC 5280 §4.2.1.6, GeneralName
	for _, e := range c.Extensions {
		if !e.Id.Equal(oidAlternativeName) {
			continue
		}
		var names []asn1.RawValue
		if rest, err := asn1.Unmarshal(e.Value, &names); err != nil || len(rest) > 0 {
			return false
		}
		for _, n := range names {
			if n.Class == asn1.ClassContextSpecific && (n.Tag == dnsName || n.Tag == uri) && string(n.Bytes) == want {
				return true
			}
		}
	}
	return false
}
