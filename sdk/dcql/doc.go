// Package dcql is the Digital Credentials Query Language of OpenID for Verifiable
// Presentations 1.0 (§6 and §7; the section numbers here are those): it reads a
// query and says what of the credentials that were presented and verified answers
// it, and what is missing.
//
// It is the verifier's side. §6 tells a wallet what to choose; here the same rules
// say whether it chose what was asked for:
//
//   - A credential presented for a query is held to that query and to no other.
//     One presented for none in particular (a scanned code) may answer any, several
//     too (§6.1: "Multiple Credential Queries in a request MAY request a
//     presentation of the same Credential"). A credential that answers nothing
//     makes the whole unsatisfied.
//   - A query without multiple takes one credential, also where a single
//     presentation holds several.
//   - values are enforced: a claim with another value is as if it were not there.
//     §6.4.1 warns a verifier not to rely on the wallet for that, and this does not.
//   - Claims that nobody asked for are no error: that they were disclosed is the
//     wallet's affair.
//   - require_cryptographic_holder_binding, true unless the query says false, wants
//     a proof of possession that was verified. False takes nothing away from the
//     binding a caller wants.
//   - meta is compared exactly with what the mechanism found: vct_values and
//     doctype_value with the one type, type_values as below. Whether a type extends
//     another is told by metadata that is not at hand here. Each of the three is
//     enforced wherever it stands, also under a format it was not made for, which
//     nothing then answers.
//   - type_values holds fully expanded types (§B.1.1). Where the mechanism expanded
//     them (credential.Credential.ExpandedTypes), they are compared with those and
//     nothing else. Where it did not, contexts were not applied, and they are
//     compared with the types as the credential writes them and with the IRIs of
//     the two types of the W3C's own that every context gives the same.
//   - trusted_authorities: aki is compared with the authority key identifiers of
//     the certificates through which the issuer's key was trusted
//     (credential.Credential.Authorities). openid_federation is met by the
//     issuer's own entity identifier alone: that a path leads further up, and
//     whether an ETSI trusted list names somebody (etsi_tl), nothing at hand can
//     tell. What cannot be told is not met. These conditions only narrow what the
//     trust list accepts.
//   - An index in a path counts what was disclosed: array elements that were
//     withheld are gone (RFC 9901 §7.1). A query uses null to mean any of them.
//
// Members that §6 does not know are ignored, as it demands ([Parse]); a policy's
// author, who reads no wallet's mind, has them refused ([ParseStrict]).
//
// It is pure, keeps within limits, imports no module of others, and may be imported
// by verify and by everything above it.
package dcql
