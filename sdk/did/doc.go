// Package did turns a decentralised identifier into verification methods: keys,
// each with its absolute identifier and the purposes it may serve.
//
// [Resolve] answers from the identifier itself where its method allows that
// (did:key, did:jwk, did:peer 0, 2 and 4, did:ethr of a public key), else from
// documents at hand, and otherwise names the document to fetch
// ([MissingError], with its address where the method says one). [ParseDocument]
// reads a document that somebody fetched; [WebURL], [LogURL] and [WitnessURL] say
// where those of a did:web and a did:webvh lie. Nothing here fetches. Package
// did/webvh verifies the log of a did:webvh.
//
// It promises exact matching (an identifier is compared as it stands; a
// relative DID URL is made absolute against the document's own DID, and nothing
// else is normalised), that a method serves only the purposes the document
// lists it for, and that every key has one form in which it is read. Keys are
// read from publicKeyJwk, from publicKeyMultibase of a Multikey or one of the
// types with a suite's name, and from publicKeyBase58 and publicKeyHex of the
// types of 2018 to 2020. Methods with any other key, X25519 and BLS12-381 in G1
// among them, are recognised, skipped, and named by [Document.Unsupported].
//
// A document carries its age ([Document.Dated]); who keeps documents says when one
// is too old, and package trust takes such a one as not at hand.
//
// Not covered: did:web, did:polygon and did:ethr documents carry no proof, so that
// whoever hands one over vouches for it (package cache says who may); a method given
// only by a blockchain account (EcdsaSecp256k1RecoveryMethod2020 with
// blockchainAccountId or ethereumAddress), whose key would have to be recovered from
// a signature of a suite that nothing here verifies: it is named by
// [Document.Unsupported], and a did:ethr of an address whose document lists nothing
// else has no key; the events of an Ethereum registry; did:key with a version.
//
// It may be imported by everything above credential but the mechanisms, which
// are given keys and do not look for them.
package did
