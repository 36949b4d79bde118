package mdoc

import (
	"bytes"
	"crypto/ecdh"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/internal/vectors"
	"github.com/dzong-id/dzong/sdk/reason"
)

// annexD reads a value of ISO/IEC 18013-5 Annex D, which is not part of the
// repository.
func annexD(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(vectors.Folder(t, "mdoc/iso-18013-5-annex-d"), name+".hex"))
	if err != nil {
		t.Fatal(err)
	}
	out, err := hex.DecodeString(string(bytes.TrimSpace(data)))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// annexDTime lies within every date of Annex D.
var annexDTime = time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)

// annexDEvidence is what a reader of Annex D's session knows. The chain is taken at
// its word: whose certificate it is has its tests elsewhere.
func annexDEvidence(t testing.TB) credential.Evidence {
	reader, err := ecdh.P256().NewPrivateKey(annexD(t, "EPHEMERAL_READER_KEY_D"))
	if err != nil {
		t.Fatal(err)
	}
	transcript, err := embedded(annexD(t, "SESSION_TRANSCRIPT_BYTES"))
	if err != nil {
		t.Fatal(err)
	}
	return credential.Evidence{
		Keys:    anyChain(t, "https://iaca.example"),
		Binding: credential.Session(transcript, reader),
		At:      annexDTime,
	}
}

// anyChain gives the key of a chain's first certificate, whoever made it.
func anyChain(t testing.TB, issuer string) credential.Keys {
	return credential.KeysFunc(func(s credential.Signer) ([]credential.Key, []credential.Check) {
		leaf, err := x509.ParseCertificate(s.Chain[0])
		if err != nil {
			return nil, []credential.Check{credential.Fail(reason.CheckKey, reason.CertificateRefused, "")}
		}
		key, err := credential.NewKey(fmt.Sprintf("sha256:%x", sha256.Sum256(s.Chain[0])), leaf.PublicKey)
		if err != nil {
			t.Fatal(err)
		}
		return []credential.Key{key.WithController(issuer)}, []credential.Check{
			credential.Pass(reason.CheckIssuer, issuer), credential.Pass(reason.CheckKey, issuer),
		}
	})
}

func TestConformanceAnnexDIsProvenByItsDeviceMAC(t *testing.T) {
	p, err := Mechanism().Parse(annexD(t, "DEVICE_RESPONSE"))
	if err != nil {
		t.Fatal(err)
	}
	f := p.Prove(annexDEvidence(t))
	if len(f.Checks) != 0 || len(f.Credentials) != 1 {
		t.Fatalf("%d checks on the whole, %d credentials", len(f.Checks), len(f.Credentials))
	}
	c := f.Credentials[0]
	if got := codes(c.Checks); got != "" {
		t.Fatalf("checks not passed: %s", got)
	}
	if got, _ := c.Claims.String("org.iso.18013.5.1", "family_name"); got != "Doe" {
		t.Errorf("family_name is %q", got)
	}
	if got, _ := c.Claims.String("org.iso.18013.5.1", "issue_date"); got != "2019-10-20" {
		t.Errorf("issue_date is %q", got)
	}
	if !c.HolderBound || c.Holder == nil || c.Types[0] != "org.iso.18013.5.1.mDL" {
		t.Errorf("the credential is %+v", c)
	}
	if x := c.Holder.JWK()["x"]; x != base64url.Encode(annexD(t, "STATIC_DEVICE_KEY_X")) {
		t.Errorf("the holder's key has x %v, and is another than the static device key", x)
	}
}

// TestConformanceAnnexDTranscript: the published one is of an NFC handover.
func TestConformanceAnnexDTranscript(t *testing.T) {
	whole := annexD(t, "SESSION_TRANSCRIPT_BYTES")
	transcript, err := embedded(whole)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := strictcbor.Array(transcript)
	if err != nil {
		t.Fatal(err)
	}
	handover, err := strictcbor.Array(parts[2])
	if err != nil {
		t.Fatal(err)
	}
	choose, err := strictcbor.Bytes(handover[0])
	if err != nil {
		t.Fatal(err)
	}
	request, err := strictcbor.Bytes(handover[1])
	if err != nil {
		t.Fatal(err)
	}
	public, err := ecdh.P256().NewPublicKey(append(append([]byte{4}, annexD(t, "EPHEMERAL_READER_KEY_X")...), annexD(t, "EPHEMERAL_READER_KEY_Y")...))
	if err != nil {
		t.Fatal(err)
	}
	reader, err := EncodeReaderKey(public)
	if err != nil {
		t.Fatal(err)
	}
	inner, err := embedded(parts[0])
	if err != nil {
		t.Fatal(err)
	}
	engagement, err := ParseEngagement(inner)
	if err != nil {
		t.Fatal(err)
	}
	made, err := Proximity{DeviceEngagement: engagement.Bytes(), ReaderKey: reader, NFC: &NFCHandover{Select: choose, Request: request}}.SessionTranscript()
	if err != nil || !bytes.Equal(made, transcript) {
		t.Errorf("the transcript is another (%v):\n%x\n%x", err, made, transcript)
	}
}
