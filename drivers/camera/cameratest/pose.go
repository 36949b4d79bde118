package cameratest

import (
	"math"
	"math/rand/v2"
)

// pose is how a sheet is held over a sequence: a place it is meant to be in, and
// how the hand sways around it.
type pose struct {
	look             Look
	tilt, turn, roll float64 // radians: around the picture's x, its y, the lens
	x, y             float64 // the code's middle against the picture's, pixels
	lightX, lightY   float64
	glareX, glareY   float64
	sway             [7]wave
	focusOut         float64
	fit              float64 // how much smaller than Fill, so that nothing is cut off
}

// wave is one slow movement and one tremor.
type wave struct{ slow, slowPhase, tremor, tremorPhase float64 }

func (w wave) at(t float64) float64 {
	return 0.8*math.Sin(w.slow*t+w.slowPhase) + 0.2*math.Sin(w.tremor*t+w.tremorPhase)
}

func newPose(look Look, seed uint64) pose {
	r := rand.New(rand.NewPCG(seed, 0x706f7365))
	between := func(lo, hi float64) float64 { return lo + (hi-lo)*r.Float64() }
	direction := between(0, 2*math.Pi)
	tilt := between(0.3, 1) * look.Tilt * math.Pi / 180
	p := pose{look: look,
		tilt: tilt * math.Cos(direction), turn: tilt * math.Sin(direction),
		roll:   between(-1, 1) * look.Roll * math.Pi / 180,
		x:      between(-0.1, 0.1) * float64(look.Width),
		y:      between(-0.3, 0.3) * (1 - look.Fill) * float64(look.Height),
		lightX: between(-1, 1) * look.Gradient, lightY: between(-1, 1) * look.Gradient,
		glareX: between(-0.3, 0.3) * float64(look.Height), glareY: between(-0.3, 0.3) * float64(look.Height),
		focusOut: between(0.2, 0.5),
		fit:      1,
	}
	for i := range p.sway {
		p.sway[i] = wave{slow: between(2, 5), slowPhase: between(0, 2*math.Pi), tremor: between(15, 40), tremorPhase: between(0, 2*math.Pi)}
	}
	return p
}

// fitted is the pose with the phone held far enough away: somebody who tries
// keeps the whole code in view.
func (p pose) fitted(s *sheet) pose {
	const margin = 6 // pixels
	for p.fit > 0.3 {
		inside := true
		for i := p.look.Enter; i < p.look.Frames && inside; i++ {
			for _, c := range p.at(i).plane(s, p.look).corners(s) {
				inside = inside && c[0] >= margin && c[1] >= margin &&
					c[0] <= float64(p.look.Width-margin) && c[1] <= float64(p.look.Height-margin)
			}
		}
		if inside {
			break
		}
		p.fit *= 0.985
		p.x, p.y = p.x*0.97, p.y*0.97
	}
	return p
}

// moment is the pose at one picture.
type moment struct {
	tilt, turn, roll float64
	x, y, scale      float64
	moveX, moveY     float64 // pixels during the exposure
	blur             float64 // sigma, pixels
	gain             float64
	lightX, lightY   float64
	glareX, glareY   float64
}

// exposure is the share of the interval in which the shutter is open.
const exposure = 0.15

func (p pose) at(i int) moment {
	m := p.held(float64(i))
	before := p.held(float64(i) - exposure)
	m.moveX, m.moveY = m.x-before.x, m.y-before.y
	// A lens that hunts for the focus while something new comes into view.
	m.blur = p.look.Blur * (1 + p.look.Sway*p.focusOut*math.Exp(-float64(i-p.look.Enter)/2.5))
	if i < p.look.Enter {
		m.blur = p.look.Blur * (1 + p.look.Sway*p.focusOut)
	}
	return m
}

