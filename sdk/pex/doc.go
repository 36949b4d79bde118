// Package pex is DIF Presentation Exchange 2.0, and what the DIDComm attachment
// dif/presentation-exchange/definitions@v1.0 (Aries RFC 0510) needs of 1.0: it
// reads a presentation definition and says what of the credentials that were
// presented and verified answers its input descriptors, and what is missing. The
// section numbers are those of version 2.0.
//
// It is the verifier's side. A [Definition] is a verify.Query. Without a
// submission, a credential answers every input descriptor that it fits;
// [Definition.Submitted] holds each to what the holder's presentation_submission
// says, and to nothing else.
//
// What counts:
//   - Fields: every one that is not optional needs a path that leads to a value
//     which its filter takes. Of each path the first value counts (§6.1).
//   - A path begins at the credential. For a VC-JWT of VCDM 1.1, $.vc is the
//     credential too and $.iss its issuer, as in the JWT; where there are contexts,
//     $['@context'] is those.
//   - schema, of 1.0: one of its uri, and all that are required, must be a context,
//     a type, or the credentialSchema's id. Contexts are not signed; that they are
//     those of the trust entry is checked in verify.
//   - format: a credential's format must be named, if any credential format is;
//     alg must name the issuer's algorithm. proof_type is not compared: which
//     suites are believed is the mechanism's business and the policy's.
//   - submission_requirements: all, pick with count, min and max, from and
//     from_nested. A descriptor without a group is required beside them. Exactly
//     and at most are enforced on a submission; without one they are at least,
//     since a credential may fit more than it was sent for.
//   - is_holder: required wants a proof of possession that was verified;
//     subject_is_issuer: required wants the subject to be the issuer.
//
// What does not: limit_disclosure (what was disclosed too much is the wallet's
// affair), predicate (the value itself must pass the filter), purposes and names,
// frame, and statuses, as every credential that verify accepts is active.
// same_subject as a requirement, and statuses that would want a credential to be
// revoked or suspended, refuse the definition: format_unsupported.
//
// Filters are JSON Schemas of draft 7 in a subset that is implemented strictly
// (filter.go has the list): a keyword outside it refuses the definition rather
// than be ignored. References stay within the filter; nothing is ever fetched.
// Patterns are RE2. Paths are JSONPath without scripts, slices and unions.
// Evaluation takes a bounded number of steps; what is not decided within them is
// not satisfied.
//
// It is pure, imports no module of others, and is linked by who asks in this
// language: DIDComm's side of a verifier.
package pex
