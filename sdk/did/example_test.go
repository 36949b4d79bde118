package did_test

import (
	"errors"
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
			{"id": "#b", "type": "Multikey", "controller": "did:web:registry.example", "publicKeyMultibase": "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"},
			{"id": "#c", "type": "X25519KeyAgreementKey2020", "controller": "did:web:registry.example", "publicKeyMultibase": "z6LSeu9HkTHSfLLeUs2nnzUSNedgDUevfNQgQjQC23ZCit6F"}
		],
		"assertionMethod": ["#a", "#b", "#c"]
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
	// did:web:registry.example#b
	// not usable: [did:web:registry.example#c]
}

// A DID that is a key needs nothing; one that is a name needs its document.
func ExampleResolve() {
	for _, id := range []string{"did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", "did:web:registry.example"} {
		document, err := did.Resolve(id, nil)
		var missing *did.MissingError
		if errors.As(err, &missing) {
			address, _ := did.WebURL(missing.DID)
			fmt.Println("fetch", address)
			continue
		}
		fmt.Println(document.Keys(credential.Authentication)[0].ID())
	}
	// Output:
	// did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK#z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK
	// fetch https://registry.example/.well-known/did.json
}