// held is the pose at picture number n, which need not be whole.
func (p pose) held(n float64) moment {
	look := p.look
	t := n * look.Interval.Seconds()
	s := look.Sway
	h := float64(look.Height)
	m := moment{
		tilt:  p.tilt + s*0.025*p.sway[0].at(t),
		turn:  p.turn + s*0.025*p.sway[1].at(t),
		roll:  p.roll + s*0.02*p.sway[2].at(t),
		x:     p.x + s*0.012*h*p.sway[3].at(t),
		y:     p.y + s*0.012*h*p.sway[4].at(t),
		scale: p.fit * (1 + s*0.025*p.sway[5].at(t)),
		gain:  1 + s*0.04*p.sway[6].at(t), lightX: p.lightX, lightY: p.lightY,
	}
	if left := float64(look.Enter) - n; left > 0 && look.Enter > 0 {
		away := left / float64(look.Enter)
		m.y += away * away * h * 0.9
		m.tilt += 0.15 * away
	}
	m.glareX = float64(look.Width)/2 + p.x + p.glareX - 2*(m.x-p.x)
	m.glareY = h/2 + p.y + p.glareY - 2*(m.y-p.y)
	return m
}

// matrix is a projective map of the plane, by rows.
type matrix [9]float64

// plane is the map from a sheet's pixels to the picture's at this moment.
func (m moment) plane(s *sheet, look Look) matrix {
	// The sheet's coordinates, its code in the middle, scaled so that the code
	// fills what it should when it is held straight.
	k := m.scale * look.Fill * float64(look.Height) / float64(s.codeSide)
	half := float64(s.codeSide) / 2
	ox, oy := -k*(float64(s.codeX)+half), -k*(float64(s.codeY)+half)
	ca, sa := math.Cos(m.tilt), math.Sin(m.tilt)
	cb, sb := math.Cos(m.turn), math.Sin(m.turn)
	cr, sr := math.Cos(m.roll), math.Sin(m.roll)
	// Rotation around y, then x, then the lens' axis; only the first two columns
	// matter to a plane.
	r := [3][2]float64{{cb, 0}, {sa * sb, ca}, {-ca * sb, sa}}
	x := [2]float64{cr*r[0][0] - sr*r[1][0], cr*r[0][1] - sr*r[1][1]}
	y := [2]float64{sr*r[0][0] + cr*r[1][0], sr*r[0][1] + cr*r[1][1]}
	f := 1.2 * float64(look.Width) // the focal length of a usual camera module, pixels
	cx, cy := float64(look.Width)/2+m.x, float64(look.Height)/2+m.y
	// At distance f a pixel on the sheet is a pixel in the picture.
	w := [3]float64{k * r[2][0], k * r[2][1], f + ox*r[2][0] + oy*r[2][1]}
	tx, ty := ox*x[0]+oy*x[1], ox*y[0]+oy*y[1]
	return matrix{
		f*k*x[0] + cx*w[0], f*k*x[1] + cx*w[1], f*tx + cx*w[2],
		f*k*y[0] + cy*w[0], f*k*y[1] + cy*w[1], f*ty + cy*w[2],
		w[0], w[1], w[2],
	}
}

func (h matrix) apply(x, y float64) (float64, float64) {
	w := h[6]*x + h[7]*y + h[8]
	return (h[0]*x + h[1]*y + h[2]) / w, (h[3]*x + h[4]*y + h[5]) / w
}

// inverse is the map back, up to a factor that a projective map does not mind.
func (h matrix) inverse() matrix {
	return matrix{
		h[4]*h[8] - h[5]*h[7], h[2]*h[7] - h[1]*h[8], h[1]*h[5] - h[2]*h[4],
		h[5]*h[6] - h[3]*h[8], h[0]*h[8] - h[2]*h[6], h[2]*h[3] - h[0]*h[5],
		h[3]*h[7] - h[4]*h[6], h[1]*h[6] - h[0]*h[7], h[0]*h[4] - h[1]*h[3],
	}
}

// corners are the code's outer corners in the picture, clockwise from the
// symbol's own top left.
func (h matrix) corners(s *sheet) (out [4][2]float64) {
	for i, c := range [4][2]int{{0, 0}, {1, 0}, {1, 1}, {0, 1}} {
		out[i][0], out[i][1] = h.apply(float64(s.codeX+c[0]*s.codeSide), float64(s.codeY+c[1]*s.codeSide))
	}
	return out
}
