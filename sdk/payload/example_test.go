package payload_test

import (
	"errors"
	"fmt"

	"github.com/dzong-id/dzong/sdk/payload"
	"github.com/dzong-id/dzong/sdk/reason"
)

// A scanned text is either bytes to verify or an answer for the person.
func ExampleParse() {
	texts := []string{
		"eyJhbGciOiJFUzI1NiJ9.e30.c2ln~",
		payload.PixelPass([]byte("eyJhbGciOiJFUzI1NiJ9.e30.c2ln~")),
		"bhutanndi://data?url=https%3A%2F%2Fwallet.example",
		"shc:/5676290952432060346029243740",
	}
	for _, text := range texts {
		p, err := payload.Parse([]byte(text))
		var refused *reason.Error
		if errors.As(err, &refused) {
			fmt.Println(p.Kind, refused.Code)
			continue
		}
		fmt.Println(p.Kind, "to verify:", len(p.Presentation), "bytes")
	}
	// Output:
	// sd_jwt to verify: 30 bytes
	// sd_jwt to verify: 30 bytes
	// request is_a_request
	// smart_health_card to verify: 33 bytes
}
