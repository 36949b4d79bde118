package cose

import (
	"fmt"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
)

// algorithms: the IANA registry "COSE Algorithms" in the names of JOSE. A key
// stands for its curve, so the fully specified names (RFC 9864) are the same.
var algorithms = map[int64]credential.Algorithm{
	-7: credential.ES256, -35: credential.ES384, -36: credential.ES512, // RFC 9053 §2.1
	-9: credential.ES256, -51: credential.ES384, -52: credential.ES512, // RFC 9864: ESP256, ESP384, ESP512
	-8: credential.EdDSA, -19: credential.Ed25519, // RFC 9053 §2.2, RFC 9864
	-47: credential.ES256K,                                              // RFC 8812 §3.2
	-37: credential.PS256, -38: credential.PS384, -39: credential.PS512, // RFC 8230 §2
	-257: credential.RS256, -258: credential.RS384, -259: credential.RS512, // RFC 8812 §2
}

// hs256 is HMAC 256/256 (RFC 9053 §3.1).
const hs256 = 5

// number is the registered number that a is written with.
func number(a credential.Algorithm) (int64, bool) {
	n, ok := map[credential.Algorithm]int64{
		credential.ES256: -7, credential.ES384: -35, credential.ES512: -36, credential.EdDSA: -8, credential.Ed25519: -19,
		credential.ES256K: -47, credential.PS256: -37, credential.PS384: -38, credential.PS512: -39,
		credential.RS256: -257, credential.RS384: -258, credential.RS512: -259,
	}[a]
	return n, ok
}

// readAlgorithm reads an alg parameter. One that is not known here gets a name that
// no set of algorithms holds, whatever text the message calls it by.
func readAlgorithm(raw strictcbor.RawMessage) (credential.Algorithm, int64, error) {
	var v any
	if err := strictcbor.Unmarshal(raw, &v); err != nil {
		return "", 0, err
	}
	switch v := v.(type) {
	case uint64, int64:
		n, ok := integer(v)
		if !ok {
			break
		}
		if a, known := algorithms[n]; known {
			return a, n, nil
		}
		return credential.Algorithm(fmt.Sprint("COSE ", n)), n, nil
	case string:
		return credential.Algorithm("COSE " + v), 0, nil
	}
	return "", 0, refuse("alg is neither a whole number nor text", nil)
}

// integer is v as strictcbor decodes whole numbers, if it fits.
func integer(v any) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case uint64:
		return int64(v), v < 1<<63
	}
	return 0, false
}
