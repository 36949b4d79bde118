package payload

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/internal/base45"
	"github.com/dzong-id/dzong/sdk/reason"
)

// vectors gives a folder of third-party material, or skips.
func vectors(t *testing.T, path ...string) string {
	t.Helper()
	root := os.Getenv("DZONG_VECTORS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "vectors") // beside the project's root
	}
	dir := filepath.Join(append([]string{root}, path...)...)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no third-party vectors in %s: set DZONG_VECTORS", dir)
	}
	return dir
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

func TestPixelPassVectors(t *testing.T) {
	var file struct {
		Cases []struct {
			Name, Op, Data string
			Expected       any
		}
	}
	readJSON(t, filepath.Join(vectors(t, "qr-offline", "pixelpass"), "pixelpass-js-tests.json"), &file)
	decoded, encoded := 0, 0
	for _, c := range file.Cases {
		expected, _ := c.Expected.(string)
		switch c.Op {
		case "decode":
			// None of them is a presentation; the kind shows that the unfolding went
			// right to the first byte.
			want := Unknown
			if strings.HasPrefix(expected, "{") {
				want = CBOR // PixelPass turns JSON into CBOR
			}
			p, err := Parse([]byte(c.Data))
			var r *reason.Error
			if !errors.As(err, &r) || r.Code != reason.FormatUnsupported || p.Kind != want || !p.Packed && want == CBOR {
				t.Errorf("%s: %+v, %v; want %q", c.Name, p, err, want)
			}
			decoded++
		case "generateQRData":
			if expected == "" || strings.HasPrefix(c.Data, "{") {
				continue
			}
			// Deflate allows many encodings of the same bytes: what counts is that both
			// texts unfold to them.
			for _, text := range []string{expected, PixelPass([]byte(c.Data))} {
				data, err := base45.Decode([]byte(text))
				if err == nil {
					data, err = inflate(data)
				}
				if err != nil || string(data) != c.Data {
					t.Errorf("%s: %q unfolds to %q, %v", c.Name, text, data, err)
				}
			}
			encoded++
		}
	}
	if decoded == 0 || encoded == 0 {
		t.Fatalf("%d cases decoded, %d encoded: the file has changed", decoded, encoded)
	}
}

func TestClaim169Vectors(t *testing.T) {
	dir := vectors(t, "qr-offline", "claim-169", "test-vectors")
	seen := 0
	for _, part := range []string{"valid", "edge", "invalid"} {
		files, _ := filepath.Glob(filepath.Join(dir, part, "*.json"))
		for _, path := range files {
			var c struct {
				QR string `json:"qr_data"`
			}
			readJSON(t, path, &c)
			p, err := Parse([]byte(c.QR))
			var r *reason.Error
			if !errors.As(err, &r) || p.Presentation != nil {
				t.Errorf("%s: %+v, %v", path, p, err)
				continue
			}
			seen++
			if part != "invalid" && (p.Kind != ClaimCWT || r.Code != reason.FormatUnsupported) {
				t.Errorf("%s: %q, %q", filepath.Base(path), p.Kind, r.Code)
			}
			t.Logf("%s: %s, %s", filepath.Base(path), p.Kind, r.Code)
		}
	}
	if seen == 0 {
		t.Fatal("no case found")
	}
}

func TestOtherFamiliesVectors(t *testing.T) {
	dir := vectors(t, "qr-offline")
	expect := func(name, text string, kind Kind) {
		t.Helper()
		p, err := Parse([]byte(text))
		var r *reason.Error
		if !errors.As(err, &r) || r.Code != reason.FormatUnsupported || p.Kind != kind {
			t.Errorf("%s: %+v, %v; want %q", name, p, err, kind)
		}
	}
	seen := 0
	files, _ := filepath.Glob(filepath.Join(dir, "dgc-testdata", "*", "2DCode", "raw", "*.json"))
	for _, path := range files {
		var c struct {
			Prefix string `json:"PREFIX"`
		}
		data, err := os.ReadFile(path)
		if err != nil || json.Unmarshal(data, &c) != nil || !strings.HasPrefix(c.Prefix, "HC1:") {
			continue
		}
		seen++
		expect(path, c.Prefix, HealthCert)
	}
	if seen == 0 {
		t.Error("no EU certificate found")
	}
	vds, err := os.ReadFile(filepath.Join(dir, "vds-nc", "icao-vacc-uto.json"))
	if err != nil {
		t.Fatal(err)
	}
	expect("vds-nc", string(vds), VisibleSeal)
}
