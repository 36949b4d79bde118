package jwtvc

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func bearer(t testing.TB) credential.Evidence {
	ev := evidence(t)
	ev.Binding = credential.BearerUnsafe()
	return ev
}

func TestACredentialSaysWhatItSays(t *testing.T) {
	for _, c := range []struct {
		token  *built
		format credential.Format
		base   string
	}{{v1(t), credential.FormatJWTVC, baseV1}, {v2(t), credential.FormatVCJWT, baseV2}} {
		p := parseToken(t, c.token.sign(t))
		if p.Format() != c.format {
			t.Errorf("format %s", p.Format())
		}
		got := p.Prove(bearer(t)).Credentials[0]
		want := credential.Credential{
			Format: c.format, Issuer: issuerDID, Types: []string{"VerifiableCredential", "IDCard"}, SigningKey: issuerKey,
			Contexts: []string{c.base, idCard},
			IssuedAt: time.Unix(madeUnix+60, 0).UTC(), NotBefore: time.Unix(madeUnix, 0).UTC(), Expires: time.Unix(untilUnix, 0).UTC(),
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(credential.Credential{}, "Claims", "Checks", "UncoveredClaims")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.format, diff)
		}
		if name, _ := got.Claims.String("credentialSubject", "name"); name != "Pema" || codes(got.Checks) != "" {
			t.Errorf("%s: name %q, %s", c.format, name, codes(got.Checks))
		}
	}
}

// VCDM 1.1 §6.3.1: what only the registered claims say is the credential's too.
func TestRegisteredClaimsCompleteTheCredential(t *testing.T) {
	b := v1(t)
	for _, name := range []string{"id", "issuer", "issuanceDate", "expirationDate"} {
		delete(b.document(), name)
	}
	for _, subject := range []any{object{"name": "Pema"}, array{object{"name": "Pema"}}} {
		b.document()["credentialSubject"] = subject
		got := parseToken(t, b.sign(t)).Prove(bearer(t)).Credentials[0]
		if codes(got.Checks) != "" || got.Issuer != issuerDID {
			t.Fatalf("%s, issuer %s", codes(got.Checks), got.Issuer)
		}
		var whole struct {
			ID, Issuer, IssuanceDate, ExpirationDate string
			CredentialSubject                        any
		}
		data, err := json.Marshal(got.Claims)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &whole); err != nil {
			t.Fatal(err)
		}
		if whole.ID != "urn:uuid:1" || whole.Issuer != issuerDID || whole.IssuanceDate != made || whole.ExpirationDate != until {
			t.Errorf("%+v", whole)
		}
		if text, _ := json.Marshal(whole.CredentialSubject); !strings.Contains(string(text), `"id":"`+holderDID+`"`) {
			t.Errorf("subject %s", text)
		}
	}
	// And the other way round: the vc alone is enough.
	b = v1(t)
	b.payload = object{"vc": b.document()}
	got := parseToken(t, b.sign(t)).Prove(bearer(t)).Credentials[0]
	if codes(got.Checks) != "" || got.Expires.Unix() != untilUnix || got.IssuedAt.Unix() != madeUnix {
		t.Errorf("%s %v %v", codes(got.Checks), got.Expires, got.IssuedAt)
	}
}

