package credential_test

import (
	"fmt"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
)

func ExampleClaims() {
	// A bank gets Claims from verify.Result; here they are made by hand.
	c := credential.NewClaims(map[string]any{
		"full_name": "Pema",
		"address":   map[string]any{"dzongkhag": "Bumthang"},
	})
	if name, ok := c.String("full_name"); ok {
		fmt.Println(name)
	}
	if dzongkhag, ok := c.String("address", "dzongkhag"); ok {
		fmt.Println(dzongkhag)
	}
	_, ok := c.Int("age")
	fmt.Println("age was shared:", ok)
	fmt.Println(c) // never the values
	// Output:
	// Pema
	// Bumthang
	// age was shared: false
	// 2 claims
}

func ExampleParseJWK() {
	key, err := credential.ParseJWK([]byte(`{"kty":"OKP","crv":"Ed25519","kid":"2026",
		"x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(key.ID(), key.Algorithms().Has(credential.EdDSA), key.Algorithms().Has(credential.ES256))

	_, err = credential.ParseJWK([]byte(`{"kty":"oct","k":"c2VjcmV0"}`))
	fmt.Println(err)
	// Output:
	// 2026 true false
	// read JWK: it holds private or symmetric key material (k)
}

func ExampleBinding() {
	var forgotten credential.Binding
	fmt.Println(forgotten.Valid()) // asks for something nothing can satisfy
	fmt.Println(credential.Fresh("https://bank.example/kiosk/1", time.Minute).Valid())
	// Output:
	// false
	// true
}
