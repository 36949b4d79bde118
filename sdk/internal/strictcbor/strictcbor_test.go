package strictcbor

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

func fromHex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func codeOf(t testing.TB, err error) reason.Code {
	t.Helper()
	var coded *reason.Error
	if err != nil && !errors.As(err, &coded) {
		t.Fatalf("uncoded error %v", err)
	}
	if coded == nil {
		return ""
	}
	return coded.Code
}

// The examples of RFC 8949 appendix A, and what this package's rules make of them.
func TestValueIsWhatJSONCanSay(t *testing.T) {
	for in, want := range map[string]string{
		"00": `0`, "17": `23`, "1818": `24`, "1903e8": `1000`, "1b000000e8d4a51000": `1000000000000`,
		"1bffffffffffffffff": `18446744073709551615`, "c249010000000000000000": `18446744073709551616`,
		"3bffffffffffffffff": `-18446744073709551616`, "c349010000000000000000": `-18446744073709551617`,
		"20": `-1`, "3863": `-100`, "3903e7": `-1000`, "3b7fffffffffffffff": `-9223372036854775808`,
		"1b0020000000000001": `9007199254740993`, // 2^53 + 1 is not rounded
		"f90000":             `0`, "f93c00": `1`, "fb3ff199999999999a": `1.1`, "f93e00": `1.5`, "f97bff": `65504`,
		"fa47c35000": `100000`, "fb7e37e43c8800759c": `1e+300`, "f90001": `5.960464477539063e-08`, "f90400": `0.00006103515625`,
		"f9c400": `-4`, "fbc010666666666666": `-4.1`, "f98000": `-0`, "c1fb41d452d9ec200000": `1363896240.5`,
		"f4": `false`, "f5": `true`, "f6": `null`, "f7": `null`,
		"c074323031332d30332d32315432303a30343a30305a": `"2013-03-21T20:04:00Z"`,
		"c11a514b67b0":                 `1363896240`,
		"d903ec6a323030302d30312d3031": `"2000-01-01"`,
		"d74401020304":                 `"01020304"`, "d818456449455446": `"ZElFVEY"`, "d7430a0bff": `"0A0BFF"`,
		"40": `""`, "4401020304": `"AQIDBA"`, "43fbffbf": `"-_-_"`, "d643fbffbf": `"+/+/"`, "d54401020304": `"AQIDBA"`,
		"60": `""`, "6161": `"a"`, "62225c": `"\"\\"`, "62c3bc": `"ü"`, "64f0908591": `"𐅑"`,
		"80": `[]`, "83010203": `[1,2,3]`, "8301820203820405": `[1,[2,3],[4,5]]`,
		"a0": `{}`, "a201020304": `{"1":2,"3":4}`, "a26161016162820203": `{"a":1,"b":[2,3]}`, "a1390103f5": `{"-260":true}`,
		"5f42010243030405ff": `"AQIDBAU"`, "7f657374726561646d696e67ff": `"streaming"`, "9f018202039f0405ffff": `[1,[2,3],[4,5]]`,
		"bf61610161629f0203ffff": `{"a":1,"b":[2,3]}`, "9fff": `[]`, "bfff": `{}`, "5fff": `""`,
		"1800": `0`, "590001ff": `"_w"`, // more bytes than needed
	} {
		v, err := Value(fromHex(t, in))
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if out, err := json.Marshal(v); err != nil || string(out) != want {
			t.Errorf("%s = %s (%v), want %s", in, out, err, want)
		}
	}
}

