package trust_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/did"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/trust"
)

func parse(t testing.TB, issuers ...any) *trust.List {
	t.Helper()
	if issuers == nil {
		issuers = []any{}
	}
	l, err := trust.Parse(marshal(t, obj{
		"format": 1, "number": 1, "issued": "2026-11-01T00:00:00Z", "expires": "2026-12-01T00:00:00Z", "issuers": issuers,
	}))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// code is the first code of the checks that did not pass; empty if all did.
func code(checks []credential.Check) reason.Code {
	for _, c := range checks {
		if c.Verdict != reason.Passed {
			return c.Code
		}
	}
	return ""
}

// documents is what is at hand of DID documents.
type documents map[string]*did.Document

func (d documents) Document(id string) *did.Document { return d[id] }

func document(t testing.TB, id string, jwk obj, purposes ...string) *did.Document {
	t.Helper()
	o := obj{"id": id, "verificationMethod": []any{
		obj{"id": "#k", "type": "JsonWebKey2020", "controller": id, "publicKeyJwk": jwk},
	}}
	for _, p := range purposes {
		o[p] = []any{"#k"}
	}
	data, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	d, err := did.ParseDocument(data)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestFind(t *testing.T) {
	a, b, ed := key(t, credential.ES256, "a"), key(t, credential.ES256, "b"), key(t, credential.EdDSA, "c")
	inDocument := key(t, credential.ES256, "d")
	l := parse(t,
		obj{"id": "reg", "types": []any{"*"}, "jwks": obj{"keys": []any{a.JWK("a"), b.JWK("b"), ed.JWK("ed"), a.JWK("alias")}},
			"revoked_keys": []any{obj{"kid": "b", "from": "2026-11-02T09:00:00Z"}}},
		obj{"id": "early", "jwks": obj{"keys": []any{a.JWK("a")}}, "valid_until": "2026-11-02T09:00:00Z"},
		obj{"id": "late", "jwks": obj{"keys": []any{a.JWK("a")}}, "valid_from": "2026-11-02T09:00:01Z"},
		obj{"id": "empty"},
		obj{"id": "did:web:here", "types": []any{"*"}},
		obj{"id": "did:web:away", "types": []any{"*"}, "jwks": obj{"keys": []any{a.JWK("a")}}},
		obj{"id": "via", "dids": []any{"did:web:here"}},
		obj{"id": "did:web:holder"},
	)
	docs := documents{
		"did:web:here":   document(t, "did:web:here", inDocument.JWK(""), "assertionMethod"),
		"did:web:holder": document(t, "did:web:holder", inDocument.JWK(""), "authentication"),
	}
	const found = reason.Code("")
	for _, c := range []struct {
		name    string
		signer  credential.Signer
		want    reason.Code
		verdict reason.Verdict
		keys    string // ids of the keys, joined
	}{
		{"by kid", credential.Signer{ID: "reg", KeyID: "a", Algorithm: credential.ES256}, found, reason.Passed, "a"},
		{"by algorithm", credential.Signer{ID: "reg", Algorithm: credential.EdDSA}, found, reason.Passed, "ed"},
		{"all that can, less the revoked", credential.Signer{ID: "reg", Algorithm: credential.ES256}, found, reason.Passed, "a alias"},
		{"in the issuer's DID document", credential.Signer{ID: "did:web:here", KeyID: "did:web:here#k", Algorithm: credential.ES256}, found, reason.Passed, "did:web:here#k"},
		{"in a document the entry names", credential.Signer{ID: "via", KeyID: "did:web:here#k", Algorithm: credential.ES256}, found, reason.Passed, "did:web:here#k"},
		{"in the list, document away", credential.Signer{ID: "did:web:away", KeyID: "a", Algorithm: credential.ES256}, found, reason.Passed, "a"},

		{"an issuer nobody lists", credential.Signer{ID: "nobody", KeyID: "a", Algorithm: credential.ES256}, reason.IssuerUnknown, reason.Failed, ""},
		{"an issuer in another case", credential.Signer{ID: "Reg", KeyID: "a", Algorithm: credential.ES256}, reason.IssuerUnknown, reason.Failed, ""},
		{"an issuer with a slash behind", credential.Signer{ID: "reg/", KeyID: "a", Algorithm: credential.ES256}, reason.IssuerUnknown, reason.Failed, ""},
		{"no issuer", credential.Signer{KeyID: "a", Algorithm: credential.ES256}, reason.IssuerUnknown, reason.Failed, ""},
		{"at valid_until", credential.Signer{ID: "early", KeyID: "a", Algorithm: credential.ES256}, reason.IssuerNotValid, reason.Failed, ""},
		{"before valid_from", credential.Signer{ID: "late", KeyID: "a", Algorithm: credential.ES256}, reason.IssuerNotValid, reason.Failed, ""},
		{"a kid nobody has", credential.Signer{ID: "reg", KeyID: "z", Algorithm: credential.ES256}, reason.KeyUnknown, reason.Failed, ""},
		{"a kid of another issuer", credential.Signer{ID: "via", KeyID: "a", Algorithm: credential.ES256}, reason.KeyUnknown, reason.Failed, ""},
		{"a kid that is a fragment", credential.Signer{ID: "did:web:here", KeyID: "#k", Algorithm: credential.ES256}, reason.KeyUnknown, reason.Failed, ""},
		{"no key at all", credential.Signer{ID: "empty", Algorithm: credential.ES256}, reason.KeyUnknown, reason.Failed, ""},
		{"no key for the algorithm", credential.Signer{ID: "reg", Algorithm: credential.ES384}, reason.KeyUnknown, reason.Failed, ""},
		{"a key for another algorithm", credential.Signer{ID: "reg", KeyID: "ed", Algorithm: credential.ES256}, reason.AlgorithmRefused, reason.Failed, ""},
		{"a revoked key", credential.Signer{ID: "reg", KeyID: "b", Algorithm: credential.ES256}, reason.KeyRevoked, reason.Failed, ""},
		{"a key that is for authentication", credential.Signer{ID: "did:web:holder", KeyID: "did:web:holder#k", Algorithm: credential.ES256}, reason.KeyUnknown, reason.Failed, ""},
		{"a document that is away", credential.Signer{ID: "did:web:away", KeyID: "did:web:away#k", Algorithm: credential.ES256}, reason.KeyUnknown, reason.Undecided, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			keys, checks := l.Keys(docs, at).Find(c.signer)
			var ids []string
			for _, k := range keys {
				ids = append(ids, k.ID())
				if k.Controller() != c.signer.ID {
					t.Errorf("key %s belongs to %q", k.ID(), k.Controller())
				}
			}
			last := checks[len(checks)-1]
			if code(checks) != c.want || last.Verdict != c.verdict || strings.Join(ids, " ") != c.keys {
				t.Errorf("keys %v, checks %+v; want %q %q", ids, checks, c.want, c.keys)
			}
			if c.verdict == reason.Undecided && last.Resource != "did:web:away" {
				t.Errorf("resource is %q", last.Resource)
			}
		})
	}
}

// didKey is a DID that says its key itself.
const didKey = "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"

const didKeyMethod = didKey + "#z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"

func TestAnIssuerThatIsAKeyNeedsNoDocument(t *testing.T) {
	l := parse(t,
		obj{"id": didKey}, obj{"id": "via", "dids": []any{didKey}},
		obj{"id": "via both", "dids": []any{"did:web:away", didKey}},
		obj{"id": "did:key:z6MkBroken"},
		obj{"id": "gone", "dids": []any{didKey}, "revoked_keys": []any{obj{"kid": didKeyMethod, "from": "2026-11-02T09:00:00Z"}}},
	)
	for _, id := range []string{didKey, "via", "via both"} {
		for _, kid := range []string{didKeyMethod, ""} {
			keys, checks := l.Keys(nil, at).Find(credential.Signer{ID: id, KeyID: kid, Algorithm: credential.EdDSA})
			if code(checks) != "" || len(keys) != 1 || keys[0].ID() != didKeyMethod || keys[0].Controller() != id {
				t.Errorf("%s by %q: %v, %v", id, kid, keys, checks)
			}
		}
	}
	for _, c := range []struct {
		name, id, kid string
		alg           credential.Algorithm
		want          reason.Code
		verdict       reason.Verdict
	}{
		{"a DID that says nothing", "did:key:z6MkBroken", "did:key:z6MkBroken#z6MkBroken", credential.EdDSA, reason.KeyUnknown, reason.Failed},
		{"the DID as kid", didKey, didKey, credential.EdDSA, reason.KeyUnknown, reason.Failed},
		{"another fragment", didKey, didKey + "#key-1", credential.EdDSA, reason.KeyUnknown, reason.Failed},
		{"another algorithm", didKey, didKeyMethod, credential.ES256, reason.AlgorithmRefused, reason.Failed},
		{"a revoked key", "gone", didKeyMethod, credential.EdDSA, reason.KeyRevoked, reason.Failed},
		{"a key that may stand in the document away", "via both", "did:web:away#k", credential.EdDSA, reason.KeyUnknown, reason.Undecided},
	} {
		keys, checks := l.Keys(nil, at).Find(credential.Signer{ID: c.id, KeyID: c.kid, Algorithm: c.alg})
		if len(keys) > 0 || code(checks) != c.want || checks[len(checks)-1].Verdict != c.verdict {
			t.Errorf("%s: %d keys, %v", c.name, len(keys), checks)
		}
	}
}

// No document at hand can change what such a DID says.
func TestADocumentDoesNotOverruleAKey(t *testing.T) {
	other := key(t, credential.ES256, "other")
	docs := documents{didKey: document(t, didKey, other.JWK(""), "assertionMethod", "authentication")}
	l := parse(t, obj{"id": didKey})
	for _, role := range []credential.Role{credential.RoleIssuer, credential.RoleHolder} {
		keys, _ := l.Keys(docs, at).Find(credential.Signer{Role: role, ID: didKey, Algorithm: credential.ES256})
		if len(keys) > 0 {
			t.Errorf("role %d: %d keys", role, len(keys))
		}
	}
}

func TestAHolderNeedsNoEntry(t *testing.T) {
	k := key(t, credential.ES256, "h")
	docs := documents{
		"did:web:holder": document(t, "did:web:holder", k.JWK(""), "authentication"),
		"did:web:issuer": document(t, "did:web:issuer", k.JWK(""), "assertionMethod"),
		"did:web:wrong":  document(t, "did:web:holder", k.JWK(""), "authentication"),
	}
	l := parse(t, obj{"id": "reg", "jwks": obj{"keys": []any{k.JWK("reg-key")}}})
	find := func(s credential.Signer) ([]credential.Key, credential.Check) {
		s.Role = credential.RoleHolder
		keys, checks := l.Keys(docs, at).Find(s)
		if len(checks) != 1 {
			t.Fatalf("%+v", checks)
		}
		return keys, checks[0]
	}
	for _, s := range []credential.Signer{
		{ID: didKey, KeyID: didKeyMethod, Algorithm: credential.EdDSA},
		{ID: didKey, Algorithm: credential.EdDSA},
		{ID: "did:web:holder", KeyID: "did:web:holder#k", Algorithm: credential.ES256},
		{ID: "did:web:holder", KeyID: "did:web:holder#k", Algorithm: credential.ES256, Chain: [][]byte{{1}}},
	} {
		keys, check := find(s)
		if len(keys) != 1 || keys[0].Controller() != s.ID || !keys[0].Permits(credential.Authentication) {
			t.Errorf("%s: %v, %+v", s.ID, keys, check)
		}
		if check != credential.Pass(reason.CheckKey, "") {
			t.Errorf("a holder stands in the check: %+v", check)
		}
	}
	for _, c := range []struct {
		name string
		s    credential.Signer
		want credential.Check
	}{
		{"a document that is away", credential.Signer{ID: "did:web:away", KeyID: "did:web:away#k", Algorithm: credential.ES256},
			credential.Undecided(reason.CheckKey, reason.KeyUnknown, "did:web:away")},
		{"a document filed under another name", credential.Signer{ID: "did:web:wrong", Algorithm: credential.ES256},
			credential.Undecided(reason.CheckKey, reason.KeyUnknown, "did:web:wrong")},
		{"a key that issues only", credential.Signer{ID: "did:web:issuer", KeyID: "did:web:issuer#k", Algorithm: credential.ES256},
			credential.Fail(reason.CheckKey, reason.KeyUnknown, "")},
		{"an issuer's key without a DID", credential.Signer{ID: "reg", KeyID: "reg-key", Algorithm: credential.ES256},
			credential.Fail(reason.CheckKey, reason.KeyUnknown, "")},
		{"no name", credential.Signer{KeyID: "reg-key", Algorithm: credential.ES256},
			credential.Fail(reason.CheckKey, reason.KeyUnknown, "")},
		{"a key of another DID", credential.Signer{ID: didKey, KeyID: "did:web:holder#k", Algorithm: credential.ES256},
			credential.Fail(reason.CheckKey, reason.KeyUnknown, "")},
		{"a fragment", credential.Signer{ID: "did:web:holder", KeyID: "#k", Algorithm: credential.ES256},
			credential.Fail(reason.CheckKey, reason.KeyUnknown, "")},
		{"the DID in capitals", credential.Signer{ID: "DID:web:holder", KeyID: "did:web:holder#k", Algorithm: credential.ES256},
			credential.Fail(reason.CheckKey, reason.KeyUnknown, "")},
		{"a DID that says nothing", credential.Signer{ID: "did:key:z6MkBroken", Algorithm: credential.EdDSA},
			credential.Fail(reason.CheckKey, reason.KeyUnknown, "")},
		{"another algorithm", credential.Signer{ID: didKey, KeyID: didKeyMethod, Algorithm: credential.ES256},
			credential.Fail(reason.CheckAlgorithm, reason.AlgorithmRefused, "")},
	} {
		if keys, check := find(c.s); len(keys) > 0 || check != c.want {
			t.Errorf("%s: %d keys, %+v", c.name, len(keys), check)
		}
	}
}

func TestChecksDoNotRepeatWhatAnUnknownSignerCallsItself(t *testing.T) {
	const holder = "did:key:zMarkerHolder"
	l := parse(t, obj{"id": "reg", "jwks": obj{"keys": []any{key(t, credential.ES256, "a").JWK("a")}}})
	for _, s := range []credential.Signer{
		{ID: holder, KeyID: holder + "#1", Algorithm: credential.EdDSA},
		{ID: "reg", KeyID: holder, Algorithm: credential.ES256},
		{Role: credential.RoleStatusProvider, KeyID: holder, Algorithm: credential.ES256},
	} {
		_, checks := l.Keys(nil, at).Find(s)
		data, err := json.Marshal(checks)
		if err != nil || strings.Contains(string(data), "Marker") {
			t.Errorf("%s, %v", data, err)
		}
	}
}

func TestARevokedKeyIsRevokedUnderEveryName(t *testing.T) {
	a := key(t, credential.ES256, "a")
	l := parse(t, obj{"id": "reg", "jwks": obj{"keys": []any{a.JWK("old"), a.JWK("new")}},
		"revoked_keys": []any{obj{"kid": "old", "from": "2026-11-02T09:00:00Z"}}})
	i, _ := l.Issuer("reg")
	for kid, want := range map[string]bool{"old": true, "new": true, "": false, "other": false} {
		if got := i.KeyRevoked(kid, at); got != want {
			t.Errorf("KeyRevoked(%q) is %v", kid, got)
		}
	}
	for _, kid := range []string{"old", "new", ""} {
		s := credential.Signer{ID: "reg", KeyID: kid, Algorithm: credential.ES256}
		if keys, checks := l.Keys(nil, at).Find(s); len(keys) > 0 || code(checks) != reason.KeyRevoked {
			t.Errorf("kid %q: %d keys, %v", kid, len(keys), checks)
		}
		if keys, _ := l.Keys(nil, at.Add(-time.Second)).Find(s); len(keys) == 0 {
			t.Errorf("kid %q: revoked before its time", kid)
		}
	}
}

func TestAStatusProviderNeedNotNameItself(t *testing.T) {
	a, b := key(t, credential.ES256, "a"), key(t, credential.ES256, "b")
	l := parse(t,
		obj{"id": "one", "jwks": obj{"keys": []any{a.JWK("12")}}},
		obj{"id": "two", "jwks": obj{"keys": []any{b.JWK("12")}}},
		obj{"id": "gone", "jwks": obj{"keys": []any{b.JWK("12"), b.JWK("13")}}, "valid_until": "2026-01-01T00:00:00Z"},
		obj{"id": "did:web:away"},
	)
	find := func(kid string) ([]credential.Key, []credential.Check) {
		return l.Keys(nil, at).Find(credential.Signer{Role: credential.RoleStatusProvider, KeyID: kid, Algorithm: credential.ES256})
	}
	keys, checks := find("12")
	if len(keys) != 2 || keys[0].Controller() != "one" || keys[1].Controller() != "two" || code(checks) != "" {
		t.Errorf("%d keys, %v", len(keys), checks)
	}
	if keys, _ := find(""); len(keys) != 2 {
		t.Errorf("%d keys without a kid", len(keys))
	}
	if keys, checks := find("13"); len(keys) > 0 || code(checks) != reason.KeyUnknown {
		t.Errorf("an entry that is no longer valid signs: %d keys, %v", len(keys), checks)
	}
}

func TestNothingIsTrustedWithoutAList(t *testing.T) {
	var l *trust.List
	keys, checks := l.Keys(nil, at).Find(credential.Signer{ID: "x", Algorithm: credential.ES256})
	if len(keys) > 0 || code(checks) != reason.IssuerUnknown {
		t.Errorf("%d keys, %v", len(keys), checks)
	}
	if l.StatusLists() != nil || l.Issuers() != nil {
		t.Error("a nil list holds something")
	}
}

func TestPermits(t *testing.T) {
	for _, c := range []struct {
		entry, types []string
		want         bool
	}{
		{[]string{"A"}, []string{"A"}, true},
		{[]string{"A"}, []string{"VerifiableCredential", "A"}, true},
		{[]string{"A", "B"}, []string{"B", "A"}, true},
		{[]string{"*"}, []string{"A"}, true},
		{[]string{"*"}, nil, true},
		{[]string{"*"}, []string{"VerifiableCredential"}, true},
		{[]string{"A"}, []string{"A", "B"}, false},
		{[]string{"A"}, []string{"a"}, false},
		{[]string{"A"}, nil, false},
		{[]string{"A"}, []string{"VerifiableCredential"}, false},
		{[]string{"VerifiableCredential"}, []string{"VerifiableCredential"}, false},
		{[]string{"A"}, []string{"*"}, false},
		{[]string{"A"}, []string{""}, false},
		{nil, []string{"A"}, false},
		{nil, nil, false},
	} {
		i := &trust.Issuer{Types: c.entry}
		if got := i.Permits(c.types); got != c.want {
			t.Errorf("%v permits %v: %v", c.entry, c.types, got)
		}
	}
}

func TestAcceptsStatusSigner(t *testing.T) {
	i := &trust.Issuer{ID: "a", StatusSigners: []string{"b"}}
	for id, want := range map[string]bool{"a": true, "b": true, "c": false, "": false, "A": false} {
		if got := i.AcceptsStatusSigner(id); got != want {
			t.Errorf("%q: %v", id, got)
		}
	}
}

func TestValidityIsHalfOpen(t *testing.T) {
	i := &trust.Issuer{ValidFrom: at, ValidUntil: at.Add(time.Hour)}
	for d, want := range map[time.Duration]bool{-1: false, 0: true, time.Hour - 1: true, time.Hour: false} {
		if got := i.ValidAt(at.Add(d)); got != want {
			t.Errorf("after %v: %v", d, got)
		}
	}
	if !(&trust.Issuer{}).ValidAt(at) {
		t.Error("an entry without bounds is not valid")
	}
	l := parse(t)
	if l.Stale(l.Expires.Add(-1)) || !l.Stale(l.Expires) {
		t.Error("a list is stale from expires on")
	}
}
