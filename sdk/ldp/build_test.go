package ldp

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	k1ecdsa "github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base58"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/reason"
)

type object = map[string]any

const (
	issuerDID = "did:example:issuer"
	holderDID = "did:example:holder"
	issuerKey = issuerDID + "#key-1"
	holderKey = holderDID + "#key-1"
	kioskID   = "https://bank.example/kiosk"
	nonce     = "n-0S6_WzA2Mj"
)

var now = time.Date(2026, 11, 24, 5, 0, 0, 0, time.UTC)

// shelf is contexts at hand, by URL.
type shelf map[string]string

func (s shelf) Context(url string) []byte {
	if text, ok := s[url]; ok {
		return []byte(text)
	}
	return nil
}

// The base contexts of these tests are made up, small, and shaped like the real
// ones; the real ones are used with the vectors.
const (
	baseV1  = "https://www.w3.org/2018/credentials/v1"
	baseV2  = "https://www.w3.org/ns/credentials/v2"
	idCard  = "https://issuer.example/contexts/id-card"
	swapped = "https://issuer.example/contexts/other"
	ndi     = "https://schema.ngotag.example/schemas/foundational-id"
)

const proofTerms = `"proof": {"@id": "https://w3id.org/security#proof", "@type": "@id", "@container": "@graph"},
	"DataIntegrityProof": {"@id": "https://w3id.org/security#DataIntegrityProof", "@context": {
		"created": {"@id": "http://purl.org/dc/terms/created", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"},
		"cryptosuite": {"@id": "https://w3id.org/security#cryptosuite", "@type": "https://w3id.org/security#cryptosuiteString"},
		"previousProof": {"@id": "https://w3id.org/security#previousProof", "@type": "@id"},
		"challenge": "https://w3id.org/security#challenge", "domain": "https://w3id.org/security#domain",
		"proofPurpose": {"@id": "https://w3id.org/security#proofPurpose", "@type": "@vocab", "@context": {
			"assertionMethod": "https://w3id.org/security#assertionMethod", "authentication": "https://w3id.org/security#authenticationMethod"}},
		"proofValue": {"@id": "https://w3id.org/security#proofValue", "@type": "https://w3id.org/security#multibase"},
		"verificationMethod": {"@id": "https://w3id.org/security#verificationMethod", "@type": "@id"}}}`

func base(dates string) string {
	const cred = "https://www.w3.org/2018/credentials#"
	return `{"@context": {"@version": 1.1, "@protected": true, "id": "@id", "type": "@type",
	"VerifiableCredential": "` + cred + `VerifiableCredential", "VerifiablePresentation": "` + cred + `VerifiablePresentation",
	"issuer": {"@id": "` + cred + `issuer", "@type": "@id"}, "holder": {"@id": "` + cred + `holder", "@type": "@id"},
	"credentialSubject": {"@id": "` + cred + `credentialSubject", "@type": "@id"},
	"verifiableCredential": {"@id": "` + cred + `verifiableCredential", "@type": "@id", "@container": "@graph"},
	"EnvelopedVerifiableCredential": "` + cred + `EnvelopedVerifiableCredential",` + dates + `,` + proofTerms + `}}`
}

func contexts() shelf {
	stamp := func(name string) string {
		return `"` + name + `": {"@id": "https://www.w3.org/2018/credentials#` + name + `", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"}`
	}
	return shelf{
		baseV1: base(stamp("issuanceDate") + "," + stamp("expirationDate")),
		baseV2: base(stamp("validFrom") + "," + stamp("validUntil")),
		idCard: `{"@context": {"IDCard": "https://issuer.example/terms#IDCard", "Full Name": "https://issuer.example/terms#fullName",
			"height": "https://issuer.example/terms#height", "list": {"@id": "https://issuer.example/terms#list", "@container": "@list"},
			"by language": {"@id": "https://issuer.example/terms#byLanguage", "@container": "@language"},
			"by index": {"@id": "https://issuer.example/terms#byIndex", "@container": "@index"},
			"same name": "https://issuer.example/terms#fullName", "nothing": null,
			"link": {"@id": "https://issuer.example/terms#link", "@type": "@id"},
			"raw": {"@id": "https://issuer.example/terms#raw", "@type": "@json"}}}`,
		swapped: `{"@context": {"IDCard": "https://issuer.example/terms#IDCard", "Full Name": "https://issuer.example/terms#other"}}`,
		// FIELD: "The platform builds that file as plain JSON Schema with no @context
		// member".
		ndi: `{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties": {"Full Name": {"type": "string"}}}`,
	}
}

// key is a key of these tests that can sign.
type key struct {
	public credential.Key
	sign   func(data []byte) []byte
	alg    credential.Algorithm
}

func newKey(t testing.TB, a credential.Algorithm, id string) key {
	t.Helper()
	k := key{alg: a}
	var public any
	switch a {
	case credential.EdDSA:
		pub, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		public = pub
		k.sign = func(data []byte) []byte { return ed25519.Sign(private, data) }
	case credential.ES256, credential.ES384:
		curve, size := elliptic.P256(), 32
		if a == credential.ES384 {
			curve, size = elliptic.P384(), 48
		}
		private, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		public = &private.PublicKey
		k.sign = func(data []byte) []byte {
			h := sha256.Sum256(data)
			digest := h[:]
			if a == credential.ES384 {
				h := sha512.Sum384(data)
				digest = h[:]
			}
			r, s, err := ecdsa.Sign(rand.Reader, private, digest)
			if err != nil {
				t.Fatal(err)
			}
			out := make([]byte, 2*size)
			r.FillBytes(out[:size])
			s.FillBytes(out[size:])
			return out
		}
	case credential.ES256K:
		private, err := secp256k1.GeneratePrivateKey()
		if err != nil {
			t.Fatal(err)
		}
		public = private.PubKey()
		k.sign = func(data []byte) []byte {
			h := sha256.Sum256(data)
			return k1ecdsa.SignCompact(private, h[:], false)[1:]
		}
	}
	var err error
	if k.public, err = credential.NewKey(id, public); err != nil {
		t.Fatal(err)
	}
	controller, _, _ := strings.Cut(id, "#")
	k.public = k.public.WithController(controller)
	return k
}

