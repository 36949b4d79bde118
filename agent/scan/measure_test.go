package scan

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/dzong-id/dzong/drivers/camera/cameratest"
)

// TestMeasureReading reads many photographs and prints which are read. It takes
// minutes and runs only when it is asked for: DZONG_MEASURE=<sequences>.
func TestMeasureReading(t *testing.T) {
	sequences, _ := strconv.Atoi(os.Getenv("DZONG_MEASURE"))
	if sequences == 0 {
		t.Skip("set DZONG_MEASURE to the number of sequences per version")
	}
	for name, look := range map[string]cameratest.Look{"clean": cameratest.Clean(), "handheld": cameratest.Handheld(), "hard": cameratest.Hard()} {
		for _, version := range []int{5, 10, 15, 18, 20, 25} {
			read, frames, scenes, first := 0, 0, 0, 0
			var render, scan time.Duration
			worst := 0.0
			for s := range sequences {
				payload := randomText(uint64(s), capacity[version])
				code, err := Encode(payload, L)
				if err != nil || code.Version != version {
					t.Fatal(err, code.Version)
				}
				any := false
				for i, shot := range cameratest.Photograph(code.Modules, uint64(s), look) {
					begin := time.Now()
					img, _ := shot.Load()
					render += time.Since(begin)
					begin = time.Now()
					p, err := picture{img.Pix, 1280, 720}.read(quick)
					scan += time.Since(begin)
					frames++
					if err == nil {
						if string(p.Bytes) != string(payload) {
							t.Fatal("read something else")
						}
						read++
						if !any {
							first += i
						}
						any = true
						for c := range 4 {
							worst = max(worst, math.Hypot(p.Corners[c].X-shot.Corners[c][0], p.Corners[c].Y-shot.Corners[c][1]))
						}
					}
				}
				if any {
					scenes++
				}
			}
			fmt.Printf("%-9s v%-2d frames %3d/%3d  scenes %d/%d  first %.1f  corner error at most %.1f px  render %v  scan %v\n", name, version, read, frames, scenes, sequences,
				float64(first)/float64(max(scenes, 1)), worst, render/time.Duration(frames), scan/time.Duration(frames))
		}
	}
}

// capacity is how many bytes level L holds, ISO/IEC 18004 table 7.
var capacity = map[int]int{1: 17, 5: 106, 10: 271, 15: 520, 18: 718, 20: 858, 25: 1273, 40: 2953}

func randomText(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 7))
	out := make([]byte, n)
	for i := range out {
		out[i] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"[r.IntN(64)]
	}
	return out
}
