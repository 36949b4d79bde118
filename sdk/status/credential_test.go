package status_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/jwtvc"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/sdjwt"
	"github.com/dzong-id/dzong/sdk/status"
)

const listURI = "https://status.example/lists/3"

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(data)
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bits is a bitstring of the least length with the given bits set from the left.
func bits(set ...int) []byte {
	b := make([]byte, 16<<10)
	for _, i := range set {
		b[i/8] |= 0x80 >> (i % 8)
	}
	return b
}

// bitstring is a Bitstring Status List credential before it is secured.
func bitstring(t testing.TB, set ...int) map[string]any {
	return map[string]any{
		"@context":  []any{"https://www.w3.org/ns/credentials/v2"},
		"id":        listURI,
		"type":      []any{"VerifiableCredential", "BitstringStatusListCredential"},
		"issuer":    "registry",
		"validFrom": issued.Format(time.RFC3339),
		"credentialSubject": map[string]any{
			"id": listURI + "#list", "type": "BitstringStatusList", "statusPurpose": "revocation",
			"encodedList": "u" + encode(gzipped(t, bits(set...))),
		},
	}
}

func subject(c map[string]any) map[string]any { return c["credentialSubject"].(map[string]any) }

// secured makes an SD-JWT of a list: a mechanism that opens W3C credentials too.
func secured(t testing.TB, k *jws.PrivateKey, c map[string]any) []byte {
	return append(sign(t, k, map[string]any{"kid": "12"}, c), '~')
}

func openCredential(t testing.TB, c map[string]any) (*status.List, error) {
	t.Helper()
	k := signer(t, credential.ES256, "a")
	return status.Credential(sdjwt.Mechanism()).Open(listURI, secured(t, k, c), only(k.Public("12"), "registry"), now)
}

