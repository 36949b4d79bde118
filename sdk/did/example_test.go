package did_test

import (
	"fmt"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/did"
)

func ExampleParseDocument() {
	document, err := did.ParseDocument([]byte(`{
		"id": "did:web:registry.example",
		"verificationMethod": [
			{"id": "#a", "type": "JsonWebKey", "controller": "did:web:registry.example", "publicKeyJwk":
				{"kty": "EC", "crv": "P-256", "x": "I3HWm_0Ds1dPMI-IWmf4mBmH-YaeAVbPVu7vB27CxXo", "y": "6N_d5Elj9bs1htgV3okJKIdbHEpkgTmAluYKJemzn1M"}},
			{"id": "#b", "type": "Multikey", "controller": "did:web:registry.example", "publicKeyMultibase": "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"}
		],
		"assertionMethod": ["#a", "#b"]
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, k := range document.Keys(credential.AssertionMethod) {
		fmt.Println(k.ID())
	}
	fmt.Println("not usable:", document.Unsupported())
	// Output:
	// did:web:registry.example#a
	// not usable: [did:web:registry.example#b]
}
