package webvh

import (
	"crypto/sha256"

	"github.com/dzong-id/dzong/sdk/internal/base58"
	"github.com/dzong-id/dzong/sdk/internal/multicodec"
)

// hashLength is that of a SHA-256 multihash in base58btc: 34 bytes that begin with
// 12 20 take 46 characters, always. Version 1.0 permits no other hash.
const hashLength = 46

// multihash is base58btc(multihash(data, SHA-256)).
func multihash(data []byte) string {
	sum := sha256.Sum256(data)
	return base58.Encode(multicodec.Join(multicodec.SHA256, append([]byte{sha256.Size}, sum[:]...)))
}

func isHash(s string) bool {
	if len(s) != hashLength {
		return false
	}
	raw, err := base58.Decode(s)
	return err == nil && len(raw) == 2+sha256.Size && raw[0] == byte(multicodec.SHA256) && raw[1] == sha256.Size
}
