package sec1

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"testing"
)

func TestCompressed(t *testing.T) {
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		private, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		long, err := private.PublicKey.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		size := len(long) / 2
		good := append([]byte{2 | long[2*size]&1}, long[1:1+size]...)
		if got, err := Compressed(curve, good); err != nil || !got.Equal(&private.PublicKey) {
			t.Errorf("%s: %v", curve.Params().Name, err)
		}
		for name, raw := range map[string][]byte{
			"nothing":                     nil,
			"uncompressed":                long,
			"a byte short":                good[:size],
			"a byte long":                 append(bytes.Clone(good), 0),
			"a prefix that is none":       append([]byte{5}, good[1:]...),
			"x beyond the field":          append([]byte{2}, bytes.Repeat([]byte{0xff}, size)...),
			"infinity, as SEC 1 has it":   {0},
			"a whole point of zero bytes": make([]byte, size+1),
		} {
			if got, err := Compressed(curve, raw); !errors.Is(err, ErrPoint) || got != nil {
				t.Errorf("%s: %s: %v", curve.Params().Name, name, err)
			}
		}
	}
}
