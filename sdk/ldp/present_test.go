package ldp

import (
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
)

// both are the keys of an issuer and a holder.
func both(t testing.TB) (issuer, holder key) {
	t.Helper()
	return newKey(t, credential.EdDSA, issuerKey), newKey(t, credential.EdDSA, holderKey)
}

// open proves a presentation and everything it encloses, as package verify does.
func open(t testing.TB, data []byte, ev credential.Evidence) (checks []credential.Check, credentials []credential.Credential) {
	t.Helper()
	p, err := Mechanism().Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	f := p.Prove(ev)
	checks, credentials = f.Checks, f.Credentials
	for _, c := range f.Credentials {
		checks = append(checks, c.Checks...)
	}
	ev.Presenter = f.Presenter
	for _, e := range f.Enclosed {
		inner, found := open(t, e.Data, ev)
		checks, credentials = append(checks, inner...), append(credentials, found...)
	}
	return checks, credentials
}

func TestPresentationBindsWhatItEncloses(t *testing.T) {
	issuer, holder := both(t)
	for _, suite := range []string{"eddsa-rdfc-2022", "eddsa-jcs-2022", "Ed25519Signature2018", "Ed25519Signature2020"} {
		inside := sign(t, vc(), options("eddsa-rdfc-2022", issuerKey), issuer, contexts())
		outside := marshal(t, sign(t, vp(t, inside), options(suite, holderKey), holder, contexts()))
		for name, b := range map[string]credential.Binding{
			"bound":  credential.Bound(nonce, kioskID),
			"fresh":  credential.Fresh(kioskID, time.Minute),
			"bearer": credential.BearerUnsafe(),
		} {
			ev := evidence(issuer, holder)
			ev.Binding = b
			checks, found := open(t, outside, ev)
			wanted := name != "bearer"
			if codes(checks) != "" || len(found) != 1 || found[0].Claims.Len() == 0 {
				t.Fatalf("%s %s: %q, %d credentials", suite, name, codes(checks), len(found))
			}
			if wanted != (found[0].Replay != [32]byte{}) {
				t.Errorf("%s %s: replay key %x", suite, name, found[0].Replay)
			}
			if wanted && (!found[0].HolderBound || found[0].ProofTime.IsZero() || !found[0].Holder.Equal(holder.public)) {
				t.Errorf("%s %s: not bound", suite, name)
			}
		}
	}
}

