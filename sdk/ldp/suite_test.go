package ldp

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/rdfc"
	"github.com/dzong-id/dzong/sdk/reason"
)

// testSuite signs the options and statements as they are, and says beside it what
// its fields say.
type testSuite struct {
	kind, cryptosuite string
	verdict           Verdict
}

func (s testSuite) Makes(kind, cryptosuite string) bool {
	return kind == s.kind && cryptosuite == s.cryptosuite
}

func (s testSuite) Parse(_, _, value string) (Proof, error) {
	signature, err := base64url.Decode(value)
	if err != nil {
		return nil, malformed("the test suite's proofValue", nil)
	}
	return testProof{s.verdict, signature}, nil
}

type testProof struct {
	verdict   Verdict
	signature []byte
}

func (testProof) Algorithm() credential.Algorithm { return credential.EdDSA }

func (p testProof) Verify(s *Secured, k credential.Key) Verdict {
	signed, ok := testSigned(s)
	if !ok || k.Verify(credential.EdDSA, signed, p.signature) != nil {
		return Verdict{}
	}
	p.verdict.Verified = true
	return p.verdict
}

func testSigned(s *Secured) ([]byte, bool) {
	options, ok := s.Options("", "nonce")
	return []byte(strings.Join(slices.Concat(options, rdfc.Lines(s.Statements())), "")), ok
}

// signTest adds a proof of a testSuite.
func signTest(t testing.TB, body object, proof object, k key) object {
	t.Helper()
	m := Mechanism(With(testSuite{kind: proof["type"].(string)})).(*mechanism)
	body, proof = roundTrip(t, body).(object), roundTrip(t, proof).(object)
	proof["proofValue"] = "AA"
	p, err := m.parseProof(proof)
	if err != nil {
		t.Fatal(err)
	}
	d := &document{mechanism: m, body: body}
	d.contexts, _ = urls(body["@context"])
	statements, check := (&canonical{document: d, source: contexts()}).statements(body, true, false)
	if check != nil {
		t.Fatal(check.Code)
	}
	signed, _ := testSigned(&Secured{statements: statements, proof: p, contexts: d.contexts})
	proof["proofValue"] = base64url.Encode(k.sign(signed))
	out := without(body, "proof")
	out["proof"] = proof
	return out
}

func TestSuiteBesideTheOwn(t *testing.T) {
	k := newKey(t, credential.EdDSA, issuerKey)
	plain := testSuite{kind: "TestSignature"}
	proofOf := func(o object) object { return o["proof"].(object) }
	for name, c := range map[string]struct {
		suite   Suite
		options func(object)
		body    func(object)
		after   func(object)
		want    string
	}{
		"a good proof":                   {},
		"a member that is left out":      {after: func(o object) { proofOf(o)["nonce"] = "x" }},
		"a suite that was not added":     {suite: testSuite{kind: "OtherSignature"}, want: "algorithm_refused"},
		"a changed claim":                {after: func(o object) { o["credentialSubject"].(object)["Full Name"] = "Dorji" }, want: "signature_invalid"},
		"a changed option":               {after: func(o object) { proofOf(o)["created"] = "2026-11-24T04:59:31Z" }, want: "signature_invalid"},
		"another purpose":                {options: func(o object) { o["proofPurpose"] = "authentication" }, want: "signature_invalid"},
		"a proof before it":              {options: func(o object) { o["previousProof"] = "urn:x" }, want: "signature_invalid"},
		"a member that nothing signs":    {after: func(o object) { proofOf(o)["note"] = "x" }, want: "signature_invalid"},
		"a cryptosuite that is not said": {after: func(o object) { proofOf(o)["cryptosuite"] = "test-2026" }, want: "algorithm_refused"},
		"a key that is not found":        {after: func(o object) { proofOf(o)["verificationMethod"] = issuerDID + "#key-2" }, want: "key_unknown"},
		"a term that nothing defines":    {body: func(o object) { o["unknown"] = "x" }, want: "claims_not_covered"},
		"what the suite does not cover":  {suite: testSuite{kind: "TestSignature", verdict: Verdict{Uncovered: true}}, want: "claims_not_covered"},
		"a check that the suite makes": {suite: testSuite{kind: "TestSignature", verdict: Verdict{
			Checks: []credential.Check{credential.Fail(reason.CheckFreshness, reason.NonceMismatch, "")}}}, want: "nonce_mismatch"},
		"expired": {body: func(o object) { o["validUntil"] = "2026-11-24T05:00:00Z" }, want: "expired"},
	} {
		t.Run(name, func(t *testing.T) {
			body, o := vc(), options("TestSignature", issuerKey)
			if c.body != nil {
				c.body(body)
			}
			if c.options != nil {
				c.options(o)
			}
			signed := signTest(t, body, o, k)
			if c.after != nil {
				c.after(signed)
			}
			if c.suite == nil {
				c.suite = plain
			}
			out := one(t, parse(t, signed, With(c.suite)), evidence(k))
			if got := codes(out.Checks); got != c.want || (got == "") != (out.Claims.Len() > 0) {
				t.Errorf("%q with %d claims, want %q", got, out.Claims.Len(), c.want)
			}
		})
	}
}

