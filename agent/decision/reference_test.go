package decision

import (
	"strings"
	"testing"
)

const epoch = "00112233445566778899aabbccddeeff"

func TestReferenceIsReadBackAsPeopleWriteIt(t *testing.T) {
	for _, seq := range []uint64{1, 42, 9999, 10000, 1<<64 - 1} {
		ref := Reference(epoch, seq)
		for _, written := range []string{ref, strings.ToLower(ref), " " + ref + " ", strings.ReplaceAll(ref, "0", "o"), strings.ReplaceAll(ref, "1", "l")} {
			letters, got, ok := ParseReference(written)
			if !ok || got != seq || letters != ref[:3] {
				t.Errorf("ParseReference(%q) = %q, %d, %v; want seq %d", written, letters, got, ok, seq)
			}
		}
	}
}

func TestReferenceCatchesSlips(t *testing.T) {
	ref := Reference(epoch, 4711)
	for i := range len(ref) {
		if ref[i] == '-' {
			continue
		}
		for _, c := range []byte("0123456789") {
			if c == ref[i] || i >= len(ref)-1 && c == ref[i] {
				continue
			}
			slip := ref[:i] + string(c) + ref[i+1:]
			if _, _, ok := ParseReference(slip); ok {
				t.Errorf("ParseReference(%q) took a slip of %q", slip, ref)
			}
		}
	}
	for i := 4; i < 7; i++ {
		if ref[i] == ref[i+1] {
			continue
		}
		swapped := ref[:i] + string(ref[i+1]) + string(ref[i]) + ref[i+2:]
		if _, _, ok := ParseReference(swapped); ok {
			t.Errorf("ParseReference(%q) took swapped neighbours of %q", swapped, ref)
		}
	}
	for _, s := range []string{"", "-", "--", "7QK-42-A", "7QK-0042", "7QK-0042-", "7QK-00x2-A", "ZZZZ-0001-A", "7QK-99999999999999999999-A"} {
		if _, _, ok := ParseReference(s); ok {
			t.Errorf("ParseReference(%q) was taken", s)
		}
	}
}

func TestReferencesOfTwoEpochsDiffer(t *testing.T) {
	if a, b := Reference(epoch, 1), Reference("ff112233445566778899aabbccddeeff", 1); a == b {
		t.Errorf("two epochs share the reference %s", a)
	}
}
