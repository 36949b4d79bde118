package mdoc

import (
	"errors"
	"regexp"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/cose"
	"github.com/dzong-id/dzong/sdk/internal/jwt"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/limits"
)

// securityObject is MobileSecurityObject (§9.1.2.4): what the issuer signs.
type securityObject struct {
	docType    string
	digest     func([]byte) []byte
	digests    map[string]map[uint64]strictcbor.RawMessage
	deviceKey  *credential.Key // nil for one that no proof here can be made with
	authorised authorisations
	signed     time.Time
	validFrom  time.Time
	validUntil time.Time
	status     []credential.StatusReference
}

type encodedSecurityObject struct {
	Version         string                                      `cbor:"version"`
	DigestAlgorithm string                                      `cbor:"digestAlgorithm"`
	ValueDigests    map[string]map[uint64]strictcbor.RawMessage `cbor:"valueDigests"`
	DocType         string                                      `cbor:"docType"`
	DeviceKeyInfo   struct {
		DeviceKey      strictcbor.RawMessage `cbor:"deviceKey"`
		Authorisations authorisations        `cbor:"keyAuthorizations"`
	} `cbor:"deviceKeyInfo"`
	ValidityInfo struct {
		Signed     strictcbor.RawMessage `cbor:"signed"`
		ValidFrom  strictcbor.RawMessage `cbor:"validFrom"`
		ValidUntil strictcbor.RawMessage `cbor:"validUntil"`
	} `cbor:"validityInfo"`
	Status strictcbor.RawMessage `cbor:"status"`
}

// parseSecurityObject reads MobileSecurityObjectBytes, the payload of issuerAuth.
func parseSecurityObject(payload []byte) (*securityObject, error) {
	if payload == nil {
		return nil, malformed("it is detached", nil)
	}
	inner, err := embedded(payload)
	if err != nil {
		return nil, err
	}
	var e encodedSecurityObject
	if err := strictcbor.Unmarshal(inner, &e); err != nil {
		return nil, err
	}
	m := &securityObject{docType: e.DocType, digests: e.ValueDigests, authorised: e.DeviceKeyInfo.Authorisations}
	switch {
	case e.Version == "" || e.DocType == "" || len(e.ValueDigests) == 0:
		return nil, malformed("it lacks version, docType or valueDigests", nil)
	case e.Version != version:
		return nil, unsupported("a mobile security object of another version than 1.0")
	}
	if m.digest = digests[e.DigestAlgorithm]; m.digest == nil {
		return nil, malformed("its digestAlgorithm is none of SHA-256, SHA-384, SHA-512", nil)
	}
	total := 0
	for _, space := range m.digests {
		total += len(space)
	}
	if total > limits.Digests {
		return nil, tooLarge("a mobile security object with more digests than any has")
	}
	if err := m.readKey(e.DeviceKeyInfo.DeviceKey); err != nil {
		return nil, err
	}
	for _, date := range []struct {
		into *time.Time
		raw  strictcbor.RawMessage
	}{
		{&m.signed, e.ValidityInfo.Signed},
		{&m.validFrom, e.ValidityInfo.ValidFrom},
		{&m.validUntil, e.ValidityInfo.ValidUntil},
	} {
		if *date.into, err = parseDate(date.raw); err != nil {
			return nil, err
		}
	}
	return m, m.readStatus(e.Status)
}

// readKey reads the key that the document is bound to. One on a curve that no
// signature here is made with (X25519, the Brainpool curves) binds to nobody this
// package could recognise: only a bearer copy of such a document can be accepted.
func (m *securityObject) readKey(raw strictcbor.RawMessage) error {
	if len(raw) == 0 {
		return malformed("it has no deviceKey", nil)
	}
	key, err := cose.ParseKey(raw)
	if errors.Is(err, cose.ErrKeyType) {
		return nil
	}
	if err != nil {
		return err
	}
	key = key.WithPurposes(credential.Authentication)
	m.deviceKey = &key
	return nil
}

// readStatus reads the status member of the second edition and of Token Status List
// §6.3. A mechanism that is not known, identifier_list among them, gives a
// reference without an address.
func (m *securityObject) readStatus(raw strictcbor.RawMessage) error {
	if len(raw) == 0 {
		return nil
	}
	value, err := strictcbor.Value(raw)
	if err != nil {
		return err
	}
	m.status, err = jwt.Status(value)
	if err != nil {
		return malformed("its status", err)
	}
	return nil
}

// dateShape is RFC 3339 §5.6 with capitals: time.Parse takes more.
var dateShape = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$`)

// parseDate reads tdate. §9.1.2.4 wants whole seconds in UTC; issuers that write
// fractions or another offset name a point in time just as well.
func parseDate(raw strictcbor.RawMessage) (time.Time, error) {
	if len(raw) == 0 {
		return time.Time{}, malformed("its validityInfo lacks signed, validFrom or validUntil", nil)
	}
	number, content, tagged, err := strictcbor.Untag(raw)
	if err != nil {
		return time.Time{}, err
	}
	text, err := strictcbor.Text(content)
	if err != nil || !tagged || number != tagDate || !dateShape.MatchString(text) {
		return time.Time{}, malformed("a date in its validityInfo is no tdate", nil)
	}
	date, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, malformed("a date in its validityInfo is no date", nil)
	}
	return date.UTC(), nil
}
