// Package demo shows the kiosk's main job without hardware, broker or network: a
// recorded camera, a virtual issuer, wallet and status list, an embedded broker,
// and a collector that signs receipts. The stages between them are the ones that
// run at a counter.
//
// The recordings below recordings/ are made by the program in folder record:
// photographed phone screens, ten frames and more a scene. They hold
// presentations by issuers that exist in this package only; their keys are
// derived from names and worth nothing elsewhere.
//
// Package demo is imported by cmd/dzong-kiosk.
package demo
