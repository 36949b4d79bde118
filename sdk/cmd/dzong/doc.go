// Command dzong is for developers and operators: it shows how a presentation is
// built, decides on it as a verifier would, explains a reason code, keeps a cache
// of knowledge up to date, and runs test vectors.
//
//	dzong inspect FILE
//	dzong verify --trust trust.json --status list.jwt --fresh https://bank.example FILE
//	dzong verify --trust-key authority.jwk --cache DIR --nonce N --audience A --json FILE
//	dzong verify --case DIR
//	dzong why revoked
//	dzong sync --trust-key authority.jwk --cache DIR --url https://…/trust.jwt
//	dzong vectors run DIR
//	dzong vectors mutate DIR --n 100000
//
// FILE may be - for standard input. It is taken byte for byte: a line break at
// its end belongs to it.
//
// Exit status: 0 accepted (or done), 3 rejected, 4 indeterminate, 1 could not
// run, 2 wrong usage.
//
// verify takes the proof of possession wanted as a flag and has no default for
// it: --nonce and --audience for a challenge, --fresh for a time window,
// --bearer where nothing binds the presentation to who shows it. Each call
// remembers nothing: a presentation shown to two calls is not replayed in either.
package main
