package credential

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/dzong-id/dzong/sdk/limits"
)

// ErrStatus is returned by [W3CStatus] for a credentialStatus that claims a form
// and breaks it. It names nothing of what is in it.
var ErrStatus = errors.New("credentialStatus is not as its type says")

// W3CStatus reads the credentialStatus member of a W3C credential: one object, or
// an array of them, each of which counts. value is what strict JSON decoding
// gives. A type that is not known gives a reference with that word as mechanism
// and no address. The error is [ErrStatus]; a mechanism answers malformed.
func W3CStatus(value any) ([]StatusReference, error) {
	entries, isList := value.([]any)
	if !isList {
		entries = []any{value}
	}
	if len(entries) == 0 || len(entries) > limits.StatusEntries {
		return nil, ErrStatus
	}
	refs := make([]StatusReference, len(entries))
	for i, v := range entries {
		entry, ok := v.(map[string]any)
		if !ok {
			return nil, ErrStatus
		}
		if refs[i], ok = w3cEntry(entry); !ok {
			return nil, ErrStatus
		}
	}
	return refs, nil
}

func w3cEntry(entry map[string]any) (StatusReference, bool) {
	name, ok := entryType(entry["type"])
	if !ok {
		return StatusReference{}, false
	}
	r := StatusReference{Mechanism: name}
	index, list := "statusListIndex", "statusListCredential"
	switch name {
	case StatusBitstring, Status2021:
		// Bitstring Status List §2.1: "The type of purpose for which the status
		// information [...] MUST be a string".
		if r.Purpose, ok = entry["statusPurpose"].(string); !ok || r.Purpose == "" {
			return r, false
		}
	case StatusRevocation20:
		r.Purpose, index, list = "revocation", "revocationListIndex", "revocationListCredential"
	default:
		return r, true
	}
	if r.URI, ok = entry[list].(string); !ok || r.URI == "" {
		return r, false
	}
	if r.Index, ok = entryIndex(entry[index]); !ok {
		return r, false
	}
	if name == StatusBitstring {
		r.Size, ok = entrySize(entry)
		ok = ok && entryMessages(entry, r.Size)
	}
	return r, ok
}

// entryType is the one type of an entry that says which mechanism it is. Two
// known ones contradict each other.
func entryType(v any) (string, bool) {
	types, isList := v.([]any)
	if !isList {
		types = []any{v}
	}
	found, known := "", false
	for _, v := range types {
		t, ok := v.(string)
		if !ok || t == "" {
			return "", false
		}
		switch t {
		case StatusBitstring, Status2021, StatusRevocation20:
			if known && t != found {
				return "", false
			}
			found, known = t, true
		default:
			if found == "" {
				found = t
			}
		}
	}
	// A type that calls itself by the name of another form's member would be
	// looked up as that form.
	return found, found != "" && found != StatusToken && found != StatusHealthCard
}

// entryIndex reads §2.1's "an arbitrary size integer greater than or equal to 0,
// expressed as a string in base 10". Issuers also write it as a number, which
// says the same. No list has room for what does not fit 64 bits.
func entryIndex(v any) (uint64, bool) {
	text, ok := v.(string)
	if n, isNumber := v.(json.Number); isNumber {
		text, ok = string(n), true
	}
	if !ok || len(text) > 1 && text[0] == '0' {
		return 0, false
	}
	n, err := strconv.ParseUint(text, 10, 64)
	return n, err == nil
}

// entrySize reads §2.1's statusSize: "an integer greater than zero", 1 if absent.
// Entries of more than 8 bits exist nowhere and are refused.
func entrySize(entry map[string]any) (uint8, bool) {
	v, stated := entry["statusSize"]
	if !stated {
		return 1, true
	}
	n, ok := v.(json.Number)
	size, err := strconv.ParseUint(string(n), 10, 8)
	return uint8(size), ok && err == nil && 1 <= size && size <= 8
}

// entryMessages holds an entry to §2.1: statusMessage "MUST be present if statusSize
// is greater than 1", its length "MUST equal the number of possible status
// messages", and each has "a string representing the hexadecimal value of the
// status prefixed with 0x" and a message. What the messages say is the issuer's own
// and decides nothing; an entry that breaks its own form does.
func entryMessages(entry map[string]any, size uint8) bool {
	v, stated := entry["statusMessage"]
	if !stated {
		return size == 1
	}
	list, ok := v.([]any)
	if !ok || len(list) != 1<<size {
		return false
	}
	seen := make([]bool, len(list))
	for _, v := range list {
		m, _ := v.(map[string]any)
		status, _ := m["status"].(string)
		digits, hexadecimal := strings.CutPrefix(status, "0x")
		n, err := strconv.ParseUint(digits, 16, 8)
		if _, ok := m["message"].(string); !ok || !hexadecimal || err != nil || int(n) >= len(seen) || seen[n] {
			return false
		}
		seen[n] = true
	}
	return true
}
