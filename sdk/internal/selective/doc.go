// Package selective is what cryptosuites share whose holders show some of the
// statements that an issuer signed (ECDSA Cryptosuites 1.0 §3.4, Selective
// Disclosure Functions; bbs-2023 uses the same): statements under the labels that
// the issuer gave to blank nodes, and their division into those that everybody
// must show and the others.
//
// Where the specification takes any label map and any list of indexes, this
// package takes only one that says each thing once: a label that two nodes share
// would let a holder show one person's statements as two persons'.
//
// What issuers and holders do is in package selective/derive, which no verifier
// links. Only packages of the SDK may import either.
package selective
