package sync_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/sync"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

// A service fetches in the background for as long as it runs.
func ExampleLoop() {
	var know *cache.Cache // of cache.Open
	ctx := context.Background()

	start := func() error {
		fetcher, err := sync.New(know, sync.TrustURL("https://trust.example/trust.jwt"), sync.Hosts("trust.example", "status.example"))
		if err != nil {
			return err
		}
		go sync.NewLoop(fetcher).Run(ctx) // ends with ctx
		return nil
	}
	_ = start
}

// Where there is no line, the same files come on a USB stick.
func ExampleImportFolder() {
	world := verifytest.NewWorld()
	registry := world.AddIssuer("https://registry.example", "https://registry.example/id")
	stick, _ := os.MkdirTemp("", "stick")
	dir, _ := os.MkdirTemp("", "knowledge")
	defer os.RemoveAll(stick)
	defer os.RemoveAll(dir)
	_ = os.WriteFile(filepath.Join(stick, "trust.jwt"), world.TrustJWS(), 0o600)
	_ = os.WriteFile(filepath.Join(stick, "citizens.jwt"), registry.StatusToken(), 0o600)

	know, err := cache.Open(dir, world.Root(), cache.Now(world.Now))
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := sync.ImportFolder(context.Background(), know, stick)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range report.Resources {
		fmt.Println(r.From, r.State)
	}
	// Output:
	// trust.jwt fetched
	// citizens.jwt fetched
}
