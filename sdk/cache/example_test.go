package cache_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

// What arrives is verified, kept on disk, and verified again when it is read.
func ExampleOpen() {
	world := verifytest.NewWorld()
	registry := world.AddIssuer("https://registry.example", "https://registry.example/id")
	dir, err := os.MkdirTemp("", "knowledge")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)

	know, err := cache.Open(dir, world.Root(), cache.Now(world.Now))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(know.Missing()[0].Sentence)

	ctx := context.Background()
	if err := know.PutTrust(ctx, world.TrustJWS()); err != nil {
		fmt.Println(err)
	}
	fmt.Println(know.Missing()[0].Code)
	if err := know.PutStatus(ctx, registry.StatusURI(), registry.StatusToken()); err != nil {
		fmt.Println(err)
	}
	fmt.Println(len(know.Missing()), "missing, as of", know.NewestSigned().Format(time.RFC3339))
	// Output:
	// There is no trust list yet; fetch or import one.
	// status_unavailable
	// 0 missing, as of 2026-11-02T09:00:00Z
}
