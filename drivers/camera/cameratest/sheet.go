package cameratest

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
)

// sheet is what is held before the lens, flat: a phone with its bezel, or paper,
// with the code on it.
type sheet struct {
	width, height int
	pix           []byte
	module        int // pixels
	codeX, codeY  int // the symbol's top left, pixels
	codeSide      int // pixels
}

const quiet = 4 // modules, ISO/IEC 18004 §6.3.8

func newSheet(code image.Image, look Look, seed uint64) *sheet {
	modules := code.Bounds().Dx()
	// As many pixels per module as the picture will have, rounded up: then one
	// bilinear sample per pixel neither aliases nor smears.
	module := max(2, int(math.Ceil(look.Fill*float64(look.Height)/float64(modules))))
	side := modules * module
	margin := (quiet + 1) * module
	bezel := side / 28
	s := &sheet{module: module, codeSide: side}
	s.width = side + 2*margin + 2*bezel
	s.height = s.width * 2
	s.pix = make([]byte, s.width*s.height)
	s.codeX, s.codeY = margin+bezel, s.height/2-side/2

	paper := byte(250)
	if look.Paper {
		s.rectangle(0, 0, s.width, s.height, paper)
	} else {
		s.rectangle(0, 0, s.width, s.height, 14)                                     // the bezel
		s.rectangle(bezel, 2*bezel, s.width-2*bezel, s.height-4*bezel, paper)        // the display
		s.rectangle(bezel, 2*bezel, s.width-2*bezel, s.codeY/2, 92)                  // the app's head
		s.lines(bezel+margin, s.codeY+side+3*margin/2, side, s.height/7, seed, 0x70) // what it says below
		s.rectangle(bezel+side/3, s.height-5*bezel, side/3, bezel/2, 40)             // the home bar
	}
	for y := range modules {
		for x := range modules {
			r, _, _, _ := color.Gray16Model.Convert(code.At(code.Bounds().Min.X+x, code.Bounds().Min.Y+y)).RGBA()
			if r < 0x8000 {
				s.rectangle(s.codeX+x*module, s.codeY+y*module, module, module, 8)
			}
		}
	}
	if look.Torn {
		s.tear(seed)
	}
	return s
}

func (s *sheet) rectangle(x, y, w, h int, value byte) {
	for j := max(0, y); j < min(s.height, y+h); j++ {
		row := s.pix[j*s.width:][:s.width]
		for i := max(0, x); i < min(s.width, x+w); i++ {
			row[i] = value
		}
	}
}

// lines draws what looks like text.
func (s *sheet) lines(x, y, w, h int, seed uint64, value byte) {
	r := rand.New(rand.NewPCG(seed, 0x6c696e6573))
	size := max(3, w/40)
	for line := y; line+size < y+h; line += 2 * size {
		for at := x; at < x+w; {
			word := size * (1 + r.IntN(6))
			s.rectangle(at, line, min(word, x+w-at), size, value)
			at += word + size
		}
	}
}

// tear takes a strip with rough edges out of the code, beside its three finder
// patterns: what is left is seen to be a code and cannot be read.
func (s *sheet) tear(seed uint64) {
	r := rand.New(rand.NewPCG(seed, 0x7465617265))
	left := s.codeX + s.codeSide*30/100
	right := s.codeX + s.codeSide*72/100
	for y := s.codeY + 8*s.module; y < s.codeY+s.codeSide; y++ {
		if y%s.module == 0 {
			left += (r.IntN(3) - 1) * s.module / 2
			right += (r.IntN(3) - 1) * s.module / 2
		}
		s.rectangle(left, y, right-left, 1, 150)
	}
}

// desk is a plausible view behind the phone: soft light and dark, and some
// things with edges.
func desk(w, h int, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 0x6465736b))
	const cols, rows = 9, 6
	var coarse [rows + 1][cols + 1]float64
	for i := range coarse {
		for j := range coarse[i] {
			coarse[i][j] = 50 + 90*r.Float64()
		}
	}
	pix := make([]byte, w*h)
	for y := range h {
		gy := float64(y) / float64(h) * rows
		iy := int(gy)
		fy := smooth(gy - float64(iy))
		for x := range w {
			gx := float64(x) / float64(w) * cols
			ix := int(gx)
			fx := smooth(gx - float64(ix))
			top := coarse[iy][ix]*(1-fx) + coarse[iy][ix+1]*fx
			bottom := coarse[iy+1][ix]*(1-fx) + coarse[iy+1][ix+1]*fx
			pix[y*w+x] = byte(top*(1-fy) + bottom*fy)
		}
	}
	things := &sheet{width: w, height: h, pix: pix}
	for range 10 {
		things.rectangle(r.IntN(w), r.IntN(h), 10+r.IntN(w/6), 8+r.IntN(h/5), byte(20+r.IntN(200)))
	}
	things.lines(w*3/4, h/8, w/5, h/3, seed+1, 60) // a notice on the wall
	return pix
}

func smooth(t float64) float64 { return t * t * (3 - 2*t) }

// blur is a Gaussian over the whole picture, in place.
func blur(pix []byte, w, h int, sigma float64) {
	if sigma < 0.2 {
		return
	}
	radius := min(int(math.Ceil(2.5*sigma)), 12)
	kernel := make([]int32, 2*radius+1)
	var total float64
	for i := range kernel {
		d := float64(i - radius)
		total += math.Exp(-d * d / (2 * sigma * sigma))
	}
	var sum int32
	for i := range kernel {
		d := float64(i - radius)
		kernel[i] = int32(math.Round(math.Exp(-d*d/(2*sigma*sigma)) / total * 1024))
		sum += kernel[i]
	}
	kernel[radius] += 1024 - sum

	line := make([]byte, w+2*radius)
	for y := range h {
		row := pix[y*w:][:w]
		copy(line[radius:], row)
		for i := range radius {
			line[i], line[radius+w+i] = row[0], row[w-1]
		}
		for x := range row {
			var acc int32 = 512
			for i, k := range kernel {
				acc += k * int32(line[x+i])
			}
			row[x] = byte(acc >> 10)
		}
	}
	// Columns: whole rows at a time, so that memory is walked in order. ring keeps
	// the rows that were overwritten but are still needed.
	acc := make([]int32, w)
	ring := make([][]byte, radius+1)
	for i := range ring {
		ring[i] = make([]byte, w)
	}
	for y := range h {
		copy(ring[y%len(ring)], pix[y*w:][:w])
		for x := range acc {
			acc[x] = 512
		}
		for i, k := range kernel {
			source := min(max(y+i-radius, 0), h-1)
			row := pix[source*w:][:w]
			if source <= y {
				row = ring[source%len(ring)]
			}
			for x, v := range row {
				acc[x] += k * int32(v)
			}
		}
		row := pix[y*w:][:w]
		for x, v := range acc {
			row[x] = byte(v >> 10)
		}
	}
}
