package ldp

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/google/go-cmp/cmp"
)

func evidence(keys ...key) credential.Evidence {
	r := ring{}
	for _, k := range keys {
		r = append(r, k.public)
	}
	return credential.Evidence{Keys: r, Contexts: contexts(), Binding: credential.BearerUnsafe(), At: now}
}

func one(t testing.TB, p credential.Presentation, ev credential.Evidence) credential.Credential {
	t.Helper()
	f := p.Prove(ev)
	if len(f.Credentials) != 1 || len(f.Enclosed) != 0 {
		t.Fatalf("%d credentials, %d enclosed", len(f.Credentials), len(f.Enclosed))
	}
	c := f.Credentials[0]
	if (codes(c.Checks) != "") && c.Claims.Len() != 0 {
		for _, check := range c.Checks {
			if check.Verdict == reason.Failed {
				t.Fatalf("claims in spite of %s", check.Code)
			}
		}
	}
	return c
}

// every is each suite with an algorithm it is used with.
var every = []struct {
	suite string
	alg   credential.Algorithm
}{
	{"eddsa-rdfc-2022", credential.EdDSA}, {"eddsa-jcs-2022", credential.EdDSA},
	{"ecdsa-rdfc-2019", credential.ES256}, {"ecdsa-rdfc-2019", credential.ES384},
	{"ecdsa-jcs-2019", credential.ES256}, {"ecdsa-jcs-2019", credential.ES384},
	{"Ed25519Signature2018", credential.EdDSA}, {"Ed25519Signature2020", credential.EdDSA},
	{"JsonWebSignature2020", credential.EdDSA}, {"JsonWebSignature2020", credential.ES256}, {"JsonWebSignature2020", credential.ES384},
	{"EcdsaSecp256k1Signature2019", credential.ES256K},
}

func TestEverySuiteProvesItsCredential(t *testing.T) {
	for _, s := range every {
		t.Run(s.suite+" "+string(s.alg), func(t *testing.T) {
			k := newKey(t, s.alg, issuerKey)
			signed := sign(t, vc(), options(s.suite, issuerKey), k, contexts())
			c := one(t, parse(t, signed), evidence(k))
			if codes(c.Checks) != "" {
				t.Fatal(codes(c.Checks))
			}
			if name, _ := c.Claims.String("credentialSubject", "Full Name"); name != "Pema" {
				t.Error("the name is missing")
			}
			if c.Claims.Has("proof") || c.Claims.Has("@context") {
				t.Error("claims hold what is no claim")
			}
			if c.Issuer != issuerDID || c.SigningKey != issuerKey || c.HolderBound || c.Holder != nil {
				t.Errorf("%+v", c)
			}
			if diff := cmp.Diff([]string{baseV2, idCard}, c.Contexts); diff != "" {
				t.Error(diff)
			}
			// Another key of the same name did not sign it.
			if c := one(t, parse(t, signed), evidence(newKey(t, s.alg, issuerKey))); codes(c.Checks) != "signature_invalid" {
				t.Errorf("another key: %s", codes(c.Checks))
			}
		})
	}
}

// change is a document with one thing wrong, and what is answered.
type change struct {
	options func(object) // before signing
	body    func(object) // before signing
	after   func(object) // behind the signer's back
	ev      func(*credential.Evidence)
	want    string
}

func at(when time.Time) func(*credential.Evidence) {
	return func(ev *credential.Evidence) { ev.At = when }
}

