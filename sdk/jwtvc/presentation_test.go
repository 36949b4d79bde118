package jwtvc

import (
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
)

func TestAPresentationHandsItsHolderOn(t *testing.T) {
	for name, token := range map[string]string{
		"1.1": vp1(t, v1(t).sign(t), v1(t).sign(t)).sign(t),
		"2.0": vp2(t, envelope(v2(t).sign(t)), envelope(v1(t).sign(t))).sign(t),
	} {
		ev := evidence(t)
		f := parseToken(t, token).Prove(ev)
		signed := token[:strings.LastIndexByte(token, '.')]
		switch p := f.Presenter; {
		case p == nil:
			t.Fatalf("%s: nobody presents: %s", name, codes(f.Checks))
		case p.ID != holderDID || p.Replay != sha256.Sum256([]byte(signed)) || !p.ProofTime.Equal(now.Add(-5*time.Second)):
			t.Errorf("%s: %+v", name, p)
		}
		checks, found := open(t, token, ev)
		if codes(checks) != "" || len(found) != 2 {
			t.Fatalf("%s: %s, %d credentials", name, codes(checks), len(found))
		}
		for _, c := range found {
			if codes(c.Checks) != "" || !c.HolderBound || c.Replay != f.Presenter.Replay || c.Holder == nil || !c.Holder.Equal(f.Presenter.Key) {
				t.Errorf("%s: %s bound %v", name, codes(c.Checks), c.HolderBound)
			}
		}
		for _, check := range f.Checks {
			if strings.Contains(check.Subject+check.Resource, "holder") {
				t.Errorf("%s: check %s names the holder", name, check.Name)
			}
		}
	}
}

func TestRefusedPresentations(t *testing.T) {
	stranger := key(t, credential.EdDSA, "nobody's")
	payload := func(name string, value any) func(*built) { return func(b *built) { b.payload[name] = value } }
	header := func(name string, value any) func(*built) { return func(b *built) { b.header[name] = value } }
	member := func(name string, value any) func(*built) { return func(b *built) { b.document()[name] = value } }
	type refusal struct {
		change func(*built)
		want   string
	}
	code := func(codes ...reason.Code) string {
		var out []string
		for _, c := range codes {
			out = append(out, string(c))
		}
		return strings.Join(out, " ")
	}
	both := map[string]refusal{
		"another's signature":           {func(b *built) { b.by = stranger }, code(reason.SignatureInvalid)},
		"another's, with its own key":   {func(b *built) { b.by = stranger; b.header["jwk"] = stranger.JWK("") }, code(reason.SignatureInvalid)},
		"the issuer's signature":        {func(b *built) { b.by = key(t, credential.ES256, "issuer"); b.header["kid"] = issuerKey }, code(reason.KeyUnknown)},
		"everything wrong":              {func(b *built) { b.by = stranger; b.payload["nonce"], b.payload["aud"] = "x", "x" }, code(reason.SignatureInvalid)},
		"alg none":                      {header("alg", "none"), code(reason.AlgorithmRefused)},
		"a relative kid":                {header("kid", "#key-1"), code(reason.KeyUnknown)},
		"another's kid":                 {header("kid", "did:example:x#key-1"), code(reason.KeyUnknown)},
		"another holder":                {func(b *built) { b.payload["iss"], b.document()["holder"] = issuerDID, issuerDID }, code(reason.KeyUnknown)},
		"iss against holder":            {payload("iss", issuerDID), code(reason.Malformed)},
		"a holder that is a list":       {member("holder", array{holderDID}), code(reason.Malformed)},
		"jti against id":                {func(b *built) { b.payload["jti"], b.document()["id"] = "urn:uuid:4", "urn:uuid:5" }, code(reason.Malformed)},
		"another audience":              {payload("aud", "https://bank.example/other"), code(reason.AudienceMismatch)},
		"an audience of two":            {payload("aud", array{kioskID, "https://bank.example/other"}), code(reason.AudienceMismatch)},
		"an audience of none":           {payload("aud", array{}), code(reason.AudienceMismatch)},
		"no audience":                   {func(b *built) { delete(b.payload, "aud") }, code(reason.AudienceMismatch)},
		"an audience that is null":      {payload("aud", nil), code(reason.Malformed)},
		"another nonce":                 {payload("nonce", "other"), code(reason.NonceMismatch)},
		"no nonce":                      {func(b *built) { delete(b.payload, "nonce") }, code(reason.NonceMismatch)},
		"a nonce that is a number":      {payload("nonce", 5), code(reason.NonceMismatch)},
		"a nonce of two":                {payload("nonce", array{nonce}), code(reason.NonceMismatch)},
		"both wrong":                    {func(b *built) { b.payload["nonce"], b.payload["aud"] = "x", "x" }, code(reason.AudienceMismatch, reason.NonceMismatch)},
		"made ahead":                    {payload("iat", now.Unix()+61), code(reason.PresentationNotFresh)},
		"over":                          {payload("exp", now.Unix()), code(reason.PresentationNotFresh)},
		"for later":                     {payload("nbf", now.Unix()+61), code(reason.PresentationNotFresh)},
		"iat in words":                  {payload("iat", "now"), code(reason.Malformed)},
		"exp that is null":              {payload("exp", nil), code(reason.Malformed)},
		"an embedded proof as well":     {member("proof", array{}), code(reason.Malformed)},
		"no type":                       {member("type", array{"Presentation"}), code(reason.Malformed)},
		"a credential that is a number": {member("verifiableCredential", array{1}), code(reason.Malformed)},
		"a credential that is null":     {member("verifiableCredential", nil), code(reason.Malformed)},
		"an envelope without data":      {member("verifiableCredential", object{"type": "EnvelopedVerifiableCredential", "id": "https://x.example"}), code(reason.Malformed)},
		"an envelope around JSON":       {member("verifiableCredential", object{"type": "EnvelopedVerifiableCredential", "id": "data:application/vc,{}"}), code(reason.FormatUnsupported)},
		"the typ of a credential":       {header("typ", "vc+jwt"), code(reason.Malformed)},
		"the typ of a key binding":      {header("typ", "kb+jwt"), code(reason.FormatUnsupported)},
	}
	first := map[string]refusal{
		"vp that is text": {payload("vp", "x"), code(reason.Malformed)},
		"vp of VCDM 2.0":  {member("@context", baseV2), code(reason.Malformed)},
		"the typ of 2.0":  {header("typ", "vp+jwt"), code(reason.Malformed)},
		"vc as well":      {payload("vc", object{}), code(reason.Malformed)},
	}
	second := map[string]refusal{
		"a credential that is text": {payload("verifiableCredential", v2(t).sign(t)), code(reason.Malformed)},
		"a vp claim":                {payload("vp", object{}), code(reason.Malformed)},
		"vp in the header":          {header("vp", object{}), code(reason.Malformed)},
		"cty of a credential":       {header("cty", "vc"), code(reason.Malformed)},
		"the base of VCDM 1.1":      {payload("@context", baseV1), code(reason.Malformed)},
	}
	run := func(version string, of func(testing.TB, ...any) *built, list map[string]refusal) {
		for name, c := range list {
			b := of(t, envelope(v2(t).sign(t)))
			c.change(b)
			if got := answer(t, b.sign(t), evidence(t)); got != c.want {
				t.Errorf("%s, %s: %q, want %q", version, name, got, c.want)
			}
		}
	}
	run("1.1", vp1, both)
	run("2.0", vp2, both)
	run("1.1", vp1, first)
	run("2.0", vp2, second)
}

