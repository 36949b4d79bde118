// Package outbox is the kiosk's memory of what it decided: a bounded queue of
// records on disk, chained by hash, with the replay marks that belong to them.
//
// It promises:
//   - A replay mark and the record of the decision are one transaction, and
//     [Tx.Commit] returns only when both are on the disk (SQLite, write-ahead
//     log, synchronous FULL). What was acknowledged survives a power cut.
//   - A record is forgotten only for a [Receipt] that the head office's collector
//     signed over this kiosk, this epoch and this chain. A broker's
//     acknowledgement frees nothing; see [Outbox.MarkSent].
//   - When there is no room, [Outbox.Begin] answers [ErrFull] before anything is
//     decided. Nothing is overwritten and nothing is dropped.
//   - A lost or damaged database cannot pass for a new one: every database has a
//     random epoch, each record its place in it and the hash of its predecessor.
//     A damaged database is put aside, kept, and reported by [Outbox.State].
//
// It does not promise that records are true: whoever controls the machine can
// write a chain of his own. The chain shows loss, damage and later change to
// somebody who has seen an earlier head; the collector has.
//
// Records are bytes to this package. It is imported by agent/report, which gives
// them their shape and sends them, and by agent/kiosk, which writes them. It is
// the only importer of SQLite.
package outbox
