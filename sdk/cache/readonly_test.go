package cache_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

// files is the content of every file below dir, by name.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		out[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestReadOnlyChangesNothingOnDisk(t *testing.T) {
	world, stranger := verifytest.NewWorld(), verifytest.NewWorldNamed("stranger", verifytest.Epoch)
	registry := world.AddIssuer("https://registry.example", "citizen")
	dir := t.TempDir()
	now := cache.Now(func() time.Time { return world.Now() })
	filled, err := cache.Open(dir, world.Root(), now)
	if err != nil {
		t.Fatal(err)
	}
	if err := filled.PutTrust(t.Context(), world.TrustJWS()); err != nil {
		t.Fatal(err)
	}
	if err := filled.PutStatus(t.Context(), registry.StatusURI(), registry.StatusToken()); err != nil {
		t.Fatal(err)
	}
	before := files(t, dir)

	same, err := cache.Open(dir, world.Root(), now, cache.ReadOnly())
	if err != nil {
		t.Fatal(err)
	}
	if m := same.Missing(); len(m) > 0 {
		t.Errorf("missing %v, want nothing", m)
	}
	world.Advance(time.Hour)
	if err := same.PutTrust(t.Context(), world.TrustJWS()); !errors.Is(err, cache.ErrReadOnly) {
		t.Errorf("PutTrust: %v, want ErrReadOnly", err)
	}
	if err := same.PutStatus(t.Context(), registry.StatusURI(), registry.StatusToken()); !errors.Is(err, cache.ErrReadOnly) {
		t.Errorf("PutStatus: %v, want ErrReadOnly", err)
	}
	other, err := cache.Open(dir, stranger.Root(), now, cache.ReadOnly())
	if err != nil {
		t.Fatal(err)
	}
	if other.Snapshot().Trust != nil {
		t.Error("a trust list that somebody else signed is used")
	}
	if diff := cmp.Diff(before, files(t, dir)); diff != "" {
		t.Errorf("the folder changed (-before +after):\n%s", diff)
	}
	if _, err := cache.Open(filepath.Join(dir, "none"), world.Root(), cache.ReadOnly()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that does not exist: %v, want fs.ErrNotExist", err)
	}
}
