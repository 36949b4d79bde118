package jcs

import (
	"encoding/json"
	"errors"
	"math"
	"testing"
)

// RFC 8785 Appendix B, Number Serialization Samples.
func TestNumbersOfTheRFC(t *testing.T) {
	for bits, want := range map[uint64]string{
		0x0000000000000000: "0", 0x8000000000000000: "0",
		0x0000000000000001: "5e-324", 0x8000000000000001: "-5e-324",
		0x7fefffffffffffff: "1.7976931348623157e+308", 0xffefffffffffffff: "-1.7976931348623157e+308",
		0x4340000000000000: "9007199254740992", 0xc340000000000000: "-9007199254740992",
		0x4430000000000000: "295147905179352830000",
		0x44b52d02c7e14af5: "9.999999999999997e+22", 0x44b52d02c7e14af6: "1e+23", 0x44b52d02c7e14af7: "1.0000000000000001e+23",
		0x444b1ae4d6e2ef4e: "999999999999999700000", 0x444b1ae4d6e2ef4f: "999999999999999900000", 0x444b1ae4d6e2ef50: "1e+21",
		0x3eb0c6f7a0b5ed8c: "9.999999999999997e-7", 0x3eb0c6f7a0b5ed8d: "0.000001",
		0x41b3de4355555553: "333333333.3333332", 0x41b3de4355555554: "333333333.33333325",
		0x41b3de4355555555: "333333333.3333333", 0x41b3de4355555556: "333333333.3333334", 0x41b3de4355555557: "333333333.33333343",
		0xbecbf647612f3696: "-0.0000033333333333333333",
		0x43143ff3c1cb0959: "1424953923781206.2",
	} {
		got, err := Transform(math.Float64frombits(bits))
		if err != nil || string(got) != want {
			t.Errorf("%016x gives %s, %v; want %s", bits, got, err, want)
		}
	}
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if got, err := Transform(bad); !errors.Is(err, ErrValue) {
			t.Errorf("%v gives %s", bad, got)
		}
	}
}

// RFC 8785 §3.2.2, the sample and its form.
func TestSampleOfTheRFC(t *testing.T) {
	var v any
	if err := json.Unmarshal([]byte(`{
		"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
		"string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
		"literals": [null, true, false]
	}`), &v); err != nil {
		t.Fatal(err)
	}
	got, err := Transform(v)
	want := `{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`
	if err != nil || string(got) != want {
		t.Errorf("%s, %v", got, err)
	}
}

// RFC 8785 §3.2.3, the sample of names.
func TestNamesOfTheRFC(t *testing.T) {
	got, err := Transform(map[string]any{
		"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
		"1": "One", "\U0001f600": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis",
		"": "none", "1a": "longer", "\ufb33a": "longer still",
	})
	want := `{"":"none","\r":"Carriage Return","1":"One","1a":"longer","` + "\u0080" + `":"Control","ö":"Latin Small Letter O With Diaeresis",` +
		`"€":"Euro Sign","` + "\U0001f600" + `":"Emoji: Grinning Face","` + "\ufb33" + `":"Hebrew Letter Dalet With Dagesh","` + "\ufb33" + `a":"longer still"}`
	if err != nil || string(got) != want {
		t.Errorf("%s, %v", got, err)
	}
}

func TestNoCanonicalForm(t *testing.T) {
	for _, bad := range []any{
		json.Number(""), json.Number("Inf"), json.Number("0x1p-2"), json.Number("1_0"), json.Number("01"), json.Number(`"1"`),
		json.Number("true"), json.Number("-1e400"), "\xff", map[string]any{"\xed\xa0\x80": 1.0}, []any{1}, struct{}{}, map[string]string{},
	} {
		if out, err := Transform(bad); !errors.Is(err, ErrValue) {
			t.Errorf("%v gives %s, %v", bad, out, err)
		}
	}
}

// What comes out is JSON of the same value, and canonical already.
func FuzzTransform(f *testing.F) {
	for _, seed := range []string{`{}`, `[1e21,-0,"\u2028\u007f"]`, `{"b":{"\ud83d\ude00":1,"\ufb33":2},"a":[]}`, `1e-7`, `123456789012345678901234567890`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var v any
		if json.Unmarshal(data, &v) != nil {
			return
		}
		once, err := Transform(v)
		if err != nil {
			t.Fatalf("%q: %v", data, err)
		}
		var back any
		if err := json.Unmarshal(once, &back); err != nil {
			t.Fatalf("%q gives %q: %v", data, once, err)
		}
		if twice, err := Transform(back); err != nil || string(twice) != string(once) {
			t.Fatalf("%q gives %q and then %q: %v", data, once, twice, err)
		}
	})
}
