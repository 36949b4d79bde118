// Package cborjson looks through CBOR (RFC 8949) from outside, and reads it as what
// JSON can say. It needs nothing beyond the standard library, so that package
// payload, which every bank links, can turn what stands in a code back into JSON.
// Package strictcbor, which decodes into Go types, rests on it.
//
// [Check] looks through the whole document: one data item and nothing behind it,
// nesting (tags included) within limits.JSONDepth, data items within
// limits.JSONValues, no map key twice, valid UTF-8 in every text string, nothing
// longer than the bytes at hand. Nothing is built before it has.
//
// Indefinite lengths and numbers in more bytes than needed are taken: RFC 8949
// calls them valid, and no format read here demands the deterministic encoding of
// what it receives (RFC 9052 §9 demands it of the structures that are signed, and
// those are built here). A key is the same key however long its number or its
// string's length was written, and whether or not it came in chunks.
//
// [Bytes], [Text], [Elements], [Pairs] and their like take a document apart without
// copying it. They are exact: no tag is overlooked, and null is nothing else.
//
// Every error is a *reason.Error with malformed or too_large and never holds a
// byte of the input. It does not bound the number of bytes: callers do, with the
// limit of what they read.
package cborjson
