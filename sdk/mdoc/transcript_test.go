package mdoc

import (
	"bytes"
	"encoding/hex"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestOpenID4VPTranscripts holds the builders to the examples in OpenID4VP 1.0
// appendices B.2.6.1 and B.2.6.2.
func TestOpenID4VPTranscripts(t *testing.T) {
	key, err := credential.ParseJWK([]byte(`{"kty":"EC","crv":"P-256",
		"x":"DxiH5Q4Yx3UrukE2lWCErq8N8bqC9CHLLrAwLz5BmE0","y":"XtLM4-3h5o3HUH0MHVJV0kyq0iBlrBwlh8qEDMZ4-Pc"}`))
	if err != nil {
		t.Fatal(err)
	}
	thumbprint := key.Thumbprint()
	const nonce = "exc7gBkxjx1rdc9udRrveKvSsJIq80avlXeLHhGwqtA"
	redirect := OpenID4VPHandover{ClientID: "x509_san_dns:example.com", Nonce: nonce, JWKThumbprint: thumbprint[:], ResponseURI: "https://example.com/response"}
	api := OpenID4VPDCAPIHandover{Origin: "https://example.com", Nonce: nonce, JWKThumbprint: thumbprint[:]}
	for _, c := range []struct {
		name string
		make func() ([]byte, error)
		want string
	}{
		{"B.2.6.1", redirect.SessionTranscript,
			"83f6f682714f70656e494434565048616e646f7665725820048bc053c00442af9b8eed494cefdd9d95240d254b046b11b68013722aad38ac"},
		{"B.2.6.2", api.SessionTranscript,
			"83f6f682764f70656e4944345650444341504948616e646f7665725820fbece366f4212f9762c74cfdbf83b8c69e371d5d68cea09cb4c48ca6daab761a"},
	} {
		if got, err := c.make(); err != nil || !bytes.Equal(got, unhex(t, c.want)) {
			t.Errorf("%s: %v\n got %x\nwant %s", c.name, err, got, c.want)
		}
	}
}

// TestNothingInAHandoverIsLeftOut: every member changes the transcript, and one
// that is missing where it must be there is an error.
func TestNothingInAHandoverIsLeftOut(t *testing.T) {
	thumbprint := bytes.Repeat([]byte{1}, 32)
	seen := map[string]string{}
	differs := func(name string, transcript []byte, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if other, ok := seen[string(transcript)]; ok {
			t.Errorf("%s has the transcript of %s", name, other)
		}
		seen[string(transcript)] = name
	}
	for name, h := range map[string]OpenID4VPHandover{
		"redirect":         {ClientID: "c", Nonce: "n", ResponseURI: "u", JWKThumbprint: thumbprint},
		"another client":   {ClientID: "d", Nonce: "n", ResponseURI: "u", JWKThumbprint: thumbprint},
		"another nonce":    {ClientID: "c", Nonce: "m", ResponseURI: "u", JWKThumbprint: thumbprint},
		"another response": {ClientID: "c", Nonce: "n", ResponseURI: "v", JWKThumbprint: thumbprint},
		"not encrypted":    {ClientID: "c", Nonce: "n", ResponseURI: "u"},
	} {
		transcript, err := h.SessionTranscript()
		differs(name, transcript, err)
	}
	for name, h := range map[string]OpenID4VPDCAPIHandover{
		"API":                {Origin: "c", Nonce: "n", JWKThumbprint: thumbprint},
		"API, other origin":  {Origin: "d", Nonce: "n", JWKThumbprint: thumbprint},
		"API, other nonce":   {Origin: "c", Nonce: "m", JWKThumbprint: thumbprint},
		"API, not encrypted": {Origin: "c", Nonce: "n"},
	} {
		transcript, err := h.SessionTranscript()
		differs(name, transcript, err)
	}
	for name, make := range map[string]func() ([]byte, error){
		"no client":              OpenID4VPHandover{Nonce: "n", ResponseURI: "u"}.SessionTranscript,
		"no nonce":               OpenID4VPHandover{ClientID: "c", ResponseURI: "u"}.SessionTranscript,
		"no response":            OpenID4VPHandover{ClientID: "c", Nonce: "n"}.SessionTranscript,
		"half a thumbprint":      OpenID4VPHandover{ClientID: "c", Nonce: "n", ResponseURI: "u", JWKThumbprint: thumbprint[:16]}.SessionTranscript,
		"an empty thumbprint":    OpenID4VPHandover{ClientID: "c", Nonce: "n", ResponseURI: "u", JWKThumbprint: []byte{}}.SessionTranscript,
		"no origin":              OpenID4VPDCAPIHandover{Nonce: "n"}.SessionTranscript,
		"no nonce over the API":  OpenID4VPDCAPIHandover{Origin: "o"}.SessionTranscript,
		"no engagement":          Proximity{ReaderKey: []byte{0xa0}}.SessionTranscript,
		"no reader's key":        Proximity{DeviceEngagement: []byte{0xa0}}.SessionTranscript,
		"an engagement and more": Proximity{DeviceEngagement: []byte{0xa0, 0xa0}, ReaderKey: []byte{0xa0}}.SessionTranscript,
		"a wrapped engagement":   Proximity{DeviceEngagement: []byte{0xd8, 0x18, 0x41, 0xa0}, ReaderKey: []byte{0xa0}}.SessionTranscript,
		"NFC without a message":  Proximity{DeviceEngagement: []byte{0xa0}, ReaderKey: []byte{0xa0}, NFC: &NFCHandover{}}.SessionTranscript,
	} {
		if transcript, err := make(); err == nil {
			t.Errorf("%s gives %x", name, transcript)
		}
	}
}

// TestAHandoverOfQRIsNull: §9.1.5.1.
func TestAHandoverOfQRIsNull(t *testing.T) {
	p := Proximity{DeviceEngagement: []byte{0xa0}, ReaderKey: []byte{0xa1, 1, 2}}
	for _, c := range []struct {
		nfc  *NFCHandover
		want string
	}{
		{nil, "83d81841a0d81843a10102f6"},
		{&NFCHandover{Select: []byte{7}}, "83d81841a0d81843a10102824107f6"},
		{&NFCHandover{Select: []byte{7}, Request: []byte{8}}, "83d81841a0d81843a101028241074108"},
	} {
		p.NFC = c.nfc
		if got, err := p.SessionTranscript(); err != nil || hex.EncodeToString(got) != c.want {
			t.Errorf("got %x, %v; want %s", got, err, c.want)
		}
	}
}
