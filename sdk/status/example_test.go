package status_test

import (
	"fmt"
	"time"

	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

// A list is opened with the keys a trust list gives, and asked for one entry.
func ExampleToken() {
	world := verifytest.NewWorld()
	registry := world.AddIssuer("https://registry.example", "https://registry.example/id")
	keys := world.Snapshot().Trust.Keys(nil, world.Now())

	list, err := status.Token().Open(registry.StatusURI(), registry.StatusToken(), keys, world.Now())
	if err != nil {
		fmt.Println(err)
		return
	}
	value, err := list.Lookup(0)
	fmt.Println(value, err, list.Signers)
	fmt.Println("fresh for a week:", list.Fresh(world.Now().Add(7*24*time.Hour), 0))

	_, err = list.Lookup(1 << 40)
	fmt.Println(err)
	// Output:
	// valid <nil> [https://registry.example]
	// fresh for a week: false
	// status index is outside the list
}
