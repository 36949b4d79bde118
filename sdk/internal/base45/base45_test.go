package base45

import (
	"bytes"
	"errors"
	"testing"
)

func TestRFCExamples(t *testing.T) {
	for _, c := range []struct{ data, text string }{
		{"AB", "BB8"},                       // RFC 9285 §4.3, example 1
		{"Hello!!", "%69 VD92EX0"},          // example 2
		{"base-45", "UJCLQE7W581"},          // example 3
		{"ietf!", "QED8WEX0"},               // §4.4, example 1
		{"", ""},                            // nothing is nothing
		{"\x00", "00"},                      // leading zeros are kept
		{"\xff\xff", "FGW"},                 // the greatest group
		{"\xff", "U5"},                      // the greatest remainder
		{string([]byte{0x9a, 0x24}), "+LJ"}, // 39460 = 40 + 21·45 + 19·2025
	} {
		if got := string(Encode([]byte(c.data))); got != c.text {
			t.Errorf("Encode(%q) = %q, want %q", c.data, got, c.text)
		}
		got, err := Decode([]byte(c.text))
		if err != nil || string(got) != c.data {
			t.Errorf("Decode(%q) = %q, %v; want %q", c.text, got, err, c.data)
		}
	}
}

func TestRefused(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		offset int // -1: ErrLength
		beyond bool
	}{
		"a single character":                  {"A", -1, false},
		"one character over":                  {"BB8B", -1, false},
		"a trimmed trailing space":            {"%69 VD92E ", -1, false},
		"lower case":                          {"bb8", 0, false},
		"lower case late":                     {"BB8BBb", 5, false},
		"a line feed at the end":              {"BB8U\n", 4, false},
		"a tabulator":                         {"B\tB", 1, false},
		"a NUL":                               {"BB\x00", 2, false},
		"a non-ASCII space":                   {"B\u00a0", 1, false},
		"an underscore":                       {"B_8", 1, false},
		"one above the greatest group":        {"GGW", 0, true}, // 65536, named in RFC 9285 §6
		"the greatest three characters":       {":::", 0, true},
		"one above the greatest remainder":    {"V5", 0, true},
		"the greatest two characters":         {"::", 0, true},
		"a good group and a bad remainder":    {"BB8::", 3, true},
		"a bad group between two good groups": {"BB8:::BB8", 3, true},
	} {
		got, err := Decode([]byte(c.text))
		if err == nil {
			t.Errorf("%s: decoded to %q", name, got)
			continue
		}
		var corrupt *CorruptError
		switch {
		case c.offset < 0:
			if !errors.Is(err, ErrLength) {
				t.Errorf("%s: %v, want ErrLength", name, err)
			}
		case !errors.As(err, &corrupt):
			t.Errorf("%s: %v, want a CorruptError", name, err)
		case corrupt.Offset != c.offset || corrupt.Range != c.beyond:
			t.Errorf("%s: %+v, want offset %d, range %v", name, *corrupt, c.offset, c.beyond)
		}
	}
}

func TestIs(t *testing.T) {
	if !Is([]byte(alphabet)) {
		t.Error("the alphabet itself is not base45")
	}
	for _, text := range []string{"", "a", "A\n", "Ä", "A,B", "\x7f"} {
		if Is([]byte(text)) {
			t.Errorf("Is(%q)", text)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{"", "BB8", "%69 VD92EX0", "GGW", ":::", "A", " 0", "  0", "bb8"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		data, err := Decode(text)
		if err != nil {
			if data != nil {
				t.Fatal("bytes beside an error")
			}
			return
		}
		// One text for each value: two texts for the same bytes would be two
		// codes for one presentation.
		if !bytes.Equal(Encode(data), text) {
			t.Fatal("decoding and encoding again gives another text")
		}
	})
}
