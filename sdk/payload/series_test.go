package payload

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// symbols spreads content over so many symbols.
func symbols(content []byte, total int) []Part {
	var parity byte
	for _, b := range content {
		parity ^= b
	}
	size := (len(content) + total - 1) / total
	parts := make([]Part, total)
	for i := range parts {
		parts[i] = Part{i, total, parity, content[min(i*size, len(content)):min((i+1)*size, len(content))]}
	}
	return parts
}

func TestSymbolsInAnyOrderMakeAWhole(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, total := range []int{2, 3, 16} {
		parts := symbols([]byte(sample), total)
		parts = append(parts, parts...) // seen twice
		r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		var c Collector
		for n, part := range parts {
			p, progress, err := c.AddPart(part)
			if err != nil {
				t.Fatal(err)
			}
			if !progress.Done() {
				if p.Kind != MultiPart || p.Presentation != nil || progress.Need != total || c.Progress() != progress {
					t.Fatalf("%d of %d: %+v, %+v", n, total, p, progress)
				}
				continue
			}
			if p.Kind != SDJWT || string(p.Presentation) != sample || c.Progress() != (Progress{}) {
				t.Errorf("%+v, then %+v", p, c.Progress())
			}
			break
		}
	}
}

func TestSymbolsThatAreRefused(t *testing.T) {
	good := symbols([]byte(sample), 3)[0]
	for name, change := range map[string]func(*Part){
		"one symbol alone":      func(p *Part) { p.Total, p.Index = 1, 0 },
		"no symbols":            func(p *Part) { p.Total = 0 },
		"more symbols than any": func(p *Part) { p.Total = 17 },
		"a position behind all": func(p *Part) { p.Index = 3 },
		"a position before all": func(p *Part) { p.Index = -1 },
	} {
		var c Collector
		if _, _, err := c.AddPart(good); err != nil {
			t.Fatal(err)
		}
		part := good
		change(&part)
		p, progress, err := c.AddPart(part)
		var r *reason.Error
		if !errors.As(err, &r) || r.Code != reason.Malformed || p.Kind != MultiPart || progress != (Progress{1, 3}) {
			t.Errorf("%s: %+v, %+v, %v", name, p, progress, err)
		}
	}
	var c Collector
	parts := symbols([]byte(sample), 2)
	parts[0].Parity ^= 1
	parts[1].Parity ^= 1
	c.AddPart(parts[0])
	p, progress, err := c.AddPart(parts[1])
	var r *reason.Error
	if !errors.As(err, &r) || r.Code != reason.Malformed || p.Presentation != nil || progress != (Progress{}) {
		t.Errorf("another parity: %+v, %+v, %v", p, progress, err)
	}
	parts = symbols(bytes.Repeat([]byte("e"), limits.QRText+2), 2)
	c.AddPart(parts[0])
	if _, progress, err = c.AddPart(parts[1]); !errors.As(err, &r) || r.Code != reason.TooLarge || progress != (Progress{}) {
		t.Errorf("too long: %+v, %v", progress, err)
	}
}

func TestASymbolOfAnotherMessageBeginsAnew(t *testing.T) {
	first, second := symbols([]byte(sample), 3), symbols([]byte(sample+"x"), 3)
	same := first[1]
	same.Data = append([]byte("y"), same.Data[1:]...)
	for name, part := range map[string]Part{
		"another parity": second[1], "another number": symbols([]byte(sample), 2)[1], "other data at the same place": same,
	} {
		var c Collector
		c.AddPart(first[0])
		c.AddPart(first[1])
		if _, progress, err := c.AddPart(part); err != nil || progress != (Progress{1, part.Total}) {
			t.Errorf("%s: %+v, %v", name, progress, err)
		}
	}
	var c Collector
	c.AddPart(first[0])
	if _, progress, err := c.Add([]byte("shc:/1/2/1111")); err != nil || progress != (Progress{1, 2}) {
		t.Errorf("a health card's part: %+v, %v", progress, err)
	}
	if _, progress, err := c.AddPart(first[0]); err != nil || progress != (Progress{1, 3}) {
		t.Errorf("a symbol again: %+v, %v", progress, err)
	}
	if _, progress, err := c.Add([]byte(sample)); err != nil || !progress.Done() || c.Progress() != (Progress{1, 3}) {
		t.Errorf("a whole between: %+v, %v", progress, err)
	}
	data := bytes.Clone(first[1].Data)
	mine := first[1]
	mine.Data = data
	c.AddPart(mine)
	data[0] ^= 1 // the collector keeps a copy
	if p, _, err := c.AddPart(first[2]); err != nil || string(p.Presentation) != sample {
		t.Errorf("%+v, %v", p, err)
	}
}

func FuzzAddPart(f *testing.F) {
	for _, p := range symbols([]byte(sample), 3) {
		f.Add(p.Index, p.Total, p.Parity, p.Data)
	}
	f.Add(0, 2, byte(0), []byte(nil))
	good := symbols([]byte(sample), 3)
	f.Fuzz(func(t *testing.T, index, total int, parity byte, data []byte) {
		var c Collector
		for _, part := range append([]Part{{index, total, parity, data}, {index ^ 1, total, parity, data}}, good...) {
			p, progress, err := c.AddPart(part)
			var r *reason.Error
			if err != nil && !errors.As(err, &r) {
				t.Fatal(err)
			}
			if (p.Presentation != nil) != (err == nil && progress.Done()) {
				t.Fatalf("%+v, %+v, %v", p, progress, err)
			}
		}
	})
}
