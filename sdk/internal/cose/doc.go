// Package cose reads the COSE structures that credentials are made of (RFC 9052,
// RFC 9053, RFC 9360), checks them against a credential.Key, and makes them for
// tests, the virtual world and tools.
//
// A [Sign1] or [Mac0] is untrusted until Verify returned nil for a key that
// somebody else vouched for. Neither the key nor the list of accepted algorithms is
// ever taken from the message.
//
// It is strict where RFC 9052 leaves a choice:
//
//   - alg must stand in the protected header. §3.1: it "MUST be authenticated where
//     the ability to do so exists". Two published examples that "redo" the
//     protected header (cose-wg sign-pass-01, mac-pass-01) have it outside.
//   - a header parameter that stands in both buckets is refused (§3: "Applications
//     SHOULD verify that the same label does not occur in both").
//   - an ECDSA algorithm goes with one curve, as in JOSE: ES256 with P-256, ES384
//     with P-384, ES512 with P-521. RFC 9053 §2.1 allows any pair; the fully
//     specified algorithms of RFC 9864 name these alone.
//   - multiple signatures (COSE_Sign) and encryption are not read.
//
// Mechanisms and the opener of status lists as CWT import it; nothing of JOSE does.
package cose
