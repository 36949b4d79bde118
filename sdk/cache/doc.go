// Package cache keeps the last verified knowledge on disk: the trust list, the
// trust authority's deny list and the status lists as their signers signed them,
// the DID documents and logs as they were fetched, and the JSON-LD contexts that
// the trust list pins.
//
// It promises:
//   - Nothing on disk is believed. Every file is verified again when it is read,
//     with the same rules as when it arrived; a file that does not verify is put
//     aside (renamed to *.refused), reported by [Cache.Missing], and not used.
//   - It never goes back. A trust list or deny list with a lower number, or with
//     the same number and other bytes, a status list issued before the one at hand,
//     and a log that is shorter than the one at hand or another, are refused, also
//     after a restart, and where the file itself was lost and its sidecar was not.
//   - A write is whole or did not happen: temporary file, sync, rename, sync of
//     the directory. A full disk or a power cut leaves the old knowledge.
//   - Knowledge is handed out as one immutable snapshot that is swapped
//     atomically; a decision never sees half an update.
//   - A status list counts only for signers the trust list accepts. When a new
//     trust list or another document arrives, every list is verified again under
//     it.
//
// What makes a DID document or a context count, from the network, from disk and
// from a USB stick alike:
//   - A context, and a document that the trust list pins, by the SHA-256 of its
//     bytes. It is as of the trust list, and stale with it.
//   - The log of a did:webvh by itself (package did/webvh). It is as of when it was
//     last fetched, or else as of its latest entry.
//   - The document of a did:web that is not pinned, by TLS, when it was fetched from
//     its host, and by nothing else: not by a pin that it had once, either. A stick cannot bring one. On disk it counts
//     only under the device's own secret ([Seal]); without one it is not written,
//     and not at hand after a restart.
//   - Documents of every other method (did:ethr, did:polygon …) only when pinned.
//
// A document that is not pinned counts for as long as the trust list says (seven
// days, where it says nothing) after the time it is as of. A document that is too
// old is one that is not at hand: a decision that needs it is undecided,
// key_unknown, and names the DID. Keys of a deactivated DID are refused.
//
// It does not promise to notice that somebody with access to the disk put back
// both an old file and its old sidecar: a clock that cannot be set back, and the
// lists' own expiry, are what bounds that.
//
// A folder belongs to one process that writes. Others open it with [ReadOnly].
//
// The folder's layout, names being SHA-256 in hexadecimal:
//
//	trust.jwt
//	deny.jwt
//	documents/<of the bytes>.did     a document that the trust list pins
//	documents/<of the DID>.did       any other document; a did:webvh's log, with the witness proofs on its last line
//	contexts/<of the bytes>.jsonld
//	status/<of the URI>.jwt          whatever form its signer gave it
//
// Those not named by their own bytes have a sidecar of the same name and .json for
// what is not signed (URI, ETag, when it was fetched) and how new the file was. A sidecar is not trusted: at
// worst it makes a list be fetched once more, or an older one be refused. They are
// read in this order, since each says what makes the next count.
//
// cache imports verify for the snapshot, and is imported by sync, commands and
// the agent; verify never imports it.
package cache
