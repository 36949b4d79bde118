// Package reporttest gives tests and the demo a broker: [Embedded] inside the
// process, or a real [Mosquitto], with the same methods, and a [Proxy] to cut the
// line between a client and its broker.
//
// The brokers listen on the loopback address only and let everybody in: they are
// for tests and the demo, and for nothing else. This package is the only importer
// of the embedded broker.
package reporttest
