package base64url

import (
	"bytes"
	"testing"
)

func TestDecodeTakesOnlyTheOneEncoding(t *testing.T) {
	for text, want := range map[string]string{"": "", "Zg": "f", "Zm8": "fo", "Zm9v": "foo", "-_-_": "\xfb\xff\xbf"} {
		got, err := Decode(text)
		if err != nil || string(got) != want {
			t.Errorf("Decode(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
	for name, text := range map[string]string{
		"padding":            "Zg==",
		"trailing bits":      "Zh",
		"trailing bits of 2": "Zm9",
		"line feed":          "Zm\n9v",
		"carriage return":    "Zm9v\r",
		"space":              "Zm 9v",
		"standard alphabet":  "+/+/",
		"one character":      "Z",
		"nul":                "Zm9\x00",
		"not ASCII":          "Zmüv",
	} {
		if got, err := Decode([]byte(text)); err == nil {
			t.Errorf("%s: Decode(%q) = %q, want an error", name, text, got)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{"", "Zg", "Zh", "Zm9v\n", "-_-_"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := Decode(text)
		if err == nil && Encode(got) != string(text) {
			t.Fatalf("%q decodes to %q, whose encoding is %q", text, got, Encode(got))
		}
		if again, err := Decode(Encode(text)); err != nil || !bytes.Equal(again, text) {
			t.Fatalf("%q does not survive a round trip: %q, %v", text, again, err)
		}
	})
}
