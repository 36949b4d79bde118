package ldp

import (
	"encoding/json"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
)

// TestWhatTheSignatureDoesNotSay: documents an issuer signed, and of which its
// signature says less than their members do. [TestUnsignedClaims] has the terms;
// here is what hides in values, identifiers and keywords. Nothing of any comes out.
func TestWhatTheSignatureDoesNotSay(t *testing.T) {
	for name, change := range map[string]func(o, subject object){
		"a member that is a keyword to be":            func(o, s object) { o["@level"] = "high" },
		"@id in the place of id":                      func(o, s object) { s["@id"] = s["id"]; delete(s, "id") },
		"@type in the place of type":                  func(o, s object) { s["@type"] = "IDCard" },
		"a keyword to be deep inside":                 func(o, s object) { s["link"] = object{"id": "urn:x", "@foo": "x"} },
		"@included":                                   func(o, s object) { o["@included"] = []any{object{"Full Name": "x"}} },
		"@reverse":                                    func(o, s object) { s["@reverse"] = object{"link": object{"@id": "urn:x"}} },
		"@nest":                                       func(o, s object) { s["@nest"] = object{"height": 1} },
		"@index":                                      func(o, s object) { s["Full Name"] = object{"@value": "x", "@index": "1"} },
		"a set of nothing":                            func(o, s object) { s["Full Name"] = object{"@set": []any{}} },
		"a list inside a set":                         func(o, s object) { s["Full Name"] = object{"@set": []any{"x"}} },
		"a value that is null":                        func(o, s object) { s["Full Name"] = object{"@value": nil} },
		"null for an object":                          func(o, s object) { s["link"] = nil },
		"null among links":                            func(o, s object) { s["link"] = []any{"urn:x", nil} },
		"null for a status":                           func(o, s object) { o["evidence"] = nil },
		"a language of no letters":                    func(o, s object) { s["Full Name"] = object{"@value": "x", "@language": "12"} },
		"a language of nine letters":                  func(o, s object) { s["Full Name"] = object{"@value": "x", "@language": "dzongkhaa"} },
		"a language that ends in a hyphen":            func(o, s object) { s["Full Name"] = object{"@value": "x", "@language": "dz-"} },
		"a language map with a language that is none": func(o, s object) { s["by language"] = object{"d z": "x"} },
		"an empty language":                           func(o, s object) { s["Full Name"] = object{"@value": "x", "@language": ""} },
		"a type that is a relative reference":         func(o, s object) { s["type"] = "./IDCard" },
		"a type that is a label of a blank node":      func(o, s object) { s["type"] = "_:IDCard" },
		"a type twice":                                func(o, s object) { o["type"] = []any{"VerifiableCredential", "IDCard", "IDCard"} },
		"a datatype that no context defines":          func(o, s object) { s["Full Name"] = object{"@value": "x", "@type": "Name"} },
		"an id that is a fragment":                    func(o, s object) { s["link"] = object{"id": "#me", "Full Name": "x"} },
		"an id that is a path":                        func(o, s object) { s["link"] = object{"id": "/x", "Full Name": "x"} },
		"an id without a scheme":                      func(o, s object) { s["link"] = object{"id": "//issuer.example/x", "Full Name": "x"} },
		"an id with a brace":                          func(o, s object) { s["link"] = object{"id": "urn:{x}", "Full Name": "x"} },
		"an id with a line break":                     func(o, s object) { s["link"] = object{"id": "urn:x\ny", "Full Name": "x"} },
		"an id of nothing but a scheme":               func(o, s object) { s["link"] = object{"id": "urn:", "Full Name": "x"} },
		"a list inside a list that says nothing":      func(o, s object) { s["list"] = []any{[]any{}} },
		"a fraction that a double rounds":             func(o, s object) { s["height"] = json.Number("1.70000000000000000001") },
		"a number that is too great":                  func(o, s object) { s["height"] = json.Number("1e400") },
		"one name by two terms":                       func(o, s object) { s["same name"] = "Pema" },
		"the subject described again as a link":       func(o, s object) { o["credentialSubject"] = []any{s, object{"id": holderDID, "height": 2}} },
		"an expanded term in the subject":             func(o, s object) { s["https://nowhere.example/terms#Full Name"] = "x" },
	} {
		t.Run(name, func(t *testing.T) {
			k := newKey(t, credential.EdDSA, issuerKey)
			body := vc()
			change(body, body["credentialSubject"].(object))
			signed, check := trySigning(t, body, options("eddsa-rdfc-2022", issuerKey), k, "EdDSA", contexts())
			if check != nil {
				// No signer can say it either.
				if check.Code == "" {
					t.Error("no code")
				}
				t.Logf("cannot be signed: %s", check.Code)
				return
			}
			p, err := Mechanism().Parse(marshal(t, signed))
			if err != nil {
				checkCode(t, err)
				return
			}
			if got := one(t, p, evidence(k)); codes(got.Checks) != "claims_not_covered" || got.Claims.Len() != 0 || len(got.Uncovered) == 0 {
				t.Errorf("%q, %d claims, uncovered %q", codes(got.Checks), got.Claims.Len(), got.Uncovered)
			}
		})
	}
}

