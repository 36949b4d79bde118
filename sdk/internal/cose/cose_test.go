package cose

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

var everyAlgorithm = []credential.Algorithm{
	credential.ES256, credential.ES384, credential.ES512, credential.ES256K, credential.EdDSA, credential.Ed25519,
	credential.RS256, credential.RS384, credential.RS512, credential.PS256, credential.PS384, credential.PS512,
}

func generate(t testing.TB, alg credential.Algorithm) *jws.PrivateKey {
	t.Helper()
	k, err := jws.Generate(alg)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func sign(t testing.TB, m Message, k Signer) []byte {
	t.Helper()
	data, err := m.Sign(k)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	data, err := strictcbor.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func codeOf(t testing.TB, err error) reason.Code {
	t.Helper()
	var coded *reason.Error
	if !errors.As(err, &coded) {
		t.Fatalf("uncoded error %v", err)
	}
	return coded.Code
}

func TestWhatIsSignedVerifiesWithItsKeyAlone(t *testing.T) {
	for _, alg := range everyAlgorithm {
		t.Run(string(alg), func(t *testing.T) {
			k := generate(t, alg)
			data := sign(t, Message{
				Protected:   map[any]any{LabelType: "application/cwt", LabelContentType: 61},
				Unprotected: map[any]any{LabelKeyID: []byte("k1"), LabelX5Chain: []byte{1}},
				Payload:     []byte("what is said"),
			}, k)
			s, err := ParseSign1(data)
			if err != nil {
				t.Fatal(err)
			}
			if s.Algorithm != alg || string(s.KeyID) != "k1" || s.Type != "application/cwt" || s.ContentType != "61" ||
				len(s.X5Chain) != 1 || string(s.Payload) != "what is said" {
				t.Errorf("parsed %+v", s)
			}
			if err := s.Verify(k.Public(""), nil, nil); err != nil {
				t.Errorf("own key: %v", err)
			}
			for name, err := range map[string]error{
				"another key":         s.Verify(generate(t, alg).Public(""), nil, nil),
				"external data":       s.Verify(k.Public(""), []byte("x"), nil),
				"another kind of key": s.Verify(generate(t, map[bool]credential.Algorithm{true: credential.ES384, false: credential.ES256}[alg == credential.ES256]).Public(""), nil, nil),
				"no key":              s.Verify(credential.Key{}, nil, nil),
				"a second payload":    s.Verify(k.Public(""), nil, []byte("what is said")),
			} {
				if err == nil {
					t.Errorf("%s: verifies", name)
				}
			}
			// Any one bit: what still parses says the same, or does not verify.
			step := 1
			if len(s.Signature) > 200 {
				step = 17 // RSA: slower, and longer
			}
			for i := 0; i < len(data); i += step {
				changed := bytes.Clone(data)
				changed[i] ^= 1
				other, err := ParseSign1(changed)
				if err != nil {
					codeOf(t, err)
					continue
				}
				if other.Verify(k.Public(""), nil, nil) == nil && (!bytes.Equal(other.Payload, s.Payload) || !bytes.Equal(other.encoded, s.encoded)) {
					t.Errorf("verifies with byte %d of %d changed", i, len(data))
				}
			}
		})
	}
}

func TestADetachedPayloadMustBeGiven(t *testing.T) {
	k := generate(t, credential.ES256)
	s, err := ParseSign1(sign(t, Message{Payload: []byte("p"), Detached: true, External: []byte("e")}, k))
	if err != nil || s.Payload != nil {
		t.Fatalf("%v, %v", s, err)
	}
	if err := s.Verify(k.Public(""), []byte("e"), []byte("p")); err != nil {
		t.Error(err)
	}
	if err := s.Verify(k.Public(""), []byte("e"), nil); !errors.Is(err, ErrPayload) {
		t.Error(err)
	}
	if err := s.Verify(k.Public(""), []byte("e"), []byte("q")); !errors.Is(err, credential.ErrSignature) {
		t.Error(err)
	}
	if err := s.Verify(k.Public(""), nil, []byte("p")); !errors.Is(err, credential.ErrSignature) {
		t.Error(err)
	}
	empty, err := ParseSign1(sign(t, Message{}, k))
	if err != nil || empty.Payload == nil || empty.Verify(k.Public(""), nil, nil) != nil {
		t.Errorf("an empty payload: %v, %v", empty, err)
	}
}

func TestMessagesThatAreRefused(t *testing.T) {
	k := generate(t, credential.ES256)
	header := func(protected, unprotected map[any]any) []byte {
		return sign(t, Message{Protected: protected, Unprotected: unprotected}, k)
	}
	message := func(parts ...any) []byte { return marshal(t, parts) }
	protected := marshal(t, map[int]any{1: -7})
	raw := func(s string) strictcbor.RawMessage { b, _ := hex.DecodeString(s); return b }
	der := bytes.Repeat([]byte{1}, 10)
	for name, c := range map[string]struct {
		data []byte
		want reason.Code
	}{
		"nothing":                          {nil, reason.Malformed},
		"no array":                         {marshal(t, "x"), reason.Malformed},
		"three parts":                      {message(protected, map[int]any{}, []byte{}), reason.Malformed},
		"five parts":                       {message(protected, map[int]any{}, []byte{}, []byte{}, []byte{}), reason.Malformed},
		"tagged as COSE_Mac0":              {marshal(t, strictcbor.Tag{Number: 17, Content: []any{protected, map[int]any{}, []byte{}, []byte{}}}), reason.Malformed},
		"tagged twice":                     {marshal(t, strictcbor.Tag{Number: 18, Content: strictcbor.Tag{Number: 18, Content: []any{protected, map[int]any{}, []byte{}, []byte{}}}}), reason.Malformed},
		"a protected header that is a map": {message(map[int]any{1: -7}, map[int]any{}, []byte{}, []byte{}), reason.Malformed},
		"a protected header in a tag":      {message(strictcbor.Tag{Number: 24, Content: protected}, map[int]any{}, []byte{}, []byte{}), reason.Malformed},
		"a protected header with an array": {message(marshal(t, []int{1, -7}), map[int]any{}, []byte{}, []byte{}), reason.Malformed},
		"a protected header with null":     {message([]byte{0xf6}, map[int]any{}, []byte{}, []byte{}), reason.Malformed},
		"a protected header and more":      {message(append(bytes.Clone(protected), 0), map[int]any{}, []byte{}, []byte{}), reason.Malformed},
		"an unprotected header in bytes":   {message(protected, protected, []byte{}, []byte{}), reason.Malformed},
		"an unprotected header of null":    {message(protected, nil, []byte{}, []byte{}), reason.Malformed},
		"a payload of text":                {message(protected, map[int]any{}, "", []byte{}), reason.Malformed},
		"an undefined payload":             {message(protected, map[int]any{}, raw("f7"), []byte{}), reason.Malformed},
		"a signature of null":              {message(protected, map[int]any{}, []byte{}, nil), reason.Malformed},
		"a signature of numbers":           {message(protected, map[int]any{}, []byte{}, []int{1, 2}), reason.Malformed},
		"bytes behind":                     {append(message(protected, map[int]any{}, []byte{}, []byte{}), 0), reason.Malformed},
		"the same protected label twice":   {message([]byte("\xa2\x01\x26\x01\x26"), map[int]any{}, []byte{}, []byte{}), reason.Malformed},
		"the same unprotected label twice": {message(protected, raw("a2044100044101"), []byte{}, []byte{}), reason.Malformed},
		"a label in both buckets":          {header(map[any]any{LabelKeyID: []byte{1}}, map[any]any{LabelKeyID: []byte{1}}), reason.Malformed},
		"a text label in both buckets":     {header(map[any]any{"x": 1}, map[any]any{"x": 1}), reason.Malformed},
		"a label of bytes":                 {message(protected, raw("a1410000"), []byte{}, []byte{}), reason.Malformed},
		"no alg":                           {message([]byte{}, map[int]any{}, []byte{}, []byte{}), reason.Malformed},
		"an empty protected map":           {message([]byte{0xa0}, map[int]any{}, []byte{}, []byte{}), reason.Malformed},
		"alg that is not protected":        {message([]byte{}, map[int]any{1: -7}, []byte{}, []byte{}), reason.Malformed},
		"alg in both buckets":              {message(protected, map[int]any{1: -7}, []byte{}, []byte{}), reason.Malformed},
		"alg of bytes":                     {header(map[any]any{LabelAlgorithm: []byte{1}}, nil), reason.Malformed},
		"alg in a tag":                     {header(map[any]any{LabelAlgorithm: strictcbor.Tag{Number: 100, Content: -7}}, nil), reason.Malformed},
		"alg beyond 64 bits":               {header(map[any]any{LabelAlgorithm: raw("1bffffffffffffffff")}, nil), reason.Malformed},
		"kid of text":                      {header(nil, map[any]any{LabelKeyID: "k"}), reason.Malformed},
		"an empty kid":                     {header(nil, map[any]any{LabelKeyID: []byte{}}), reason.Malformed},
		"typ of bytes":                     {header(map[any]any{LabelType: []byte{1}}, nil), reason.Malformed},
		"an empty typ":                     {header(map[any]any{LabelType: ""}, nil), reason.Malformed},
		"a negative content type":          {header(map[any]any{LabelContentType: -1}, nil), reason.Malformed},
		"crit of an unknown label":         {header(map[any]any{LabelCritical: []int{99}, int64(99): 1}, nil), reason.Malformed},
		"crit of an unknown text":          {header(map[any]any{LabelCritical: []string{"x"}, "x": 1}, nil), reason.Malformed},
		"crit of what is not there":        {header(map[any]any{LabelCritical: []int{16}}, nil), reason.Malformed},
		"crit of what is not protected":    {header(map[any]any{LabelCritical: []int{4}}, map[any]any{LabelKeyID: []byte{1}}), reason.Malformed},
		"crit with nothing":                {header(map[any]any{LabelCritical: []int{}}, nil), reason.Malformed},
		"crit that is no array":            {header(map[any]any{LabelCritical: 1}, nil), reason.Malformed},
		"crit of bytes":                    {header(map[any]any{LabelCritical: []any{[]byte{1}}}, nil), reason.Malformed},
		"crit that is not protected":       {header(nil, map[any]any{LabelCritical: []int{1}}), reason.Malformed},
		"x5chain of text":                  {header(nil, map[any]any{LabelX5Chain: "x"}), reason.Malformed},
		"an empty x5chain":                 {header(nil, map[any]any{LabelX5Chain: []any{}}), reason.Malformed},
		"an empty certificate":             {header(nil, map[any]any{LabelX5Chain: []byte{}}), reason.Malformed},
		"x5chain with text":                {header(nil, map[any]any{LabelX5Chain: []any{der, "x"}}), reason.Malformed},
		"too many certificates":            {header(nil, map[any]any{LabelX5Chain: []any{der, der, der, der, der, der}}), reason.TooLarge},
		"headers too long":                 {header(nil, map[any]any{"x": make([]byte, limits.JOSEHeader)}), reason.TooLarge},
		"nesting too deep":                 {message(protected, raw("a163616161"+strings.Repeat("81", limits.JSONDepth)+"80"), []byte{}, []byte{}), reason.TooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseSign1(c.data)
			if err == nil {
				t.Fatal("parsed")
			}
			if got := codeOf(t, err); got != c.want {
				t.Errorf("%s, want %s (%v)", got, c.want, err)
			}
		})
	}
	if _, err := ParseSign1(header(map[any]any{LabelCritical: []any{1, 16}, LabelType: "x"}, nil)); err != nil {
		t.Errorf("crit of what is understood: %v", err)
	}
}

func TestUnknownAlgorithmsAreInNoSet(t *testing.T) {
	k := generate(t, credential.ES256)
	for _, alg := range []any{"ES256", -999, 5, 0, "none"} {
		s, err := ParseSign1(sign(t, Message{Protected: map[any]any{LabelAlgorithm: alg}}, k))
		if err != nil {
			t.Fatal(err)
		}
		if all := ^credential.AlgorithmSet(0); s.Algorithm == "" || all.Has(s.Algorithm) {
			t.Errorf("alg %v is read as %q", alg, s.Algorithm)
		}
		if err := s.Verify(k.Public(""), nil, nil); !errors.Is(err, credential.ErrAlgorithm) {
			t.Errorf("alg %v: %v", alg, err)
		}
	}
}

func TestMac0(t *testing.T) {
	key := []byte("a key that two parties agreed on")
	data, err := Message{Payload: []byte("p"), External: []byte("e")}.Mac(key)
	if err != nil {
		t.Fatal(err)
	}
	m, err := ParseMac0(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Verify(key, []byte("e"), nil); err != nil {
		t.Error(err)
	}
	for name, err := range map[string]error{
		"another key":      m.Verify([]byte("another"), []byte("e"), nil),
		"no key":           m.Verify(nil, []byte("e"), nil),
		"no external data": m.Verify(key, nil, nil),
		"a second payload": m.Verify(key, []byte("e"), []byte("p")),
	} {
		if err == nil {
			t.Errorf("%s: verifies", name)
		}
	}
	m.Tag = m.Tag[:8]
	if m.Verify(key, []byte("e"), nil) == nil {
		t.Error("a truncated tag verifies")
	}
	if _, err := ParseSign1(data); err == nil {
		t.Error("a MAC is read as a signature")
	}
	truncated, err := Message{Protected: map[any]any{LabelAlgorithm: 4}, Payload: []byte("p")}.Mac(key)
	if err != nil {
		t.Fatal(err)
	}
	if m, err = ParseMac0(truncated); err != nil || !errors.Is(m.Verify(key, nil, nil), credential.ErrAlgorithm) {
		t.Errorf("HMAC 256/64: %v", err)
	}
}

func TestKeysThatAreRead(t *testing.T) {
	for _, alg := range everyAlgorithm[:6] {
		k := generate(t, alg).Public("")
		n, _ := number(alg)
		for name, extra := range map[string]map[int64]any{
			"plain":            nil,
			"with kid and alg": {keyID: []byte{1, 2}, keyAlgorithm: n},
			"with key_ops":     {keyOperations: []any{"x", 1, 2}},
			"with unknown":     {-70: 1},
		} {
			raw, err := MarshalKey(k, extra)
			if err != nil {
				t.Fatal(err)
			}
			got, err := ParseKey(raw)
			if err != nil || !got.Equal(k) {
				t.Errorf("%s %s: %v", alg, name, err)
			}
			if extra[keyID] != nil && got.ID() != "AQI" {
				t.Errorf("kid is %q", got.ID())
			}
		}
		if alg == credential.EdDSA || alg == credential.Ed25519 {
			continue
		}
		jwk, _ := MarshalKey(k, nil)
		m, _ := strictcbor.Map(jwk)
		y, _ := strictcbor.Bytes(m[keyY])
		compressed, err := MarshalKey(k, map[int64]any{keyY: y[len(y)-1]&1 == 1})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := ParseKey(compressed); err != nil || !got.Equal(k) {
			t.Errorf("%s compressed: %v", alg, err)
		}
		other, _ := MarshalKey(k, map[int64]any{keyY: y[len(y)-1]&1 == 0})
		if got, err := ParseKey(other); err == nil && got.Equal(k) {
			t.Errorf("%s: both signs give the same point", alg)
		}
	}
}

func TestKeysThatAreRefused(t *testing.T) {
	p256, ed := generate(t, credential.ES256).Public(""), generate(t, credential.EdDSA).Public("")
	change := func(k credential.Key, extra map[int64]any) []byte {
		raw, err := MarshalKey(k, extra)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	if _, err := ParseKey(change(p256, nil)); err != nil {
		t.Fatalf("what all others differ from in one thing: %v", err)
	}
	for name, raw := range map[string][]byte{
		"nothing":                {},
		"no map":                 {0x80},
		"null":                   {0xf6},
		"an empty map":           {0xa0},
		"a private key":          change(p256, map[int64]any{keyPrivate: []byte{1}}),
		"a symmetric key":        change(p256, map[int64]any{keyType: 4}),
		"kty as text":            change(p256, map[int64]any{keyType: "EC2"}),
		"the other kty":          change(p256, map[int64]any{keyType: typeOKP}),
		"another curve":          change(p256, map[int64]any{keyCurve: 2}),
		"a key for agreement":    change(ed, map[int64]any{keyCurve: 4}),
		"key_ops for signing":    change(p256, map[int64]any{keyOperations: []any{1}}),
		"key_ops with nothing":   change(p256, map[int64]any{keyOperations: []any{}}),
		"key_ops as number":      change(p256, map[int64]any{keyOperations: 2}),
		"another algorithm":      change(p256, map[int64]any{keyAlgorithm: -35}),
		"an unknown algorithm":   change(p256, map[int64]any{keyAlgorithm: -25}),
		"an algorithm as text":   change(p256, map[int64]any{keyAlgorithm: "ES256"}),
		"kid as text":            change(p256, map[int64]any{keyID: "x"}),
		"a short coordinate":     change(p256, map[int64]any{keyX: make([]byte, 31)}),
		"a long coordinate":      change(p256, map[int64]any{keyY: make([]byte, 33)}),
		"no coordinate":          change(p256, map[int64]any{keyX: []byte{}}),
		"a point off the curve":  change(p256, map[int64]any{keyX: bytes.Repeat([]byte{1}, 32)}),
		"a sign without a point": change(p256, map[int64]any{keyX: bytes.Repeat([]byte{0xff}, 32), keyY: true}),
		"y as null":              change(p256, map[int64]any{keyY: nil}),
		"a short Ed25519 key":    change(ed, map[int64]any{keyX: make([]byte, 31)}),
	} {
		if _, err := ParseKey(raw); err == nil {
			t.Errorf("%s: read", name)
		} else if !errors.Is(err, ErrKeyType) {
			codeOf(t, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	k, err := jws.Derive(credential.ES256, []byte("fuzz"))
	if err != nil {
		f.Fatal(err)
	}
	for _, m := range []Message{
		{}, {Detached: true}, {Protected: map[any]any{LabelCritical: []int{16}, LabelType: "x"}, Payload: []byte("p")},
		{Unprotected: map[any]any{LabelKeyID: []byte{1}, LabelX5Chain: []any{[]byte{1}, []byte{2}}}},
	} {
		data, err := m.Sign(k)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	public := k.Public("")
	key, err := MarshalKey(public, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(key)
	f.Fuzz(func(t *testing.T, data []byte) {
		if s, err := ParseSign1(data); err != nil {
			codeOf(t, err)
		} else {
			s.Verify(public, nil, nil)
			s.Verify(public, nil, []byte{})
		}
		if m, err := ParseMac0(data); err != nil {
			codeOf(t, err)
		} else {
			m.Verify([]byte("k"), nil, nil)
		}
		if k, err := ParseKey(data); err == nil && k.IsZero() {
			t.Fatal("no key, and no error")
		}
	})
}

func TestKeyIdentifiersOfBytesAreFound(t *testing.T) {
	k := generate(t, credential.ES256).Public("")
	find := func(kid []byte, ids ...string) ([]credential.Key, []credential.Check) {
		known := credential.KeysFunc(func(s credential.Signer) (found []credential.Key, checks []credential.Check) {
			for _, id := range ids {
				if id == "revoked" && s.KeyID == id {
					return nil, []credential.Check{credential.Fail(reason.CheckKey, reason.KeyRevoked, "")}
				}
				if s.KeyID == id || s.KeyID == "" {
					found = append(found, k.WithID(id))
				}
			}
			if found == nil {
				return nil, []credential.Check{credential.Fail(reason.CheckKey, reason.KeyUnknown, "")}
			}
			return found, []credential.Check{credential.Pass(reason.CheckKey, "")}
		})
		return ByKeyID(known, kid).Find(credential.Signer{})
	}
	digest := "sha256:" + strings.Repeat("ab", 32)
	for name, c := range map[string]struct {
		kid  []byte
		ids  []string
		want string
	}{
		"base64url":              {[]byte{0xfb, 0xff}, []string{"x", "-_8"}, "-_8"},
		"text":                   {[]byte("issuer-1"), []string{"x", "issuer-1"}, "issuer-1"},
		"base64url before text":  {[]byte("1"), []string{"1", "MQ"}, "MQ"},
		"a digest's beginning":   {bytes.Repeat([]byte{0xab}, 8), []string{"x", digest}, digest},
		"no kid":                 {nil, []string{"x"}, "x"},
		"unknown":                {[]byte("2"), []string{"1"}, ""},
		"a digest, shorter":      {bytes.Repeat([]byte{0xab}, 7), []string{digest}, ""},
		"a digest, longer":       {bytes.Repeat([]byte{0xab}, 9), []string{digest}, ""},
		"another digest":         {bytes.Repeat([]byte{0xac}, 8), []string{digest}, ""},
		"bytes that are no text": {[]byte{0xff}, []string{"\xff"}, ""},
	} {
		keys, checks := find(c.kid, c.ids...)
		switch {
		case c.want == "" && (len(keys) != 0 || len(checks) != 1 || checks[0].Code != reason.KeyUnknown):
			t.Errorf("%s: %v, %v", name, keys, checks)
		case c.want != "" && (len(keys) != 1 || keys[0].ID() != c.want || checks[0].Verdict != reason.Passed):
			t.Errorf("%s: %v, %v", name, keys, checks)
		}
	}
	if keys, checks := find([]byte("revoked"), "revoked"); len(keys) != 0 || checks[0].Code != reason.KeyRevoked {
		t.Errorf("revoked: %v, %v", keys, checks)
	}
	if ByKeyID(nil, []byte{1}) != nil {
		t.Error("keys out of nothing")
	}
}
