package scan

import (
	"image"
	"testing"
	"time"

	"github.com/dzong-id/dzong/drivers/camera"
	"github.com/dzong-id/dzong/drivers/camera/cameratest"
)

// benchScan scans one 1280×720 picture as if it stayed before the camera.
func benchScan(b *testing.B, shots []cameratest.Shot, want bool) {
	img, err := shots[len(shots)-1].Load()
	if err != nil {
		b.Fatal(err)
	}
	s := New(Options{})
	b.ReportAllocs()
	var seq uint64
	for b.Loop() {
		seq++
		f, err := camera.NewFrame(img.Pix, 1280, 720, img.Stride, seq, time.Duration(seq)*50*time.Millisecond, nil)
		if err != nil {
			b.Fatal(err)
		}
		got, err := s.Scan(f)
		if err != nil || got.InView != want {
			b.Fatal(got, err)
		}
		f.Release()
	}
}

func BenchmarkFrameWithoutCode(b *testing.B) {
	benchScan(b, cameratest.Photograph(nil, 1, cameratest.Handheld()), false)
}

func BenchmarkFrameWithCodeVersion10(b *testing.B) {
	benchScan(b, cameratest.Photograph(mustEncode(b, randomText(1, capacity[10]), L).Modules, 1, cameratest.Handheld()), true)
}

func BenchmarkFrameWithCodeVersion20(b *testing.B) {
	benchScan(b, cameratest.Photograph(mustEncode(b, randomText(1, capacity[20]), L).Modules, 1, cameratest.Handheld()), true)
}

func BenchmarkFrameWithTornCode(b *testing.B) {
	look := cameratest.Handheld()
	look.Torn = true
	benchScan(b, cameratest.Photograph(mustEncode(b, randomText(1, capacity[20]), L).Modules, 1, look), false)
}

// BenchmarkFrameOfFinderPatterns is the worst a picture can do to the search.
func BenchmarkFrameOfFinderPatterns(b *testing.B) {
	img := image.NewGray(image.Rect(0, 0, 1280, 720))
	for y := range 720 {
		for x := range 1280 {
			i, j := x%18/2, y%18/2 // nine modules, the last two light
			ring := max(abs(i-3), abs(j-3))
			if ring > 3 || ring == 2 {
				img.Pix[y*img.Stride+x] = 255
			}
		}
	}
	benchScan(b, []cameratest.Shot{cameratest.Still(0, img)}, false)
}

func abs(n int) int { return max(n, -n) }
