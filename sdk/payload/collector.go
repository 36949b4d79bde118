package payload

import (
	"bytes"
	"strconv"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Collector puts together what stands in several codes: the parts of a Uniform
// Resource (BC-UR, animated), of a SMART Health Card, and of a QR code's own
// structured append. It takes parts in any order and as often as they are seen. The
// zero value is ready for use; it must not be used concurrently.
//
// It holds one message at a time, of at most limits.QRText bytes in limits.Parts
// parts: a part of another one begins anew.
type Collector struct {
	typ    string
	ur     *fountain
	series *series
}

// Progress says how far a collection is.
type Progress struct {
	Have int // parts at hand that say something new
	Need int // parts that suffice
}

// Done reports whether nothing is missing.
func (p Progress) Done() bool { return p.Have >= p.Need }

// Add takes one scanned text, as [Parse] does. Whole payloads go straight to
// Parse and leave the collection as it is. For a part, the progress is not done
// and the payload empty but for its kind until the last part is there; then the
// payload is that of the whole, and the collection is empty again.
//
// The error is a *reason.Error: what Parse says about a whole, malformed or
// too_large for a part that cannot be read, which changes nothing, and malformed
// for parts that do not make a message, which ends the collection.
func (c *Collector) Add(scanned []byte) (Payload, Progress, error) {
	whole := Progress{1, 1}
	if len(scanned) > limits.QRText || recognise(scanned) != MultiPart {
		p, err := Parse(scanned)
		return p, whole, err
	}
	collected := Payload{Kind: MultiPart}
	if isHealthCard(scanned) {
		progress, err := c.addChunk(scanned)
		if err != nil || !progress.Done() {
			return collected, progress, err
		}
		text := append([]byte("shc:/"), c.series.whole()...)
		*c = Collector{}
		p, err := Parse(text)
		return p, progress, err
	}
	u, err := parseUR(scanned)
	if err != nil {
		return collected, c.progress(), err
	}
	if u.part == nil {
		p, err := Parse(scanned)
		return p, whole, err
	}
	if c.ur == nil || c.typ != u.typ || !c.ur.takes(u.part) {
		*c = Collector{typ: u.typ, ur: newFountain(u.part)}
	}
	c.ur.add(u.part)
	progress := c.progress()
	if !progress.Done() {
		return collected, progress, nil
	}
	message, ok := c.ur.message()
	*c = Collector{}
	if !ok {
		return collected, c.progress(), brokenPart("put the message together", errChecksum)
	}
	p, err := fromUR(u, message)
	return p, progress, err
}

// Progress is how far the collection at hand is; zero if there is none.
func (c *Collector) Progress() Progress { return c.progress() }

func (c *Collector) progress() Progress {
	if c.ur != nil {
		return Progress{c.ur.rank, len(c.ur.rows)}
	}
	if c.series != nil {
		return Progress{c.series.seen, len(c.series.parts)}
	}
	return Progress{}
}

// isHealthCard reports whether text, known to be a part, is one of a SMART Health
// Card.
func isHealthCard(text []byte) bool { return text[0]|0x20 == 's' }

// chunk reads shc:/<number>/<of>/<digits>. number is 0 if it is none.
func chunk(text []byte) (number, of int, digits []byte) {
	fields := bytes.Split(text, []byte("/"))
	if len(fields) != 4 || !onlyDigits(fields[3]) || len(fields[3]) == 0 {
		return 0, 0, nil
	}
	number, of = small(fields[1]), small(fields[2])
	if number > of {
		return 0, 0, nil
	}
	return number, of, fields[3]
}

// small reads a number from 1 to 9,999 as it is written in one way only.
func small(text []byte) int {
	n, err := strconv.Atoi(string(text))
	if err != nil || len(text) > 4 || !onlyDigits(text) || text[0] == '0' {
		return 0
	}
	return n
}

// addChunk takes one part of a health card. The parts carry no name of the whole:
// parts of two cards put together give a card whose signature does not verify.
func (c *Collector) addChunk(text []byte) (Progress, error) {
	number, of, digits := chunk(text)
	switch {
	case number == 0:
		return c.progress(), brokenPart("read a health card's part", errPartText)
	case of > limits.Parts:
		return c.progress(), &reason.Error{Code: reason.TooLarge, Doing: "assemble codes: more parts than any health card has"}
	}
	return c.addToSeries(healthCardSeries, of, number-1, digits, limits.QRText-len("shc:/"))
}
