// Package decision turns the SDK's result into what staff see and hear and what
// is reported: an outcome, the reason to tell first, the age of the knowledge,
// and a reference number for appeals. It carries no claim, no holder and no
// status index, because a [Decision] is what may be shown, stored and sent.
//
// The zero Decision refuses. Decisions are values, immutable by convention.
package decision
