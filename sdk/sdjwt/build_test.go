package sdjwt

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/reason"
)

type object = map[string]any
type array = []any

const (
	issuerID = "https://issuer.example"
	kioskID  = "https://bank.example/kiosk/1"
	nonce    = "a fresh nonce"
)

var now = time.Unix(1_800_000_000, 0)

func signer(t testing.TB, alg credential.Algorithm, seed string) *jws.PrivateKey {
	t.Helper()
	k, err := jws.Derive(alg, []byte(seed))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// sd is a disclosure: an array element's of two parts, or a claim's of three.
func sd(content ...any) string {
	data, err := json.Marshal(content)
	if err != nil {
		panic(err)
	}
	return base64url.Encode(data)
}

// dig is the digest of a disclosure or a decoy.
func dig(disclosure string) string { return hash("sha-256").digest([]byte(disclosure)) }

var (
	nameDisclosure    = sd("salt 1", "full_name", "Pema")
	villageDisclosure = sd("salt 2", "village", "Ura")
	bhutanDisclosure  = sd("salt 3", "BT")
	idDisclosure      = sd("salt 4", "numbers", object{"_sd": array{dig(innerDisclosure)}, "kind": "CID"})
	innerDisclosure   = sd("salt 5", "value", "12345678901")
)

// built is a presentation to be: change what you like, and sign it.
type built struct {
	issuer, holder jws.Signer
	header         object
	payload        object
	disclosures    []string
	bind           bool
	kbHeader       object
	kb             object
	tail           string // appended to the finished text
	swap           func(text string) string
}

// good is an SD-JWT VC with a claim, a claim in an object, an array element, a
// recursive claim and decoys, presented to the kiosk with all of them.
func good(t testing.TB) *built {
	t.Helper()
	holder := signer(t, credential.ES256, "holder")
	return &built{
		issuer: signer(t, credential.ES256, "issuer"),
		holder: holder,
		header: object{"typ": "dc+sd-jwt", "kid": "k1"},
		payload: object{
			"iss": issuerID, "vct": "urn:example:citizen", "iat": now.Unix() - 100, "nbf": now.Unix() - 100, "exp": now.Unix() + 100,
			"_sd_alg":       "sha-256",
			"cnf":           object{"jwk": holder.JWK("")},
			"status":        object{"status_list": object{"idx": 7, "uri": issuerID + "/status"}},
			"_sd":           array{dig(nameDisclosure), dig(idDisclosure), dig("decoy 1")},
			"address":       object{"dzongkhag": "Bumthang", "_sd": array{dig(villageDisclosure)}},
			"nationalities": array{object{"...": dig(bhutanDisclosure)}, object{"...": dig("decoy 2")}, "IN"},
		},
		disclosures: []string{nameDisclosure, villageDisclosure, bhutanDisclosure, idDisclosure, innerDisclosure},
		bind:        true,
		kbHeader:    object{"typ": "kb+jwt"},
		kb:          object{"aud": kioskID, "nonce": nonce, "iat": now.Unix() - 5},
	}
}

func (b *built) sign(t testing.TB) []byte {
	t.Helper()
	payload, err := json.Marshal(b.payload)
	if err != nil {
		t.Fatal(err)
	}
	return b.signPayload(t, payload)
}

// signPayload signs payload as it is, for what no Go map can hold.
func (b *built) signPayload(t testing.TB, payload []byte) []byte {
	t.Helper()
	jwt, err := jws.Sign(b.header, payload, b.issuer)
	if err != nil {
		t.Fatal(err)
	}
	text := jwt + "~"
	for _, d := range b.disclosures {
		text += d + "~"
	}
	if b.bind {
		if _, ok := b.kb["sd_hash"]; !ok {
			b.kb["sd_hash"] = dig(text)
		}
		kb, err := json.Marshal(b.kb)
		if err != nil {
			t.Fatal(err)
		}
		kbJWT, err := jws.Sign(b.kbHeader, kb, b.holder)
		if err != nil {
			t.Fatal(err)
		}
		text += kbJWT
	}
	if b.swap != nil {
		text = b.swap(text)
	}
	return []byte(text + b.tail)
}

// discloseVia adds disclosures whose digests stand at the top level.
func (b *built) discloseVia(ds ...string) {
	list := b.payload["_sd"].(array)
	for _, d := range ds {
		list = append(list, dig(d))
	}
	b.payload["_sd"] = list
	b.disclosures = append(b.disclosures, ds...)
}

// keys knows the issuer of good, with one key called k1.
func keys(t testing.TB) credential.KeysFunc {
	public := signer(t, credential.ES256, "issuer").Public("k1").WithController(issuerID)
	return func(s credential.Signer) ([]credential.Key, []credential.Check) {
		switch {
		case s.Role != credential.RoleIssuer:
			t.Errorf("asked for keys of role %d", s.Role)
		case s.ID != issuerID && s.ID != "":
			return nil, []credential.Check{credential.Fail(reason.CheckIssuer, reason.IssuerUnknown, s.ID)}
		case s.KeyID != "k1" && s.KeyID != "":
			return nil, []credential.Check{credential.Pass(reason.CheckIssuer, s.ID), credential.Fail(reason.CheckKey, reason.KeyUnknown, s.KeyID)}
		}
		return []credential.Key{public}, []credential.Check{credential.Pass(reason.CheckIssuer, s.ID), credential.Pass(reason.CheckKey, "k1")}
	}
}

func evidence(t testing.TB) credential.Evidence {
	return credential.Evidence{Keys: keys(t), Binding: credential.Bound(nonce, kioskID), At: now}
}

func prove(t testing.TB, token []byte, ev credential.Evidence) credential.Credential {
	t.Helper()
	p, err := Mechanism().Parse(token)
	if err != nil {
		t.Fatal(err)
	}
	f := p.Prove(ev)
	if len(f.Credentials) != 1 || len(f.Checks) != 0 || len(f.Enclosed) != 0 {
		t.Fatalf("findings %+v", f)
	}
	return f.Credentials[0]
}

// codes are the codes of all checks that did not pass, "?" before those that are
// undecided, sorted.
func codes(checks []credential.Check) string {
	var list []string
	for _, c := range checks {
		switch c.Verdict {
		case reason.Failed:
			list = append(list, string(c.Code))
		case reason.Undecided:
			list = append(list, "?"+string(c.Code))
		}
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

func names(checks []credential.Check) string {
	var list []string
	for _, c := range checks {
		list = append(list, string(c.Name))
	}
	return strings.Join(list, " ")
}

func signRaw(k jws.Signer, payload []byte) ([]byte, error) {
	jwt, err := jws.Sign(object{"typ": "kb+jwt"}, payload, k)
	return []byte(jwt), err
}
