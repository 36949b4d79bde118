package ldp

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	material "github.com/dzong-id/dzong/sdk/internal/vectors"
)

// TestConformanceVCDM2Examples holds the examples of VCDM 2.0 to what the
// specification shows them for: each that is a whole document is signed and verified,
// as the inputs of W3C's suite are. The others are pieces, contexts and tokens.
func TestConformanceVCDM2Examples(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(material.Folder(t, "vcdm2-spec-examples"), "*.json"))
	differs := map[string]string{
		"006": "claims_not_covered", // a direction, which no RDF suite signs
		"015": "malformed",          // its proofValue is cut short with an ellipsis
	}
	for _, number := range []string{"024", "027", "030", "034", "040"} {
		differs[number] = "context_not_accepted" // one that is made up, or not in the collection
	}
	tried := 0
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".json")
		v, err := strictjson.DecodeObject(readFile(t, f))
		if err != nil || !strings.Contains(string(marshal(t, v["type"])), "Verifiable") {
			continue
		}
		tried++
		number, _, _ := strings.Cut(name, "_")
		t.Run(name, func(t *testing.T) {
			want := differs[number]
			delete(differs, number)
			if got := suiteAnswer(t, "example", v); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
	for number := range differs {
		t.Errorf("there is no example %s", number)
	}
	if tried < 20 {
		t.Errorf("%d whole documents among %d files", tried, len(files))
	}
}
