package cameratest

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/drivers/camera"
)

func gray(w, h int, value byte) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = value
	}
	return img
}

func stills(n int) []Shot {
	shots := make([]Shot, n)
	for i := range shots {
		shots[i] = Still(time.Duration(i)*10*time.Millisecond, gray(16, 9, byte(i)))
	}
	return shots
}

func TestPlayerKeepsTheContract(t *testing.T) {
	TestSource(t, func(*testing.T) camera.Source { return Play(stills(20)) }, Contract{})
}

func TestStageKeepsTheContract(t *testing.T) {
	TestSource(t, func(*testing.T) camera.Source { return NewStage(Still(0, gray(16, 9, 7)), 5*time.Millisecond) }, Contract{Live: true})
}

func TestFaultySourceKeepsTheContract(t *testing.T) {
	TestSource(t, func(*testing.T) camera.Source {
		return Faulty(Play(stills(30)), Fault{Picture: 2, Kind: Lost}, Fault{Picture: 4, Kind: Dark})
	}, Contract{})
}

// broken is a source that breaks one promise.
type broken struct {
	*Player
	how   string
	plane []byte
	seq   uint64
}

func (b *broken) Next(ctx context.Context) (*camera.Frame, error) {
	switch b.how {
	case "ignores its context":
		ctx = context.Background()
	case "forgets that it was closed":
		b.seq++
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return camera.NewFrame(make([]byte, 4), 2, 2, 2, b.seq, 0, nil)
	case "hands out one plane for all":
		b.seq++
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		b.plane[0]++
		return camera.NewFrame(b.plane, 2, 2, 2, b.seq, 0, nil)
	}
	f, err := b.Player.Next(ctx)
	if err != nil {
		return nil, err
	}
	switch b.how {
	case "repeats its sequence":
		f.Seq = 1
	case "lets time fall":
		f.At = -f.At
	case "cuts its planes":
		f.Luma = f.Luma[:len(f.Luma)-1]
	case "ends when a wait is cancelled":
		if f.Seq > 1 {
			return nil, io.EOF
		}
	}
	return f, nil
}

func TestTheContractCatchesBrokenSources(t *testing.T) {
	for _, how := range []string{
		"ignores its context", "forgets that it was closed", "hands out one plane for all", "repeats its sequence",
		"lets time fall", "cuts its planes", "ends when a wait is cancelled",
	} {
		caught := false
		for _, r := range rules() {
			if r.live {
				continue
			}
			source := &broken{Player: Play(stills(20)), how: how, plane: make([]byte, 4)}
			if how == "ignores its context" && r.name != "a cancelled wait leaves the source usable" {
				continue // others would wait for ever
			}
			if r.name == "close ends a waiting consumer" && how == "forgets that it was closed" ||
				r.name == "close ends a waiting consumer" && how == "hands out one plane for all" {
				continue // a consumer of a source that never ends
			}
			if r.check(source, 300*time.Millisecond) != nil {
				caught = true
			}
			source.Close()
		}
		if !caught {
			t.Errorf("a source that %s passes", how)
		}
	}
}

func TestPlayerLosesNothing(t *testing.T) {
	p := Play(stills(6))
	defer p.Close()
	for i := range 6 {
		time.Sleep(time.Millisecond)
		f, err := p.Next(t.Context())
		if err != nil || f.Seq != uint64(i+1) || f.At != time.Duration(i)*10*time.Millisecond || f.Luma[5] != byte(i) {
			t.Fatalf("picture %d: %+v, %v", i, f, err)
		}
		f.Release()
	}
	for range 2 {
		if _, err := p.Next(t.Context()); err != io.EOF {
			t.Fatal(err)
		}
	}
}

func TestStageShowsAScene(t *testing.T) {
	s := NewStage(Still(0, gray(8, 8, 200)), 2*time.Millisecond)
	defer s.Close()
	seen := make(chan map[byte]bool)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		levels := map[byte]bool{}
		for {
			f, err := s.Next(ctx)
			if err != nil {
				seen <- levels
				return
			}
			levels[f.Luma[0]] = true
			f.Release()
		}
	}()
	if err := s.Show(t.Context(), []Shot{Still(0, gray(8, 8, 1)), Still(10*time.Millisecond, gray(8, 8, 2)), Still(20*time.Millisecond, gray(4, 4, 3))}); err != nil {
		t.Fatal(err)
	}
	time.Sleep(20 * time.Millisecond)
	cancel()
	levels := <-seen
	for _, v := range []byte{1, 2, 3, 200} {
		if !levels[v] {
			t.Errorf("picture %d was not seen", v)
		}
	}
	s.Close()
	if err := s.Show(t.Context(), stills(1)); !errors.Is(err, camera.ErrClosed) {
		t.Errorf("a scene on a closed stage: %v", err)
	}
}

func TestStageEndsWithAFault(t *testing.T) {
	s := NewStage(Files(0, filepath.Join(t.TempDir(), "missing.png"))[0], time.Millisecond)
	defer s.Close()
	if _, err := s.Next(t.Context()); err == nil || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v, want the file's absence", err)
	}
}