func TestWhatIsTakenAllTheSame(t *testing.T) {
	for name, c := range map[string]struct {
		of     func(testing.TB) *built
		change func(*built)
	}{
		"1.1 without typ":                 {v1, func(b *built) { delete(b.header, "typ") }},
		"1.1 in lower case":               {v1, func(b *built) { b.header["typ"] = "jwt" }},
		"1.1 without kid":                 {v1, func(b *built) { delete(b.header, "kid") }},
		"1.1 with an issuer object":       {v1, func(b *built) { b.document()["issuer"] = object{"id": issuerDID, "name": "Registry"} }},
		"1.1 with a fraction of a second": {v1, func(b *built) { b.document()["issuanceDate"] = "2026-01-01T00:00:00.9Z" }},
		"1.1 with a date in another zone": {v1, func(b *built) { b.document()["issuanceDate"] = "2026-01-01T06:00:00+06:00" }},
		"1.1 with nbf as a fraction":      {v1, func(b *built) { b.payload["nbf"] = json.Number("1767225600.0") }},
		"1.1 with a claim of its own":     {v1, func(b *built) { b.payload["nonce"] = "x" }},
		"1.1 of nobody":                   {v1, func(b *built) { delete(b.payload, "sub"); delete(b.document()["credentialSubject"].(object), "id") }},
		"2.0 without typ":                 {v2, func(b *built) { delete(b.header, "typ") }},
		"2.0 with a typ of no meaning":    {v2, func(b *built) { b.header["typ"] = "JWT" }},
		"2.0 with the typ in full":        {v2, func(b *built) { b.header["typ"] = "application/VC+JWT" }},
		"2.0 without cty":                 {v2, func(b *built) { delete(b.header, "cty") }},
		"2.0 without iss":                 {v2, func(b *built) { delete(b.payload, "iss") }},
		"2.0 without validFrom":           {v2, func(b *built) { delete(b.payload, "validFrom") }},
		"2.0 with its own sub and jti":    {v2, func(b *built) { b.payload["sub"], b.payload["jti"] = holderDID, "urn:uuid:1" }},
		"a key of its own in the header": {v2, func(b *built) {
			b.header["jwk"] = object{"kty": "oct"} // not even looked at
		}},
	} {
		b := c.of(t)
		c.change(b)
		if got := answer(t, b.sign(t), bearer(t)); got != "" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestRefusedCredentials(t *testing.T) {
	stranger := key(t, credential.ES256, "nobody's")
	payload := func(name string, value any) func(*built) { return func(b *built) { b.payload[name] = value } }
	header := func(name string, value any) func(*built) { return func(b *built) { b.header[name] = value } }
	member := func(name string, value any) func(*built) { return func(b *built) { b.document()[name] = value } }
	subject := func(value any) func(*built) { return member("credentialSubject", value) }
	type refusal struct {
		change func(*built)
		want   reason.Code
	}
	both := map[string]refusal{
		"another's signature":            {func(b *built) { b.by = stranger }, reason.SignatureInvalid},
		"another's, with its own key":    {func(b *built) { b.by = stranger; b.header["jwk"] = stranger.JWK("") }, reason.SignatureInvalid},
		"alg none":                       {header("alg", "none"), reason.AlgorithmRefused},
		"an HMAC":                        {header("alg", "HS256"), reason.AlgorithmRefused},
		"RSA, which no policy asked for": {header("alg", "RS256"), reason.AlgorithmRefused},
		"EdDSA over a key of P-256":      {header("alg", "EdDSA"), reason.AlgorithmRefused},
		"a relative kid":                 {header("kid", "#key-1"), reason.KeyUnknown},
		"a kid of another case":          {header("kid", "did:example:issuer#Key-1"), reason.KeyUnknown},
		"the holder's kid":               {header("kid", holderKey), reason.KeyUnknown},
		"a kid that is a number":         {header("kid", 1), reason.Malformed},
		"crit":                           {func(b *built) { b.header["crit"], b.header["x"] = array{"x"}, 1 }, reason.Malformed},
		"b64":                            {header("b64", false), reason.Malformed},
		"x5c that is no chain":           {header("x5c", array{}), reason.Malformed},
		"the typ of a status list":       {header("typ", "statuslist+jwt"), reason.FormatUnsupported},
		"the typ of a key binding":       {header("typ", "kb+jwt"), reason.FormatUnsupported},
		"the typ of an access token":     {header("typ", "at+jwt"), reason.FormatUnsupported},
		"the typ of a draft":             {header("typ", "vc+ld+json+jwt"), reason.FormatUnsupported},
		"the typ of a presentation":      {header("typ", "vp+jwt"), reason.Malformed},
		"an embedded proof as well":      {member("proof", object{"type": "DataIntegrityProof"}), reason.Malformed},
		"an issuer nobody lists":         {func(b *built) { b.payload["iss"], b.document()["issuer"] = "did:example:x", "did:example:x" }, reason.KeyUnknown},
		"iss against issuer":             {payload("iss", holderDID), reason.Malformed},
		"iss that is a list":             {payload("iss", array{issuerDID}), reason.Malformed},
		"an empty iss":                   {payload("iss", ""), reason.Malformed},
		"jti against id":                 {payload("jti", "urn:uuid:3"), reason.Malformed},
		"jti that is a number":           {payload("jti", 3), reason.Malformed},
		"sub against the subject":        {payload("sub", issuerDID), reason.Malformed},
		"sub and two subjects": {func(b *built) {
			b.payload["sub"] = holderDID
			subject(array{object{"id": holderDID}, object{"name": "x"}})(b)
		}, reason.Malformed},
		"exp in words":                 {payload("exp", "tomorrow"), reason.Malformed},
		"exp that is null":             {payload("exp", nil), reason.Malformed},
		"nbf before 1970":              {payload("nbf", -1), reason.Malformed},
		"iat that is true":             {payload("iat", true), reason.Malformed},
		"iat ahead":                    {payload("iat", now.Unix()+61), reason.NotYetValid},
		"an audience of numbers":       {payload("aud", array{1}), reason.Malformed},
		"another's audience":           {payload("aud", kioskID), reason.AudienceMismatch}, // a bearer's verifier has not said who it is
		"no type":                      {member("type", array{}), reason.Malformed},
		"no base type":                 {member("type", array{"IDCard"}), reason.Malformed},
		"no subject":                   {func(b *built) { delete(b.document(), "credentialSubject") }, reason.Malformed},
		"no subject in the list":       {subject(array{}), reason.Malformed},
		"a subject that is text":       {subject(holderDID), reason.Malformed},
		"a subject whose id is a list": {subject(object{"id": array{holderDID}}), reason.Malformed},
		"an inline context": {func(b *built) {
			b.document()["@context"] = append(b.document()["@context"].(array), object{"@vocab": "https://x.example/#"})
		}, reason.ContextRefused},
		"contexts in another order":   {func(b *built) { c := b.document()["@context"].(array); b.document()["@context"] = array{c[1], c[0]} }, reason.Malformed},
		"a context that is a number":  {member("@context", array{baseV1, 1}), reason.Malformed},
		"no context":                  {func(b *built) { delete(b.document(), "@context") }, ""},
		"a status without a list":     {member("credentialStatus", object{"type": "BitstringStatusListEntry"}), reason.Malformed},
		"a status that is text":       {member("credentialStatus", "x"), reason.Malformed},
		"a status claim that is text": {payload("status", "x"), reason.Malformed},
		"cnf that is text":            {payload("cnf", "x"), reason.Malformed},
		"cnf of two keys":             {payload("cnf", object{"jwk": stranger.JWK(""), "jku": "https://x.example"}), reason.Malformed},
	}
	first := map[string]refusal{
		"the typ of VCDM 2.0":         {header("typ", "vc+jwt"), reason.Malformed},
		"vc and vp":                   {payload("vp", object{}), reason.Malformed},
		"vc that is text":             {payload("vc", "x"), reason.Malformed},
		"vc that is null":             {payload("vc", nil), reason.Malformed},
		"vc that is a list":           {payload("vc", array{object{}}), reason.Malformed},
		"vc of VCDM 2.0":              {member("@context", array{baseV2}), reason.Malformed},
		"nbf against issuanceDate":    {payload("nbf", madeUnix+1), reason.Malformed},
		"exp against expirationDate":  {payload("exp", untilUnix-1), reason.Malformed},
		"exp alone is over":           {func(b *built) { delete(b.document(), "expirationDate"); b.payload["exp"] = now.Unix() }, reason.Expired},
		"expirationDate alone":        {func(b *built) { delete(b.payload, "exp"); b.document()["expirationDate"] = "2026-11-24T05:00:00Z" }, reason.Expired},
		"issuanceDate alone":          {func(b *built) { delete(b.payload, "nbf"); b.document()["issuanceDate"] = "2026-11-24T05:00:01Z" }, reason.NotYetValid},
		"issuanceDate without a zone": {member("issuanceDate", "2026-01-01T00:00:00"), reason.Malformed},
		"no issuer anywhere":          {func(b *built) { delete(b.payload, "iss"); delete(b.document(), "issuer") }, reason.Malformed},
		"no time of issue":            {func(b *built) { delete(b.payload, "nbf"); delete(b.document(), "issuanceDate") }, reason.Malformed},
	}
	second := map[string]refusal{
		"a vc claim":                    {payload("vc", object{}), reason.Malformed},
		"a vp claim that is null":       {payload("vp", nil), reason.Malformed},
		"vc in the header":              {header("vc", object{}), reason.Malformed},
		"vp in the header":              {header("vp", 1), reason.Malformed},
		"cty of a presentation":         {header("cty", "vp"), reason.Malformed},
		"cty of something else":         {header("cty", "vc+ld+json"), reason.Malformed},
		"cty that is a number":          {header("cty", 1), reason.Malformed},
		"a presentation as well":        {payload("type", array{"VerifiableCredential", "VerifiablePresentation", "IDCard"}), reason.Malformed},
		"the base of VCDM 1.1":          {payload("@context", array{baseV1, idCard}), reason.Malformed},
		"no issuer but iss":             {func(b *built) { delete(b.payload, "issuer") }, reason.Malformed},
		"an empty subject":              {payload("credentialSubject", object{}), reason.Malformed},
		"exp before validUntil":         {payload("exp", now.Unix()), reason.Expired},
		"validUntil before exp":         {payload("validUntil", "2026-11-24T05:00:00Z"), reason.Expired},
		"nbf after validFrom":           {payload("nbf", now.Unix()+1), reason.NotYetValid},
		"validFrom ahead":               {payload("validFrom", "2026-11-24T05:00:01Z"), reason.NotYetValid},
		"validFrom after validUntil":    {payload("validFrom", "2028-01-01T00:00:00Z"), reason.Malformed},
		"an id that is no URL":          {func(b *built) { b.payload["id"] = "1" }, reason.Malformed},
		"no typ, no type":               {func(b *built) { delete(b.header, "typ"); b.payload["type"] = "IDCard" }, reason.FormatUnsupported},
		"no typ, the base of another":   {func(b *built) { delete(b.header, "typ"); b.payload["@context"] = "https://x.example" }, reason.FormatUnsupported},
		"no typ, a vc claim as well":    {func(b *built) { delete(b.header, "typ"); b.payload["vc"] = object{} }, reason.Malformed},
		"an envelope inside a JWS":      {func(b *built) { delete(b.header, "typ"); b.payload["type"] = "EnvelopedVerifiablePresentation" }, reason.FormatUnsupported},
		"a credentialSchema without id": {payload("credentialSchema", object{"type": "JsonSchema"}), reason.Malformed},
	}
	run := func(version string, of func(testing.TB) *built, list map[string]refusal) {
		for name, c := range list {
			b := of(t)
			c.change(b)
			got := answer(t, b.sign(t), bearer(t))
			if want := string(c.want); got != want && !(want == "" && got != "") {
				t.Errorf("%s, %s: %q, want %q", version, name, got, want)
			}
		}
	}
	run("1.1", v1, both)
	run("2.0", v2, both)
	run("1.1", v1, first)
	run("2.0", v2, second)
}

func TestRefusedBytes(t *testing.T) {
	good := v2(t).sign(t)
	parts := strings.Split(good, ".")
	for name, c := range map[string]struct {
		token string
		want  reason.Code
	}{
		"two parts":               {parts[0] + "." + parts[1], reason.Malformed},
		"four parts":              {good + ".", reason.Malformed},
		"no signature":            {parts[0] + "." + parts[1] + ".", reason.SignatureMissing},
		"a line break at the end": {good + "\n", reason.Malformed},
		"padding":                 {parts[0] + "." + parts[1] + "=." + parts[2], reason.Malformed},
		"a bit behind the end":    {good[:len(good)-1] + last(good), reason.Malformed},
		"a payload that is text":  {parts[0] + ".ImEi." + parts[2], reason.Malformed},
		"a payload of two":        {parts[0] + ".e30e30." + parts[2], reason.Malformed},
		"a member twice":          {parts[0] + ".eyJhIjoxLCJhIjoyfQ." + parts[2], reason.Malformed},
		"no UTF-8":                {parts[0] + ".eyL_IjoxfQ." + parts[2], reason.Malformed},
		"any other JWT":           {"eyJhbGciOiJFUzI1NiJ9.e30." + parts[2], reason.FormatUnsupported},
		"too long":                {parts[0] + "." + strings.Repeat("A", limits.Presentation) + "." + parts[2], reason.TooLarge},
		"a tilde":                 {good + "~", reason.Malformed},
	} {
		if got := answer(t, c.token, bearer(t)); got != string(c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// last is another last character for the same bytes: base64url with bits that
// stand for nothing.
func last(token string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return string(alphabet[strings.IndexByte(alphabet, token[len(token)-1])|1])
}

func TestRecogniseLooksAtShapeAlone(t *testing.T) {
	for data, want := range map[string]bool{
		"eyJ.eyJ.sig": true, "ewo.e30.": true, "ey..": true,
		"eyJ.eyJ": false, "eyJ.a.b.c.d": false, "eyJ.eyJ.sig~": false, "~eyJ.eyJ.sig": false,
		"https://a.b.c": false, `{"a":"."}..`: false, "": false, "shc:/56..": false, " eyJ.eyJ.sig": false,
	} {
		if got := Mechanism().Recognise([]byte(data)); got != want {
			t.Errorf("%q: %v", data, got)
		}
	}
}

func TestEveryAlgorithm(t *testing.T) {
	for _, a := range []credential.Algorithm{credential.ES256, credential.ES384, credential.ES512, credential.ES256K, credential.EdDSA, credential.Ed25519} {
		b := v2(t)
		b.by = key(t, a, "issuer")
		ev := bearer(t)
		ev.Keys = ring{b.by.Public(issuerKey).WithController(issuerDID)}
		if got := answer(t, b.sign(t), ev); got != "" {
			t.Errorf("%s: %s", a, got)
		}
		other, _ := credential.AlgorithmSet(0).With(credential.PS256)
		ev.Algorithms = other
		if got := answer(t, b.sign(t), ev); got != string(reason.AlgorithmRefused) {
			t.Errorf("%s where PS256 alone is wanted: %s", a, got)
		}
	}
}

func TestEveryStatusEntryIsHandedOn(t *testing.T) {
	b := v1(t)
	b.document()["credentialStatus"] = array{
		object{"type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "4", "statusListCredential": "https://x.example/1"},
		object{"type": "StatusList2021Entry", "statusPurpose": "suspension", "statusListIndex": "5", "statusListCredential": "https://x.example/2"},
	}
	b.payload["status"] = object{"status_list": object{"idx": 6, "uri": "https://x.example/3"}}
	got := parseToken(t, b.sign(t)).Prove(bearer(t)).Credentials[0].Status
	var at []uint64
	for _, s := range got {
		at = append(at, s.Index)
	}
	if diff := cmp.Diff([]uint64{4, 5, 6}, at); diff != "" {
		t.Error(diff)
	}
}

// Unless the signature is verified, nothing else is said.
func TestAnUnverifiedCredentialGivesNothingAway(t *testing.T) {
	b := v2(t)
	b.by = key(t, credential.ES256, "nobody's")
	b.payload["exp"] = 1
	got := parseToken(t, b.sign(t)).Prove(bearer(t)).Credentials[0]
	if codes(got.Checks) != string(reason.SignatureInvalid) {
		t.Error(codes(got.Checks))
	}
	got.Checks, got.Claims = nil, credential.Claims{}
	if diff := cmp.Diff(credential.Credential{Format: credential.FormatVCJWT}, got, cmp.AllowUnexported(credential.Claims{})); diff != "" {
		t.Error(diff)
	}
}
