package verifytest

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/internal/base58"
	"github.com/dzong-id/dzong/sdk/internal/jcs"
	"github.com/dzong-id/dzong/sdk/internal/jsonld"
	"github.com/dzong-id/dzong/sdk/internal/rdfc"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/limits"
)

// Cryptosuites that issuers and wallets of this world sign linked data with.
const (
	ECDSARDFC = "ecdsa-rdfc-2019"
	ECDSAJCS  = "ecdsa-jcs-2019"
)

// CitizenContext is the context of [Contexts] that the claims of a citizen are
// defined in.
const CitizenContext = "https://registry.example/contexts/citizen"

// Contexts are the JSON-LD contexts of this world, by URL: a small one in the place
// of VCDM 2.0's, whose terms it shares, and [CitizenContext]. It is a source of
// contexts too.
type Contexts map[string][]byte

// Context gives the bytes of one, nil if there is none.
func (c Contexts) Context(url string) []byte { return c[url] }

// LinkedDataContexts are those of every world.
func LinkedDataContexts() Contexts {
	return Contexts{
		baseContext[VCDM2]: []byte(baseV2),
		CitizenContext: []byte(`{"@context": {"CitizenCard": "https://registry.example/terms#CitizenCard",
			"full_name": "https://registry.example/terms#fullName", "birth_date": "https://registry.example/terms#birthDate",
			"village": "https://registry.example/terms#village", "height": "https://registry.example/terms#height",
			"link": {"@id": "https://registry.example/terms#link", "@type": "@id"}}}`),
	}
}

const baseV2 = `{"@context": {"@protected": true, "id": "@id", "type": "@type",
	"VerifiableCredential": "https://www.w3.org/2018/credentials#VerifiableCredential",
	"VerifiablePresentation": "https://www.w3.org/2018/credentials#VerifiablePresentation",
	"EnvelopedVerifiableCredential": "https://www.w3.org/2018/credentials#EnvelopedVerifiableCredential",
	"issuer": {"@id": "https://www.w3.org/2018/credentials#issuer", "@type": "@id"},
	"holder": {"@id": "https://www.w3.org/2018/credentials#holder", "@type": "@id"},
	"credentialSubject": {"@id": "https://www.w3.org/2018/credentials#credentialSubject", "@type": "@id"},
	"credentialStatus": {"@id": "https://www.w3.org/2018/credentials#credentialStatus", "@type": "@id"},
	"verifiableCredential": {"@id": "https://www.w3.org/2018/credentials#verifiableCredential", "@type": "@id", "@container": "@graph", "@context": null},
	"validFrom": {"@id": "https://www.w3.org/2018/credentials#validFrom", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"},
	"validUntil": {"@id": "https://www.w3.org/2018/credentials#validUntil", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"},
	"BitstringStatusListCredential": "https://www.w3.org/ns/credentials/status#BitstringStatusListCredential",
	"BitstringStatusList": {"@id": "https://www.w3.org/ns/credentials/status#BitstringStatusList", "@context": {"@protected": true,
		"encodedList": {"@id": "https://www.w3.org/ns/credentials/status#encodedList", "@type": "https://w3id.org/security#multibase"},
		"statusPurpose": "https://www.w3.org/ns/credentials/status#statusPurpose"}},
	"BitstringStatusListEntry": {"@id": "https://www.w3.org/ns/credentials/status#BitstringStatusListEntry", "@context": {"@protected": true,
		"statusListIndex": "https://www.w3.org/ns/credentials/status#statusListIndex",
		"statusPurpose": "https://www.w3.org/ns/credentials/status#statusPurpose",
		"statusListCredential": {"@id": "https://www.w3.org/ns/credentials/status#statusListCredential", "@type": "@id"}}},
	"proof": {"@id": "https://w3id.org/security#proof", "@type": "@id", "@container": "@graph"},
	"DataIntegrityProof": {"@id": "https://w3id.org/security#DataIntegrityProof", "@context": {"@protected": true, "id": "@id", "type": "@type",
		"created": {"@id": "http://purl.org/dc/terms/created", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"},
		"expires": {"@id": "https://w3id.org/security#expiration", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"},
		"cryptosuite": {"@id": "https://w3id.org/security#cryptosuite", "@type": "https://w3id.org/security#cryptosuiteString"},
		"challenge": "https://w3id.org/security#challenge", "domain": "https://w3id.org/security#domain",
		"previousProof": {"@id": "https://w3id.org/security#previousProof", "@type": "@id"},
		"proofPurpose": {"@id": "https://w3id.org/security#proofPurpose", "@type": "@vocab", "@context": {"@protected": true,
			"assertionMethod": {"@id": "https://w3id.org/security#assertionMethod", "@type": "@id"},
			"authentication": {"@id": "https://w3id.org/security#authenticationMethod", "@type": "@id"}}},
		"proofValue": {"@id": "https://w3id.org/security#proofValue", "@type": "https://w3id.org/security#multibase"},
		"verificationMethod": {"@id": "https://w3id.org/security#verificationMethod", "@type": "@id"}}}}}`