func TestWhatHasNoOneMeaningIsRefused(t *testing.T) {
	nested := func(open, inner string, n int) string { return strings.Repeat(open, n) + inner }
	for name, c := range map[string]struct {
		hex  string
		want reason.Code
	}{
		"nothing":                                {"", reason.Malformed},
		"two items":                              {"0000", reason.Malformed},
		"a number that ends":                     {"1900", reason.Malformed},
		"a text that ends":                       {"6261", reason.Malformed},
		"a byte string longer than memory":       {"5bffffffffffffffff", reason.Malformed},
		"an array longer than the bytes":         {"9affffffff00", reason.Malformed},
		"a map longer than the bytes":            {"bbffffffffffffffff", reason.Malformed},
		"a map without its last value":           {"a1 00", reason.Malformed},
		"an open array":                          {"9f00", reason.Malformed},
		"an open map":                            {"bf0000", reason.Malformed},
		"an open map with a key alone":           {"bf00ff", reason.Malformed},
		"a break alone":                          {"ff", reason.Malformed},
		"a break in an array with a length":      {"8200ff", reason.Malformed},
		"a tag with nothing":                     {"c0", reason.Malformed},
		"a tag with a break":                     {"9fc0ff", reason.Malformed},
		"reserved bits":                          {"1c", reason.Malformed},
		"an indefinite number":                   {"1f", reason.Malformed},
		"an indefinite tag":                      {"df00", reason.Malformed},
		"a simple value in the wrong form":       {"f814", reason.Malformed},
		"invalid UTF-8":                          {"61ff", reason.Malformed},
		"a surrogate":                            {"63eda080", reason.Malformed},
		"a character over two chunks":            {"7f61c361bcff", reason.Malformed},
		"chunks of bytes in a text":              {"7f4161ff", reason.Malformed},
		"a chunk without length":                 {"5f5f4100ffff", reason.Malformed},
		"a number as chunk":                      {"5f00ff", reason.Malformed},
		"the same number as key twice":           {"a201020103", reason.Malformed},
		"the same number in two lengths":         {"a20102180103", reason.Malformed},
		"the same number in two other lengths":   {"a21901000219010003", reason.Malformed},
		"the same text twice":                    {"a2616101616102", reason.Malformed},
		"the same text in chunks":                {"a26161017f6161ff02", reason.Malformed},
		"the same text with a longer length":     {"a2616101780161 02", reason.Malformed},
		"the same bytes twice":                   {"a2410001410002", reason.Malformed},
		"the same array twice":                   {"a2800180 02", reason.Malformed},
		"the same key twice without length":      {"bf01020103ff", reason.Malformed},
		"the same key twice, not side by side":   {"a3010203040102", reason.Malformed},
		"the same key twice in an inner map":     {"a101a201020103", reason.Malformed},
		"the same key twice behind a tag":        {"d818a201020103", reason.Malformed},
		"a level too many of arrays":             {nested("81", "80", limits.JSONDepth), reason.TooLarge},
		"a level too many of maps":               {nested("a100", "a0", limits.JSONDepth), reason.TooLarge},
		"a level too many of tags":               {nested("c6", "00", limits.JSONDepth+1), reason.TooLarge},
		"a level too many without lengths":       {nested("9f", "80", limits.JSONDepth), reason.TooLarge},
		"more items than a document may have":    {"9a00004e21" + strings.Repeat("00", 20_001), reason.TooLarge},
		"more chunks than a document may have":   {"5f" + strings.Repeat("40", 20_001) + "ff", reason.TooLarge},
		"more items without length than allowed": {"9f" + strings.Repeat("00", 20_001) + "ff", reason.TooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			data := fromHex(t, c.hex)
			var v any
			if got := codeOf(t, Unmarshal(data, &v)); got != c.want {
				t.Errorf("Unmarshal: %q, want %q", got, c.want)
			}
			var raw RawMessage
			if got := codeOf(t, Unmarshal(data, &raw)); got != c.want {
				t.Errorf("Unmarshal, left encoded: %q, want %q", got, c.want)
			}
			if _, err := Value(data); codeOf(t, err) != c.want {
				t.Errorf("Value: %v, want %q", err, c.want)
			}
		})
	}
}

func TestWhatJSONCannotSayIsRefused(t *testing.T) {
	for name, in := range map[string]string{
		"not a number":                      "f97e00",
		"infinity":                          "f97c00",
		"negative infinity":                 "fbfff0000000000000",
		"an unassigned simple value":        "f0",
		"another unassigned simple value":   "f8ff",
		"a key of bytes":                    "a1410001",
		"a key that is true":                "a1f501",
		"a key that is an array":            "a18001",
		"a key that is tagged":              "a1c00001",
		"a key that is a fraction":          "a1f93e0001",
		"a key as number and as text":       "a2010261310 3",
		"a key as text and as number":       "bf613102 0103ff",
		"a large number that is no bytes":   "c200",
		"a large number with text":          "c3613 1",
		"a negative number as text as well": "a22001622d3102",
	} {
		if v, err := Value(fromHex(t, in)); codeOf(t, err) != reason.Malformed {
			t.Errorf("%s: %v, %v", name, v, err)
		}
	}
	if _, err := Value(append([]byte{0xc2, 0x58, maxBignum + 1}, make([]byte, maxBignum+1)...)); codeOf(t, err) != reason.TooLarge {
		t.Errorf("a number of %d bytes: %v", maxBignum+1, err)
	}
	if _, err := Value(append([]byte{0xc2, 0x58, maxBignum}, make([]byte, maxBignum)...)); err != nil {
		t.Errorf("a number of %d bytes: %v", maxBignum, err)
	}
}

