package jcs

import (
	"encoding/json"
	"testing"
)

func TestTransform(t *testing.T) {
	got, err := Transform(map[string]any{"b": json.Number("1.0"), "a": "<é\u2028", "\U0001f600": nil, "\ufb33": []any{true, json.Number("1e21")}})
	if err != nil {
		t.Fatal(err)
	}
	// RFC 8785 §3.2.3: names are sorted by UTF-16 code units.
	if want := "{\"a\":\"<é\u2028\",\"b\":1,\"\U0001f600\":null,\"\ufb33\":[true,1e+21]}"; string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, bad := range []any{json.Number("1e999"), json.Number("x"), func() {}} {
		if out, err := Transform(bad); err == nil {
			t.Errorf("%v gives %s", bad, out)
		}
	}
}

func TestExactRefusesWhatDoublesRound(t *testing.T) {
	for _, n := range []json.Number{"0", "-0", "1", "1.50", "0.1", "9007199254740992", "1e21", "1e-7", "123456789.125", "5e-324"} {
		if !Exact(n) {
			t.Errorf("%s is not exact", n)
		}
	}
	for _, n := range []json.Number{"9007199254740993", "12345678901234567890", "0.1000000000000000055", "1e400", "1e-400", "1e999999999", "3.14159265358979323846"} {
		if Exact(n) {
			t.Errorf("%s is exact", n)
		}
	}
}
