// Package examples is where whole programs that use the SDK belong, each in a
// folder of its own. Snippets of a few lines stand in the documentation of the
// packages they show, as Example functions, and are run by the tests.
//
// Nothing here ships and nobody may import it.
package examples
