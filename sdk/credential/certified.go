package credential

import (
	"crypto/sha256"
	"encoding/hex"
)

// CertifiedBy reports whether key was found through the certificate der, and not
// only happens to be the key in it: whoever signs or presents can enclose another
// certificate of the same key, with other dates and names. It goes by what package
// trust calls a certificate's key: "sha256:" and the certificate's digest.
func CertifiedBy(key Key, der []byte) bool {
	sum := sha256.Sum256(der)
	return key.ID() == "sha256:"+hex.EncodeToString(sum[:])
}
