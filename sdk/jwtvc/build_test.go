package jwtvc

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/reason"
)

type object = map[string]any
type array = []any

const (
	issuerDID = "did:example:issuer"
	holderDID = "did:example:holder"
	issuerKey = issuerDID + "#key-1"
	holderKey = holderDID + "#key-1"
	kioskID   = "https://bank.example/kiosk"
	nonce     = "n-0S6_WzA2Mj"
	baseV1    = "https://www.w3.org/2018/credentials/v1"
	baseV2    = "https://www.w3.org/ns/credentials/v2"
	idCard    = "https://issuer.example/contexts/id-card"
	made      = "2026-01-01T00:00:00Z"
	until     = "2027-01-01T00:00:00Z"
)

var (
	now       = time.Date(2026, 11, 24, 5, 0, 0, 0, time.UTC)
	madeUnix  = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	untilUnix = time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
)

func key(t testing.TB, a credential.Algorithm, seed string) *jws.PrivateKey {
	t.Helper()
	k, err := jws.Derive(a, []byte(seed))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// built is a token to be: change what you like, and sign it.
type built struct {
	by      *jws.PrivateKey
	header  object
	payload object
}

func (b *built) sign(t testing.TB) string {
	t.Helper()
	payload, err := json.Marshal(b.payload)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jws.Sign(b.header, payload, b.by)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// document is what b secures.
func (b *built) document() object {
	for _, name := range []string{"vc", "vp"} {
		if inner, ok := b.payload[name].(object); ok {
			return inner
		}
	}
	return b.payload
}

func v1(t testing.TB) *built {
	return &built{key(t, credential.ES256, "issuer"), object{"typ": "JWT", "kid": issuerKey}, object{
		"iss": issuerDID, "sub": holderDID, "jti": "urn:uuid:1", "nbf": madeUnix, "exp": untilUnix, "iat": madeUnix + 60,
		"vc": object{
			"@context": array{baseV1, idCard}, "id": "urn:uuid:1", "type": array{"VerifiableCredential", "IDCard"},
			"issuer": issuerDID, "issuanceDate": made, "expirationDate": until,
			"credentialSubject": object{"id": holderDID, "name": "Pema"},
		},
	}}
}

func v2(t testing.TB) *built {
	return &built{key(t, credential.ES256, "issuer"), object{"typ": "vc+jwt", "cty": "vc", "kid": issuerKey}, object{
		"iss": issuerDID, "iat": madeUnix + 60, "exp": untilUnix,
		"@context": array{baseV2, idCard}, "id": "urn:uuid:1", "type": array{"VerifiableCredential", "IDCard"},
		"issuer": issuerDID, "validFrom": made, "validUntil": until,
		"credentialSubject": object{"id": holderDID, "name": "Pema"},
	}}
}

func envelope(token string) object {
	return object{"@context": baseV2, "type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt," + token}
}

func vp1(t testing.TB, credentials ...any) *built {
	return &built{key(t, credential.EdDSA, "holder"), object{"typ": "JWT", "kid": holderKey}, object{
		"iss": holderDID, "aud": kioskID, "nonce": nonce, "iat": now.Unix() - 5, "exp": now.Unix() + 300, "jti": "urn:uuid:2",
		"vp": object{
			"@context": array{baseV1}, "type": array{"VerifiablePresentation"}, "id": "urn:uuid:2", "holder": holderDID,
			"verifiableCredential": append(array{}, credentials...),
		},
	}}
}

func vp2(t testing.TB, credentials ...any) *built {
	return &built{key(t, credential.EdDSA, "holder"), object{"typ": "vp+jwt", "cty": "vp", "kid": holderKey}, object{
		"iss": holderDID, "aud": kioskID, "nonce": nonce, "iat": now.Unix() - 5,
		"@context": array{baseV2}, "type": "VerifiablePresentation", "holder": holderDID,
		"verifiableCredential": append(array{}, credentials...),
	}}
}

// ring finds keys as a trust list does: by the signer's own identifier and the
// exact name of the key, each for one purpose.
type ring []credential.Key

func keys(t testing.TB) ring {
	return ring{
		key(t, credential.ES256, "issuer").Public(issuerKey).WithController(issuerDID).WithPurposes(credential.AssertionMethod),
		key(t, credential.EdDSA, "holder").Public(holderKey).WithController(holderDID).WithPurposes(credential.Authentication),
	}
}

func (r ring) Find(s credential.Signer) (out []credential.Key, _ []credential.Check) {
	for _, k := range r {
		if k.Controller() == s.ID && (k.ID() == s.KeyID || s.KeyID == "") {
			out = append(out, k)
		}
	}
	if out == nil {
		return nil, []credential.Check{credential.Fail(reason.CheckKey, reason.KeyUnknown, "")}
	}
	return out, []credential.Check{credential.Pass(reason.CheckKey, "")}
}

func evidence(t testing.TB) credential.Evidence {
	return credential.Evidence{Keys: keys(t), Binding: credential.Bound(nonce, kioskID), At: now}
}

func parseToken(t testing.TB, token string) credential.Presentation {
	t.Helper()
	if !Mechanism().Recognise([]byte(token)) {
		t.Fatalf("not recognised: %s", token)
	}
	p, err := Mechanism().Parse([]byte(token))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// answer is the code that Parse gives, or the codes that prove gives.
func answer(t testing.TB, token string, ev credential.Evidence) string {
	t.Helper()
	p, err := Mechanism().Parse([]byte(token))
	if err != nil {
		return parseCode(t, err)
	}
	f := p.Prove(ev)
	if len(f.Credentials) == 1 && len(f.Checks) == 0 {
		c := f.Credentials[0]
		got := codes(c.Checks)
		if (got != "") != (c.Claims.Len() == 0) {
			t.Errorf("%d claims under %q", c.Claims.Len(), got)
		}
		return got
	}
	return codes(f.Checks)
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

func parseCode(t testing.TB, err error) string {
	t.Helper()
	var coded *reason.Error
	if !errors.As(err, &coded) {
		t.Fatalf("uncoded error %v", err)
	}
	switch coded.Code {
	case reason.Malformed, reason.TooLarge, reason.FormatUnsupported:
	default:
		t.Fatalf("code %s", coded.Code)
	}
	return string(coded.Code)
}

// open proves a presentation and everything in it, as package verify does.
func open(t testing.TB, token string, ev credential.Evidence) (checks []credential.Check, found []credential.Credential) {
	t.Helper()
	f := parseToken(t, token).Prove(ev)
	checks, found = f.Checks, f.Credentials
	for _, e := range f.Enclosed {
		inner := ev
		inner.Presenter = f.Presenter
		more, credentials := open(t, string(e.Data), inner)
		checks, found = append(checks, more...), append(found, credentials...)
	}
	return checks, found
}
