package ldp

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/jsonld"
	"github.com/dzong-id/dzong/sdk/internal/multicodec"
	"github.com/dzong-id/dzong/sdk/internal/selective/derive"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/google/go-cmp/cmp"
)

// selectiveIssuer signs with ecdsa-sd-2023: under its own key, and for every
// credential under the same further key, so that tests can sign with that too.
type selectiveIssuer struct {
	key, ephemeral key
	point          []byte
	at             credential.Contexts
}

func newSelectiveIssuer(t testing.TB) *selectiveIssuer {
	t.Helper()
	s := &selectiveIssuer{key: newKey(t, credential.ES256, issuerKey), ephemeral: newKey(t, credential.ES256, ""), at: contexts()}
	public := s.ephemeral.public.Public().(*ecdsa.PublicKey)
	raw, err := public.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	s.point = append([]byte{2 | raw[64]&1}, raw[1:33]...)
	return s
}

// Sign implements derive.Signer.
func (k key) Sign(data []byte) ([]byte, error) { return k.sign(data), nil }

var hmacKey = bytes.Repeat([]byte{7}, 32)

// document is body as its issuer and holder read it.
func (s *selectiveIssuer) document(t testing.TB, body object) derive.Document {
	t.Helper()
	d := derive.Document{Body: roundTrip(t, without(body, "proof")).(object), Processor: jsonld.New(), Source: s.at}
	d.Contexts, _ = urls(d.Body["@context"])
	return d
}

// issue gives body with a base proof.
func (s *selectiveIssuer) issue(t testing.TB, body object, mandatory ...string) object {
	t.Helper()
	return s.issueWith(t, body, options("ecdsa-sd-2023", issuerKey), mandatory...)
}

func (s *selectiveIssuer) issueWith(t testing.TB, body, options object, mandatory ...string) object {
	t.Helper()
	d := s.document(t, body)
	proof, err := derive.SignECDSA(d, options, mandatory, s.key, s.ephemeral, s.point, hmacKey)
	if err != nil {
		t.Fatal(err)
	}
	out := without(d.Body, "proof")
	out["proof"] = proof
	return out
}

// show gives the part of a credential that the issuer and pointers select.
func (s *selectiveIssuer) show(t testing.TB, held object, pointers ...string) object {
	t.Helper()
	body, proof, err := derive.DeriveECDSA(s.document(t, held), held["proof"].(object), pointers)
	if err != nil {
		t.Fatal(err)
	}
	body["proof"] = proof
	return roundTrip(t, body).(object)
}

// person has two nodes without a name beside the credential, and five statements
// that need not be shown.
func person() object {
	body := vc()
	delete(body, "id")
	body["credentialSubject"] = object{
		"Full Name": "Pema", "height": json.Number("1.5"),
		"link": []any{object{"type": "IDCard", "Full Name": "Dorji"}, object{"type": "IDCard", "Full Name": "Karma"}},
	}
	return body
}

// rewrite changes what a derived proof holds.
func rewrite(t testing.TB, shown object, change func(*derive.DisclosedECDSA)) {
	t.Helper()
	proof := shown["proof"].(object)
	d, err := derive.ReadDisclosedECDSA(proof["proofValue"].(string))
	if err != nil {
		t.Fatal(err)
	}
	change(d)
	if proof["proofValue"], err = d.ProofValue(); err != nil {
		t.Fatal(err)
	}
}

