package bbstest

// Contexts are small ones of this package's own, shaped like the published, by URL.
type Contexts map[string]string

// Context implements credential.Contexts.
func (c Contexts) Context(url string) []byte {
	if text, ok := c[url]; ok {
		return []byte(text)
	}
	return nil
}

// URLs of [CardContexts].
const (
	BaseContext = "https://www.w3.org/ns/credentials/v2"
	CardContext = "https://registry.example/contexts/card"
)

// CardContexts define a credential of type Card.
func CardContexts() Contexts {
	const cred, terms = "https://www.w3.org/2018/credentials#", "https://registry.example/terms#"
	stamp := func(name string) string {
		return `"` + name + `": {"@id": "` + cred + name + `", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"}`
	}
	proof := `{"@context": {"created": {"@id": "http://purl.org/dc/terms/created", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"},
		"cryptosuite": {"@id": "https://w3id.org/security#cryptosuite", "@type": "https://w3id.org/security#cryptosuiteString"},
		"proofPurpose": {"@id": "https://w3id.org/security#proofPurpose", "@type": "@vocab", "@context": {"assertionMethod": "https://w3id.org/security#assertionMethod"}},
		"verificationMethod": {"@id": "https://w3id.org/security#verificationMethod", "@type": "@id"}}, "@id": "https://w3id.org/security#DataIntegrityProof"}`
	return Contexts{
		BaseContext: `{"@context": {"@version": 1.1, "@protected": true, "id": "@id", "type": "@type",
			"VerifiableCredential": "` + cred + `VerifiableCredential", "VerifiablePresentation": "` + cred + `VerifiablePresentation",
			"issuer": {"@id": "` + cred + `issuer", "@type": "@id"}, "holder": {"@id": "` + cred + `holder", "@type": "@id"},
			"credentialSubject": {"@id": "` + cred + `credentialSubject", "@type": "@id"},
			"verifiableCredential": {"@id": "` + cred + `verifiableCredential", "@type": "@id", "@container": "@graph"},
			"DataIntegrityProof": ` + proof + `, ` + stamp("validFrom") + `, ` + stamp("validUntil") + `}}`,
		CardContext: `{"@context": {"Card": "` + terms + `Card", "full name": "` + terms + `fullName", "village": "` + terms + `village",
			"birth date": "` + terms + `birthDate", "address": {"@id": "` + terms + `address", "@type": "@id"}, "street": "` + terms + `street",
			"house": "` + terms + `house"}}`,
	}
}