func TestOneCauseEach(t *testing.T) {
	subject := func(o object) object { return o["credentialSubject"].(object) }
	proofOf := func(o object) object { return o["proof"].(object) }
	for name, c := range map[string]change{
		"no proof":                                 {after: func(o object) { delete(o, "proof") }, want: "signature_missing"},
		"no proofs at all in a list":               {after: func(o object) { o["proof"] = []any{} }, want: "signature_missing"},
		"a changed claim":                          {after: func(o object) { subject(o)["Full Name"] = "Dorji" }, want: "signature_invalid"},
		"a claim left out":                         {after: func(o object) { delete(subject(o), "Full Name") }, want: "signature_invalid"},
		"another subject":                          {after: func(o object) { subject(o)["id"] = "did:example:other" }, want: "signature_invalid"},
		"another issuer":                           {after: func(o object) { o["issuer"] = "did:example:other" }, want: "key_unknown"},
		"another end":                              {after: func(o object) { o["validUntil"] = "2036-01-01T00:00:00Z" }, want: "signature_invalid"},
		"another context":                          {after: func(o object) { o["@context"] = []any{baseV2, swapped} }, want: "signature_invalid"},
		"an inline context":                        {after: func(o object) { o["@context"] = []any{baseV2, object{"Full Name": "urn:x"}} }, want: "context_not_accepted"},
		"an inline context inside":                 {after: func(o object) { subject(o)["@context"] = object{"Full Name": "urn:x"} }, want: "context_not_accepted"},
		"a context's URL inside":                   {after: func(o object) { subject(o)["@context"] = swapped }, want: "context_not_accepted"},
		"null among the contexts":                  {after: func(o object) { subject(o)["@context"] = nil }, want: "context_not_accepted"},
		"a context that is not at hand":            {after: func(o object) { o["@context"] = []any{baseV2, "https://nowhere.example/v1"} }, want: "context_not_accepted"},
		"no contexts at hand":                      {ev: func(ev *credential.Evidence) { ev.Contexts = nil }, want: "context_not_accepted"},
		"a purpose that is signed but not issuing": {options: func(o object) { o["proofPurpose"] = "authentication" }, want: "signature_invalid"},
		"a purpose changed":                        {after: func(o object) { proofOf(o)["proofPurpose"] = "authentication" }, want: "signature_invalid"},
		"a proof changed to be younger":            {after: func(o object) { proofOf(o)["created"] = "2026-11-24T05:00:00Z" }, want: "signature_invalid"},
		"a proof with more in it":                  {after: func(o object) { proofOf(o)["note"] = "x" }, want: "signature_invalid"},
		"a proof with a context of its own":        {after: func(o object) { proofOf(o)["@context"] = swapped }, want: "signature_invalid"},
		"another key of the issuer's":              {after: func(o object) { proofOf(o)["verificationMethod"] = issuerDID + "#key-2" }, want: "key_unknown"},
		"another's key":                            {after: func(o object) { proofOf(o)["verificationMethod"] = holderKey }, want: "key_unknown"},
		"another suite":                            {after: func(o object) { proofOf(o)["cryptosuite"] = "eddsa-jcs-2022" }, want: "signature_invalid"},
		"a suite for another kind of key":          {after: func(o object) { proofOf(o)["cryptosuite"] = "ecdsa-rdfc-2019" }, want: "algorithm_refused"},
		"a suite that is not here":                 {after: func(o object) { proofOf(o)["cryptosuite"] = "bbs-2023" }, want: "algorithm_refused"},
		"no suite":                                 {after: func(o object) { delete(proofOf(o), "cryptosuite") }, want: "algorithm_refused"},
		"a type that is not here":                  {after: func(o object) { proofOf(o)["type"] = "BbsBlsSignature2020" }, want: "algorithm_refused"},
		"a key that may not issue": {ev: func(ev *credential.Evidence) {
			r := ev.Keys.(ring)
			r[0] = r[0].WithPurposes(credential.Authentication)
		}, want: "algorithm_refused"},
		"no keys":                        {ev: func(ev *credential.Evidence) { ev.Keys = nil }, want: "issuer_unknown"},
		"a policy without the algorithm": {ev: func(ev *credential.Evidence) { ev.Algorithms, _ = credential.AlgorithmSet(0).With(credential.ES256) }, want: "algorithm_refused"},
		"expired":                        {body: func(o object) { o["validUntil"] = "2026-11-24T05:00:00Z" }, want: "expired"},
		"not yet valid":                  {body: func(o object) { o["validFrom"] = "2026-11-24T05:00:01Z" }, want: "not_yet_valid"},
		"an expired proof":               {options: func(o object) { o["expires"] = "2026-11-24T05:00:00Z" }, want: "expired"},
		"a proof made in the future":     {options: func(o object) { o["created"] = "2026-11-24T05:02:00Z" }, want: "not_yet_valid"},
		"a proof that follows one that is not there": {after: func(o object) { proofOf(o)["previousProof"] = "urn:proof:1" }, want: "signature_invalid"},
		"bound, and nobody presents":                 {ev: func(ev *credential.Evidence) { ev.Binding = credential.Bound(nonce, kioskID) }, want: "holder_binding_missing"},
		"no binding chosen":                          {ev: func(ev *credential.Evidence) { ev.Binding = credential.Binding{} }, want: "holder_binding_missing"},
		"a session binding":                          {ev: func(ev *credential.Evidence) { ev.Binding = credential.Session([]byte{1}, nil) }, want: "holder_binding_missing"},
		"a moment before its end":                    {body: func(o object) { o["validUntil"] = "2026-11-24T05:00:01Z" }},
		"a clock that lags":                          {ev: func(ev *credential.Evidence) { ev.At, ev.Clock = now.AddDate(-2, 0, 0), credential.ClockPlausible }, want: "clock_untrusted"},
		"an exact clock of long ago":                 {ev: at(now.AddDate(-2, 0, 0)), want: "not_yet_valid"},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKey(t, credential.EdDSA, issuerKey)
			body, o := vc(), options("eddsa-rdfc-2022", issuerKey)
			if c.body != nil {
				c.body(body)
			}
			if c.options != nil {
				c.options(o)
			}
			signed := sign(t, body, o, k, contexts())
			if c.after != nil {
				c.after(signed)
			}
			ev := evidence(k)
			if c.ev != nil {
				c.ev(&ev)
			}
			if got := codes(one(t, parse(t, signed), ev).Checks); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestUnsignedClaims: what the signature does not speak for is found, named, and
// kept from the claims, while the signature itself verifies.
func TestUnsignedClaims(t *testing.T) {
	for name, c := range map[string]struct {
		change func(o, subject object)
		want   string // the one name
	}{
		// FIELD §2: the context is a JSON Schema without @context, so every claim is
		// dropped before hashing.
		"NDI's schema in the place of a context": {func(o, s object) { o["@context"] = []any{baseV2, ndi}; o["type"] = "VerifiableCredential" }, "credentialSubject.Full Name"},
		"a term no context defines":              {func(o, s object) { s["ID Number"] = "11" }, "credentialSubject.ID Number"},
		"a term that is null in the context":     {func(o, s object) { s["nothing"] = "x" }, "credentialSubject.nothing"},
		"an undefined term of the credential":    {func(o, s object) { o["level"] = "high" }, "level"},
		"an undefined term deep inside":          {func(o, s object) { s["link"] = object{"id": "urn:x", "deep": "x"} }, "credentialSubject.link"},
		"an undefined type":                      {func(o, s object) { o["type"] = []any{"VerifiableCredential", "IDCard", "Minister"} }, "type"},
		"an undefined type of the subject":       {func(o, s object) { s["type"] = "Minister" }, ""},
		"a relative id":                          {func(o, s object) { s["link"] = object{"id": "other", "Full Name": "x"} }, "credentialSubject.link"},
		"a relative link":                        {func(o, s object) { s["link"] = "other" }, "credentialSubject.link"},
		"a link with a space":                    {func(o, s object) { s["link"] = "https://a b" }, "credentialSubject.link"},
		"a bad language tag":                     {func(o, s object) { s["Full Name"] = object{"@value": "x", "@language": "a b"} }, "credentialSubject.Full Name"},
		"a direction":                            {func(o, s object) { s["Full Name"] = object{"@value": "x", "@direction": "rtl"} }, "credentialSubject.Full Name"},
		"an index":                               {func(o, s object) { s["by index"] = object{"a": "x"} }, "credentialSubject.by index"},
		"null":                                   {func(o, s object) { s["Full Name"] = nil }, "credentialSubject.Full Name"},
		"null in an array":                       {func(o, s object) { s["Full Name"] = []any{"x", nil} }, "credentialSubject.Full Name"},
		"an empty array":                         {func(o, s object) { s["Full Name"] = []any{} }, "credentialSubject.Full Name"},
		"a value twice":                          {func(o, s object) { s["Full Name"] = []any{"x", "x"} }, "credentialSubject.Full Name"},
		"a number that is rounded":               {func(o, s object) { s["height"] = rounded }, "credentialSubject.height"},
		"a label of a blank node":                {func(o, s object) { s["link"] = object{"id": "_:b", "Full Name": "x"} }, "credentialSubject.link"},
		"a name with a colon and a space":        {func(o, s object) { s["Full: Name"] = "x" }, "credentialSubject.Full: Name"},
		"a property that is a blank node":        {func(o, s object) { s["_:x"] = "x" }, "credentialSubject._:x"},
		"a graph inside":                         {func(o, s object) { s["@graph"] = []any{object{"Full Name": "x"}} }, "credentialSubject.@graph"},
		"something like a keyword":               {func(o, s object) { s["@name"] = "x" }, "credentialSubject.@name"},
		"an IRI in the place of a term":          {func(o, s object) { o["https://issuer.example/terms#fullName"] = "x" }, "https://issuer.example/terms#fullName"},
		"a node described twice":                 {func(o, s object) { s["link"] = object{"id": holderDID, "height": 1} }, "credentialSubject.link"},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKey(t, credential.EdDSA, issuerKey)
			body := vc()
			c.change(body, body["credentialSubject"].(object))
			signed := sign(t, body, options("eddsa-rdfc-2022", issuerKey), k, contexts())
			got := one(t, parse(t, signed), evidence(k))
			if codes(got.Checks) != "claims_not_covered" {
				t.Fatalf("got %q", codes(got.Checks))
			}
			if got.Claims.Len() != 0 {
				t.Error("there are claims")
			}
			if c.want != "" && !cmp.Equal(got.Uncovered, []string{c.want}) && name != "a node described twice" {
				t.Errorf("named %q, want %q", got.Uncovered, c.want)
			}
			if len(got.Uncovered) == 0 {
				t.Error("nothing is named")
			}
		})
	}
	t.Run("NDI's claims can be changed, and still nobody is told them", func(t *testing.T) {
		k := newKey(t, credential.EdDSA, issuerKey)
		body := vc()
		body["@context"], body["type"] = []any{baseV2, ndi}, "VerifiableCredential"
		signed := sign(t, body, options("eddsa-rdfc-2022", issuerKey), k, contexts())
		signed["credentialSubject"].(object)["Full Name"] = "Somebody Else"
		got := one(t, parse(t, signed), evidence(k))
		if codes(got.Checks) != "claims_not_covered" || got.Claims.Len() != 0 {
			t.Errorf("%q, %d claims", codes(got.Checks), got.Claims.Len())
		}
	})
}

