package trust

import (
	"crypto/rsa"
	"crypto/x509"
	"slices"
	"time"
)

// documentSigner is the extended key usage of ISO/IEC 18013-5's document signers
// (Annex B, mdlDS).
const documentSigner = "1.0.18013.5.1.2"

// longestDocumentSigner is how long a document signer's certificate may be valid
// (Annex B: 457 days). There is no other bound on a key that was stolen than this
// one and a new trust list.
const longestDocumentSigner = 457 * 24 * time.Hour

// signsDocuments holds a certificate under an authority for mobile documents (IACA)
// to the profile of ISO/IEC 18013-5 Annex B. An entry asks for it by the leaf rule
// "eku": "1.0.18013.5.1.2"; one that names the signer's own certificate does not.
//
// It looks at what lets one authority's signer pass for another's or outlive its
// time: the country, which must be there and the authority's, the state or province
// where the authority has one, the days of validity, the key usage, and keys and
// signatures on elliptic curves. It does not ask for what tells a reader where to
// look things up (issuer alternative name, CRL distribution points, key
// identifiers), and leaves authorities to whoever made the trust list. The names
// of authority and issuer are compared, critical extensions and the length of the
// path kept to, by crypto/x509.
func signsDocuments(leaf *x509.Certificate, path []*x509.Certificate) bool {
	authority := path[len(path)-1]
	if len(leaf.Subject.Country) != 1 || !slices.Equal(leaf.Subject.Country, authority.Subject.Country) {
		return false
	}
	if state := authority.Subject.Province; len(state) > 0 && !slices.Equal(leaf.Subject.Province, state) {
		return false
	}
	if leaf.KeyUsage != x509.KeyUsageDigitalSignature || leaf.NotAfter.Sub(leaf.NotBefore) > longestDocumentSigner {
		return false
	}
	for _, c := range path {
		if _, isRSA := c.PublicKey.(*rsa.PublicKey); isRSA {
			return false
		}
	}
	return true
}