func TestABitstringListSaysWhoWhenAndWhat(t *testing.T) {
	c := bitstring(t, 0, 9, 131071)
	c["validUntil"] = issued.Add(48 * time.Hour).Format(time.RFC3339)
	subject(c)["ttl"] = 300000
	subject(c)["statusPurpose"] = []any{"revocation", "suspension"}
	l, err := openCredential(t, c)
	if err != nil {
		t.Fatal(err)
	}
	if l.URI != listURI || l.Mechanism != credential.StatusBitstring || l.KeyID != "12" || l.Len() != 131072 ||
		!l.IssuedAt.Equal(issued) || !l.Expires.Equal(issued.Add(48*time.Hour)) || l.TTL != 5*time.Minute {
		t.Errorf("got %s %s %s %d %s %s %s", l.URI, l.Mechanism, l.KeyID, l.Len(), l.IssuedAt, l.Expires, l.TTL)
	}
	if d := cmp.Diff([]string{"registry"}, l.Signers); d != "" {
		t.Error(d)
	}
	ref := credential.StatusReference{Mechanism: credential.StatusBitstring, URI: listURI, Purpose: "suspension"}
	for index, want := range map[uint64]status.Value{0: 1, 1: 0, 7: 0, 8: 0, 9: 1, 10: 0, 131070: 0, 131071: 1} {
		ref.Index = index
		if v, err := l.Find(ref); err != nil || v != want {
			t.Errorf("index %d is %s, %v", index, v, err)
		}
	}
	for _, index := range []uint64{131072, 1 << 32, 1<<64 - 1} {
		ref.Index = index
		if _, err := l.Find(ref); !errors.Is(err, status.ErrRange) {
			t.Errorf("index %d: %v", index, err)
		}
	}
	for _, wrong := range []credential.StatusReference{
		{Mechanism: credential.StatusBitstring, Purpose: "refresh"},
		{Mechanism: credential.StatusBitstring, Purpose: "Revocation"},
		{Mechanism: credential.Status2021, Purpose: "revocation"},
		{Mechanism: credential.StatusToken},
		{Mechanism: credential.StatusHealthCard, Revokee: "x"},
		{},
	} {
		if _, err := l.Find(wrong); !errors.Is(err, status.ErrForm) {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
}

func TestWideEntriesAreReadFromTheLeftAcrossBytes(t *testing.T) {
	data := make([]byte, 3*(16<<10))
	copy(data, []byte{0b001_010_01, 0b1_100_101_1, 0b10_111_000})
	c := bitstring(t)
	subject(c)["encodedList"] = "u" + encode(gzipped(t, data))
	l, err := openCredential(t, c)
	if err != nil {
		t.Fatal(err)
	}
	ref := credential.StatusReference{Mechanism: credential.StatusBitstring, Purpose: "revocation", Size: 3}
	for i, want := range []status.Value{1, 2, 3, 4, 5, 6, 7, 0} {
		ref.Index = uint64(i)
		if v, err := l.Find(ref); err != nil || v != want {
			t.Errorf("entry %d is %d, %v", i, v, err)
		}
	}
	for _, index := range []uint64{131072, 1 << 62, 1<<64 - 1} {
		ref.Index = index
		if _, err := l.Find(ref); !errors.Is(err, status.ErrRange) {
			t.Errorf("index %d: %v", index, err)
		}
	}
	ref.Index, ref.Size = 0, 4 // 98,304 entries are too few to hide in
	if _, err := l.Find(ref); !errors.Is(err, status.ErrRange) {
		t.Errorf("a list too short for its entries: %v", err)
	}
}

func TestTheOlderFormsOpen(t *testing.T) {
	packed := gzipped(t, bits(5))
	for name, c := range map[string]struct {
		cred, subj, mechanism, encoded string
	}{
		"StatusList2021":                     {"StatusList2021Credential", "StatusList2021", credential.Status2021, encode(packed)},
		"StatusList2021 in padded base64url": {"StatusList2021Credential", "StatusList2021", credential.Status2021, base64.URLEncoding.EncodeToString(packed)},
		"StatusList2021 in base64":           {"StatusList2021Credential", "StatusList2021", credential.Status2021, base64.StdEncoding.EncodeToString(packed)},
		"RevocationList2020":                 {"RevocationList2020Credential", "RevocationList2020", credential.StatusRevocation20, encode(packed)},
	} {
		t.Run(name, func(t *testing.T) {
			doc := bitstring(t)
			doc["type"] = []any{"VerifiableCredential", c.cred}
			subject(doc)["type"] = c.subj
			subject(doc)["encodedList"] = c.encoded
			if c.mechanism == credential.StatusRevocation20 {
				delete(subject(doc), "statusPurpose")
			}
			l, err := openCredential(t, doc)
			if err != nil {
				t.Fatal(err)
			}
			for index, want := range map[uint64]status.Value{4: 0, 5: 1, 6: 0} {
				v, err := l.Find(credential.StatusReference{Mechanism: c.mechanism, Purpose: "revocation", Index: index})
				if err != nil || v != want {
					t.Errorf("index %d is %s, %v", index, v, err)
				}
			}
		})
	}
}

func TestListsThatDifferFromTheUsualAndAreGood(t *testing.T) {
	for name, change := range map[string]func(c map[string]any){
		"an older context's dates":  func(c map[string]any) { c["issuanceDate"] = c["validFrom"]; delete(c, "validFrom") },
		"no id, but a subject's":    func(c map[string]any) { delete(c, "id") },
		"a subject of another name": func(c map[string]any) { subject(c)["id"] = "urn:x#list" },
		"iat instead of validFrom":  func(c map[string]any) { delete(c, "validFrom"); c["iat"] = issued.Unix() },
		"types of its own":          func(c map[string]any) { c["type"] = append(c["type"].([]any), "MyList") },
		"a type that is one string": func(c map[string]any) { c["type"] = "BitstringStatusListCredential" },
		"an expired one":            func(c map[string]any) { c["validUntil"] = issued.Add(time.Minute).Format(time.RFC3339) },
		"an expired one, as exp":    func(c map[string]any) { c["exp"] = issued.Add(time.Minute).Unix() },
		"one that begins later":     func(c map[string]any) { c["validFrom"] = now.Add(time.Hour).Format(time.RFC3339) },
	} {
		t.Run(name, func(t *testing.T) {
			c := bitstring(t, 5)
			change(c)
			l, err := openCredential(t, c)
			if err != nil {
				t.Fatal(err)
			}
			v, err := l.Find(credential.StatusReference{Mechanism: credential.StatusBitstring, Purpose: "revocation", Index: 5})
			if err != nil || v != status.Invalid {
				t.Errorf("got %s, %v", v, err)
			}
			if fresh := l.Fresh(now, 0); fresh == (strings.Contains(name, "expired") || strings.Contains(name, "later")) {
				t.Errorf("fresh: %v", fresh)
			}
		})
	}
}

// wrap makes of a VCDM 2.0 list what VC-JWT 1.1 makes of one.
func wrap(c map[string]any) {
	vc := map[string]any{}
	for name, v := range c {
		if name != "issuer" {
			vc[name] = v
			delete(c, name)
		}
	}
	c["iss"], c["vc"] = c["issuer"], vc
	delete(c, "issuer")
}

// TestAListAsVCJWT: lists of VCDM 1.1 stand in the claim vc.
func TestAListAsVCJWT(t *testing.T) {
	k := signer(t, credential.ES256, "a")
	for name, c := range map[string]struct {
		change func(c, vc map[string]any)
		opens  bool
	}{
		"with an id":            {func(c, vc map[string]any) {}, true},
		"with jti and id":       {func(c, vc map[string]any) { c["jti"] = listURI }, true},
		"without either":        {func(c, vc map[string]any) { delete(vc, "id") }, true}, // its subject's id names it
		"another list's":        {func(c, vc map[string]any) { vc["id"] = listURI + "0" }, false},
		"with another's jti":    {func(c, vc map[string]any) { c["jti"] = listURI + "0" }, false},
		"by two types of lists": {func(c, vc map[string]any) { vc["type"] = append(vc["type"].([]any), "StatusList2021Credential") }, false},
	} {
		t.Run(name, func(t *testing.T) {
			list := bitstring(t, 5)
			list["@context"], list["issuanceDate"] = []any{"https://www.w3.org/2018/credentials/v1"}, list["validFrom"]
			delete(list, "validFrom")
			wrap(list)
			c.change(list, list["vc"].(map[string]any))
			l, err := status.Credential(jwtvc.Mechanism()).Open(listURI, sign(t, k, map[string]any{"kid": "12", "typ": "JWT"}, list), only(k.Public("12"), "registry"), now)
			if c.opens != (err == nil) {
				t.Fatalf("%v, %v", l, err)
			}
			if !c.opens {
				return
			}
			v, err := l.Find(credential.StatusReference{Mechanism: credential.StatusBitstring, Purpose: "revocation", Index: 5})
			if err != nil || v != status.Invalid {
				t.Errorf("got %s, %v", v, err)
			}
		})
	}
}

// Each case has one cause.
func TestCredentialRefuses(t *testing.T) {
	packed := gzipped(t, bits(5))
	list := func(s string) func(map[string]any) {
		return func(c map[string]any) { subject(c)["encodedList"] = s }
	}
	for name, change := range map[string]func(c map[string]any){
		"another list's id":              func(c map[string]any) { c["id"] = listURI + "0" },
		"an id that is no string":        func(c map[string]any) { c["id"] = []any{listURI} },
		"no id at all":                   func(c map[string]any) { delete(c, "id"); delete(subject(c), "id") },
		"another list's jti":             func(c map[string]any) { c["jti"] = listURI + "0" },
		"another list's subject, no id":  func(c map[string]any) { delete(c, "id"); subject(c)["id"] = "urn:x#list" },
		"no type":                        func(c map[string]any) { delete(c, "type") },
		"an ordinary credential":         func(c map[string]any) { c["type"] = []any{"VerifiableCredential"} },
		"two forms at once":              func(c map[string]any) { c["type"] = append(c["type"].([]any), "StatusList2021Credential") },
		"a subject of another form":      func(c map[string]any) { subject(c)["type"] = "StatusList2021" },
		"a subject without a type":       func(c map[string]any) { delete(subject(c), "type") },
		"no subject":                     func(c map[string]any) { delete(c, "credentialSubject") },
		"two subjects":                   func(c map[string]any) { c["credentialSubject"] = []any{subject(c), subject(c)} },
		"no purpose":                     func(c map[string]any) { delete(subject(c), "statusPurpose") },
		"no purposes":                    func(c map[string]any) { subject(c)["statusPurpose"] = []any{} },
		"an empty purpose":               func(c map[string]any) { subject(c)["statusPurpose"] = []any{"revocation", ""} },
		"a purpose that is a number":     func(c map[string]any) { subject(c)["statusPurpose"] = []any{"revocation", 1} },
		"no date":                        func(c map[string]any) { delete(c, "validFrom") },
		"a date that is none":            func(c map[string]any) { c["validFrom"] = "yesterday" },
		"a date that is null":            func(c map[string]any) { c["validFrom"] = nil },
		"an end that is none":            func(c map[string]any) { c["validUntil"] = 1 },
		"ttl zero":                       func(c map[string]any) { subject(c)["ttl"] = 0 },
		"ttl negative":                   func(c map[string]any) { subject(c)["ttl"] = -1 },
		"ttl as a string":                func(c map[string]any) { subject(c)["ttl"] = "300000" },
		"ttl that overflows":             func(c map[string]any) { subject(c)["ttl"] = json.Number("9223372036854775807") },
		"no encodedList":                 func(c map[string]any) { delete(subject(c), "encodedList") },
		"encodedList as an array":        func(c map[string]any) { subject(c)["encodedList"] = []any{1} },
		"encodedList empty":              list(""),
		"encodedList without multibase":  list(encode(packed)),
		"encodedList in another base":    list("m" + base64.StdEncoding.EncodeToString(packed)),
		"encodedList with padding":       list("u" + base64.URLEncoding.EncodeToString(append(bytes.Clone(packed), 0))),
		"encodedList not compressed":     list("u" + encode(bits(5))),
		"encodedList of zlib":            list("u" + encode(deflate(t, bits(5)))),
		"encodedList cut short":          list("u" + encode(packed[:len(packed)-9])),
		"encodedList without its sum":    list("u" + encode(packed[:len(packed)-8])),
		"encodedList with a wrong sum":   list("u" + encode(append(bytes.Clone(packed[:len(packed)-8]), make([]byte, 8)...))),
		"encodedList with a byte behind": list("u" + encode(append(bytes.Clone(packed), 0))),
		"encodedList of two members":     list("u" + encode(append(bytes.Clone(packed), packed...))),
		"a bit too short":                list("u" + encode(gzipped(t, make([]byte, 16<<10-1)))),
		"one byte beyond the limit":      list("u" + encode(gzipped(t, make([]byte, limits.StatusList+1)))),
		"a bomb":                         list("u" + encode(gzipped(t, make([]byte, 200<<20)))),
	} {
		t.Run(name, func(t *testing.T) {
			c := bitstring(t, 5)
			change(c)
			l, err := openCredential(t, c)
			refused(t, l, err)
		})
	}
}

func TestCredentialRefusesWhatIsNotSignedByTheKeyThatWasFound(t *testing.T) {
	k, other := signer(t, credential.ES256, "a"), signer(t, credential.ES256, "b")
	good := secured(t, k, bitstring(t))
	keys := only(k.Public("12"), "registry")
	payload, err := json.Marshal(bitstring(t))
	if err != nil {
		t.Fatal(err)
	}
	unsigned := append([]byte(encode([]byte(`{"alg":"none"}`))+"."+encode(payload)+"."), '~')
	opener := status.Credential(sdjwt.Mechanism())
	for name, c := range map[string]struct {
		opener status.Opener
		uri    string
		data   []byte
		keys   credential.Keys
	}{
		"another key under the same kid": {opener, listURI, good, only(other.Public("12"), "registry")},
		"another issuer":                 {opener, listURI, good, only(k.Public("12"), "somebody")},
		"unsigned":                       {opener, listURI, unsigned, keys},
		"without a signature":            {opener, listURI, append(bytes.Clone(good[:bytes.LastIndexByte(good, '.')+1]), '~'), keys},
		"bare JSON":                      {opener, listURI, payload, keys},
		"nothing":                        {opener, listURI, nil, keys},
		"no URI":                         {opener, "", good, keys},
		"too large":                      {opener, listURI, bytes.Repeat([]byte("e"), limits.StatusToken+1), keys},
		"too large for the mechanism":    {opener, listURI, append(good, bytes.Repeat([]byte("e"), limits.Presentation)...), keys},
		"no mechanism":                   {status.Credential(), listURI, good, keys},
		"a token's opener":               {status.Token(), listURI, good[:len(good)-1], keys},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := c.opener.Open(c.uri, c.data, c.keys, now)
			refused(t, l, err)
		})
	}
	if _, err := opener.Open(listURI, good, keys, now); err != nil {
		t.Errorf("the one they all differ from: %v", err)
	}
}

