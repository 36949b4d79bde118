package mutate

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
)

// byteChanges know nothing of what they change.
func byteChanges() []inner {
	return []inner{
		{"bit flipped", anything, false, func(r *rand.Rand, d []byte) ([]byte, string, bool) {
			at, bit := r.IntN(len(d)), r.IntN(8)
			d[at] ^= 1 << bit
			return d, fmt.Sprintf("bit %d of byte %d of %d", bit, at, len(d)), true
		}},
		{"byte changed", anything, false, func(r *rand.Rand, d []byte) ([]byte, string, bool) {
			at := r.IntN(len(d))
			d[at] = pick(r, 0, 0xff, '"', '~', '.', ' ', '\n', byte(r.IntN(256)), d[r.IntN(len(d))])
			return d, fmt.Sprintf("byte %d of %d", at, len(d)), true
		}},
		{"bytes cut", anything, false, func(r *rand.Rand, d []byte) ([]byte, string, bool) {
			from := r.IntN(len(d))
			n := min(1+r.IntN(1+r.IntN(32)), len(d)-from)
			if r.IntN(4) == 0 {
				n = len(d) - from
			}
			return slices.Delete(d, from, from+n), fmt.Sprintf("%d bytes out at %d of %d", n, from, len(d)), true
		}},
		{"bytes added", anything, false, func(r *rand.Rand, d []byte) ([]byte, string, bool) {
			at := pick(r, 0, len(d), r.IntN(len(d)))
			from := r.IntN(len(d))
			more := bytes.Clone(d[from:min(from+1+r.IntN(16), len(d))])
			if r.IntN(2) == 0 {
				more = binary.LittleEndian.AppendUint32(nil, r.Uint32())[:1+r.IntN(4)]
			}
			return slices.Insert(d, at, more...), fmt.Sprintf("%d bytes in at %d of %d", len(more), at, len(d)), true
		}},
		{"bytes swapped", anything, false, func(r *rand.Rand, d []byte) ([]byte, string, bool) {
			n := 1 + r.IntN(8)
			if len(d) < 2*n {
				return nil, "", false
			}
			a := r.IntN(len(d) - 2*n + 1)
			b := a + n + r.IntN(len(d)-a-2*n+1)
			for i := range n {
				d[a+i], d[b+i] = d[b+i], d[a+i]
			}
			return d, fmt.Sprintf("%d bytes at %d and %d of %d", n, a, b, len(d)), true
		}},
	}
}

// textChanges write the same bytes another way, or nearly.
func textChanges() []inner {
	return []inner{{"text spelling", text, false, func(r *rand.Rand, d []byte) ([]byte, string, bool) {
		at := r.IntN(len(d))
		switch r.IntN(7) {
		case 0:
			space := pick(r, " ", "\n", "\t", "\r\n", "\x00", "\u00a0", "\ufeff")
			at = pick(r, 0, at, len(d))
			return slices.Insert(d, at, []byte(space)...), fmt.Sprintf("white space at %d of %d", at, len(d)), true
		case 1: // padding behind a segment
			ends := positions(d, ".~")
			at = pick(r, append(ends, len(d))...)
			return slices.Insert(d, at, []byte(strings.Repeat("=", 1+r.IntN(2)))...), fmt.Sprintf("padding at %d", at), true
		case 2: // the bits behind the last byte, where base64 has any
			ends := append(positions(d, ".~"), len(d))
			if at = pick(r, ends...) - 1; at < 0 || (at+1)%4 == 0 {
				return nil, "", false
			}
			i := strings.IndexByte(alphabet, d[at])
			if i < 0 {
				return nil, "", false
			}
			d[at] = alphabet[i^(1+r.IntN(3))]
			return d, fmt.Sprintf("trailing bits at %d", at), true
		case 3: // the other alphabet
			if i := bytes.IndexAny(d, "-_"); i >= 0 {
				d[i] = map[byte]byte{'-': '+', '_': '/'}[d[i]]
				return d, fmt.Sprintf("alphabet at %d", i), true
			}
			return nil, "", false
		case 4: // another case
			c := rune(d[at])
			d[at] = byte(pick(r, unicode.ToLower(c), unicode.ToUpper(c)))
			return d, fmt.Sprintf("case at %d", at), true
		case 5:
			return append(d, pick(r, ".", "~", "..", "~~", "/", ":")...), "a separator at the end", true
		default: // a segment decoded once more than it should be
			parts := strings.Split(string(d), ".")
			i := r.IntN(len(parts))
			raw, err := base64.RawURLEncoding.DecodeString(parts[i])
			if err != nil {
				return nil, "", false
			}
			parts[i] = string(raw)
			return []byte(strings.Join(parts, ".")), fmt.Sprintf("segment %d decoded", i), true
		}
	}}}
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

func positions(d []byte, of string) []int {
	var out []int
	for i, c := range d {
		if strings.IndexByte(of, c) >= 0 {
			out = append(out, i)
		}
	}
	return out
}

// packedChanges compress the same contents in another way, or claim to.
func packedChanges() []inner {
	return []inner{{"packed again", packed, false, func(r *rand.Rand, d []byte) ([]byte, string, bool) {
		inner, ok := unpack(d)
		if !ok {
			return nil, "", false
		}
		switch r.IntN(7) {
		case 0:
			level := pick(r, 0, 1, 9)
			return compress(inner, level), fmt.Sprintf("level %d", level), true
		case 1:
			return append(d, byte(r.IntN(256))), "a byte behind the stream", true
		case 2:
			return append(d, d...), "the stream twice", true
		case 3:
			d[len(d)-1-r.IntN(4)] ^= byte(1 + r.IntN(255))
			return d, "its checksum", true
		case 4:
			return deflate(inner), "without zlib's head", true
		case 5:
			return compress(d, 6), "compressed twice", true
		default:
			return d[:len(d)-4], "without its checksum", true
		}
	}}}
}
