package conformance

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/dzong-id/dzong/sdk/internal/jsonld"
	"github.com/dzong-id/dzong/sdk/internal/selective/derive"
	material "github.com/dzong-id/dzong/sdk/internal/vectors"
	"github.com/dzong-id/dzong/sdk/reason"
)

// bytesByURL gives the vectors' contexts to who signs and derives.
type bytesByURL material.Contexts

func (c bytesByURL) Context(url string) []byte {
	if text, ok := c[url]; ok {
		return []byte(text)
	}
	return nil
}

// W3C's vector of ecdsa-sd-2023: the derived document that it publishes, and every
// other that its base proof lets a holder derive by one pointer. Its issuer is one
// did:key, and the key another's.
func TestConformanceECDSASD(t *testing.T) {
	at := material.AllContexts(t)
	folder := filepath.Join(vectors(t, "data-integrity/vc-di-ecdsa"), "TestVectors", "ecdsa-sd-2023", "prc")
	published := ldOf(t, filepath.Join(folder, "derivedRevealDocument.json"), at)
	document := decodedDocument(t, published.data)
	issuer := document["issuer"].(map[string]any)["id"].(string)
	proof := document["proof"].(map[string]any)
	published.keys[issuer] = []any{multikeyJWK(t, proof["verificationMethod"].(string))}
	accepted := outcome{reason.Accepted, []reason.Code{}}
	t.Run("published", func(t *testing.T) { published.runAll(t, accepted) })

	base := published
	base.data = []byte(read(t, filepath.Join(folder, "addSignedSDBase.json")))
	t.Run("base proof", func(t *testing.T) { base.run(t, base.trust(t), rejected(reason.FormatUnsupported)) })

	body := decodedDocument(t, base.data)
	held := body["proof"].(map[string]any)
	delete(body, "proof")
	d := derive.Document{Body: body, Contexts: texts(body["@context"]), Processor: jsonld.New(), Source: bytesByURL(at)}
	var pointers []string
	for name := range body["credentialSubject"].(map[string]any) {
		pointers = append(pointers, "/credentialSubject/"+name)
	}
	if len(pointers) < 8 {
		t.Fatalf("%d members, want more", len(pointers))
	}
	for _, pointer := range append(pointers, "/credentialSubject") {
		t.Run("derived "+pointer, func(t *testing.T) {
			shown, proof, err := derive.DeriveECDSA(d, held, []string{pointer, "/validFrom"})
			if err != nil {
				t.Fatal(err)
			}
			shown["proof"] = proof
			v := published
			v.every = 9
			if v.data, err = json.Marshal(shown); err != nil {
				t.Fatal(err)
			}
			v.runAll(t, accepted)
		})
	}
}
