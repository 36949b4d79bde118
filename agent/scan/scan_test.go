package scan

import (
	"bytes"
	"errors"
	"image"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/drivers/camera"
	"github.com/dzong-id/dzong/drivers/camera/cameratest"
)

// shown is a code on white, side pixels to a module, with its quiet zone.
func shown(code *Code, side int) *image.Gray {
	n := (code.Modules.Rect.Dx() + 8) * side
	out := image.NewGray(image.Rect(0, 0, n, n))
	for i := range out.Pix {
		out.Pix[i] = 255
	}
	for y := 4 * side; y < n-4*side; y++ {
		for x := 4 * side; x < n-4*side; x++ {
			out.Pix[y*n+x] = code.Modules.GrayAt(x/side-4, y/side-4).Y
		}
	}
	return out
}

func mustEncode(t testing.TB, payload []byte, level Level) *Code {
	t.Helper()
	code, err := Encode(payload, level)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func asFrame(t testing.TB, img *image.Gray, seq uint64, at time.Duration) *camera.Frame {
	t.Helper()
	f, err := camera.NewFrame(img.Pix, img.Rect.Dx(), img.Rect.Dy(), img.Stride, seq, at, nil)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func allBytes() []byte {
	out := make([]byte, 256)
	for i := range out {
		out[i] = byte(i)
	}
	return out
}

func TestCodesComeBackByteForByte(t *testing.T) {
	for name, payload := range map[string][]byte{
		"nothing":                    {},
		"one byte":                   {0},
		"every byte":                 allBytes(),
		"every byte backwards":       backwards(allBytes()),
		"digits":                     []byte("01234567890123"),
		"digits, one over":           []byte("0123456"),
		"digits, two over":           []byte("01234567"),
		"capitals":                   []byte("HELLO WORLD $%*+-./:"),
		"capitals, odd":              []byte("HELLO"),
		"spaces at both ends":        []byte("  BB8  "),
		"an SD-JWT":                  randomText(1, 600),
		"text in Dzongkha":           []byte("འབྲུག་ཡུལ"),
		"what looks like UTF-16":     {0xfe, 0xff, 0, 'a', 0, 'b'},
		"what looks like Shift JIS":  {0x83, 0x65, 0x83, 0x58, 0x83, 0x67},
		"what looks like Latin-1":    []byte("caf\xe9"),
		"what is no character set's": {0x80, 0x81, 0xff, 0xfe, 0},
		"a UTF-8 BOM":                []byte("\xef\xbb\xbfa"),
	} {
		for _, level := range []Level{L, M, Q, H} {
			p, err := Image(shown(mustEncode(t, payload, level), 4))
			if err != nil || !bytes.Equal(p.Bytes, payload) {
				t.Errorf("%s, level %c: %d bytes of %d, %v", name, level, len(p.Bytes), len(payload), err)
			}
		}
	}
}

func TestEveryVersionComesBack(t *testing.T) {
	for version := 1; version <= 40; version++ {
		text := randomText(uint64(version), 15)
		code, err := encode([]segment{{mode: modeByte, data: text}}, L, version)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Image(shown(code, 4))
		if err != nil || p.Version != version || !bytes.Equal(p.Bytes, text) {
			t.Errorf("version %d: %d, %v", version, p.Version, err)
		}
	}
}

func turned(img *image.Gray, f func(x, y, n int) (int, int)) *image.Gray {
	n := img.Rect.Dx()
	out := image.NewGray(img.Rect)
	for y := range n {
		for x := range n {
			sx, sy := f(x, y, n-1)
			out.Pix[y*out.Stride+x] = img.GrayAt(sx, sy).Y
		}
	}
	return out
}

func TestTurnedMirroredAndInvertedCodes(t *testing.T) {
	text := randomText(5, 200)
	code := mustEncode(t, text, L)
	upright := shown(code, 5)
	a, b := 20.0, float64(upright.Rect.Dx()-20)
	for name, c := range map[string]struct {
		f        func(x, y, n int) (int, int)
		first    Point // where the symbol's own top left is
		mirrored bool
	}{
		"upright":             {func(x, y, n int) (int, int) { return x, y }, Point{a, a}, false},
		"a quarter turn":      {func(x, y, n int) (int, int) { return y, n - x }, Point{b, a}, false},
		"a half turn":         {func(x, y, n int) (int, int) { return n - x, n - y }, Point{b, b}, false},
		"three quarters":      {func(x, y, n int) (int, int) { return n - y, x }, Point{a, b}, false},
		"mirrored":            {func(x, y, n int) (int, int) { return n - x, y }, Point{b, a}, true},
		"mirrored and turned": {func(x, y, n int) (int, int) { return y, x }, Point{a, a}, true},
	} {
		img := turned(upright, c.f)
		p, err := picture{img.Pix, img.Rect.Dx(), img.Rect.Dy()}.read(quick)
		if err != nil || !bytes.Equal(p.Bytes, text) || p.Mirrored != c.mirrored {
			t.Errorf("%s: mirrored %v, %v", name, p.Mirrored, err)
			continue
		}
		if d := math.Hypot(p.Corners[0].X-c.first.X, p.Corners[0].Y-c.first.Y); d > 2 {
			t.Errorf("%s: the first corner is %.1f pixels off: %v", name, d, p.Corners)
		}
		// Clockwise with y downwards: a positive area.
		var area float64
		for i, q := range p.Corners {
			r := p.Corners[(i+1)%4]
			area += q.X*r.Y - r.X*q.Y
		}
		if side := b - a; math.Abs(area/2-side*side) > 0.03*side*side {
			t.Errorf("%s: the corners enclose %.0f, want %.0f clockwise", name, area/2, side*side)
		}
	}
	negative := shown(code, 5)
	for i := range negative.Pix {
		negative.Pix[i] ^= 0xff
	}
	if p, err := Image(negative); err != nil || !bytes.Equal(p.Bytes, text) {
		t.Errorf("light on dark: %v", err)
	}
}

func TestPhotographsAreRead(t *testing.T) {
	// One sequence per version: the measurement over many is TestMeasureReading.
	for _, version := range []int{5, 10, 15, 20} {
		text := randomText(uint64(version), capacity[version])
		code := mustEncode(t, text, L)
		if code.Version != version {
			t.Fatalf("%d bytes make version %d", len(text), code.Version)
		}
		shots := cameratest.Photograph(code.Modules, 11, cameratest.Handheld())
		read := 0
		for i, shot := range shots[2:8] {
			img, err := shot.Load()
			if err != nil {
				t.Fatal(err)
			}
			p, err := picture{img.Pix, 1280, 720}.read(quick)
			if err != nil {
				continue
			}
			read++
			if !bytes.Equal(p.Bytes, text) {
				t.Fatalf("version %d, picture %d: read something else", version, i)
			}
			for k, want := range shot.Corners {
				if d := math.Hypot(p.Corners[k].X-want[0], p.Corners[k].Y-want[1]); d > 5 {
					t.Errorf("version %d, picture %d: corner %d is %.1f pixels off", version, i, k, d)
				}
			}
		}
		if read < 4 {
			t.Errorf("version %d: %d of 6 pictures read", version, read)
		}
	}
}

func TestTinyPicturesAreHarmless(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {1, 500}, {500, 1}, {2, 2}, {7, 9}, {39, 41}, {40, 40}, {41, 39}} {
		for _, fill := range []byte{0, 128, 255} {
			img := image.NewGray(image.Rect(0, 0, size[0], size[1]))
			for i := range img.Pix {
				img.Pix[i] = fill
			}
			if _, err := Image(img); !errors.Is(err, errNotFound) {
				t.Errorf("%v of %d: %v", size, fill, err)
			}
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		n     int
		level Level
		ok    bool
	}{
		"the most at L":        {2953, L, true},
		"one more":             {2954, L, false},
		"the most at H":        {1273, H, true},
		"one more at H":        {1274, H, false},
		"far too much":         {1 << 20, L, false},
		"a level nobody knows": {1, 'X', false},
	} {
		if _, err := Encode(bytes.Repeat([]byte("a"), c.n), c.level); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	if code := mustEncode(t, []byte(strings.Repeat("A", 4296)), L); code.Version != 40 {
		t.Errorf("4296 capitals make version %d", code.Version)
	}
}

// FuzzPicture lets the fuzzer draw: nothing in a picture may stop the reader.
func FuzzPicture(f *testing.F) {
	f.Add(shown(mustEncode(f, []byte("a"), L), 2).Pix, uint16(58))
	f.Add([]byte{0, 255, 0, 255}, uint16(2))
	f.Fuzz(func(t *testing.T, pix []byte, width uint16) {
		w := int(width)
		if w == 0 || len(pix) < w || len(pix) > 1<<16 {
			return
		}
		h := len(pix) / w
		for _, e := range []effort{quick, inverted, global} {
			p, err := picture{slices.Clone(pix[:w*h]), w, h}.read(e)
			if err == nil && (p.Version < 1 || p.Version > 40) {
				t.Fatal(p)
			}
			if err != nil && strings.Contains(err.Error(), "stopped") {
				t.Logf("recovered: %v", err)
			}
		}
	})
}

func backwards(b []byte) []byte {
	slices.Reverse(b)
	return b
}
