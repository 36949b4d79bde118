package ldp

import (
	"encoding/json"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/google/go-cmp/cmp"
)

// TestUncoveredClaimsAreSetApart: where a policy says so, what nobody signed stands
// apart from what the issuer did, and none of it is in the claims.
func TestUncoveredClaimsAreSetApart(t *testing.T) {
	const left = `{"id":"did:example:holder","Full Name":"Pema"}`
	for name, c := range map[string]struct {
		change         func(o, subject object)
		subject, apart string
		types          []string
	}{
		"a term no context defines": {
			func(o, s object) { s["ID Number"] = "11" },
			left, `{"credentialSubject":{"ID Number":"11"}}`, []string{"VerifiableCredential", "IDCard"}},
		"an object under such a term": {
			func(o, s object) { s["Address"] = object{"Full Name": "x", "id": "urn:x"} },
			left, `{"credentialSubject":{"Address":{"Full Name":"x","id":"urn:x"}}}`, []string{"VerifiableCredential", "IDCard"}},
		"a type no context defines": {
			func(o, s object) { o["type"] = []any{"VerifiableCredential", "IDCard", "Minister"} },
			left, `{"type":["VerifiableCredential","IDCard","Minister"]}`, []string{"VerifiableCredential", "IDCard"}},
		// FIELD §2: as NDI's credentials are today.
		"NDI's schema in the place of a context": {
			func(o, s object) {
				o["@context"], o["type"] = []any{baseV2, ndi}, []any{"VerifiableCredential", "Foundational ID"}
			},
			`{"id":"did:example:holder"}`,
			`{"credentialSubject":{"Full Name":"Pema"},"type":["VerifiableCredential","Foundational ID"]}`, []string{"VerifiableCredential"}},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKey(t, credential.EdDSA, issuerKey)
			body := vc()
			c.change(body, body["credentialSubject"].(object))
			signed := parse(t, sign(t, body, options("eddsa-rdfc-2022", issuerKey), k, contexts()))
			ev := evidence(k)
			if got := one(t, signed, ev); codes(got.Checks) != "claims_not_covered" || got.UncoveredClaims.Len() != 0 {
				t.Errorf("without being asked: %q, %d claims apart", codes(got.Checks), got.UncoveredClaims.Len())
			}
			ev.UncoveredUnsafe = true
			got := one(t, signed, ev)
			if codes(got.Checks) != "" || !cmp.Equal(got.Types, c.types) {
				t.Fatalf("%q, types %q", codes(got.Checks), got.Types)
			}
			subject, _ := got.Claims.Object("credentialSubject")
			same(t, subject, c.subject)
			same(t, got.UncoveredClaims, c.apart)
		})
	}
}

func same(t *testing.T, got credential.Claims, want string) {
	t.Helper()
	data, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var a, b any
	if json.Unmarshal(data, &a) != nil || json.Unmarshal([]byte(want), &b) != nil {
		t.Fatal("no JSON")
	}
	if diff := cmp.Diff(b, a); diff != "" {
		t.Error(diff)
	}
}

// TestWhatCannotBeSetApart: whose credential it is, of whom, from when to when and
// its status are signed or it is refused, whatever a policy says; so is what leaves
// traces among the signed statements.
func TestWhatCannotBeSetApart(t *testing.T) {
	for name, change := range map[string]func(o, subject object){
		"a member of the credential itself":   func(o, s object) { o["level"] = "high" },
		"a status no context defines":         func(o, s object) { o["credentialStatus"] = object{"id": "urn:s", "type": "Unknown"} },
		"a type of the subject":               func(o, s object) { s["type"] = "Minister" },
		"a number that is rounded":            func(o, s object) { s["height"] = rounded },
		"a value twice":                       func(o, s object) { s["Full Name"] = []any{"x", "x"} },
		"null beside a value":                 func(o, s object) { s["Full Name"] = []any{"x", nil} },
		"an undefined term beside signed":     func(o, s object) { s["link"] = object{"id": "urn:x", "deep": "x", "Full Name": "y"} },
		"a node described twice":              func(o, s object) { s["link"] = object{"id": holderDID, "height": 1} },
		"two subjects, one with such a claim": func(o, s object) { o["credentialSubject"] = []any{s, object{"id": "urn:x", "more": "x"}} },
		"an IRI in the place of a term":       func(o, s object) { o["https://issuer.example/terms#fullName"] = "x" },
	} {
		t.Run(name, func(t *testing.T) {
			k := newKey(t, credential.EdDSA, issuerKey)
			body := vc()
			change(body, body["credentialSubject"].(object))
			ev := evidence(k)
			ev.UncoveredUnsafe = true
			got := one(t, parse(t, sign(t, body, options("eddsa-rdfc-2022", issuerKey), k, contexts())), ev)
			if codes(got.Checks) != "claims_not_covered" || got.Claims.Len()+got.UncoveredClaims.Len() != 0 {
				t.Errorf("%q, %d claims, %d apart", codes(got.Checks), got.Claims.Len(), got.UncoveredClaims.Len())
			}
		})
	}
	t.Run("what JCS rounds", func(t *testing.T) {
		k := newKey(t, credential.EdDSA, issuerKey)
		body := vc()
		body["credentialSubject"].(object)["height"] = rounded
		ev := evidence(k)
		ev.UncoveredUnsafe = true
		got := one(t, parse(t, sign(t, body, options("eddsa-jcs-2022", issuerKey), k, contexts())), ev)
		if codes(got.Checks) != "claims_not_covered" || got.UncoveredClaims.Len() != 0 {
			t.Errorf("%q", codes(got.Checks))
		}
	})
	t.Run("a claim put there by somebody else is not in the claims", func(t *testing.T) {
		k := newKey(t, credential.EdDSA, issuerKey)
		signed := sign(t, vc(), options("eddsa-rdfc-2022", issuerKey), k, contexts())
		signed["credentialSubject"].(object)["Blood Type"] = "O+"
		ev := evidence(k)
		ev.UncoveredUnsafe = true
		got := one(t, parse(t, signed), ev)
		if got.Claims.Has("credentialSubject", "Blood Type") || !got.UncoveredClaims.Has("credentialSubject", "Blood Type") {
			t.Errorf("%q: the claim is not where it belongs", codes(got.Checks))
		}
	})
}
