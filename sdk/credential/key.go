package credential

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/dzong-id/dzong/sdk/internal/multicodec"
)

// Key is a public key, what it is called, whose it is, and what it may be used
// for. Keys come from trust lists, DID documents, certificates, and a
// credential's cnf claim. It is immutable; the zero value is no key and verifies
// nothing. Compare keys with [Key.Equal].
type Key struct {
	_           [0]func() // == would compare names, and panic for some kinds of key
	id          string
	controller  string
	algorithms  AlgorithmSet
	purposes    Purpose
	authorities [][]byte         // see Authorities
	public      crypto.PublicKey // *ecdsa.PublicKey, ed25519.PublicKey, *rsa.PublicKey, *secp256k1.PublicKey, BLS12381G2
}

// Purpose is what a key may be used for (DID Core §5.3).
type Purpose uint8

const (
	AssertionMethod Purpose = 1 << iota // issuing credentials and status lists
	Authentication                      // proving to be the holder
)

// Bounds on RSA moduli, in bits. RFC 7518 §3.3: "A key of size 2048 bits or
// larger MUST be used". The upper bound keeps one signature from costing a
// kiosk's second.
const (
	rsaLeast = 2048
	rsaMost  = 8192
)

var (
	// ErrAlgorithm is returned by Verify for an algorithm the key does not allow,
	// and for BBS, which needs another package.
	ErrAlgorithm = errors.New("key does not allow this algorithm")
	// ErrSignature is returned by Verify for a signature the key did not make.
	ErrSignature = errors.New("signature does not verify")
)

// NewKey wraps public under the name id. It takes *ecdsa.PublicKey on P-256,
// P-384 and P-521, ed25519.PublicKey, *rsa.PublicKey of 2048 to 8192 bits,
// *secp256k1.PublicKey of github.com/decred/dcrd/dcrec/secp256k1/v4, and
// [BLS12381G2], and copies what it keeps. The key may serve every purpose; narrow it with
// [Key.WithPurposes].
func NewKey(id string, public crypto.PublicKey) (Key, error) {
	k := Key{id: id, purposes: AssertionMethod | Authentication}
	switch p := public.(type) {
	case *ecdsa.PublicKey:
		//lint:ignore SA1019 Bytes panics on a key that was never filled in; looking is the only way to know
		if p == nil || p.X == nil || p.Y == nil {
			return Key{}, errors.New("make key: the public key is nil")
		}
		switch p.Curve {
		case elliptic.P256():
			k.algorithms = bitES256
		case elliptic.P384():
			k.algorithms = bitES384
		case elliptic.P521():
			k.algorithms = bitES512
		default:
			return Key{}, errors.New("make key: the curve is none of P-256, P-384, P-521")
		}
		raw, err := p.Bytes()
		if err != nil {
			return Key{}, errors.New("make key: the point does not lie on its curve")
		}
		copied, err := ecdsa.ParseUncompressedPublicKey(p.Curve, raw)
		if err != nil {
			return Key{}, errors.New("make key: the point does not lie on its curve")
		}
		k.public = copied
	case ed25519.PublicKey:
		if len(p) != ed25519.PublicKeySize {
			return Key{}, fmt.Errorf("make key: an Ed25519 key has %d bytes, not %d", ed25519.PublicKeySize, len(p))
		}
		k.algorithms, k.public = bitEd25519, ed25519.PublicKey(bytes.Clone(p))
	case *rsa.PublicKey:
		if p == nil || p.N == nil {
			return Key{}, errors.New("make key: the public key is nil")
		}
		if n := p.N.BitLen(); n < rsaLeast || n > rsaMost {
			return Key{}, fmt.Errorf("make key: an RSA modulus has %d to %d bits, not %d", rsaLeast, rsaMost, n)
		}
		if p.E < 3 || p.E&1 == 0 || p.E > 1<<31-1 || p.N.Bit(0) == 0 {
			return Key{}, errors.New("make key: this RSA key is no product of primes or has a useless exponent")
		}
		k.algorithms = bitRS256 | bitRS384 | bitRS512 | bitPS256 | bitPS384 | bitPS512
		k.public = &rsa.PublicKey{N: cloneInt(p.N), E: p.E}
	case *secp256k1.PublicKey:
		if p == nil || !p.IsOnCurve() {
			return Key{}, errors.New("make key: the point does not lie on secp256k1")
		}
		copied := *p
		k.algorithms, k.public = bitES256K, &copied
	case BLS12381G2:
		if !p.wellFormed() {
			return Key{}, errors.New("make key: this is no point of BLS12-381 G2 in compressed form")
		}
		k.algorithms, k.public = bitBBS, p
	default:
		return Key{}, fmt.Errorf("make key: %T is none of the key types this package knows", public)
	}
	return k, nil
}

