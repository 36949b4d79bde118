// Package jws reads compact JSON Web Signatures (RFC 7515) in their one
// canonical form, checks them against a credential.Key, and makes them for
// tests, the virtual world and tools.
//
// Reading applies limits and knows nothing of who may sign: a Token is
// untrusted until Verify returned nil for a key that somebody else vouched for.
// It never takes the key or the algorithm list from the token. Mechanisms,
// status and trust import it.
package jws
