package cborjson

import (
	"encoding/hex"
	"encoding/json"
	"errors"
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
			if got := codeOf(t, Check(data)); got != c.want {
				t.Errorf("Check: %q, want %q", got, c.want)
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

func FuzzValue(f *testing.F) {
	for _, s := range []string{
		"d28443a10126a10442313154546869732069732074686520636f6e74656e742e4100", "bf61610161629f0203ffff",
		"a20102613103", "c249010000000000000000", "f97e00", "a26161017f6161ff02", "5f42010243030405ff", "d74401020304", "fb7e37e43c8800759c",
	} {
		f.Add(fromHex(f, s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		checked := codeOf(t, Check(data))
		value, err := Value(data)
		if codeOf(t, err); err == nil && checked != "" {
			t.Fatalf("%x is refused, and read", data)
		}
		if err != nil {
			return
		}
		if text, err := json.Marshal(value); err != nil || !json.Valid(text) {
			t.Fatalf("%x reads as what is no JSON: %s, %v", data, text, err)
		}
	})
}
