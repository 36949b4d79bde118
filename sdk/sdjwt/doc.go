// Package sdjwt reads and proves SD-JWTs (RFC 9901) in compact and in JSON form,
// with and without a Key Binding JWT; SD-JWT VCs (draft-ietf-oauth-sd-jwt-vc,
// dc+sd-jwt, and vc+sd-jwt with vct); and W3C credentials of VCDM 2.0 as
// VC-JOSE-COSE secures them (vc+sd-jwt with @context and no vct).
//
// It applies every rule of RFC 9901 §4, §7.1 and §7.3, quoted where it is
// applied. What can be seen in the bytes alone is refused by Parse as malformed
// or too_large, whoever signed it: repeated digests, _sd and ... where they have
// no place, disclosures of the wrong shape, an SD-JWT VC whose exp, iss, cnf,
// vct or status could be withheld. What needs keys, a binding or a time is
// answered by Prove, check by check. If the issuer's signature is not verified,
// Prove says so and nothing else, since nothing else in such a document deserves
// an answer.
//
// In JSON form (§8; the general one with exactly one signature) nothing counts
// that is not protected, but for the disclosures and the KB-JWT, which prove
// themselves, and a kid as a hint which of the issuer's keys to try.
//
// A W3C credential is held to VCDM 2.0 after disclosure: its issuer, validity,
// status and contexts must not be withheld, and what JWT claims and members say
// twice must be the same. Without the typ it is a plain SD-JWT, whose validFrom,
// validUntil and credentialStatus count all the same. Enclosed in a presentation
// that its holder signed, a credential needs no KB-JWT.
//
// The package does not decide who may issue what, does not look up a status, and
// does not fetch type metadata. Selectively disclosable claims that were not
// disclosed leave no trace in the claims, and plain SD-JWTs may let a holder
// withhold exp; a policy that needs a claim must ask for it (§9.7).
//
// Every value is immutable and safe for concurrent use. Anyone may import it.
package sdjwt
