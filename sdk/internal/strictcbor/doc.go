// Package strictcbor reads and writes CBOR (RFC 8949) from outside in exactly one
// way. It is the only importer of the CBOR library, and gives others its types
// under names of its own.
//
// What is read is looked through as a whole first, also the parts that a
// destination leaves undecoded as [RawMessage]: one data item and nothing behind
// it, nesting (tags included) within limits.JSONDepth, data items within
// limits.JSONValues, no map key twice, valid UTF-8 in every text string, nothing
// longer than the bytes at hand. Only then is anything built.
//
// Indefinite lengths and numbers in more bytes than needed are taken: RFC 8949
// calls them valid, and no format read here demands the deterministic encoding of
// what it receives (RFC 9052 §9 demands it of the structures that are signed, and
// those are built here). A key is the same key however long its number or its
// string's length was written, and whether or not it came in chunks. A format that
// does demand it can compare what it read with what [Marshal] makes of it.
//
// Every error is a *reason.Error with malformed or too_large and never holds a
// byte of the input. It does not bound the number of bytes: callers do, with the
// limit of what they read.
package strictcbor
