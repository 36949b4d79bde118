package conformance

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"maps"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/cose"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/mdoc"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/trust"
	"github.com/dzong-id/dzong/sdk/verify"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

const (
	annexD  = "mdoc/iso-18013-5-annex-d"
	isomdl  = "mdoc/spruceid-isomdl"
	licence = "org.iso.18013.5.1.mDL"
	space   = "org.iso.18013.5.1"
)

// annexDTime lies within the document signer's certificate, which ended in 2021.
var annexDTime = time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)

// mdocVector is a response and what surrounds it, ready to become a case.
type mdocVector struct {
	response []byte
	now      time.Time
	binding  cases.Binding
	anchor   map[string]any // the trust entry's x509 member
	types    []string
	claims   map[string]any
}

func (v mdocVector) run(t *testing.T, want outcome) {
	t.Helper()
	c := &cases.Case{
		Input: "response.hex", Encoding: "hex", Now: v.now, Binding: v.binding, Trust: mdocTrust(t, v),
		Expect: want.expect, Claims: v.claims,
	}
	if want.reasons != nil {
		c.Reasons = &want.reasons
	}
	if want.expect != reason.Accepted {
		c.Claims = nil
	}
	decide(t, c, map[string][]byte{c.Input: []byte(hex.EncodeToString(v.response))})
}

