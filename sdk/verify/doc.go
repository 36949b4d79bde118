// Package verify decides whether what a holder presented is to be believed.
//
// [Verifier.Evaluate] is pure: what was presented, a [Policy], a binding, a
// [Snapshot] of knowledge and one reference time go in, an [Evaluation] comes
// out. It uses no network, no disk and no clock, so the same inputs give the
// same answer offline, in a test, and in an audit a year later.
// [Evaluation.Settle] then asks the replay store, once, and gives the [Result].
// [Verifier.Verify] does both.
//
// The rule from checks to an outcome is reason.Conclude: any failed check
// rejects; otherwise any check that could not be decided makes the answer
// indeterminate; otherwise it is accepted. Could-not-check is never valid and
// never revoked. Claims come out of an accepted Result and from nowhere else,
// credential by credential: persons are not mixed.
//
// What is undecided, exactly: status_unavailable, status_stale,
// status_list_invalid, trust_stale, clock_untrusted, and key_unknown where the
// issuer's DID document or key set is not at hand.
//
// Once an issuer's signature has not been verified, nothing else in that
// credential is looked at: everything in it is somebody's claim, and a reason
// drawn from it would be one too. So such a credential gives the reason for the
// signature alone.
//
// What was asked for is a policy's entries, its DCQL query, and the caller's own
// [Query]; each must be answered. A piece that was presented for one id is held to
// that id in all of them, so a caller who uses several gives them one set of ids.
//
// verify imports mechanisms' interface, trust, status, deny, did and dcql; it never
// imports a mechanism, cache, sync or any protocol.
package verify
