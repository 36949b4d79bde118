// Package bbs2023 verifies derived proofs of the cryptosuite bbs-2023 (W3C Data
// Integrity BBS Cryptosuites 1.0): credentials whose holders show some of the
// statements that an issuer signed, in a way that no two showings can be linked. Hand
// it to ldp:
//
//	ldp.Mechanism(ldp.With(bbs2023.Suite()))
//
// Keys are those of BLS12-381 in G2 ([credential.BLS12381G2]), under assertionMethod
// of the issuer's DID. Section numbers in this package are that specification's.
//
// What it promises, beyond what ldp does for every suite:
//   - Every statement of the document is one that the key signed: those that the
//     issuer made mandatory all together and completely, the others one by one. An
//     issuer makes mandatory what a holder must not leave out, such as the end of
//     validity and the status; what it did not, a holder may. A policy that needs a
//     claim must require it.
//   - A proofValue has one form: deterministic CBOR behind its header, every label and
//     index once, every number as the document needs it.
//   - The presentation header is compared with a challenge; see [ldp.Secured.Answers]
//     for when, and for what it proves. It is the challenge's bytes as they stand: the
//     specification leaves open what it holds.
//   - A base proof is refused (format_unsupported): it is the holder's secret, and who
//     shows it lets the verifier show anything of the credential in the holder's place.
//
// Limits: limits.DerivedStatements shown statements, limits.BBSMessages signed ones.
//
// Not here: signing and deriving; the optional features (§4: anonymous holder binding,
// pseudonyms), which rest on IETF drafts that still change. They are told by their
// headers and answered with algorithm_refused. Without them, what binds a credential to its holder is the
// subject's identifier, shown, and the holder's proof around it.
//
// Anyone may import it. Every value is safe for concurrent use. A suite remembers the
// generators of the signature scheme, so make one and keep it.
package bbs2023
