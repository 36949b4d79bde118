package multicodec

import (
	"bytes"
	"testing"
)

func TestKeysBeginAsTheTableSays(t *testing.T) {
	for _, c := range []struct {
		code Code
		want []byte
	}{
		{Ed25519, []byte{0xed, 0x01}}, {Secp256k1, []byte{0xe7, 0x01}}, {BLS12381G2, []byte{0xeb, 0x01}},
		{P256, []byte{0x80, 0x24}}, {P384, []byte{0x81, 0x24}}, {JSON, []byte{0x80, 0x04}}, {SHA256, []byte{0x12}},
	} {
		if got := Join(c.code, []byte{7}); !bytes.Equal(got, append(c.want, 7)) {
			t.Errorf("%x is written %x", c.code, got)
		}
		code, rest, err := Split(append(c.want, 7))
		if code != c.code || !bytes.Equal(rest, []byte{7}) || err != nil {
			t.Errorf("%x is read %x, %x, %v", c.want, code, rest, err)
		}
	}
}

func TestSplitRefuses(t *testing.T) {
	for name, data := range map[string][]byte{
		"nothing":                      nil,
		"a code that does not end":     {0xed},
		"a code longer than it need":   {0xed, 0x81, 0x00},
		"zero in two bytes":            {0x80, 0x00},
		"a code of more than 9 bytes":  {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01},
		"nine bytes that do not end":   bytes.Repeat([]byte{0xff}, 9),
		"twenty bytes that do not end": bytes.Repeat([]byte{0xff}, 20),
	} {
		if c, _, err := Split(data); err == nil {
			t.Errorf("%s is read as %x", name, c)
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add([]byte{0xed, 0x01, 0x07})
	f.Fuzz(func(t *testing.T, data []byte) {
		c, rest, err := Split(data)
		if err == nil && !bytes.Equal(Join(c, rest), data) {
			t.Fatalf("%x has two forms", data)
		}
	})
}
