package shc_test

import (
	"context"
	"fmt"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/shc"
	"github.com/dzong-id/dzong/sdk/trust"
	"github.com/dzong-id/dzong/sdk/verify"
)

// A clinic's entry in the trust list names its cards' types, and its key set.
func ExampleMechanism() {
	list, err := trust.Parse([]byte(`{"format": 1, "number": 1,
		"issued": "2026-11-01T00:00:00Z", "expires": "2026-12-01T00:00:00Z",
		"issuers": [{
			"id": "https://cards.example/issuer",
			"types": ["https://smarthealth.cards#health-card", "https://smarthealth.cards#immunization"],
			"status": "optional"
		}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := verify.New(&verify.Snapshot{Trust: list}, verify.Formats(shc.Mechanism()), verify.Replay(verify.NewMemoryReplay()))
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := v.Verify(context.Background(), verify.Input{
		Presented: verify.One([]byte("shc:/5676290952432060346029243740446")),
		Binding:   credential.BearerUnsafe(), // a card is bound to nobody: compare the name
		At:        time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC),
	})
	fmt.Println(r.Outcome(), r.Reasons(), err)
	// Output: rejected [malformed] <nil>
}
