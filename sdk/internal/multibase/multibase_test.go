package multibase

import (
	"bytes"
	"testing"
)

func TestBothBasesAreRead(t *testing.T) {
	for text, want := range map[string]string{"z2NEpo7TZRRrLZSi2U": "Hello World!", "uSGVsbG8gV29ybGQh": "Hello World!", "z": "", "u": ""} {
		if got, err := Decode(text); err != nil || string(got) != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}

func TestEveryOtherFormIsRefused(t *testing.T) {
	for _, text := range []string{
		"", "2NEpo7TZRRrLZSi2U", "Z2NEpo7TZRRrLZSi2U", "f00", "m", "z0", "zO", "zI", "zl", "z ", "u=", "uA", "uAB", "uAA==", "uAA\n",
	} {
		if got, err := Decode(text); err == nil {
			t.Errorf("%q is read as %x", text, got)
		}
	}
	if _, err := DecodeAs(Base58BTC, "uAA"); err == nil {
		t.Error("base64url is read where base58btc is wanted")
	}
	if _, err := DecodeAs(Base58BTC, ""); err == nil {
		t.Error("nothing is read where base58btc is wanted")
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("z2NEpo7TZRRrLZSi2U")
	f.Add("uSGVsbG8gV29ybGQh")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 2000 {
			return
		}
		data, err := Decode(text)
		if err != nil {
			return
		}
		if again, err := Decode(Encode(data)); err != nil || !bytes.Equal(again, data) {
			t.Fatalf("%x came back as %x, %v", data, again, err)
		}
		if text[0] == Base58BTC && Encode(data) != text {
			t.Fatalf("%q has two forms", text)
		}
	})
}
