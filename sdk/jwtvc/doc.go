// Package jwtvc reads and proves W3C credentials and presentations that a compact
// JWS envelops: VC-JWT and VP-JWT of VCDM 1.1 (§6.3.1, claims vc and vp), and
// vc+jwt and vp+jwt of VC-JOSE-COSE around documents of VCDM 2.0.
//
// # What a token is
//
// A vc or vp claim makes it one of VCDM 1.1, whose typ, if there is one, is JWT.
// Without either, a payload whose @context begins as one of VCDM 2.0 does makes it
// one of that; VC-JOSE-COSE recommends its typ and shows tokens without, so that
// the document's type then says what it is. A typ or cty that says something else
// than the document is refused, and so is every typ of another kind of token. What
// ends in a tilde is an SD-JWT and not recognised here.
//
// # What counts
//
// In VCDM 1.1 issuer and iss, id and jti, credentialSubject.id and sub,
// issuanceDate and nbf, expirationDate and exp (to the second) must say the same
// where both are there: §6.3.1 makes the claim represent the member. Where only one
// of the two is there it counts, and a credential needs an issuer and a time of
// issue from either. iat is when the JWT was signed, and bounds nothing but the
// future. sub cannot be said of several subjects. Claims are the decoded credential
// of §6.3.1: what vc holds, with the members that only the registered claims gave.
//
// In VCDM 2.0 exp and nbf bound the signature and validFrom and validUntil the
// credential (VC-JOSE-COSE §3.1.3): both count. iss, sub and jti, which should not
// contradict the document, must not. Claims are the payload.
//
// The signature covers every byte, so nothing is ever uncovered. What the terms
// mean is for the contexts to say all the same: a credential's @context is handed
// on for package verify to compare with the trust list, as for an SD-JWT of VCDM
// 2.0, and one that holds anything but URLs is context_not_accepted.
//
// # Whose signature
//
// kid is matched exactly, as the key is called where it was found: a DID URL in
// full, or a name in the issuer's key set. A relative one ("#key-1") is no key's
// name. Without kid, the issuer's keys that can do the algorithm are tried. Header
// members jwk, jku and x5u say nothing; x5c counts only through the trust list.
// Where the JWS makes a document, a proof embedded in it would be one that nobody
// verified, so such a document is malformed.
//
// A presentation is signed by its holder: the one that iss or holder names, or
// else the DID that kid names, under authentication. aud must be this verifier
// alone, nonce the challenge; without a challenge iat must lie within the window.
// Everything inside is handed back, each to be verified on its own: JWTs,
// envelopes, documents with embedded proofs, and presentations, whose holders must
// have made their own proof for this verifier. A credential is its holder's by its
// cnf claim, or, if it has none, by the id of every one of its subjects.
//
// Every value is immutable and safe for concurrent use. Anyone may import it.
package jwtvc