// mdocTrust is a trust list of the vector's authority alone.
func mdocTrust(t *testing.T, v mdocVector) json.RawMessage {
	t.Helper()
	list, err := json.Marshal(map[string]any{
		"format": 1, "number": 1,
		"issued":  v.now.Add(-time.Hour).Format(time.RFC3339),
		"expires": v.now.Add(time.Hour).Format(time.RFC3339),
		"issuers": []any{map[string]any{"id": "https://iaca.example", "types": v.types, "x509": []any{v.anchor}, "status": "none"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func hexFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := hex.DecodeString(strings.TrimSpace(read(t, path)))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return data
}

func pemText(der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func iaca(pem string) map[string]any {
	return map[string]any{"cert": pem, "leaf": map[string]any{"eku": "1.0.18013.5.1.2"}}
}

func cborOf(t testing.TB, v any) []byte {
	t.Helper()
	data, err := strictcbor.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// wrapped is what embedded CBOR holds.
func wrapped(t *testing.T, encoded []byte) []byte {
	t.Helper()
	_, content, _, err := strictcbor.Untag(encoded)
	if err != nil {
		t.Fatal(err)
	}
	inner, err := strictcbor.Bytes(content)
	if err != nil {
		t.Fatal(err)
	}
	return inner
}

// annexDVector is the response of Annex D with its deviceMac, and its session.
func annexDVector(t *testing.T) mdocVector {
	dir := vectors(t, annexD)
	value := func(name string) []byte { return hexFile(t, filepath.Join(dir, name+".hex")) }
	jwk, err := json.Marshal(map[string]any{
		"kty": "EC", "crv": "P-256", "d": base64url.Encode(value("EPHEMERAL_READER_KEY_D")),
		"x": base64url.Encode(value("EPHEMERAL_READER_KEY_X")), "y": base64url.Encode(value("EPHEMERAL_READER_KEY_Y")),
	})
	if err != nil {
		t.Fatal(err)
	}
	return mdocVector{
		response: value("DEVICE_RESPONSE"),
		now:      annexDTime,
		binding:  cases.Binding{Kind: "session", Transcript: hex.EncodeToString(wrapped(t, value("SESSION_TRANSCRIPT_BYTES"))), ReaderKey: jwk},
		anchor:   iaca(pemText(value("IACA_ROOT_CERT"))),
		types:    []string{licence},
		claims: map[string]any{space: map[string]any{
			"family_name": "Doe", "issue_date": "2019-10-20", "expiry_date": "2024-10-20", "document_number": "123456789",
			"portrait": base64url.Encode(value("DEVICE_RESPONSE_PORTRAIT_DATA")),
			"driving_privileges": []any{
				map[string]any{"vehicle_category_code": "A", "issue_date": "2018-08-09", "expiry_date": "2024-10-20"},
				map[string]any{"vehicle_category_code": "B", "issue_date": "2017-02-23", "expiry_date": "2024-10-20"},
			},
		}},
	}
}

// resigned is v with a proof of its own: deviceSignature over an OpenID4VP
// session, by the static device key that Annex D publishes too.
func resigned(t *testing.T, v mdocVector) mdocVector {
	transcript, err := mdoc.OpenID4VPHandover{ClientID: "x509_san_dns:bank.example", Nonce: "n", ResponseURI: "https://bank.example/r"}.SessionTranscript()
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		Version   string `cbor:"version"`
		Status    int    `cbor:"status"`
		Documents []struct {
			DocType      string                `cbor:"docType"`
			IssuerSigned strictcbor.RawMessage `cbor:"issuerSigned"`
		} `cbor:"documents"`
	}
	if err := strictcbor.Unmarshal(v.response, &r); err != nil {
		t.Fatal(err)
	}
	device := hexFile(t, filepath.Join(vectors(t, annexD), "STATIC_DEVICE_KEY_D.hex"))
	v.response = deviceResponse(t, r.Documents[0].IssuerSigned, r.Documents[0].DocType, transcript, ecKey(t, device))
	v.binding = cases.Binding{Kind: "session", Transcript: hex.EncodeToString(transcript)}
	return v
}

func ecKey(t *testing.T, d []byte) *jws.PrivateKey {
	t.Helper()
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), d)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := jws.NewPrivateKey(credential.ES256, key)
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

// deviceResponse presents issuerSigned over transcript.
func deviceResponse(t *testing.T, issuerSigned strictcbor.RawMessage, docType string, transcript []byte, device *jws.PrivateKey) []byte {
	t.Helper()
	embed := func(v any) strictcbor.RawMessage {
		return cborOf(t, strictcbor.Tag{Number: 24, Content: cborOf(t, v)})
	}
	spaces := embed(map[string]any{})
	signature, err := cose.Message{
		Payload: embed([]any{"DeviceAuthentication", strictcbor.RawMessage(transcript), docType, spaces}), Detached: true,
	}.Sign(device)
	if err != nil {
		t.Fatal(err)
	}
	return cborOf(t, map[string]any{"version": "1.0", "status": 0, "documents": []any{map[string]any{
		"docType": docType, "issuerSigned": issuerSigned,
		"deviceSigned": map[string]any{"nameSpaces": spaces, "deviceAuth": map[string]any{"deviceSignature": strictcbor.RawMessage(signature)}},
	}}})
}

// mdocChanges are the single changes that must refuse a response of the first
// document's kind.
func mdocChanges(t *testing.T) []struct {
	name   string
	change func(*mdocVector)
	want   []reason.Code
} {
	swap := func(old, by string) func(*mdocVector) {
		return func(v *mdocVector) {
			if len(old) != len(by) || !bytes.Contains(v.response, []byte(old)) {
				t.Errorf("there is no %q in the response", old)
			}
			v.response = bytes.Replace(v.response, []byte(old), []byte(by), 1)
		}
	}
	flipBehind := func(mark string, by int) func(*mdocVector) {
		return func(v *mdocVector) {
			v.response = bytes.Clone(v.response)
			v.response[bytes.Index(v.response, []byte(mark))+len(mark)+by] ^= 1
		}
	}
	otherIACA := iaca(read(t, filepath.Join(vectors(t, isomdl), "test", "presentation", "isomdl_iaca_root_cert.pem")))
	codes := func(c ...reason.Code) []reason.Code { return c }
	return []struct {
		name   string
		change func(*mdocVector)
		want   []reason.Code
	}{
		{"the name is another", swap("cDoe", "cRoe"), codes(reason.ClaimsNotCovered)},
		{"a date is another", swap("j2019-10-20", "j2018-10-20"), codes(reason.ClaimsNotCovered)},
		{"a number is another", swap("123456789", "123456780"), codes(reason.ClaimsNotCovered)},
		{"a privilege is another", swap("aA", "aC"), codes(reason.ClaimsNotCovered)},
		{"an element has another name", swap("kexpiry_date", "kexpirx_date"), codes(reason.ClaimsNotCovered)},
		{"the random of an item is another", swap("frandomX \x87", "frandomX \x88"), codes(reason.ClaimsNotCovered)},
		{"a digestID is another one's", swap("hdigestID\x00", "hdigestID\x01"), codes(reason.ClaimsNotCovered)},
		{"a digestID stands there twice", swap("hdigestID\x00", "hdigestID\x03"), codes(reason.Malformed)},
		{"a digestID that nobody signed", swap("hdigestID\x00", "hdigestID\x17"), codes(reason.ClaimsNotCovered)},
		{"the namespace is another", swap("nameSpaces\xa1qorg.iso.18013.5.1", "nameSpaces\xa1qorg.iso.18013.5.9"), codes(reason.ClaimsNotCovered)},
		{"a signed digest is another", swap("\x00X \x75\x16", "\x00X \x75\x17"), codes(reason.SignatureInvalid)},
		{"the signed docType is another", swap("gdocTypeuorg.iso.18013.5.1.mDLlvalidityInfo", "gdocTypeuorg.iso.18013.5.1.mDXlvalidityInfo"), codes(reason.SignatureInvalid)},
		{"the docType outside is another", swap("gdocTypeuorg.iso.18013.5.1.mDLlissuerSigned", "gdocTypeuorg.iso.18013.5.1.mDXlissuerSigned"), codes(reason.ClaimsNotCovered, reason.HolderBindingMismatch)},
		{"the signed end is another", swap("2021-10-01T13:30:02Z", "2031-10-01T13:30:02Z"), codes(reason.SignatureInvalid)},
		{"the signed device key is another", swap("\x21X \x96\x31", "\x21X \x96\x33"), nil}, // most likely it lies on no curve
		{"the issuer's signature is another", flipBehind("2021-10-01T13:30:02ZX@", 5), codes(reason.SignatureInvalid)},
		{"the certificate is another", swap("utopia ds", "utopia dt"), codes(reason.CertificateRefused)},
		{"the version is another", swap("gversionc1.0idocuments", "gversionc2.0idocuments"), nil},
		{"the authority is another", func(v *mdocVector) { v.anchor = otherIACA }, codes(reason.CertificateRefused)},
		{"a docType that the issuer may not issue", func(v *mdocVector) { v.types = []string{"org.iso.23220.photoid.1"} }, codes(reason.IssuerNotForType)},
		{"after the certificate's end", func(v *mdocVector) { v.now = time.Date(2021, 10, 1, 0, 0, 1, 0, time.UTC) }, codes(reason.CertificateRefused)},
		{"before validFrom", func(v *mdocVector) { v.now = time.Date(2020, 10, 1, 13, 30, 1, 0, time.UTC) }, codes(reason.NotYetValid)},
		{"before the certificate", func(v *mdocVector) { v.now = time.Date(2020, 9, 30, 23, 59, 59, 0, time.UTC) }, codes(reason.CertificateRefused)},
		{"the session is another", func(v *mdocVector) {
			v.binding.Transcript = v.binding.Transcript[:len(v.binding.Transcript)-2] + "00"
		}, codes(reason.HolderBindingMismatch)},
		{"a nonce is asked for", func(v *mdocVector) { v.binding = cases.Binding{Kind: "bound", Nonce: "n", Audience: "a"} }, codes(reason.HolderBindingMissing)},
		{"the second half is missing", func(v *mdocVector) { v.response = v.response[:len(v.response)/2] }, codes(reason.Malformed)},
		{"something follows", func(v *mdocVector) { v.response = append(bytes.Clone(v.response), 0) }, codes(reason.Malformed)},
	}
}

// TestConformanceAnnexD: ISO/IEC 18013-5 Annex D, with its own deviceMac and again
// with a deviceSignature by its static device key.
func TestConformanceAnnexD(t *testing.T) {
	mac := annexDVector(t)
	for name, v := range map[string]mdocVector{"deviceMac": mac, "deviceSignature": resigned(t, mac)} {
		t.Run(name, func(t *testing.T) {
			t.Run("as it is", func(t *testing.T) { v.run(t, outcome{reason.Accepted, []reason.Code{}}) })
			t.Run("as a bearer copy", func(t *testing.T) {
				v := v
				v.binding = cases.Binding{Kind: "bearer"}
				v.run(t, outcome{reason.Accepted, []reason.Code{}})
			})
			for _, c := range mdocChanges(t) {
				if name != "deviceMac" && strings.HasSuffix(c.name, "outside is another") {
					continue // in the order of these keys other bytes follow
				}
				t.Run(c.name, func(t *testing.T) {
					v := v
					c.change(&v)
					v.run(t, outcome{reason.Rejected, c.want})
				})
			}
		})
	}
	t.Run("the MAC is another", func(t *testing.T) {
		v := mac
		v.response = bytes.Clone(v.response)
		v.response[bytes.LastIndex(v.response, []byte("fstatus"))-1] ^= 1
		v.run(t, rejected(reason.HolderBindingMismatch))
	})
	t.Run("the reader's key is another", func(t *testing.T) {
		v := mac
		device := hexFile(t, filepath.Join(vectors(t, annexD), "EPHEMERAL_DEVICE_KEY_D.hex"))
		jwk := ecKey(t, device).JWK("")
		jwk["d"] = base64url.Encode(device)
		v.binding.ReaderKey, _ = json.Marshal(jwk)
		v.run(t, rejected(reason.HolderBindingMismatch))
	})
	t.Run("the reader's key is not at hand", func(t *testing.T) {
		v := mac
		v.binding.ReaderKey = nil
		v.run(t, rejected(reason.HolderBindingMissing))
	})
	t.Run("as text", func(t *testing.T) {
		c := &cases.Case{
			Input: "response.txt", Encoding: "text", Now: mac.now, Binding: mac.binding, Trust: mdocTrust(t, mac),
			Expect: reason.Accepted, Reasons: &[]reason.Code{}, Claims: mac.claims,
		}
		decide(t, c, map[string][]byte{c.Input: []byte(base64url.Encode(mac.response))})
	})
}

// TestConformanceAnnexDEveryByte changes one bit of every byte of the response. What
// is still accepted says nothing that the original did not say: a key that nobody
// signs may get another name, and what it held is then not there any more.
func TestConformanceAnnexDEveryByte(t *testing.T) {
	v := annexDVector(t)
	list, err := trust.Parse(mdocTrust(t, v))
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := verify.New(&verify.Snapshot{Trust: list}, verify.Formats(mdoc.Mechanism()), verify.Replay(verify.NewMemoryReplay()))
	if err != nil {
		t.Fatal(err)
	}
	transcript, err := hex.DecodeString(v.binding.Transcript)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := ecdh.P256().NewPrivateKey(hexFile(t, filepath.Join(vectors(t, annexD), "EPHEMERAL_READER_KEY_D.hex")))
	if err != nil {
		t.Fatal(err)
	}
	original := v.claims[space].(map[string]any)
	accepted := 0
	for at := range v.response {
		changed := bytes.Clone(v.response)
		changed[at] ^= 1
		res, err := verifier.Verify(t.Context(), verify.Input{Presented: verify.One(changed), Binding: credential.Session(transcript, reader), At: v.now})
		if err != nil {
			t.Fatal(err)
		}
		if !res.Accepted() {
			continue
		}
		accepted++
		for _, c := range res.Credentials() {
			claims, _ := c.Claims().Object(space)
			for _, name := range claims.Names() {
				if _, ok := original[name]; !ok || claims.Len() > len(original) || c.Types[0] != licence {
					t.Errorf("byte %d: something new is accepted", at)
				}
			}
			if n := c.Claims().Len(); n > 1 {
				t.Errorf("byte %d: %d namespaces are accepted", at, n)
			}
		}
	}
	if accepted > 32 {
		t.Errorf("%d of %d changes are accepted: more bytes than the keys nobody signs", accepted, len(v.response))
	}
	t.Logf("%d changes, %d of them without meaning", len(v.response), accepted)
}

// TestConformanceIsomdl: what spruceid's library is tested with.
func TestConformanceIsomdl(t *testing.T) {
	dir := filepath.Join(vectors(t, isomdl), "test")
	definition := func(name string) []byte { return hexFile(t, filepath.Join(dir, "definitions", name+".cbor")) }
	base := annexDVector(t)
	base.binding = cases.Binding{Kind: "bearer"}
	device := ecKey(t, hexFile(t, filepath.Join(vectors(t, annexD), "STATIC_DEVICE_KEY_D.hex")))
	present := func(issuerSigned []byte) mdocVector {
		v := base
		v.response = deviceResponse(t, issuerSigned, licence, []byte{0x83, 0xf6, 0xf6, 0xf6}, device)
		return v
	}
	t.Run("IssuerSigned in a response", func(t *testing.T) {
		present(definition("issuer_signed")).run(t, outcome{reason.Accepted, []reason.Code{}})
	})
	t.Run("IssuerSigned alone is no presentation", func(t *testing.T) {
		v := base
		v.response = definition("issuer_signed")
		v.run(t, rejected(reason.FormatUnsupported))
	})
	t.Run("IssuerSigned without its values", func(t *testing.T) {
		present(definition("issuer_signed_dehydrated")).run(t, rejected(reason.ClaimsNotCovered))
	})
	t.Run("a response without certificate", func(t *testing.T) {
		// It is for parsing: issuerAuth is of RFC 8152's example key "11".
		v := base
		v.response = definition("device_response")
		v.run(t, rejected(reason.Malformed))
	})
	t.Run("COSE key", func(t *testing.T) {
		if k, err := cose.ParseKey(definition("cose_key/ec_p256")); err != nil || !k.Algorithms().Has(credential.ES256) {
			t.Errorf("got %v, %v", k.Algorithms(), err)
		}
	})
	t.Run("COSE_Sign1", func(t *testing.T) {
		signed, err := cose.ParseSign1(definition("cose/sign1/serialized"))
		if err != nil {
			t.Fatal(err)
		}
		key := ecKey(t, hexFile(t, filepath.Join(dir, "definitions", "cose", "sign1", "secret_key")))
		if err := signed.Verify(key.Public(""), nil, nil); err != nil {
			t.Error(err)
		}
	})
	t.Run("COSE_Mac0", func(t *testing.T) {
		sealed, err := cose.ParseMac0(definition("cose/mac0/serialized"))
		if err != nil {
			t.Fatal(err)
		}
		var key struct {
			K []byte `cbor:"-1,keyasint"`
		}
		secret := hexFile(t, filepath.Join(dir, "definitions", "cose", "mac0", "secret_key"))
		if err := strictcbor.Unmarshal(secret, &key); err != nil || key.K == nil {
			key.K = secret
		}
		if err := sealed.Verify(key.K, nil, nil); err != nil {
			t.Error(err)
		}
	})
	t.Run("certificates", func(t *testing.T) { isomdlCertificates(t, filepath.Join(dir, "presentation")) })
	t.Run("an mdoc of its own", func(t *testing.T) { isomdlOwn(t, dir) })
}

// isomdlCertificates asks the trust list for the signers that isomdl tests.
func isomdlCertificates(t *testing.T, dir string) {
	der := func(name string) []byte {
		block, _ := pem.Decode([]byte(read(t, filepath.Join(dir, name+".pem"))))
		if block == nil {
			t.Fatalf("%s is no PEM", name)
		}
		return block.Bytes
	}
	for _, c := range []struct {
		name, root string
		chain      []string
		at         time.Time
		want       reason.Code
	}{
		{"under the root", "isomdl_iaca_root_cert", []string{"isomdl_iaca_signer"}, time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), ""},
		{"a signer that is an authority", "isomdl_iaca_root_cert", []string{"isomdl_incorrect_iaca_signer"}, time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), reason.CertificateRefused},
		{"over one in between", "isomdl_iaca_root_cert", []string{"isomdl_iaca_leaf_signer", "isomdl_iaca_intermediate"}, time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), reason.CertificateRefused},
		{"under another root", "owf_multipaz_iaca_p384", []string{"isomdl_iaca_signer"}, time.Date(2024, 12, 2, 0, 0, 0, 0, time.UTC), reason.CertificateRefused},
		{"after its end", "isomdl_iaca_root_cert", []string{"isomdl_iaca_signer"}, time.Date(2024, 11, 14, 0, 0, 0, 0, time.UTC), reason.CertificateRefused},
		// Multipaz's signer has a serial number below zero, which RFC 5280 §4.1.2.2
		// forbids and crypto/x509 does not read.
		{"a serial number below zero", "owf_multipaz_iaca_p384", []string{"owf_multipaz_ds_p384"}, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), reason.CertificateRefused},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := trust.Parse(mdocTrust(t, mdocVector{now: c.at, types: []string{licence}, anchor: iaca(pemText(der(c.root)))}))
			if err != nil {
				t.Fatal(err)
			}
			var chain [][]byte
			for _, name := range c.chain {
				chain = append(chain, der(name))
			}
			keys, checks := list.Keys(nil, c.at).Find(credential.Signer{Chain: chain, Algorithm: credential.ES256})
			got := reason.Code("")
			for _, check := range checks {
				if check.Verdict != reason.Passed {
					got = check.Code
				}
			}
			if got != c.want || (len(keys) > 0) != (c.want == "") {
				t.Errorf("%d keys, %v; want %q", len(keys), checks, c.want)
			}
		})
	}
}