func TestPresentationOneCauseEach(t *testing.T) {
	other := "did:example:other"
	proofOf := func(o object) object { return o["proof"].(object) }
	for name, c := range map[string]struct {
		change
		vc func(object) // the enclosed credential before it is signed
	}{
		"no proof":                       {change: change{after: func(o object) { delete(o, "proof") }, want: "signature_missing"}},
		"another nonce":                  {change: change{options: func(o object) { o["challenge"] = "other" }, want: "nonce_mismatch"}},
		"no nonce":                       {change: change{options: func(o object) { delete(o, "challenge") }, want: "nonce_mismatch"}},
		"a nonce changed behind it":      {change: change{options: func(o object) { o["challenge"] = "other" }, after: func(o object) { proofOf(o)["challenge"] = nonce }, want: "signature_invalid"}},
		"a nonce under its IRI as well":  {change: change{after: func(o object) { proofOf(o)[security+"challenge"] = nonce }, want: "signature_invalid"}},
		"another audience":               {change: change{options: func(o object) { o["domain"] = "https://other.example" }, want: "audience_mismatch"}},
		"no audience":                    {change: change{options: func(o object) { delete(o, "domain") }, want: "audience_mismatch"}},
		"two audiences":                  {change: change{options: func(o object) { o["domain"] = []any{kioskID, "https://other.example"} }, want: "audience_mismatch"}},
		"an expired proof":               {change: change{options: func(o object) { o["expires"] = "2026-11-24T04:59:59Z" }, want: "presentation_not_fresh"}},
		"a proof made in the future":     {change: change{options: func(o object) { o["created"] = "2026-11-24T05:02:00Z" }, want: "presentation_not_fresh"}},
		"a proof too old for the window": {change: change{ev: func(ev *credential.Evidence) { ev.Binding = credential.Fresh(kioskID, 10*time.Second) }, want: "presentation_not_fresh"}},
		"a proof without time and nonce": {change: change{options: func(o object) { delete(o, "created") }, ev: func(ev *credential.Evidence) { ev.Binding = credential.Fresh(kioskID, time.Hour) }, want: "presentation_not_fresh"}},
		"an issuer's purpose":            {change: change{options: func(o object) { o["proofPurpose"] = "assertionMethod" }, want: "signature_invalid"}},
		"a holder that the key is not":   {change: change{body: func(o object) { o["holder"] = other }, want: "key_unknown"}},
		"a holder's key for issuing": {change: change{ev: func(ev *credential.Evidence) {
			r := ev.Keys.(ring)
			r[1] = r[1].WithPurposes(credential.AssertionMethod)
		}, want: "algorithm_refused"}},
		"somebody else's credential": {vc: func(o object) { o["credentialSubject"].(object)["id"] = other }, change: change{want: "holder_binding_mismatch"}},
		"a credential about nobody":  {vc: func(o object) { delete(o["credentialSubject"].(object), "id") }, change: change{want: "holder_binding_missing"}},
		"two subjects, one of them the holder": {vc: func(o object) {
			o["credentialSubject"] = []any{o["credentialSubject"], object{"id": other, "Full Name": "x"}}
		}, change: change{want: "holder_binding_mismatch"}},
		"a credential changed inside":    {change: change{after: func(o object) { inside(o)["credentialSubject"].(object)["Full Name"] = "x" }, want: "signature_invalid"}},
		"a credential taken out":         {change: change{after: func(o object) { o["verifiableCredential"] = []any{} }, want: "signature_invalid"}},
		"an undefined member":            {change: change{body: func(o object) { o["note"] = "x" }, want: "claims_not_covered"}},
		"an inline context inside":       {change: change{after: func(o object) { inside(o)["@context"] = []any{baseV2, object{}} }, want: "context_not_accepted"}},
		"a session binding":              {change: change{ev: func(ev *credential.Evidence) { ev.Binding = credential.Session([]byte{1}, nil) }, want: "holder_binding_missing holder_binding_missing"}},
		"a lagging clock":                {change: change{options: func(o object) { o["created"] = "2026-11-24T05:10:00Z" }, ev: func(ev *credential.Evidence) { ev.Clock = credential.ClockPlausible }, want: "clock_untrusted"}},
		"no holder named: the key's DID": {change: change{body: func(o object) { delete(o, "holder") }}},
		"the challenge bounds the age":   {change: change{options: func(o object) { o["created"] = "2026-11-20T05:00:00Z" }}},
		"no time, but the right nonce":   {change: change{options: func(o object) { delete(o, "created") }}},
	} {
		t.Run(name, func(t *testing.T) {
			issuer, holder := both(t)
			body, o := vc(), options("eddsa-rdfc-2022", holderKey)
			if c.vc != nil {
				c.vc(body)
			}
			presentation := vp(t, sign(t, body, options("eddsa-rdfc-2022", issuerKey), issuer, contexts()))
			if c.body != nil {
				c.body(presentation)
			}
			if c.options != nil {
				c.options(o)
			}
			signed := sign(t, presentation, o, holder, contexts())
			if c.after != nil {
				c.after(signed)
			}
			ev := evidence(issuer, holder)
			ev.Binding = credential.Bound(nonce, kioskID)
			if c.ev != nil {
				c.ev(&ev)
			}
			checks, found := open(t, marshal(t, signed), ev)
			if got := codes(checks); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if c.want == "" && (len(found) != 1 || !found[0].HolderBound) {
				t.Error("not bound")
			}
		})
	}
}

// TestPresentationWithSeveralProofs: taken apart, it would be several presentations,
// and who has a copy could show one after the other.
func TestPresentationWithSeveralProofs(t *testing.T) {
	issuer, holder := both(t)
	inside := sign(t, vc(), options("eddsa-rdfc-2022", issuerKey), issuer, contexts())
	document := sign(t, vp(t, inside), options("eddsa-rdfc-2022", holderKey), holder, contexts())
	document["proof"] = []any{document["proof"]}
	again := options("eddsa-rdfc-2022", holderKey)
	again["created"] = "2026-11-24T04:59:31Z"
	_, err := Mechanism().Parse(marshal(t, sign(t, document, again, holder, contexts())))
	if coded, ok := err.(*reason.Error); !ok || coded.Code != reason.FormatUnsupported {
		t.Error(err)
	}
}

