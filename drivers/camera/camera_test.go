package camera_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dzong-id/dzong/drivers/camera"
)

func TestFrameShapes(t *testing.T) {
	for name, c := range map[string]struct {
		bytes, width, height, stride int
		ok                           bool
	}{
		"tight":                             {12, 4, 3, 4, true},
		"with gaps":                         {28, 4, 3, 10, true},
		"with gaps and no gap at the end":   {24, 4, 3, 10, true},
		"one row":                           {4, 4, 1, 4, true},
		"one row, a stride beyond it":       {4, 4, 1, 4096, true},
		"more bytes than needed":            {100, 4, 3, 4, true},
		"no bytes":                          {0, 4, 3, 4, false},
		"one byte short":                    {11, 4, 3, 4, false},
		"one byte short, with gaps":         {23, 4, 3, 10, false},
		"one row, short":                    {3, 4, 1, 4, false},
		"stride below width":                {100, 4, 3, 3, false},
		"no width":                          {12, 0, 3, 4, false},
		"no height":                         {12, 4, 0, 4, false},
		"negative width":                    {12, -4, 3, 4, false},
		"negative height":                   {12, 4, -3, 4, false},
		"negative stride":                   {12, 4, 3, -4, false},
		"a product that overflows":          {12, 1 << 40, 1 << 40, 1 << 40, false},
		"a stride that overflows":           {12, 4, 3, 1 << 62, false},
		"more pixels than any camera takes": {12, camera.MaxPixels, 2, camera.MaxPixels, false},
	} {
		released := false
		f, err := camera.NewFrame(make([]byte, c.bytes), c.width, c.height, c.stride, 1, 0, func() { released = true })
		if (err == nil) != c.ok || err != nil && !errors.Is(err, camera.ErrShape) {
			t.Errorf("%s: %v", name, err)
		}
		if released {
			t.Errorf("%s: released while it was made", name)
		}
		if f != nil && len(f.Row(f.Height-1)) != f.Width {
			t.Errorf("%s: the last row is cut", name)
		}
	}
}

func TestReleaseHappensOnce(t *testing.T) {
	var count atomic.Int32
	f, err := camera.NewFrame(make([]byte, 4), 2, 2, 2, 1, 0, func() { count.Add(1) })
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(f.Release)
	}
	wg.Wait()
	if count.Load() != 1 || f.Luma != nil || !errors.Is(f.Check(), camera.ErrReleased) {
		t.Errorf("released %d times, check %v", count.Load(), f.Check())
	}
	var none *camera.Frame
	none.Release() // a nil frame is nobody's
	if !errors.Is(none.Check(), camera.ErrReleased) {
		t.Error("a nil frame passes")
	}
}

func TestPoolBoundsAndReuses(t *testing.T) {
	p := camera.NewPool(2)
	a, b := p.Get(4, 4, 1, 0), p.Get(4, 4, 2, 0)
	if a == nil || b == nil || p.Get(4, 4, 3, 0) != nil || p.Out() != 2 {
		t.Fatalf("a pool of two gave something else; %d out", p.Out())
	}
	memory := &a.Luma[0]
	back := p.Returned()
	a.Release()
	select {
	case <-back:
	default:
		t.Error("a returned plane is not announced")
	}
	c := p.Get(4, 4, 3, 0)
	if c == nil || &c.Luma[0] != memory {
		t.Error("the plane was not used again")
	}
	a.Release() // late and twice
	if p.Out() != 2 || p.Get(4, 4, 4, 0) != nil {
		t.Error("a second release made room that is not there")
	}
	if !errors.Is(a.Check(), camera.ErrReleased) || c.Check() != nil {
		t.Error("a second release freed another frame")
	}
	b.Release()
	if big := p.Get(400, 400, 5, 0); big == nil || big.Check() != nil {
		t.Error("a larger picture does not fit a reused plane")
	}
	for _, size := range [][2]int{{0, 1}, {1, 0}, {-1, 1}, {camera.MaxPixels, 2}, {1 << 40, 1 << 40}} {
		if camera.NewPool(1).Get(size[0], size[1], 1, 0) != nil {
			t.Errorf("a frame of %v", size)
		}
	}
}