func TestTheBindingDecidesWhatIsWanted(t *testing.T) {
	fresh := credential.Fresh(kioskID, time.Minute)
	for name, c := range map[string]struct {
		binding credential.Binding
		change  func(*built)
		want    reason.Code
	}{
		"fresh":                   {fresh, func(b *built) { delete(b.payload, "nonce") }, ""},
		"fresh, a window ago":     {fresh, func(b *built) { b.payload["iat"] = now.Unix() - 60 }, ""},
		"fresh, too long ago":     {fresh, func(b *built) { b.payload["iat"] = now.Unix() - 61 }, reason.PresentationNotFresh},
		"fresh, undated":          {fresh, func(b *built) { delete(b.payload, "iat") }, reason.PresentationNotFresh},
		"fresh, for another":      {fresh, func(b *built) { b.payload["aud"] = "x" }, reason.AudienceMismatch},
		"bound, undated":          {credential.Bound(nonce, kioskID), func(b *built) { delete(b.payload, "iat") }, ""},
		"bearer, for another":     {credential.BearerUnsafe(), func(b *built) { b.payload["aud"], b.payload["nonce"] = "x", "x" }, ""},
		"bearer, unsigned":        {credential.BearerUnsafe(), func(b *built) { b.by = key(t, credential.EdDSA, "nobody's") }, reason.SignatureInvalid},
		"a session":               {credential.Session([]byte{1}, nil), func(*built) {}, reason.HolderBindingMissing},
		"a binding of zero value": {credential.Binding{}, func(*built) {}, reason.HolderBindingMissing},
	} {
		b := vp2(t, envelope(v2(t).sign(t)))
		c.change(b)
		ev := evidence(t)
		ev.Binding = c.binding
		if got := answer(t, b.sign(t), ev); got != string(c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// Without iss and holder it is the DID of its kid that presents.
func TestTheHolderMayBeNamedByItsKeyAlone(t *testing.T) {
	b := vp2(t, envelope(v2(t).sign(t)))
	delete(b.payload, "iss")
	delete(b.payload, "holder")
	if f := parseToken(t, b.sign(t)).Prove(evidence(t)); f.Presenter == nil || f.Presenter.ID != holderDID {
		t.Errorf("%s %+v", codes(f.Checks), f.Presenter)
	}
	delete(b.header, "kid")
	if got := answer(t, b.sign(t), evidence(t)); got != string(reason.KeyUnknown) {
		t.Errorf("a presentation by nobody: %q", got)
	}
}

func TestWhoMayPresentACredential(t *testing.T) {
	holder, other := key(t, credential.EdDSA, "holder"), key(t, credential.EdDSA, "other")
	subject := func(value any) func(*built) {
		return func(b *built) { delete(b.payload, "sub"); b.document()["credentialSubject"] = value }
	}
	for name, c := range map[string]struct {
		change func(*built)
		want   reason.Code
	}{
		"its subject":                         {func(*built) {}, ""},
		"the key in its cnf, of nobody":       {func(b *built) { subject(object{"name": "x"})(b); b.payload["cnf"] = object{"jwk": holder.JWK("")} }, ""},
		"the key in its cnf, of another":      {func(b *built) { subject(object{"id": issuerDID})(b); b.payload["cnf"] = object{"jwk": holder.JWK("")} }, ""},
		"its subject, but not its cnf":        {func(b *built) { b.payload["cnf"] = object{"jwk": other.JWK("")} }, reason.HolderBindingMismatch},
		"its subject, and a cnf by name":      {func(b *built) { b.payload["cnf"] = object{"kid": holderKey} }, reason.HolderBindingMissing},
		"another subject":                     {subject(object{"id": issuerDID}), reason.HolderBindingMismatch},
		"nobody's":                            {subject(object{"name": "x"}), reason.HolderBindingMissing},
		"its subject and somebody else":       {subject(array{object{"id": holderDID}, object{"id": issuerDID}}), reason.HolderBindingMismatch},
		"its subject and somebody without id": {subject(array{object{"id": holderDID}, object{"name": "x"}}), reason.HolderBindingMissing},
		"its subject twice":                   {subject(array{object{"id": holderDID}, object{"id": holderDID, "name": "x"}}), ""},
		"a subject of another case":           {subject(object{"id": strings.ToUpper(holderDID)}), reason.HolderBindingMismatch},
		"its subject, for another verifier":   {func(b *built) { b.payload["aud"] = "x" }, reason.AudienceMismatch},
	} {
		for version, of := range map[string]func(testing.TB) *built{"1.1": v1, "2.0": v2} {
			b := of(t)
			c.change(b)
			checks, found := open(t, vp2(t, envelope(b.sign(t))).sign(t), evidence(t))
			if codes(checks) != "" || len(found) != 1 {
				t.Fatalf("%s, %s: %s", version, name, codes(checks))
			}
			if got := codes(found[0].Checks); got != string(c.want) || found[0].HolderBound != (c.want == "" || c.want == reason.AudienceMismatch) {
				t.Errorf("%s, %s: %q, bound %v, want %q", version, name, got, found[0].HolderBound, c.want)
			}
		}
	}
	// By itself it proves nothing.
	if got := answer(t, v2(t).sign(t), evidence(t)); got != string(reason.HolderBindingMissing) {
		t.Errorf("a bare credential: %q", got)
	}
}

// What stands inside is handed on as what it is, and proves itself.
func TestEverythingInsideIsHandedBack(t *testing.T) {
	embedded := object{"@context": array{baseV2}, "type": array{"VerifiableCredential"}, "n": 1.5}
	f := parseToken(t, vp1(t, v1(t).sign(t), "any.text~", embedded, envelope("a.b.c")).sign(t)).Prove(evidence(t))
	want := []credential.Enclosed{
		{Format: credential.FormatJWTVC, Data: []byte(v1(t).sign(t))},
		{Format: credential.FormatJWTVC, Data: []byte("any.text~")},
		{Format: credential.FormatLDPVC, Data: []byte(`{"@context":["` + baseV2 + `"],"n":1.5,"type":["VerifiableCredential"]}`)},
		{Format: credential.FormatVCJWT, Data: []byte("a.b.c")},
	}
	if len(f.Enclosed) != len(want) {
		t.Fatalf("%d of %d: %s", len(f.Enclosed), len(want), codes(f.Checks))
	}
	for i, e := range f.Enclosed {
		if e.Format != want[i].Format || string(e.Data) != string(want[i].Data) {
			t.Errorf("%d: %s %s", i, e.Format, e.Data)
		}
	}
	if f := parseToken(t, vp2(t).sign(t)).Prove(evidence(t)); len(f.Enclosed)+len(f.Credentials) != 0 || codes(f.Checks) != "" {
		t.Errorf("an empty presentation: %s", codes(f.Checks))
	}
}

// A presentation inside another is its own holder's, who must have made it for
// this verifier: the outer one's proof does not serve for it.
func TestAPresentationInsideAnother(t *testing.T) {
	inside := func(b *built) object {
		return object{"@context": baseV2, "type": "EnvelopedVerifiablePresentation", "id": "data:application/vp+jwt," + b.sign(t)}
	}
	checks, found := open(t, vp2(t, inside(vp2(t, envelope(v2(t).sign(t))))).sign(t), evidence(t))
	if codes(checks) != "" || len(found) != 1 || codes(found[0].Checks) != "" {
		t.Errorf("%s", codes(checks))
	}
	stale := vp2(t, envelope(v2(t).sign(t)))
	stale.payload["nonce"] = "another"
	if checks, _ := open(t, vp2(t, inside(stale)).sign(t), evidence(t)); codes(checks) != string(reason.NonceMismatch) {
		t.Errorf("an old one inside: %q", codes(checks))
	}
}
