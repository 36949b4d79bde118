package bbs

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/dzong-id/dzong/sdk/internal/vectors"
)

// The signatures of bbs-2023's vectors byte by byte, and their proofs: header and
// messages are published beside them. The seed of the proofs' randomness is published
// too, but gives other proofs by the draft's way of using one; the draft's own proofs
// are compared byte by byte above.
func TestConformanceBBS2023Bytes(t *testing.T) {
	root := filepath.Join(vectors.Folder(t, "data-integrity/vc-di-bbs"), "TestVectors")
	read := func(name string, into any) {
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, into); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	var keys struct{ PublicKeyHex, PrivateKeyHex string }
	read("BBSKeyMaterial.json", &keys)
	var derive struct{ PresentationHeaderHex string }
	read("BBSDeriveMaterial.json", &derive)
	k, err := ParsePrivateKey(unhex(keys.PrivateKeyHex))
	if err != nil {
		t.Fatal(err)
	}
	if public := k.Public().Bytes(); hex.EncodeToString(public[:]) != keys.PublicKeyHex {
		t.Errorf("public key %x", public)
	}
	s := New()
	for _, sub := range []string{"", "prc/"} {
		var hashes struct{ ProofHash, MandatoryHash string }
		read(sub+"addHashData.json", &hashes)
		var transform struct {
			NonMandatory struct{ Value [][2]any }
		}
		read(sub+"addBaseTransform.json", &transform)
		var base struct{ BBSSignature string }
		read(sub+"addRawBaseSignatureInfo.json", &base)
		var disclosure struct {
			BBSProof            string
			AdjSelectiveIndexes []int
		}
		read(sub+"derivedDisclosureData.json", &disclosure)

		header := unhex(hashes.ProofHash + hashes.MandatoryHash)
		var messages, disclosed [][]byte
		for _, pair := range transform.NonMandatory.Value {
			messages = append(messages, []byte(pair[1].(string)))
		}
		signature, err := s.Sign(k, header, messages)
		if err != nil || hex.EncodeToString(signature) != base.BBSSignature {
			t.Errorf("%ssignature %x, %v", sub, signature, err)
		}
		if err := s.Verify(k.Public(), unhex(base.BBSSignature), header, messages); err != nil {
			t.Errorf("%ssignature: %v", sub, err)
		}
		for _, i := range disclosure.AdjSelectiveIndexes {
			disclosed = append(disclosed, messages[i])
		}
		ph := unhex(derive.PresentationHeaderHex)
		if err := s.VerifyProof(k.Public(), Disclosure{Proof: unhex(disclosure.BBSProof), Header: header, PresentationHeader: ph,
			Messages: disclosed, Indexes: disclosure.AdjSelectiveIndexes}); err != nil {
			t.Errorf("%sproof: %v", sub, err)
		}
	}
}
