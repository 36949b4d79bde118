package verifytest

import (
	"bytes"
	"compress/flate"
	"fmt"

	"github.com/dzong-id/dzong/sdk/shc"
	"github.com/dzong-id/dzong/sdk/status"
)

// healthCard is a SMART Health Card of a virtual issuer before it is signed. A card
// names no holder, so no wallet takes part.
func (i *Issuer) healthCard() (header, payload map[string]any) {
	return map[string]any{"zip": "DEF", "kid": "1"}, map[string]any{
		"iss": i.id,
		"nbf": i.world.now.Unix(),
		"vc": map[string]any{
			"type": []any{shc.CardType, immunization},
			"rid":  cardIdentifier,
			"credentialSubject": map[string]any{
				"fhirVersion": "4.0.1",
				"fhirBundle": map[string]any{
					"resourceType": "Bundle", "type": "collection",
					"entry": []any{map[string]any{
						"fullUrl":  "resource:0",
						"resource": map[string]any{"resourceType": "Patient", "name": []any{map[string]any{"family": "Example", "given": []any{"Pema"}}}, "birthDate": "1990-01-01"},
					}},
				},
			},
		},
	}
}

const (
	immunization   = "https://smarthealth.cards#immunization"
	cardIdentifier = "AQPCj4wwk6Mt"
)

// cardListURI is where the issuer publishes which cards of its key are revoked.
func (i *Issuer) cardListURI() string { return i.id + "/.well-known/crl/1.json" }

// cardList is that list as the issuer signs it now, with the identifiers that it
// revokes.
func (i *Issuer) cardList(revoked ...string) []byte {
	return i.key.sign(map[string]any{"typ": status.HealthCardType, "kid": "1"}, mustJSON(map[string]any{
		"sub": i.cardListURI(), "iat": i.world.now.Unix(), "ttl": 86400,
		"crl": map[string]any{"kid": "1", "method": "rid", "ctr": 1, "rids": append([]string{}, revoked...)},
	}))
}

// deflated is data in raw DEFLATE (RFC 1951), as health cards have it.
func deflated(data []byte) []byte {
	var out bytes.Buffer
	z, err := flate.NewWriter(&out, flate.BestCompression)
	if err == nil {
		_, err = z.Write(data)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		panic(fmt.Sprintf("verifytest: compress: %v", err))
	}
	return out.Bytes()
}
