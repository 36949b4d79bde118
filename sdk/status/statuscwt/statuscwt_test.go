package statuscwt

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/cose"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/internal/vectors"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/trust"
)

const uri = "https://registry.example/status/1"

var issued = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

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
			2: uri, 6: issued.Unix(), 4: issued.Add(time.Hour).Unix(), 65534: 600,
			65533: map[string]any{"bits": 1, "lst": packed(t, []byte{0xb9, 0xa3})},
		},
		protected:   map[any]any{16: MediaType},
		unprotected: map[any]any{4: []byte("12")},
		key:         signer(t, "issuer"),
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

func packed(t testing.TB, list []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write(list); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
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

// keysOf is what a trust list says whose one entry has one key under a name.
func keysOf(t testing.TB, name string, jwk map[string]any) credential.Keys {
	t.Helper()
	jwk["kid"] = name
	list, err := json.Marshal(map[string]any{
		"format": 1, "number": 1, "issued": "2020-01-01T00:00:00Z", "expires": "2040-01-01T00:00:00Z",
		"issuers": []any{map[string]any{"id": "https://registry.example", "types": []string{"*"}, "jwks": map[string]any{"keys": []any{jwk}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	l, err := trust.Parse(list)
	if err != nil {
		t.Fatal(err)
	}
	return l.Keys(nil, issued)
}

func keys(t testing.TB) credential.Keys { return keysOf(t, "12", signer(t, "issuer").JWK("")) }

func TestAListIsOpened(t *testing.T) {
	data := good(t).sign(t)
	for name, data := range map[string][]byte{
		"tagged": data, "untagged": data[1:], "tagged as CWT": append([]byte{0xd8, 61}, data...),
	} {
		l, err := Token().Open(uri, data, keys(t), issued)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if l.URI != uri || l.Mechanism != credential.StatusToken || l.Bits != 1 || l.Len() != 16 || !l.IssuedAt.Equal(issued) ||
			!l.Expires.Equal(issued.Add(time.Hour)) || l.TTL != 10*time.Minute || len(l.Signers) != 1 || l.Signers[0] != "https://registry.example" || l.KeyID != "12" {
			t.Errorf("%s: %+v", name, l)
		}
		if v, err := l.Lookup(3); v != status.Invalid || err != nil {
			t.Errorf("%s: %v, %v", name, v, err)
		}
		if v, err := l.Lookup(1); v != status.Valid || err != nil {
			t.Errorf("%s: %v, %v", name, v, err)
		}
		if got, err := status.Subject(data, status.Token(), Token()); got != uri || err != nil {
			t.Errorf("%s: named %q, %v", name, got, err)
		}
	}
	if _, err := Token().Open(uri, data, keysOf(t, "MTI", signer(t, "issuer").JWK("")), issued); err != nil {
		t.Errorf("a key called by the base64url of the kid: %v", err)
	}
	if _, err := status.First([]status.Opener{status.Token(), Token()}, uri, data, keys(t), issued); err != nil {
		t.Errorf("behind another opener: %v", err)
	}
	if _, err := status.Subject(data, status.Token()); err == nil {
		t.Error("named without this opener")
	}
}

func TestListsThatAreRefused(t *testing.T) {
	other := signer(t, "other")
	claim := func(n int, v any) func(*build) { return func(b *build) { b.claims[n] = v } }
	list := func(bits, lst any) func(*build) { return claim(65533, map[string]any{"bits": bits, "lst": lst}) }
	bomb := packed(t, make([]byte, limits.StatusList+1))
	for name, change := range map[string]func(*build){
		"another key":                     func(b *build) { b.key = other },
		"another kid":                     func(b *build) { b.unprotected[4] = []byte("13") },
		"another algorithm":               func(b *build) { b.protected[1] = -35 },
		"no type":                         func(b *build) { delete(b.protected, 16) },
		"a type that is not protected":    func(b *build) { delete(b.protected, 16); b.unprotected[16] = MediaType },
		"another type":                    func(b *build) { b.protected[16] = "application/cwt" },
		"the type of the JWT form":        func(b *build) { b.protected[16] = "application/statuslist+jwt" },
		"a number as type":                func(b *build) { b.protected[16] = 61 },
		"a payload that is elsewhere":     func(b *build) { b.detached = true },
		"a payload that is no map":        func(b *build) { b.payload = []byte{0x80} },
		"a claim twice":                   func(b *build) { b.payload = append(append([]byte{0xa2, 6, 1}, 6), 2) },
		"another subject":                 claim(2, uri+"x"),
		"no subject":                      func(b *build) { delete(b.claims, 2) },
		"a subject of bytes":              claim(2, []byte(uri)),
		"no iat":                          func(b *build) { delete(b.claims, 6) },
		"iat of text":                     claim(6, "2026"),
		"iat in a tag":                    claim(6, strictcbor.Tag{Number: 1, Content: issued.Unix()}),
		"exp of text":                     claim(4, "2026"),
		"a ttl of nothing":                claim(65534, 0),
		"a negative ttl":                  claim(65534, -1),
		"ttl of text":                     claim(65534, "600"),
		"iss that is a number":            claim(1, 1),
		"no list":                         func(b *build) { delete(b.claims, 65533) },
		"a list that is no map":           claim(65533, packed(t, []byte{1})),
		"no bits":                         claim(65533, map[string]any{"lst": packed(t, []byte{1})}),
		"three bits":                      list(3, packed(t, []byte{1})),
		"bits of text":                    list("1", packed(t, []byte{1})),
		"no lst":                          claim(65533, map[string]any{"bits": 1}),
		"lst of text":                     list(1, "eNrbuRgAAhcBXQ"),
		"lst that is not packed":          list(1, []byte{0xb9, 0xa3}),
		"lst that ends":                   list(1, packed(t, []byte{0xb9, 0xa3})[:6]),
		"lst with more behind":            list(1, append(packed(t, []byte{1}), 0)),
		"lst that bursts":                 list(1, bomb),
		"an aggregation that is a number": claim(65533, map[string]any{"bits": 1, "lst": packed(t, []byte{1}), "aggregation_uri": 1}),
	} {
		t.Run(name, func(t *testing.T) {
			b := good(t)
			change(b)
			l, err := Token().Open(uri, b.sign(t), keys(t), issued)
			if err == nil {
				t.Fatalf("opened %+v", l)
			}
			refusedAs(t, err)
		})
	}
	data := good(t).sign(t)
	for name, bad := range map[string][]byte{
		"nothing": {}, "the half": data[:len(data)/2], "bytes behind": append(bytes.Clone(data), 0),
		"a CWT tag alone": append([]byte{0xd8, 61}, data[1:]...), "a CWT tag twice": append([]byte{0xd8, 61, 0xd8, 61}, data...),
		"a MAC's tag": append([]byte{0xd1}, data[1:]...), "no signature": append(bytes.Clone(data[:len(data)-66]), 0x40),
		"a JWT": []byte("eyJhbGciOiJFUzI1NiJ9.e30.AAAA"), "too long": append(bytes.Clone(data), make([]byte, limits.StatusToken)...),
	} {
		_, err := Token().Open(uri, bad, keys(t), issued)
		if err == nil {
			t.Errorf("%s: opened", name)
			continue
		}
		refusedAs(t, err)
	}
	if _, err := Token().Open("", data, keys(t), issued); err == nil {
		t.Error("opened for no URI")
	}
	_, err := Token().Open(uri, data, keysOf(t, "12", other.JWK("")), issued)
	if !errors.Is(err, credential.ErrSignature) {
		t.Errorf("another key under the name: %v", err)
	}
	var unknown *status.SignerError
	if _, err = Token().Open(uri, data, keysOf(t, "other", other.JWK("")), issued); !errors.As(err, &unknown) || unknown.Code != reason.KeyUnknown {
		t.Errorf("no key of the name: %v", err)
	}
}

func refusedAs(t *testing.T, err error) {
	t.Helper()
	var coded *reason.Error
	if !errors.As(err, &coded) || coded.Code != reason.StatusListInvalid {
		t.Errorf("%v, want status_list_invalid", err)
	}
}

func TestAnyBitChangedIsRefused(t *testing.T) {
	data := good(t).sign(t)
	for i := range len(data) * 8 {
		changed := bytes.Clone(data)
		changed[i/8] ^= 1 << (i % 8)
		if l, err := Token().Open(uri, changed, keys(t), issued); err == nil && (l.Bits != 1 || !l.IssuedAt.Equal(issued) || l.Len() != 16) {
			t.Fatalf("bit %d changed: %+v", i, l)
		}
	}
}

func TestConformanceTokenStatusListAsCWT(t *testing.T) {
	dir := vectors.Folder(t, "status/token-status-list")
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return bytes.TrimSpace(data)
	}
	// The draft's own example.
	published, err := hex.DecodeString(string(read("status_list_cwt.hex")))
	if err != nil {
		t.Fatal(err)
	}
	var jwk map[string]any
	if err := json.Unmarshal(read("issuer_jwk.json"), &jwk); err != nil {
		t.Fatal(err)
	}
	delete(jwk, "d")
	name, err := Token().(token).Subject(published)
	if err != nil || name != "https://example.com/statuslists/1" {
		t.Fatalf("named %q, %v", name, err)
	}
	issuer := keysOf(t, "12", jwk)
	l, err := Token().Open(name, published, issuer, issued)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []status.Value{1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1} {
		if v, err := l.Lookup(uint64(i)); v != want || err != nil {
			t.Errorf("entry %d of the example is %v, %v", i, v, err)
		}
	}
	refused := 0
	for i := range len(published) * 8 {
		changed := bytes.Clone(published)
		changed[i/8] ^= 1 << (i % 8)
		other, err := Token().Open(name, changed, issuer, issued)
		if err != nil {
			refused++
		} else if other.KeyID != l.KeyID || !other.IssuedAt.Equal(l.IssuedAt) || !other.Expires.Equal(l.Expires) {
			t.Errorf("bit %d of the example changed: %+v", i, other)
		}
	}
	for what, open := range map[string]func() error{
		"another URI": func() error { _, err := Token().Open(name+"x", published, issuer, issued); return err },
		"another key": func() error { _, err := Token().Open(name, published, keys(t), issued); return err },
	} {
		if open() == nil {
			t.Errorf("%s: opened", what)
		}
	}
	// The lists, which are not signed there.
	var lists []struct {
		ID       string
		Bits     uint8
		CBOR     *string           `json:"cbor_hex"`
		Entries  uint64            `json:"entries"`
		Expected map[string]uint64 `json:"expected_nonzero"`
	}
	if err := json.Unmarshal(read("tsl-vectors.json"), &lists); err != nil {
		t.Fatal(err)
	}
	opened := 0
	for _, c := range lists {
		if c.CBOR == nil {
			continue // in JSON alone
		}
		raw, err := hex.DecodeString(*c.CBOR)
		if err != nil {
			t.Fatal(err)
		}
		b := good(t)
		b.claims[65533] = strictcbor.RawMessage(raw)
		l, err := Token().Open(uri, b.sign(t), keys(t), issued)
		if err != nil || l.Bits != c.Bits || l.Len() != c.Entries {
			t.Errorf("%s: %+v, %v", c.ID, l, err)
			continue
		}
		for i := range c.Entries {
			want := status.Value(c.Expected[strconv.FormatUint(i, 10)])
			if v, err := l.Lookup(i); v != want || err != nil {
				t.Fatalf("%s: entry %d is %v, %v, want %v", c.ID, i, v, err, want)
			}
		}
		if _, err := l.Lookup(c.Entries); !errors.Is(err, status.ErrRange) {
			t.Errorf("%s: behind its end: %v", c.ID, err)
		}
		opened++
	}
	t.Logf("the example, %d changes of it refused, %d lists", refused, opened)
	// Only the kid's label can change: without a kid, every key is tried.
	if opened < 3 || refused < 8*(len(published)-1) {
		t.Error("fewer than there were")
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(good(f).sign(f))
	f.Add(append([]byte{0xd8, 61}, good(f).sign(f)...))
	b := good(f)
	b.claims[65533] = map[string]any{"bits": 2, "lst": "x"}
	f.Add(b.sign(f))
	if root := vectors.Root(); root != "" {
		if text, err := os.ReadFile(filepath.Join(root, "status", "token-status-list", "status_list_cwt.hex")); err == nil {
			if data, err := hex.DecodeString(strings.TrimSpace(string(text))); err == nil {
				f.Add(data)
			}
		}
	}
	known := keys(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := Token().Open(uri, data, known, issued)
		if err != nil {
			refusedAs(t, err)
		} else if l.URI != uri {
			t.Fatalf("opened %+v", l)
		}
		if name, err := Token().(token).Subject(data); err == nil && name == "" {
			t.Fatal("named nothing")
		}
	})
}
