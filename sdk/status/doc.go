// Package status holds status lists: which bit of which list says whether a
// credential was revoked or suspended, and how old that statement is.
//
// It implements
//
//   - the IETF Token Status List in its JWT form ([Token];
//     draft-ietf-oauth-status-list, the section numbers in token.go and
//     decompress.go are those of the draft of April 2026); package statuscwt opens
//     its CWT form by the same rules ([OpenSigned]), so that who needs none links no
//     COSE,
//   - W3C Bitstring Status List 1.0, StatusList2021 and RevocationList2020
//     ([Credential]), whose lists are themselves credentials and are opened by the
//     mechanisms that open credentials,
//   - SMART Health Cards revocation by rid ([HealthCard]), wrapped in a signature.
//
// A [List] exists only after its signature was checked: the one way to make one
// is an [Opener], or [OpenSigned] behind it.
//
// It promises: nothing is decompressed beyond limits.StatusList; a looked-up
// value is read in place, without allocation; a list says who signed it
// ([List.Signers]) but not whether that signer counts for a given credential.
// That question belongs to package trust, and the answer to package verify.
//
// What a set entry of a W3C list does is its purpose's: revocation and suspension
// refuse the credential; refresh says that a newer one exists and refuses nothing;
// message, and a purpose of the issuer's own, are told by no one but the issuer and
// refuse too (status_refused). An entry of several bits counts as set if any is. An
// entry that is not set refuses nothing, whatever statusMessage calls it. Package
// verify puts this and a list's age together.
//
// It does not fetch, does not read files and has no clock. It may be imported
// by everything in sdk above credential.
package status
