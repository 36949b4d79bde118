package scan

import (
	"bytes"
	"image"
	"testing"
	"time"

	"github.com/dzong-id/dzong/drivers/camera"
	"github.com/dzong-id/dzong/drivers/camera/cameratest"
)

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
