package mutate

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"time"
)

// selfSigned is a certificate that says of itself what another says, signed by a
// key that nobody trusts; without another, it says something.
func selfSigned(like []byte) []byte {
	seed := sha256.Sum256([]byte("dzong mutate attacker"))
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), seed[:])
	if err != nil {
		panic(err) // the seed is a constant
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "stranger"},
		NotBefore: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	if c, err := x509.ParseCertificate(like); err == nil {
		c.ExtraExtensions, c.SignatureAlgorithm = nil, 0
		c.PublicKey = nil // or it would have to be signed by the key that it is of
		c.RawSubject = slices.Clone(c.RawSubject)
		template = c
		if c.SerialNumber == nil || c.SerialNumber.Sign() <= 0 {
			c.SerialNumber = big.NewInt(1)
		}
	}
	der, err := x509.CreateCertificate(nil, template, template, &key.PublicKey, key)
	if err != nil {
		return nil
	}
	return der
}

// certificateChanges are changes to certificates and to chains of them (RFC 5280,
// RFC 7515 §4.1.6, RFC 9360 §2).
func certificateChanges() []inner {
	return []inner{
		{"certificate changed", certificate, false, func(r *rand.Rand, d []byte) ([]byte, string, bool) {
			switch r.IntN(4) {
			case 0:
				return selfSigned(d), "another's, of the same name", true
			case 1:
				return selfSigned(nil), "another's", true
			case 2: // in its first half, where names, dates and uses are
				at := r.IntN(len(d)/2 + 1)
				d[at] ^= byte(1 << r.IntN(8))
				return d, fmt.Sprintf("byte %d of %d", at, len(d)), true
			default:
				return append(d, 0), "a byte behind it", true
			}
		}},
		jsonChange("chain changed", func(r *rand.Rand, _ *jsonNode, list []jsonPlace) (string, bool) {
			i, ok := named(r, list, "x5c")
			if !ok || list[i].kind != '[' || len(list[i].items) == 0 {
				return "", false
			}
			n := list[i].jsonNode
			at := r.IntN(len(n.items))
			switch r.IntN(5) {
			case 0:
				n.remove(at)
			case 1:
				slices.Reverse(n.items)
			case 2:
				n.insert(at, "", n.items[at].copy())
			case 3:
				n.insert(at, "", jsonString(base64.StdEncoding.EncodeToString(selfSigned(nil))))
			default:
				n.items = append(n.items, jsonString(base64.StdEncoding.EncodeToString(selfSigned(nil))))
			}
			return path(list, i), true
		}),
		cborChange("x5chain changed", func(r *rand.Rand, _ *cborNode, list []*cborNode) (string, bool) {
			for _, i := range r.Perm(len(list)) {
				n := list[i]
				if n.major != cborMap {
					continue
				}
				for k := 0; k+1 < len(n.items); k += 2 {
					if key := n.items[k]; key.major != cborUnsigned || key.value != 33 {
						continue
					}
					n.items[k+1] = otherChain(r, n.items[k+1])
					return fmt.Sprintf("in item %d", i), true
				}
			}
			return "", false
		}),
	}
}

func otherChain(r *rand.Rand, was *cborNode) *cborNode {
	stranger := cborByteString(selfSigned(nil))
	chain := &cborNode{major: cborArray, items: []*cborNode{was}}
	if was.major == cborArray {
		chain = was.copy()
	}
	at := r.IntN(len(chain.items) + 1)
	switch r.IntN(5) {
	case 0:
		return stranger
	case 1:
		slices.Reverse(chain.items)
	case 2:
		chain.items = slices.Insert(chain.items, at, stranger)
	case 3:
		chain.items = append(chain.items, chain.items...)
	default:
		chain.items = chain.items[:len(chain.items)-1]
	}
	return chain
}
