package mdoc

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"regexp"

	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/cose"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/limits"
)

// Scheme is what the text of an engagement in a QR code begins with (§8.2.2.3).
const Scheme = "mdoc:"

// Engagement is what a wallet shows so that a reader may talk to it (§8.2.1.1):
// untrusted, and no credential. Server retrieval is not read: what it names is an
// address that nobody here fetches.
type Engagement struct {
	Version   string          // "1.0" or a later minor one
	DeviceKey *ecdh.PublicKey // the wallet's ephemeral key, on P-256, P-384, P-521 or X25519
	Retrieval []Retrieval     // ways to talk to the wallet, in its order; none over NFC, where the handover names them
	encoded   []byte
}

// RetrievalType is a kind of transport.
type RetrievalType uint64

const (
	RetrievalNFC       RetrievalType = 1
	RetrievalBLE       RetrievalType = 2
	RetrievalWiFiAware RetrievalType = 3
)

// Retrieval is one way to talk to the wallet.
type Retrieval struct {
	Type    RetrievalType // others than the three above may come
	Version uint64
	BLE     *BLE // for RetrievalBLE of version 1, nil otherwise
}

// BLE says how the wallet is found over Bluetooth Low Energy (§8.2.1.1, table 3).
type BLE struct {
	Peripheral     bool   // the wallet can be the GATT server
	Central        bool   // the wallet can be the GATT client
	PeripheralUUID []byte // 16 bytes; nil if there is none
	CentralUUID    []byte // 16 bytes; nil if there is none
	Address        []byte // 6 bytes; nil if there is none
}

// ParseEngagementURI reads the text of a QR code: "mdoc:" and base64url without
// padding. Errors are as for [ParseEngagement].
func ParseEngagementURI(text []byte) (*Engagement, error) {
	if len(text) > limits.QRText {
		return nil, tooLarge("the engagement is longer than any code")
	}
	if len(text) < len(Scheme) || !bytes.EqualFold(text[:len(Scheme)], []byte(Scheme)) {
		return nil, unsupported("an engagement begins with mdoc:")
	}
	data, err := base64url.Decode(text[len(Scheme):])
	if err != nil {
		return nil, malformed("the engagement is no base64url", err)
	}
	return ParseEngagement(data)
}

// ParseEngagement reads a DeviceEngagement, at most limits.QRText bytes of CBOR.
// The error is a *reason.Error with malformed, too_large, or format_unsupported for
// another major version, another cipher suite than 1 or a curve that is not known
// here. Members it does not know are ignored.
func ParseEngagement(data []byte) (*Engagement, error) {
	if len(data) > limits.QRText {
		return nil, tooLarge("the engagement is longer than any code")
	}
	e := &Engagement{encoded: bytes.Clone(data)}
	m, err := strictcbor.Map(e.encoded)
	if err != nil {
		return nil, within("the engagement", err)
	}
	if e.Version, err = strictcbor.Text(m[int64(0)]); err != nil {
		return nil, within("the engagement's version", err)
	}
	if !versionShape.MatchString(e.Version) {
		return nil, unsupported("an engagement of another version than 1")
	}
	if err := e.readSecurity(m[int64(1)]); err != nil {
		return nil, within("the engagement's security", err)
	}
	if raw, ok := m[int64(2)]; ok {
		if err := e.readRetrieval(raw); err != nil {
			return nil, within("the engagement's retrieval methods", err)
		}
	}
	return e, nil
}

// versionShape is a version of major 1. A higher minor one only adds members.
var versionShape = regexp.MustCompile(`^1\.\d{1,3}$`)

// Bytes is the engagement as it was read, for the session transcript.
func (e *Engagement) Bytes() []byte { return bytes.Clone(e.encoded) }

// readSecurity reads [cipher suite, EDeviceKeyBytes].
func (e *Engagement) readSecurity(raw strictcbor.RawMessage) error {
	parts, err := strictcbor.Array(raw)
	if err != nil {
		return err
	}
	if len(parts) < 2 {
		return malformed("it has not two parts", nil)
	}
	var suite int64
	if err := strictcbor.Unmarshal(parts[0], &suite); err != nil {
		return err
	}
	if suite != 1 {
		return unsupported("another cipher suite than 1")
	}
	encoded, err := embedded(parts[1])
	if err != nil {
		return err
	}
	e.DeviceKey, err = parseAgreementKey(encoded)
	return err
}

