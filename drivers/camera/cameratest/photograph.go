package cameratest

import (
	"image"
	"math"
	"math/rand/v2"
	"sync"
	"time"
)

// Look says how a code is held before the lens and what the lens makes of it.
// Start from [Handheld], [Clean] or [Hard]; a zero Width, Height, Frames,
// Interval or Fill is taken from Handheld.
type Look struct {
	Width, Height int           // of the picture, pixels; 1280×720
	Frames        int           // pictures in the sequence
	Interval      time.Duration // between two pictures

	Fill     float64 // the code's side as a share of the picture's height, or less where it would be cut off
	Tilt     float64 // degrees at most between screen and sensor
	Roll     float64 // degrees at most around the lens
	Sway     float64 // how much a hand moves: 0 none, 1 usual
	Blur     float64 // the lens' blur, sigma in pixels
	Noise    float64 // the sensor's noise at mid grey, sigma in grey levels
	Gradient float64 // uneven light: change across the picture as a share
	Glare    float64 // a lamp's reflection, grey levels at its middle
	Contrast float64 // 0…1: how far apart black and white are on the sensor

	Enter int  // so many of the first pictures show the phone on its way in
	Paper bool // a printed sheet instead of a phone
	Torn  bool // a strip is missing across the code
}

// Handheld is a phone held by somebody who tries: what a kiosk meets most.
func Handheld() Look {
	return Look{Width: 1280, Height: 720, Frames: 12, Interval: 100 * time.Millisecond,
		Fill: 0.86, Tilt: 9, Roll: 8, Sway: 1, Blur: 0.75, Noise: 4, Gradient: 0.2, Glare: 25, Contrast: 0.68, Enter: 2}
}

// Clean is a phone on a stand in good light.
func Clean() Look {
	l := Handheld()
	l.Tilt, l.Roll, l.Sway, l.Blur, l.Noise, l.Gradient, l.Glare, l.Contrast, l.Enter = 1, 1, 0, 0.5, 2, 0.05, 0, 0.8, 0
	return l
}

// Hard is a phone held far off, at an angle, in bad light.
func Hard() Look {
	l := Handheld()
	l.Fill, l.Tilt, l.Roll, l.Sway, l.Blur, l.Noise, l.Gradient, l.Glare, l.Contrast = 0.7, 20, 25, 1.6, 1.1, 7, 0.35, 70, 0.42
	return l
}

// Photograph gives the pictures a camera takes of a phone that shows code, one
// pixel per module, dark below 128, without a quiet zone. With a nil code it
// gives the background alone. The pictures are rendered when they are loaded
// (some 50 ms each on a small machine); the same code, seed and look give the
// same pictures on one kind of processor.
func Photograph(code image.Image, seed uint64, look Look) []Shot {
	look = look.orDefault()
	p := &photographer{look: look, seed: seed, pose: newPose(look, seed)}
	if code != nil {
		p.sheet = newSheet(code, look, seed)
		p.pose = p.pose.fitted(p.sheet)
	}
	shots := make([]Shot, look.Frames)
	for i := range shots {
		shots[i] = Shot{At: time.Duration(i) * look.Interval, Load: func() (*image.Gray, error) { return p.take(i), nil }}
		if p.sheet != nil {
			corners := p.pose.at(i).plane(p.sheet, look).corners(p.sheet)
			shots[i].Corners = &corners
		}
	}
	return shots
}

func (l Look) orDefault() Look {
	d := Handheld()
	if l.Width <= 0 || l.Height <= 0 {
		l.Width, l.Height = d.Width, d.Height
	}
	if l.Frames <= 0 {
		l.Frames = d.Frames
	}
	if l.Interval <= 0 {
		l.Interval = d.Interval
	}
	if l.Fill <= 0 {
		l.Fill = d.Fill
	}
	return l
}

// photographer renders the pictures of one sequence.
type photographer struct {
	look  Look
	seed  uint64
	sheet *sheet // nil: background alone
	pose  pose

	once       sync.Once
	background []byte // what stands behind the phone
	grain      []int8 // normal deviates × 32
}