// method is what the issuer's key is called in a proof.
func (i *Issuer) method() string { return i.id + "#key-1" }

// bitstringURI is where the issuer publishes its status list of W3C's form.
func (i *Issuer) bitstringURI() string { return i.id + "/status/bitstring" }

// IssueLD signs a W3C credential of VCDM 2.0 about the wallet's holder, with an
// embedded proof, for one year. It is a CitizenCard under [CitizenContext]. Options
// change the document, and those of [Header] the proof.
func (i *Issuer) IssueLD(suite string, wallet *Wallet, claims map[string]any, opts ...IssueOption) map[string]any {
	return embed(i.key, i.document(wallet, claims), i.proof(suite), opts)
}

func (i *Issuer) document(wallet *Wallet, claims map[string]any) map[string]any {
	index := i.serial
	i.serial++
	subject := map[string]any{"id": wallet.DID()}
	maps.Copy(subject, claims)
	return map[string]any{
		"@context": []any{baseContext[VCDM2], CitizenContext}, "type": []any{"VerifiableCredential", "CitizenCard"},
		"issuer": i.id, "credentialSubject": subject,
		"validFrom": i.world.now.Format(time.RFC3339), "validUntil": i.world.now.AddDate(1, 0, 0).Format(time.RFC3339),
		"credentialStatus": map[string]any{
			"type": "BitstringStatusListEntry", "statusPurpose": "revocation",
			"statusListIndex": fmt.Sprint(index), "statusListCredential": i.bitstringURI(),
		},
	}
}

func (i *Issuer) proof(suite string) map[string]any {
	return map[string]any{
		"type": "DataIntegrityProof", "cryptosuite": suite, "created": i.world.now.Format(time.RFC3339),
		"verificationMethod": i.method(), "proofPurpose": "assertionMethod",
	}
}

