package scan

import (
	"math"
	"sort"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/detector"
)

// candidate is three finder patterns that may belong to one code.
type candidate struct {
	image      *gozxing.BitMatrix
	tl, tr, bl *detector.FinderPattern
	module     float64 // pixels, as the finder patterns themselves suggest
	doubt      float64 // 0 is a perfect square seen straight on
}

const (
	mostPlaces     = 300 // collected in one picture; a photograph has some tens, a page of finder patterns thousands
	mostCentres    = 14  // looked at in one picture, those seen in most rows first
	mostCandidates = 5   // tried in one picture
)

// locate lists what may be codes, the likeliest first.
//
// The library's own search stops as soon as three patterns were seen twice and
// leaves out rows it thinks it need not see; then one place in the data that
// looks like a finder pattern (version 15 and up have some) hides the real ones,
// in every frame of a hand that holds still. So all rows are walked here, every
// third, and the library only confirms each centre.
func locate(image *gozxing.BitMatrix) []candidate {
	finder := detector.NewFinderPatternFinder(image, nil)
	width, height := image.GetWidth(), image.GetHeight()
	var row *gozxing.BitArray
	runs := make([]int, 5)
	for y := 2; y < height && len(finder.GetPossibleCenters()) < mostPlaces; y += 3 {
		row = image.GetRow(y, row)
		clear(runs)
		// From each edge to the next: five runs that end with a dark one are looked
		// at when the next light one begins.
		for x := row.GetNextSet(0); x < width; {
			light := row.GetNextUnset(x)
			copy(runs, runs[1:])
			runs[4] = light - x
			if light < width && runs[0] > 0 && detector.FinderPatternFinder_foundPatternCross(runs) {
				finder.HandlePossibleCenter(runs, y, light)
			}
			dark := row.GetNextSet(light)
			copy(runs, runs[1:])
			runs[4] = dark - light
			x = dark
		}
	}
	centres := finder.GetPossibleCenters()
	if len(centres) < 3 {
		return nil
	}
	sort.SliceStable(centres, func(i, j int) bool { return centres[i].GetCount() > centres[j].GetCount() })
	centres = centres[:min(len(centres), mostCentres)]
	var out []candidate
	for i, a := range centres {
		for j, b := range centres[i+1:] {
			for _, c := range centres[i+j+2:] {
				if found, ok := triple(image, a, b, c); ok {
					out = append(out, found)
				}
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].doubt < out[j].doubt })
	return out[:min(len(out), mostCandidates)]
}

// triple orders three centres and says how far they are from the corners of a
// square; false if no angle a hand holds explains them.
func triple(image *gozxing.BitMatrix, a, b, c *detector.FinderPattern) (candidate, bool) {
	pbl, ptl, ptr := gozxing.ResultPoint_OrderBestPatterns(a, b, c)
	bl, ok1 := pbl.(*detector.FinderPattern)
	tl, ok2 := ptl.(*detector.FinderPattern)
	tr, ok3 := ptr.(*detector.FinderPattern)
	if !ok1 || !ok2 || !ok3 {
		return candidate{}, false
	}
	small := min(a.GetEstimatedModuleSize(), b.GetEstimatedModuleSize(), c.GetEstimatedModuleSize())
	large := max(a.GetEstimatedModuleSize(), b.GetEstimatedModuleSize(), c.GetEstimatedModuleSize())
	module := (a.GetEstimatedModuleSize() + b.GetEstimatedModuleSize() + c.GetEstimatedModuleSize()) / 3
	top, left := gozxing.ResultPoint_Distance(tl, tr), gozxing.ResultPoint_Distance(tl, bl)
	short, long := min(top, left), max(top, left)
	skew := math.Abs(gozxing.ResultPoint_Distance(tr, bl)/math.Hypot(top, left) - 1)
	// 14 modules lie between the centres of version 1 and 170 of version 40.
	if small < 1 || large > 1.8*small || short < 10*module || long > 200*module || long > 1.9*short || skew > 0.35 {
		return candidate{}, false
	}
	rows := min(a.GetCount(), b.GetCount(), c.GetCount(), 5)
	return candidate{image: image, tl: tl, tr: tr, bl: bl, module: module,
		doubt: 2*skew + (long/short - 1) + (large/small-1)/2 - 0.06*float64(rows)}, true
}

// dimensions lists the numbers of modules to try, likeliest first: the measured
// one if there is one, and its neighbours.
func (c candidate) dimensions(measured int) []int {
	if measured == 0 {
		between := (gozxing.ResultPoint_Distance(c.tl, c.tr) + gozxing.ResultPoint_Distance(c.tl, c.bl)) / 2
		measured = (int(math.Round(between/c.module))+7-17+2)/4*4 + 17
	}
	var out []int
	for _, d := range [...]int{0, -4, 4, -8, 8} {
		if n := measured + d; n >= 21 && n <= 177 {
			out = append(out, n)
		}
	}
	return out
}

