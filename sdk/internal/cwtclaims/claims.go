// Package cwtclaims reads the claims set of a CBOR Web Token (RFC 8392 §3) as what
// JSON can say, under the names of the IANA registry "CBOR Web Token (CWT) Claims",
// so that the rules for claims are written once for both encodings. Credentials and
// status lists as CWT share it; it checks no signature and judges no value.
package cwtclaims

import (
	"strconv"

	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Names of claims that are more than text and numbers.
const (
	Identity = "identity-data" // 169, MOSIP
	Health   = "hcert"         // -260, EU eHealth Network
)

// names: the registry, as far as credentials and status lists use it.
var names = map[int64]string{
	1: "iss", 2: "sub", 3: "aud", 4: "exp", 5: "nbf", 6: "iat", 7: "cti", // RFC 8392 §3.1
	8:    "cnf", // RFC 8747
	11:   "vct", // SD-CWT
	169:  Identity,
	-260: Health,
	// Token Status List §14.2
	65533: "status_list", 65534: "ttl", 65535: "status",
}

// Set is a claims set. Claims without a name here have their number in decimal for
// one.
type Set struct {
	Values  map[string]any
	Encoded map[string]strictcbor.RawMessage
}

// Read reads a claims set: a map whose keys are whole numbers or text. A claim that
// stands there by the name of a number (iss, or "1") is refused, since another
// reader would take it for nothing or for that claim; so are dates in a tag (§2:
// "the leading tag 1 (epoch-based date/time) MUST be omitted"). Errors are
// *reason.Error with malformed or too_large.
func Read(payload []byte) (Set, error) {
	encoded, err := strictcbor.Map(payload)
	if err != nil {
		return Set{}, err
	}
	set := Set{make(map[string]any, len(encoded)), make(map[string]strictcbor.RawMessage, len(encoded))}
	for key, raw := range encoded {
		name, isText := key.(string)
		if n, ok := key.(int64); ok {
			if name = names[n]; name == "" {
				name = strconv.FormatInt(n, 10)
			}
		}
		if isText && taken(name) {
			return Set{}, malformed("a claim is called by a number's name")
		}
		switch name {
		case "exp", "nbf", "iat":
			if _, _, tagged, _ := strictcbor.Untag(raw); tagged {
				return Set{}, malformed(name + " is tagged")
			}
		}
		set.Encoded[name] = raw
		if set.Values[name], err = strictcbor.Value(raw); err != nil {
			return Set{}, err
		}
	}
	return set, nil
}

// taken reports whether text is what a claim with a number is called here.
func taken(text string) bool {
	if _, err := strconv.ParseInt(text, 10, 64); err == nil {
		return true
	}
	for _, name := range names {
		if name == text {
			return true
		}
	}
	return false
}

func malformed(what string) error {
	return &reason.Error{Code: reason.Malformed, Doing: "read claims: " + what}
}
