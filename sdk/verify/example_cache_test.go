package verify_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/sdjwt"
	"github.com/dzong-id/dzong/sdk/verify"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

// What a bank does once, and what it does for every customer. Both functions
// stand in README.md word for word; a test in folder cross compares them.

func openVerifier(dir string, trustAuthority credential.Key, used verify.ReplayStore) (*verify.Verifier, error) {
	// once: knowledge on disk, kept current by dzong sync or package sync
	knowledge, err := cache.Open(dir, trustAuthority)
	if err != nil {
		return nil, err
	}
	return verify.New(knowledge, verify.Formats(sdjwt.Mechanism()), verify.Replay(used))
}

func checkCustomer(ctx context.Context, v *verify.Verifier, policy *verify.Policy, presented []byte, nonce string, at time.Time) error {
	// per customer: nonce is the fresh challenge that the wallet was shown
	result, err := v.Verify(ctx, verify.Input{
		Presented: verify.One(presented),
		Policy:    policy,
		Binding:   credential.Bound(nonce, "https://bank.example"),
		At:        at, // time.Now()
	})
	if err != nil {
		return err // misuse or cancellation; nothing that was presented leads here
	}
	fmt.Println(result.Outcome(), result.Reasons()) // log these, never the claims
	for _, c := range result.Credentials() {        // empty unless accepted
		name, _ := c.Claims().String("full_name")
		fmt.Println(name, "says", c.Issuer)
	}
	return nil
}

func Example_cache() {
	world := verifytest.NewWorld()
	registry := world.AddIssuer("https://registry.example", "https://registry.example/citizen")
	wallet := world.AddWallet()
	held := registry.Issue(wallet, map[string]any{"full_name": "Pema Example"})
	dir, root := synchronised(world, registry)
	defer os.RemoveAll(dir)

	verifier, err := openVerifier(dir, root, verify.NewMemoryReplay())
	if err != nil {
		fmt.Println(err)
		return
	}
	policy, err := verify.ParsePolicy([]byte(`{"credentials": [{
		"id": "citizen", "types": ["https://registry.example/citizen"], "required_claims": [["full_name"]]
	}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	presented := wallet.Present(held, verifytest.To("https://bank.example"), verifytest.Nonce("n-0S6_WzA2Mj"))
	for range 2 {
		if err := checkCustomer(context.Background(), verifier, policy, presented, "n-0S6_WzA2Mj", world.Now()); err != nil {
			fmt.Println(err)
		}
	}

	// Output:
	// accepted []
	// Pema Example says https://registry.example
	// rejected [replayed]
}

// synchronised fills a folder as package sync would have, and gives the key that
// is pinned in the bank's configuration.
func synchronised(world *verifytest.World, registry *verifytest.Issuer) (dir string, root credential.Key) {
	dir, err := os.MkdirTemp("", "dzong-example")
	if err != nil {
		panic(err)
	}
	knowledge, err := cache.Open(dir, world.Root())
	if err != nil {
		panic(err)
	}
	if err := knowledge.PutTrust(context.Background(), world.TrustJWS()); err != nil {
		panic(err)
	}
	if err := knowledge.PutStatus(context.Background(), registry.StatusURI(), registry.StatusToken()); err != nil {
		panic(err)
	}
	return dir, world.Root()
}
