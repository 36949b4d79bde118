package scan

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/dzong-id/dzong/sdk/mdoc"
)

// TestMultipazEngagement reads the ISO 18013-5 engagement that multipaz shows in its
// tests: as an image and in a photograph.
func TestMultipazEngagement(t *testing.T) {
	root := os.Getenv("DZONG_VECTORS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "vectors") // beside the project's root
	}
	dir := filepath.Join(root, "mdoc", "multipaz", "multipaz-vision", "src", "androidInstrumentedTest", "composeResources", "files")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no mdoc/multipaz in $DZONG_VECTORS: this material of others is no part of the repository")
	}
	for _, name := range []string{"iso-18013-5-qr-code.png", "iso-18013-5-photo-of-qr-code.jpg"} {
		r := File(filepath.Join(dir, name))
		if !r.OK {
			t.Errorf("%s: %s", name, r.Error)
			continue
		}
		e, err := mdoc.ParseEngagementURI(r.Payloads[0].Base64)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if e.Version[0] != '1' || len(e.Retrieval) == 0 || e.Retrieval[0].BLE == nil {
			t.Errorf("%s: the engagement is %+v", name, e)
		}
	}
	if r := File(filepath.Join(dir, "no-bar-code.jpg")); r.OK {
		t.Errorf("an image without a code was read as %q", r.Payloads[0].Base64)
	}
}
