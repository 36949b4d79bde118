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
		"a Hanzi character":           {stream(modeHanzi, 4, 1, 4, 1, 8, (0xb0-0xa6)*0x60+(0xa1-0xa1), 13), "啊"},
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

func TestScannerReportsOnce(t *testing.T) {
	first, second := shown(mustEncode(t, []byte("first"), M), 4), shown(mustEncode(t, []byte("second"), M), 4)
	blank := image.NewGray(first.Rect)
	s := New(Options{Absent: time.Second})
	var seq uint64
	at := func(ms int, img *image.Gray) Sighting {
		t.Helper()
		seq++
		f := asFrame(t, img, seq, time.Duration(ms)*time.Millisecond)
		out, err := s.Scan(f)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	expect := func(name string, got Sighting, payload string, inView bool) {
		t.Helper()
		var text string
		for _, p := range got.Payloads {
			text += string(p.Bytes)
		}
		if text != payload || got.InView != inView || got.Unreadable {
			t.Errorf("%s: %q, in view %v; want %q, %v", name, text, got.InView, payload, inView)
		}
	}
	expect("nothing yet", at(0, blank), "", false)
	expect("it appears", at(100, first), "first", true)
	expect("it stays", at(200, first), "", true)
	expect("a bad frame", at(900, blank), "", false)
	expect("it is back before it was gone", at(1100, first), "", true)
	expect("another joins", at(1200, second), "second", true)
	expect("by turns", at(1300, first), "", true)
	expect("by turns", at(1400, second), "", true)
	expect("gone", at(2200, blank), "", false)
	expect("the second was seen a while ago", at(2399, second), "", true)
	expect("the first is new again", at(2400, first), "first", true)
	expect("the source began again", at(5, first), "", true)
	expect("and time goes on", at(900, first), "", true)
	expect("long gone", at(2000, blank), "", false)
	expect("new again", at(2001, first), "first", true)
}

func TestScannerReportsWhatCannotBeRead(t *testing.T) {
	code := mustEncode(t, randomText(3, 300), L)
	look := cameratest.Clean()
	look.Torn, look.Frames = true, 40
	shots := cameratest.Photograph(code.Modules, 3, look)
	s := New(Options{Unreadable: time.Second})
	reports, located := 0, 0
	for i, shot := range shots {
		img, err := shot.Load()
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Scan(asFrame(t, img, uint64(i), shot.At))
		if err != nil || got.InView || len(got.Payloads) > 0 {
			t.Fatalf("picture %d: %+v, %v", i, got, err)
		}
		if got.Located {
			located++
		}
		if got.Unreadable {
			reports++
			if shot.At < time.Second {
				t.Errorf("reported after %v", shot.At)
			}
		}
	}
	if reports != 1 || located < len(shots)/2 {
		t.Errorf("%d reports, located in %d of %d pictures", reports, located, len(shots))
	}
}

func TestNoCodeIsSeenWhereThereIsNone(t *testing.T) {
	s := New(Options{})
	look := cameratest.Handheld()
	look.Frames = 1
	for seed := range uint64(12) {
		img, _ := cameratest.Photograph(nil, seed, look)[0].Load()
		got, err := s.Scan(asFrame(t, img, seed, time.Duration(seed)*time.Second))
		if err != nil || got.Located || got.InView {
			t.Errorf("desk %d: %+v, %v", seed, got, err)
		}
	}
}

func TestFramesWithGapsBetweenRows(t *testing.T) {
	img := shown(mustEncode(t, []byte("padded"), M), 4)
	w, h := img.Rect.Dx(), img.Rect.Dy()
	stride := w + 37
	luma := bytes.Repeat([]byte{90}, stride*h-37) // the last row may lack its gap
	for y := range h {
		copy(luma[y*stride:], img.Pix[y*w:][:w])
	}
	f, err := camera.NewFrame(luma, w, h, stride, 1, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := New(Options{}).Scan(f)
	if err != nil || len(got.Payloads) != 1 || string(got.Payloads[0].Bytes) != "padded" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestBadFramesAreErrors(t *testing.T) {
	s := New(Options{})
	img := shown(mustEncode(t, []byte("x"), M), 4)
	released := asFrame(t, img, 1, 0)
	released.Release()
	short := asFrame(t, img, 2, 0)
	short.Luma = short.Luma[:len(short.Luma)/2]
	for name, f := range map[string]*camera.Frame{"released": released, "short": short, "none": nil} {
		if got, err := s.Scan(f); err == nil || len(got.Payloads) > 0 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if got, err := s.Scan(asFrame(t, img, 3, 0)); err != nil || len(got.Payloads) != 1 {
		t.Errorf("the next frame: %+v, %v", got, err)
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
