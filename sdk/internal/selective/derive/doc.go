// Package derive is the other side of package selective: what issuers do who sign
// statements one by one, and holders who show some of them (ECDSA Cryptosuites
// 1.0 §3.4, §3.5, §3.6). It is for virtual issuers and wallets in tests, and for
// comparing each step with published vectors; no verifier links it.
//
// It follows the specification, but for skolemization (§3.4.7, §3.4.8): that
// expands a document, names its blank nodes and compacts it again, which may
// change its shape, so that a JSON pointer into the one misses in the other. Here
// names are put into the document as it stands.
//
// Keys and randomness come from the caller: the same input gives the same proof.
package derive
