// Package did reads DID documents: identifier to verification methods, from
// bytes that somebody else fetched.
//
// It promises exact matching (an identifier is compared as it stands; a
// relative DID URL is made absolute against the document's own DID, and nothing
// else is normalised), and that a method serves only the purposes the document
// lists it for. It resolves nothing over a network.
//
// Methods whose key is not given as publicKeyJwk are skipped and named by
// [Document.Unsupported]. It may be imported by everything above credential.
package did
