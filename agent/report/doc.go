// Package report gives a decision the shape in which the head office receives
// it, and takes it there over MQTT.
//
// # What travels
//
// Under dzong/v1/<site>/<kiosk>/, both identifiers [a-z0-9-]{1,32}:
//
//	event    kiosk → collector   one decision ([Event], event.schema.json)
//	receipt  collector → kiosk   {"epoch","up_to_seq","head_hash","sig"}: held durably up to here
//	link     retained, last will "online" or "offline"
//	state    retained            where the kiosk and its outbox stand ([State])
//	health   kiosk → whoever     what is wrong now, and the counters ([Health])
//	cmd      whoever → kiosk     {"id","cmd"}: ping, sync-now
//	reply    kiosk → whoever     {"id","cmd","ok","error"}
//
// # What is promised
//
//   - No field of an event can carry a claim, a holder or a token's identifier:
//     each is a number, a time, one of a closed set of words, or derived from the
//     record's place in the chain. [ParseEvent] refuses everything else.
//   - A record leaves the outbox only for the collector's signed receipt. MQTT's
//     own acknowledgement proves that a broker had it for a moment.
//   - At most Options.Window records are on their way without a receipt, so that
//     an absent collector costs a bounded number of bytes, however long the line
//     is up: what waits behind the window is not sent, and the window is sent
//     again at growing intervals.
//   - No command can change a decision, or knowledge: sync-now only asks the
//     kiosk to fetch now what it fetches anyway.
//   - Nothing a broker sends can exhaust memory or end the process; see wire.go.
//
// # What is not
//
// Whoever can publish under a kiosk's topics can write events in its name, and
// so make its true events a fork that the collector refuses and reports. The
// broker's access list must keep every kiosk to its own topics, and receipt and
// cmd to the head office.
//
// This package is the only importer of paho. It is imported by agent/kiosk,
// agent/report/collector and tests.
package report
