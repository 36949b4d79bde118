package scan

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func writePNG(t *testing.T, img image.Image) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "code.png")
	var file bytes.Buffer
	if err := png.Encode(&file, img); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func line(t *testing.T, r Report) (map[string]any, string) {
	t.Helper()
	var out bytes.Buffer
	if err := r.Write(&out); err != nil {
		t.Fatal(err)
	}
	if strings.Count(out.String(), "\n") != 1 {
		t.Errorf("not one line: %q", out.String())
	}
	var m map[string]any
	if err := json.Unmarshal(out.Bytes(), &m); err != nil {
		t.Fatal(err)
	}
	return m, out.String()
}

func TestFileReportsTextAndCorners(t *testing.T) {
	path := writePNG(t, shown(mustEncode(t, []byte("<བོད> & \"x\""), M), 6))
	r := File(path)
	m, text := line(t, r)
	if m["ok"] != true || m["file"] != path || m["error"] != nil || r.Faulted() {
		t.Fatal(text)
	}
	code := m["payloads"].([]any)[0].(map[string]any)
	if code["text"] != "<བོད> & \"x\"" || code["version"] != 2.0 || code["base64"] != "POC9luC9vOC9kT4gJiAieCI=" {
		t.Error(text)
	}
	corners := code["corners"].([]any)
	want := [4][2]float64{{24, 24}, {174, 24}, {174, 174}, {24, 174}}
	if len(corners) != 4 {
		t.Fatal(text)
	}
	for i, c := range corners {
		for k := range 2 {
			if d := c.([]any)[k].(float64) - want[i][k]; d > 1.5 || d < -1.5 {
				t.Errorf("corner %d is %v, want %v", i, c, want[i])
			}
		}
	}
	if r.CPU < 0 {
		t.Errorf("cpu_us %d", r.CPU)
	}
}

func TestFileTextIsNullForBytesThatAreNoUTF8(t *testing.T) {
	m, text := line(t, File(writePNG(t, shown(mustEncode(t, []byte("caf\xe9"), M), 6))))
	code := m["payloads"].([]any)[0].(map[string]any)
	if value, there := code["text"]; !there || value != nil || code["base64"] != "Y2Fm6Q==" {
		t.Error(text)
	}
}

func TestFileWithoutACode(t *testing.T) {
	r := File(writePNG(t, image.NewGray(image.Rect(0, 0, 300, 200))))
	m, text := line(t, r)
	if m["ok"] != false || r.Faulted() || m["error"] == "" || len(m["payloads"].([]any)) != 0 {
		t.Error(text)
	}
}

func TestFileThatCannotBeOpened(t *testing.T) {
	dir := t.TempDir()
	words := filepath.Join(dir, "words.png")
	torn := filepath.Join(dir, "torn.png")
	var file bytes.Buffer
	png.Encode(&file, image.NewGray(image.Rect(0, 0, 300, 200)))
	os.WriteFile(words, []byte("words"), 0o600)
	os.WriteFile(torn, file.Bytes()[:60], 0o600)
	for _, path := range []string{filepath.Join(dir, "missing.png"), dir, words, torn, ""} {
		r := File(path)
		if m, text := line(t, r); m["ok"] != false || !r.Faulted() || m["error"] == nil || len(m["payloads"].([]any)) != 0 {
			t.Error(text)
		}
	}
}

func TestLargePicturesAreReadAndTheirCornersScaled(t *testing.T) {
	code := mustEncode(t, []byte("large"), M)
	r := File(writePNG(t, shown(code, 60))) // 1740×1740: one module is many blocks wide
	if !r.OK {
		t.Fatal(r.Error)
	}
	want := [4][2]float64{{240, 240}, {1500, 240}, {1500, 1500}, {240, 1500}}
	for i, c := range r.Payloads[0].Corners {
		for k := range 2 {
			if d := c[k] - want[i][k]; d > 6 || d < -6 {
				t.Errorf("corner %d is %v, want %v", i, c, want[i])
			}
		}
	}
}
