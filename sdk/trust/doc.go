// Package trust holds the trust list: which issuer may issue which type, with
// which keys, from when to when, and where the status lists are that a verifier
// must have at hand before it goes offline.
//
// The format is JSON with a published schema ([Schema]). In operation the list
// is a JWS of the trust authority, whose key is pinned in the verifier's
// configuration ([Open]); a bare list ([Parse]) is for callers who hand one in
// themselves and vouch for it.
//
// It also says which JSON-LD contexts and DID documents to have at hand, and pins
// their bytes: [List.Contexts], [List.Documents]. What nobody pins and no log
// proves, TLS alone vouches for, and only did:web is taken so.
//
// A leaf rule with the usage 1.0.18013.5.1.2 makes an authority one for mobile
// documents (IACA): certificates under it must then keep to ISO/IEC 18013-5 Annex B
// in what can be misused. iaca.go says what that is.
//
// It promises that [List.Keys] is the one place that decides who may have signed
// something, that every identifier is matched exactly, and that a list is strict:
// unknown members, repeated names, repeated issuers and unusable keys refuse the
// whole of it, because a list that is half understood trusts the wrong half.
//
// It keeps no state: that a list may not go back in time is package cache's
// promise. It fetches nothing and reads no clock. It may be imported by
// everything in sdk above did.
package trust
