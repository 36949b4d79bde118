// Package sdk is the map of what a bank imports. It holds no code.
//
// The SDK decides whether a credential that somebody shows is to be believed. It
// knows nothing of cameras, screens, brokers or kiosks, and links one module
// beyond the standard library (secp256k1, for ES256K). package verify has the ten
// lines that make a decision, as an example that the tests run.
//
// # Where to find what
//
//	reason        the closed table of codes: check, outcome, sentence and next step per language
//	limits        every bound on bytes from outside, with its reason
//	credential    the words all share: Presentation, Credential, Key, Binding, Check, Claims, Mechanism
//	payload       what a scanned text is; the offline presentation profile
//	sdjwt         the SD-JWT mechanism: RFC 9901, with and without key binding, and SD-JWT VC
//	jwtvc         W3C credentials and presentations as JWTs: VC-JWT of VCDM 1.1, vc+jwt and vp+jwt
//	ldp           credentials and presentations with embedded proofs
//	ldp/bbs2023   the suite bbs-2023, for ldp: links pairings
//	ldp/bbs2020   the BBS suites of 2020, for ldp: links a primitive of aries-framework-go
//	cwt           CBOR Web Tokens: claim 169, EU digital COVID certificates, credentials with a type
//	shc           SMART Health Cards, in one code or several
//	mdoc          mobile documents: ISO/IEC 18013-5 device responses, session transcripts, engagement
//	did           DID documents: identifier to verification methods, from bytes fetched before
//	did/webvh     the log of a did:webvh, verified from its first entry on
//	status        status lists: opening, freshness, looking a bit up in place
//	status/statuscwt  Token Status Lists as CWT: links CBOR
//	trust         the trust list: who may issue what, with which keys, from when to when
//	dcql          what was asked for in OpenID4VP's query language, and what answers it
//	pex           the same for DIF Presentation Exchange, which DIDComm asks in
//	query         the words that query languages share
//	deny          the trust authority's list of revoked credentials, for issuers without one
//	verify        Input, Policy, Evaluate, Verifier, Result: the decision
//	cache         verified knowledge on disk; never goes back in time; says how old it is
//	sync          the only code that fetches, and the import from a folder
//	verifytest    a virtual trust authority, issuers, status lists and wallets, in memory
//	verifytest/cases  the format of test vectors, and their runner
//	verifytest/mutate accepted cases, changed at random
//	cmd/dzong     inspect, verify, why, sync, vectors
//	internal      one reader for each form (base64url, base45, strict JSON, CBOR, JWS, COSE,
//	              JSON-LD, RDF …), shared by all
//
// # What holds everywhere
//
// Deciding is pure. verify.Verifier.Evaluate takes what was presented, a policy, a
// binding, a snapshot of knowledge and one reference time: no network, no disk and
// no clock inside. The same inputs give the same answer, offline, in a test, and in
// an audit a year later. What must be remembered (which proofs were used) happens
// around it, once, in Evaluation.Settle.
//
// Knowledge is data with an age. It is fetched beforehand, verified when it arrives
// and again whenever it is read from disk, moves only forward, and says as of when
// it is. "Could not check" is an answer of its own, never valid and never revoked.
//
// Parsed is not verified, and the types say so: credential.Presentation has no
// claims at all, and claims come out of an accepted verify.Result, credential by
// credential.
//
// Nothing is permissive by default. The proof of possession wanted is a mandatory
// field whose zero value nothing satisfies; what weakens a check is called Unsafe.
//
// Nothing happens on import: no registration, no package state. A caller hands in
// the mechanisms, the knowledge, the replay store, the time and the logger.
//
// # Who imports whom
//
//	reason, limits ← credential ← mechanisms ← … callers
//	credential ← did, status ← trust ← verify ← cache ← sync
//
// A mechanism knows no trust list, status list or policy. verify names no mechanism
// and knows no storage and no transport; it declares the interfaces it needs and
// cache satisfies them. The layering test in folder cross states each rule with its
// reason.
//
// # From checks to an outcome
//
// Any failed check rejects. Otherwise any check that could not be decided makes the
// answer indeterminate. Otherwise it is accepted. reason.Conclude is that rule, and
// the table in package reason says for each code which of the two it is.
package sdk