// TestCoveredShapes are the neighbours of what is refused above.
func TestCoveredShapes(t *testing.T) {
	for name, change := range map[string]func(s object){
		"numbers":          func(s object) { s["height"] = []any{1, 1.5, -0.25, 1e20} },
		"a list":           func(s object) { s["list"] = []any{"x", "x", object{"Full Name": "y"}} },
		"languages":        func(s object) { s["by language"] = object{"en": "x", "dz": "y"} },
		"a tagged value":   func(s object) { s["Full Name"] = object{"@value": "x", "@language": "dz-BT"} },
		"a link":           func(s object) { s["link"] = "https://issuer.example/x" },
		"a JSON literal":   func(s object) { s["raw"] = object{"b": []any{1, "x", true}, "a": object{}} },
		"a boolean":        func(s object) { s["Full Name"] = true },
		"a nameless node":  func(s object) { s["link"] = object{"Full Name": "x"} },
		"two links to one": func(s object) { s["link"], s["list"] = "urn:x", []any{object{"id": "urn:x"}} },
	} {
		t.Run(name, func(t *testing.T) {
			k := newKey(t, credential.EdDSA, issuerKey)
			body := vc()
			change(body["credentialSubject"].(object))
			got := one(t, parse(t, sign(t, body, options("eddsa-rdfc-2022", issuerKey), k, contexts())), evidence(k))
			if codes(got.Checks) != "" {
				t.Errorf("%q, uncovered %q", codes(got.Checks), got.Uncovered)
			}
		})
	}
}

