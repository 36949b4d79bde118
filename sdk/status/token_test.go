package status_test

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/google/go-cmp/cmp"
)

const uri = "https://status.example/lists/1"

var (
	issued = time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	now    = issued.Add(time.Hour)
)

// signer is a key that the tests' trust knows as belonging to "registry".
func signer(t testing.TB, alg credential.Algorithm, seed string) *jws.PrivateKey {
	t.Helper()
	k, err := jws.Derive(alg, []byte(seed))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// only is a finder that knows one key and its controller.
func only(k credential.Key, controller string) credential.Keys {
	return credential.KeysFunc(func(s credential.Signer) ([]credential.Key, []credential.Check) {
		if s.Role != credential.RoleStatusProvider {
			return nil, []credential.Check{credential.Fail(reason.CheckIssuer, reason.IssuerUnknown, "")}
		}
		if s.ID != "" && s.ID != controller {
			return nil, []credential.Check{credential.Fail(reason.CheckIssuer, reason.IssuerUnknown, "")}
		}
		if s.KeyID != "" && s.KeyID != k.ID() {
			return nil, []credential.Check{credential.Fail(reason.CheckKey, reason.KeyUnknown, controller)}
		}
		return []credential.Key{k.WithController(controller)}, []credential.Check{credential.Pass(reason.CheckKey, controller)}
	})
}

func deflate(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := zlib.NewWriterLevel(&b, zlib.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// bits0xB9A3 is the draft's first example (§4.1): 16 entries of one bit.
var bits0xB9A3 = []byte{0xb9, 0xa3}

func claims(t testing.TB) map[string]any {
	return map[string]any{
		"sub": uri, "iat": issued.Unix(), "exp": issued.Add(48 * time.Hour).Unix(), "ttl": 43200,
		"status_list": map[string]any{"bits": 1, "lst": encode(deflate(t, bits0xB9A3))},
	}
}

func sign(t testing.TB, k *jws.PrivateKey, header, claims map[string]any) []byte {
	t.Helper()
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	compact, err := jws.Sign(header, payload, k)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(compact)
}

func header() map[string]any { return map[string]any{"typ": "statuslist+jwt", "kid": "12"} }

func TestTokenOpensAndSaysWhoWhenAndWhat(t *testing.T) {
	k := signer(t, credential.ES256, "a")
	l, err := status.Token().Open(uri, sign(t, k, header(), claims(t)), only(k.Public("12"), "registry"), now)
	if err != nil {
		t.Fatal(err)
	}
	got := []any{l.URI, l.Bits, l.Signers, l.KeyID, l.IssuedAt, l.Expires, l.TTL, l.Len()}
	want := []any{uri, uint8(1), []string{"registry"}, "12", issued, issued.Add(48 * time.Hour), 12 * time.Hour, uint64(16)}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	values := []status.Value{1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1}
	for i, want := range values {
		if got, err := l.Lookup(uint64(i)); err != nil || got != want {
			t.Errorf("entry %d is %v, %v; want %v", i, got, err, want)
		}
	}
}

func TestTokenTakesWhatTheDraftPermits(t *testing.T) {
	for name, change := range map[string]func(header, claims map[string]any){
		"no exp and no ttl":            func(_, c map[string]any) { delete(c, "exp"); delete(c, "ttl") },
		"no kid":                       func(h, _ map[string]any) { delete(h, "kid") },
		"typ as a full media type":     func(h, _ map[string]any) { h["typ"] = "application/statuslist+jwt" },
		"typ in another case":          func(h, _ map[string]any) { h["typ"] = "StatusList+JWT" },
		"iss that the trust knows":     func(_, c map[string]any) { c["iss"] = "registry" },
		"iss that means nothing":       func(_, c map[string]any) { c["iss"] = "https://elsewhere.example" },
		"other claims":                 func(_, c map[string]any) { c["jti"] = "x" },
		"dates that are not whole":     func(_, c map[string]any) { c["iat"] = float64(issued.Unix()) + 0.5 },
		"a ttl that is not whole":      func(_, c map[string]any) { c["ttl"] = 0.25 },
		"a ttl of a million years":     func(_, c map[string]any) { c["ttl"] = 3.2e13 },
		"an aggregation URI":           func(_, c map[string]any) { list(c)["aggregation_uri"] = "https://status.example/all" },
		"an exp that has passed":       func(_, c map[string]any) { c["exp"] = issued.Add(time.Minute).Unix() },
		"an iat that has not come":     func(_, c map[string]any) { c["iat"] = now.Add(time.Hour).Unix() },
		"a list of no entries":         func(_, c map[string]any) { list(c)["lst"] = encode(deflate(t, nil)) },
		"a stream without compression": func(_, c map[string]any) { list(c)["lst"] = encode(stored(t, bits0xB9A3)) },
	} {
		t.Run(name, func(t *testing.T) {
			k := signer(t, credential.ES256, "a")
			h, c := header(), claims(t)
			change(h, c)
			if _, err := status.Token().Open(uri, sign(t, k, h, c), only(k.Public("12"), "registry"), now); err != nil {
				t.Error(err)
			}
		})
	}
}

func stored(t *testing.T, data []byte) []byte {
	var b bytes.Buffer
	z, _ := zlib.NewWriterLevel(&b, zlib.NoCompression)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	_ = z.Close()
	return b.Bytes()
}

func list(c map[string]any) map[string]any { return c["status_list"].(map[string]any) }

// Each case has one cause.
func TestTokenRefuses(t *testing.T) {
	k := signer(t, credential.ES256, "a")
	packed := deflate(t, bits0xB9A3)
	flipped := func(at int) []byte { b := bytes.Clone(packed); b[at] ^= 1; return b }
	for name, change := range map[string]func(header, claims map[string]any){
		"sub of another list":               func(_, c map[string]any) { c["sub"] = uri + "0" },
		"sub equivalent but not equal":      func(_, c map[string]any) { c["sub"] = strings.Replace(uri, "status.example", "STATUS.example", 1) },
		"no sub":                            func(_, c map[string]any) { delete(c, "sub") },
		"sub that is no string":             func(_, c map[string]any) { c["sub"] = []string{uri} },
		"no typ":                            func(h, _ map[string]any) { delete(h, "typ") },
		"typ of a plain JWT":                func(h, _ map[string]any) { h["typ"] = "JWT" },
		"typ of the CWT form":               func(h, _ map[string]any) { h["typ"] = "statuslist+cwt" },
		"alg none":                          func(h, _ map[string]any) { h["alg"] = "none" },
		"alg HS256":                         func(h, _ map[string]any) { h["alg"] = "HS256" },
		"alg that the key is not for":       func(h, _ map[string]any) { h["alg"] = "ES384" },
		"alg RS256":                         func(h, _ map[string]any) { h["alg"] = "RS256" },
		"a critical header":                 func(h, _ map[string]any) { h["crit"] = []string{"x"}; h["x"] = 1 },
		"kid that nobody has":               func(h, _ map[string]any) { h["kid"] = "13" },
		"iss that is no string":             func(_, c map[string]any) { c["iss"] = 1 },
		"no iat":                            func(_, c map[string]any) { delete(c, "iat") },
		"iat as a string":                   func(_, c map[string]any) { c["iat"] = "1686920170" },
		"iat in milliseconds":               func(_, c map[string]any) { c["iat"] = issued.UnixMilli() },
		"iat before 1970":                   func(_, c map[string]any) { c["iat"] = -1 },
		"iat null":                          func(_, c map[string]any) { c["iat"] = nil },
		"exp as a string":                   func(_, c map[string]any) { c["exp"] = "never" },
		"exp null":                          func(_, c map[string]any) { c["exp"] = nil },
		"nbf as a string":                   func(_, c map[string]any) { c["nbf"] = "now" },
		"ttl zero":                          func(_, c map[string]any) { c["ttl"] = 0 },
		"ttl negative":                      func(_, c map[string]any) { c["ttl"] = -1 },
		"ttl as a string":                   func(_, c map[string]any) { c["ttl"] = "43200" },
		"no status_list":                    func(_, c map[string]any) { delete(c, "status_list") },
		"status_list as a string":           func(_, c map[string]any) { c["status_list"] = "x" },
		"no bits":                           func(_, c map[string]any) { delete(list(c), "bits") },
		"3 bits":                            func(_, c map[string]any) { list(c)["bits"] = 3 },
		"0 bits":                            func(_, c map[string]any) { list(c)["bits"] = 0 },
		"16 bits":                           func(_, c map[string]any) { list(c)["bits"] = 16 },
		"bits as a string":                  func(_, c map[string]any) { list(c)["bits"] = "1" },
		"bits as a fraction":                func(_, c map[string]any) { list(c)["bits"] = json.RawMessage("1.0") },
		"aggregation_uri that is no string": func(_, c map[string]any) { list(c)["aggregation_uri"] = 1 },
		"no lst":                            func(_, c map[string]any) { delete(list(c), "lst") },
		"lst that is no string":             func(_, c map[string]any) { list(c)["lst"] = []int{1} },
		"lst empty":                         func(_, c map[string]any) { list(c)["lst"] = "" },
		"lst with padding":                  func(_, c map[string]any) { list(c)["lst"] = base64.URLEncoding.EncodeToString(packed) },
		"lst in standard base64":            func(_, c map[string]any) { list(c)["lst"] = "+/+/" },
		"lst not compressed":                func(_, c map[string]any) { list(c)["lst"] = encode(bits0xB9A3) },
		"lst with raw deflate":              func(_, c map[string]any) { list(c)["lst"] = encode(packed[2 : len(packed)-4]) },
		"lst cut short":                     func(_, c map[string]any) { list(c)["lst"] = encode(packed[:len(packed)-5]) },
		"lst without its checksum":          func(_, c map[string]any) { list(c)["lst"] = encode(packed[:len(packed)-4]) },
		"lst with a wrong checksum":         func(_, c map[string]any) { list(c)["lst"] = encode(flipped(len(packed) - 1)) },
		"lst with a preset dictionary": func(_, c map[string]any) {
			list(c)["lst"] = encode(append([]byte{0x78, 0xf9, 1, 2, 3, 4}, packed[2:]...))
		},
		"lst with a byte behind":        func(_, c map[string]any) { list(c)["lst"] = encode(append(bytes.Clone(packed), 0)) },
		"lst with a second stream":      func(_, c map[string]any) { list(c)["lst"] = encode(append(bytes.Clone(packed), packed...)) },
		"lst one byte beyond the limit": func(_, c map[string]any) { list(c)["lst"] = encode(deflate(t, make([]byte, limits.StatusList+1))) },
	} {
		t.Run(name, func(t *testing.T) {
			h, c := header(), claims(t)
			change(h, c)
			l, err := status.Token().Open(uri, sign(t, k, h, c), only(k.Public("12"), "registry"), now)
			refused(t, l, err)
		})
	}
}

func refused(t *testing.T, l *status.List, err error) {
	t.Helper()
	var coded *reason.Error
	if !errors.As(err, &coded) || coded.Code != reason.StatusListInvalid || l != nil {
		t.Fatalf("got %v, %v; want no list and status_list_invalid", l, err)
	}
}

func TestTokenRefusesWhatIsNotSignedByTheKeyThatWasFound(t *testing.T) {
	k, other := signer(t, credential.ES256, "a"), signer(t, credential.ES256, "b")
	token := sign(t, k, header(), claims(t))
	dot := bytes.IndexByte(token, '.')
	last := bytes.LastIndexByte(token, '.')
	changed := func(at int) []byte {
		b := bytes.Clone(token)
		if b[at] == 'A' {
			b[at] = 'B'
		} else {
			b[at] = 'A'
		}
		return b
	}
	keys := only(k.Public("12"), "registry")
	for name, c := range map[string]struct {
		token []byte
		keys  credential.Keys
	}{
		"another key under the same kid": {token, only(other.Public("12"), "registry")},
		"a changed header":               {changed(dot - 2), keys},
		"a changed payload":              {changed(dot + 9), keys},
		"a changed signature":            {changed(last + 5), keys},
		"no signature":                   {token[:last+1], keys},
		"nothing":                        {nil, keys},
		"white space behind":             {append(bytes.Clone(token), '\n'), keys},
		"a fourth part":                  {append(bytes.Clone(token), ".e30"...), keys},
		"JSON instead of a JWS":          {[]byte(`{"sub":"x"}`), keys},
		"more than a token may have":     {bytes.Repeat([]byte("A"), limits.StatusToken+1), keys},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := status.Token().Open(uri, c.token, c.keys, now)
			refused(t, l, err)
		})
	}
}

func TestTokenRefusesWithoutAURI(t *testing.T) {
	k := signer(t, credential.ES256, "a")
	c := claims(t)
	c["sub"] = ""
	l, err := status.Token().Open("", sign(t, k, header(), c), only(k.Public("12"), "registry"), now)
	refused(t, l, err)
}

func TestAnUnknownSignerIsToldFromABadToken(t *testing.T) {
	k := signer(t, credential.ES256, "a")
	token := sign(t, k, header(), claims(t))
	nobody := credential.KeysFunc(func(credential.Signer) ([]credential.Key, []credential.Check) {
		return nil, []credential.Check{credential.Undecided(reason.CheckKey, reason.KeyUnknown, "did:web:registry.example")}
	})
	l, err := status.Token().Open(uri, token, nobody, now)
	refused(t, l, err)
	var unknown *status.SignerError
	if !errors.As(err, &unknown) || unknown.Code != reason.KeyUnknown || unknown.Resource != "did:web:registry.example" {
		t.Errorf("got %v; want a SignerError naming the document to fetch", err)
	}
	_, err = status.Token().Open(uri, append(token, 'A'), only(k.Public("12"), "registry"), now)
	if errors.As(err, &unknown) && errors.Is(err, credential.ErrSignature) {
		t.Error("a bad signature looks like an unknown signer")
	}
}

func TestAKeyThatTwoEntriesListSignsForBoth(t *testing.T) {
	k, other := signer(t, credential.ES256, "a"), signer(t, credential.ES256, "b")
	keys := credential.KeysFunc(func(credential.Signer) ([]credential.Key, []credential.Check) {
		return []credential.Key{
			other.Public("12").WithController("third"), k.Public("12").WithController("second"), k.Public("x").WithController("first"),
		}, nil
	})
	l, err := status.Token().Open(uri, sign(t, k, header(), claims(t)), keys, now)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"first", "second"}, l.Signers); d != "" {
		t.Error(d)
	}
}

