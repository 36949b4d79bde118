package cameratest

import (
	"bytes"
	"image"
	"testing"
	"time"
)

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

func BenchmarkPhotograph(b *testing.B) {
	shots := Photograph(checkers(97), 1, Handheld())
	for b.Loop() {
		if _, err := shots[8].Load(); err != nil {
			b.Fatal(err)
		}
	}
}
