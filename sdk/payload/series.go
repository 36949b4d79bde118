package payload

import (
	"bytes"
	"errors"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Part is one symbol of a structured append (ISO/IEC 18004 §8): a message that a
// QR code's encoder spread over up to 16 codes.
type Part struct {
	Index  int    // position of this symbol, from 0
	Total  int    // number of symbols, 2 to 16
	Parity byte   // all bytes of the whole message, xored; the same in every symbol
	Data   []byte // what this symbol holds, without the header; kept as a copy
}

// mostSymbols is how many symbols a structured append has at most (§8.2: four bits
// for the position).
const mostSymbols = 16

var (
	errSymbol = errors.New("its position or its number of symbols is impossible")
	errParity = errors.New("the parity of the whole is wrong")
)

// AddPart takes one symbol of a structured append. It answers as [Collector.Add]
// does: the last symbol gives what [Parse] says of the whole. The parity tells the
// symbols of two messages apart only by chance; symbols of two messages put
// together give a whole whose parity is wrong, or whose signature does not verify.
func (c *Collector) AddPart(part Part) (Payload, Progress, error) {
	collected := Payload{Kind: MultiPart}
	if part.Total < 2 || part.Total > mostSymbols || part.Index < 0 || part.Index >= part.Total {
		return collected, c.progress(), brokenPart("read a symbol's header", errSymbol)
	}
	progress, err := c.addToSeries(int(part.Parity), part.Total, part.Index, part.Data, limits.QRText)
	if err != nil || !progress.Done() {
		return collected, progress, err
	}
	text := c.series.whole()
	*c = Collector{}
	var parity byte
	for _, b := range text {
		parity ^= b
	}
	if parity != part.Parity {
		return collected, c.progress(), brokenPart("put the symbols together", errParity)
	}
	p, err := Parse(text)
	return p, progress, err
}

// healthCardSeries names the series of a health card, whose parts carry no name of
// the whole; a structured append's is its parity.
const healthCardSeries = -1

// series is a message in a known number of consecutive parts.
type series struct {
	name  int
	parts [][]byte // nil: not seen
	seen  int
	size  int
}

func (s *series) whole() []byte { return bytes.Join(s.parts, nil) }

// addToSeries keeps the part at index of a message in so many parts, of at most
// so many bytes. A part that does not fit what is at hand begins anew.
func (c *Collector) addToSeries(name, of, index int, data []byte, most int) (Progress, error) {
	s := c.series
	if s == nil || s.name != name || len(s.parts) != of || s.parts[index] != nil && !bytes.Equal(s.parts[index], data) {
		s = &series{name: name, parts: make([][]byte, of)}
		*c = Collector{series: s}
	}
	if s.parts[index] == nil {
		if s.size += len(data); s.size > most {
			*c = Collector{}
			return c.progress(), &reason.Error{Code: reason.TooLarge, Doing: "assemble codes: more bytes than any credential here has"}
		}
		s.parts[index] = append([]byte{}, data...)
		s.seen++
	}
	return c.progress(), nil
}
