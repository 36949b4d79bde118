package sdjwt

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/reason"
)

// inJSON is a compact presentation in the flattened form.
func inJSON(compact []byte) object {
	parts := strings.Split(string(compact), "~")
	segments := strings.Split(parts[0], ".")
	disclosures := array{}
	for _, d := range parts[1 : len(parts)-1] {
		disclosures = append(disclosures, d)
	}
	header := object{"disclosures": disclosures}
	if kb := parts[len(parts)-1]; kb != "" {
		header["kb_jwt"] = kb
	}
	return object{"protected": segments[0], "payload": segments[1], "signature": segments[2], "header": header}
}

func general(flat object) object {
	return object{"payload": flat["payload"], "signatures": array{object{"protected": flat["protected"], "signature": flat["signature"], "header": flat["header"]}}}
}

func written(t testing.TB, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestJSONFormsProveLikeTheCompactOne(t *testing.T) {
	compact := good(t).sign(t)
	want := prove(t, compact, evidence(t))
	if got := codes(want.Checks); got != "" {
		t.Fatal(got)
	}
	for name, data := range map[string][]byte{
		"flattened":                     written(t, inJSON(compact)),
		"general":                       written(t, general(inJSON(compact))),
		"with spaces around it":         append([]byte(" \n"), append(written(t, inJSON(compact)), '\n')...),
		"with members nobody knows":     written(t, with(inJSON(compact), "extra", array{1, "~"})),
		"with a parameter nobody knows": written(t, withHeader(inJSON(compact), "extra", 1)),
		"with an unprotected x5c":       written(t, withHeader(inJSON(compact), "x5c", array{"AAAA"})),
	} {
		t.Run(name, func(t *testing.T) {
			if !Mechanism().Recognise(data) {
				t.Fatal("not recognised")
			}
			got := prove(t, data, evidence(t))
			if c := codes(got.Checks); c != "" {
				t.Fatal(c)
			}
			if !got.HolderBound || got.Replay == ([32]byte{}) {
				t.Error("no proof of possession came out")
			}
		})
	}
}

func with(o object, name string, v any) object { o[name] = v; return o }

func withHeader(o object, name string, v any) object {
	header, ok := o["header"].(object)
	if !ok {
		header = o["signatures"].(array)[0].(object)["header"].(object)
	}
	header[name] = v
	return o
}

func TestAnUnprotectedKidIsAHint(t *testing.T) {
	b := good(t)
	delete(b.header, "kid")
	flat := withHeader(inJSON(b.sign(t)), "kid", "k1")
	if got := codes(prove(t, written(t, flat), evidence(t)).Checks); got != "" {
		t.Error(got)
	}
	withHeader(flat, "kid", "another")
	if got := codes(prove(t, written(t, flat), evidence(t)).Checks); got != "key_unknown" {
		t.Errorf("got %q", got)
	}
}

func TestJSONFormsRefuse(t *testing.T) {
	flat := func() object { return inJSON(good(t).sign(t)) }
	piece := func(name string, v any) any { return with(flat(), name, v) }
	parameter := func(name string, v any) any { return withHeader(flat(), name, v) }
	twice := general(flat())
	twice["signatures"] = append(twice["signatures"].(array), twice["signatures"].(array)[0])
	none := general(flat())
	none["signatures"] = array{}
	mixed := with(general(flat()), "signature", flat()["signature"])
	bare := flat()
	delete(bare, "header")
	plain := good(t)
	plain.header["typ"] = "example"
	delete(plain.payload, "vct")
	plain.bind = false
	undeclared := inJSON(plain.sign(t))
	delete(undeclared, "header")
	unprotected := flat()
	delete(unprotected, "protected")
	duplicated := strings.Replace(string(written(t, flat())), `"payload":`, `"payload":"","payload":`, 1)
	for name, c := range map[string]struct {
		data any
		code reason.Code
	}{
		"two signatures":                          {twice, reason.Malformed},
		"no signature":                            {none, reason.Malformed},
		"signatures that are no array":            {object{"payload": "", "signatures": object{}}, reason.Malformed},
		"a signature that is no object":           {object{"payload": "", "signatures": array{"x"}}, reason.Malformed},
		"members of both forms":                   {mixed, reason.Malformed},
		"no protected header":                     {unprotected, reason.Malformed},
		"a payload that is no string":             {piece("payload", object{}), reason.Malformed},
		"a payload with a separator":              {piece("payload", flat()["payload"].(string)+".AAAA~"), reason.Malformed},
		"a signature with a tilde":                {piece("signature", flat()["signature"].(string)+"~AAAA"), reason.Malformed},
		"a padded signature":                      {piece("signature", flat()["signature"].(string)+"=="), reason.Malformed},
		"a null signature":                        {piece("signature", nil), reason.Malformed},
		"a header that is no object":              {piece("header", array{}), reason.Malformed},
		"alg also unprotected":                    {parameter("alg", "ES256"), reason.Malformed},
		"kid also unprotected":                    {parameter("kid", "k1"), reason.Malformed},
		"kid that is a number":                    {parameter("kid", 1), reason.Malformed},
		"crit unprotected":                        {parameter("crit", array{"b64"}), reason.Malformed},
		"b64 unprotected":                         {parameter("b64", true), reason.Malformed},
		"disclosures that are no array":           {parameter("disclosures", "x"), reason.Malformed},
		"a disclosure that is no string":          {parameter("disclosures", array{1}), reason.Malformed},
		"a disclosure with a tilde":               {parameter("disclosures", array{nameDisclosure + "~" + villageDisclosure}), reason.Malformed},
		"an empty disclosure":                     {parameter("disclosures", array{""}), reason.Malformed},
		"a disclosure twice":                      {parameter("disclosures", array{nameDisclosure, nameDisclosure}), reason.Malformed},
		"kb_jwt that is no string":                {parameter("kb_jwt", object{}), reason.Malformed},
		"an empty kb_jwt":                         {parameter("kb_jwt", ""), reason.Malformed},
		"kb_jwt with a disclosure before it":      {parameter("kb_jwt", nameDisclosure+"~a.b.c"), reason.Malformed},
		"a JWS that does not say it is an SD-JWT": {undeclared, reason.FormatUnsupported},
		"a duplicated payload":                    {json.RawMessage(duplicated), reason.Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			data, ok := c.data.(json.RawMessage)
			if !ok {
				data = written(t, c.data)
			}
			if !Mechanism().Recognise(data) {
				t.Fatal("not recognised")
			}
			_, err := Mechanism().Parse(data)
			coded, _ := err.(*reason.Error)
			if coded == nil || coded.Code != c.code {
				t.Errorf("got %v, want %s", err, c.code)
			}
		})
	}
}

