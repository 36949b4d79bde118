// Package cross holds what concerns the repository as a whole and belongs to no
// package: the layering test, which states each rule of who may import whom with
// its reason; the test of the tree itself (package comments, no cgo, no init,
// what the top level may hold); the version check and the test summary behind
// the Makefile; and, in tools, a nested module that pins the development tools.
//
// Nothing here ships and nobody may import it.
package cross
