package scan

import (
	"fmt"
	"image"
	"math"
	"strings"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/common/reedsolomon"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"
)

// Level is how much of a code may be damaged: about 7, 15, 25 and 30 %.
type Level byte

const (
	L Level = 'L'
	M Level = 'M'
	Q Level = 'Q'
	H Level = 'H'
)

// Code is a QR code as it is shown.
type Code struct {
	Version int
	Level   Level
	// Modules has one pixel per module, 0 dark and 255 light, without a quiet
	// zone: whoever shows it leaves four modules free around it.
	Modules *image.Gray
}

// Encode makes the smallest code that holds payload at the given level. Digits
// and capitals (base45 text) take the modes that are made for them; everything
// else is bytes, exactly, without a character set named. The error says by how
// much a payload is too long for version 40.
func Encode(payload []byte, level Level) (*Code, error) {
	return encode([]segment{{mode: modeFor(payload), data: payload}}, level, 1)
}

// segment is a run of payload in one mode.
type segment struct {
	mode int
	data []byte
}

func modeFor(payload []byte) int {
	mode := modeNumeric
	for _, c := range payload {
		switch {
		case c >= '0' && c <= '9':
		case strings.IndexByte(alphanumerics, c) >= 0:
			mode = modeAlphanumeric
		default:
			return modeByte
		}
	}
	if len(payload) == 0 {
		return modeByte
	}
	return mode
}

// encode builds the code from segments, at least of the given version.
func encode(segments []segment, level Level, least int) (*Code, error) {
	ec, err := decoder.ErrorCorrectionLevel_ValueOf(string(rune(level)))
	if err != nil {
		return nil, fmt.Errorf("encode QR code: level %q is none of L, M, Q, H", rune(level))
	}
	for number := least; number <= 40; number++ {
		version, err := decoder.Version_GetVersionForNumber(number)
		if err != nil {
			return nil, fmt.Errorf("encode QR code: %w", err)
		}
		blocks := version.GetECBlocksForLevel(ec)
		room := version.GetTotalCodewords() - blocks.GetTotalECCodewords()
		data, ok := dataCodewords(segments, number, room)
		if !ok {
			continue
		}
		modules, err := place(data, version, ec)
		if err != nil {
			return nil, fmt.Errorf("encode QR code: %w", err)
		}
		return &Code{Version: number, Level: level, Modules: modules}, nil
	}
	return nil, fmt.Errorf("encode QR code: the payload is too long for version 40 at level %c: leave something out", level)
}

// bitWriter appends bits, the most significant first.
type bitWriter struct {
	data []byte
	n    int
}

func (w *bitWriter) write(v, n int) {
	for i := n - 1; i >= 0; i-- {
		if w.n%8 == 0 {
			w.data = append(w.data, 0)
		}
		w.data[w.n/8] |= byte(v>>i&1) << (7 - w.n%8)
		w.n++
	}
}

// dataCodewords is the bit stream of ISO/IEC 18004 §7.4, terminated and padded,
// and false if it does not fit.
func dataCodewords(segments []segment, version, room int) ([]byte, bool) {
	w := &bitWriter{data: make([]byte, 0, room)}
	for _, s := range segments {
		w.write(s.mode, 4)
		if s.mode == modeECI {
			w.write(int(s.data[0]), 8)
			continue
		}
		width := countBits(s.mode, version)
		count := len(s.data)
		if s.mode == modeKanji {
			count /= 2
		}
		if count >= 1<<width || len(s.data)*10/3 > 8*room {
			return nil, false
		}
		w.write(count, width)
		writeSegment(w, s)
	}
	if w.n > 8*room {
		return nil, false
	}
	w.write(modeTerminator, min(4, 8*room-w.n))
	w.write(0, (8-w.n%8)%8)
	for pad := 0xec; len(w.data) < room; pad ^= 0xec ^ 0x11 {
		w.write(pad, 8)
	}
	return w.data, true
}

func writeSegment(w *bitWriter, s segment) {
	switch s.mode {
	case modeNumeric:
		for i := 0; i < len(s.data); i += 3 {
			v, group := 0, s.data[i:min(i+3, len(s.data))]
			for _, c := range group {
				v = 10*v + int(c-'0')
			}
			w.write(v, [4]int{0, 4, 7, 10}[len(group)])
		}
	case modeAlphanumeric:
		for i := 0; i < len(s.data); i += 2 {
			v := strings.IndexByte(alphanumerics, s.data[i])
			if i+1 == len(s.data) {
				w.write(v, 6)
				break
			}
			w.write(45*v+strings.IndexByte(alphanumerics, s.data[i+1]), 11)
		}
	case modeKanji: // data is Shift JIS
		for i := 0; i+1 < len(s.data); i += 2 {
			v := int(s.data[i])<<8 | int(s.data[i+1])
			if v >= 0xe040 {
				v -= 0xc140
			} else {
				v -= 0x8140
			}
			w.write(v>>8*0xc0+v&0xff, 13)
		}
	default:
		for _, c := range s.data {
			w.write(int(c), 8)
		}
	}
}

// place adds error correction (§7.5), interleaves (§7.6), and chooses the mask
// that disturbs a reader least (§7.8).
func place(data []byte, version *decoder.Version, ec decoder.ErrorCorrectionLevel) (*image.Gray, error) {
	blocks := version.GetECBlocksForLevel(ec)
	parity := blocks.GetECCodewordsPerBlock()
	rs := reedsolomon.NewReedSolomonEncoder(reedsolomon.GenericGF_QR_CODE_FIELD_256)
	var all [][]int
	longest := 0
	for _, group := range blocks.GetECBlocks() {
		for range group.GetCount() {
			n := group.GetDataCodewords()
			block := make([]int, n+parity)
			for i, b := range data[:n] {
				block[i] = int(b)
			}
			data = data[n:]
			if err := rs.Encode(block, parity); err != nil {
				return nil, err
			}
			all = append(all, block)
			longest = max(longest, n)
		}
	}
	bits := gozxing.NewEmptyBitArray()
	for i := range longest {
		for _, block := range all {
			if i < len(block)-parity {
				_ = bits.AppendBits(block[i], 8) // fails only for more than 32 bits
			}
		}
	}
	for i := range parity {
		for _, block := range all {
			_ = bits.AppendBits(block[len(block)-parity+i], 8)
		}
	}

	side := version.GetDimensionForVersion()
	matrix := encoder.NewByteMatrix(side, side)
	best, least := 0, math.MaxInt
	for mask := range encoder.QRCode_NUM_MASK_PATERNS {
		if err := encoder.MatrixUtil_buildMatrix(bits, ec, version, mask, matrix); err != nil {
			return nil, err
		}
		penalty := encoder.MaskUtil_applyMaskPenaltyRule1(matrix) + encoder.MaskUtil_applyMaskPenaltyRule2(matrix) +
			encoder.MaskUtil_applyMaskPenaltyRule3(matrix) + encoder.MaskUtil_applyMaskPenaltyRule4(matrix)
		if penalty < least {
			best, least = mask, penalty
		}
	}
	if err := encoder.MatrixUtil_buildMatrix(bits, ec, version, best, matrix); err != nil {
		return nil, err
	}
	modules := image.NewGray(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			if matrix.Get(x, y) != 1 {
				modules.Pix[y*modules.Stride+x] = 255
			}
		}
	}
	return modules, nil
}
