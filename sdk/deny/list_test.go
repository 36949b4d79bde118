package deny_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/deny"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

var (
	issued  = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	expires = issued.Add(7 * 24 * time.Hour)
	path    = []string{"credentialSubject", "revocation_id"}
)

const issuer = "did:web:registry.example"

func encode(t testing.TB, digests ...[32]byte) []byte {
	t.Helper()
	data, err := deny.Encode(7, issued, expires, digests...)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestAListDeniesExactlyWhatIsInIt(t *testing.T) {
	l, err := deny.Parse(encode(t, deny.Digest(issuer, path, "c"), deny.Digest(issuer, path, "a"), deny.Digest(issuer, path, "b"), deny.Digest(issuer, path, "a")))
	if err != nil {
		t.Fatal(err)
	}
	if l.Len() != 3 || l.Number != 7 || !l.Issued.Equal(issued) || !l.Expires.Equal(expires) {
		t.Errorf("read as %+v", l)
	}
	for _, id := range []string{"a", "b", "c"} {
		if !l.Denies(issuer, path, id) {
			t.Errorf("%s is not denied", id)
		}
	}
	for name, denied := range map[string]bool{
		"another identifier": l.Denies(issuer, path, "d"),
		"another case":       l.Denies(issuer, path, "A"),
		"another issuer":     l.Denies(issuer+"x", path, "a"),
		"another path":       l.Denies(issuer, path[1:], "a"),
		"a longer path":      l.Denies(issuer, append(path[:2:2], "a"), ""),
		"bytes moved":        l.Denies(issuer, []string{"credentialSubject", "revocation_"}, "ida"),
		"no path":            l.Denies(issuer, nil, "a"),
	} {
		if denied {
			t.Errorf("%s is denied", name)
		}
	}
	empty, err := deny.Parse(encode(t))
	if err != nil || empty.Len() != 0 || empty.Denies(issuer, path, "a") {
		t.Errorf("an empty list: %v", err)
	}
}

// The form is a promise to those who make lists in another language.
func TestTheDigestIsAsDocumented(t *testing.T) {
	got := deny.Digest("ab", []string{"c"}, "def")
	want, _ := hex.DecodeString("0000000c" + hex.EncodeToString([]byte("dzong-deny-1")) + "000000026162" + "0000000163" + "00000003646566")
	if sum := sum256(want); got != sum {
		t.Errorf("%x, want %x", got, sum)
	}
}

func TestAListGrowsStale(t *testing.T) {
	l, err := deny.Parse(encode(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		at    time.Time
		most  time.Duration
		stale bool
	}{
		"at once":                                {issued, 0, false},
		"just before expires":                    {expires.Add(-1), 0, false},
		"at expires":                             {expires, 0, true},
		"as old as allowed":                      {issued.Add(time.Hour), time.Hour, false},
		"older":                                  {issued.Add(time.Hour + 1), time.Hour, true},
		"a policy that allows more than expires": {expires, 30 * 24 * time.Hour, true},
	} {
		if l.Stale(c.at, c.most) != c.stale {
			t.Errorf("%s: stale is %v", name, !c.stale)
		}
	}
}

// Each has one cause.
func TestParseRefuses(t *testing.T) {
	a, b := deny.Digest(issuer, path, "a"), deny.Digest(issuer, path, "b")
	if bytes.Compare(a[:], b[:]) > 0 {
		a, b = b, a
	}
	text := func(digests ...[32]byte) string {
		var all []byte
		for _, d := range digests {
			all = append(all, d[:]...)
		}
		return base64.RawURLEncoding.EncodeToString(all)
	}
	good := string(encode(t, a, b))
	if !strings.Contains(good, `"`+text(a, b)+`"`) {
		t.Fatal(good)
	}
	change := func(old, with string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("nothing to change: %s", old)
		}
		return strings.Replace(good, old, with, 1)
	}
	for name, c := range map[string]struct {
		text string
		code reason.Code
	}{
		"nothing":               {``, reason.Malformed},
		"an array":              {`[]`, reason.Malformed},
		"no members":            {`{}`, reason.Malformed},
		"bytes behind":          {good + "x", reason.Malformed},
		"an unknown member":     {change(`{`, `{"reason":"x",`), reason.Malformed},
		"a member in capitals":  {change(`"number"`, `"Number"`), reason.Malformed},
		"a member twice":        {change(`{`, `{"number":7,`), reason.Malformed},
		"another format":        {change(`"format":1`, `"format":2`), reason.Malformed},
		"no number":             {change(`"number":7,`, ``), reason.Malformed},
		"number zero":           {change(`"number":7`, `"number":0`), reason.Malformed},
		"a negative number":     {change(`"number":7`, `"number":-7`), reason.Malformed},
		"a number beyond exact": {change(`"number":7`, `"number":9007199254740992`), reason.Malformed},
		"a number as text":      {change(`"number":7`, `"number":"7"`), reason.Malformed},
		"no issued":             {change(`"issued":"2026-11-02T09:00:00Z",`, ``), reason.Malformed},
		"issued as a number":    {change(`"2026-11-02T09:00:00Z"`, `1793610000`), reason.Malformed},
		"issued with a comma":   {change(`09:00:00Z"`, `09:00:00,5Z"`), reason.Malformed},
		"no expires":            {change(`"expires":"2026-11-09T09:00:00Z",`, ``), reason.Malformed},
		"expires at issued":     {change(`2026-11-09`, `2026-11-02`), reason.Malformed},
		"no denied":             {change(`,"denied":"`+text(a, b)+`"`, ``), reason.Malformed},
		"denied is null":        {change(`"`+text(a, b)+`"`, `null`), reason.Malformed},
		"denied is an array":    {change(`"`+text(a, b)+`"`, `["`+text(a)+`"]`), reason.Malformed},
		"the wrong order":       {change(text(a, b), text(b, a)), reason.Malformed},
		"one twice":             {change(text(a, b), text(a, a)), reason.Malformed},
		"half a digest":         {change(text(a, b), text(a)[:22]), reason.Malformed},
		"padding":               {change(text(a, b), text(a)+"="), reason.Malformed},
		"the other alphabet":    {change(text(a, b), "+/"+text(a)[2:]), reason.Malformed},
		"bits left over":        {change(text(a, b), text(a)[:42]+"B"), reason.Malformed},
		"more than any list":    {good + strings.Repeat(" ", limits.DenyList), reason.TooLarge},
	} {
		l, err := deny.Parse([]byte(c.text))
		wantCode(t, name, err, c.code)
		if l != nil {
			t.Errorf("%s: gives a list all the same", name)
		}
	}
}

func TestOnlyThePinnedKeyOpensAList(t *testing.T) {
	root, other := derive(t, credential.ES256, "root"), derive(t, credential.ES256, "other")
	data := encode(t, deny.Digest(issuer, path, "a"))
	sign := func(typ any, k *jws.PrivateKey) []byte {
		token, err := jws.Sign(map[string]any{"typ": typ, "kid": "root"}, data, k)
		if err != nil {
			t.Fatal(err)
		}
		return []byte(token)
	}
	good := sign(deny.MediaType, root)
	l, err := deny.Open(good, root.Public(""))
	if err != nil || !l.Denies(issuer, path, "a") {
		t.Fatal(err)
	}
	flipped := bytes.Clone(good)
	at := bytes.LastIndexByte(good, '.') + 5
	if flipped[at]++; flipped[at] > 'Z' && flipped[at] < 'a' || flipped[at] > 'z' || flipped[at] < 'A' {
		flipped[at] = 'A'
	}
	payload := bytes.Replace(good, []byte(base64.RawURLEncoding.EncodeToString([]byte(`{"format":1,"num`))[:20]), []byte(base64.RawURLEncoding.EncodeToString([]byte(`{"format":2,"num`))[:20]), 1)
	for name, c := range map[string]struct {
		data []byte
		code reason.Code
	}{
		"another key":             {sign(deny.MediaType, other), reason.SignatureInvalid},
		"a key of another kind":   {sign(deny.MediaType, derive(t, credential.EdDSA, "root")), reason.AlgorithmRefused},
		"a bit of the signature":  {flipped, reason.SignatureInvalid},
		"another payload":         {payload, reason.SignatureInvalid},
		"a trust list's typ":      {sign("dzong-trust+jwt", root), reason.Malformed},
		"no typ":                  {sign("", root), reason.Malformed},
		"not signed at all":       {data, reason.Malformed},
		"the signature taken off": {good[:bytes.LastIndexByte(good, '.')+1], reason.SignatureInvalid},
		"too large":               {append(bytes.Clone(good), make([]byte, limits.DenyList)...), reason.TooLarge},
	} {
		if bytes.Equal(c.data, good) {
			t.Fatalf("%s: nothing changed", name)
		}
		_, err := deny.Open(c.data, root.Public(""))
		wantCode(t, name, err, c.code)
	}
	if _, err := deny.Open(good, credential.Key{}); err == nil {
		t.Error("no key opened it")
	}
}

func derive(t testing.TB, a credential.Algorithm, seed string) *jws.PrivateKey {
	t.Helper()
	k, err := jws.Derive(a, []byte(seed))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func wantCode(t testing.TB, name string, err error, code reason.Code) {
	t.Helper()
	var coded *reason.Error
	if !errors.As(err, &coded) || coded.Code != code {
		t.Errorf("%s: got %v, want %s", name, err, code)
	}
}

func TestEncodeRefusesWhatParseWould(t *testing.T) {
	for name, err := range map[string]error{
		"number zero":     second(deny.Encode(0, issued, expires)),
		"expires, issued": second(deny.Encode(1, expires, issued)),
		"too many":        second(deny.Encode(1, issued, expires, many(200_000)...)),
	} {
		if err == nil {
			t.Errorf("%s: encoded", name)
		}
	}
}

func second(_ []byte, err error) error { return err }

func many(n int) [][32]byte {
	out := make([][32]byte, n)
	for i := range out {
		out[i] = sum256([]byte{byte(i), byte(i >> 8), byte(i >> 16)})
	}
	return out
}

func FuzzParse(f *testing.F) {
	f.Add(encode(f))
	f.Add(encode(f, deny.Digest(issuer, path, "a"), deny.Digest(issuer, path, "b")))
	f.Add([]byte(`{"format":1,"number":1,"issued":"2026-11-02T09:00:00Z","expires":"2026-11-02T09:00:01Z","denied":"AA"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := deny.Parse(data)
		if (l == nil) == (err == nil) {
			t.Fatal("neither a list nor an error")
		}
		if err != nil {
			var coded *reason.Error
			if !errors.As(err, &coded) || coded.Code != reason.Malformed && coded.Code != reason.TooLarge {
				t.Fatalf("code: %v", err)
			}
			return
		}
		if l.Number == 0 || !l.Expires.After(l.Issued) {
			t.Fatalf("%+v", l)
		}
		l.Denies(issuer, path, string(data))
		// There is one way to write the digests of a list.
		var doc struct{ Denied string }
		if json.Unmarshal(data, &doc) == nil {
			if raw, err := base64.RawURLEncoding.Strict().DecodeString(doc.Denied); err != nil || len(raw) != 32*l.Len() {
				t.Fatalf("%d digests of %d bytes, %v", l.Len(), len(raw), err)
			}
		}
	})
}

func BenchmarkDenies(b *testing.B) {
	data, err := deny.Encode(1, issued, expires, many(100_000)...)
	if err != nil {
		b.Fatal(err)
	}
	l, err := deny.Parse(data)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if l.Denies(issuer, path, "00000000-0000-4000-8000-000000000001") {
			b.Fatal("denied")
		}
	}
}

func sum256(b []byte) [32]byte { return sha256.Sum256(b) }
