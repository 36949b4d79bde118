package mdoc

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/cose"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

type encodedDeviceSigned struct {
	NameSpaces strictcbor.RawMessage `cbor:"nameSpaces"`
	DeviceAuth struct {
		Signature strictcbor.RawMessage `cbor:"deviceSignature"`
		MAC       strictcbor.RawMessage `cbor:"deviceMac"`
	} `cbor:"deviceAuth"`
}

// deviceSigned is DeviceSigned (§8.3.2.1.2.2): what the wallet says itself, and its
// proof. Exactly one of signature and mac is there.
type deviceSigned struct {
	encoded   strictcbor.RawMessage // DeviceNameSpacesBytes as received, tag 24 included
	elements  map[string]map[string]any
	signature *cose.Sign1
	mac       *cose.Mac0
}

func parseDeviceSigned(e *encodedDeviceSigned) (*deviceSigned, error) {
	if len(e.NameSpaces) == 0 {
		return nil, malformed("it has no nameSpaces", nil)
	}
	inner, err := embedded(e.NameSpaces)
	if err != nil {
		return nil, err
	}
	d := &deviceSigned{encoded: e.NameSpaces, elements: map[string]map[string]any{}}
	var spaces map[string]map[string]strictcbor.RawMessage
	if err := strictcbor.Unmarshal(inner, &spaces); err != nil {
		return nil, err
	}
	total := 0
	for name, elements := range spaces {
		if total += len(elements); total > limits.Disclosures {
			return nil, tooLarge("more elements than any document has")
		}
		d.elements[name] = make(map[string]any, len(elements))
		for element, raw := range elements {
			if d.elements[name][element], err = strictcbor.Value(raw); err != nil {
				return nil, err
			}
		}
	}
	signature, mac := e.DeviceAuth.Signature, e.DeviceAuth.MAC
	if (len(signature) == 0) == (len(mac) == 0) {
		return nil, malformed("deviceAuth holds not exactly one of deviceSignature and deviceMac", nil)
	}
	if len(mac) > 0 {
		d.mac, err = cose.ParseMac0(mac)
	} else {
		d.signature, err = cose.ParseSign1(signature)
	}
	return d, err
}

// authorisations is KeyAuthorizations (§9.1.2.4): what the device may sign for
// itself.
type authorisations struct {
	NameSpaces   []string            `cbor:"nameSpaces"`
	DataElements map[string][]string `cbor:"dataElements"`
}

func (a authorisations) permit(nameSpace, element string) bool {
	return slices.Contains(a.NameSpaces, nameSpace) || slices.Contains(a.DataElements[nameSpace], element)
}

// proveHolder checks the proof that the holder's device made over the session.
// Only a session can bind a document: a nonce and an audience go into its
// transcript and nowhere else.
func (d *document) proveHolder(ev credential.Evidence, c *credential.Credential) {
	check := credential.Fail(reason.CheckHolder, reason.HolderBindingMissing, "")
	switch kind := ev.Binding.Kind(); {
	case !ev.Binding.Valid():
	case kind == credential.BindingBearer:
		// Without the transcript that it was made over no proof can be looked at.
		return
	case kind == credential.BindingSession && c.Holder != nil:
		check = d.provePossession(ev, *c.Holder)
		c.HolderBound = check.Verdict == reason.Passed
	}
	c.Checks = append(c.Checks, check)
}

// provePossession is §9.1.3: deviceSignature or deviceMac over DeviceAuthentication.
func (d *document) provePossession(ev credential.Evidence, holder credential.Key) credential.Check {
	fail := func(code reason.Code) credential.Check { return credential.Fail(reason.CheckHolder, code, "") }
	transcript := ev.Binding.Transcript()
	if parts, err := strictcbor.Array(transcript); err != nil || len(parts) != 3 {
		return fail(reason.HolderBindingMissing) // nothing is signed over what is no transcript
	}
	// §9.1.3.4: DeviceAuthenticationBytes = #6.24(bstr .cbor DeviceAuthentication).
	signed, err := embed([]any{"DeviceAuthentication", strictcbor.RawMessage(transcript), d.docType, d.device.encoded})
	if err != nil {
		return fail(reason.HolderBindingMissing)
	}
	if d.device.mac != nil {
		reader := ev.Binding.ReaderKey()
		if reader == nil {
			return fail(reason.HolderBindingMissing) // it can be checked by the reader alone, and we were not told how
		}
		// §9.1.3.5: the algorithm is HMAC 256/256.
		key, err := macKey(holder, reader, transcript)
		if err == nil {
			err = d.device.mac.Verify(key, nil, signed)
		}
		return d.verdict(err)
	}
	if !ev.Algorithms.OrDefault().Has(d.device.signature.Algorithm) {
		return fail(reason.AlgorithmRefused)
	}
	return d.verdict(d.device.signature.Verify(holder, nil, signed))
}

func (d *document) verdict(err error) credential.Check {
	switch err {
	case nil:
		return credential.Pass(reason.CheckHolder, "")
	case credential.ErrAlgorithm:
		return credential.Fail(reason.CheckHolder, reason.AlgorithmRefused, "")
	}
	return credential.Fail(reason.CheckHolder, reason.HolderBindingMismatch, "")
}

// macKey is EMacKey (§9.1.3.5): what the device's key and the reader's ephemeral one
// agree on, for the session that the transcript tells of.
func macKey(holder credential.Key, reader *ecdh.PrivateKey, transcript []byte) ([]byte, error) {
	ec, ok := holder.Public().(*ecdsa.PublicKey)
	if !ok {
		return nil, credential.ErrAlgorithm // Ed25519 agrees on nothing
	}
	public, err := ec.ECDH()
	if err != nil {
		return nil, err
	}
	secret, err := reader.ECDH(public)
	if err != nil {
		return nil, err // they are on different curves
	}
	// HKDF with salt SHA-256(SessionTranscriptBytes), info EMacKey, 32 bytes.
	whole, err := embed(strictcbor.RawMessage(transcript))
	if err != nil {
		return nil, err
	}
	salt := sha256.Sum256(whole)
	return hkdf.Key(sha256.New, secret, salt[:], "EMacKey", sha256.Size)
}

// embed encodes v as embedded CBOR, #6.24(bstr .cbor v).
func embed(v any) ([]byte, error) {
	inner, err := strictcbor.Marshal(v)
	if err != nil {
		return nil, err
	}
	return strictcbor.Marshal(strictcbor.Tag{Number: tagEmbedded, Content: inner})
}

// uncovered names the elements that the device signed by itself, by position in
// the order of their names: all of them, or only those that the issuer did not
// authorise it to sign.
func (d *document) uncovered() (all, forbidden []string) {
	for _, space := range slices.Sorted(maps.Keys(d.device.elements)) {
		for _, element := range slices.Sorted(maps.Keys(d.device.elements[space])) {
			name := fmt.Sprint("device-signed element ", len(all)+1)
			all = append(all, name)
			if !d.mso.authorised.permit(space, element) {
				forbidden = append(forbidden, name)
			}
		}
	}
	return all, forbidden
}

// claims are the elements that the device signed by itself, by namespace.
func (d *deviceSigned) claims() credential.Claims {
	out := make(map[string]any, len(d.elements))
	for space, elements := range d.elements {
		if len(elements) > 0 {
			out[space] = elements
		}
	}
	return credential.NewClaims(out)
}