func TestJSONFormsFailOnOneCause(t *testing.T) {
	flip := func(s any) string {
		raw, _ := base64url.Decode([]byte(s.(string)))
		raw[len(raw)/2] ^= 1
		return base64url.Encode(raw)
	}
	for name, c := range map[string]struct {
		change func(object)
		codes  string
	}{
		"a bit of the signature":     {func(o object) { o["signature"] = flip(o["signature"]) }, "signature_invalid"},
		"no signature":               {func(o object) { o["signature"] = "" }, "signature_missing"},
		"a disclosure less":          {func(o object) { withHeader(o, "disclosures", array{nameDisclosure}) }, "holder_binding_mismatch"},
		"disclosures in other order": {func(o object) { d := o["header"].(object)["disclosures"].(array); d[0], d[1] = d[1], d[0] }, "holder_binding_mismatch"},
		"no KB-JWT":                  {func(o object) { delete(o["header"].(object), "kb_jwt") }, "holder_binding_missing"},
	} {
		t.Run(name, func(t *testing.T) {
			flat := inJSON(good(t).sign(t))
			c.change(flat)
			if got := codes(prove(t, written(t, flat), evidence(t)).Checks); got != c.codes {
				t.Errorf("got %q, want %q", got, c.codes)
			}
		})
	}
}

func TestRecogniseTellsAJWSFromOtherJSON(t *testing.T) {
	for _, s := range []string{
		`{"@context":[],"proof":{"payload":"x","signature":"y"}}`,
		`{"a":"payload","b":"signature"}`,
		`{"payload":"x"}`, `["payload","signature"]`, `{`, `{"payload":"x","signature":"y"`,
		`{"a":"\"payload\":1,\"signature\":2"}`,
	} {
		if Mechanism().Recognise([]byte(s)) {
			t.Errorf("took %s", s)
		}
	}
}

