package scan

import (
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"os"
	"unicode/utf8"

	"github.com/dzong-id/dzong/drivers/camera"
	"github.com/dzong-id/dzong/sdk/limits"
)

// Report is what was read from one image file. Its JSON is a line of
// `dzong-kiosk scan --json`:
//
//	{"file", "ok", "payloads": [{"text" (null unless valid UTF-8), "base64" (exact bytes),
//	"version", "corners": [[x,y]×4]}], "cpu_us", "error"}
type Report struct {
	File     string         `json:"file"`
	OK       bool           `json:"ok"`
	Payloads []ReportedCode `json:"payloads"`
	CPU      int64          `json:"cpu_us"` // processor time for reading and decoding, microseconds
	Error    string         `json:"error,omitempty"`
	fault    bool
}

// ReportedCode is one code in a Report.
type ReportedCode struct {
	Text    *string       `json:"text"`
	Base64  []byte        `json:"base64"`
	Version int           `json:"version"`
	Corners [4][2]float64 `json:"corners"` // pixels, clockwise from the symbol's top left
}

// Faulted reports that the file could not be opened at all, as against an image
// in which no code was read.
func (r Report) Faulted() bool { return r.fault }

// File opens a PNG or JPEG and tries harder than Scan does, since there is no
// next frame: thresholds of each kind, dark on light and light on dark, and a
// smaller picture where it is large. What goes wrong is in the report.
func File(path string) Report {
	r := Report{File: path, Payloads: []ReportedCode{}}
	clock := newCPUClock()
	defer clock.stop()
	payload, err := readFile(path, &r.fault)
	r.CPU = clock.elapsed().Microseconds()
	if err != nil {
		r.Error = err.Error()
		return r
	}
	r.OK = true
	code := ReportedCode{Base64: payload.Bytes, Version: payload.Version}
	if utf8.Valid(payload.Bytes) {
		text := string(payload.Bytes)
		code.Text = &text
	}
	for i, p := range payload.Corners {
		code.Corners[i] = [2]float64{math.Round(p.X*100) / 100, math.Round(p.Y*100) / 100}
	}
	r.Payloads = append(r.Payloads, code)
	return r
}

// Write writes the report as one line of JSON.
func (r Report) Write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		return fmt.Errorf("write scan report: %w", err)
	}
	return nil
}

func readFile(path string, fault *bool) (Payload, error) {
	*fault = true
	file, err := os.ReadFile(path)
	if err != nil {
		return Payload{}, fmt.Errorf("scan image: %w", err)
	}
	img, err := camera.DecodeLuma(file, limits.ImagePixels)
	if err != nil {
		return Payload{}, fmt.Errorf("scan image %s: %w", path, err)
	}
	*fault = false
	payload, err := Image(img)
	if err != nil {
		return Payload{}, fmt.Errorf("scan image %s: %w", path, err)
	}
	return payload, nil
}

// Image reads one code from a picture, trying harder than Scan does.
func Image(img *image.Gray) (Payload, error) {
	p := compact(img)
	best := errNotFound
	// Local thresholds work in blocks of 8 pixels and expect modules smaller than
	// that: of a photograph with many pixels, a smaller copy is read more easily.
	for scale := 1; scale <= 4; scale *= 2 {
		if scale > 1 {
			if min(p.width, p.height) < 400 {
				break
			}
			p = p.half()
		}
		payload, err := p.read(thorough)
		if err == nil {
			for i := range payload.Corners {
				payload.Corners[i].X *= float64(scale)
				payload.Corners[i].Y *= float64(scale)
			}
			return payload, nil
		}
		if !errors.Is(err, errNotFound) {
			best = err
		}
	}
	return Payload{}, best
}

func compact(img *image.Gray) picture {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	if img.Stride == w && len(img.Pix) >= w*h {
		return picture{luma: img.Pix[:w*h], width: w, height: h}
	}
	out := picture{luma: make([]byte, w*h), width: w, height: h}
	for y := range h {
		copy(out.luma[y*w:][:w], img.Pix[y*img.Stride:])
	}
	return out
}

// half is the picture at half its size, each pixel the mean of four.
func (p picture) half() picture {
	out := picture{width: p.width / 2, height: p.height / 2}
	out.luma = make([]byte, out.width*out.height)
	for y := range out.height {
		a, b := p.luma[2*y*p.width:], p.luma[(2*y+1)*p.width:]
		row := out.luma[y*out.width:][:out.width]
		for x := range row {
			row[x] = byte((int(a[2*x]) + int(a[2*x+1]) + int(b[2*x]) + int(b[2*x+1]) + 2) / 4)
		}
	}
	return out
}
