// Package bbs makes and verifies BBS signatures and proofs as
// draft-irtf-cfrg-bbs-signatures-08 has them, with the ciphersuite
// BLS12-381-SHA-256 and the interface H2G_HM2S (§3.4, §7.2.2): what bbs-2023 of
// Data Integrity BBS Cryptosuites 1.0 refers to. Section numbers in this package
// are that draft's.
//
// It promises that every point and scalar from outside is validated before it is
// used: one encoding each, on the curve, in the subgroup, never the identity, never
// zero; that nothing from outside panics; and that work is bounded by
// [limits.BBSMessages]. Signing and deriving proofs are here for issuers and
// wallets in tests; they are not hardened against side channels.
//
// The curve is gnark-crypto's. Beside circl's it does a product of two pairings in
// 0.9 ms instead of 2.3, a multiplication in G1 in 80 µs instead of 220, and adds
// 0.4 MB to a program where circl adds 0.3 (measured on one core, amd64).
//
// A suite that verifies proofs may import it, and nothing else: it is the only
// importer of the curve.
package bbs
