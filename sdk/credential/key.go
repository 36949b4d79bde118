package credential

import (
	"crypto"
)

// Key is a public key, what it is called, whose it is, and what it may be used
// for. Keys come from trust lists, DID documents, certificates, and a
// credential's cnf claim.
type Key struct {
	id         string
	controller string
	algorithms AlgorithmSet
	purposes   Purpose
	public     crypto.PublicKey
}

// Purpose is what a key may be used for (DID Core §5.3).
type Purpose uint8

const (
	AssertionMethod Purpose = 1 << iota // issuing credentials and status lists
	Authentication                      // proving to be the holder
)

// Role is in which capacity somebody signs.
type Role uint8

const (
	RoleIssuer         Role = iota // signs credentials
	RoleStatusProvider             // signs status lists
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