func TestJCSSignsTheDocumentAsItStands(t *testing.T) {
	k := newKey(t, credential.EdDSA, issuerKey)
	make := func(change func(o object)) object {
		body := vc()
		if change != nil {
			change(body)
		}
		o := options("eddsa-jcs-2022", issuerKey)
		o["@context"] = body["@context"]
		return sign(t, body, o, k, contexts())
	}
	if got := codes(one(t, parse(t, make(func(o object) { o["level"] = nil })), evidence(k)).Checks); got != "" {
		t.Errorf("an undefined term and null are signed: %q", got)
	}
	if got := one(t, parse(t, make(func(o object) { o["level"] = rounded })), evidence(k)); codes(got.Checks) != "claims_not_covered" || !cmp.Equal(got.Uncovered, []string{"level"}) {
		t.Errorf("a rounded number: %q %q", codes(got.Checks), got.Uncovered)
	}
	longer := make(nil)
	longer["@context"] = []any{baseV2, idCard, swapped}
	if got := codes(one(t, parse(t, longer), evidence(k)).Checks); got != "claims_not_covered" {
		t.Errorf("a context added behind: %q", got)
	}
	other := make(nil)
	other["@context"] = []any{baseV2, swapped}
	if got := codes(one(t, parse(t, other), evidence(k)).Checks); got != "signature_invalid" {
		t.Errorf("another context: %q", got)
	}
}

