package main

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/cose"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/mdoc"
	"github.com/dzong-id/dzong/sdk/payload"
)

// mobileResponse is what an ISO 18013-5 DeviceResponse is called here: no code
// holds one, so package payload has no word for it.
const mobileResponse payload.Kind = "mdoc_response"

// What is shown of a mobile security object and of a device's proof.
var mobileMembers = []string{
	"issuerAuth/alg", "issuerAuth/kid", "mso/version", "mso/docType", "mso/digestAlgorithm",
	"mso/validityInfo/signed", "mso/validityInfo/validFrom", "mso/validityInfo/validUntil", "mso/status/status_list/uri",
	"deviceKey/kty", "deviceKey/crv", "deviceAuth/kind", "deviceAuth/alg",
}

// response is DeviceResponse (§8.3.2.1.2.2), as far as it is shown.
type response struct {
	Documents []struct {
		DocType      string `cbor:"docType"`
		IssuerSigned struct {
			NameSpaces map[string][]strictcbor.RawMessage `cbor:"nameSpaces"`
			IssuerAuth strictcbor.RawMessage              `cbor:"issuerAuth"`
		} `cbor:"issuerSigned"`
		DeviceSigned *struct {
			DeviceAuth struct {
				Signature strictcbor.RawMessage `cbor:"deviceSignature"`
				MAC       strictcbor.RawMessage `cbor:"deviceMac"`
			} `cbor:"deviceAuth"`
		} `cbor:"deviceSigned"`
	} `cbor:"documents"`
}

// isMobileResponse reports whether data is a DeviceResponse, in bytes or in the
// base64url that OpenID4VP sends.
func isMobileResponse(data []byte) bool { return mdoc.Mechanism().Recognise(data) }

// mobile takes a DeviceResponse apart.
func (x *structure) mobile(data []byte, values bool) error {
	if raw, err := base64url.Decode(data); err == nil {
		data = raw
	}
	var r response
	if err := strictcbor.Unmarshal(data, &r); err != nil {
		return err
	}
	for n, d := range r.Documents {
		name := fmt.Sprintf("document %d, %s", n+1, d.DocType)
		auth, err := cose.ParseSign1(d.IssuerSigned.IssuerAuth)
		if err != nil {
			return fmt.Errorf("%s: issuerAuth: %w", name, err)
		}
		mso, digests, err := securityObject(auth.Payload)
		if err != nil {
			return fmt.Errorf("%s: mobile security object: %w", name, err)
		}
		shown := map[string]any{
			"issuerAuth": map[string]any{"alg": string(auth.Algorithm), "x5chain": make([]any, len(auth.X5Chain))},
			"mso":        mso,
		}
		if info, ok := mso["deviceKeyInfo"].(map[string]any); ok {
			shown["deviceKey"] = deviceKey(info["deviceKey"])
			delete(mso, "deviceKeyInfo")
		}
		delete(mso, "valueDigests")
		if d.DeviceSigned != nil {
			shown["deviceAuth"] = deviceAuth(d.DeviceSigned.DeviceAuth.Signature, d.DeviceSigned.DeviceAuth.MAC)
		}
		x.Parts = append(x.Parts, part{name, members(shown, mobileMembers, values)})
		hash, _ := mso["digestAlgorithm"].(string)
		if err := x.items(d.IssuerSigned.NameSpaces, digests, hash, values); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// securityObject reads MobileSecurityObjectBytes as JSON would have it, and its
// digests by namespace and number.
func securityObject(data []byte) (map[string]any, map[string]map[uint64][]byte, error) {
	inner, err := embeddedIn(data)
	if err != nil {
		return nil, nil, err
	}
	value, err := strictcbor.Value(inner)
	if err != nil {
		return nil, nil, err
	}
	mso, ok := value.(map[string]any)
	if !ok {
		return nil, nil, fmt.Errorf("it is no map")
	}
	var m struct {
		ValueDigests map[string]map[uint64][]byte `cbor:"valueDigests"`
	}
	return mso, m.ValueDigests, strictcbor.Unmarshal(inner, &m)
}

// embeddedIn is what #6.24(bstr .cbor x) holds.
func embeddedIn(data []byte) ([]byte, error) {
	number, content, tagged, err := strictcbor.Untag(data)
	if err != nil {
		return nil, err
	}
	if !tagged || number != 24 {
		return nil, fmt.Errorf("it is no embedded CBOR")
	}
	return strictcbor.Bytes(content)
}

// deviceKey names the kind of a COSE_Key (RFC 9053 §7) and leaves the key out: it
// would lead to its holder.
func deviceKey(v any) map[string]any {
	key, _ := v.(map[string]any)
	out := map[string]any{}
	for label, name := range map[string]string{"1": "kty", "-1": "crv"} {
		if value, ok := key[label]; ok {
			out[name] = value
		}
	}
	return out
}

func deviceAuth(signature, mac []byte) map[string]any {
	if len(mac) > 0 {
		return map[string]any{"kind": "deviceMac"}
	}
	out := map[string]any{"kind": "deviceSignature"}
	if s, err := cose.ParseSign1(signature); err == nil {
		out["alg"] = string(s.Algorithm)
	}
	return out
}

// items lists the elements of a document like disclosures: each is an item that a
// digest in the mobile security object refers to (§9.1.2.4).
func (x *structure) items(nameSpaces map[string][]strictcbor.RawMessage, digests map[string]map[uint64][]byte, hash string, values bool) error {
	for _, space := range slices.Sorted(maps.Keys(nameSpaces)) {
		for i, raw := range nameSpaces[space] {
			inner, err := embeddedIn(raw)
			if err != nil {
				return fmt.Errorf("item %d of %s: %w", i+1, space, err)
			}
			var item struct {
				DigestID uint64                `cbor:"digestID"`
				Element  string                `cbor:"elementIdentifier"`
				Value    strictcbor.RawMessage `cbor:"elementValue"`
			}
			if err := strictcbor.Unmarshal(inner, &item); err != nil {
				return fmt.Errorf("item %d of %s: %w", i+1, space, err)
			}
			value, err := strictcbor.Value(item.Value)
			if err != nil {
				return fmt.Errorf("item %d of %s: %w", i+1, space, err)
			}
			d := disclosure{Name: space + " . " + item.Element, Type: kind(value)}
			if values {
				d.Value = value
			}
			want := hex.EncodeToString(digests[space][item.DigestID])
			if d.Referenced = want != "" && want == itemDigest(hash, raw); d.Referenced {
				delete(digests[space], item.DigestID)
			}
			x.Disclosures = append(x.Disclosures, d)
		}
	}
	for _, left := range digests {
		x.Withheld += len(left)
	}
	return nil
}

func itemDigest(hash string, raw []byte) string {
	switch hash {
	case "SHA-256":
		sum := sha256.Sum256(raw)
		return hex.EncodeToString(sum[:])
	case "SHA-384":
		sum := sha512.Sum384(raw)
		return hex.EncodeToString(sum[:])
	case "SHA-512":
		sum := sha512.Sum512(raw)
		return hex.EncodeToString(sum[:])
	}
	return ""
}