// sample reads the grid for an assumed number of modules.
func (c candidate) sample(dimension int) (*gozxing.BitMatrix, *detector.AlignmentPattern, error) {
	alignment := c.alignment(dimension)
	transform := detector.Detector_createTransform(c.tl, c.tr, c.bl, alignment, dimension)
	bits, err := detector.Detector_sampleGrid(c.image, transform, dimension)
	return bits, alignment, err
}

// alignment looks for the alignment pattern nearest the fourth corner; nil if
// there is none to find.
//
// The library takes the first thing that looks like one, and random data holds
// many. Here all places within reach are compared with the whole pattern, dark
// and light rings of five modules, laid along the code's own axes.
func (c candidate) alignment(dimension int) *detector.AlignmentPattern {
	if dimension < 25 {
		return nil // version 1 has none
	}
	n := float64(dimension - 7)
	ux, uy := (c.tr.GetX()-c.tl.GetX())/n, (c.tr.GetY()-c.tl.GetY())/n // one module to the right
	vx, vy := (c.bl.GetX()-c.tl.GetX())/n, (c.bl.GetY()-c.tl.GetY())/n // one module down
	// Where it would be without perspective: three modules inside the fourth
	// finder pattern's place. Tilt moves it by some hundredths of the side.
	x := c.tl.GetX() + (n-3)*(ux+vx)
	y := c.tl.GetY() + (n-3)*(uy+vy)
	reach := max(4, float64(dimension)*0.1)
	best, bestA, bestB := 0.0, 0.0, 0.0
	for a := -reach; a <= reach; a += 0.5 {
		for b := -reach; b <= reach; b += 0.5 {
			score := float64(c.rings(x+a*ux+b*vx, y+a*uy+b*vy, ux, uy, vx, vy)) - 0.05*math.Hypot(a, b)
			if score > best {
				best, bestA, bestB = score, a, b
			}
		}
	}
	if best < 20 {
		return nil
	}
	// The middle of all places around it that match as well.
	var sum, sumA, sumB float64
	for a := bestA - 0.75; a <= bestA+0.75; a += 0.125 {
		for b := bestB - 0.75; b <= bestB+0.75; b += 0.125 {
			w := float64(c.rings(x+a*ux+b*vx, y+a*uy+b*vy, ux, uy, vx, vy)) - best + 1.5
			if w > 0 {
				sum, sumA, sumB = sum+w, sumA+w*a, sumB+w*b
			}
		}
	}
	if sum > 0 {
		bestA, bestB = sumA/sum, sumB/sum
	}
	return detector.NewAlignmentPattern(x+bestA*ux+bestB*vx, y+bestA*uy+bestB*vy, c.module)
}

// rings counts how many of an alignment pattern's 25 modules are right at a
// place.
func (c candidate) rings(x, y, ux, uy, vx, vy float64) int {
	right := 0
	for j := -2.0; j <= 2; j++ {
		for i := -2.0; i <= 2; i++ {
			px, py := int(x+i*ux+j*vx), int(y+i*uy+j*vy)
			if px < 0 || py < 0 || px >= c.image.GetWidth() || py >= c.image.GetHeight() {
				return 0
			}
			if c.image.Get(px, py) == (max(math.Abs(i), math.Abs(j)) != 1) {
				right++
			}
		}
	}
	return right
}

// timed reports whether a sampled grid has the two timing patterns of a code:
// dark and light by turns between the finder patterns, ISO/IEC 18004 §6.3.5.
// Three things that happen to look like finder patterns have none.
func timed(bits *gozxing.BitMatrix) bool {
	n := bits.GetHeight()
	right := 0
	for i := 8; i < n-8; i++ {
		if bits.Get(i, 6) == (i%2 == 0) {
			right++
		}
		if bits.Get(6, i) == (i%2 == 0) {
			right++
		}
	}
	return right*100 >= 2*(n-16)*85
}

// corners maps the symbol's outer corners through the transform that the grid
// was sampled with.
func (c candidate) corners(dimension int, alignment *detector.AlignmentPattern) (out [4]Point) {
	n := float64(dimension)
	points := []float64{0, 0, n, 0, n, n, 0, n}
	detector.Detector_createTransform(c.tl, c.tr, c.bl, alignment, dimension).TransformPoints(points)
	for i := range out {
		out[i] = Point{points[2*i], points[2*i+1]}
	}
	return out
}
