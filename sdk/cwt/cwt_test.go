package cwt

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/cose"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

const issuer = "https://registry.example"

var (
	now = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	kid = []byte{1, 2, 3, 0xfb}
)

// build is a token before it is signed.
type build struct {
	claims      map[any]any
	payload     []byte // instead of the claims
	protected   map[any]any
	unprotected map[any]any
	key         *jws.PrivateKey
	detached    bool
}

func good(t testing.TB) *build {
	return &build{
		claims: map[any]any{
			1: issuer, 2: "urn:example:pema", 4: now.Add(time.Hour).Unix(), 5: now.Add(-time.Hour).Unix(), 6: now.Add(-time.Hour).Unix(),
			169: map[any]any{1: "11223344556", 4: "Pema Example", 8: "19900101", 9: 2, 16: []byte{0xff, 0xd8, 0xff}, 17: 1},
		},
		protected: map[any]any{4: kid},
		key:       signer(t, "issuer"),
	}
}

func signer(t testing.TB, name string) *jws.PrivateKey {
	t.Helper()
	k, err := jws.Derive(credential.ES256, []byte(name))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func (b *build) sign(t testing.TB) []byte {
	t.Helper()
	payload := b.payload
	if payload == nil {
		payload = encode(t, b.claims)
	}
	data, err := cose.Message{Protected: b.protected, Unprotected: b.unprotected, Payload: payload, Detached: b.detached}.Sign(b.key)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func encode(t testing.TB, v any) []byte {
	t.Helper()
	data, err := strictcbor.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// finder knows the issuer and its key.
func finder(t testing.TB) credential.Keys {
	k := signer(t, "issuer").Public(cose.KeyName(kid)).WithController(issuer)
	return credential.KeysFunc(func(s credential.Signer) ([]credential.Key, []credential.Check) {
		switch {
		case s.ID != issuer:
			return nil, []credential.Check{credential.Fail(reason.CheckIssuer, reason.IssuerUnknown, "")}
		case s.KeyID != "" && s.KeyID != k.ID():
			return nil, []credential.Check{credential.Fail(reason.CheckKey, reason.KeyUnknown, issuer)}
		}
		return []credential.Key{k}, []credential.Check{credential.Pass(reason.CheckIssuer, issuer), credential.Pass(reason.CheckKey, issuer)}
	})
}

func evidence(t testing.TB) credential.Evidence {
	return credential.Evidence{Keys: finder(t), Binding: credential.BearerUnsafe(), At: now}
}

func prove(t testing.TB, data []byte, ev credential.Evidence) credential.Credential {
	t.Helper()
	if !Mechanism().Recognise(data) {
		t.Fatal("not recognised")
	}
	p, err := Mechanism().Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	found := p.Prove(ev)
	if len(found.Credentials) != 1 || len(found.Enclosed) != 0 {
		t.Fatalf("found %+v", found)
	}
	return found.Credentials[0]
}

// codes are those of the checks that did not pass.
func codes(c credential.Credential) (list []reason.Code) {
	for _, check := range c.Checks {
		if check.Verdict != reason.Passed {
			list = append(list, check.Code)
		}
	}
	return list
}

func codeOf(t testing.TB, err error) reason.Code {
	t.Helper()
	var coded *reason.Error
	if !errors.As(err, &coded) {
		t.Fatalf("uncoded error %v", err)
	}
	return coded.Code
}

func TestAnIdentityIsReadAndProven(t *testing.T) {
	data := good(t).sign(t)
	for name, data := range map[string][]byte{
		"tagged": data, "untagged": data[1:], "tagged as CWT": append([]byte{0xd8, 0x3d}, data...),
	} {
		c := prove(t, data, evidence(t))
		if len(codes(c)) != 0 || c.Issuer != issuer || !reflect.DeepEqual(c.Types, []string{TypeIdentity}) || c.Format != credential.FormatCWT ||
			c.SigningKey != cose.KeyName(kid) || !c.Expires.Equal(now.Add(time.Hour)) || c.Holder != nil || c.HolderBound {
			t.Errorf("%s: %+v", name, c)
		}
		if full, _ := c.Claims.String("identity-data", "fullName"); full != "Pema Example" {
			t.Errorf("%s: name is %q", name, full)
		}
		photo, _ := c.Claims.Object("identity-data", "photo")
		if text, err := photo.MarshalJSON(); err != nil || string(text) != `{"data":"_9j_","mediaType":"image/jpeg"}` {
			t.Errorf("portrait is %s", text)
		}
	}
}

func TestOtherClaimsKeepTheirNumber(t *testing.T) {
	b := good(t)
	b.claims[-70001], b.claims["custom"], b.claims[7] = true, []any{1.5}, []byte{1}
	b.claims[169] = map[any]any{
		4: "Pema Example", 45: 12, 99: true, "note": "x", 62: []any{
			map[any]any{0: []byte{1}, 1: 0, 2: 4, 3: "registry"}, map[any]any{0: []byte{2}, 1: 2, 2: 0}, "odd",
		}, 50: "odd",
	}
	c := prove(t, b.sign(t), evidence(t))
	text, err := c.Claims.MarshalJSON()
	want := `{"-70001":true,"cti":"AQ","custom":[1.5],"exp":1793613600,"iat":1793606400,"identity-data":{"45":12,"99":true,` +
		`"face":[{"data":"AQ","format":0,"issuer":"registry","mediaType":"image/webp","subFormat":4},{"data":"Ag","format":2,"subFormat":0},"odd"],` +
		`"fullName":"Pema Example","note":"x","rightThumb":"odd"},"iss":"https://registry.example","nbf":1793606400,"sub":"urn:example:pema"}`
	if err != nil || string(text) != want {
		t.Errorf("%s, %v", text, err)
	}
}

func TestAHealthCertificateIsFoundByItsCertificate(t *testing.T) {
	b := good(t)
	b.claims = map[any]any{1: "BT", 4: now.Add(time.Hour).Unix(), 6: now.Unix(), -260: map[any]any{1: map[string]any{"ver": "1.0.0"}}}
	b.protected, b.unprotected = nil, map[any]any{4: []byte{0xab, 1, 2, 3, 4, 5, 6, 7}}
	certificate := signer(t, "issuer").Public("sha256:ab01020304050607" + strings.Repeat("00", 24)).WithController("BT")
	other := signer(t, "other").Public("sha256:ab01020304050608" + strings.Repeat("00", 24)).WithController("BT")
	var keys []credential.Key
	ev := evidence(t)
	ev.Keys = credential.KeysFunc(func(s credential.Signer) ([]credential.Key, []credential.Check) {
		if s.KeyID != "" {
			return nil, []credential.Check{credential.Fail(reason.CheckKey, reason.KeyUnknown, "BT")}
		}
		return keys, []credential.Check{credential.Pass(reason.CheckKey, "BT")}
	})
	keys = []credential.Key{other, certificate}
	c := prove(t, b.sign(t), ev)
	if len(codes(c)) != 0 || c.SigningKey != certificate.ID() || !reflect.DeepEqual(c.Types, []string{TypeHealth}) {
		t.Errorf("%+v", c)
	}
	if v, _ := c.Claims.String("hcert", "eu_dgc_v1", "ver"); v != "1.0.0" {
		t.Errorf("version is %q", v)
	}
	for name, k := range map[string][]credential.Key{
		"another certificate": {other}, "none": {}, "the key under another name": {certificate.WithID("ab01020304050607")},
	} {
		keys = k
		if got := codes(prove(t, b.sign(t), ev)); !reflect.DeepEqual(got, []reason.Code{reason.KeyUnknown}) {
			t.Errorf("%s: %v", name, got)
		}
	}
	keys = []credential.Key{certificate}
	b.unprotected = map[any]any{4: []byte{0xab, 1, 2, 3, 4, 5, 6}}
	if got := codes(prove(t, b.sign(t), ev)); !reflect.DeepEqual(got, []reason.Code{reason.KeyUnknown}) {
		t.Errorf("seven bytes of the digest: %v", got)
	}
}

func TestACredentialWithStatusAndConfirmation(t *testing.T) {
	holder := signer(t, "holder").Public("")
	key, err := cose.MarshalKey(holder, nil)
	if err != nil {
		t.Fatal(err)
	}
	b := good(t)
	delete(b.claims, 169)
	b.claims[11], b.claims[8] = "urn:example:pid", map[any]any{1: strictcbor.RawMessage(key)}
	b.claims[65535] = map[string]any{"status_list": map[string]any{"idx": 7, "uri": issuer + "/status/1"}}
	data := b.sign(t)
	c := prove(t, data, evidence(t))
	want := []credential.StatusReference{{Mechanism: credential.StatusToken, URI: issuer + "/status/1", Index: 7}}
	if len(codes(c)) != 0 || !reflect.DeepEqual(c.Types, []string{"urn:example:pid"}) || !reflect.DeepEqual(c.Status, want) ||
		c.Holder == nil || !c.Holder.Equal(holder) || c.HolderBound {
		t.Errorf("%+v", c)
	}
	// Enclosed in a presentation, the presenter must be the one in cnf.
	ev := evidence(t)
	ev.Binding = credential.Bound("nonce", "us")
	ev.Presenter = &credential.Presenter{Key: holder, Replay: [32]byte{1}}
	if c := prove(t, data, ev); len(codes(c)) != 0 || !c.HolderBound || c.Replay != ev.Presenter.Replay {
		t.Errorf("enclosed: %+v", c)
	}
	ev.Presenter = &credential.Presenter{Key: signer(t, "other").Public("")}
	if got := codes(prove(t, data, ev)); !reflect.DeepEqual(got, []reason.Code{reason.HolderBindingMismatch}) {
		t.Errorf("another presenter: %v", got)
	}
	b.claims[65535] = map[string]any{"other_list": 1}
	if c := prove(t, b.sign(t), evidence(t)); !reflect.DeepEqual(c.Status, []credential.StatusReference{{Mechanism: "other_list"}}) {
		t.Errorf("an unknown status: %+v", c.Status)
	}
}

func TestOneCauseEach(t *testing.T) {
	other := signer(t, "other")
	for name, c := range map[string]struct {
		change   func(*build)
		evidence func(*credential.Evidence)
		want     reason.Code
	}{
		"another key":             {change: func(b *build) { b.key = other }, want: reason.SignatureInvalid},
		"another issuer":          {change: func(b *build) { b.claims[1] = "https://other.example" }, want: reason.IssuerUnknown},
		"no issuer":               {change: func(b *build) { delete(b.claims, 1) }, want: reason.IssuerUnknown},
		"another kid":             {change: func(b *build) { b.protected[4] = []byte{9} }, want: reason.KeyUnknown},
		"expired":                 {change: func(b *build) { b.claims[4] = now.Unix() }, want: reason.Expired},
		"not yet valid":           {change: func(b *build) { b.claims[5] = now.Unix() + 1 }, want: reason.NotYetValid},
		"issued in the future":    {change: func(b *build) { b.claims[6] = now.Unix() + 61 }, want: reason.NotYetValid},
		"for another audience":    {change: func(b *build) { b.claims[3] = "them" }, want: reason.AudienceMismatch},
		"an unknown algorithm":    {change: func(b *build) { b.protected[1] = -999 }, want: reason.AlgorithmRefused},
		"another algorithm":       {change: func(b *build) { b.protected[1] = -35 }, want: reason.AlgorithmRefused},
		"no key at hand":          {evidence: func(ev *credential.Evidence) { ev.Keys = nil }, want: reason.IssuerUnknown},
		"algorithms of a policy":  {evidence: func(ev *credential.Evidence) { ev.Algorithms, _ = credential.AlgorithmSet(0).With(credential.EdDSA) }, want: reason.AlgorithmRefused},
		"a challenge":             {evidence: func(ev *credential.Evidence) { ev.Binding = credential.Bound("n", "us") }, want: reason.HolderBindingMissing},
		"freshness":               {evidence: func(ev *credential.Evidence) { ev.Binding = credential.Fresh("us", time.Minute) }, want: reason.HolderBindingMissing},
		"a session":               {evidence: func(ev *credential.Evidence) { ev.Binding = credential.Session([]byte{1}, nil) }, want: reason.HolderBindingMissing},
		"no binding":              {evidence: func(ev *credential.Evidence) { ev.Binding = credential.Binding{} }, want: reason.HolderBindingMissing},
		"a clock that is wrong":   {evidence: func(ev *credential.Evidence) { ev.At, ev.Clock = now.Add(2*time.Hour), credential.ClockUntrusted }, want: reason.ClockUntrusted},
		"a clock that may be low": {evidence: func(ev *credential.Evidence) { ev.At, ev.Clock = now.Add(-2*time.Hour), credential.ClockPlausible }, want: reason.ClockUntrusted},
	} {
		t.Run(name, func(t *testing.T) {
			b, ev := good(t), evidence(t)
			if c.change != nil {
				c.change(b)
			}
			if c.evidence != nil {
				c.evidence(&ev)
			}
			found := prove(t, b.sign(t), ev)
			if got := codes(found); !reflect.DeepEqual(got, []reason.Code{c.want}) {
				t.Errorf("%v, want %s", got, c.want)
			}
			if c.want != reason.ClockUntrusted && found.Claims.Len() != 0 {
				t.Error("claims of what failed")
			}
		})
	}
	unsigned := good(t).sign(t)
	unsigned = append(unsigned[:len(unsigned)-66], 0x40) // a byte string of none
	if got := codes(prove(t, unsigned, evidence(t))); !reflect.DeepEqual(got, []reason.Code{reason.SignatureMissing}) {
		t.Errorf("no signature: %v", got)
	}
}

func TestAnyBitChangedIsRefused(t *testing.T) {
	data := good(t).sign(t)
	before := prove(t, data, evidence(t))
	for i := range len(data) * 8 {
		changed := bytes.Clone(data)
		changed[i/8] ^= 1 << (i % 8)
		p, err := Mechanism().Parse(changed)
		if err != nil {
			codeOf(t, err)
			continue
		}
		c := p.Prove(evidence(t)).Credentials[0]
		if len(codes(c)) == 0 && !reflect.DeepEqual(c, before) {
			t.Fatalf("bit %d changed: %+v", i, c)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	claims := func(name any, v any) func(*build) { return func(b *build) { b.claims[name] = v } }
	payload := func(p []byte) func(*build) { return func(b *build) { b.payload = p } }
	tagged := strictcbor.Tag{Number: 1, Content: now.Unix()}
	key, err := cose.MarshalKey(signer(t, "holder").Public(""), nil)
	if err != nil {
		t.Fatal(err)
	}
	raw := strictcbor.RawMessage(key)
	for name, c := range map[string]struct {
		change func(*build)
		want   reason.Code
	}{
		"a payload that is elsewhere":      {func(b *build) { b.detached = true }, reason.Malformed},
		"an empty payload":                 {payload([]byte{}), reason.Malformed},
		"a payload that is no map":         {payload([]byte{0x80}), reason.Malformed},
		"a payload of text":                {payload([]byte(`{"iss":"x"}`)), reason.Malformed},
		"a payload in a tag":               {payload([]byte{0xd8, 0x3d, 0xa0}), reason.Malformed},
		"bytes behind the claims":          {payload([]byte{0xa0, 0}), reason.Malformed},
		"a claim twice":                    {payload([]byte{0xa2, 4, 1, 4, 2}), reason.Malformed},
		"a claim twice, written otherwise": {payload([]byte{0xa2, 4, 1, 0x18, 4, 2}), reason.Malformed},
		"a claim called by bytes":          {payload([]byte{0xa1, 0x41, 0, 0}), reason.Malformed},
		"nesting too deep":                 {payload([]byte("\xa1\x10" + strings.Repeat("\x81", limits.JSONDepth) + "\x80")), reason.TooLarge},
		"too many values":                  {claims(100, make([]int, limits.JSONValues)), reason.TooLarge},
		"a claim by its name as well":      {claims("iss", issuer), reason.Malformed},
		"a claim by its name alone":        {func(b *build) { delete(b.claims, 4); b.claims["exp"] = now.Unix() }, reason.Malformed},
		"a claim by its number as text":    {claims("4", 1), reason.Malformed},
		"iss that is a number":             {claims(1, 1), reason.Malformed},
		"an empty iss":                     {claims(1, ""), reason.Malformed},
		"iss of null":                      {claims(1, nil), reason.Malformed},
		"sub of bytes would be text here":  {claims(2, 5), reason.Malformed},
		"exp of text":                      {claims(4, "2030-01-01"), reason.Malformed},
		"exp in a tag":                     {claims(4, tagged), reason.Malformed},
		"exp of null":                      {claims(4, nil), reason.Malformed},
		"exp in milliseconds":              {claims(4, now.UnixMilli()), reason.Malformed},
		"exp that is infinite":             {claims(4, strictcbor.RawMessage{0xf9, 0x7c, 0}), reason.Malformed},
		"a negative nbf":                   {claims(5, -1), reason.Malformed},
		"iat in a tag":                     {claims(6, tagged), reason.Malformed},
		"aud of numbers":                   {claims(3, []int{1}), reason.Malformed},
		"an empty vct":                     {claims(11, ""), reason.Malformed},
		"vct that is a number":             {claims(11, 1), reason.Malformed},
		"status that is no map":            {claims(65535, 1), reason.Malformed},
		"an empty status":                  {claims(65535, map[string]any{}), reason.Malformed},
		"a status without index":           {claims(65535, map[string]any{"status_list": map[string]any{"uri": "https://x.example"}}), reason.Malformed},
		"a status with a negative index":   {claims(65535, map[string]any{"status_list": map[string]any{"uri": "https://x.example", "idx": -1}}), reason.Malformed},
		"a status without address":         {claims(65535, map[string]any{"status_list": map[string]any{"idx": 1}}), reason.Malformed},
		"cnf that is no map":               {claims(8, "x"), reason.Malformed},
		"cnf with a key and a name":        {claims(8, map[any]any{1: raw, 3: []byte{1}}), reason.Malformed},
		"cnf with two keys":                {claims(8, map[any]any{1: raw, 2: []byte{1}}), reason.Malformed},
		"claim 169 that is no map":         {claims(169, "Pema Example"), reason.Malformed},
		"claim 169 of bytes":               {claims(169, encode(t, map[int]any{4: "Pema Example"})), reason.Malformed},
		"an attribute by its name as well": {claims(169, map[any]any{4: "Pema Example", "fullName": "Sonam Example"}), reason.Malformed},
		"a portrait that is a number":      {claims(169, map[any]any{16: 1}), reason.Malformed},
		"a sample's data twice":            {claims(169, map[any]any{62: []any{map[any]any{0: []byte{1}, "data": "x"}}}), reason.Malformed},
		"hcert that is no map":             {claims(-260, 1), reason.Malformed},
		"claims in the header":             {func(b *build) { b.protected[15] = map[int]any{1: issuer} }, reason.Malformed},
		"claims in the open header":        {func(b *build) { b.unprotected = map[any]any{15: map[int]any{1: issuer}} }, reason.Malformed},
		"an extension that must be known":  {func(b *build) { b.protected[2] = []int{15}; b.protected[15] = map[int]any{} }, reason.Malformed},
		"a status list":                    {func(b *build) { b.protected[16] = "application/statuslist+cwt" }, reason.FormatUnsupported},
		"a selective disclosure":           {func(b *build) { b.protected[16] = "SD-CWT" }, reason.FormatUnsupported},
		"a W3C document":                   {func(b *build) { b.protected[16] = "application/vc+cose"; b.payload = []byte(`{}`) }, reason.FormatUnsupported},
	} {
		t.Run(name, func(t *testing.T) {
			b := good(t)
			c.change(b)
			_, err := Mechanism().Parse(b.sign(t))
			if err == nil {
				t.Fatal("parsed")
			}
			if got := codeOf(t, err); got != c.want {
				t.Errorf("%s, want %s (%v)", got, c.want, err)
			}
		})
	}
}

func TestOtherMessagesAreTold(t *testing.T) {
	data := good(t).sign(t)
	tag := func(n uint64, v any) []byte { return encode(t, strictcbor.Tag{Number: n, Content: v}) }
	for name, c := range map[string]struct {
		data []byte
		want reason.Code
	}{
		"encrypted":                     {tag(16, []any{[]byte{}, map[int]any{}, []byte{1}}), reason.FormatUnsupported},
		"encrypted, not tagged":         {encode(t, []any{[]byte{}, map[int]any{}, []byte{1}}), reason.FormatUnsupported},
		"an encrypted CWT":              {tag(61, strictcbor.Tag{Number: 16, Content: []any{}}), reason.FormatUnsupported},
		"encrypted for several":         {tag(96, []any{}), reason.FormatUnsupported},
		"with a MAC":                    {tag(17, []any{}), reason.FormatUnsupported},
		"with a MAC for several":        {tag(97, []any{}), reason.FormatUnsupported},
		"several signatures":            {tag(98, []any{}), reason.FormatUnsupported},
		"a CWT tag alone":               {append([]byte{0xd8, 61}, data[1:]...), reason.Malformed},
		"a CWT tag twice":               {append([]byte{0xd8, 61, 0xd8, 61}, data...), reason.Malformed},
		"a signature's tag twice":       {append([]byte{0xd2}, data...), reason.Malformed},
		"the tags the other way round":  {append([]byte{0xd2, 0xd8, 61}, data[1:]...), reason.Malformed},
		"an array of four other things": {[]byte{0x84, 1, 2, 3, 4}, reason.Malformed},
		"bytes behind":                  {append(bytes.Clone(data), 0), reason.Malformed},
		"the second half missing":       {data[:len(data)/2], reason.Malformed},
		"more bytes than any":           {append(bytes.Clone(data), make([]byte, limits.Presentation)...), reason.TooLarge},
	} {
		if !Mechanism().Recognise(c.data) {
			t.Errorf("%s: not recognised", name)
		}
		if _, err := Mechanism().Parse(c.data); err == nil || codeOf(t, err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	for _, other := range []string{"", "\x84", "eyJhbGciOiJFUzI1NiJ9.e30.AAAA", "\xa1\x01\x02", "\xd8\x18\x41\x00", "\x83", "{}", "HC1:6BF"} {
		if Mechanism().Recognise([]byte(other)) {
			t.Errorf("%q is recognised", other)
		}
	}
	for _, e := range []string{"", "x", "\xa0", "\xd8\x18\x41\x00"} {
		if _, err := Mechanism().Parse([]byte(e)); err == nil || codeOf(t, err) != reason.Malformed {
			t.Errorf("%q: %v", e, err)
		}
	}
}

func TestAConfirmationThatBindsToNobodyKnown(t *testing.T) {
	for name, cnf := range map[string]any{
		"a name alone": map[any]any{3: []byte{1}}, "an encrypted key": map[any]any{2: []byte{1}},
		"a key that is none": map[any]any{1: map[any]any{1: 2}}, "nothing": map[any]any{},
	} {
		b := good(t)
		b.claims[8] = cnf
		c := prove(t, b.sign(t), evidence(t))
		if len(codes(c)) != 0 || c.Holder != nil {
			t.Errorf("%s: %+v", name, c)
		}
		ev := evidence(t)
		ev.Binding = credential.Bound("n", "us")
		ev.Presenter = &credential.Presenter{ID: "urn:example:pema", Key: signer(t, "holder").Public("")}
		if got := codes(prove(t, b.sign(t), ev)); !reflect.DeepEqual(got, []reason.Code{reason.HolderBindingMissing}) {
			t.Errorf("%s, enclosed: %v", name, got)
		}
	}
}

func FuzzMechanism(f *testing.F) {
	b := good(f)
	f.Add(b.sign(f))
	f.Add(append([]byte{0xd8, 61}, b.sign(f)...))
	b.claims[8], b.claims[65535] = map[any]any{3: []byte{1}}, map[string]any{"status_list": map[string]any{"idx": 1, "uri": "x"}}
	b.claims[-260], b.claims[169] = map[any]any{1: map[string]any{}}, map[any]any{62: []any{map[any]any{0: []byte{1}, 1: 0}}}
	f.Add(b.sign(f))
	f.Add(b.sign(f)[1:])
	f.Add([]byte{0xd0, 0x83, 0x40, 0xa0, 0x40})
	ev := evidence(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Mechanism().Parse(data)
		if err != nil {
			switch code := codeOf(t, err); code {
			case reason.Malformed, reason.TooLarge, reason.FormatUnsupported:
			default:
				t.Fatalf("answers %s", code)
			}
			return
		}
		for _, c := range p.Prove(ev).Credentials {
			if len(codes(c)) == 0 && c.Issuer != issuer {
				t.Fatalf("accepted for %q", c.Issuer)
			}
		}
	})
}