func TestAStatusListsUnknownSignerIsToldFromABadProof(t *testing.T) {
	k := signer(t, credential.ES256, "a")
	nobody := credential.KeysFunc(func(credential.Signer) ([]credential.Key, []credential.Check) {
		return nil, []credential.Check{credential.Undecided(reason.CheckKey, reason.KeyUnknown, "did:web:registry.example")}
	})
	l, err := status.Credential(sdjwt.Mechanism()).Open(listURI, secured(t, k, bitstring(t)), nobody, now)
	refused(t, l, err)
	var unknown *status.SignerError
	if !errors.As(err, &unknown) || unknown.Resource != "did:web:registry.example" {
		t.Errorf("got %v", err)
	}
}

// double is a mechanism whose findings are given.
type double struct {
	findings credential.Findings
	seen     *credential.Evidence
}

func (double) Recognise([]byte) bool                             { return true }
func (d double) Parse([]byte) (credential.Presentation, error)   { return d, nil }
func (double) Format() credential.Format                         { return "double" }
func (d double) Prove(e credential.Evidence) credential.Findings { *d.seen = e; return d.findings }

type contexts map[string][]byte

func (c contexts) Context(url string) []byte { return c[url] }

func TestCredentialTrustsNoFindingButAWholeOne(t *testing.T) {
	signed := credential.Pass(reason.CheckSignature, "k")
	decoded := map[string]any{}
	for name, v := range bitstring(t) {
		decoded[name] = v
	}
	good := credential.Credential{Issuer: "registry", SigningKey: "k", IssuedAt: issued, Checks: []credential.Check{signed},
		Contexts: []string{"https://www.w3.org/ns/credentials/v2"}, Claims: credential.NewClaims(decoded)}
	with := func(change func(*credential.Credential)) credential.Findings {
		c := good
		change(&c)
		return credential.Findings{Credentials: []credential.Credential{c}}
	}
	add := func(checks ...credential.Check) credential.Findings {
		return with(func(c *credential.Credential) { c.Checks = append([]credential.Check{signed}, checks...) })
	}
	for name, f := range map[string]credential.Findings{
		"nothing":            {},
		"two credentials":    {Credentials: []credential.Credential{good, good}},
		"something within":   {Credentials: []credential.Credential{good}, Enclosed: []credential.Enclosed{{}}},
		"no check":           with(func(c *credential.Credential) { c.Checks = nil }),
		"no signature check": with(func(c *credential.Credential) { c.Checks = []credential.Check{credential.Pass(reason.CheckIssuer, "")} }),
		"no issuer":          with(func(c *credential.Credential) { c.Issuer = "" }),
		"no claims":          with(func(c *credential.Credential) { c.Claims = credential.Claims{} }),
		"a bad signature": with(func(c *credential.Credential) {
			c.Checks = []credential.Check{credential.Fail(reason.CheckSignature, reason.SignatureInvalid, "")}
		}),
		"a second signature that is bad": add(credential.Fail(reason.CheckSignature, reason.SignatureInvalid, "")),
		"an uncovered claim":             add(credential.Fail(reason.CheckCoverage, reason.ClaimsNotCovered, "")),
		"an issuer nobody knows":         add(credential.Fail(reason.CheckIssuer, reason.IssuerUnknown, "")),
		"something undecided":            add(credential.Undecided(reason.CheckContext, reason.ContextRefused, "")),
		"a failure of the whole":         {Checks: []credential.Check{credential.Fail(reason.CheckFormat, reason.Malformed, "")}, Credentials: []credential.Credential{good}},
		"a context of somebody's own":    with(func(c *credential.Credential) { c.Contexts = append(c.Contexts, "https://a.example/v1") }),
	} {
		t.Run(name, func(t *testing.T) {
			l, err := status.Credential(double{f, new(credential.Evidence)}).Open(listURI, []byte("x"), credential.KeysFunc(nil), now)
			refused(t, l, err)
		})
	}
	var seen credential.Evidence
	at := contexts{"u": []byte("{}")}
	o := status.In(at, status.Token(), status.Credential(double{add(credential.Undecided(reason.CheckValidity, reason.ClockUntrusted, "time")), &seen}))
	var asked credential.Role
	keys := credential.KeysFunc(func(s credential.Signer) ([]credential.Key, []credential.Check) { asked = s.Role; return nil, nil })
	if _, err := o[1].Open(listURI, []byte("x"), keys, now); err != nil {
		t.Fatal(err)
	}
	seen.Keys.Find(credential.Signer{Role: credential.RoleIssuer})
	if asked != credential.RoleStatusProvider || !seen.At.Equal(now) || seen.Contexts.Context("u") == nil || seen.Binding.Kind() != credential.BindingBearer {
		t.Errorf("the mechanism was asked with role %d, %+v", asked, seen.At)
	}
	if k, c := seen.Keys.Find(credential.Signer{Role: credential.RoleHolder}); k != nil || c[0].Verdict != reason.Failed {
		t.Error("a holder may sign a status list")
	}
}

