package sdjwt

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
)

// read takes from the processed payload what the mechanism needs, and refuses
// registered claims of the wrong kind: an exp that is no number must not read as
// no exp.
func (c *claims) read(format credential.Format) error {
	if err := c.readIssuer(); err != nil {
		return err
	}
	if v, ok := c.all["vct"]; ok {
		vct, _ := v.(string)
		if format != credential.FormatSDJWTVC || vct == "" {
			// Disclosed in a plain SD-JWT, or no string.
			return malformed("vct is no string, or stands in a document whose typ is not dc+sd-jwt")
		}
		c.types = []string{vct}
	}
	for _, date := range [...]struct {
		name string
		into *time.Time
	}{{"iat", &c.issuedAt}, {"nbf", &c.notBefore}, {"exp", &c.expires}} {
		v, ok := c.all[date.name]
		if !ok {
			continue
		}
		if *date.into, ok = numericDate(v); !ok {
			return malformed(date.name + " is no date")
		}
	}
	if err := c.readAudience(); err != nil {
		return err
	}
	if err := c.readStatus(); err != nil {
		return err
	}
	return c.readHolder()
}

func (c *claims) readIssuer() error {
	v, ok := c.all["iss"]
	if !ok && c.all["@context"] != nil {
		// A W3C credential in a plain SD-JWT names its issuer as VCDM 2.0 §4.7
		// does: "either a URL or an object containing an id property".
		v, ok = c.all["issuer"]
		if m, isObject := v.(map[string]any); isObject {
			v, ok = m["id"]
		}
	}
	if !ok {
		return nil
	}
	if c.issuer, ok = v.(string); !ok || c.issuer == "" {
		return malformed("the issuer's identifier is no string")
	}
	return nil
}

// readAudience reads aud as RFC 7519 §4.1.3 has it: an array of strings, or "a
// single case-sensitive string".
func (c *claims) readAudience() error {
	v, ok := c.all["aud"]
	if !ok {
		return nil
	}
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	c.audience = make([]string, len(list))
	for i, e := range list {
		if c.audience[i], ok = e.(string); !ok {
			return malformed("aud is neither a string nor an array of strings")
		}
	}
	return nil
}

// readStatus reads the status claim (Token Status List §6.2). A mechanism this
// package does not know is passed on without an address, so that it is never
// mistaken for "has no status".
func (c *claims) readStatus() error {
	v, ok := c.all["status"]
	if !ok {
		return nil
	}
	status, ok := v.(map[string]any)
	if !ok || len(status) == 0 {
		return malformed("status is no object or empty")
	}
	v, ok = status["status_list"]
	if !ok {
		for _, name := range slices.Sorted(maps.Keys(status)) {
			c.status = append(c.status, credential.StatusReference{Mechanism: name})
		}
		return nil
	}
	list, _ := v.(map[string]any)
	// "idx: REQUIRED. [...] a non-negative Integer"; "uri: REQUIRED. [...] a String".
	number, _ := list["idx"].(json.Number)
	index, err := strconv.ParseUint(string(number), 10, 64)
	uri, _ := list["uri"].(string)
	if err != nil || uri == "" {
		return malformed("status_list lacks idx or uri")
	}
	c.status = []credential.StatusReference{{Mechanism: "status_list", URI: uri, Index: index}}
	return nil
}

// readHolder reads the key the statement is bound to (RFC 9901 §4.1.2, RFC 7800
// §3.2). Other confirmation methods, and keys that cannot verify a signature,
// bind it to nobody this package could recognise.
func (c *claims) readHolder() error {
	v, ok := c.all["cnf"]
	if !ok {
		return nil
	}
	cnf, ok := v.(map[string]any)
	if !ok {
		// RFC 7800 §3.1: "The value of this claim is a JSON object".
		return malformed("cnf is no object")
	}
	_, holds := cnf["jwk"]
	_, encrypted := cnf["jwe"]
	_, elsewhere := cnf["jku"]
	if holds && (encrypted || elsewhere) {
		// §3.1: "The "cnf" claim value MUST represent only a single
		// proof-of-possession key; thus, at most one of the "jwk", "jwe", and "jku"
		// [...] confirmation values [...] may be present."
		return malformed("cnf names more than one key")
	}
	jwk, ok := cnf["jwk"].(map[string]any)
	if !ok {
		return nil
	}
	if k, err := credential.ParseJWKMap(jwk); err == nil {
		k = k.WithPurposes(credential.Authentication)
		c.holder = &k
	}
	return nil
}

// latest is the end of the year 9999 in UTC, in seconds since 1970.
const latest = 253_402_300_799

// numericDate reads RFC 7519 §2: "the number of seconds from 1970-01-01T00:00:00Z
// UTC until the specified UTC date/time, ignoring leap seconds [...] non-integer
// values can be represented." Years before 1970 and after 9999 are no dates.
func numericDate(v any) (time.Time, bool) {
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