// ID is what the key is called where it was found; empty if it has no name.
func (k Key) ID() string { return k.id }

// Controller is whose key it is, as the finder says: an issuer's identifier.
func (k Key) Controller() string { return k.controller }

// Authorities is the authority key identifiers (RFC 5280 §4.2.1.1, the keyIdentifier)
// of the certificates through which the finder trusted the key, the key's own first;
// nil if it was found another way. They must not be changed.
func (k Key) Authorities() [][]byte { return k.authorities }

// Algorithms is what the key may be used with; zero for the zero Key.
func (k Key) Algorithms() AlgorithmSet { return k.algorithms }

// IsZero reports whether k is no key.
func (k Key) IsZero() bool { return k.public == nil }

// WithID is k under another name.
func (k Key) WithID(id string) Key { k.id = id; return k }

// WithController is k belonging to id.
func (k Key) WithController(id string) Key { k.controller = id; return k }

// WithAuthorities is k trusted through certificates with these authority key
// identifiers.
func (k Key) WithAuthorities(ids [][]byte) Key { k.authorities = ids; return k }

// WithPurposes is k for exactly the purposes in p.
func (k Key) WithPurposes(p Purpose) Key { k.purposes = p; return k }

// Permits reports whether the key may serve all purposes in p. No key serves no
// purpose.
func (k Key) Permits(p Purpose) bool { return p != 0 && k.public != nil && k.purposes&p == p }

// Equal reports whether both are the same key, whatever they are called. Two
// zero keys are equal; nobody holds them.
func (k Key) Equal(o Key) bool {
	if k.public == nil || o.public == nil {
		return k.public == nil && o.public == nil
	}
	switch p := k.public.(type) {
	case *ecdsa.PublicKey:
		return p.Equal(o.public)
	case ed25519.PublicKey:
		return p.Equal(o.public)
	case *rsa.PublicKey:
		return p.Equal(o.public)
	case *secp256k1.PublicKey:
		q, ok := o.public.(*secp256k1.PublicKey)
		return ok && p.IsEqual(q)
	case BLS12381G2:
		return p == o.public
	}
	return false
}

// Thumbprint is the SHA-256 JWK thumbprint (RFC 7638), or for a BLS12-381 key,
// which has no JWK here, SHA-256 over its Multikey's bytes: the same for the same
// key, whatever it is called. The zero key has the zero thumbprint.
func (k Key) Thumbprint() [32]byte {
	if k.public == nil {
		return [32]byte{}
	}
	if p, ok := k.public.(BLS12381G2); ok {
		return sha256.Sum256(multicodec.Join(multicodec.BLS12381G2, p[:]))
	}
	return sha256.Sum256(k.canonical())
}

// Public is the key for crypto packages: one of the types [NewKey] takes, nil
// for the zero key. It must not be changed.
func (k Key) Public() crypto.PublicKey { return k.public }

// Role is in which capacity somebody signs.
type Role uint8

const (
	RoleIssuer         Role = iota // signs credentials
	RoleStatusProvider             // signs status lists
	RoleHolder                     // signs presentations: by a key of its own DID, under authentication
)

// Signer is what a signed object says about who signed it: untrusted, to be
// matched exactly.
type Signer struct {
	Role      Role
	ID        string    // the issuer's identifier; empty if the object names none
	KeyID     string    // kid; empty if the object names none
	Chain     [][]byte  // x5c: DER certificates, leaf first; nil if none
	Algorithm Algorithm // the algorithm the object claims
}

// Keys finds the keys that may have signed as s, at the time the implementation
// was made for. The check says what was found: passed with at least one key, or
// failed or undecided with none.
type Keys interface {
	Find(s Signer) ([]Key, []Check)
}

// KeysFunc adapts a function to [Keys].
type KeysFunc func(Signer) ([]Key, []Check)

// Find calls f.
func (f KeysFunc) Find(s Signer) ([]Key, []Check) { return f(s) }
