package shc

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

func parse(data []byte) (*presentation, error) {
	compact, err := undigit(data)
	if err != nil {
		return nil, err
	}
	p := &presentation{}
	if p.token, err = jws.Parse(compact); err != nil {
		return nil, within("its JWS", err)
	}
	// "Issuers SHALL [...] JWS header: alg: "ES256", zip: "DEF", kid".
	if p.token.Params["zip"] != any("DEF") {
		return nil, malformed(`its header lacks "zip": "DEF"`, nil)
	}
	if p.token.Kid == "" {
		return nil, malformed("its header lacks kid", nil)
	}
	payload, err := inflate(p.token.Payload)
	if err != nil {
		return nil, err
	}
	if p.claims, err = strictjson.DecodeObject(payload); err != nil {
		return nil, within("its payload", err)
	}
	if err := p.read(); err != nil {
		return nil, err
	}
	return p, nil
}

// inflate undoes "raw DEFLATE", RFC 1951 without any header, up to
// limits.Decompressed. Nothing may stand behind it.
func inflate(packed []byte) ([]byte, error) {
	src := bytes.NewReader(packed)
	r := flate.NewReader(src)
	defer r.Close()
	out := bytes.NewBuffer(make([]byte, 0, min(4*len(packed), limits.Decompressed)))
	n, err := io.Copy(out, io.LimitReader(r, limits.Decompressed+1))
	switch {
	case n > limits.Decompressed:
		return nil, tooLarge("its payload unfolds to more than any card holds")
	case err != nil:
		return nil, malformed("its payload is no DEFLATE stream", err)
	case src.Len() > 0:
		return nil, malformed("something follows its payload", nil)
	}
	return out.Bytes(), nil
}

// ridShape is "base64url, 24 characters at most".
var ridShape = regexp.MustCompile(`^[A-Za-z0-9_-]{1,24}$`)

// read takes from the payload what the mechanism has to look at.
func (p *presentation) read() error {
	var ok bool
	// "iss: The Issuer URL [...] SHALL use the https scheme and SHALL NOT include a
	// trailing /". It is also where its keys and revocation lists are.
	p.issuer, _ = p.claims["iss"].(string)
	u, err := url.Parse(p.issuer)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.HasSuffix(p.issuer, "/") {
		return malformed("iss is no https URL without a slash at its end", nil)
	}
	// "nbf [...] REQUIRED"; it is the card's date of issue.
	if p.notBefore, ok = numericDate(p.claims["nbf"]); !ok {
		return malformed("nbf is missing or no date", nil)
	}
	if v, stated := p.claims["exp"]; stated {
		if p.expires, ok = numericDate(v); !ok {
			return malformed("exp is no date", nil)
		}
	}
	vc, ok := p.claims["vc"].(map[string]any)
	if !ok {
		return malformed("vc is missing or no object", nil)
	}
	types, _ := vc["type"].([]any)
	for _, v := range types {
		t, ok := v.(string)
		if !ok || t == "" {
			return malformed("vc.type holds something else than strings", nil)
		}
		p.types = append(p.types, t)
	}
	if !slices.Contains(p.types, CardType) {
		return malformed("vc.type does not say that it is a health card", nil)
	}
	subject, _ := vc["credentialSubject"].(map[string]any)
	if _, ok = subject["fhirBundle"].(map[string]any); !ok {
		return malformed("vc.credentialSubject.fhirBundle is missing or no object", nil)
	}
	if _, ok = subject["fhirVersion"].(string); !ok {
		return malformed("vc.credentialSubject.fhirVersion is missing or no string", nil)
	}
	if v, stated := vc["rid"]; stated {
		if p.rid, _ = v.(string); !ridShape.MatchString(p.rid) {
			return malformed("vc.rid is no revocation identifier", nil)
		}
	}
	return nil
}

// latest is the end of the year 9999: a later date is milliseconds taken for
// seconds.
const latest = 253_402_300_799

// numericDate reads RFC 7519 §2's seconds since 1970, which need not be whole.
func numericDate(v any) (time.Time, bool) {
	n, ok := v.(json.Number)
	f, err := strconv.ParseFloat(string(n), 64)
	if !ok || err != nil || !(0 <= f && f <= latest) {
		return time.Time{}, false
	}
	whole := int64(f)
	return time.Unix(whole, int64((f-float64(whole))*1e9)).UTC(), true
}

// within says where err, a *reason.Error, happened.
func within(where string, err error) error {
	code := reason.Malformed
	if coded, ok := err.(*reason.Error); ok {
		code = coded.Code
	}
	return &reason.Error{Code: code, Doing: "parse SMART Health Card: " + where, Err: err}
}