func TestSubjectOfACredentialIsItsName(t *testing.T) {
	k := signer(t, credential.ES256, "a")
	wrapped := bitstring(t)
	wrap(wrapped)
	wrapped["sub"] = listURI + "#list"
	plain, err := json.Marshal(bitstring(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"an SD-JWT": secured(t, k, bitstring(t)), "a VC-JWT": sign(t, k, header(), wrapped), "JSON": plain, "JSON after a line end": append([]byte("\n"), plain...),
	} {
		if got, err := status.Subject(data); err != nil || got != listURI {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	delete(wrapped["vc"].(map[string]any), "id")
	if got, err := status.Subject(sign(t, k, header(), wrapped)); err == nil || got != "" {
		t.Errorf("a list without a name: %q", got)
	}
}

func TestFirstTellsWhatTheOpenerOfTheFormSays(t *testing.T) {
	k := signer(t, credential.ES256, "a")
	keys := only(k.Public("12"), "registry")
	openers := []status.Opener{status.Token(), status.HealthCard(), status.Credential(sdjwt.Mechanism())}
	short := bitstring(t)
	subject(short)["encodedList"] = "u" + encode(gzipped(t, make([]byte, 10)))
	crlToken := sign(t, k, map[string]any{"typ": status.HealthCardType, "kid": "12"}, crl())
	for name, c := range map[string]struct {
		uri  string
		data []byte
		want string // in the error; empty: opens
	}{
		"a token":             {uri, sign(t, k, header(), claims(t)), ""},
		"a credential":        {listURI, secured(t, k, bitstring(t)), ""},
		"a health card list":  {crlURI, crlToken, ""},
		"a short credential":  {listURI, secured(t, k, short), "STATUS_LIST_LENGTH_ERROR"},
		"another card's list": {crlURI + "x", crlToken, "sub is not the URI"},
		"nothing known":       {uri, []byte("x"), "not a compact JWS"},
	} {
		l, err := status.First(openers, c.uri, c.data, keys, now)
		if c.want == "" && (err != nil || l == nil) {
			t.Errorf("%s: %v", name, err)
		}
		if c.want != "" {
			refused(t, l, err)
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	l, err := status.First(nil, uri, nil, keys, now)
	refused(t, l, err)
}

func FuzzBitstring(f *testing.F) {
	good, err := json.Marshal(bitstring(f, 5))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good, uint64(5), uint8(1))
	f.Add([]byte(`{"id":"`+listURI+`","type":"StatusList2021Credential","issuer":"registry","iat":1,"credentialSubject":{"type":"StatusList2021","statusPurpose":["suspension"],"encodedList":"H4sIAAAAAAAAA-3BMQEAAADCoPVPbQsvoAAAAAAAAAAAAAAAAP4GcwM92tQwAAA"}}`), uint64(1)<<63, uint8(7))
	k := signer(f, credential.EdDSA, "a")
	keys := only(k.Public("12"), "registry")
	o := status.Credential(sdjwt.Mechanism())
	f.Fuzz(func(t *testing.T, payload []byte, index uint64, size uint8) {
		compact, err := jws.Sign(map[string]any{"kid": "12"}, payload, k)
		if err != nil {
			t.Skip()
		}
		l, err := o.Open(listURI, []byte(compact+"~"), keys, now)
		if (l == nil) == (err == nil) {
			t.Fatalf("list %v, error %v", l, err)
		}
		if l == nil {
			return
		}
		size = size%8 + 1
		_, err = l.Find(credential.StatusReference{Mechanism: l.Mechanism, Purpose: l.Purposes[0], Index: index, Size: size})
		if err == nil && index >= l.Len()/uint64(size) {
			t.Fatalf("index %d of %d", index, l.Len())
		}
	})
}
