package cborjson

import (
	"fmt"
	"strings"
	"testing"
)

// TestPartsAreTakenWhole: what a reader gives is what stands there, encoded as it
// came; what is of another kind, torn, or followed by something is refused.
func TestPartsAreTakenWhole(t *testing.T) {
	elements := func(data []byte) (string, error) {
		list, err := Elements(data)
		return fmt.Sprintf("%x", list), err
	}
	pairs := func(data []byte) (string, error) {
		var out []string
		err := Pairs(data, func(key, value []byte) error {
			out = append(out, fmt.Sprintf("%x=%x", key, value))
			return nil
		})
		return strings.Join(out, " "), err
	}
	members := func(data []byte) (string, error) {
		var out []string
		err := Members(data, func(name string, value []byte) error {
			out = append(out, fmt.Sprintf("%s=%x", name, value))
			return nil
		})
		return strings.Join(out, " "), err
	}
	octets := func(data []byte) (string, error) { s, err := Bytes(data); return fmt.Sprintf("%x", s), err }
	text := func(data []byte) (string, error) { return Text(data) }
	unsigned := func(data []byte) (string, error) { n, err := Unsigned(data); return fmt.Sprint(n), err }
	signed := func(data []byte) (string, error) { n, err := Int(data); return fmt.Sprint(n), err }
	untag := func(data []byte) (string, error) {
		n, content, tagged, err := Untag(data)
		return fmt.Sprintf("%d %x %v", n, content, tagged), err
	}
	const refused = "refused"
	for _, c := range []struct {
		name string
		read func([]byte) (string, error)
		hex  string
		want string
	}{
		{"elements", elements, "830141028163616263", "[01 4102 8163616263]"},
		{"elements of unknown number", elements, "9f01ff", "[01]"},
		{"no elements", elements, "80", "[]"},
		{"nested elements", elements, "82a101820203d8184100", "[a101820203 d8184100]"},
		{"elements in chunks", elements, "815f41014102ff", "[5f41014102ff]"},
		{"elements of a map", elements, "a0", refused},
		{"elements of a tagged array", elements, "c180", refused},
		{"elements and more", elements, "8000", refused},
		{"torn elements", elements, "8201", refused},
		{"pairs", pairs, "a2016161204101", "01=6161 20=4101"},
		{"pairs of unknown number", pairs, "bf0102ff", "01=02"},
		{"pairs with a key twice", pairs, "a201020103", refused},
		{"pairs with a key twice, once longer", pairs, "a20102180103", refused},
		{"pairs of an array", pairs, "80", refused},
		{"members", members, "a361610161620203f6", "a=01 b=02"},
		{"members with a name in chunks", members, "a17f61616162ff01", "ab=01"},
		{"members with a name not in its shortest form", members, "a1780161" + "01", "a=01"},
		{"members of text that is none", members, "a161ff01", refused},
		{"bytes", octets, "420102", "0102"},
		{"bytes in chunks", octets, "5f41014102ff", "0102"},
		{"no bytes", octets, "40", ""},
		{"bytes of text", octets, "6161", refused},
		{"bytes of null", octets, "f6", refused},
		{"bytes of numbers", octets, "820102", refused},
		{"tagged bytes", octets, "c24101", refused},
		{"bytes and more", octets, "410100", refused},
		{"text", text, "626162", "ab"},
		{"text of bytes", text, "426162", refused},
		{"unsigned", unsigned, "1bffffffffffffffff", "18446744073709551615"},
		{"unsigned in more bytes than needed", unsigned, "1900ff", "255"},
		{"unsigned below zero", unsigned, "20", refused},
		{"unsigned of a fraction", unsigned, "f93c00", refused},
		{"int", signed, "1b7fffffffffffffff", "9223372036854775807"},
		{"int below zero", signed, "3b7fffffffffffffff", "-9223372036854775808"},
		{"int that does not fit", signed, "1b8000000000000000", refused},
		{"int below that does not fit", signed, "3b8000000000000000", refused},
		{"int of text", signed, "6131", refused},
		{"a tag", untag, "d8184100", "24 4100 true"},
		{"a tag in a tag", untag, "c1c201", "1 c201 true"},
		{"no tag", untag, "4100", "0 4100 false"},
		{"a tag of nothing", untag, "c1", refused},
		{"nothing", untag, "", refused},
	} {
		got, err := c.read(fromHex(t, c.hex))
		if err != nil {
			got = refused
		}
		if got != c.want {
			t.Errorf("%s: got %q (%v), want %q", c.name, got, err, c.want)
		}
	}
}