// w3c is a VCDM 2.0 credential as an SD-JWT.
func w3c(t testing.TB) *built {
	b := good(t)
	b.header["typ"] = "vc+sd-jwt"
	b.payload = object{
		"@context": array{"https://www.w3.org/ns/credentials/v2"},
		"type":     array{"VerifiableCredential", "CitizenCredential"},
		"issuer":   issuerID, "validFrom": "2020-01-01T00:00:00Z", "validUntil": "2040-01-01T00:00:00Z",
		"credentialSubject": object{"_sd": array{dig(nameDisclosure)}},
		"credentialStatus": object{
			"type": "BitstringStatusListEntry", "statusPurpose": "revocation",
			"statusListIndex": "7", "statusListCredential": issuerID + "/status",
		},
		"cnf": b.payload["cnf"], "iat": now.Unix() - 100,
	}
	b.disclosures = []string{nameDisclosure}
	return b
}

func TestW3CCredentialAsSDJWT(t *testing.T) {
	c := prove(t, w3c(t).sign(t), evidence(t))
	if got := codes(c.Checks); got != "" {
		t.Fatal(got)
	}
	if c.Format != credential.FormatVCSDJWT || c.Issuer != issuerID || strings.Join(c.Types, " ") != "VerifiableCredential CitizenCredential" {
		t.Errorf("%s by %s: %v", c.Format, c.Issuer, c.Types)
	}
	if len(c.Contexts) != 1 || len(c.Status) != 1 || c.Status[0].Mechanism != credential.StatusBitstring || c.Status[0].Index != 7 {
		t.Errorf("contexts %v, status %v", c.Contexts, c.Status)
	}
	if c.Expires.Year() != 2040 || !c.HolderBound {
		t.Errorf("expires %v, bound %v", c.Expires, c.HolderBound)
	}
	if name, _ := c.Claims.String("credentialSubject", "full_name"); name != "Pema" {
		t.Error("the disclosed claim did not come out")
	}
}

func TestW3CCredentialAsSDJWTFailsOnOneCause(t *testing.T) {
	set := func(name string, v any) func(*built) { return func(b *built) { b.payload[name] = v } }
	for name, c := range map[string]struct {
		change func(*built)
		codes  string
	}{
		"validUntil has come":   {set("validUntil", now.UTC().Format("2006-01-02T15:04:05Z")), "expired"},
		"validFrom lies ahead":  {set("validFrom", "2039-01-01T00:00:00Z"), "not_yet_valid"},
		"the JWT's exp is past": {set("exp", now.Unix()-1), "expired"},
		"an inline context":     {set("@context", array{"https://www.w3.org/ns/credentials/v2", object{"a": "b:c"}}), "context_not_accepted"},
		"an unknown issuer":     {set("issuer", "https://other.example"), "issuer_unknown"},
		"no cnf":                {func(b *built) { delete(b.payload, "cnf") }, "holder_binding_missing"},
	} {
		t.Run(name, func(t *testing.T) {
			b := w3c(t)
			c.change(b)
			proven := prove(t, b.sign(t), evidence(t))
			if got := codes(proven.Checks); got != c.codes || proven.Claims.Len() > 0 {
				t.Errorf("got %q, want %q", got, c.codes)
			}
		})
	}
}

