package mdoc

import (
	"bytes"
	"crypto/ecdh"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"crypto/ecdsa"
	"crypto/elliptic"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/cose"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/internal/vectors"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// annexDSeed is a value of Annex D, nil where that is not at hand.
func annexDSeed(name string) []byte {
	data, err := os.ReadFile(filepath.Join(vectors.Root(), "mdoc", "iso-18013-5-annex-d", name+".hex"))
	if err != nil {
		return nil
	}
	out, _ := hex.DecodeString(string(bytes.TrimSpace(data)))
	return out
}

// signer is an issuer of tests with a certificate of its own making.
type signer struct {
	key         *jws.PrivateKey
	certificate []byte
}

var testTime = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

func newSigner(t testing.TB) signer {
	t.Helper()
	private, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), bytes.Repeat([]byte{3}, 32))
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "signer", Country: []string{"BT"}},
		NotBefore: testTime.AddDate(0, -1, 0), NotAfter: testTime.AddDate(0, 1, 0),
	}
	der, err := x509.CreateCertificate(nil, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	key, err := jws.NewPrivateKey(credential.ES256, private)
	if err != nil {
		t.Fatal(err)
	}
	return signer{key, der}
}

// response presents items under an issuerAuth with this payload.
func (s signer) response(t testing.TB, payload []byte, items ...[]byte) []byte {
	t.Helper()
	auth, err := cose.Message{Payload: payload, Unprotected: map[any]any{cose.LabelX5Chain: s.certificate}}.Sign(s.key)
	if err != nil {
		t.Fatal(err)
	}
	var list []strictcbor.RawMessage
	for _, i := range items {
		list = append(list, i)
	}
	return encode(t, object{"version": "1.0", "status": 0, "documents": []any{object{
		"docType":      licence,
		"issuerSigned": object{"nameSpaces": object{licenceNameSpace: list}, "issuerAuth": strictcbor.RawMessage(auth)},
		"deviceSigned": object{
			"nameSpaces": tagged(tagEmbedded, []byte{0xa0}),
			"deviceAuth": object{"deviceSignature": []any{[]byte{0xa1, 1, 0x26}, object{}, nil, make([]byte, 64)}},
		},
	}}})
}

func testItem(t testing.TB, id int, element string, value any) []byte {
	return encode(t, tagged(tagEmbedded, encode(t, object{
		"digestID": id, "random": make([]byte, 16), "elementIdentifier": element, "elementValue": value,
	})))
}

// securityObject is a good one, to be changed.
func testSecurityObject(t testing.TB, items ...[]byte) object {
	key, err := jws.Derive(credential.ES256, []byte("device"))
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := cose.MarshalKey(key.Public(""), nil)
	if err != nil {
		t.Fatal(err)
	}
	ids := object{}
	for n, i := range items {
		ids[n] = digests["SHA-256"](i)
	}
	date := func(at time.Time) any { return tagged(tagDate, at.Format(time.RFC3339)) }
	return object{
		"version": "1.0", "digestAlgorithm": "SHA-256", "docType": licence,
		"valueDigests":  object{licenceNameSpace: ids},
		"deviceKeyInfo": object{"deviceKey": strictcbor.RawMessage(encoded)},
		"validityInfo":  object{"signed": date(testTime), "validFrom": date(testTime), "validUntil": date(testTime.AddDate(0, 0, 7))},
	}
}

// FuzzProve: no bytes may panic, hang or be accepted. The seeds are signed with keys
// that the finder here does not give out.
func FuzzProve(f *testing.F) {
	for _, name := range []string{"DEVICE_RESPONSE", "SESSION_DATA", "DEVICE_REQUEST", "DEVICE_ENGAGEMENT"} {
		if seed := annexDSeed(name); seed != nil {
			f.Add(seed)
		}
	}
	s := newSigner(f)
	item := testItem(f, 0, "family_name", "Example")
	good := s.response(f, encode(f, tagged(tagEmbedded, encode(f, testSecurityObject(f, item)))), item)
	f.Add(good)
	f.Add([]byte("o2d2ZXJzaW9uYzEuMGZzdGF0dXMA"))
	f.Add(encode(f, object{"version": "1.0", "status": 0}))
	stranger, err := jws.Derive(credential.ES256, []byte("nobody's"))
	if err != nil {
		f.Fatal(err)
	}
	key := stranger.Public("k")
	reader, err := ecdh.P256().NewPrivateKey(bytes.Repeat([]byte{5}, 32))
	if err != nil {
		f.Fatal(err)
	}
	keys := credential.KeysFunc(func(credential.Signer) ([]credential.Key, []credential.Check) {
		return []credential.Key{key}, nil
	})
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Mechanism().Parse(data)
		if err != nil {
			checkRefusal(t, err)
			return
		}
		for _, binding := range []credential.Binding{{}, credential.BearerUnsafe(), credential.Session([]byte{0x83, 0xf6, 0xf6, 0xf6}, reader)} {
			f := p.Prove(credential.Evidence{Keys: keys, Binding: binding, At: testTime, UncoveredUnsafe: true})
			for _, c := range f.Credentials {
				if codes(c.Checks) == "" || c.Claims.Len() > 0 || c.HolderBound {
					t.Fatal("something was accepted under a key that did not sign it")
				}
			}
			if len(f.Credentials) == 0 && codes(f.Checks) == "" {
				t.Fatal("nothing was found, and nothing says why")
			}
		}
	})
}