func TestExactReadersTakeNothingElse(t *testing.T) {
	readers := map[string]func([]byte) error{
		"bytes": func(b []byte) error { _, err := Bytes(b); return err },
		"text":  func(b []byte) error { _, err := Text(b); return err },
		"array": func(b []byte) error { _, err := Array(b); return err },
		"map":   func(b []byte) error { _, err := Map(b); return err },
	}
	for in, takes := range map[string]string{
		"4100": "bytes", "40": "bytes", "5f4100ff": "bytes", "6161": "text", "60": "text", "7fff": "text",
		"8100": "array", "80": "array", "9fff": "array", "a0": "map", "bf0102ff": "map", "a2200161610 2": "map",
		"": "", "00": "", "f6": "", "f7": "", "f5": "", "c24100": "", "c06161": "", "d8188100": "", "c6a0": "",
		"820102": "array", "4100 00": "", "a1410001": "", "a1f501": "", "a11bffffffffffffffff00": "",
	} {
		for name, read := range readers {
			err := read(fromHex(t, in))
			codeOf(t, err)
			if (err == nil) != (name == takes) {
				t.Errorf("%s of %q: %v", name, in, err)
			}
		}
	}
	m, err := Map(fromHex(t, "a3 01 8101 20 00 6161 f6"))
	if err != nil || !bytes.Equal(m[int64(1)], []byte{0x81, 1}) || m[int64(-1)] == nil || m["a"] == nil || len(m) != 3 {
		t.Errorf("%v, %v", m, err)
	}
	if b, err := Bytes([]byte{0x40}); b == nil || err != nil {
		t.Errorf("an empty byte string is %v, %v", b, err)
	}
	for in, want := range map[string]struct {
		number  uint64
		content string
		tagged  bool
	}{
		"d28101": {18, "8101", true}, "8101": {0, "8101", false}, "d83dd28101": {61, "d28101", true},
	} {
		n, content, tagged, err := Untag(fromHex(t, in))
		if n != want.number || hex.EncodeToString(content) != want.content || tagged != want.tagged || err != nil {
			t.Errorf("%s: %d, %x, %v, %v", in, n, content, tagged, err)
		}
	}
	for _, in := range []string{"", "d2", "d20000", "0000"} {
		if _, _, _, err := Untag(fromHex(t, in)); codeOf(t, err) != reason.Malformed {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func TestUnmarshalIntoStructs(t *testing.T) {
	var s struct {
		Name  string     `cbor:"name"`
		Rest  RawMessage `cbor:"rest"`
		Count int        `cbor:"1,keyasint"`
	}
	if err := Unmarshal(fromHex(t, "a3 646e616d65 6161 6472657374 820102 01 18ff"), &s); err != nil {
		t.Fatal(err)
	}
	if s.Name != "a" || !bytes.Equal(s.Rest, []byte{0x82, 1, 2}) || s.Count != 255 {
		t.Errorf("%+v", s)
	}
	s.Name = ""
	if err := Unmarshal(fromHex(t, "a1 644e616d65 6161"), &s); err != nil || s.Name != "" {
		t.Errorf("another case of letters: %q, %v", s.Name, err)
	}
	for _, in := range []string{"a1 646e616d65 01", "80", "a1 01 6161", "a1 01 1bffffffffffffffff", "a1 646e616d65 4161"} {
		if err := Unmarshal(fromHex(t, in), &s); codeOf(t, err) != reason.Malformed {
			t.Errorf("%s: %v", in, err)
		}
	}
}

func TestErrorsShowNothingOfTheInput(t *testing.T) {
	var v any
	err := Unmarshal(fromHex(t, "a2 66736563726574 01 66736563726574 02"), &v)
	var s struct {
		Secret int `cbor:"secret"`
	}
	err2 := Unmarshal(fromHex(t, "a1 66736563726574 66736563726574"), &s)
	for _, err := range []error{err, err2} {
		if err == nil || strings.Contains(strings.ToLower(err.Error()), "secret") {
			t.Errorf("%v", err)
		}
	}
}

func TestMarshalIsDeterministic(t *testing.T) {
	for want, v := range map[string]any{
		"a3 01 00 20 00 6161 00": map[any]any{"a": 0, -1: 0, 1: 0},
		"1818":                   uint64(24), "f93c00": 1.0, "f97e00": math.NaN(), "d24100": Tag{Number: 18, Content: []byte{0}}, "f6": nil,
	} {
		got, err := Marshal(v)
		if err != nil || !bytes.Equal(got, fromHex(t, want)) {
			t.Errorf("%v = %x (%v), want %s", v, got, err, want)
		}
	}
	if _, err := Marshal(func() {}); err == nil {
		t.Error("a function was written")
	}
}

func FuzzValue(f *testing.F) {
	for _, s := range []string{
		"d28443a10126a10442313154546869732069732074686520636f6e74656e742e4100", "bf61610161629f0203ffff",
		"a2010261310 3", "c249010000000000000000", "f97e00", "a26161017f6161ff02", "5f42010243030405ff", "d74401020304", "fb7e37e43c8800759c",
	} {
		f.Add(fromHex(f, s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var raw RawMessage
		rawErr := Unmarshal(data, &raw)
		codeOf(t, rawErr)
		if rawErr == nil && !bytes.Equal(raw, data) {
			t.Fatalf("%x reads as %x", data, raw)
		}
		var v any
		err := Unmarshal(data, &v)
		codeOf(t, err)
		value, valueErr := Value(data)
		codeOf(t, valueErr)
		if rawErr != nil && (err == nil || valueErr == nil) {
			t.Fatalf("%x is refused, and read", data)
		}
		if valueErr != nil {
			return
		}
		text, err := json.Marshal(value)
		if err != nil || !json.Valid(text) {
			t.Fatalf("%x reads as what is no JSON: %s, %v", data, text, err)
		}
	})
}
