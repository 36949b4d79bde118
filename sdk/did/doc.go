// Package did turns a decentralised identifier into verification methods: keys,
// each with its absolute identifier and the purposes it may serve.
//
// [Resolve] answers from the identifier itself where its method allows that
// (did:key, did:jwk, did:peer 0, 2 and 4, did:ethr of a public key), else from
// documents at hand, and otherwise names the document to fetch
// ([MissingError]). [ParseDocument] reads a document that somebody fetched;
// [WebURL] says where the document of a did:web lies. Nothing here fetches.
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
// Not covered: the log of did:webvh is not verified (a document at hand counts as
// whoever handed it over vouches for it; likewise for did:web, did:polygon and
// did:ethr); a method given only by a blockchain account, whose key would have to
// be recovered from a signature; verification methods of 2022 and earlier drafts
// of did:peer:2, whose keys are named after themselves; did:key with a version.
//
// It may be imported by everything above credential but the mechanisms, which
// are given keys and do not look for them.
package did
