// Command record makes the demonstration's recordings anew: for each scene, what
// the wallet shows as a code, and that code as a handheld phone's screen in front
// of a camera.
//
//	go run ./agent/demo/record agent/demo/recordings
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/dzong-id/dzong/agent/demo"
	"github.com/dzong-id/dzong/agent/scan"
	"github.com/dzong-id/dzong/drivers/camera/cameratest"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: record FOLDER")
		os.Exit(2)
	}
	if err := record(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		os.Exit(1)
	}
}

func record(dir string) error {
	look := cameratest.Handheld()
	look.Frames, look.Interval, look.Enter = 10, time.Second/10, 2
	// Small enough to keep: the noise of a good sensor, a picture no larger than
	// codes of this size need.
	look.Width, look.Height, look.Fill, look.Noise = 768, 576, 0.87, 1.5
	for seed, scene := range demo.Scenes() {
		code := scene.Code()
		if code == nil {
			continue // another scene's recording
		}
		qr, err := scan.Encode(code, scan.L)
		if err != nil {
			return fmt.Errorf("scene %s: %w", scene.Name, err)
		}
		here := look
		if scene.Torn {
			// Long enough in view that the kiosk says something.
			here.Torn, here.Paper, here.Frames, here.Interval = true, true, 12, time.Second/5
		}
		out := filepath.Join(dir, scene.Recording)
		if err := os.RemoveAll(out); err != nil {
			return err
		}
		if err := cameratest.Record(out, cameratest.Photograph(qr.Modules, uint64(seed+1), here)); err != nil {
			return fmt.Errorf("scene %s: %w", scene.Name, err)
		}
		fmt.Printf("%-24s version %2d, %4d characters, %d frames\n", scene.Name, qr.Version, len(code), here.Frames)
	}
	empty := look
	empty.Frames = 1
	out := filepath.Join(dir, "nobody")
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	return cameratest.Record(out, cameratest.Photograph(nil, 0, empty))
}