func TestSelectiveDisclosureShowsWhatTheHolderChose(t *testing.T) {
	s := newSelectiveIssuer(t)
	held := s.issue(t, person(), "/issuer", "/validFrom")
	for name, c := range map[string]struct {
		pointers []string
		subject  string
	}{
		"nothing beyond what is mandatory": {nil, `null`},
		"one claim":                        {[]string{"/credentialSubject/height"}, `{"height":1.5}`},
		"everything":                       {[]string{"/credentialSubject"}, `{"Full Name":"Pema","height":1.5,"link":[{"type":"IDCard","Full Name":"Dorji"},{"type":"IDCard","Full Name":"Karma"}]}`},
		"an element of an array":           {[]string{"/credentialSubject/link/1"}, `{"link":[{"type":"IDCard","Full Name":"Karma"}]}`},
		"a claim within an element":        {[]string{"/credentialSubject/link/0/Full Name", "/credentialSubject/height"}, `{"height":1.5,"link":[{"type":"IDCard","Full Name":"Dorji"}]}`},
		"what is mandatory by name":        {[]string{"/issuer"}, `null`},
	} {
		t.Run(name, func(t *testing.T) {
			shown := s.show(t, held, c.pointers...)
			if c.subject == "null" {
				// The holder must show a subject: VCDM wants one.
				shown = s.show(t, held, append(c.pointers, "/credentialSubject/Full Name")...)
				c.subject = `{"Full Name":"Pema"}`
			}
			out := one(t, parse(t, shown), evidence(s.key))
			if codes(out.Checks) != "" {
				t.Fatal(codes(out.Checks))
			}
			var want, got any
			if err := json.Unmarshal([]byte(c.subject), &want); err != nil {
				t.Fatal(err)
			}
			subject, _ := out.Claims.Object("credentialSubject")
			if err := json.Unmarshal(marshal(t, subject), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if out.Issuer != issuerDID || out.SigningKey != issuerKey || out.Holder != nil || out.Claims.Has("proof") {
				t.Errorf("%+v", out)
			}
			// Another key of the same name did not sign it.
			if out := one(t, parse(t, shown), evidence(newKey(t, credential.ES256, issuerKey))); codes(out.Checks) != "signature_invalid" {
				t.Errorf("another key: %s", codes(out.Checks))
			}
		})
	}
}

func TestIssuerMakesAnyOfItMandatory(t *testing.T) {
	s := newSelectiveIssuer(t)
	for name, mandatory := range map[string][]string{
		"nothing": nil, "everything": {""}, "a whole subject": {"/issuer", "/validFrom", "/credentialSubject"},
	} {
		held := s.issue(t, person(), mandatory...)
		shown := s.show(t, held, "/issuer", "/validFrom", "/credentialSubject/height")
		if out := one(t, parse(t, shown), evidence(s.key)); codes(out.Checks) != "" || !out.Claims.Has("credentialSubject", "height") {
			t.Errorf("%s is mandatory: %s", name, codes(out.Checks))
		}
		shown["credentialSubject"].(object)["height"] = json.Number("1.6")
		if out := one(t, parse(t, shown), evidence(s.key)); codes(out.Checks) != "signature_invalid" {
			t.Errorf("%s is mandatory, and a changed claim: %s", name, codes(out.Checks))
		}
	}
}

// TestDerivedProofOfOneCause: each document differs in one thing from one that is
// accepted.
func TestDerivedProofOfOneCause(t *testing.T) {
	s := newSelectiveIssuer(t)
	held := s.issue(t, person(), "/issuer", "/validFrom")
	all := []string{"/credentialSubject"}
	subject := func(o object) object { return o["credentialSubject"].(object) }
	rewritten := func(change func(*derive.DisclosedECDSA)) func(object) {
		return func(o object) { rewrite(t, o, change) }
	}
	other := s.show(t, s.issue(t, func() object { b := person(); subject(b)["Full Name"] = "Other"; return b }(), "/issuer", "/validFrom"), all...)
	theirs, err := derive.ReadDisclosedECDSA(other["proof"].(object)["proofValue"].(string))
	if err != nil {
		t.Fatal(err)
	}
	stranger := newSelectiveIssuer(t)
	for name, c := range map[string]change{
		"a changed claim":                          {after: func(o object) { subject(o)["Full Name"] = "Dorji" }, want: "signature_invalid"},
		"a claim left out behind the proof's back": {after: func(o object) { delete(subject(o), "height") }, want: "signature_invalid"},
		"a claim added":                            {after: func(o object) { subject(o)["same name"] = "Dorji" }, want: "signature_invalid"},
		"a mandatory claim changed":                {after: func(o object) { o["validFrom"] = "2026-01-02T00:00:00Z" }, want: "signature_invalid"},
		"a mandatory claim left out":               {after: func(o object) { delete(o, "validFrom") }, want: "signature_invalid"},
		"a type left out":                          {after: func(o object) { o["type"] = "VerifiableCredential" }, want: "signature_invalid"},
		"claims moved from one node to another": {after: func(o object) {
			l := subject(o)["link"].([]any)
			a, b := l[0].(object), l[1].(object)
			a["height"], b["type"] = json.Number("1.5"), nil
			delete(b, "type")
			delete(subject(o), "height")
		}, want: "signature_invalid"},
		"a subject with an id that nobody signed": {after: func(o object) { subject(o)["id"] = holderDID }, want: "signature_invalid"},
		"another context":                         {after: func(o object) { o["@context"] = []any{baseV2, swapped} }, want: "signature_invalid"},
		"a changed option":                        {after: func(o object) { o["proof"].(object)["created"] = "2026-11-24T04:59:31Z" }, want: "signature_invalid"},
		"an option that nothing signs":            {after: func(o object) { o["proof"].(object)["note"] = "x" }, want: "signature_invalid"},
		"an option that was not signed":           {after: func(o object) { o["proof"].(object)["nonce"] = "x" }, want: "signature_invalid"},
		"another purpose":                         {after: func(o object) { o["proof"].(object)["proofPurpose"] = "authentication" }, want: "signature_invalid"},
		"another key of the issuer's":             {after: func(o object) { o["proof"].(object)["verificationMethod"] = issuerDID + "#key-2" }, want: "key_unknown"},
		"another suite":                           {after: func(o object) { o["proof"].(object)["cryptosuite"] = "bbs-2023" }, want: "algorithm_refused"},
		"a proof before it":                       {after: func(o object) { o["proof"].(object)["previousProof"] = "urn:x" }, want: "signature_invalid"},
		"an issuer's key of another curve":        {ev: func(ev *credential.Evidence) { ev.Keys = evidence(newKey(t, credential.ES384, issuerKey)).Keys }, want: "algorithm_refused"},
		"a policy without the algorithm":          {ev: func(ev *credential.Evidence) { ev.Algorithms, _ = credential.AlgorithmSet(0).With(credential.EdDSA) }, want: "algorithm_refused"},
		"a term that nothing defines":             {after: func(o object) { o["unknown"] = "x" }, want: "claims_not_covered"},
		"null":                                    {after: func(o object) { subject(o)["link"] = append(subject(o)["link"].([]any), nil) }, want: "claims_not_covered"},
		"a statement made twice":                  {after: func(o object) { subject(o)["same name"] = "Pema" }, want: "claims_not_covered"},
		"a label for a node":                      {after: func(o object) { subject(o)["link"].([]any)[0].(object)["id"] = "_:c14n1" }, want: "claims_not_covered"},
		"a base signature over something else":    {after: rewritten(func(d *derive.DisclosedECDSA) { d.BaseSignature[5] ^= 1 }), want: "signature_invalid"},
		"a statement's signature changed":         {after: rewritten(func(d *derive.DisclosedECDSA) { d.Signatures[2][5] ^= 1 }), want: "signature_invalid"},
		"the last statement's signature changed":  {after: rewritten(func(d *derive.DisclosedECDSA) { d.Signatures[len(d.Signatures)-1][63] ^= 1 }), want: "signature_invalid"},
		"a signature too few":                     {after: rewritten(func(d *derive.DisclosedECDSA) { d.Signatures = d.Signatures[1:] }), want: "signature_invalid"},
		"a signature too many":                    {after: rewritten(func(d *derive.DisclosedECDSA) { d.Signatures = append(d.Signatures, d.Signatures[0]) }), want: "signature_invalid"},
		"no signatures":                           {after: rewritten(func(d *derive.DisclosedECDSA) { d.Signatures = [][]byte{} }), want: "signature_invalid"},
		"signatures in another order":             {after: rewritten(func(d *derive.DisclosedECDSA) { slices.Reverse(d.Signatures) }), want: "signature_invalid"},
		"one statement's signature for another":   {after: rewritten(func(d *derive.DisclosedECDSA) { d.Signatures[1] = d.Signatures[0] }), want: "signature_invalid"},
		"another key that made the signatures":    {after: rewritten(func(d *derive.DisclosedECDSA) { d.PublicKey = multicodec.Join(multicodec.P256, stranger.point) }), want: "signature_invalid"},
		"another credential's proof":              {after: rewritten(func(d *derive.DisclosedECDSA) { *d = *theirs }), want: "signature_invalid"},
		"another's statement under the same key": {after: func(o object) {
			subject(o)["Full Name"] = "Other"
			rewrite(t, o, func(d *derive.DisclosedECDSA) { d.PublicKey[2] ^= 1 })
		}, want: "signature_invalid"},
		"a mandatory index left out": {after: rewritten(func(d *derive.DisclosedECDSA) { d.MandatoryIndexes = d.MandatoryIndexes[1:] }), want: "signature_invalid"},
		"a mandatory index more": {after: rewritten(func(d *derive.DisclosedECDSA) {
			d.MandatoryIndexes = append(d.MandatoryIndexes, d.MandatoryIndexes[len(d.MandatoryIndexes)-1]+1)
		}), want: "signature_invalid"},
		"a mandatory index beyond the statements": {after: rewritten(func(d *derive.DisclosedECDSA) { d.MandatoryIndexes = append(d.MandatoryIndexes, 99) }), want: "signature_invalid"},
		"no mandatory indexes":                    {after: rewritten(func(d *derive.DisclosedECDSA) { d.MandatoryIndexes = []int{} }), want: "signature_invalid"},
		"two nodes under each other's labels":     {after: rewritten(func(d *derive.DisclosedECDSA) { d.Labels[0], d.Labels[1] = d.Labels[1], d.Labels[0] }), want: "signature_invalid"},
		"two nodes under one label":               {after: rewritten(func(d *derive.DisclosedECDSA) { d.Labels[0] = d.Labels[1] }), want: "signature_invalid"},
		"a label changed":                         {after: rewritten(func(d *derive.DisclosedECDSA) { d.Labels[0][0] ^= 1 }), want: "signature_invalid"},
		"a node without a label":                  {after: rewritten(func(d *derive.DisclosedECDSA) { delete(d.Labels, len(d.Labels)-1) }), want: "signature_invalid"},
		"a label that no node has":                {after: rewritten(func(d *derive.DisclosedECDSA) { d.Labels[len(d.Labels)] = make([]byte, 32) }), want: "signature_invalid"},
		"no labels":                               {after: rewritten(func(d *derive.DisclosedECDSA) { clear(d.Labels) }), want: "signature_invalid"},
		"bound, and nobody presents":              {ev: func(ev *credential.Evidence) { ev.Binding = credential.Bound(nonce, kioskID) }, want: "holder_binding_missing"},
		"the context is not at hand":              {ev: func(ev *credential.Evidence) { ev.Contexts = shelf{} }, want: "context_not_accepted"},
		"one person's statements as two persons'": {after: func(o object) { split(t, o) }, want: "signature_invalid"},
		"nothing changed":                         {},
	} {
		t.Run(name, func(t *testing.T) {
			shown := s.show(t, held, all...)
			if c.after != nil {
				c.after(shown)
			}
			ev := evidence(s.key)
			if c.ev != nil {
				c.ev(&ev)
			}
			out := one(t, parse(t, shown), ev)
			if got := codes(out.Checks); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if c.want != "" && out.Claims.Len() > 0 {
				t.Error("claims of a proof that fails")
			}
		})
	}
}

// split shows the subject as two, each with some of its claims, both under the
// label of the one: every statement is then one that the issuer signed.
func split(t testing.TB, shown object) {
	t.Helper()
	subject := shown["credentialSubject"].(object)
	shown["credentialSubject"] = []any{object{"Full Name": subject["Full Name"]}, object{"height": subject["height"]}}
	rewrite(t, shown, func(d *derive.DisclosedECDSA) {
		for n := range d.Labels {
			d.Labels[n] = d.Labels[0]
		}
	})
}

func TestDerivedProofValueThatCannotBeRead(t *testing.T) {
	s := newSelectiveIssuer(t)
	held := s.issue(t, person(), "/issuer", "/validFrom")
	shown := s.show(t, held, "/credentialSubject/Full Name")
	good := shown["proof"].(object)["proofValue"].(string)
	raw, err := base64url.Decode(good[1:])
	if err != nil {
		t.Fatal(err)
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	with := func(change func(*derive.DisclosedECDSA)) string {
		copied := roundTrip(t, shown).(object)
		rewrite(t, copied, change)
		return copied["proof"].(object)["proofValue"].(string)
	}
	// components writes any five.
	components := func(change func([]any)) string {
		d, err := derive.ReadDisclosedECDSA(good)
		if err != nil {
			t.Fatal(err)
		}
		five := []any{d.BaseSignature, d.PublicKey, d.Signatures, d.Labels, d.MandatoryIndexes}
		change(five)
		data, err := strictcbor.Marshal(five)
		if err != nil {
			t.Fatal(err)
		}
		return "u" + base64url.Encode(append([]byte{0xd9, 0x5d, 0x01}, data...))
	}
	bytesOf := func(change func([]byte) []byte) string { return "u" + base64url.Encode(change(bytes.Clone(raw))) }
	for name, c := range map[string]struct{ value, want string }{
		"the issuer's base proof":    {held["proof"].(object)["proofValue"].(string), "format_unsupported"},
		"the header of a base proof": {bytesOf(func(b []byte) []byte { b[2] = 0; return b }), "format_unsupported"},
		"another header":             {bytesOf(func(b []byte) []byte { b[2] = 3; return b }), "malformed"},
		"half a header":              {bytesOf(func(b []byte) []byte { return b[:2] }), "malformed"},
		"a header and nothing else":  {bytesOf(func(b []byte) []byte { return b[:3] }), "malformed"},
		"no header":                  {bytesOf(func(b []byte) []byte { return b[3:] }), "malformed"},
		"bytes behind it":            {bytesOf(func(b []byte) []byte { return append(b, 0) }), "malformed"},
		"a byte missing":             {bytesOf(func(b []byte) []byte { return b[:len(b)-1] }), "malformed"},
		"base58":                     {"z" + good[1:], "malformed"},
		"no multibase":               {good[1:], "malformed"},
		"padding":                    {good + "=", "malformed"},
		"a line break":               {good + "\n", "malformed"},
		"a length in more bytes":     {bytesOf(func(b []byte) []byte { return slices.Concat(b[:4], []byte{0x59, 0}, b[5:]) }), "malformed"},
		"an indefinite length":       {bytesOf(func(b []byte) []byte { b[3] = 0x9f; return append(b, 0xff) }), "malformed"},
		"four components":            {bytesOf(func(b []byte) []byte { b[3] = 0x84; return b[:len(b)-3] }), "malformed"},
		"six components":             {bytesOf(func(b []byte) []byte { b[3] = 0x86; return append(b, 0) }), "malformed"},
		"a map":                      {"u" + base64url.Encode([]byte{0xd9, 0x5d, 0x01, 0xa0}), "malformed"},
		"a tagged component":         {components(func(c []any) { c[0] = strictcbor.Tag{Number: 64, Content: c[0]} }), "malformed"},
		"null for signatures":        {components(func(c []any) { c[2] = nil }), "malformed"},
		"null for labels":            {components(func(c []any) { c[3] = nil }), "malformed"},
		"text for a signature":       {components(func(c []any) { c[0] = string(make([]byte, 64)) }), "malformed"},
		"a long base signature":      {with(func(d *derive.DisclosedECDSA) { d.BaseSignature = make([]byte, 96) }), "malformed"},
		"no base signature":          {with(func(d *derive.DisclosedECDSA) { d.BaseSignature = []byte{} }), "malformed"},
		"a short signature":          {with(func(d *derive.DisclosedECDSA) { d.Signatures[0] = d.Signatures[0][:63] }), "malformed"},
		"a key of P-384": {with(func(d *derive.DisclosedECDSA) {
			d.PublicKey = multicodec.Join(multicodec.P384, elliptic.MarshalCompressed(p384.Curve, p384.X, p384.Y))
		}), "malformed"},
		"a point under P-384's code":     {with(func(d *derive.DisclosedECDSA) { d.PublicKey = multicodec.Join(multicodec.P384, s.point) }), "malformed"},
		"a point under secp256k1's code": {with(func(d *derive.DisclosedECDSA) { d.PublicKey = multicodec.Join(multicodec.Secp256k1, s.point) }), "malformed"},
		"a point without a code":         {with(func(d *derive.DisclosedECDSA) { d.PublicKey = s.point }), "malformed"},
		"no point":                       {with(func(d *derive.DisclosedECDSA) { d.PublicKey[2] = 5 }), "malformed"},
		"a point off the curve":          {with(func(d *derive.DisclosedECDSA) { copy(d.PublicKey[3:], bytes.Repeat([]byte{0xff}, 32)) }), "malformed"},
		"a short label":                  {with(func(d *derive.DisclosedECDSA) { d.Labels[0] = d.Labels[0][:31] }), "malformed"},
		"labels with a gap":              {with(func(d *derive.DisclosedECDSA) { d.Labels[7] = d.Labels[0]; delete(d.Labels, 0) }), "malformed"},
		"a label of a negative number":   {with(func(d *derive.DisclosedECDSA) { d.Labels[-1] = d.Labels[0]; delete(d.Labels, 0) }), "malformed"},
		"labels by name":                 {components(func(c []any) { c[3] = map[string][]byte{"c14n0": make([]byte, 32)} }), "malformed"},
		"an index twice":                 {with(func(d *derive.DisclosedECDSA) { d.MandatoryIndexes = []int{0, 1, 1, 2} }), "malformed"},
		"indexes that fall":              {with(func(d *derive.DisclosedECDSA) { slices.Reverse(d.MandatoryIndexes) }), "malformed"},
		"a negative index":               {with(func(d *derive.DisclosedECDSA) { d.MandatoryIndexes[0] = -1 }), "malformed"},
		"an index beyond any number":     {components(func(c []any) { c[4] = []any{uint64(1) << 63} }), "malformed"},
		"an index that is a fraction":    {components(func(c []any) { c[4] = []any{1.5} }), "malformed"},
		"an index that is null":          {components(func(c []any) { c[4] = []any{nil, 1, 2} }), "malformed"},
		"an index that is tagged":        {components(func(c []any) { c[4] = []any{strictcbor.Tag{Number: 2, Content: []byte{1}}} }), "malformed"},
		"more signatures than are allowed": {with(func(d *derive.DisclosedECDSA) {
			d.Signatures = slices.Repeat(d.Signatures[:1], limits.DerivedStatements+1)
		}), "too_large"},
		"more labels than are allowed": {with(func(d *derive.DisclosedECDSA) {
			for n := range limits.DerivedStatements + 1 {
				h := sha256.Sum256([]byte{byte(n), byte(n >> 8)})
				d.Labels[n] = h[:]
			}
		}), "too_large"},
		"more values than are allowed": {components(func(c []any) { c[4] = make([]int, limits.JSONValues+1) }), "too_large"},
	} {
		t.Run(name, func(t *testing.T) {
			copied := roundTrip(t, shown).(object)
			copied["proof"].(object)["proofValue"] = c.value
			p, err := Mechanism().Parse(marshal(t, copied))
			if err == nil || p != nil {
				t.Fatal("read")
			}
			checkCode(t, err)
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
}

// TestDerivedProofInASet: proofs beside a derived one must verify too.
func TestDerivedProofInASet(t *testing.T) {
	s := newSelectiveIssuer(t)
	second := newKey(t, credential.EdDSA, issuerDID+"#key-2")
	held := s.issue(t, person(), "/issuer", "/validFrom")
	plain := sign(t, person(), options("eddsa-rdfc-2022", issuerDID+"#key-2"), second, contexts())["proof"]
	ev := evidence(s.key, second)

	whole := s.show(t, held, "/credentialSubject")
	whole["proof"] = []any{whole["proof"], plain}
	if out := one(t, parse(t, whole), ev); codes(out.Checks) != "" || out.Claims.Len() == 0 {
		t.Errorf("all of it, and both proofs: %s", codes(out.Checks))
	}
	part := s.show(t, held, "/credentialSubject/height")
	part["proof"] = []any{part["proof"], plain}
	if out := one(t, parse(t, part), ev); codes(out.Checks) != "signature_invalid" {
		t.Errorf("a part, and a proof of the whole: %s", codes(out.Checks))
	}
	base := roundTrip(t, held).(object)
	base["proof"] = []any{base["proof"], plain}
	if _, err := Mechanism().Parse(marshal(t, base)); err == nil {
		t.Error("a base proof beside another is read")
	}
	// Two derived proofs, each by a key of the issuer's.
	other := newSelectiveIssuer(t)
	other.key = newKey(t, credential.ES256, issuerDID+"#key-3")
	again := other.issueWith(t, person(), options("ecdsa-sd-2023", issuerDID+"#key-3"), "/issuer", "/validFrom")
	part = s.show(t, held, "/credentialSubject/height")
	part["proof"] = []any{part["proof"], other.show(t, again, "/credentialSubject/height")["proof"]}
	if out := one(t, parse(t, part), evidence(s.key, other.key)); codes(out.Checks) != "" {
		t.Errorf("two derived proofs: %s", codes(out.Checks))
	}
	// A proof made over the derived document, derived proof included.
	part = s.show(t, held, "/credentialSubject/height")
	part["proof"].(object)["id"] = "urn:proof:1"
	if out := one(t, parse(t, part), ev); codes(out.Checks) != "signature_invalid" {
		t.Errorf("an id that nobody signed: %s", codes(out.Checks))
	}
}

func TestPresentationOfADerivedProof(t *testing.T) {
	s := newSelectiveIssuer(t)
	holder := newKey(t, credential.EdDSA, holderKey)
	body := person()
	body["credentialSubject"].(object)["id"] = holderDID
	held := s.issue(t, body, "/issuer", "/validFrom")
	ev := evidence(s.key, holder)
	ev.Binding = credential.Bound(nonce, kioskID)
	present := func(shown object) (credential.Findings, credential.Credential) {
		f := parse(t, sign(t, vp(t, shown), options("eddsa-rdfc-2022", holderKey), holder, contexts())).Prove(ev)
		if len(f.Enclosed) != 1 {
			t.Fatal(codes(f.Checks))
		}
		inside := ev
		inside.Presenter = f.Presenter
		p, err := Mechanism().Parse(f.Enclosed[0].Data)
		if err != nil {
			t.Fatal(err)
		}
		return f, p.Prove(inside).Credentials[0]
	}
	f, out := present(s.show(t, held, "/credentialSubject/height"))
	if codes(f.Checks) != "" || codes(out.Checks) != "" || !out.HolderBound || out.Claims.Has("credentialSubject", "Full Name") {
		t.Errorf("%s, %s, bound %v", codes(f.Checks), codes(out.Checks), out.HolderBound)
	}
	// The subject's id is signed with its other claims: who leaves it out, or puts
	// another there, presents somebody else's credential.
	shown := s.show(t, held, "/credentialSubject/height")
	shown["credentialSubject"].(object)["id"] = "did:example:other"
	if _, out := present(shown); codes(out.Checks) != "signature_invalid" {
		t.Errorf("another subject: %s", codes(out.Checks))
	}

	// A presentation has one signer and no parts to leave out.
	d := s.document(t, vp(t, s.show(t, held, "/credentialSubject/height")))
	proof, err := derive.SignECDSA(d, options("ecdsa-sd-2023", holderKey), []string{"/holder"}, s.key, s.ephemeral, s.point, hmacKey)
	if err != nil {
		t.Fatal(err)
	}
	shownVP, derived, err := derive.DeriveECDSA(d, proof, []string{"/verifiableCredential"})
	if err != nil {
		t.Fatal(err)
	}
	shownVP["proof"] = derived
	ours := s.key
	ours.public = ours.public.WithID(holderKey).WithController(holderDID)
	ev = evidence(ours)
	ev.Binding = credential.Bound(nonce, kioskID)
	if f := parse(t, shownVP).Prove(ev); codes(f.Checks) != "algorithm_refused" || f.Presenter != nil {
		t.Errorf("a presentation with a derived proof: %s", codes(f.Checks))
	}
}
