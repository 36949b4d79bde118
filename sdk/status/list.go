package status

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
)

// List is one opened status list: signed, verified, decompressed. It is
// immutable and safe for concurrent use. The zero value holds no entry.
type List struct {
	URI       string        // the list's name: the token's sub, the status list credential's id
	Mechanism string        // the form of reference it answers: credential.StatusToken, StatusBitstring …
	Purposes  []string      // W3C statusPurpose; nil for forms that have none
	Bits      uint8         // bits per entry: 1, 2, 4 or 8; 1 for W3C lists, whose entries say it themselves
	Signers   []string      // controllers of the key that verified it, sorted; usually one
	KeyID     string        // identifier of that key, for the audit
	IssuedAt  time.Time     // iat, validFrom or issuanceDate
	Expires   time.Time     // exp, validUntil or expirationDate; zero if not stated
	TTL       time.Duration // ttl; zero if not stated

	notBefore time.Time // nbf or validFrom, if it lies after IssuedAt
	entries   uint64
	shift     uint8 // log2 of entries per byte
	leftmost  bool  // W3C bit order: index 0 is the most significant bit
	data      []byte
	revokees  map[string]time.Time // health cards: issued before that time; zero: whenever
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

// ErrForm is given for a reference that a list of this form and purpose does not
// answer. Bitstring Status List §3.2 step 7: "If the status purpose [of the entry]
// is not equal to a statusPurpose value in the statusListCredential, raise a
// STATUS_VERIFICATION_ERROR".
var ErrForm = errors.New("the status list is of another form or for another purpose than the reference")

// Find answers a reference of any form, in place and without allocating. The
// errors are [ErrRange] and [ErrForm]. What a value means is the reference's
// purpose, where it has one: a set bit for "refresh" revokes nothing.
func (l *List) Find(ref credential.StatusReference) (Value, error) {
	if ref.Mechanism != l.Mechanism || ref.Purpose != "" && !slices.Contains(l.Purposes, ref.Purpose) {
		return 0, ErrForm
	}
	switch {
	case l.revokees != nil:
		if before, listed := l.revokees[ref.Revokee]; listed && (before.IsZero() || ref.Issued.Before(before)) {
			return Invalid, nil
		}
		return Valid, nil
	case ref.Size > 1 && l.leftmost:
		return l.wide(ref.Index, uint64(ref.Size))
	default:
		return l.Lookup(ref.Index)
	}
}

// Lookup reads the entry at index, in place and without allocating. The only
// error is [ErrRange].
//
// Token Status List §4.1 step 3: "Each index identifies a contiguous block of bits
// in the byte array, with the blocks being packed into bytes from the least
// significant bit ("0") to the most significant bit ("7")." Bitstring Status List
// §3.4 has it the other way round: "the first index, with a value of zero (0), is
// located at the left-most bit in the bitstring".
func (l *List) Lookup(index uint64) (Value, error) {
	if index >= l.entries {
		return 0, ErrRange
	}
	b := l.data[index>>l.shift]
	within := index & (1<<l.shift - 1)
	if l.leftmost {
		return Value(b >> (7 - within) & 1), nil
	}
	return Value(b >> (within * uint64(l.Bits)) & (1<<l.Bits - 1)), nil
}

// wide reads a W3C entry of several bits, which may cross a byte's end. Bitstring
// Status List §3.2 steps 9 and 10: "If the length of the revocation bitstring
// divided by statusSize is less than 131,072, raise a STATUS_LIST_LENGTH_ERROR";
// the entry lies "at the position indicated by the statusListIndex multiplied by
// the size".
func (l *List) wide(index, size uint64) (Value, error) {
	if entries := l.entries / size; index >= entries || entries < leastEntries {
		return 0, ErrRange
	}
	var v Value
	for at := index * size; at < (index+1)*size; at++ {
		v = v<<1 | Value(l.data[at>>3]>>(7-at&7)&1)
	}
	return v, nil
}

// Len is the number of entries, of bits for a W3C list. A list is padded to whole bytes, so up to seven
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
