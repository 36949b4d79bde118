package payload

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/internal/base45"
	material "github.com/dzong-id/dzong/sdk/internal/vectors"
	"github.com/dzong-id/dzong/sdk/reason"
)

// vectors gives a folder of third-party material, or skips.
func vectors(t *testing.T, path ...string) string {
	t.Helper()
	return material.Folder(t, filepath.ToSlash(filepath.Join(path...)))
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

func TestConformancePixelPass(t *testing.T) {
	var file struct {
		Cases []struct {
			Name, Op, Data string
			Expected       any
			Error, Inputs  []string
		}
	}
	readJSON(t, filepath.Join(vectors(t, "qr-offline", "pixelpass"), "pixelpass-js-tests.json"), &file)
	decoded, encoded, refused := 0, 0, 0
	for _, c := range file.Cases {
		expected, _ := c.Expected.(string)
		switch c.Op {
		case "decode":
			p, err := Parse([]byte(c.Data))
			if strings.HasPrefix(expected, "{") { // PixelPass turns JSON into CBOR
				if err != nil || p.Kind != CBOR || !p.Packed || string(p.Presentation) != expected {
					t.Errorf("%s: %q, %v", c.Name, p.Presentation, err)
				}
			} else if codeOf(err) != reason.FormatUnsupported || p.Kind != Unknown || !p.Packed {
				// Words are no presentation; that they are packed shows that the unfolding
				// went right.
				t.Errorf("%s: %q, %v", c.Name, p.Kind, err)
			}
			decoded++
			refused += changed(t, c.Data, p)
		case "generateQRData":
			if expected == "" {
				continue // whatever comes out counts for them
			}
			// Deflate allows many encodings of the same bytes: what counts is that both
			// texts unfold to the same.
			packed := PixelPass([]byte(c.Data))
			if strings.HasPrefix(c.Data, "{") {
				if p, err := Parse([]byte(expected)); err != nil || string(p.Presentation) != c.Data {
					t.Errorf("%s: %q, %v", c.Name, p.Presentation, err)
				}
				encoded++
				continue
			}
			for _, text := range []string{expected, packed} {
				data, err := base45.Decode([]byte(text))
				if err == nil {
					data, err = inflate(data)
				}
				if err != nil || string(data) != c.Data {
					t.Errorf("%s: %q unfolds to %q, %v", c.Name, text, data, err)
				}
			}
			encoded++
		case "":
			// Errors of the packed form. Some are of their call and not of any text.
			for _, text := range c.Inputs {
				if p, err := Parse([]byte(text)); err == nil {
					t.Errorf("%s: %q is %q", c.Name, text, p.Kind)
				}
				refused++
			}
		}
	}
	t.Logf("%d decoded, %d encoded, %d refused", decoded, encoded, refused)
	if decoded != 2 || encoded != 2 || refused == 0 {
		t.Error("the file has changed")
	}
}

// changed reads text again with every character changed to its neighbour, and
// counts those that are refused. None may give another presentation: zlib's
// checksum sees what base45 does not.
func changed(t *testing.T, text string, want Payload) (refused int) {
	t.Helper()
	const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
	for i := range len(text) {
		other := []byte(text)
		other[i] = alphabet[(strings.IndexByte(alphabet, other[i])+1)%len(alphabet)]
		p, err := Parse(other)
		switch {
		case err != nil:
			refused++
		case !bytes.Equal(p.Presentation, want.Presentation):
			t.Fatalf("with character %d changed it reads as another %q", i, p.Kind)
		}
	}
	return refused
}

// What mechanisms make of them is in verifytest/conformance.
func TestConformanceWrappedTokens(t *testing.T) {
	dir := vectors(t, "qr-offline", "claim-169")
	tokens, wrong := 0, 0
	for _, part := range []string{"valid", "edge", "invalid"} {
		files, _ := filepath.Glob(filepath.Join(dir, "test-vectors", part, "*.json"))
		for _, path := range files {
			var c struct {
				QR    string `json:"qr_data"`
				Error string `json:"expected_error"`
			}
			readJSON(t, path, &c)
			p, err := Parse([]byte(c.QR))
			switch c.Error {
			case "Base45Decode", "Decompress", "CoseParse":
				if err == nil {
					t.Errorf("%s: %q", filepath.Base(path), p.Kind)
				}
				wrong++
			default:
				if err != nil || p.Kind != ClaimCWT || !p.Packed {
					t.Errorf("%s: %q, %v", filepath.Base(path), p.Kind, err)
				}
				tokens++
				changed(t, c.QR, p)
			}
		}
	}
	if tokens != 15 || wrong != 3 {
		t.Errorf("%d tokens, %d wrong: the material has changed", tokens, wrong)
	}
}

// expectNamed expects text to be recognised, and not read.
func expectNamed(t *testing.T, name, text string, kind Kind) {
	t.Helper()
	p, err := Parse([]byte(text))
	if err == nil || codeOf(err) != reason.FormatUnsupported || p.Kind != kind {
		t.Errorf("%s: %q, %v; want %q", name, p.Kind, err, kind)
	}
}

func TestConformanceVDSNC(t *testing.T) {
	dir := vectors(t, "qr-offline", "vds-nc")
	vds, err := os.ReadFile(filepath.Join(dir, "icao-vacc-uto.json"))
	if err != nil {
		t.Fatal(err)
	}
	expectNamed(t, "vds-nc", string(vds), VisibleSeal)
	expectNamed(t, "vds-nc, packed", PixelPass(vds), VisibleSeal)
}

func TestConformanceVDSTools(t *testing.T) {
	dir := vectors(t, "qr-offline", "vdstools")
	var file struct {
		Seals    map[string]string `json:"vds_hex"`
		Barcodes map[string]string `json:"icb_strings"`
	}
	readJSON(t, filepath.Join(dir, "vds-raw.json"), &file)
	for name, text := range file.Seals {
		data, err := hex.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		expectNamed(t, name, string(data), BinarySeal)
	}
	for name, text := range file.Barcodes {
		expectNamed(t, name, text, BinarySeal)
	}
	var more struct {
		Cases []struct{ Test, File, IDB any }
	}
	readJSON(t, filepath.Join(dir, "vds-idb-vectors.json"), &more)
	others := 0
	for _, c := range more.Cases {
		list, _ := c.IDB.([]any)
		for _, v := range list {
			if text, ok := v.(string); ok {
				expectNamed(t, "an IDB of "+c.Test.(string), text, BinarySeal)
				others++
			}
		}
	}
	t.Logf("%d seals, %d barcodes, %d barcodes of other tests", len(file.Seals), len(file.Barcodes), others)
	if len(file.Seals) != 17 || len(file.Barcodes) < 9 || others == 0 {
		t.Error("the material has changed")
	}
}

func TestConformanceVCBarcodes(t *testing.T) {
	dir := vectors(t, "qr-offline", "vc-barcodes")
	files, _ := filepath.Glob(filepath.Join(dir, "spec-examples", "*.txt"))
	codes, licences := 0, 0
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		switch {
		case strings.HasPrefix(text, "VC1-"):
			expectNamed(t, filepath.Base(path), strings.TrimRight(text, "\n"), Barcode)
			codes++
		case strings.HasPrefix(text, "bytes("):
			// A licence's bytes, with escapes and in one line.
			text = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(text), "bytes("), ")")
			text = strings.NewReplacer(`\n`, "\n", `\r`, "\r", `\x1e`, "\x1e").Replace(text)
			expectNamed(t, filepath.Base(path), text, Barcode)
			licences++
		}
	}
	if codes != 2 || licences != 2 {
		t.Errorf("%d codes, %d licences: the material has changed", codes, licences)
	}
}
