package status_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/status"
)

func open(t testing.TB, c map[string]any) *status.List {
	t.Helper()
	k := signer(t, credential.ES256, "a")
	l, err := status.Token().Open(uri, sign(t, k, header(), c), only(k.Public("12"), "registry"), now)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func withBits(t testing.TB, bits int, data []byte) map[string]any {
	c := claims(t)
	c["status_list"] = map[string]any{"bits": bits, "lst": encode(deflate(t, data))}
	return c
}

func TestLookupPacksFromTheLeastSignificantBit(t *testing.T) {
	data := []byte{0xc9, 0x44, 0xf9}
	for bits, want := range map[int][]status.Value{
		1: {1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 1, 1, 1},
		2: {1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3}, // the draft's second example (§4.1)
		4: {9, 12, 4, 4, 9, 15},
		8: {0xc9, 0x44, 0xf9},
	} {
		l := open(t, withBits(t, bits, data))
		if l.Len() != uint64(len(want)) {
			t.Errorf("%d bits: %d entries, want %d", bits, l.Len(), len(want))
		}
		for i, w := range want {
			if got, err := l.Lookup(uint64(i)); err != nil || got != w {
				t.Errorf("%d bits: entry %d is %v, %v; want %v", bits, i, got, err, w)
			}
		}
	}
}

func TestLookupOutsideTheListIsNoStatement(t *testing.T) {
	for _, bits := range []int{1, 2, 4, 8} {
		l := open(t, withBits(t, bits, []byte{0, 0}))
		for _, index := range []uint64{l.Len(), l.Len() + 1, 1 << 32, 1 << 61, 1 << 63, 1<<64 - 1} {
			if _, err := l.Lookup(index); !errors.Is(err, status.ErrRange) {
				t.Errorf("%d bits, index %d of %d: %v", bits, index, l.Len(), err)
			}
		}
	}
	var zero status.List
	if _, err := zero.Lookup(0); !errors.Is(err, status.ErrRange) {
		t.Errorf("the zero list answers: %v", err)
	}
}

func TestLookupDoesNotAllocate(t *testing.T) {
	l := open(t, withBits(t, 2, make([]byte, 1024)))
	n := testing.AllocsPerRun(100, func() {
		_, _ = l.Lookup(17)
		_, _ = l.Lookup(1 << 40)
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestFresh(t *testing.T) {
	hour := func(n float64) time.Time { return issued.Add(time.Duration(n * float64(time.Hour))) }
	type stated struct{ exp, ttl, nbf float64 } // hours after iat; 0: not stated
	for _, c := range []struct {
		name   string
		says   stated
		maxAge time.Duration
		at     time.Time
		want   bool
	}{
		{"before exp", stated{exp: 2}, 0, hour(1.9), true},
		{"at exp", stated{exp: 2}, 0, hour(2), false},
		{"exp alone has no other bound", stated{exp: 1000}, 0, hour(999), true},
		{"at ttl", stated{ttl: 2}, 0, hour(2), true},
		{"just after ttl", stated{ttl: 2}, 0, hour(2).Add(time.Nanosecond), false},
		{"exp before ttl", stated{exp: 1, ttl: 2}, 0, hour(1.5), false},
		{"ttl before exp", stated{exp: 3, ttl: 2}, 0, hour(2.5), false},
		{"neither, within a day", stated{}, 0, hour(24), true},
		{"neither, after a day", stated{}, 0, hour(24.1), false},
		{"a policy's age widens ttl", stated{exp: 9, ttl: 2}, 4 * time.Hour, hour(4), true},
		{"a policy's age narrows ttl", stated{exp: 9, ttl: 4}, 2 * time.Hour, hour(2.1), false},
		{"a policy's age widens the day", stated{}, 48 * time.Hour, hour(40), true},
		{"a policy's age never outlives exp", stated{exp: 2}, 48 * time.Hour, hour(2), false},
		{"half a minute before iat", stated{exp: 2}, 0, issued.Add(-30 * time.Second), true},
		{"two minutes before iat", stated{exp: 2}, 0, issued.Add(-2 * time.Minute), false},
		{"before nbf", stated{exp: 3, nbf: 2}, 0, hour(1), false},
		{"after nbf", stated{exp: 3, nbf: 2}, 0, hour(2), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := claims(t)
			delete(m, "exp")
			delete(m, "ttl")
			if c.says.exp != 0 {
				m["exp"] = hour(c.says.exp).Unix()
			}
			if c.says.nbf != 0 {
				m["nbf"] = hour(c.says.nbf).Unix()
			}
			if c.says.ttl != 0 {
				m["ttl"] = c.says.ttl * 3600
			}
			if got := open(t, m).Fresh(c.at, c.maxAge); got != c.want {
				t.Errorf("fresh is %v", got)
			}
		})
	}
}

func readVector(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(vectorDir(t, "status", "token-status-list"), name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestConformanceTheDraftsListsDecode(t *testing.T) {
	var lists []struct {
		ID       string                  `json:"id"`
		Bits     int                     `json:"bits"`
		Lst      string                  `json:"lst"`
		Entries  uint64                  `json:"entries"`
		Expected map[string]status.Value `json:"expected_nonzero"`
	}
	if err := json.Unmarshal(readVector(t, "tsl-vectors.json"), &lists); err != nil {
		t.Fatal(err)
	}
	if len(lists) == 0 {
		t.Fatal("no list in the vectors")
	}
	for _, v := range lists {
		t.Run(v.ID, func(t *testing.T) {
			c := claims(t)
			c["status_list"] = map[string]any{"bits": v.Bits, "lst": v.Lst}
			l := open(t, c)
			if l.Len() < v.Entries {
				t.Fatalf("%d entries, want %d", l.Len(), v.Entries)
			}
			for i := range l.Len() {
				got, err := l.Lookup(i)
				if want := v.Expected[strconv.FormatUint(i, 10)]; err != nil || got != want {
					t.Fatalf("entry %d is %v, %v; want %v", i, got, err, want)
				}
			}
			if _, err := l.Lookup(l.Len()); !errors.Is(err, status.ErrRange) {
				t.Errorf("entry behind the last: %v", err)
			}
		})
	}
}

func TestConformanceTheDraftsTokenOpens(t *testing.T) {
	key, err := credential.ParseJWK(readVector(t, "issuer_jwk.json"))
	if err != nil {
		t.Fatal(err)
	}
	const uri = "https://example.com/statuslists/1"
	token := readVector(t, "status_list_token.jwt")
	l, err := status.Token().Open(uri, token, only(key, "https://example.com"), now)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := l.Lookup(0); err != nil || v != status.Invalid {
		t.Errorf("entry 0 is %v, %v", v, err)
	}
	if l.TTL != 12*time.Hour || l.IssuedAt.Unix() != 1686920170 || l.Expires.Unix() != 2291720170 {
		t.Errorf("dates are %v %v %v", l.IssuedAt, l.Expires, l.TTL)
	}
	for i := range token {
		if token[i] == '.' {
			continue
		}
		b := append([]byte(nil), token...)
		b[i] ^= 1
		if l, err := status.Token().Open(uri, b, only(key, "https://example.com"), now); err == nil || l != nil {
			t.Fatalf("opens with byte %d changed", i)
		}
	}
}
