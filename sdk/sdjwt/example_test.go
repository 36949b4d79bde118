package sdjwt_test

import (
	"errors"
	"fmt"

	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/sdjwt"
)

// A bank hands the mechanism to verify.New and does not call it itself. Called by
// itself it reads a presentation, and gives no claim away before it is proven.
func ExampleMechanism() {
	m := sdjwt.Mechanism()
	scanned := []byte("eyJhbGciOiJFUzI1NiJ9.eyJ2Y3QiOiJhIn0.AAAA~")
	fmt.Println("an SD-JWT:", m.Recognise(scanned))

	_, err := m.Parse(scanned)
	if refused := new(reason.Error); errors.As(err, &refused) {
		fmt.Println(refused.Code)
	}
	// Output:
	// an SD-JWT: true
	// malformed
}
