package trust_test

import (
	"fmt"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/trust"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

// In operation the list is signed by an authority whose key is pinned.
func ExampleOpen() {
	world := verifytest.NewWorld()
	world.AddIssuer("https://registry.example", "https://registry.example/id")

	list, err := trust.Open(world.TrustJWS(), world.Root())
	if err != nil {
		fmt.Println(err)
		return
	}
	issuer, ok := list.Issuer("https://registry.example")
	fmt.Println(ok, issuer.Permits([]string{"https://registry.example/id"}), issuer.Permits([]string{"driving licence"}))

	keys, checks := list.Keys(nil, world.Now()).Find(credential.Signer{ID: "https://elsewhere.example", Algorithm: credential.ES256})
	fmt.Println(len(keys), checks[0].Code)

	_, err = trust.Open(world.TrustJWS(), verifytest.NewWorldNamed("somebody else", world.Now()).Root())
	fmt.Println(err != nil)
	// Output:
	// true true false
	// 0 issuer_unknown
	// true
}