func inside(o object) object { return o["verifiableCredential"].([]any)[0].(object) }

// TestCapturedPresentation: a presentation that another verifier got, under
// contexts in which "challenge" and "domain" mean nothing, answers nobody here.
func TestCapturedPresentation(t *testing.T) {
	issuer, holder := both(t)
	o := options("eddsa-rdfc-2022", holderKey)
	o["challenge"], o["domain"] = "theirs", "https://theirs.example"
	signed := sign(t, vp(t, sign(t, vc(), options("eddsa-rdfc-2022", issuerKey), issuer, contexts())), o, holder, contexts())
	p := signed["proof"].(object)
	p[security+"challenge"], p[security+"domain"] = p["challenge"], p["domain"]
	p["challenge"], p["domain"] = nonce, kioskID
	ev := evidence(issuer, holder)
	ev.Binding = credential.Bound(nonce, kioskID)
	at := contexts()
	at[baseV2] = `{"@context": {"type": "@type", "VerifiablePresentation": "urn:x"}}`
	ev.Contexts = at
	if checks, found := open(t, marshal(t, signed), ev); codes(checks) != "signature_invalid" || len(found) != 0 {
		t.Errorf("%q", codes(checks))
	}
}

func TestEnvelopesAreOpenedAndProveNothing(t *testing.T) {
	envelope := func(id string) object {
		return object{"@context": baseV2, "id": id, "type": "EnvelopedVerifiableCredential"}
	}
	p := parse(t, envelope("data:application/vc+sd-jwt,eyJhbGciOiJub25lIn0.e30.~"))
	f := p.Prove(credential.Evidence{})
	if len(f.Enclosed) != 1 || len(f.Credentials) != 0 || f.Presenter != nil {
		t.Fatalf("%+v", f)
	}
	if e := f.Enclosed[0]; e.Format != credential.FormatVCSDJWT || string(e.Data) != "eyJhbGciOiJub25lIn0.e30.~" {
		t.Errorf("%s %s", e.Format, e.Data)
	}
	f = parse(t, envelope("data:application/vc+cose;base64,0oQ=")).Prove(credential.Evidence{})
	if e := f.Enclosed[0]; e.Format != "vc+cose" || string(e.Data) != "\xd2\x84" {
		t.Errorf("%s %x", e.Format, e.Data)
	}
	issuer, holder := both(t)
	presentation := vp(t, envelope("data:application/vc+jwt,eyJ.eyJ.sig"))
	signed := sign(t, presentation, options("eddsa-jcs-2022", holderKey), holder, contexts())
	ev := evidence(issuer, holder)
	ev.Binding = credential.Bound(nonce, kioskID)
	f = parse(t, signed).Prove(ev)
	if codes(f.Checks) != "" || len(f.Enclosed) != 1 || f.Enclosed[0].Format != credential.FormatVCJWT || f.Presenter == nil || f.Presenter.ID != holderDID {
		t.Errorf("%q %+v", codes(f.Checks), f.Enclosed)
	}
	for _, id := range []string{"", "https://x.example", "data:application/vc+jwt", "data:application/vc+jwt,", "data:application/vc+jwt;base64,eyJ", "data:application/vc+jwt;base64,eyJi\n", "data:application/json;base64,e30=", "data:application/json,{}", "data:a,%zz"} {
		if _, err := Mechanism().Parse(marshal(t, envelope(id))); err == nil {
			t.Errorf("%q is opened", id)
		} else {
			checkCode(t, err)
		}
	}
}

