// Package bbs2020 verifies BbsBlsSignature2020 and BbsBlsSignatureProof2020 (W3C
// CCG, BBS+ Signatures 2020): credentials whose holders show some of the statements
// that an issuer signed. Hand it to ldp:
//
//	ldp.Mechanism(ldp.With(bbs2020.Suite()))
//
// Keys are those of BLS12-381 in G2 ([credential.BLS12381G2]), under assertionMethod
// of the issuer's DID.
//
// What it promises, beyond what ldp does for every suite:
//   - Every statement of the document and of the proof's options is one of the
//     messages that the key signed, and all statements of the options are disclosed,
//     so that a holder cannot leave out when the proof expires.
//   - Identifiers urn:bnid:_:c14n0, which holders give to nodes that have none, stand
//     for the nodes' labels and nothing else, in statements and not in text: a claim
//     that reads so is a claim. They never get into Claims, and name no subject. Nodes
//     without such an identifier beside nodes with one are refused: two nodes would
//     have one label.
//   - The nonce of a derived proof is compared with a challenge; see
//     [ldp.Secured.Answers] for when, and for what it proves. It is base64 of the
//     challenge's bytes.
//   - The primitive, which cannot be trusted with bytes from outside, sees none that
//     were not checked (package internal/bbsplus says what it lacks). It is slow, and
//     serves one caller at a time: some ten milliseconds for a credential of 30 statements.
//
// What the scheme does not have: the issuer cannot demand that anything be shown. A
// holder may leave out when a credential expires, and its status. Where that matters,
// the trust entry must require a status, and the policy must require the claim
// (required_claims: [["expirationDate"]]). Prefer bbs-2023, whose issuers say what is
// mandatory.
//
// Limits: limits.BBSPlusMessages signed statements.
//
// Differences from others: aries-framework-go takes the statements in the order of the
// derived document's identifiers, here they are in that of the labels they stand for,
// as they were signed; that is the same for documents whose own identifiers sort before
// "urn:bnid:". Its replacement of identifiers also changes text in claims.
//
// Not here: signing; proofs in presentations; keys in G1.
//
// Anyone may import it. Every value is safe for concurrent use.
package bbs2020