// StatusCredential signs the status list of W3C's form as it stands now: a bit for
// each credential that is not valid.
func (i *Issuer) StatusCredential() []byte {
	bits := make([]byte, 131072/8)
	for n, v := range i.statuses {
		if v == 1 {
			bits[n/8] |= 0x80 >> (n % 8) // Bitstring Status List §2.2: index 0 is left-most
		}
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(bits); err != nil {
		panic(err)
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return mustJSON(embed(i.key, map[string]any{
		"@context": []any{baseContext[VCDM2]}, "id": i.bitstringURI(),
		"type":      []any{"VerifiableCredential", "BitstringStatusListCredential"},
		"issuer":    i.id,
		"validFrom": i.world.now.Format(time.RFC3339), "validUntil": i.world.now.Add(i.statusLife).Format(time.RFC3339),
		"credentialSubject": map[string]any{
			"id": i.bitstringURI() + "#list", "type": "BitstringStatusList", "statusPurpose": "revocation",
			"encodedList": "u" + base64.RawURLEncoding.EncodeToString(packed.Bytes()),
		},
	}, i.proof(ECDSARDFC), nil))
}

// PresentLD makes a presentation of credentials in answer to a challenge, with an
// embedded proof at the world's time.
func (w *Wallet) PresentLD(suite, audience, nonce string, credentials []any, opts ...IssueOption) map[string]any {
	return embed(w.key, map[string]any{
		"@context": []any{baseContext[VCDM2]}, "type": "VerifiablePresentation",
		"holder": w.DID(), "verifiableCredential": credentials,
	}, map[string]any{
		"type": "DataIntegrityProof", "cryptosuite": suite, "created": w.world.now.Format(time.RFC3339),
		"verificationMethod": w.DID() + "#0", "proofPurpose": "authentication",
		"challenge": nonce, "domain": audience,
	}, opts)
}

// embed changes a document and the options of its proof by opts, and signs both.
func embed(key keyPair, document, proof map[string]any, opts []IssueOption) map[string]any {
	for _, o := range opts {
		o(proof, document)
	}
	return addProof(key, document, proof)
}

// addProof adds a proof to those that document has: Data Integrity ECDSA
// Cryptosuites §3.2 and §3.3. Of a chain, the proofs before are signed too.
func addProof(key keyPair, document, proof map[string]any) map[string]any {
	document, proof = decoded(document), decoded(proof)
	existing, _ := document["proof"].([]any)
	if one, ok := document["proof"].(map[string]any); ok {
		existing = []any{one}
	}
	unsecured := maps.Clone(document)
	delete(unsecured, "proof")
	if previous, ok := proof["previousProof"]; ok {
		var before []any
		for _, e := range existing {
			if e.(map[string]any)["id"] == previous {
				before = append(before, e)
			}
		}
		unsecured["proof"] = before
	}
	options := maps.Clone(proof)
	options["@context"] = document["@context"]
	var a, b []byte
	if suite, _ := proof["cryptosuite"].(string); strings.Contains(suite, "-jcs-") {
		a, b = transformed(options), transformed(unsecured)
		proof["@context"] = document["@context"]
	} else {
		a, b = statements(options), statements(unsecured)
	}
	first, second := sha256.Sum256(a), sha256.Sum256(b)
	signature, err := key.private.Sign(append(first[:], second[:]...))
	if err != nil {
		panic(fmt.Sprintf("verifytest: sign: %v", err))
	}
	proof["proofValue"] = "z" + base58.Encode(signature)
	signed := maps.Clone(document)
	if existing == nil {
		signed["proof"] = proof
	} else {
		signed["proof"] = append(existing[:len(existing):len(existing)], proof)
	}
	return signed
}

// decoded is m as strict decoding gives it.
func decoded(m map[string]any) map[string]any {
	out, err := strictjson.DecodeObject(mustJSON(m))
	if err != nil {
		panic(fmt.Sprintf("verifytest: read own document: %v", err))
	}
	return out
}

func transformed(m map[string]any) []byte {
	out, err := jcs.Transform(m)
	if err != nil {
		panic(fmt.Sprintf("verifytest: canonicalise own document: %v", err))
	}
	return bytes.Clone(out)
}

// statements is the canonical RDF of a document, as far as it goes: what no context
// defines is left out, as a careless issuer would.
func statements(m map[string]any) []byte {
	var urls []string
	for _, c := range m["@context"].([]any) {
		urls = append(urls, c.(string))
	}
	result, err := jsonld.New().Process(m, urls, LinkedDataContexts())
	if err == nil {
		var out []byte
		if out, err = rdfc.Canonicalize(result.Quads, limits.CanonicalSteps); err == nil {
			return out
		}
	}
	panic(fmt.Sprintf("verifytest: make statements of own document: %v", err))
}