func TestAListJustWithinTheLimitOpens(t *testing.T) {
	k := signer(t, credential.ES256, "a")
	c := claims(t)
	list(c)["lst"] = encode(deflate(t, make([]byte, limits.StatusList)))
	l, err := status.Token().Open(uri, sign(t, k, header(), c), only(k.Public("12"), "registry"), now)
	if err != nil {
		t.Fatal(err)
	}
	if l.Len() != limits.StatusList*8 {
		t.Errorf("%d entries", l.Len())
	}
}

func TestErrorsHoldNothingOfTheToken(t *testing.T) {
	const marker = "marker-4711"
	k := signer(t, credential.ES256, "a")
	for _, change := range []func(c map[string]any){
		func(c map[string]any) { c["sub"] = marker },
		func(c map[string]any) { c["iss"] = marker; c["iat"] = marker },
		func(c map[string]any) { list(c)["lst"] = marker },
		func(c map[string]any) { list(c)["bits"] = marker },
	} {
		c := claims(t)
		change(c)
		_, err := status.Token().Open(uri, sign(t, k, header(), c), only(k.Public("12"), "registry"), now)
		if err == nil || strings.Contains(fmt.Sprint(err), marker) {
			t.Errorf("error is %v", err)
		}
	}
}

func TestSubjectIsReadWithoutTrustingIt(t *testing.T) {
	k := signer(t, credential.ES256, "a")
	got, err := status.Subject(sign(t, k, header(), claims(t)))
	if err != nil || got != uri {
		t.Errorf("got %q, %v", got, err)
	}
	for _, bad := range []string{"", "a.b.c", "e30.e30.", string(sign(t, k, header(), map[string]any{"sub": 1}))} {
		if got, err := status.Subject([]byte(bad)); err == nil || got != "" {
			t.Errorf("%q has subject %q", bad, got)
		}
	}
}
