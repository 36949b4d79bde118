// Package agent is the map of the kiosk: from the light that falls into a camera to
// a decision on a screen, on disk, and at the head office. It holds no code.
//
// # Where to find what
//
//	scan          frames to texts; the only importer of the QR reader
//	clock         how far the time can be trusted; the floor below which it never goes
//	decision      the SDK's result as staff see it and as it is reported; the zero value refuses
//	outbox        the bounded, hash-chained queue on disk that survives a power cut
//	report        the event and its schema, and the MQTT client; the only importer of it
//	report/collector  the head office's side: checks the chain, signs receipts
//	health        what is wrong now: code, severity, since when
//	web           the screen, on loopback, with embedded assets
//	config        one JSON file, strict, with its schema
//	secret        passwords and private keys: files that not everybody may read
//	kiosk         the state machine, and the only place that knows all the others
//	demo          the main job without hardware, broker or network: a recorded camera
//	cmd/dzong-kiosk  run, demo, scan, doctor
//
// # Path of a frame
//
// drivers/camera gives a frame (luma plane, sequence, monotonic time; returned to
// its pool after use). scan finds codes in it and tells what stays in view once.
// sdk/payload says what the text is. sdk/verify decides, with one snapshot and one
// time. The replay mark and the outbox record are one synced transaction. Then, and
// not before, the screen changes. When there is a line, report drains the outbox.
//
// # What holds everywhere
//
// A decision is on disk before it is on the screen. One that was recorded and never
// shown, because the power went, is shown when it returns.
//
// A record is forgotten only when the head office's collector has signed for it. A
// broker's acknowledgement stops retransmission and frees nothing. A full outbox
// means that no decision is made, in a clear sentence; nothing is dropped silently.
//
// No claim value, holder identifier, token identifier, status index or unkeyed
// digest of one of them enters an event, a log or a file. A test plants marked
// claims and searches everything that was written.
//
// What is no presentation at all (a request, a torn code) is counted, within a rate,
// and makes no record, so that junk codes cannot fill the disk.
//
// Each stage owns its goroutine and hands on through a bounded channel. A stage's
// fault becomes a condition in health, never the end of the whole.
//
// agent imports sdk and drivers; neither imports agent. The layering test in folder
// cross states each rule with its reason.
package agent
