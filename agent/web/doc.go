// Package web is the kiosk's own screen: a page that a browser on the same
// machine shows in full screen, and the stream of events that keeps it current.
//
// An outcome is told by colour and icon and shape at once (green circle with a
// check, amber triangle, red octagon, blue square for what is no credential), in
// words, in English and Dzongkha; the switch between them works at once, because
// every event carries both. What a view may say is closed: a [View] names codes,
// and the words come from the tables of reason, health and this package, so that
// no claim value can reach the screen.
//
// It promises:
//   - It listens on loopback only ([Listen]), answers only to a loopback name in
//     the Host header (a page elsewhere cannot reach it by rebinding its own
//     name), and takes the one thing that changes anything, clearing the screen,
//     only from its own page.
//   - [Screen.Show] never waits. The newest view wins; a browser that is slow or
//     gone holds nobody up. What it returns tells when the view was handed to a
//     browser's stream, or that a newer one took its place before that.
//   - A browser that loses the stream takes the outcome away within seconds: a
//     green screen that nobody stands behind must not stay. It comes back by
//     itself and is given the current view.
//
// It does not know what a credential is, keeps nothing on disk and fetches
// nothing; no font is bundled. For Dzongkha the machine needs one of Noto Serif
// Tibetan, DDC Uchen or Jomolhari (Debian: fonts-noto-core, fonts-ddc-uchen).
// The agent's kiosk imports it.
package web
