// Package strictcbor reads and writes CBOR (RFC 8949) from outside in exactly one
// way, into Go types. It is the only importer of the CBOR library, and gives others
// its types under names of its own.
//
// What is read is looked through as a whole first (cborjson.Check), also the parts
// that a destination leaves undecoded as [RawMessage]. Indefinite lengths and
// numbers in more bytes than needed are taken; a format that demands the
// deterministic encoding of what it receives can compare what it read with what
// [Marshal] makes of it.
//
// Every error is a *reason.Error with malformed or too_large and never holds a
// byte of the input. It does not bound the number of bytes: callers do, with the
// limit of what they read.
package strictcbor
