// Package bbsplus verifies the BBS+ signatures and proofs of 2020, over BLS12-381
// with public keys in G2, as BbsBlsSignature2020 and BbsBlsSignatureProof2020 use
// them. They are not those of the IETF draft (package bbs): other generators, other
// hashes, another form.
//
// The scheme was never specified to the byte; the primitive is that of
// aries-framework-go (pkg/crypto/primitive/bbs12381g2pub), which agrees with those
// of ursa and of MATTR. It is archived, and no safe thing to call with bytes from
// outside. What this package keeps from it, each time before it is called:
//
//   - It lets responses be one too many, and then that one stands in the sum where
//     the challenge should: nothing needs to be known to make such a proof. It takes
//     the identity for every point, with which its pairing check is true for any
//     key. Both together are a proof of anything by anybody, and one that needs no
//     computing (a test of this package has it). Here each number of responses is the
//     one that follows from the number of messages, and no point is the identity.
//   - It panics on lengths that point beyond the proof. Every length is checked here.
//   - It takes more messages than the proof discloses and ignores the rest, and
//     indexes beyond the last message. Both are refused here.
//   - It reduces scalars and ignores what stands behind the proof, so that one proof
//     has many forms. There is one here.
//   - It makes a generator for each message that a proof claims to have, 65,535 at
//     most, before it looks at anything. [limits.BBSPlusMessages] bounds them here.
//   - It writes into the proof that it is given. It is given copies.
//   - It keeps scratch space for field elements in package variables, so that two
//     callers at once make each other's results wrong. It is called by one at a time
//     here; see serial.
//
// A panic that was overlooked is caught all the same, and refuses.
//
// What remains is the scheme's own: the challenge of a proof is made over its
// commitments and the nonce, not over the disclosed messages, so that nothing but
// their hash to 255 bits keeps them apart. Who makes a proof chooses its nonce; a
// verifier that wants to know whether a proof answers it must compare the nonce
// with its own.
//
// Signing and deriving are here for issuers and wallets in tests. Package
// ldp/bbs2020 and test issuers may import it, and nothing else: it is the only
// importer of the primitive.
package bbsplus
