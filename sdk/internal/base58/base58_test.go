package base58

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
)

// The examples of draft-msporny-base58 §5.
func TestDecode(t *testing.T) {
	for text, want := range map[string]string{
		"":                  "",
		"1":                 "00",
		"2NEpo7TZRRrLZSi2U": hex.EncodeToString([]byte("Hello World!")),
		"11233QC4":          "0000287fb4cd",
	} {
		got, err := Decode(text)
		if err != nil || hex.EncodeToString(got) != want {
			t.Errorf("%q: %x, %v", text, got, err)
		}
		if back := Encode(got); back != text {
			t.Errorf("%q goes back to %q", text, back)
		}
	}
	for _, text := range []string{"0", "O", "I", "l", "a b", "é", "-", "z\x00", strings.Repeat("z", longest+1)} {
		if got, err := Decode(text); err == nil {
			t.Errorf("%.10q gives %x", text, got)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte{0, 0, 1, 255})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1000 {
			return
		}
		if back, err := Decode(Encode(data)); err != nil || !bytes.Equal(back, data) {
			t.Fatalf("%x becomes %x, %v", data, back, err)
		}
		if got, err := Decode(string(data)); err == nil && Encode(got) != string(data) {
			t.Fatalf("%q has two readings", data)
		}
	})
}