// TestContextsThatAreNotTaken: what a context may not do is refused before anything
// is said about the signature, in a credential and in a presentation.
func TestContextsThatAreNotTaken(t *testing.T) {
	const other = "https://issuer.example/contexts/odd"
	for name, text := range map[string]string{
		"a protected term with another meaning":    `{"@context": {"issuer": "https://issuer.example/terms#issuer"}}`,
		"protection that is lifted":                `{"@context": {"@protected": false, "validUntil": "https://issuer.example/terms#until"}}`,
		"the type of all credentials redefined":    `{"@context": {"VerifiableCredential": "https://issuer.example/terms#x"}}`,
		"a keyword redefined":                      `{"@context": {"@type": "https://issuer.example/terms#type"}}`,
		"an alias of a keyword turned into a term": `{"@context": {"id": "https://issuer.example/terms#id"}}`,
		"everything before it set aside":           `{"@context": [null, {"IDCard": "https://issuer.example/terms#IDCard"}]}`,
		"a context that fetches another":           `{"@context": "https://nowhere.example/v1"}`,
		"a context that imports one not at hand":   `{"@context": {"@version": 1.1, "@import": "https://nowhere.example/v1"}}`,
		"a context that leads back to itself":      `{"@context": ["` + other + `"]}`,
		"a term by itself":                         `{"@context": {"a": {"@id": "a"}}}`,
		"terms in a circle":                        `{"@context": {"a": "b:x", "b": "a:x"}}`,
		"a context that is text":                   `{"@context": 5}`,
		"a context that is no JSON":                `@context`,
		"a context with a member twice":            `{"@context": {"a": "urn:a", "a": "urn:b"}}`,
		"a version to come":                        `{"@context": {"@version": 2}}`,
		"a container that is none":                 `{"@context": {"a": {"@id": "urn:a", "@container": "@box"}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			k := newKey(t, credential.EdDSA, issuerKey)
			signed := sign(t, vc(), options("eddsa-rdfc-2022", issuerKey), k, contexts())
			signed["@context"] = []any{baseV2, other}
			at := contexts()
			at[other] = text
			ev := evidence(k)
			ev.Contexts = at
			if got := one(t, parse(t, signed), ev); codes(got.Checks) != "context_not_accepted" || got.Claims.Len() != 0 {
				t.Errorf("%q, %d claims", codes(got.Checks), got.Claims.Len())
			}
		})
	}
}

// json-gold lets null undo a protected term, where JSON-LD 1.1 API §4.2.2 step 27
// has an error. What it named is then named by nothing, and that is found.
func TestAProtectedTermThatIsUndone(t *testing.T) {
	const other = "https://issuer.example/contexts/odd"
	at := contexts()
	at[other] = `{"@context": {"credentialSubject": null}}`
	k := newKey(t, credential.EdDSA, issuerKey)
	body := vc()
	body["@context"], body["type"] = []any{baseV2, other}, "VerifiableCredential"
	ev := evidence(k)
	ev.Contexts = at
	got := one(t, parse(t, sign(t, body, options("eddsa-rdfc-2022", issuerKey), k, at)), ev)
	if codes(got.Checks) != "claims_not_covered" || got.Claims.Len() != 0 {
		t.Errorf("%q, %d claims", codes(got.Checks), got.Claims.Len())
	}
}
