package scan

import (
	"testing"
)

func TestMixedModesComeBackWhole(t *testing.T) {
	kanji := []byte{0x93, 0xfa, 0x96, 0x7b, 0xe4, 0xaa} // Shift JIS
	for name, c := range map[string]struct {
		segments []segment
		want     string
	}{
		"capitals then bytes":         {[]segment{{modeAlphanumeric, []byte("ABC")}, {modeByte, []byte("\xffx")}}, "ABC\xffx"},
		"bytes then capitals":         {[]segment{{modeByte, []byte("eyJ")}, {modeAlphanumeric, []byte("A1 ")}}, "eyJA1 "},
		"bytes twice":                 {[]segment{{modeByte, []byte("ab")}, {modeByte, []byte("cd")}}, "abcd"},
		"digits between bytes":        {[]segment{{modeByte, []byte("a")}, {modeNumeric, []byte("0012")}, {modeByte, []byte("b")}}, "a0012b"},
		"digits, capitals, bytes":     {[]segment{{modeNumeric, []byte("1")}, {modeAlphanumeric, []byte("Z")}, {modeByte, []byte{0x80}}}, "1Z\x80"},
		"an ECI changes no byte":      {[]segment{{modeECI, []byte{3}}, {modeByte, []byte("caf\xe9")}}, "caf\xe9"},
		"an unknown ECI changes none": {[]segment{{modeECI, []byte{99}}, {modeByte, []byte("\xff")}}, "\xff"},
		"characters as UTF-8":         {[]segment{{modeKanji, kanji}}, "日本茗"},
		"characters between bytes":    {[]segment{{modeByte, []byte("<")}, {modeKanji, kanji[:2]}, {modeByte, []byte(">")}}, "<日>"},
		"a character segment of none": {[]segment{{modeByte, nil}, {modeAlphanumeric, []byte("A")}}, "A"},
	} {
		code, err := encode(c.segments, M, 1)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Image(shown(code, 4))
		if err != nil || string(p.Bytes) != c.want {
			t.Errorf("%s: %q, %v; want %q", name, p.Bytes, err, c.want)
		}
	}
}

// stream builds a bit stream by hand: pairs of value and width.
func stream(pairs ...int) []byte {
	w := &bitWriter{}
	for i := 0; i < len(pairs); i += 2 {
		w.write(pairs[i], pairs[i+1])
	}
	return w.data
}

func TestContent(t *testing.T) {
	for name, c := range map[string]struct {
		bits []byte
		want string
	}{
		"nothing at all":              {nil, ""},
		"a terminator":                {stream(0, 4), ""},
		"too few bits for a mode":     {stream(modeByte, 4, 1, 8, 'a', 8, 0, 3), "a"},
		"padding behind a terminator": {append(stream(modeByte, 4, 1, 8, 'a', 8, 0, 4), 0xec, 0x11), "a"},
		"structured append":           {stream(modeStructuredAppend, 4, 0x12, 8, 0x55, 8, modeByte, 4, 1, 8, 'a', 8), "a"},
		"FNC1, separators":            {stream(modeFNC1First, 4, modeAlphanumeric, 4, 4, 9, 45*10+38, 11, 45*38+38, 11), "A%\x1d"},
		"FNC1 second, an indicator":   {stream(modeFNC1Second, 4, 37, 8, modeByte, 4, 1, 8, 'a', 8), "a"},
		"an ECI of two bytes":         {stream(modeECI, 4, 0x81, 8, 0, 8, modeByte, 4, 1, 8, 'a', 8), "a"},
		"an ECI of three bytes":       {stream(modeECI, 4, 0xc0, 8, 0, 16, modeByte, 4, 1, 8, 'a', 8), "a"},
		"a Hanzi character":           {stream(modeHanzi, 4, 1, 4, 1, 8, (0xb0-0xa6)*0x60, 13), "啊"},
	} {
		got, err := content(c.bits, 1)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %q, %v; want %q", name, got, err, c.want)
		}
	}
	for name, bits := range map[string][]byte{
		"an unknown mode":              stream(6, 4, 0, 20),
		"a reserved mode":              stream(15, 4, 0, 20),
		"bytes that are not there":     stream(modeByte, 4, 9, 8, 'a', 8),
		"no count":                     stream(modeByte, 4),
		"digits that are not there":    stream(modeNumeric, 4, 9, 10, 1, 10),
		"three digits above 999":       stream(modeNumeric, 4, 3, 10, 1000, 10),
		"two digits above 99":          stream(modeNumeric, 4, 2, 10, 100, 7),
		"one digit above 9":            stream(modeNumeric, 4, 1, 10, 10, 4),
		"capitals above the table":     stream(modeAlphanumeric, 4, 2, 9, 45*45, 11),
		"one capital above the table":  stream(modeAlphanumeric, 4, 1, 9, 45, 6),
		"capitals that are not there":  stream(modeAlphanumeric, 4, 9, 9, 1, 11),
		"characters that are not":      stream(modeKanji, 4, 2, 8, 1, 13),
		"an ECI cut off":               stream(modeECI, 4, 0x81, 8),
		"an ECI of four bytes":         stream(modeECI, 4, 0xe0, 8, 0, 24),
		"a part number cut off":        stream(modeStructuredAppend, 4, 1, 8),
		"a Hanzi subset nobody has":    stream(modeHanzi, 4, 2, 4, 1, 8, 0, 13),
		"a Hanzi segment without bits": stream(modeHanzi, 4, 1, 4),
	} {
		if got, err := content(bits, 1); err == nil {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func FuzzContent(f *testing.F) {
	f.Add(stream(modeByte, 4, 1, 8, 'a', 8), 1)
	f.Add(stream(modeNumeric, 4, 3, 10, 999, 10), 1)
	f.Add(stream(modeFNC1First, 4, modeAlphanumeric, 4, 4, 9, 45*10+38, 11, 45*38+38, 11), 9)
	f.Add(stream(modeHanzi, 4, 1, 4, 1, 8, 960, 13), 5)
	f.Add(stream(modeKanji, 4, 1, 12, 960, 13), 40)
	f.Fuzz(func(t *testing.T, data []byte, version int) {
		if len(data) > 3000 {
			return
		}
		out, err := content(data, version)
		if err == nil && len(out) > 3*len(data)+3 {
			t.Fatalf("%d bytes from %d", len(out), len(data))
		}
	})
}
