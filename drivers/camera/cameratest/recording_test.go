package cameratest

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRecordingComesBack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "scene")
	look := Handheld()
	look.Frames = 3
	shots := Photograph(checkers(25), 5, look)
	if err := Record(dir, shots); err != nil {
		t.Fatal(err)
	}
	if err := Record(dir, shots); err == nil {
		t.Error("a recording was written over")
	}
	back, err := Recording(os.DirFS(filepath.Dir(dir)), "scene")
	if err != nil || len(back) != 3 {
		t.Fatal(err)
	}
	if again, err := Recording(os.DirFS(dir), "."); err != nil || len(again) != 3 {
		t.Error(err)
	}
	for i := range back {
		a, b := load(t, shots[i]), load(t, back[i])
		if back[i].At != shots[i].At || a.Rect != b.Rect {
			t.Fatalf("picture %d: %v at %v", i, b.Rect, back[i].At)
		}
		var sum int
		for y := range a.Rect.Dy() {
			for x := range a.Rect.Dx() {
				d := int(a.GrayAt(x, y).Y) - int(b.GrayAt(x, y).Y)
				sum += d * d
			}
		}
		if mean := sum / len(a.Pix); mean > 60 {
			t.Errorf("picture %d: mean square error %d", i, mean)
		}
	}
	size := int64(0)
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		info, _ := e.Info()
		size += info.Size()
	}
	if size > 3*250_000 {
		t.Errorf("three pictures take %d bytes", size)
	}
	t.Logf("%d bytes per picture", size/3)
}

func TestRecordingRefuses(t *testing.T) {
	good := `{"format":1,"frames":[{"file":"a.jpg","at_ms":0}]}`
	for name, text := range map[string]string{
		"no index":            "",
		"no JSON":             "{",
		"another format":      strings.Replace(good, `"format":1`, `"format":2`, 1),
		"no frames":           `{"format":1,"frames":[]}`,
		"an unknown key":      strings.Replace(good, `{"format"`, `{"x":1,"format"`, 1),
		"a file elsewhere":    strings.Replace(good, "a.jpg", "../a.jpg", 1),
		"a file below":        strings.Replace(good, "a.jpg", "b/a.jpg", 1),
		"an absolute file":    strings.Replace(good, "a.jpg", "/a.jpg", 1),
		"the parent":          strings.Replace(good, "a.jpg", "..", 1),
		"no file name":        strings.Replace(good, "a.jpg", "", 1),
		"a negative time":     strings.Replace(good, "0}", "-1}", 1),
		"time that goes back": `{"format":1,"frames":[{"file":"a.jpg","at_ms":5},{"file":"a.jpg","at_ms":4}]}`,
	} {
		dir := t.TempDir()
		if text != "" {
			os.WriteFile(filepath.Join(dir, "index.json"), []byte(text), 0o600)
		}
		if shots, err := Recording(os.DirFS(dir), "."); err == nil {
			t.Errorf("%s: %d shots", name, len(shots))
		}
	}
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "index.json"), []byte(good), 0o600)
	shots, err := Recording(os.DirFS(dir), ".")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := shots[0].Load(); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a picture that is missing: %v", err)
	}
	if Record(t.TempDir(), nil) == nil {
		t.Error("a recording of nothing")
	}
}
