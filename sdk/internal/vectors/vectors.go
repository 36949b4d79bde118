// Package vectors finds third-party test material, for tests. It lies beside the
// repository and is no part of it: in the folder that $DZONG_VECTORS names, or
// else in ../shared/vectors from the repository's root.
//
// A family is a folder of that material, by its path below it, as small as it can
// be named: "rdf-canon", "status/token-status-list". A test that asks for one is
// counted under it by make conformance, which runs the tests called
// TestConformance…; a family that is there and that no such test asks for must
// stand in cross/uncovered-families.txt with the reason.
package vectors

import (
	"os"
	"path/filepath"
	"testing"
)

// Marker begins the line that a test which asks for a family writes to its log.
const Marker = "vectors: family "

// Folder is the folder of a family. Where the material is absent, the test says
// so and stands aside.
func Folder(t testing.TB, family string) string {
	t.Helper()
	dir := Root()
	if dir != "" {
		dir = filepath.Join(dir, filepath.FromSlash(family))
		if _, err := os.Stat(dir); err != nil {
			dir = ""
		}
	}
	if dir == "" {
		t.Skipf("no %s in $DZONG_VECTORS: this material of others is no part of the repository", family)
	}
	t.Log(Marker + family)
	return dir
}

// Root is the folder of all families, empty if it is not there: for the seeds of
// fuzz targets, which do without.
func Root() string {
	dir := os.Getenv("DZONG_VECTORS")
	if dir == "" {
		// Tests run in their package's folder, somewhere below go.mod.
		top, err := os.Getwd()
		for err == nil {
			if _, absent := os.Stat(filepath.Join(top, "go.mod")); absent == nil {
				break
			}
			if top == filepath.Dir(top) {
				return ""
			}
			top = filepath.Dir(top)
		}
		dir = filepath.Join(top, "..", "shared", "vectors")
	}
	if _, err := os.Stat(dir); err != nil {
		return ""
	}
	return dir
}
