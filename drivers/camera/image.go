package camera

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
)

// ErrImage is an image file that is neither PNG nor JPEG, or has too many
// pixels.
var ErrImage = errors.New("camera: not an image this package opens")

// DecodeLuma opens a PNG or JPEG file and gives its luma. The file's own header
// is read first: more than maxPixels (at most MaxPixels; 0 means MaxPixels) is
// refused before a pixel is allocated. A JPEG's luma is the file's own Y plane;
// colours are weighted as in BT.601, and what is transparent counts as white,
// as it would look on paper.
func DecodeLuma(file []byte, maxPixels int) (*image.Gray, error) {
	if maxPixels <= 0 || maxPixels > MaxPixels {
		maxPixels = MaxPixels
	}
	config, decode := jpeg.DecodeConfig, jpeg.Decode
	switch {
	case bytes.HasPrefix(file, []byte("\x89PNG\r\n\x1a\n")):
		config, decode = png.DecodeConfig, png.Decode
	case bytes.HasPrefix(file, []byte("\xff\xd8\xff")):
	default:
		return nil, fmt.Errorf("%w: neither PNG nor JPEG", ErrImage)
	}
	c, err := config(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("%w: read its header: %w", ErrImage, err)
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width > maxPixels/c.Height {
		return nil, fmt.Errorf("%w: %d×%d pixels, at most %d in all are opened", ErrImage, c.Width, c.Height, maxPixels)
	}
	img, err := decode(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("%w: decode: %w", ErrImage, err)
	}
	return luma(img), nil
}

// luma takes the plane that is there, where there is one, and makes one
// otherwise.
func luma(img image.Image) *image.Gray {
	switch m := img.(type) {
	case *image.Gray:
		return m
	case *image.YCbCr:
		return &image.Gray{Pix: m.Y, Stride: m.YStride, Rect: m.Rect.Sub(m.Rect.Min)}
	}
	b := img.Bounds()
	out := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	var table []byte
	paletted, isPaletted := img.(*image.Paletted)
	if isPaletted {
		table = make([]byte, 256)
		for i, c := range paletted.Palette {
			table[i] = gray(c.RGBA())
		}
	}
	for y := range b.Dy() {
		row := out.Pix[y*out.Stride:][:b.Dx()]
		switch m := img.(type) {
		case *image.Paletted:
			for x, i := range m.Pix[y*m.Stride:][:len(row)] {
				row[x] = table[i]
			}
		case *image.NRGBA:
			pix := m.Pix[y*m.Stride:]
			for x := range row {
				row[x] = gray(color.NRGBA{pix[4*x], pix[4*x+1], pix[4*x+2], pix[4*x+3]}.RGBA())
			}
		case *image.RGBA:
			pix := m.Pix[y*m.Stride:]
			for x := range row {
				row[x] = gray(color.RGBA{pix[4*x], pix[4*x+1], pix[4*x+2], pix[4*x+3]}.RGBA())
			}
		default:
			for x := range row {
				row[x] = gray(img.At(b.Min.X+x, b.Min.Y+y).RGBA())
			}
		}
	}
	return out
}

// gray weighs 16-bit premultiplied colour over white.
func gray(r, g, b, a uint32) byte {
	white := 0xffff - a
	return byte((19595*(r+white) + 38470*(g+white) + 7471*(b+white) + 1<<15) >> 24)
}