// checkRefusal holds a parser's error to what Mechanism promises.
func checkRefusal(t *testing.T, err error) {
	t.Helper()
	var coded *reason.Error
	if !errors.As(err, &coded) {
		t.Fatalf("%v is no *reason.Error", err)
	}
	switch coded.Code {
	case reason.Malformed, reason.TooLarge, reason.FormatUnsupported:
	default:
		t.Fatalf("a parser answers %s", coded.Code)
	}
}

// FuzzSecurityObject: what an issuer has signed may still be made to do harm. It may
// not panic, and nothing comes out but the one item whose digest it holds, with the
// docType outside, within its dates.
func FuzzSecurityObject(f *testing.F) {
	s := newSigner(f)
	item := testItem(f, 0, "family_name", "Example")
	mso := testSecurityObject(f, item)
	f.Add(encode(f, mso))
	for name, value := range map[any]any{
		"status":        object{"status_list": object{"idx": uint64(1) << 63, "uri": "u"}},
		"deviceKeyInfo": object{"deviceKey": object{1: 1, -1: 6, -2: make([]byte, 32)}, "keyAuthorizations": object{"nameSpaces": []any{"n"}}},
		"valueDigests":  object{licenceNameSpace: object{uint64(1) << 63: []byte{}}},
		"validityInfo":  object{"signed": tagged(tagDate, "9999-12-31T23:59:59+23:59")},
	} {
		changed := object{}
		for k, v := range mso {
			changed[k] = v
		}
		changed[name] = value
		f.Add(encode(f, changed))
	}
	if seed := annexDSeed("DEVICE_RESPONSE"); seed != nil {
		at := bytes.Index(seed, []byte("\xa6gversionc1.0odigest"))
		f.Add(seed[at:bytes.LastIndex(seed, []byte("\x58\x40"))])
	}
	ev := credential.Evidence{Keys: anyChain(f, "https://iaca.example"), Binding: credential.BearerUnsafe(), At: testTime}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > limits.Presentation/2 {
			return
		}
		p, err := Mechanism().Parse(s.response(t, encode(t, tagged(tagEmbedded, data)), item))
		if err != nil {
			checkRefusal(t, err)
			return
		}
		c := p.Prove(ev).Credentials[0]
		if codes(c.Checks) != "" {
			if c.Claims.Len() > 0 {
				t.Fatal("claims come out although a check failed")
			}
			return
		}
		name, _ := c.Claims.String(licenceNameSpace, "family_name")
		if name != "Example" || c.Claims.Len() != 1 || c.Types[0] != licence || c.NotBefore.After(testTime) || c.Expires.Before(testTime) {
			t.Fatalf("accepted: %d claims of %v, valid from %v until %v", c.Claims.Len(), c.Types, c.NotBefore, c.Expires)
		}
	})
}

// FuzzEngagement: nothing that a wallet shows panics, and what is read is read
// again from the bytes that are kept.
func FuzzEngagement(f *testing.F) {
	for _, name := range []string{"DEVICE_ENGAGEMENT", "DEVICE_RESPONSE"} {
		if seed := annexDSeed(name); seed != nil {
			f.Add(seed)
		}
	}
	f.Add(encode(f, engagement(f)))
	f.Add([]byte("mdoc:owBjMS4w"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := ParseEngagementURI(data); err != nil {
			checkRefusal(t, err)
		}
		e, err := ParseEngagement(data)
		if err != nil {
			checkRefusal(t, err)
			return
		}
		if again, err := ParseEngagement(e.Bytes()); err != nil || e.DeviceKey == nil || !again.DeviceKey.Equal(e.DeviceKey) {
			t.Fatalf("what was read is not read again: %v", err)
		}
		if _, err := (Proximity{DeviceEngagement: e.Bytes(), ReaderKey: []byte{0xa0}}).SessionTranscript(); err != nil {
			t.Fatal(err)
		}
	})
}