// isomdlOwn is a driving licence that isomdl issued, as it keeps it, presented with
// the device key that lies beside it. Its signer's certificate ended four months
// before it signed, so the standard has it refused at every time. Within the
// certificate's days exactly two things are wrong, and every digest, the
// signature and the device's proof are right.
func isomdlOwn(t *testing.T, dir string) {
	stored, err := base64.StdEncoding.DecodeString(strings.TrimSpace(read(t, filepath.Join(dir, "stringified-mdl.txt"))))
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		IssuerAuth strictcbor.RawMessage                       `cbor:"issuer_auth"`
		NameSpaces map[string]map[string]strictcbor.RawMessage `cbor:"namespaces"`
	}
	if err := strictcbor.Unmarshal(stored, &m); err != nil {
		t.Fatal(err)
	}
	spaces := map[string][]strictcbor.RawMessage{}
	for name, elements := range m.NameSpaces {
		for element := range maps.Values(elements) {
			spaces[name] = append(spaces[name], element)
		}
	}
	// RFC 5915 without the name of the curve, which crypto/x509 wants.
	sec1, err := base64.StdEncoding.DecodeString(strings.TrimSpace(read(t, filepath.Join(dir, "issuance", "device_key.b64"))))
	if err != nil {
		t.Fatal(err)
	}
	var private struct {
		Version int
		D       []byte
		Public  asn1.BitString `asn1:"optional,explicit,tag:1"`
	}
	if _, err := asn1.Unmarshal(sec1, &private); err != nil {
		t.Fatal(err)
	}
	transcript := []byte{0x83, 0xf6, 0xf6, 0xf6}
	issuerSigned := cborOf(t, map[string]any{"nameSpaces": spaces, "issuerAuth": m.IssuerAuth})
	v := mdocVector{
		response: deviceResponse(t, issuerSigned, licence, transcript, ecKey(t, private.D)),
		binding:  cases.Binding{Kind: "session", Transcript: hex.EncodeToString(transcript)},
		now:      time.Date(2023, 6, 15, 0, 0, 0, 0, time.UTC),
		anchor:   map[string]any{"cert": read(t, filepath.Join(dir, "issuance", "issuer-cert.pem"))},
		types:    []string{licence},
	}
	v.run(t, rejected(reason.CertificateRefused, reason.NotYetValid))
	atSigning := v
	atSigning.now = time.Date(2023, 11, 7, 15, 41, 6, 0, time.UTC)
	atSigning.run(t, rejected(reason.CertificateRefused))
	altered := v
	altered.response = bytes.Replace(v.response, []byte("kfamily_name"), []byte("kfamily_nane"), 1)
	altered.run(t, rejected(reason.CertificateRefused, reason.NotYetValid, reason.ClaimsNotCovered))
	other := v
	other.binding.Transcript = "83f6f6f5"
	other.run(t, rejected(reason.CertificateRefused, reason.NotYetValid, reason.HolderBindingMismatch))
}
