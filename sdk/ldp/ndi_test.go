package ldp

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	material "github.com/dzong-id/dzong/sdk/internal/vectors"
)

// TestNDIsFoundationalID: a credential of the shape that Bhutan NDI issues, under
// the file that its platform serves for a context, signed as its issuers sign. Of
// all that it says about a person, the signature says nothing.
func TestNDIsFoundationalID(t *testing.T) {
	folder := filepath.Join(material.Root(), "..", "ndi-samples")
	if _, err := os.Stat(folder); err != nil || material.Root() == "" {
		t.Skip("no ndi-samples beside $DZONG_VECTORS: this material of others is no part of the repository")
	}
	v, err := strictjson.DecodeObject(readFile(t, folder, "10-foundational-id.vc.json"))
	if err != nil {
		t.Fatal(err)
	}
	at := vectorContexts(t)
	schema := v["@context"].([]any)[1].(string)
	at[schema] = string(readFile(t, folder, "11-schema-file.as-built-by-ngotag-platform.json"))
	issuer := v["issuer"].(object)["id"].(string)
	proof := v["proof"].(object)
	delete(v, "proof")
	delete(proof, "jws")
	k := newKey(t, credential.ES256K, issuer+"#key-1")
	signed := signAs(t, v, proof, k, "EcDSA", at)
	ev := evidence(k)
	ev.Contexts = at
	if got := one(t, parse(t, signed), ev); codes(got.Checks) != "algorithm_refused" {
		t.Errorf("without NDI's profile: %q", codes(got.Checks))
	}
	for _, change := range []func(object){func(object) {}, func(s object) { s["ID Number"], s["Full Name"] = "11111111111", "Somebody Else" }} {
		change(signed["credentialSubject"].(object))
		got := one(t, parse(t, signed, BhutanNDI()), ev)
		if codes(got.Checks) != "claims_not_covered" || got.Claims.Len() != 0 {
			t.Fatalf("%q, %d claims", codes(got.Checks), got.Claims.Len())
		}
		for _, name := range []string{"Full Name", "Blood Type", "Date of Birth", "Gender", "ID Type", "ID Number", "Citizenship", "revocation_id"} {
			if !slices.Contains(got.Uncovered, "credentialSubject."+name) {
				t.Errorf("%s is not named: %q", name, got.Uncovered)
			}
		}
	}
}
