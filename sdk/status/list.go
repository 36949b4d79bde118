package status

import (
	"errors"
	"strconv"
	"time"
)

// List is one opened status list: signed, verified, decompressed. It is
// immutable and safe for concurrent use. The zero value holds no entry.
type List struct {
	URI      string        // the list's name: the token's sub
	Bits     uint8         // bits per entry: 1, 2, 4 or 8
	Signers  []string      // controllers of the key that verified it, sorted; usually one
	KeyID    string        // identifier of that key, for the audit
	IssuedAt time.Time     // iat
	Expires  time.Time     // exp; zero if not stated
	TTL      time.Duration // ttl; zero if not stated

	notBefore time.Time // nbf, if it lies after iat
	entries   uint64
	shift     uint8 // log2 of entries per byte
	data      []byte
}

// Value is the status of one referenced token (§7.1).
type Value uint8

const (
	Valid     Value = 0 // "VALID": valid, correct or legal
	Invalid   Value = 1 // "INVALID": revoked, annulled, taken back, recalled or cancelled
	Suspended Value = 2 // "SUSPENDED": temporarily invalid, hanging
)

// String is the word of the draft's registry, in lower case; values without a
// word are given as a number.
func (v Value) String() string {
	switch v {
	case Valid:
		return "valid"
	case Invalid:
		return "invalid"
	case Suspended:
		return "suspended"
	default:
		return "status type " + strconv.Itoa(int(v))
	}
}

// ErrRange is given for an index outside the list. §8.3 step 6: "If the provided
// index is out of bounds of the Status List, no statement about the status of
// the Referenced Token can be made".
var ErrRange = errors.New("status index is outside the list")

// Lookup reads the entry at index, in place and without allocating. The only
// error is [ErrRange].
//
// §4.1 step 3: "Each index identifies a contiguous block of bits in the byte
// array, with the blocks being packed into bytes from the least significant bit
// ("0") to the most significant bit ("7")."
func (l *List) Lookup(index uint64) (Value, error) {
	if index >= l.entries {
		return 0, ErrRange
	}
	b := l.data[index>>l.shift]
	within := index & (1<<l.shift - 1)
	return Value(b >> (within * uint64(l.Bits)) & (1<<l.Bits - 1)), nil
}

// Len is the number of entries. A list is padded to whole bytes, so up to seven
// of them may never have been assigned.
func (l *List) Len() uint64 { return l.entries }

// defaultAge is how long a list counts that states neither exp nor ttl, where
// no policy says otherwise: without any bound, a list could be replayed for
// ever.
const defaultAge = 24 * time.Hour

// aheadTolerance is how far iat and nbf may lie ahead of the reference time
// before the list is taken as not yet in force: clocks that are synchronised
// differ by less.
const aheadTolerance = time.Minute

// Fresh reports whether the list still speaks for the moment at. It does not
// if it has expired (at ≥ exp), if it is older than maxAge where that is
// positive (a policy's bound), otherwise older than its own ttl, or, stating
// neither ttl nor exp, older than a day; nor if it was issued more than a
// minute after at, which says that one of the two clocks is wrong. Ages count
// from iat, the only time that is signed: when a copy was fetched is known only
// to the disk.
func (l *List) Fresh(at time.Time, maxAge time.Duration) bool {
	ahead := at.Add(aheadTolerance)
	if l.IssuedAt.After(ahead) || l.notBefore.After(ahead) {
		return false
	}
	deadline := l.Deadline()
	if maxAge > 0 {
		deadline = earlier(l.Expires, l.IssuedAt.Add(maxAge).Add(time.Nanosecond))
	}
	return at.Before(deadline)
}

// Deadline is the first moment at which the list is no longer fresh by its own
// account: the earlier of exp and iat + ttl, or a day after iat if it states
// neither.
func (l *List) Deadline() time.Time {
	var byAge time.Time
	switch {
	case l.TTL > 0:
		// "(time status was resolved + ttl < current time)" (§8.3 step 4d): at
		// iat+ttl itself the list still counts.
		byAge = l.IssuedAt.Add(l.TTL).Add(time.Nanosecond)
	case l.Expires.IsZero():
		byAge = l.IssuedAt.Add(defaultAge).Add(time.Nanosecond)
	}
	return earlier(l.Expires, byAge)
}

// earlier is the earlier of two times, where zero means never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