func TestW3CCredentialAsSDJWTIsMalformed(t *testing.T) {
	set := func(name string, v any) func(*built) { return func(b *built) { b.payload[name] = v } }
	drop := func(name string) func(*built) { return func(b *built) { delete(b.payload, name) } }
	withheldMember := func(name string, v any) func(*built) {
		return func(b *built) {
			d := sd("salt 9", name, v)
			delete(b.payload, name)
			b.payload["_sd"] = array{dig(d)}
			b.disclosures = append(b.disclosures, d)
		}
	}
	for name, change := range map[string]func(*built){
		"a vc claim":            set("vc", object{}),
		"a vp claim":            set("vp", object{}),
		"a vc claim, disclosed": withheldMember("vc", object{}),
		"a vct, disclosed":      withheldMember("vct", "urn:x"),
		"a vc header":           func(b *built) { b.header["vc"] = 1 },
		"cty of a presentation": func(b *built) { b.header["cty"] = "vp" },
		"no type":               drop("type"),
		"no issuer":             drop("issuer"),
		"no subject":            drop("credentialSubject"),
		"iss of another":        set("iss", "https://other.example"),
		"sub of another": func(b *built) {
			b.payload["sub"] = "did:a:b"
			b.payload["credentialSubject"] = object{"id": "did:a:c"}
			b.disclosures = nil
		},
		"issuer withheld":                withheldMember("issuer", issuerID),
		"validUntil withheld":            withheldMember("validUntil", "2040-01-01T00:00:00Z"),
		"credentialStatus withheld":      withheldMember("credentialStatus", object{"type": "x"}),
		"a part of validity in its list": set("credentialStatus", object{"_sd": array{dig("x")}, "type": "x"}),
		"the context withheld":           withheldMember("@context", array{"https://www.w3.org/ns/credentials/v2"}),
		"validUntil that is no date":     set("validUntil", "tomorrow"),
		"a status without index":         set("credentialStatus", object{"type": "BitstringStatusListEntry"}),
	} {
		t.Run(name, func(t *testing.T) {
			b := w3c(t)
			change(b)
			_, err := Mechanism().Parse(b.sign(t))
			coded, _ := err.(*reason.Error)
			if coded == nil || coded.Code != reason.Malformed {
				t.Errorf("got %v", err)
			}
		})
	}
}

// Without the typ it is a plain SD-JWT, but no eternal one.
func TestW3CCredentialWithoutTypKeepsItsLimits(t *testing.T) {
	b := w3c(t)
	delete(b.header, "typ")
	c := prove(t, b.sign(t), evidence(t))
	if got := codes(c.Checks); got != "" || c.Format != credential.FormatSDJWT || len(c.Status) != 1 {
		t.Errorf("%s: %q, status %v", c.Format, got, c.Status)
	}
	b = w3c(t)
	delete(b.header, "typ")
	b.payload["validUntil"] = "2020-01-02T00:00:00Z"
	if got := codes(prove(t, b.sign(t), evidence(t)).Checks); got != "expired" {
		t.Errorf("got %q", got)
	}
}

func TestThePresenterStandsInForTheKeyBinding(t *testing.T) {
	holder := signer(t, credential.ES256, "holder").Public("")
	other := signer(t, credential.ES256, "another").Public("")
	bySubject := func(b *built) {
		delete(b.payload, "cnf")
		b.payload["credentialSubject"] = object{"id": "did:example:holder"}
		b.disclosures = nil
	}
	for name, c := range map[string]struct {
		change    func(*built)
		presenter credential.Presenter
		binding   credential.Binding
		codes     string
	}{
		"the key in cnf":            {func(*built) {}, credential.Presenter{Key: holder}, credential.Bound(nonce, kioskID), ""},
		"another key":               {func(*built) {}, credential.Presenter{Key: other, ID: "did:example:holder"}, credential.Bound(nonce, kioskID), "holder_binding_mismatch"},
		"another key, bearer":       {func(*built) {}, credential.Presenter{Key: other}, credential.BearerUnsafe(), "holder_binding_mismatch"},
		"the subject":               {bySubject, credential.Presenter{Key: other, ID: "did:example:holder"}, credential.Bound(nonce, kioskID), ""},
		"another subject":           {bySubject, credential.Presenter{Key: other, ID: "did:example:other"}, credential.Bound(nonce, kioskID), "holder_binding_mismatch"},
		"the subject's DID's child": {bySubject, credential.Presenter{Key: other, ID: "did:example:holder#1"}, credential.Bound(nonce, kioskID), "holder_binding_mismatch"},
		"nobody":                    {func(b *built) { delete(b.payload, "cnf") }, credential.Presenter{Key: other, ID: "did:example:holder"}, credential.Bound(nonce, kioskID), "holder_binding_missing"},
	} {
		t.Run(name, func(t *testing.T) {
			b := w3c(t)
			b.bind = false
			c.change(b)
			ev := evidence(t)
			c.presenter.Replay = [32]byte{1}
			ev.Presenter, ev.Binding = &c.presenter, c.binding
			got := prove(t, b.sign(t), ev)
			if codes(got.Checks) != c.codes {
				t.Errorf("got %q, want %q", codes(got.Checks), c.codes)
			}
			if got.HolderBound != (c.codes == "") || got.HolderBound && got.Replay != c.presenter.Replay {
				t.Errorf("bound: %v, replay %x", got.HolderBound, got.Replay)
			}
		})
	}
}
