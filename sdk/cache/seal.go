package cache

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"time"
)

// leastSeal is the shortest secret that [Seal] takes, in bytes: shorter than the
// code it makes would be the weaker part.
const leastSeal = 32

// Seal gives the device's own secret, of at least 32 bytes, under which the cache
// remembers on disk what TLS alone vouched for: that a document of a did:web was
// fetched from its host, and when it and the log of a did:webvh were fetched. What
// TLS says is gone when the connection is; without a secret of its own the cache
// cannot tell what it wrote from what somebody else put there. The secret belongs
// where the folder is not: a TPM, a key store, a file of another disk.
//
// Without one, such a document counts for the process that fetched it and is not
// at hand after a restart, and a log read from disk is as old as its latest entry.
// Documents that the trust list pins need no seal.
func Seal(secret []byte) Option {
	return func(c *Cache) { c.secret = append([]byte{}, secret...) }
}

// sealOf is the code over what of a file is to be remembered.
func (c *Cache) sealOf(id, sum string, fetched time.Time) string {
	mac := hmac.New(sha256.New, c.secret)
	// None of the three can hold the byte between them.
	for _, part := range []string{"dzong cache seal 1", id, sum, fetched.UTC().Format(time.RFC3339Nano)} {
		mac.Write([]byte(part))
		mac.Write([]byte{0})
	}
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// sealed reports whether this cache wrote a sidecar for exactly these bytes.
func (c *Cache) sealed(id string, data []byte, meta sidecar) bool {
	if c.secret == nil || meta.Seal == "" {
		return false
	}
	sum := sha256.Sum256(data)
	want := c.sealOf(id, hex.EncodeToString(sum[:]), meta.Fetched)
	return hmac.Equal([]byte(want), []byte(meta.Seal))
}
