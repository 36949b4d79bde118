package status

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/limits"
)

// HealthCardType is the typ of a signed SMART Health Cards revocation list, and
// with "application/" before it its media type.
const HealthCardType = "shc-crl+jwt"

// HealthCard opens SMART Health Cards revocation lists. As issuers publish them,
// at <issuer>/.well-known/crl/<kid>.json, these files are not signed: only the
// TLS connection says whose they are, and on a disk nothing does. So a file as
// published is never taken. Whoever fetches it (the issuer, or a status signer
// that the issuer's trust entry names) signs what was fetched: a compact JWS with
// typ "shc-crl+jwt" and the claims
//
//	{"sub": "<issuer>/.well-known/crl/<kid>.json", "iat": …, "exp": …, "ttl": …,
//	 "crl": {"kid": …, "method": "rid", "ctr": …, "rids": […]}}
//
// where sub, iat, exp, ttl and iss mean what they mean in a [Token], and crl is
// the file's own JSON.
//
// The list's ctr is not compared with the crlVersion in the issuer's key set,
// which says only that there is something newer to fetch: iat and ttl say how old
// a list is.
func HealthCard() Opener { return healthCard{} }

type healthCard struct{}

// Open implements [Opener].
func (healthCard) Open(uri string, data []byte, keys credential.Keys, _ time.Time) (*List, error) {
	s, err := parseJWS(HealthCardType, data)
	if err != nil {
		return nil, err
	}
	l, err := openSigned(uri, s, keys)
	if err != nil {
		return nil, err
	}
	l.Mechanism = credential.StatusHealthCard
	crl, ok := s.Claims["crl"].(map[string]any)
	if !ok {
		return nil, invalid("crl is missing or no object", nil)
	}
	if err := l.readRevokees(crl); err != nil {
		return nil, err
	}
	return l, nil
}

// rid is "base64url, 24 characters at most", and behind a full stop, if there is
// one, seconds since 1970.
var rid = regexp.MustCompile(`^([A-Za-z0-9_-]{1,24})(?:\.(0|[1-9][0-9]{0,10}))?$`)

// readRevokees reads the file (SMART Health Cards Framework, "Revocation").
func (l *List) readRevokees(crl map[string]any) error {
	kid, _ := crl["kid"].(string)
	if kid == "" || !strings.HasSuffix(l.URI, "/.well-known/crl/"+kid+".json") {
		return invalid("kid is not that of the list that was asked for", nil)
	}
	if crl["method"] != any("rid") {
		return invalid("method is not rid", nil)
	}
	counter, _ := crl["ctr"].(json.Number)
	if n, err := strconv.ParseUint(string(counter), 10, 64); err != nil || n == 0 {
		return invalid("ctr is no positive number", nil)
	}
	rids, ok := crl["rids"].([]any)
	if !ok || len(rids) > limits.Revokees {
		return invalid("rids is no array, or holds more than a list may", nil)
	}
	l.revokees = make(map[string]time.Time, len(rids))
	for _, v := range rids {
		text, _ := v.(string)
		parts := rid.FindStringSubmatch(text)
		if parts == nil {
			return invalid("rids holds something that is no identifier", nil)
		}
		if _, twice := l.revokees[parts[1]]; twice {
			// With two times for one identifier, two readers would see two lists.
			return invalid("rids holds one identifier twice", nil)
		}
		var before time.Time
		if parts[2] != "" {
			// "Reject the Health Card if [...] (if a timestamp suffix is present) the
			// Health Card's nbf is value is before the timestamp."
			seconds, err := strconv.ParseInt(parts[2], 10, 64)
			if err != nil || seconds > lastSecond {
				return invalid("rids holds a time that is none", err)
			}
			before = time.Unix(seconds, 0).UTC()
		}
		l.revokees[parts[1]] = before
	}
	return nil
}