func frame(t *testing.T, seq uint64, released *atomic.Int32) *camera.Frame {
	t.Helper()
	f, err := camera.NewFrame([]byte{0}, 1, 1, 1, seq, time.Duration(seq), func() { released.Add(1) })
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestLatestFrameWins(t *testing.T) {
	var released atomic.Int32
	l := camera.NewLatest()
	for seq := range uint64(5) {
		l.Put(frame(t, seq+1, &released))
	}
	f, err := l.Next(t.Context())
	if err != nil || f.Seq != 5 || l.Replaced() != 4 || released.Load() != 4 {
		t.Fatalf("%+v, %v; %d replaced, %d released", f, err, l.Replaced(), released.Load())
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if g, err := l.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("%+v, %v: the same frame twice?", g, err)
	}
}

func TestLatestDeliversTheLastFrameBeforeTheEnd(t *testing.T) {
	var released atomic.Int32
	l := camera.NewLatest()
	l.Put(frame(t, 1, &released))
	l.End(io.EOF)
	l.End(errors.New("later"))
	if f, err := l.Next(t.Context()); err != nil || f.Seq != 1 {
		t.Fatalf("%+v, %v", f, err)
	}
	for range 2 {
		if _, err := l.Next(t.Context()); err != io.EOF {
			t.Fatalf("%v, want EOF", err)
		}
	}
	l.Put(frame(t, 2, &released))
	if released.Load() != 1 {
		t.Error("a frame put after the end was not released")
	}
	if _, err := l.Next(t.Context()); err != io.EOF {
		t.Errorf("%v: a frame after the end", err)
	}
}

func TestLatestClosedDropsWhatWaits(t *testing.T) {
	var released atomic.Int32
	l := camera.NewLatest()
	l.Put(frame(t, 1, &released))
	l.End(camera.ErrClosed)
	if _, err := l.Next(t.Context()); err != camera.ErrClosed || released.Load() != 1 {
		t.Errorf("%v, %d released", err, released.Load())
	}
}

func TestLatestEndWakesEveryWaiter(t *testing.T) {
	l := camera.NewLatest()
	done := make(chan error, 3)
	for range 3 {
		go func() {
			_, err := l.Next(context.Background())
			done <- err
		}()
	}
	time.Sleep(5 * time.Millisecond)
	l.End(camera.ErrClosed)
	for range 3 {
		select {
		case err := <-done:
			if err != camera.ErrClosed {
				t.Error(err)
			}
		case <-time.After(2 * time.Second):
			t.Fatal("a waiter sleeps on")
		}
	}
}

// picture is 3×1: black, mid grey, white.
var levels = []byte{0, 128, 255}

func TestDecodeLuma(t *testing.T) {
	r := image.Rect(0, 0, 3, 1)
	gray, gray16, nrgba, rgba := image.NewGray(r), image.NewGray16(r), image.NewNRGBA(r), image.NewRGBA(r)
	paletted := image.NewPaletted(r, color.Palette{color.Gray{0}, color.Gray{128}, color.Gray{255}})
	clear, nrgba64 := image.NewNRGBA(r), image.NewNRGBA64(r)
	for x, v := range levels {
		for _, img := range []interface{ Set(int, int, color.Color) }{gray, gray16, nrgba, rgba, paletted, nrgba64} {
			img.Set(x, 0, color.Gray{v})
		}
		clear.SetNRGBA(x, 0, color.NRGBA{0, 0, 0, 255 - v}) // black, ever more transparent: as on white paper
	}
	for name, img := range map[string]image.Image{"gray": gray, "gray16": gray16, "nrgba": nrgba, "rgba": rgba, "paletted": paletted, "transparent": clear, "nrgba64": nrgba64} {
		var file bytes.Buffer
		if err := png.Encode(&file, img); err != nil {
			t.Fatal(err)
		}
		got, err := camera.DecodeLuma(file.Bytes(), 3)
		if err != nil || got.Rect != r || !bytes.Equal(got.Pix[:3], levels) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	big := image.NewGray(image.Rect(0, 0, 40, 30))
	for i := range big.Pix {
		big.Pix[i] = 200
	}
	colour := image.NewYCbCr(image.Rect(0, 0, 40, 30), image.YCbCrSubsampleRatio420)
	copy(colour.Y, big.Pix)
	for name, img := range map[string]image.Image{"grey JPEG": big, "colour JPEG": colour} {
		var file bytes.Buffer
		if err := jpeg.Encode(&file, img, nil); err != nil {
			t.Fatal(err)
		}
		got, err := camera.DecodeLuma(file.Bytes(), 0)
		if err != nil || got.Rect.Dx() != 40 || got.Rect.Dy() != 30 || len(got.Pix) < got.Stride*29+40 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDecodeLumaRefuses(t *testing.T) {
	var small, grayJPEG bytes.Buffer
	png.Encode(&small, image.NewGray(image.Rect(0, 0, 10, 10)))
	jpeg.Encode(&grayJPEG, image.NewGray(image.Rect(0, 0, 10, 10)), nil)
	huge := bytes.Clone(small.Bytes())
	copy(huge[16:], []byte{0, 1, 0, 0, 0, 1, 0, 0}) // IHDR: 65536×65536; its CRC is wrong as well
	flat := pngHeader(60_000, 60_000)               // the same, and a header that is right
	for name, c := range map[string]struct {
		file []byte
		most int
	}{
		"nothing":                      {nil, 0},
		"words":                        {[]byte("not an image"), 0},
		"a GIF":                        {[]byte("GIF89a\x01\x00\x01\x00"), 0},
		"one pixel too many":           {small.Bytes(), 99},
		"a JPEG with too many":         {grayJPEG.Bytes(), 99},
		"a header alone":               {small.Bytes()[:30], 0},
		"a torn PNG":                   {small.Bytes()[:small.Len()-20], 0},
		"a torn JPEG":                  {grayJPEG.Bytes()[:40], 0},
		"a PNG that claims gigapixels": {huge, 0},
		"a good header for gigapixels": {flat, 0},
		"more than the package opens":  {flat, 1 << 62},
	} {
		got, err := camera.DecodeLuma(c.file, c.most)
		if !errors.Is(err, camera.ErrImage) || got != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzDecodeLuma(f *testing.F) {
	var p, j bytes.Buffer
	png.Encode(&p, image.NewNRGBA(image.Rect(0, 0, 9, 5)))
	jpeg.Encode(&j, image.NewGray(image.Rect(0, 0, 9, 5)), nil)
	f.Add(p.Bytes())
	f.Add(j.Bytes())
	f.Fuzz(func(t *testing.T, file []byte) {
		const most = 1 << 16
		img, err := camera.DecodeLuma(file, most)
		if err != nil {
			return
		}
		w, h := img.Rect.Dx(), img.Rect.Dy()
		if w*h > most || len(img.Pix) < img.Stride*(h-1)+w {
			t.Fatalf("%d×%d in %d bytes", w, h, len(img.Pix))
		}
	})
}
