// Package scan finds QR codes in camera frames and gives their exact bytes.
//
// It is the only importer of gozxing, and uses it for what it does well: making
// the picture black and white, finding the three corner patterns, sampling the
// grid, correcting errors. What the corrected bits say is read here, segment by
// segment: the library's own text is guessed from a character set and changes
// binary payloads, and its byte segments leave out what a code with mixed modes
// holds in digits or capitals.
//
// It promises that a frame cannot make it panic, that what stays in view is
// reported once, and that payloads come byte for byte. It does not say what a
// payload is (sdk/payload does), reads one code per frame, and does not assemble
// codes that come in parts.
//
// The agent's kiosk imports it, and whatever shows a code (Encode).
package scan
