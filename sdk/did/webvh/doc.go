// Package webvh verifies the log of a did:webvh (did:webvh DID Method 1.0) and
// gives the DID document it leads to.
//
// A log proves itself: its first entry is what the DID's self-certifying
// identifier (SCID) is the hash of, every entry holds the hash of the one before,
// and each is signed by a key that the entries before it authorised, and approved
// by as many witnesses as they asked for. Whoever hands a log over can leave the
// newest entries away and can do nothing else; so where it came from says nothing,
// and how old it is says something. [Log.Extends] tells whether a log at hand
// is the beginning of another.
//
// [Verify] does every step of §Read (Resolve), and refuses the whole log for one
// entry that does not hold: the specification lets a resolver keep what came
// before, but a log that somebody tampered with is no ground for a decision.
//
// Decided here where the specification leaves it open:
//   - Every proof of an entry must verify, by an authorised key; not only one.
//   - Unknown members of an entry, of its parameters and of a list of witnesses
//     refuse the log. A null parameter is taken as the default, as the
//     specification asks of resolvers.
//   - A log whose method is another version is refused (format_unsupported).
//   - A deactivated DID has a document without any key.
//   - Entries with the same time refuse the log ("MUST be greater"), and times have
//     the zone UTC.
//
// It fetches nothing: did.LogURL says where log and witness proofs are. It reads no
// clock. It may be imported by whatever keeps or checks documents; mechanisms,
// trust and verify have no need of it.
package webvh