func TestSuiteSecuresNoPresentation(t *testing.T) {
	k := newKey(t, credential.EdDSA, holderKey)
	signed := signTest(t, vp(t, sign(t, vc(), options("eddsa-rdfc-2022", issuerKey), k, contexts())), options("TestSignature", holderKey), k)
	ev := evidence(k)
	ev.Binding = credential.Bound(nonce, kioskID)
	f := parse(t, signed, With(testSuite{kind: "TestSignature"})).Prove(ev)
	if codes(f.Checks) != "algorithm_refused" || f.Presenter != nil {
		t.Errorf("%q", codes(f.Checks))
	}
}

func TestSuiteTakesNoOthersPlace(t *testing.T) {
	k := newKey(t, credential.EdDSA, issuerKey)
	signed := sign(t, vc(), options("eddsa-rdfc-2022", issuerKey), k, contexts())
	greedy := testSuite{kind: dataIntegrity, cryptosuite: "eddsa-rdfc-2022"}
	if out := one(t, parse(t, signed, With(greedy)), evidence(k)); codes(out.Checks) != "" {
		t.Error(codes(out.Checks))
	}
}

func TestSuiteParseErrorIsTheAnswer(t *testing.T) {
	k := newKey(t, credential.EdDSA, issuerKey)
	for name, value := range map[string]any{"what the suite cannot read": "=", "no string": 1, "empty": ""} {
		signed := signTest(t, vc(), options("TestSignature", issuerKey), k)
		signed["proof"].(object)["proofValue"] = value
		p, err := Mechanism(With(testSuite{kind: "TestSignature"})).Parse(marshal(t, signed))
		if p != nil || err == nil {
			t.Errorf("%s: taken", name)
			continue
		}
		checkCode(t, err)
	}
}

// A suite may tell identifiers that the signer did not give: they are no claims, name
// no subject, and must not be referred to.
func TestSuiteTellsWhatIsUnnamed(t *testing.T) {
	k, holder := newKey(t, credential.EdDSA, issuerKey), newKey(t, credential.EdDSA, holderKey)
	const made = "urn:made:1"
	suite := testSuite{kind: "TestSignature", verdict: Verdict{Unnamed: func(id string) bool { return id == made }}}
	prove := func(change func(object), ev credential.Evidence) credential.Credential {
		body := vc()
		change(body)
		return one(t, parse(t, signTest(t, body, options("TestSignature", issuerKey), k), With(suite)), ev)
	}
	nameless := func(o object) { o["credentialSubject"].(object)["id"] = made }
	out := prove(nameless, evidence(k))
	if _, ok := out.Claims.String("credentialSubject", "id"); ok || codes(out.Checks) != "" {
		t.Errorf("%q, %s", codes(out.Checks), marshal(t, out.Claims))
	}
	if name, _ := out.Claims.String("credentialSubject", "Full Name"); name != "Pema" {
		t.Error("a claim beside the identifier is gone")
	}
	out = prove(func(o object) { nameless(o); o["credentialSubject"].(object)["link"] = made }, evidence(k))
	if codes(out.Checks) != "claims_not_covered" || out.Claims.Len() > 0 {
		t.Errorf("referred to: %q", codes(out.Checks))
	}
	ev := evidence(k)
	ev.Binding = credential.Bound(nonce, kioskID)
	ev.Presenter = &credential.Presenter{ID: made, Key: holder.public}
	if out = prove(nameless, ev); codes(out.Checks) != "holder_binding_missing" {
		t.Errorf("presented by who calls itself so: %q", codes(out.Checks))
	}
}

func TestSecuredAnswers(t *testing.T) {
	presenter := &credential.Presenter{ID: holderDID}
	for name, c := range map[string]struct {
		binding   credential.Binding
		presenter *credential.Presenter
		answers   string
		want      string
	}{
		"the challenge":                           {credential.Bound(nonce, kioskID), nil, nonce, ""},
		"another":                                 {credential.Bound(nonce, kioskID), nil, "x", "nonce_mismatch"},
		"none":                                    {credential.Bound(nonce, kioskID), nil, "", "nonce_mismatch"},
		"another, the presentation answers":       {credential.Bound(nonce, kioskID), presenter, "x", ""},
		"another, and no challenge":               {credential.Fresh(kioskID, time.Minute), nil, "x", ""},
		"another, and nothing is wanted of it":    {credential.BearerUnsafe(), nil, "x", ""},
		"none, and the zero binding wants nobody": {credential.Binding{}, nil, "", ""},
	} {
		s := &Secured{Evidence: credential.Evidence{Binding: c.binding, Presenter: c.presenter}}
		if got := codes(s.Answers([]byte(c.answers))); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
