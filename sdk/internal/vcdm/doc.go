// Package vcdm reads what a W3C credential or presentation says about itself
// (Verifiable Credentials Data Model 1.1 and 2.0), whatever secures it, and
// refuses what breaks the model's own rules: members of the wrong kind would be
// read as one thing here and as another elsewhere.
//
// It does no JSON-LD: whether a type or a term is defined by a context is not
// looked at, and a context that is no URL is reported as inline. It knows no
// signature and makes no decision. Only packages inside sdk may import it.
package vcdm
