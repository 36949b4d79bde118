//go:build unix

package sync_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/sync"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

// Whoever made the stick chose what lies on it: a pipe never ends, and a link leads
// where it likes.
func TestWitnessProofsAreAFileOrNone(t *testing.T) {
	log := verifytest.NewDIDLog("folder", "issuer.example", start.AddDate(0, -1, 0)).Log()
	for name, put := range map[string]func(at string) error{
		"a pipe":   func(at string) error { return syscall.Mkfifo(at, 0o600) },
		"a link":   func(at string) error { return os.Symlink("did.jsonl", at) },
		"a folder": func(at string) error { return os.Mkdir(at, 0o700) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, map[string][]byte{"did.jsonl": log})
			must(t, put(filepath.Join(dir, "did-witness.json")))
			done := make(chan sync.Report, 1)
			go func() {
				r, err := sync.ImportFolder(ctx, emptyCache(t), dir)
				if err != nil {
					t.Error(err)
				}
				done <- r
			}()
			select {
			case r := <-done:
				if len(r.Resources) != 1 || !strings.Contains(r.Resources[0].Why, "it is no file") {
					t.Errorf("%+v", r)
				}
			case <-time.After(10 * time.Second):
				t.Error("the import hangs")
			}
		})
	}
}