func TestMalformedDocuments(t *testing.T) {
	k := newKey(t, credential.EdDSA, issuerKey)
	proofOf := func(o object) object { return o["proof"].(object) }
	for name, c := range map[string]struct {
		change func(object)
		want   reason.Code
	}{
		"a proof inside a proof": {func(o object) {
			proofOf(o)["proof"] = proofOf(sign(t, vc(), options("eddsa-rdfc-2022", issuerKey), k, contexts()))
		}, reason.Malformed},
		"a proof that is text":            {func(o object) { o["proof"] = "x" }, reason.Malformed},
		"a proof without a method":        {func(o object) { delete(proofOf(o), "verificationMethod") }, reason.Malformed},
		"a method that is an object":      {func(o object) { proofOf(o)["verificationMethod"] = object{"id": issuerKey} }, reason.Malformed},
		"a proof without a purpose":       {func(o object) { delete(proofOf(o), "proofPurpose") }, reason.Malformed},
		"two purposes":                    {func(o object) { proofOf(o)["proofPurpose"] = []any{"assertionMethod", "x"} }, reason.Malformed},
		"a time without a zone":           {func(o object) { proofOf(o)["created"] = "2026-11-24T05:00:00" }, reason.Malformed},
		"an end that is a number":         {func(o object) { proofOf(o)["expires"] = 1 }, reason.Malformed},
		"a value in hex":                  {func(o object) { proofOf(o)["proofValue"] = "f00" }, reason.Malformed},
		"a value that is no base58":       {func(o object) { proofOf(o)["proofValue"] = "z0OIl" }, reason.Malformed},
		"no value":                        {func(o object) { delete(proofOf(o), "proofValue") }, reason.Malformed},
		"an audience that is a number":    {func(o object) { proofOf(o)["domain"] = 1 }, reason.Malformed},
		"a challenge that is empty":       {func(o object) { proofOf(o)["challenge"] = "" }, reason.Malformed},
		"a proof that follows itself":     {func(o object) { proofOf(o)["id"], proofOf(o)["previousProof"] = "urn:x", "urn:x" }, reason.Malformed},
		"two proofs of one id":            {func(o object) { proofOf(o)["id"] = "urn:x"; o["proof"] = []any{o["proof"], o["proof"]} }, reason.Malformed},
		"too many proofs":                 {func(o object) { p := o["proof"]; o["proof"] = []any{p, p, p, p, p, p, p, p, p} }, reason.TooLarge},
		"no type":                         {func(o object) { delete(o, "type") }, reason.FormatUnsupported},
		"a type of another kind":          {func(o object) { o["type"] = "Person" }, reason.FormatUnsupported},
		"a credential and a presentation": {func(o object) { o["type"] = []any{"VerifiableCredential", "VerifiablePresentation"} }, reason.Malformed},
		"no issuer":                       {func(o object) { delete(o, "issuer") }, reason.Malformed},
		"no subject":                      {func(o object) { delete(o, "credentialSubject") }, reason.Malformed},
		"no subjects in a list":           {func(o object) { o["credentialSubject"] = []any{} }, reason.Malformed},
		"a start that is no time":         {func(o object) { o["validFrom"] = "yesterday" }, reason.Malformed},
		"another first context":           {func(o object) { o["@context"] = []any{idCard, baseV2} }, reason.Malformed},
		"a status that breaks its type":   {func(o object) { o["credentialStatus"] = object{"type": "BitstringStatusListEntry"} }, reason.Malformed},
		"version 1 without a date":        {func(o object) { o["@context"] = []any{baseV1}; delete(o, "validFrom") }, reason.Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			signed := sign(t, vc(), options("eddsa-rdfc-2022", issuerKey), k, contexts())
			c.change(signed)
			_, err := Mechanism().Parse(marshal(t, signed))
			if coded, ok := err.(*reason.Error); !ok || coded.Code != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	for _, header := range []string{`{"alg":"EdDSA"}`, `{"alg":"EdDSA","b64":true,"crit":["b64"]}`, `{"alg":"EdDSA","b64":false}`,
		`{"alg":"EdDSA","b64":false,"crit":["b64","x"]}`, `{"alg":"EdDSA","b64":false,"crit":["b64"],"kid":"x"}`, `{"b64":false,"crit":["b64"]}`, `x`} {
		signed := sign(t, vc(), options("Ed25519Signature2018", issuerKey), k, contexts())
		for _, between := range []string{"..", ".e30."} {
			if header == `{"alg":"EdDSA"}` || between == ".." {
				proofOf(signed)["jws"] = encodeSegment(header) + between + "AAAA"
				if _, err := Mechanism().Parse(marshal(t, signed)); err == nil {
					t.Errorf("header %s is read", header)
				}
			}
		}
	}
}

func TestRecogniseLooksAtShape(t *testing.T) {
	for text, want := range map[string]bool{
		` {"@context":[]}`: true, `{"type":"x"}`: false, `[{"@context":1}]`: false, `eyJ.eyJ.x`: false, "": false, `"@context"`: false,
	} {
		if got := Mechanism().Recognise([]byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
