// Package cache keeps the last verified knowledge on disk: the trust list and
// the status lists, as their signers signed them.
//
// It promises:
//   - Nothing on disk is believed. Every file is verified again when it is read,
//     with the same rules as when it arrived; a file that does not verify is put
//     aside (renamed to *.refused), reported by [Cache.Missing], and not used.
//   - It never goes back. A trust list with a lower number, or with the same
//     number and other bytes, and a status list issued before the one at hand,
//     are refused, also after a restart.
//   - A write is whole or did not happen: temporary file, sync, rename, sync of
//     the directory. A full disk or a power cut leaves the old knowledge.
//   - Knowledge is handed out as one immutable snapshot that is swapped
//     atomically; a decision never sees half an update.
//   - A status list counts only for signers the trust list accepts. When a new
//     trust list arrives, every list is verified again under it.
//
// It does not promise to notice that somebody with access to the disk put back
// both an old file and its old sidecar: a clock that cannot be set back, and the
// lists' own expiry, are what bounds that.
//
// A folder belongs to one process that writes. Others open it with [ReadOnly].
//
// The folder's layout: trust.jwt and status/<SHA-256 of the URI>.jwt, each with a
// sidecar of the same name and .json for what is not signed (URI, ETag, when it
// was fetched). A sidecar is not trusted: at worst it makes a list be fetched
// once more, or an older one be refused.
//
// cache imports verify for the snapshot, and is imported by sync, commands and
// the agent; verify never imports it.
package cache