func TestProofSetsAndChains(t *testing.T) {
	a, b := newKey(t, credential.EdDSA, issuerKey), newKey(t, credential.ES256, issuerDID+"#key-2")
	first := options("eddsa-rdfc-2022", issuerKey)
	first["id"] = "urn:proof:1"
	second := options("ecdsa-rdfc-2019", issuerDID+"#key-2")
	asList := func(o object) object {
		if p, ok := o["proof"].(object); ok {
			o["proof"] = []any{p}
		}
		return o
	}
	set := sign(t, asList(sign(t, vc(), first, a, contexts())), second, b, contexts())
	if got := codes(one(t, parse(t, set), evidence(a, b)).Checks); got != "" {
		t.Errorf("a set: %q", got)
	}
	if got := codes(one(t, parse(t, set), evidence(a)).Checks); got != "key_unknown" {
		t.Errorf("a set with one unknown key: %q", got)
	}
	for _, suite := range []string{"ecdsa-rdfc-2019", "ecdsa-jcs-2019"} {
		link := options(suite, issuerDID+"#key-2")
		link["previousProof"] = "urn:proof:1"
		chain := sign(t, asList(sign(t, vc(), first, a, contexts())), link, b, contexts())
		if got := codes(one(t, parse(t, chain), evidence(a, b)).Checks); got != "" {
			t.Errorf("a chain by %s: %q", suite, got)
		}
		proofs := chain["proof"].([]any)
		broken := maps.Clone(chain)
		broken["proof"] = proofs[1:]
		if got := codes(one(t, parse(t, broken), evidence(a, b)).Checks); got != "signature_invalid" {
			t.Errorf("the chain's second proof alone: %q", got)
		}
		again := sign(t, vc(), first, newKey(t, credential.EdDSA, issuerKey), contexts())["proof"]
		broken["proof"] = []any{again, proofs[1]}
		if got := codes(one(t, parse(t, broken), evidence(a, b)).Checks); got != "signature_invalid" {
			t.Errorf("another first proof: %q", got)
		}
	}
}

