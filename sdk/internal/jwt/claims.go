package jwt

import (
	"encoding/json"
	"errors"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
)

// latest is the end of the year 9999 in UTC, in seconds since 1970.
const latest = 253_402_300_799

// NumericDate reads RFC 7519 §2: "the number of seconds from
// 1970-01-01T00:00:00Z UTC until the specified UTC date/time, ignoring leap
// seconds [...] non-integer values can be represented." Years before 1970 and
// after 9999 are no dates.
func NumericDate(v any) (time.Time, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return time.Time{}, false
	}
	if s, err := strconv.ParseInt(string(n), 10, 64); err == nil {
		if s < 0 || s > latest {
			return time.Time{}, false
		}
		return time.Unix(s, 0).UTC(), true
	}
	f, err := strconv.ParseFloat(string(n), 64)
	if err != nil || !(0 <= f && f <= latest) {
		return time.Time{}, false
	}
	s, fraction := math.Modf(f)
	return time.Unix(int64(s), int64(fraction*1e9)).UTC(), true
}

// Audience reads aud as RFC 7519 §4.1.3 has it: an array of strings, or "a single
// case-sensitive string".
func Audience(v any) ([]string, error) {
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	audience := make([]string, len(list))
	for i, e := range list {
		var ok bool
		if audience[i], ok = e.(string); !ok {
			return nil, errors.New("aud is neither a string nor an array of strings")
		}
	}
	return audience, nil
}

// Status reads the status claim (Token Status List §6.2). A mechanism this module
// does not know is passed on without an address, so that it is never mistaken
// for "has no status".
func Status(v any) ([]credential.StatusReference, error) {
	status, ok := v.(map[string]any)
	if !ok || len(status) == 0 {
		return nil, errors.New("status is no object or empty")
	}
	v, ok = status[credential.StatusToken]
	if !ok {
		var refs []credential.StatusReference
		for _, name := range slices.Sorted(maps.Keys(status)) {
			refs = append(refs, credential.StatusReference{Mechanism: name})
		}
		return refs, nil
	}
	list, _ := v.(map[string]any)
	// "idx: REQUIRED. [...] a non-negative Integer"; "uri: REQUIRED. [...] a String".
	number, _ := list["idx"].(json.Number)
	index, err := strconv.ParseUint(string(number), 10, 64)
	uri, _ := list["uri"].(string)
	if err != nil || uri == "" {
		return nil, errors.New("status_list lacks idx or uri")
	}
	return []credential.StatusReference{{Mechanism: credential.StatusToken, URI: uri, Index: index}}, nil
}

// Confirmation reads the key that a cnf claim binds to (RFC 7800 §3.2). Other
// confirmation methods, and keys that cannot verify a signature, give nil: they
// bind to nobody this module could recognise.
func Confirmation(v any) (*credential.Key, error) {
	cnf, ok := v.(map[string]any)
	if !ok {
		// RFC 7800 §3.1: "The value of this claim is a JSON object".
		return nil, errors.New("cnf is no object")
	}
	_, holds := cnf["jwk"]
	_, encrypted := cnf["jwe"]
	_, elsewhere := cnf["jku"]
	if holds && (encrypted || elsewhere) {
		// §3.1: "The "cnf" claim value MUST represent only a single
		// proof-of-possession key; thus, at most one of the "jwk", "jwe", and "jku"
		// [...] confirmation values [...] may be present."
		return nil, errors.New("cnf names more than one key")
	}
	jwk, ok := cnf["jwk"].(map[string]any)
	if !ok {
		return nil, nil
	}
	k, err := credential.ParseJWKMap(jwk)
	if err != nil {
		return nil, nil
	}
	k = k.WithPurposes(credential.Authentication)
	return &k, nil
}
