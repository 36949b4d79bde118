package strictcbor

import (
	"bytes"
	"encoding/hex"
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

func TestWhatHasNoOneMeaningIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		hex  string
		want reason.Code
	}{
		"nothing":                     {"", reason.Malformed},
		"two items":                   {"0000", reason.Malformed},
		"invalid UTF-8":               {"61ff", reason.Malformed},
		"a key twice":                 {"a201020103", reason.Malformed},
		"a key twice, one longer":     {"a20102180103", reason.Malformed},
		"a key twice in an inner map": {"a101a201020103", reason.Malformed},
		"a level too many":            {strings.Repeat("81", limits.JSONDepth) + "80", reason.TooLarge},
	} {
		data := fromHex(t, c.hex)
		var v any
		var raw RawMessage
		var s struct{}
		for how, into := range map[string]any{"decoded": &v, "left encoded": &raw, "overlooked": &s} {
			if got := codeOf(t, Unmarshal(data, into)); got != c.want {
				t.Errorf("%s, %s: %q, want %q", name, how, got, c.want)
			}
		}
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

func FuzzUnmarshal(f *testing.F) {
	for _, s := range []string{"a3646e616d65616164726573748201020118ff", "bf61610161629f0203ffff", "d24100", "c249010000000000000000", "a201020103"} {
		f.Add(fromHex(f, s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var raw RawMessage
		checked := Unmarshal(data, &raw)
		codeOf(t, checked)
		if checked == nil && !bytes.Equal(raw, data) {
			t.Fatalf("%x reads as %x", data, raw)
		}
		var v any
		var s struct {
			Name string     `cbor:"name"`
			Rest RawMessage `cbor:"1,keyasint"`
		}
		for _, into := range []any{&v, &s} {
			if err := Unmarshal(data, into); err == nil && checked != nil {
				t.Fatalf("%x is refused, and read", data)
			} else {
				codeOf(t, err)
			}
		}
		if _, err := Map(data); err == nil && checked != nil {
			t.Fatalf("%x is refused, and read as a map", data)
		}
	})
}
