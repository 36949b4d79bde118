// Package linkeddata tests the verifier of embedded proofs against an issuer, a
// holder and a verifier that nobody here wrote: Digital Bazaar's libraries for
// ecdsa-sd-2023, bbs-2023, eddsa-rdfc-2022 and ecdsa-rdfc-2019 over jsonld.js, on Node.js. It
// holds nothing but tests and is imported by nobody.
//
// "make interop" fetches the libraries, as peer/package-lock.json pins them, and
// runs the tests; plain "make test" names them as skipped. The seed of what is
// random is $DZONG_INTEROP_SEED. W3C's contexts come from the peer's libraries.
//
// # What is compared
//
//   - Random credentials that the peer issues, and whose holder shows what random
//     JSON pointers select, are accepted here with the claims that the peer's
//     document has, and those are what the specification's selection gives.
//   - After each of a list of single changes they are refused here: a letter of every
//     value, every member left out or renamed, members added, bits of the proof.
//   - Presentations of them that the peer's holder signs answer the challenge and
//     no other.
//   - What package selective/derive signs and derives verifies in the peer, and the
//     peer's holder derives the very same proof from what it signs.
//
// # Where the two differ
//
// The specification decides, and it is followed here. A test holds each difference.
//
//   - In ecdsa-sd-2023 and bbs-2023 the peer looks for blank nodes with a regular expression, also
//     inside texts: of a text that has "_:" in it, it signs and verifies something
//     else, so that "_:x" may be exchanged for "_:y". We refuse such a credential of
//     its making, as it refuses ours.
//   - The peer loses an array around a single element when a holder derives.
package linkeddata
