package scan

import (
	"errors"

	"github.com/makiuchi-d/gozxing/common"
)

// errBits is a bit stream that breaks its own rules although its checksums
// hold: an encoder's mistake.
var errBits = errors.New("the code's bit stream is not well formed")

// Mode indicators, ISO/IEC 18004:2015 table 2.
const (
	modeTerminator       = 0x0
	modeNumeric          = 0x1
	modeAlphanumeric     = 0x2
	modeStructuredAppend = 0x3
	modeByte             = 0x4
	modeFNC1First        = 0x5
	modeECI              = 0x7
	modeKanji            = 0x8
	modeFNC1Second       = 0x9
	modeHanzi            = 0xd
)

const alphanumerics = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// bitReader reads the corrected data codewords from the most significant bit.
type bitReader struct {
	data []byte
	at   int // in bits
}

func (b *bitReader) left() int { return 8*len(b.data) - b.at }

// read gives n bits, n at most 24, and false if there are not so many.
func (b *bitReader) read(n int) (int, bool) {
	if n > b.left() {
		return 0, false
	}
	v := 0
	for range n {
		v = v<<1 | int(b.data[b.at/8]>>(7-b.at%8)&1)
		b.at++
	}
	return v, true
}

// countBits is the width of a segment's character count, table 3.
func countBits(mode, version int) int {
	size := 0
	if version >= 27 {
		size = 2
	} else if version >= 10 {
		size = 1
	}
	switch mode {
	case modeNumeric:
		return [3]int{10, 12, 14}[size]
	case modeAlphanumeric:
		return [3]int{9, 11, 13}[size]
	case modeByte:
		return [3]int{8, 16, 16}[size]
	default: // Kanji, Hanzi
		return [3]int{8, 10, 12}[size]
	}
}

// content gives what a symbol's corrected data codewords hold. Digits and
// capitals are their ASCII, byte segments are their bytes whatever character set
// an ECI names for them, and the Kanji and Hanzi modes, which hold characters
// and no bytes, are UTF-8.
func content(codewords []byte, version int) ([]byte, error) {
	bits := &bitReader{data: codewords}
	out := make([]byte, 0, len(codewords)*5/3)
	fnc1 := false
	for {
		mode, ok := bits.read(4)
		if !ok {
			return out, nil // a full symbol may leave the terminator out, §7.4.9
		}
		switch mode {
		case modeTerminator:
			return out, nil
		case modeStructuredAppend:
			_, ok = bits.read(16) // position and parity, §8: this package assembles no parts
		case modeECI:
			ok = skipECI(bits)
		case modeFNC1First:
			fnc1 = true
		case modeFNC1Second:
			fnc1 = true
			_, ok = bits.read(8) // the application indicator, §7.4.8.3
		case modeHanzi:
			var subset, count int
			if subset, ok = bits.read(4); ok && subset == 1 {
				if count, ok = bits.read(countBits(mode, version)); ok {
					out, ok = doubleByte(bits, out, mode, count)
				}
			} else {
				ok = false
			}
		case modeNumeric, modeAlphanumeric, modeByte, modeKanji:
			var count int
			if count, ok = bits.read(countBits(mode, version)); !ok {
				break
			}
			switch mode {
			case modeNumeric:
				out, ok = numeric(bits, out, count)
			case modeAlphanumeric:
				out, ok = alphanumeric(bits, out, count, fnc1)
			case modeByte:
				out, ok = bytesOf(bits, out, count)
			case modeKanji:
				out, ok = doubleByte(bits, out, mode, count)
			}
		default:
			ok = false
		}
		if !ok {
			return nil, errBits
		}
	}
}

// skipECI steps over a designator of one to three bytes, §7.4.2.2. Which
// character set it names changes no byte.
func skipECI(bits *bitReader) bool {
	first, ok := bits.read(8)
	switch {
	case !ok:
		return false
	case first&0x80 == 0:
		return true
	case first&0xc0 == 0x80:
		_, ok = bits.read(8)
	case first&0xe0 == 0xc0:
		_, ok = bits.read(16)
	default:
		return false
	}
	return ok
}

func numeric(bits *bitReader, out []byte, count int) ([]byte, bool) {
	for count > 0 {
		n := min(count, 3)
		v, ok := bits.read([4]int{0, 4, 7, 10}[n])
		if !ok || v >= [4]int{0, 10, 100, 1000}[n] {
			return out, false
		}
		for unit := [4]int{0, 1, 10, 100}[n]; unit > 0; unit /= 10 {
			out = append(out, byte('0'+v/unit%10))
		}
		count -= n
	}
	return out, true
}

func alphanumeric(bits *bitReader, out []byte, count int, fnc1 bool) ([]byte, bool) {
	start := len(out)
	for count > 0 {
		if count == 1 {
			v, ok := bits.read(6)
			if !ok || v >= 45 {
				return out, false
			}
			out = append(out, alphanumerics[v])
			break
		}
		v, ok := bits.read(11)
		if !ok || v >= 45*45 {
			return out, false
		}
		out = append(out, alphanumerics[v/45], alphanumerics[v%45])
		count -= 2
	}
	if !fnc1 {
		return out, true
	}
	// §7.4.8.2: under FNC1 "%%" is a percent sign and "%" the separator GS.
	kept := out[:start]
	for i := start; i < len(out); i++ {
		c := out[i]
		if c == '%' {
			if i+1 < len(out) && out[i+1] == '%' {
				i++
			} else {
				c = 0x1d
			}
		}
		kept = append(kept, c)
	}
	return kept, true
}

func bytesOf(bits *bitReader, out []byte, count int) ([]byte, bool) {
	if 8*count > bits.left() {
		return out, false
	}
	for range count {
		v, _ := bits.read(8)
		out = append(out, byte(v))
	}
	return out, true
}

// doubleByte reads Kanji (§7.4.6) or Hanzi (GB/T 18284) characters.
func doubleByte(bits *bitReader, out []byte, mode, count int) ([]byte, bool) {
	if 13*count > bits.left() {
		return out, false
	}
	raw := make([]byte, 0, 2*count)
	for range count {
		v, _ := bits.read(13)
		if mode == modeKanji {
			v = v/0xc0<<8 | v%0xc0
			if v < 0x1f00 {
				v += 0x8140
			} else {
				v += 0xc140
			}
		} else {
			v = v/0x60<<8 | v%0x60
			if v < 0x0a00 {
				v += 0xa1a1
			} else {
				v += 0xa6a1
			}
		}
		raw = append(raw, byte(v>>8), byte(v))
	}
	charset := common.StringUtils_SHIFT_JIS_CHARSET
	if mode == modeHanzi {
		charset = common.StringUtils_GB2312_CHARSET
	}
	text, err := charset.NewDecoder().Bytes(raw)
	return append(out, text...), err == nil
}
