// Package kiosk is the state machine that takes what the scanner read to what
// staff see: idle → scanning → deciding → showing → idle. It is the only place
// that knows all the agent's stages.
//
// It promises:
//   - The replay mark and the record of a decision are one synced transaction,
//     committed before any display changes.
//   - Within one customer's turn the same presentation shows the stored outcome
//     again and makes no new record. A turn ends by time, by staff, or with the
//     power; after it the same presentation is replayed.
//   - A decision that was recorded and never shown is shown on return.
//   - What is no presentation is counted and explained, and makes no record.
//   - When nothing can be recorded nothing is decided, and the screen says so.
//   - No claim, holder or raw payload leaves the memory of one decision.
//
// Each stage owns its goroutine and hands on through a bounded channel. A stage
// that fails raises a health condition and is started again; it never ends the
// whole.
package kiosk
