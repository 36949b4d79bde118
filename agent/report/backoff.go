package report

import (
	"math/rand/v2"
	"time"
)

// backoff gives growing intervals. Each is drawn from the upper half of its
// range: a district whose power returns at one instant must not knock on the
// broker's door at one instant, again and again.
type backoff struct {
	least, most time.Duration
	next        time.Duration
}

func (b *backoff) interval() time.Duration {
	b.next = min(max(b.next, b.least), b.most)
	d := b.next/2 + time.Duration(rand.Int64N(int64(b.next/2)+1))
	b.next *= 2
	return d
}

func (b *backoff) reset() { b.next = 0 }
