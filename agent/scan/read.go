package scan

import (
	"errors"
	"fmt"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/common/reedsolomon"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/detector"
)

// Point is a place in a picture: pixels from its top left, the pixel (0, 0)
// reaching from 0 to 1.
type Point struct{ X, Y float64 }

// Payload is what one code holds.
type Payload struct {
	// Bytes is the content, byte for byte.
	Bytes []byte
	// Version is 1 to 40: the code has 17 + 4·Version modules to a side.
	Version int
	// Corners are the symbol's outer corners without the quiet zone, clockwise in
	// the picture, the first where the symbol's own top left is. A mirrored code
	// is given clockwise too: its own top right then comes last.
	Corners [4]Point
	// Mirrored reports that the picture shows the code from behind.
	Mirrored bool
}

var errNotFound = errors.New("no code in the picture")

// errUnread is a code that was found and could not be read.
var errUnread = errors.New("a code is in the picture and cannot be read")

// picture is a luma plane without gaps between its rows.
type picture struct {
	luma          []byte
	width, height int
}

// effort says how much is tried on one picture.
type effort int

const (
	quick    effort = iota // local thresholds, dark on light
	inverted               // the same, light on dark
	global                 // one threshold for all: low contrast, even light
	thorough               // each of them, looking at every third row
)

// read finds and reads one code. The error is errNotFound, errUnread, or a
// fault inside the library turned into an error: outside bytes must not stop
// the kiosk.
func (p picture) read(e effort) (payload Payload, err error) {
	defer func() {
		if r := recover(); r != nil {
			payload, err = Payload{}, fmt.Errorf("read code: the decoder stopped: %v", r)
		}
	}()
	source, err := gozxing.NewPlanarYUVLuminanceSource(p.luma, p.width, p.height, 0, 0, p.width, p.height, false)
	if err != nil {
		return Payload{}, fmt.Errorf("read code: %w", err)
	}
	err = errNotFound
	attempt := func(newBinarizer func(gozxing.LuminanceSource) gozxing.Binarizer, invert ...bool) bool {
		bits, e2 := newBinarizer(source).GetBlackMatrix()
		if e2 != nil {
			return false // no contrast at all
		}
		for _, flip := range invert {
			if flip {
				bits.FlipAll()
			}
			found, e2 := readBits(bits)
			if e2 == nil {
				payload, err = found, nil
				return true
			}
			if err == errNotFound {
				err = e2
			}
		}
		return false
	}
	switch e {
	case quick:
		attempt(gozxing.NewHybridBinarizer, false)
	case inverted:
		attempt(gozxing.NewHybridBinarizer, true)
	case global:
		attempt(gozxing.NewGlobalHistgramBinarizer, false)
	default:
		if !attempt(gozxing.NewHybridBinarizer, false, true) {
			attempt(gozxing.NewGlobalHistgramBinarizer, false, true)
		}
	}
	return payload, err
}

// readBits finds and reads one code in a black and white picture.
func readBits(image *gozxing.BitMatrix) (Payload, error) {
	seen := false
	for _, c := range locate(image) {
		payload, err := c.read()
		if err == nil {
			return payload, nil
		}
		seen = seen || err == errUnread
	}
	if seen {
		return Payload{}, errUnread
	}
	return Payload{}, errNotFound
}

// read samples and decodes a candidate. The library measures the module along
// the sides, which is the better estimate of the size; where it is one version
// off, the neighbours are tried. Each try costs one sampling of the grid and
// ends at once where the version block disagrees.
func (c candidate) read() (Payload, error) {
	seen, measured := false, 0
	try := func(bits *gozxing.BitMatrix, alignment *detector.AlignmentPattern) (Payload, bool) {
		payload, err := c.decode(bits, alignment)
		seen = seen || err != nil && timed(bits)
		return payload, err == nil
	}
	library, e := detector.NewDetector(c.image).ProcessFinderPatternInfo(detector.NewFinderPatternInfo(c.bl, c.tl, c.tr))
	if e == nil {
		measured = library.GetBits().GetHeight()
	}
	for i, dimension := range c.dimensions(measured) {
		if i > 0 && seen {
			break // the size is right where the timing patterns are
		}
		bits, alignment, err := c.sample(dimension)
		if err == nil {
			if payload, ok := try(bits, alignment); ok {
				return payload, nil
			}
		}
		if i > 0 || e != nil {
			continue
		}
		// The library's own idea of the fourth corner.
		var other *detector.AlignmentPattern
		if points := library.GetPoints(); len(points) > 3 {
			other, _ = points[3].(*detector.AlignmentPattern)
		}
		if payload, ok := try(library.GetBits(), other); ok {
			return payload, nil
		}
	}
	if seen {
		return Payload{}, errUnread
	}
	return Payload{}, errNotFound
}

// decode corrects and reads a sampled grid, and once more as a mirror image.
func (c candidate) decode(bits *gozxing.BitMatrix, alignment *detector.AlignmentPattern) (Payload, error) {
	parser, err := decoder.NewBitMatrixParser(bits)
	if err != nil {
		return Payload{}, err
	}
	payload, err := readSymbol(parser)
	if err != nil {
		parser.Remask()
		parser.SetMirror(true)
		if _, e := parser.ReadVersion(); e != nil {
			return Payload{}, err
		}
		if _, e := parser.ReadFormatInformation(); e != nil {
			return Payload{}, err
		}
		parser.Mirror()
		mirrored, e := readSymbol(parser)
		if e != nil {
			parser.Remask()
			parser.Mirror() // as it was, for whoever looks at the grid next
			return Payload{}, err
		}
		mirrored.Mirrored = true
		payload = mirrored
	}
	payload.Corners = c.corners(bits.GetHeight(), alignment)
	return payload, nil
}

// readSymbol is ISO/IEC 18004 §12 from the format information on: version,
// codewords, error correction, content.
func readSymbol(parser *decoder.BitMatrixParser) (Payload, error) {
	version, err := parser.ReadVersion()
	if err != nil {
		return Payload{}, err
	}
	format, err := parser.ReadFormatInformation()
	if err != nil {
		return Payload{}, err
	}
	raw, err := parser.ReadCodewords()
	if err != nil {
		return Payload{}, err
	}
	blocks, err := decoder.DataBlock_GetDataBlocks(raw, version, format.GetErrorCorrectionLevel())
	if err != nil {
		return Payload{}, err
	}
	correct := reedsolomon.NewReedSolomonDecoder(reedsolomon.GenericGF_QR_CODE_FIELD_256)
	data := make([]byte, 0, len(raw))
	var ints []int
	for _, block := range blocks {
		ints = ints[:0]
		for _, b := range block.GetCodewords() {
			ints = append(ints, int(b))
		}
		n := block.GetNumDataCodewords()
		if e := correct.Decode(ints, len(ints)-n); e != nil {
			return Payload{}, e
		}
		for _, v := range ints[:n] {
			data = append(data, byte(v))
		}
	}
	text, err := content(data, version.GetVersionNumber())
	if err != nil {
		return Payload{}, err
	}
	return Payload{Bytes: text, Version: version.GetVersionNumber()}, nil
}
