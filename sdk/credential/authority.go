package credential

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
)

// AuthorityKeyIDs gives the authority key identifiers (RFC 5280 §4.2.1.1, the
// keyIdentifier) of the certificates in chain (DER, leaf first), as far as each is
// signed by the next. key is the key that verified; if it was not found through the
// chain's first certificate, there are none: whoever signs can enclose any
// certificates, and only those through which the key was trusted say whose it is.
func AuthorityKeyIDs(key Key, chain [][]byte) [][]byte {
	var parsed []*x509.Certificate
	for _, der := range chain {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			break
		}
		parsed = append(parsed, c)
	}
	return AuthorityKeyIDsOf(key, parsed)
}

// AuthorityKeyIDsOf is [AuthorityKeyIDs] of certificates that were parsed already.
func AuthorityKeyIDsOf(key Key, chain []*x509.Certificate) [][]byte {
	if len(chain) == 0 {
		return nil
	}
	if !CertifiedBy(key, chain[0].Raw) {
		return nil
	}
	var ids [][]byte
	for i, c := range chain {
		if i > 0 && chain[i-1].CheckSignatureFrom(c) != nil {
			break
		}
		if len(c.AuthorityKeyId) > 0 {
			ids = append(ids, c.AuthorityKeyId)
		}
	}
	return ids
}

// CertifiedBy reports whether key was found through the certificate der, and not
// only happens to be the key in it: whoever signs or presents can enclose another
// certificate of the same key, with other dates and names. It goes by what package
// trust calls a certificate's key: "sha256:" and the certificate's digest.
func CertifiedBy(key Key, der []byte) bool {
	sum := sha256.Sum256(der)
	return key.ID() == "sha256:"+hex.EncodeToString(sum[:])
}
