// Package rdfc is RDF Dataset Canonicalization, RDFC-1.0 (W3C Recommendation of
// 21 May 2024) with SHA-256 or SHA-384: quads in, canonical N-Quads out.
//
// The algorithm is exponential in the worst case, and graphs that meet it are
// easy to make ("poison graphs", §7.1). Canonicalize therefore counts its steps
// and ends with [ErrWork] when limits.CanonicalSteps are used up; it has no state
// and reads no clock. Only packages of the SDK may import it.
package rdfc
