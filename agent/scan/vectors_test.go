package scan

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestPhotosOfOthers reads the zxing project's own photographs. They were taken
// with phones of long ago; how many must be read is what this package reads
// today, less a margin, so that a change for the worse is noticed. What is read
// must be right in every one.
func TestPhotosOfOthers(t *testing.T) {
	root := os.Getenv("DZONG_VECTORS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "vectors") // beside the project's root
	}
	dir := filepath.Join(root, "qr-images", "zxing", "core", "src", "test", "resources", "blackbox")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no third-party vectors in %s: set DZONG_VECTORS", dir)
	}
	for folder, least := range map[string]int{"qrcode-1": 19, "qrcode-2": 29, "qrcode-3": 38, "qrcode-4": 34, "qrcode-5": 14, "qrcode-6": 12} {
		images, _ := filepath.Glob(filepath.Join(dir, folder, "*.[pj][np]g"))
		if len(images) == 0 {
			t.Errorf("%s: no images", folder)
			continue
		}
		read := 0
		for _, path := range images {
			r := File(path)
			if r.Faulted() {
				t.Errorf("%s: %s", path, r.Error)
			}
			if !r.OK {
				continue
			}
			read++
			truth, err := os.ReadFile(strings.TrimSuffix(path, filepath.Ext(path)) + ".txt")
			if err != nil {
				continue
			}
			got, want := string(r.Payloads[0].Base64), string(truth)
			if !utf8.ValidString(got) {
				// The truth is given as text; these codes hold Shift JIS in byte mode, which
				// comes out as it is. The truth's ASCII must be there in its order; some
				// second bytes of characters look like ASCII beside it.
				if !inOrder(want, got) {
					t.Errorf("%s: the text's ASCII is not in what was read", path)
				}
				continue
			}
			if got != want {
				t.Errorf("%s: read %d bytes %.60q, want %d %.60q", path, len(got), got, len(want), want)
			}
		}
		t.Logf("%s: %d of %d", folder, read, len(images))
		if read < least {
			t.Errorf("%s: %d of %d read, want at least %d", folder, read, len(images), least)
		}
	}
}

// inOrder reports whether want's ASCII characters stand in got, in their order.
func inOrder(want, got string) bool {
	for _, r := range want {
		if r >= utf8.RuneSelf {
			continue
		}
		at := strings.IndexByte(got, byte(r))
		if at < 0 {
			return false
		}
		got = got[at+1:]
	}
	return true
}