// parseAgreementKey reads a COSE_Key that keys are agreed on with.
func parseAgreementKey(encoded []byte) (*ecdh.PublicKey, error) {
	m, err := strictcbor.Map(encoded)
	if err != nil {
		return nil, err
	}
	const okp, x25519 = "\x01", "\x04" // RFC 9053 §7.1, tables 17 and 18
	if string(m[int64(1)]) == okp && string(m[int64(-1)]) == x25519 {
		x, err := strictcbor.Bytes(m[int64(-2)])
		if err != nil {
			return nil, err
		}
		key, err := ecdh.X25519().NewPublicKey(x)
		if err != nil {
			return nil, malformed("a key that is none", nil)
		}
		return key, nil
	}
	key, err := cose.ParseKey(encoded)
	if errors.Is(err, cose.ErrKeyType) {
		return nil, unsupported("a curve that is not known here")
	}
	if err != nil {
		return nil, err
	}
	ec, ok := key.Public().(*ecdsa.PublicKey)
	if !ok {
		return nil, unsupported("a curve that no keys are agreed on with")
	}
	return ec.ECDH()
}

// readRetrieval reads DeviceRetrievalMethods: [+ [type, version, options]].
func (e *Engagement) readRetrieval(raw strictcbor.RawMessage) error {
	methods, err := strictcbor.Array(raw)
	if err != nil {
		return err
	}
	if len(methods) == 0 {
		return malformed("an empty list", nil)
	}
	for n, raw := range methods {
		parts, err := strictcbor.Array(raw)
		if err != nil {
			return within(fmt.Sprint("method ", n+1), err)
		}
		if len(parts) < 3 {
			return malformed(fmt.Sprint("method ", n+1, " has not three parts"), nil)
		}
		var r Retrieval
		if err := strictcbor.Unmarshal(parts[0], (*uint64)(&r.Type)); err != nil {
			return err
		}
		if err := strictcbor.Unmarshal(parts[1], &r.Version); err != nil {
			return err
		}
		if r.Type == RetrievalBLE && r.Version == 1 {
			if r.BLE, err = readBLE(parts[2]); err != nil {
				return err
			}
		}
		e.Retrieval = append(e.Retrieval, r)
	}
	return nil
}

func readBLE(raw strictcbor.RawMessage) (*BLE, error) {
	var o struct {
		Peripheral     *bool                 `cbor:"0,keyasint"`
		Central        *bool                 `cbor:"1,keyasint"`
		PeripheralUUID strictcbor.RawMessage `cbor:"10,keyasint"`
		CentralUUID    strictcbor.RawMessage `cbor:"11,keyasint"`
		Address        strictcbor.RawMessage `cbor:"20,keyasint"`
	}
	if err := strictcbor.Unmarshal(raw, &o); err != nil {
		return nil, err
	}
	if o.Peripheral == nil || o.Central == nil {
		return nil, malformed("options of BLE that do not say which modes there are", nil)
	}
	b := &BLE{Peripheral: *o.Peripheral, Central: *o.Central}
	for _, part := range []struct {
		into *[]byte
		raw  strictcbor.RawMessage
		size int
	}{{&b.PeripheralUUID, o.PeripheralUUID, 16}, {&b.CentralUUID, o.CentralUUID, 16}, {&b.Address, o.Address, 6}} {
		if len(part.raw) == 0 {
			continue
		}
		var err error
		if *part.into, err = strictcbor.Bytes(part.raw); err != nil {
			return nil, err
		}
		if len(*part.into) != part.size {
			return nil, malformed("a UUID or an address of BLE that has another length", nil)
		}
	}
	return b, nil
}

// EncodeReaderKey writes the public half of a reader's ephemeral key as the COSE_Key
// that is sent to the wallet and stands in the session transcript. The key is on
// P-256, P-384, P-521 or X25519.
func EncodeReaderKey(key *ecdh.PublicKey) ([]byte, error) {
	const kty, crv, x, y = 1, -1, -2, -3
	raw := key.Bytes()
	if key.Curve() == ecdh.X25519() {
		return strictcbor.Marshal(map[int]any{kty: 1, crv: 4, x: raw})
	}
	id, ok := map[ecdh.Curve]int{ecdh.P256(): 1, ecdh.P384(): 2, ecdh.P521(): 3}[key.Curve()]
	if !ok {
		return nil, errors.New("write reader key: a curve that no wallet knows")
	}
	half := (len(raw) - 1) / 2
	return strictcbor.Marshal(map[int]any{kty: 2, crv: id, x: raw[1 : 1+half], y: raw[1+half:]})
}
