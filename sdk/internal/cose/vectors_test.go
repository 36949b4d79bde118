package cose

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/vectors"
)

// published is a message as cose-wg writes it: COSE_Sign1 as sign0, COSE_Mac0.
type published struct {
	Fail  bool
	Input struct {
		Sign0 *struct {
			Key      map[string]any
			External string
		}
		Mac0 *struct {
			External   string
			Recipients []struct{ Key map[string]any }
		}
		Sign, Mac, Encrypted, Enveloped any
	}
	Output struct{ CBOR string }
}

// octets is a member of a key as text in base64url, or as hexadecimal digits.
func octets(t *testing.T, key map[string]any, name string) []byte {
	t.Helper()
	if text, ok := key[name+"_hex"].(string); ok {
		return unhex(t, text)
	}
	text, _ := key[name].(string)
	b, err := base64url.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func publicKey(t *testing.T, key map[string]any) (credential.Key, error) {
	t.Helper()
	jwk := map[string]any{"kty": key["kty"], "crv": key["crv"]}
	for _, name := range []string{"x", "y", "n", "e"} {
		if b := octets(t, key, name); len(b) > 0 {
			jwk[name] = base64url.Encode(b)
		}
	}
	return credential.ParseJWKMap(jwk)
}

// strict are the examples that the specification allows, and why this package
// refuses them.
var strict = map[string]string{
	"sign1-tests/sign-pass-01.json":    "alg is not protected",
	"mac0-tests/mac-pass-01.json":      "alg is not protected",
	"mac0-tests/mac-pass-02.json":      "alg is not protected",
	"mac0-tests/mac-pass-03.json":      "alg is not protected",
	"ecdsa-examples/ecdsa-sig-04.json": "ES512 with a key on P-256",
	"eddsa-examples/eddsa-sig-02.json": "Ed448",
	"CWT/A_4.json":                     "a MAC of 64 bits",
	"CWT/A_7.json":                     "a MAC of 64 bits",
	"RFC8152/Appendix_C_6_1.json":      "a MAC by AES",
}

func TestConformanceCOSEWorkingGroup(t *testing.T) {
	dir := vectors.Folder(t, "mdoc/cose-wg-examples")
	files, _ := filepath.Glob(filepath.Join(dir, "*", "*.json"))
	verified, failed, refused, others := 0, 0, 0, 0
	for _, path := range files {
		folder, name := filepath.Split(path)
		name = filepath.Base(folder) + "/" + name
		var c published
		readJSON(t, path, &c)
		data := unhex(t, c.Output.CBOR)
		var verify func([]byte) error
		switch in := c.Input; {
		case in.Sign0 != nil:
			key, keyErr := publicKey(t, in.Sign0.Key)
			verify = func(data []byte) error {
				s, err := ParseSign1(data)
				if err != nil {
					return err
				}
				if keyErr != nil {
					return keyErr
				}
				return s.Verify(key, unhex(t, in.Sign0.External), nil)
			}
		case in.Mac0 != nil:
			verify = func(data []byte) error {
				m, err := ParseMac0(data)
				if err != nil {
					return err
				}
				return m.Verify(octets(t, in.Mac0.Recipients[0].Key, "k"), unhex(t, in.Mac0.External), nil)
			}
		default:
			// COSE_Sign, COSE_Mac, encryption: not for these readers.
			if _, err := ParseSign1(data); err == nil {
				t.Errorf("%s is read as a COSE_Sign1", name)
			}
			if _, err := ParseMac0(data); err == nil {
				t.Errorf("%s is read as a COSE_Mac0", name)
			}
			others++
			continue
		}
		err := verify(data)
		switch why := strict[name]; {
		case c.Fail:
			if err == nil {
				t.Errorf("%s verifies", name)
			}
			failed++
		case why != "":
			if err == nil {
				t.Errorf("%s verifies, although %s", name, why)
			}
			refused++
		case err != nil:
			t.Errorf("%s: %v", name, err)
		default:
			verified++
			changes(t, name, data, verify)
		}
	}
	t.Logf("%d verified, each also with a bit of every byte changed; %d failed as they must; %d refused by stricter rules; %d of other kinds refused",
		verified, failed, refused, others)
	if failed != 12 || verified < 8 || others < 20 {
		t.Error("the material has changed")
	}
}

// changes verifies data again after a change of one bit in every byte.
func changes(t *testing.T, name string, data []byte, verify func([]byte) error) {
	t.Helper()
	unprotected := unprotectedPart(t, data)
	for i := range data {
		if unprotected(i) {
			continue
		}
		changed := bytes.Clone(data)
		changed[i] ^= 1 << (i % 8)
		if verify(changed) == nil {
			t.Errorf("%s: verifies with bit %d of byte %d changed", name, i%8, i)
		}
	}
}

// unprotectedPart tells the bytes that no signature covers: those between the
// protected header and the payload.
func unprotectedPart(t *testing.T, data []byte) func(int) bool {
	t.Helper()
	s, err := ParseSign1(data)
	var protected, payload []byte
	if err == nil {
		protected, payload = s.encoded, s.Payload
	} else if m, err := ParseMac0(data); err == nil {
		protected, payload = m.encoded, m.Payload
	}
	from, to := bytes.Index(data, protected)+len(protected), bytes.LastIndex(data, payload)
	return func(i int) bool { return from <= i && i < to-1 }
}

func readJSON(t *testing.T, path string, into any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

func TestConformanceGlueCOSE(t *testing.T) {
	dir := vectors.Folder(t, "mdoc/gluecose-cose-sign1")
	files, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	verified, compared := 0, 0
	for _, path := range files {
		var c struct {
			Key    map[string]any
			Verify *struct {
				Message  struct{ CBORHex string } `json:"taggedCOSESign1"`
				External string
				Should   bool `json:"shouldVerify"`
			} `json:"sign1::verify"`
			Sign *struct {
				Payload, External string
				Signed            struct{ CBORHex string } `json:"tbsHex"`
				Output            struct{ CBORHex string } `json:"expectedOutput"`
			} `json:"sign1::sign"`
		}
		readJSON(t, path, &c)
		if strings.HasPrefix(filepath.Base(path), "gluecose") {
			continue
		}
		key, err := publicKey(t, c.Key)
		if err != nil {
			t.Fatalf("%s: %v", filepath.Base(path), err)
		}
		message, external := []byte(nil), ""
		if c.Verify != nil {
			message, external = unhex(t, c.Verify.Message.CBORHex), c.Verify.External
		} else {
			message, external = unhex(t, c.Sign.Output.CBORHex), c.Sign.External
		}
		s, err := ParseSign1(message)
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(path), err)
			continue
		}
		if c.Sign != nil {
			signed, err := toBeSigned("Signature1", &s.Header, unhex(t, external), s.Payload, nil)
			if err != nil || !bytes.Equal(signed, unhex(t, c.Sign.Signed.CBORHex)) || !bytes.Equal(s.Payload, unhex(t, c.Sign.Payload)) {
				t.Errorf("%s: another Sig_structure: %x, %v", filepath.Base(path), signed, err)
			}
			compared++
		}
		err = s.Verify(key, unhex(t, external), nil)
		if want := c.Verify == nil || c.Verify.Should; (err == nil) != want {
			t.Errorf("%s: %v", filepath.Base(path), err)
		}
		if s.Verify(key, append(unhex(t, external), 1), nil) == nil || s.Verify(generate(t, credential.ES256).Public(""), unhex(t, external), nil) == nil {
			t.Errorf("%s: verifies with other external data, or another key", filepath.Base(path))
		}
		verified++
	}
	t.Logf("%d verified, %d Sig_structures equal", verified, compared)
	if verified != 14 || compared != 7 {
		t.Error("the material has changed")
	}
}
