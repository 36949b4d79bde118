package base58

import (
	"bytes"
	"encoding/hex"
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/limits"
)

func TestDraftExamples(t *testing.T) {
	// draft-msporny-base58-03 §5, and the edges of the leading zeros.
	for _, c := range []struct{ hex, text string }{
		{hex.EncodeToString([]byte("Hello World!")), "2NEpo7TZRRrLZSi2U"},
		{hex.EncodeToString([]byte("The quick brown fox jumps over the lazy dog.")), "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z"},
		{"0000287fb4cd", "11233QC4"},
		{"", ""}, {"00", "1"}, {"0000", "11"}, {"39", "z"}, {"3a", "21"}, {"ffffffff", "7YXq9G"}, {"0100000000", "7YXq9H"},
	} {
		data, _ := hex.DecodeString(c.hex)
		if got := Encode(data); got != c.text {
			t.Errorf("%s is written %q, want %q", c.hex, got, c.text)
		}
		if got, err := Decode(c.text); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%q is read %x, %v; want %s", c.text, got, err, c.hex)
		}
	}
}

func TestEveryOtherCharacterIsRefused(t *testing.T) {
	taken := 0
	for c := range 256 {
		if _, err := Decode("2" + string([]byte{byte(c)}) + "z"); err == nil {
			taken++
		} else if !errors.Is(err, ErrAlphabet) {
			t.Errorf("%d: %v", c, err)
		}
	}
	if taken != 58 {
		t.Errorf("%d characters are taken", taken)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("11233QC4")
	f.Add("z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 2000 {
			return
		}
		data, err := Decode(text)
		if err != nil {
			return
		}
		if back := Encode(data); back != text {
			t.Fatalf("%q came back as %q", text, back)
		}
		// Against arithmetic nobody has to trust us for.
		n := new(big.Int)
		for i := range len(text) {
			n.Add(n.Mul(n, big.NewInt(58)), big.NewInt(int64(value(text[i]))))
		}
		if new(big.Int).SetBytes(data).Cmp(n) != 0 {
			t.Fatalf("%q is not %x", text, data)
		}
	})
}

// Reading costs the square of the length: a megabyte would take half a minute.
func TestALongTextIsRefusedBeforeItIsRead(t *testing.T) {
	if _, err := Decode(strings.Repeat("z", limits.Base58)); err != nil {
		t.Errorf("the longest: %v", err)
	}
	if _, err := Decode(strings.Repeat("z", limits.Base58+1)); !errors.Is(err, ErrLength) {
		t.Errorf("one more: %v", err)
	}
}
