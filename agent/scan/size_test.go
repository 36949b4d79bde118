package scan

import (
	"testing"

	"github.com/dzong-id/dzong/drivers/camera/cameratest"
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/payload"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

// TestPresentationsFitTheirCodes holds what the offline profile says about
// size: what a careful wallet shows fits a code that the kiosk's camera reads.
func TestPresentationsFitTheirCodes(t *testing.T) {
	world := verifytest.NewWorld()
	registry := world.AddIssuer("https://id.gov.example", "https://id.gov.example/citizen")
	ed, p256 := world.AddWalletFor(credential.EdDSA), world.AddWallet()
	claims := func() map[string]any {
		return map[string]any{"full_name": "Pema Dorji Wangmo", "date_of_birth": "1990-05-17", "id_number": "11504000123"}
	}
	forEd, forP256 := registry.Issue(ed, claims()), registry.Issue(p256, claims())
	to := verifytest.To("https://bnb.example/kiosk/lhuentse/counter-1")
	one, three := verifytest.Disclose("full_name"), verifytest.Disclose("full_name", "date_of_birth", "id_number")
	for name, c := range map[string]struct {
		presented []byte
		version   int
	}{
		"Ed25519, one of three claims":   {ed.Present(forEd, to, one), 20},
		"Ed25519, three of three claims": {ed.Present(forEd, to, three), 22},
		"P-256, one of three claims":     {p256.Present(forP256, to, one), 21},
		"P-256, three of three claims":   {p256.Present(forP256, to, three), 23},
	} {
		text := payload.PixelPass(c.presented)
		raw, packed := mustEncode(t, c.presented, L), mustEncode(t, []byte(text), L)
		t.Logf("%s: raw %d bytes, version %d; packed %d characters, version %d", name, len(c.presented), raw.Version, len(text), packed.Version)
		if packed.Version > c.version || packed.Version >= raw.Version {
			t.Errorf("%s: packed version %d, raw %d; want at most %d", name, packed.Version, raw.Version, c.version)
		}
		shots := cameratest.Photograph(packed.Modules, 4, cameratest.Handheld())
		read := false
		for _, shot := range shots[2:6] {
			img, err := shot.Load()
			if err != nil {
				t.Fatal(err)
			}
			p, err := Image(img)
			read = read || err == nil && string(p.Bytes) == text
		}
		if !read {
			t.Errorf("%s: version %d is not read in four pictures", name, packed.Version)
		}
	}
}