func TestNDIsHeaderOnlyWhereAskedFor(t *testing.T) {
	k := newKey(t, credential.ES256K, issuerKey)
	signed := signAs(t, vc(), options("EcdsaSecp256k1Signature2019", issuerKey), k, "EcDSA", contexts())
	if got := codes(one(t, parse(t, signed, BhutanNDI()), evidence(k)).Checks); got != "" {
		t.Errorf("asked for: %q", got)
	}
	if got := codes(one(t, parse(t, signed), evidence(k)).Checks); got != "algorithm_refused" {
		t.Errorf("not asked for: %q", got)
	}
	ev := evidence(k)
	ev.Algorithms, _ = credential.AlgorithmSet(0).With(credential.EdDSA)
	if got := codes(one(t, parse(t, signed, BhutanNDI()), ev).Checks); got != "algorithm_refused" {
		t.Errorf("ES256K not allowed: %q", got)
	}
	other := newKey(t, credential.EdDSA, issuerKey)
	wrong := signAs(t, vc(), options("JsonWebSignature2020", issuerKey), other, "EcDSA", contexts())
	if got := codes(one(t, parse(t, wrong, BhutanNDI()), evidence(other)).Checks); got != "algorithm_refused" {
		t.Errorf("in another suite: %q", got)
	}
}

func TestVersion1(t *testing.T) {
	k := newKey(t, credential.EdDSA, issuerKey)
	make := func(change func(o object)) object {
		body := vc()
		body["@context"] = []any{baseV1, idCard}
		delete(body, "validFrom")
		body["issuanceDate"] = "2026-01-01T00:00:00Z"
		change(body)
		return sign(t, body, options("Ed25519Signature2018", issuerKey), k, contexts())
	}
	for name, c := range map[string]struct {
		change func(o object)
		want   string
	}{
		"good":          {func(object) {}, ""},
		"expired":       {func(o object) { o["expirationDate"] = "2026-11-01T00:00:00Z" }, "expired"},
		"not yet valid": {func(o object) { o["issuanceDate"] = "2026-12-01T00:00:00Z" }, "not_yet_valid"},
	} {
		got := one(t, parse(t, make(c.change)), evidence(k))
		if codes(got.Checks) != c.want {
			t.Errorf("%s: %q", name, codes(got.Checks))
		}
		if strings.HasPrefix(name, "good") && (got.IssuedAt.IsZero() || got.NotBefore.IsZero() || !got.Expires.IsZero()) {
			t.Errorf("%+v", got)
		}
	}
}

// Queries ask by what the contexts make of types. A suite that signs text applies
// none.
func TestTypesAreExpanded(t *testing.T) {
	for _, s := range every {
		k := newKey(t, s.alg, issuerKey)
		c := one(t, parse(t, sign(t, vc(), options(s.suite, issuerKey), k, contexts())), evidence(k))
		if strings.Contains(s.suite, "-jcs-") {
			if c.ExpandedTypes != nil {
				t.Errorf("%s: %q", s.suite, c.ExpandedTypes)
			}
			continue
		}
		if len(c.ExpandedTypes) != len(c.Types) || !slices.Contains(c.ExpandedTypes, "https://www.w3.org/2018/credentials#VerifiableCredential") {
			t.Errorf("%s: %q of %q", s.suite, c.ExpandedTypes, c.Types)
		}
	}
}