func TestFolder(t *testing.T) {
	dir := t.TempDir()
	if _, err := Folder(time.Second, dir); err == nil {
		t.Error("an empty folder is a camera")
	}
	if _, err := Folder(time.Second, filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	var p, j bytes.Buffer
	png.Encode(&p, gray(5, 4, 10))
	jpeg.Encode(&j, gray(8, 8, 250), nil)
	os.WriteFile(filepath.Join(dir, "b.JPG"), j.Bytes(), 0o600)
	os.WriteFile(filepath.Join(dir, "a.png"), p.Bytes(), 0o600)
	os.WriteFile(filepath.Join(dir, "c.txt"), []byte("no picture"), 0o600)
	os.WriteFile(filepath.Join(dir, "d.jpeg"), []byte("no picture either"), 0o600)
	shots, err := Folder(time.Second, dir)
	if err != nil || len(shots) != 3 || shots[1].At != time.Second {
		t.Fatalf("%d shots, %v", len(shots), err)
	}
	source := Play(shots)
	defer source.Close()
	for _, want := range []struct {
		w     int
		level byte
	}{{5, 10}, {8, 250}} {
		f, err := source.Next(t.Context())
		if err != nil || f.Width != want.w || f.Luma[0] < want.level-3 || f.Luma[0] > want.level+3 {
			t.Fatalf("%+v, %v", f, err)
		}
		f.Release()
	}
	for range 2 { // a fault is final
		if _, err := source.Next(t.Context()); !errors.Is(err, camera.ErrImage) {
			t.Errorf("%v, want ErrImage", err)
		}
	}
}

func TestFaults(t *testing.T) {
	gone := errors.New("unplugged")
	source := Faulty(Play(stills(20)), Fault{Picture: 2, Kind: Dark}, Fault{Picture: 3, Kind: Lost},
		Fault{Picture: 4, Kind: Short}, Fault{Picture: 6, Kind: Gone, Err: gone})
	defer source.Close()
	take := func() *camera.Frame {
		t.Helper()
		f, err := source.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	take().Release()
	if f := take(); f.Seq != 2 || f.Luma[0] != 0 || f.Check() != nil {
		t.Errorf("dark: %+v", f)
	} else {
		f.Release()
	}
	if f := take(); f.Seq != 4 || !errors.Is(f.Check(), camera.ErrShape) {
		t.Errorf("after a lost picture, short: %+v, %v", f, f.Check())
	} else {
		f.Release()
	}
	take().Release()
	for range 2 {
		if _, err := source.Next(t.Context()); err != gone {
			t.Errorf("%v, want the fault", err)
		}
	}

	stalled := Faulty(Play(stills(5)), Fault{Picture: 1, Kind: Stalled})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := stalled.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("stalled: %v", err)
	}
	stalled.Close()
	if _, err := stalled.Next(t.Context()); !errors.Is(err, camera.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}

// checkers is a picture of n×n modules.
func checkers(n int) *image.Gray {
	img := gray(n, n, 255)
	for i := range img.Pix {
		if (i/n+i%n)%2 == 0 {
			img.Pix[i] = 0
		}
	}
	return img
}

func load(t *testing.T, s Shot) *image.Gray {
	t.Helper()
	img, err := s.Load()
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func TestPhotographIsDeterministicAndSeeded(t *testing.T) {
	look := Handheld()
	look.Frames = 3
	a, b := Photograph(checkers(25), 5, look), Photograph(checkers(25), 5, look)
	other := Photograph(checkers(25), 6, look)
	for _, i := range []int{2, 0} { // in any order
		first := load(t, a[i])
		if !bytes.Equal(first.Pix, load(t, b[i]).Pix) || !bytes.Equal(first.Pix, load(t, a[i]).Pix) {
			t.Errorf("picture %d differs from itself", i)
		}
		if bytes.Equal(first.Pix, load(t, other[i]).Pix) {
			t.Errorf("picture %d is the same under another seed", i)
		}
	}
	if bytes.Equal(load(t, a[1]).Pix, load(t, a[2]).Pix) {
		t.Error("nothing moves")
	}
}

func TestPhotographShowsTheCodeWhereItSays(t *testing.T) {
	for name, look := range map[string]Look{"clean": Clean(), "handheld": Handheld(), "hard": Hard()} {
		for seed := range uint64(3) {
			shots := Photograph(checkers(9), seed, look)
			shot := shots[len(shots)-1]
			img := load(t, shot)
			if img.Rect.Dx() != 1280 || img.Rect.Dy() != 720 {
				t.Fatal(img.Rect)
			}
			c := shot.Corners
			for _, p := range c {
				if p[0] < 0 || p[1] < 0 || p[0] > 1280 || p[1] > 720 {
					t.Errorf("%s, seed %d: a corner lies outside: %v", name, seed, *c)
				}
			}
			// Along the first side, half a module in: dark and light by turns.
			for i := range 9 {
				u, v := (float64(i)+0.5)/9, 0.5/9
				x := c[0][0] + (c[1][0]-c[0][0])*u + (c[3][0]-c[0][0])*v
				y := c[0][1] + (c[1][1]-c[0][1])*u + (c[3][1]-c[0][1])*v
				if dark := img.GrayAt(int(x), int(y)).Y < 110; dark != (i%2 == 0) && name != "hard" {
					t.Errorf("%s, seed %d: module %d has level %d", name, seed, i, img.GrayAt(int(x), int(y)).Y)
				}
			}
		}
	}
}

func TestPhotographWithoutACodeIsADesk(t *testing.T) {
	shots := Photograph(nil, 1, Look{})
	if len(shots) != 12 || shots[1].At != 100*time.Millisecond || shots[0].Corners != nil {
		t.Fatalf("%d shots", len(shots))
	}
	img := load(t, shots[0])
	least, most := byte(255), byte(0)
	for _, v := range img.Pix {
		least, most = min(least, v), max(most, v)
	}
	if most-least < 40 {
		t.Errorf("an empty desk from %d to %d", least, most)
	}
}

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

func BenchmarkPhotograph(b *testing.B) {
	shots := Photograph(checkers(97), 1, Handheld())
	for b.Loop() {
		if _, err := shots[8].Load(); err != nil {
			b.Fatal(err)
		}
	}
}
