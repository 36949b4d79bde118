package verify_test

import (
	"context"
	"fmt"
	"log"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/sdjwt"
	"github.com/dzong-id/dzong/sdk/verify"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

// A bank's counter verifies what a wallet answered to its challenge. In
// operation the knowledge is a cache.Cache that sync keeps up to date, and the
// presentation comes from the wallet; here both come from a virtual world.
func Example() {
	world := verifytest.NewWorld()
	registry := world.AddIssuer("https://registry.example", "https://registry.example/citizen")
	wallet := world.AddWallet()
	held := registry.Issue(wallet, map[string]any{"full_name": "Pema Example", "village": "Example"})
	presented := wallet.Present(held, verifytest.To("https://bank.example"), verifytest.Nonce("n-1"), verifytest.Disclose("full_name"))

	v, err := verify.New(world, verify.Formats(sdjwt.Mechanism()), verify.Replay(verify.NewMemoryReplay()))
	if err != nil {
		log.Fatal(err)
	}
	policy, err := verify.ParsePolicy([]byte(`{"id": "counter", "version": 1, "credentials": [
		{"id": "citizen", "types": ["https://registry.example/citizen"], "required_claims": [["full_name"]]}]}`))
	if err != nil {
		log.Fatal(err)
	}
	result, err := v.Verify(context.Background(), verify.Input{
		Presented: verify.One(presented),
		Policy:    policy,
		Binding:   credential.Bound("n-1", "https://bank.example"),
		At:        world.Now(), // time.Now() in operation
	})
	if err != nil {
		log.Fatal(err) // misuse or cancellation; never because of what was presented
	}
	fmt.Println(result.Outcome(), result.Reasons())
	for _, c := range result.Credentials() { // empty unless accepted
		name, _ := c.Claims().String("full_name")
		fmt.Println(c.Issuer, name)
	}
	// Output:
	// accepted []
	// https://registry.example Pema Example
}

// What was refused says why, in codes that never change, and gives no claim.
func ExampleVerifier_Verify_rejected() {
	world := verifytest.NewWorld()
	registry := world.AddIssuer("https://registry.example", "https://registry.example/citizen")
	wallet := world.AddWallet()
	held := registry.Issue(wallet, map[string]any{"full_name": "Pema Example"})
	registry.Revoke(held)
	presented := wallet.Present(held, verifytest.To("https://bank.example"), verifytest.Nonce("n-1"))

	v, err := verify.New(world, verify.Formats(sdjwt.Mechanism()), verify.Replay(verify.NewMemoryReplay()))
	if err != nil {
		log.Fatal(err)
	}
	result, err := v.Verify(context.Background(), verify.Input{
		Presented: verify.One(presented),
		Binding:   credential.Bound("n-1", "https://bank.example"),
		At:        world.Now(),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Outcome(), result.Reasons(), len(result.Credentials()))
	// Output:
	// rejected [revoked] 0
}