func (p *photographer) prepare() {
	p.background = desk(p.look.Width, p.look.Height, p.seed)
	r := rand.New(rand.NewPCG(p.seed, 0x677261696e))
	p.grain = make([]int8, 1<<16)
	for i := range p.grain {
		p.grain[i] = int8(max(-127, min(127, math.Round(r.NormFloat64()*32))))
	}
}

func (p *photographer) take(i int) *image.Gray {
	p.once.Do(p.prepare)
	look := p.look
	at := p.pose.at(i)
	scene := make([]byte, len(p.background))
	copy(scene, p.background)
	if p.sheet != nil {
		p.lay(scene, at)
	}
	blur(scene, look.Width, look.Height, at.blur)
	p.expose(scene, at, i)
	return &image.Gray{Pix: scene, Stride: look.Width, Rect: image.Rect(0, 0, look.Width, look.Height)}
}

// lay draws the sheet over the background as the lens sees it: for each pixel
// the mean along the hand's movement during the exposure.
func (p *photographer) lay(scene []byte, at moment) {
	look, s := p.look, p.sheet
	inverse := at.plane(s, look).inverse()
	black := (1 - look.Contrast) / 2 * 200
	white := black + look.Contrast*255
	var level [256]float32
	for i := range level {
		level[i] = float32(min(255, black+(white-black)*float64(i)/255))
	}
	// As many places as it takes to smear evenly: a pixel and a half apart.
	move := math.Hypot(at.moveX, at.moveY)
	steps := min(1+int(move/1.5), 24)
	for y := range look.Height {
		row := scene[y*look.Width:][:look.Width]
		for x := range row {
			var sum float32
			var hit, missed int
			for step := range steps {
				along := (float64(step)+0.5)/float64(steps) - 0.5
				u, v := inverse.apply(float64(x)+0.5+along*at.moveX, float64(y)+0.5+along*at.moveY)
				if !(u >= 0 && v >= 0 && u < float64(s.width-1) && v < float64(s.height-1)) {
					if move < 2 {
						break // a pixel off the sheet stays off it
					}
					sum += float32(row[x])
					missed++
					continue
				}
				hit++
				iu, iv := int(u), int(v)
				du, dv := float32(u-float64(iu)), float32(v-float64(iv))
				o := iv*s.width + iu
				top := level[s.pix[o]]*(1-du) + level[s.pix[o+1]]*du
				bottom := level[s.pix[o+s.width]]*(1-du) + level[s.pix[o+s.width+1]]*du
				sum += top*(1-dv) + bottom*dv
			}
			if hit > 0 {
				row[x] = byte(sum/float32(hit+missed) + 0.5)
			}
		}
	}
}

// expose adds uneven light, glare and the sensor's noise, which grows with the
// square root of the light.
func (p *photographer) expose(scene []byte, at moment, i int) {
	look := p.look
	w, h := look.Width, look.Height
	r := rand.New(rand.NewPCG(p.seed^0x6e6f697365, uint64(i)))
	var sigma [256]float32
	for l := range sigma {
		sigma[l] = float32(look.Noise * math.Sqrt(math.Max(float64(l), 6)/128) / 32)
	}
	glareX := make([]float32, w)
	for x := range glareX {
		d := (float64(x) - at.glareX) / (0.11 * float64(h))
		glareX[x] = float32(look.Glare * math.Exp(-d*d/2))
	}
	for y := range h {
		row := scene[y*w:][:w]
		d := (float64(y) - at.glareY) / (0.09 * float64(h))
		glareY := float32(math.Exp(-d * d / 2))
		gain := float32(at.gain * (1 + at.lightY*(float64(y)/float64(h)-0.5)))
		slope := float32(at.lightX / float64(w))
		grain := int(r.Uint32())
		for x := range row {
			v := float32(row[x])*(gain+slope*(float32(x)-float32(w)/2)) + glareX[x]*glareY
			v = max(0, min(255, v))
			v += float32(p.grain[(grain+x)&(len(p.grain)-1)])*sigma[int(v)] + 0.5
			row[x] = byte(max(0, min(255, v)))
		}
	}
}