// ring finds keys as a trust list does: by the signer's own identifier and the
// exact name of the key, each for one purpose.
type ring []credential.Key

func (r ring) Find(s credential.Signer) ([]credential.Key, []credential.Check) {
	for _, k := range r {
		if k.Controller() == s.ID && k.ID() == s.KeyID {
			return []credential.Key{k}, []credential.Check{credential.Pass(reason.CheckIssuer, s.ID), credential.Pass(reason.CheckKey, s.KeyID)}
		}
	}
	return nil, []credential.Check{credential.Fail(reason.CheckKey, reason.KeyUnknown, s.KeyID)}
}

func vc() object {
	return object{
		"@context":          []any{baseV2, idCard},
		"id":                "urn:uuid:1",
		"type":              []any{"VerifiableCredential", "IDCard"},
		"issuer":            issuerDID,
		"validFrom":         "2026-01-01T00:00:00Z",
		"credentialSubject": object{"id": holderDID, "Full Name": "Pema"},
	}
}

func vp(t testing.TB, credentials ...any) object {
	t.Helper()
	for i, c := range credentials {
		credentials[i] = roundTrip(t, c)
	}
	return object{
		"@context":             []any{baseV2},
		"type":                 "VerifiablePresentation",
		"holder":               holderDID,
		"verifiableCredential": credentials,
	}
}

func options(suite, method string) object {
	p := object{"created": "2026-11-24T04:59:30Z", "verificationMethod": method, "proofPurpose": "assertionMethod"}
	if strings.Contains(suite, "-20") {
		p["type"], p["cryptosuite"] = dataIntegrity, suite
	} else {
		p["type"] = suite
	}
	if strings.HasPrefix(method, holderDID) {
		p["proofPurpose"] = "authentication"
		p["challenge"], p["domain"] = nonce, kioskID
	}
	return p
}

// rounded is a number that no double is.
const rounded = json.Number("12345678901234567891")

// roundTrip makes v what strict decoding would give.
func roundTrip(t testing.TB, v any) any {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	out, err := strictjson.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// signHeader is the header of a detached JWS; set by the tests of it.
func signHeader(alg string) string {
	return base64url.Encode([]byte(`{"alg":"` + alg + `","b64":false,"crit":["b64"]}`))
}

// sign adds a proof with options to a document, made by k, and gives both.
func sign(t testing.TB, unsecured, options object, k key, at credential.Contexts) object {
	t.Helper()
	return signAs(t, unsecured, options, k, string(k.alg), at)
}

func signAs(t testing.TB, unsecured, options object, k key, alg string, at credential.Contexts) object {
	t.Helper()
	signed, check := trySigning(t, unsecured, options, k, alg, at)
	if check != nil {
		t.Fatalf("cannot sign: %s", check.Code)
	}
	return signed
}

// trySigning gives the check that stands against signing such a document.
func trySigning(t testing.TB, unsecured, options object, k key, alg string, at credential.Contexts) (object, *credential.Check) {
	t.Helper()
	unsecured = roundTrip(t, unsecured).(object)
	options = roundTrip(t, options).(object)
	m := Mechanism(BhutanNDI()).(*mechanism)
	unsigned := maps.Clone(options)
	kind, _ := options["type"].(string)
	suite, _ := options["cryptosuite"].(string)
	detached := suiteOf(kind, suite).jws
	if detached {
		unsigned["jws"] = signHeader(alg) + ".." + base64url.Encode(make([]byte, 64))
	} else {
		unsigned["proofValue"] = "z" + base58.Encode(make([]byte, map[bool]int{true: 96, false: 64}[k.alg == credential.ES384]))
	}
	p, err := m.parseProof(unsigned)
	if err != nil {
		t.Fatal(err)
	}
	d := &document{body: without(unsecured, "proof")}
	d.contexts, _ = urls(unsecured["@context"])
	d.mechanism = m
	if existing, ok := unsecured["proof"].([]any); ok {
		for _, e := range existing {
			before, err := m.parseProof(e.(object))
			if err != nil {
				t.Fatal(err)
			}
			d.proofs = append(d.proofs, before)
		}
	}
	c := canonical{document: d, source: at}
	data, check := c.signed(p)
	if check != nil {
		return nil, check
	}
	signature := k.sign(data)
	if detached {
		unsigned["jws"] = signHeader(alg) + ".." + base64url.Encode(signature)
	} else {
		unsigned["proofValue"] = "z" + base58.Encode(signature)
	}
	out := without(unsecured, "proof")
	if existing, ok := unsecured["proof"].([]any); ok {
		out["proof"] = append(existing[:len(existing):len(existing)], unsigned)
	} else {
		out["proof"] = unsigned
	}
	return out, nil
}

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func parse(t testing.TB, v any, opts ...Option) credential.Presentation {
	t.Helper()
	data := marshal(t, v)
	m := Mechanism(opts...)
	if !m.Recognise(data) {
		t.Fatal("not recognised")
	}
	p, err := m.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// codes are the codes of all checks that did not pass, in order.
func codes(checks []credential.Check) string {
	var out []string
	for _, c := range checks {
		if c.Verdict != reason.Passed {
			out = append(out, string(c.Code))
		}
	}
	return strings.Join(out, " ")
}
