// Package health keeps what is wrong with the kiosk now, as data: a code, a
// severity, since when, and words for staff in English and Dzongkha.
//
// Any stage sets and clears conditions; the screen shows them, and report sends
// them to head office. A stage's fault becomes a condition here and never ends
// the whole. The codes are one closed table: they are never renamed, and a test
// fails if one lacks words. A condition holds no text from outside, so it can
// carry no claim value.
//
// It promises nothing about delivery: a subscriber learns that something changed
// and asks what holds now. The agent's packages import it; it imports only the
// SDK's reason, for the names of the languages.
package health
