// Package collector is the head office's end of reporting: it checks what kiosks
// send, keeps it durably, and signs for it.
//
// It promises:
//   - A receipt is signed only for events that the [Store] holds durably, that
//     have their one valid form, and that continue the kiosk's chain without a
//     gap. A kiosk forgets its records on this word alone.
//   - The same events, sent again, are kept once and get the same receipt.
//   - A gap (a number is missing) and a fork (another event under a number that
//     is taken, or one that is chained to another predecessor) are reported as a
//     [Finding], and are never signed for.
//   - A kiosk that begins a new epoch is reported too: its disk was lost,
//     exchanged or set back.
//
// It does not know whether an event came from the kiosk it names: the broker's
// access list must see to that. It does not mend gaps: if the store was set back
// to an older copy, the kiosk's later events stay a gap until a person restores
// the newer one.
//
// It may be imported by tests, the demo, and whoever runs a head office.
package collector
