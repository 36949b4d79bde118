package credential

// Algorithm is a JOSE signature algorithm name (RFC 7518, RFC 8037, RFC 8812,
// RFC 9864), or [BBS].
type Algorithm string

const (
	ES256   Algorithm = "ES256"
	ES384   Algorithm = "ES384"
	ES512   Algorithm = "ES512"
	ES256K  Algorithm = "ES256K"
	EdDSA   Algorithm = "EdDSA"
	Ed25519 Algorithm = "Ed25519" // RFC 9864's name for EdDSA over Ed25519
	RS256   Algorithm = "RS256"
	RS384   Algorithm = "RS384"
	RS512   Algorithm = "RS512"
	PS256   Algorithm = "PS256"
	PS384   Algorithm = "PS384"
	PS512   Algorithm = "PS512"
	BBS     Algorithm = "BBS" // JSON Proof Algorithms' name; of [BLS12381G2] keys
)

// AlgorithmSet is a set of algorithms. The zero value is [DefaultAlgorithms]
// wherever the SDK takes one as an allow-list.
type AlgorithmSet uint32

const (
	bitES256 AlgorithmSet = 1 << iota
	bitES384
	bitES512
	bitES256K
	bitEd25519
	bitRS256
	bitRS384
	bitRS512
	bitPS256
	bitPS384
	bitPS512
	bitBBS
)

// DefaultAlgorithms is what is accepted unless a policy says otherwise: elliptic
// curves only. RSA is accepted only where a policy names it. BBS is among them
// because only the suites' own packages verify it, and who wires one wants it.
const DefaultAlgorithms = bitES256 | bitES384 | bitES512 | bitES256K | bitEd25519 | bitBBS

var algorithmBits = map[Algorithm]AlgorithmSet{
	ES256: bitES256, ES384: bitES384, ES512: bitES512, ES256K: bitES256K,
	EdDSA: bitEd25519, Ed25519: bitEd25519,
	RS256: bitRS256, RS384: bitRS384, RS512: bitRS512,
	PS256: bitPS256, PS384: bitPS384, PS512: bitPS512,
	BBS: bitBBS,
}

// Has reports whether a is in the set. An unknown name is in none.
func (s AlgorithmSet) Has(a Algorithm) bool {
	b := algorithmBits[a]
	return b != 0 && s&b != 0
}

// With is the set with a added, and false if a is no algorithm this package
// knows ("none" and the HMACs are not among them).
func (s AlgorithmSet) With(a Algorithm) (AlgorithmSet, bool) {
	b := algorithmBits[a]
	return s | b, b != 0
}

// OrDefault is s, or DefaultAlgorithms if s is the zero value.
func (s AlgorithmSet) OrDefault() AlgorithmSet {
	if s == 0 {
		return DefaultAlgorithms
	}
	return s
}
