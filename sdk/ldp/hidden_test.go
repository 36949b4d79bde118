package ldp

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/limits"
)

// defining is contexts in which the card's also has more definitions.
func defining(more string) shelf {
	at := contexts()
	at[idCard] = strings.Replace(at[idCard], `{"@context": {`, `{"@context": {`+more+`,`, 1)
	return at
}

// TestSameStatementsAndOtherMembers: a holder writes the signed statements in another
// way, so that the signature holds and who reads the members reads something else.
func TestSameStatementsAndOtherMembers(t *testing.T) {
	const minister = `"Minister": "https://issuer.example/terms#Minister"`
	signed := vc()
	signed["validUntil"] = "2026-02-01T00:00:00Z" // it is over
	move := func(to string) func(o object) {
		return func(o object) { o[to] = o["validUntil"]; delete(o, "validUntil") }
	}
	for name, c := range map[string]struct {
		terms  string
		change func(o object)
	}{
		"an end under another term": {
			`"ends": {"@id": "https://www.w3.org/2018/credentials#validUntil", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"}`, move("ends")},
		"an end in a group of members": {
			`"group": "@nest"`, func(o object) { o["group"] = object{"validUntil": o["validUntil"]}; delete(o, "validUntil") }},
		"a type beside the signed ones": {
			minister, func(o object) { o["@type"] = "Minister" }},
		"the signed types under another name of @type": {
			minister + `, "what": "@type"`, func(o object) {
				o["what"] = o["type"]
				o["type"] = []any{"VerifiableCredential", "Minister"}
			}},
		"the same through a name of a name": {
			minister + `, "what": {"@id": "kind"}, "kind": "type"`, func(o object) { o["what"] = o["type"]; o["type"] = []any{"VerifiableCredential", "Minister"} }},
		"a type of the subject's beside the signed one": {
			minister, func(o object) { o["credentialSubject"].(object)["@type"] = []any{"Minister"} }},
	} {
		t.Run(name, func(t *testing.T) {
			at := defining(c.terms)
			k := newKey(t, credential.EdDSA, issuerKey)
			body := roundTrip(t, signed).(object)
			body["credentialSubject"].(object)["type"] = []any{"IDCard"}
			document := sign(t, body, options("eddsa-rdfc-2022", issuerKey), k, at)
			ev := evidence(k)
			ev.Contexts = at
			if got := one(t, parse(t, document), ev); codes(got.Checks) != "expired" {
				t.Fatalf("as it was signed: %q", codes(got.Checks))
			}
			c.change(document)
			got := one(t, parse(t, document), ev)
			if !strings.Contains(codes(got.Checks), "claims_not_covered") || got.Claims.Len() != 0 {
				t.Errorf("%q, types %q, %d claims", codes(got.Checks), got.Types, got.Claims.Len())
			}
			// What a policy lets a credential say beyond its signature changes nothing:
			// an undefined claim can be set apart, and what hides behind it cannot.
			document["credentialSubject"].(object)["undefined"] = "x"
			ev.UncoveredUnsafe = true
			got = one(t, parse(t, document), ev)
			if got.Claims.Len() != 0 {
				t.Errorf("with claims set apart: %q, types %q, %d claims", codes(got.Checks), got.Types, got.Claims.Len())
			}
		})
	}
}

// TestLongNamesOfManyStatements: what JSON says once stands in every statement.
func TestLongNamesOfManyStatements(t *testing.T) {
	name := "urn:" + strings.Repeat("x", 300_000)
	values, nodes := make([]any, 300), make([]any, 300)
	for i := range values {
		values[i] = fmt.Sprint(i)
	}
	for i := range nodes {
		nodes[i] = object{"Full Name": "Pema"}
	}
	for what, change := range map[string]func(subject object){
		"a property":                     func(s object) { s[name] = values },
		"a subject":                      func(s object) { s["link"] = object{"id": name, "Full Name": values} },
		"nodes that nothing tells apart": func(s object) { s[name] = nodes },
	} {
		t.Run(what, func(t *testing.T) {
			k := newKey(t, credential.EdDSA, issuerKey)
			document := sign(t, vc(), options("eddsa-rdfc-2022", issuerKey), k, contexts())
			change(document["credentialSubject"].(object))
			if got := one(t, parse(t, document), evidence(k)); codes(got.Checks) != "too_large" {
				t.Errorf("%q", codes(got.Checks))
			}
		})
	}
}

// TestMoreThanAnyCredentialHas: what expansion takes time for is counted before.
func TestMoreThanAnyCredentialHas(t *testing.T) {
	repeated := func(n int, v any) []any {
		list := make([]any, n)
		for i := range list {
			list[i] = v
		}
		return list
	}
	for name, value := range map[string]any{
		"values":                     repeated(limits.LinkedDataValues, "x"),
		"objects":                    repeated(limits.LinkedDataObjects, object{"Full Name": "x"}),
		"types of one object":        object{"type": repeated(limits.LinkedDataTypes, "IDCard")},
		"types of different objects": repeated(limits.LinkedDataTypes/4, object{"type": repeated(4, "IDCard")}),
	} {
		k := newKey(t, credential.EdDSA, issuerKey)
		document := sign(t, vc(), options("eddsa-rdfc-2022", issuerKey), k, contexts())
		document["credentialSubject"].(object)["link"] = value
		if got := one(t, parse(t, document), evidence(k)); codes(got.Checks) != "too_large" {
			t.Errorf("%s: %q", name, codes(got.Checks))
		}
	}
}
