// Package credential holds the words every securing mechanism shares: what a
// holder handed over ([Presentation]), one signed statement in it
// ([Credential]), keys ([Key], [Keys]), the proof of possession wanted
// ([Binding]), and the [Mechanism] interface that sdjwt and its siblings
// implement.
//
// A mechanism parses within limits and checks proofs. It knows nothing of trust
// lists, status lists or policy: package verify finds the keys, looks up the
// status, applies the policy and lists every check. Parsed is not verified, and
// the types say so: a [Presentation] has no claims at all, and a [Credential]
// carries them only where the mechanism's own checks passed. Bank code reads
// claims from verify.Result and nowhere else.
//
// All values are immutable after they are returned and safe for concurrent use.
package credential
