package deny

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// MediaType is the typ of a signed deny list's JWS, and with "application/" before
// it its media type.
const MediaType = "dzong-deny+jwt"

// List is a parsed deny list. It is immutable and safe for concurrent use.
type List struct {
	Number  uint64    // grows by at least one with every list the authority signs
	Issued  time.Time // when the authority made it
	Expires time.Time // from then on it is stale

	digest [32]byte
	denied []byte // digests, ascending
}

// Open verifies a deny list signed by the trust authority, whose key is root. The
// error wraps a *reason.Error: too_large, malformed, algorithm_refused,
// signature_invalid.
func Open(compact []byte, root credential.Key) (*List, error) {
	if len(compact) > limits.DenyList {
		return nil, tooLarge(len(compact))
	}
	payload, err := jws.OpenPinned(compact, MediaType, root, "open deny list")
	if err != nil {
		return nil, err
	}
	return Parse(payload)
}

// document is the payload. What may be empty and must be there is a pointer.
type document struct {
	Format  int     `json:"format"`
	Number  uint64  `json:"number"`
	Issued  string  `json:"issued"`
	Expires string  `json:"expires"`
	Denied  *string `json:"denied"`
}

// Parse reads a bare deny list: nothing but its form is checked, so the caller
// vouches for the bytes. The error wraps a *reason.Error, malformed or too_large.
func Parse(data []byte) (*List, error) {
	if len(data) > limits.DenyList {
		return nil, tooLarge(len(data))
	}
	var d document
	if err := strictjson.Unmarshal(data, &d); err != nil {
		return nil, fmt.Errorf("parse deny list: %w", err)
	}
	issued, isTime := strictjson.Time(d.Issued)
	expires, areTimes := strictjson.Time(d.Expires)
	switch {
	case d.Format != 1:
		return nil, malformed("format is not 1: this version cannot read the list")
	case d.Number < 1 || d.Number > 1<<53-1:
		return nil, malformed("number is no whole number from 1 to 2^53-1")
	case !isTime || !areTimes || !expires.After(issued):
		return nil, malformed("issued and expires are not two RFC 3339 times, one after the other")
	case d.Denied == nil:
		return nil, malformed("denied is missing")
	}
	denied, err := base64url.Decode(*d.Denied)
	if err != nil || len(denied)%sha256.Size != 0 {
		return nil, malformed("denied is no base64url of digests of 32 bytes")
	}
	// One order, and nothing twice: there is one way to write a list, and a lookup
	// may halve it.
	for at := sha256.Size; at < len(denied); at += sha256.Size {
		if bytes.Compare(denied[at-sha256.Size:at], denied[at:at+sha256.Size]) >= 0 {
			return nil, malformed("denied is not in ascending order")
		}
	}
	return &List{
		Number: d.Number, Issued: issued, Expires: expires,
		digest: sha256.Sum256(data), denied: denied,
	}, nil
}

func malformed(what string) error {
	return &reason.Error{Code: reason.Malformed, Doing: "parse deny list: " + what}
}

func tooLarge(n int) error {
	return &reason.Error{Code: reason.TooLarge, Doing: fmt.Sprintf("read deny list: %d bytes, at most %d", n, limits.DenyList)}
}

// Denies reports whether the list names the credential of issuer that has this
// identifier at path.
func (l *List) Denies(issuer string, path []string, identifier string) bool {
	digest := Digest(issuer, path, identifier)
	n := sort.Search(l.Len(), func(i int) bool { return bytes.Compare(l.at(i), digest[:]) >= 0 })
	return n < l.Len() && bytes.Equal(l.at(n), digest[:])
}

func (l *List) at(i int) []byte { return l.denied[i*sha256.Size:][:sha256.Size] }

// Len is the number of credentials denied.
func (l *List) Len() int { return len(l.denied) / sha256.Size }

// Stale reports whether the list has expired at the given time, or, where maxAge is
// positive, was issued longer ago than that. What a stale list denies stays denied.
func (l *List) Stale(at time.Time, maxAge time.Duration) bool {
	return !at.Before(l.Expires) || maxAge > 0 && at.Sub(l.Issued) > maxAge
}

// Digest is the SHA-256 of the list's JSON bytes as they were signed or handed in:
// it tells two lists with one number apart.
func (l *List) Digest() [32]byte { return l.digest }

// domain keeps a digest of this list from being one of anything else.
const domain = "dzong-deny-1"

// Digest is how a list names a credential: by its issuer, the path of its
// identifier, and the identifier. A number is written in decimal.
func Digest(issuer string, path []string, identifier string) [32]byte {
	// Most fit; what does not is allocated.
	buf := make([]byte, 0, 256)
	add := func(s string) {
		buf = binary.BigEndian.AppendUint32(buf, uint32(len(s)))
		buf = append(buf, s...)
	}
	add(domain)
	add(issuer)
	for _, name := range path {
		add(name)
	}
	add(identifier)
	return sha256.Sum256(buf)
}

// Encode makes a list's payload, to be signed by the authority. The digests may
// come in any order.
func Encode(number uint64, issued, expires time.Time, digests ...[32]byte) ([]byte, error) {
	digests = slices.Clone(digests)
	slices.SortFunc(digests, func(a, b [32]byte) int { return bytes.Compare(a[:], b[:]) })
	digests = slices.Compact(digests)
	var all []byte
	for _, d := range digests {
		all = append(all, d[:]...)
	}
	denied := base64.RawURLEncoding.EncodeToString(all)
	data, err := json.Marshal(document{1, number, issued.UTC().Format(time.RFC3339), expires.UTC().Format(time.RFC3339), &denied})
	if err != nil {
		return nil, fmt.Errorf("encode deny list: %w", err)
	}
	if _, err := Parse(data); err != nil {
		return nil, errors.Join(errors.New("encode deny list"), err)
	}
	return data, nil
}
