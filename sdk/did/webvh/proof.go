package webvh

import (
	"crypto/sha256"
	"maps"
	"slices"
	"strings"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/did"
	"github.com/dzong-id/dzong/sdk/internal/jcs"
	"github.com/dzong-id/dzong/sdk/internal/multibase"
	"github.com/dzong-id/dzong/sdk/limits"
)

// proof is a Data Integrity proof of the one cryptosuite that version 1.0 permits.
type proof struct {
	options   map[string]any // all of it but its value
	multikey  string         // of the did:key that signed
	signature []byte
}

// readProofs reads an array of proofs, or one that stands alone as the published
// schema allows.
func readProofs(v any) ([]proof, error) {
	list, ok := v.([]any)
	if one, alone := v.(map[string]any); alone {
		list, ok = []any{one}, true
	}
	if !ok {
		return nil, malformed("proof is no array")
	}
	if len(list) > limits.WebVHKeys {
		return nil, tooLarge("more proofs than there can be keys")
	}
	out := make([]proof, 0, len(list))
	for _, v := range list {
		m, ok := v.(map[string]any)
		if !ok {
			return nil, malformed("a proof is no object")
		}
		p, err := readProof(m)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// readProof reads a proof of Data Integrity EdDSA Cryptosuites 1.0 §3.3,
// eddsa-jcs-2022.
func readProof(m map[string]any) (proof, error) {
	for name, want := range map[string]string{
		"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofPurpose": "assertionMethod",
	} {
		if m[name] != any(want) {
			return proof{}, refuse("a proof's " + name + " is not " + want)
		}
	}
	// What is secured has no @context that a proof could repeat (§3.3.2 step 3), no
	// earlier proof, and is for good.
	for _, name := range []string{"@context", "previousProof", "expires"} {
		if _, ok := m[name]; ok {
			return proof{}, refuse("a proof has " + name + ", which has no place in a log")
		}
	}
	if created, stated := m["created"]; stated {
		if _, ok := readTime(created); !ok {
			return proof{}, malformed("a proof's created is no time in UTC")
		}
	}
	verificationMethod, _ := m["verificationMethod"].(string)
	multikey, ok := ofDIDKey(verificationMethod)
	if !ok {
		return proof{}, refuse("a proof's verification method is none of a did:key with Ed25519")
	}
	text, _ := m["proofValue"].(string)
	if len(text) > 100 {
		return proof{}, malformed("a proof's value is no signature")
	}
	signature, err := multibase.DecodeAs(multibase.Base58BTC, text)
	if err != nil || len(signature) != 64 {
		return proof{}, malformed("a proof's value is no signature")
	}
	options := maps.Clone(m)
	delete(options, "proofValue")
	return proof{options, multikey, signature}, nil
}

// ofDIDKey is the Multikey of a verification method did:key:<key>#<key>. Both must
// be the same: else the one could be authorised and the other sign.
func ofDIDKey(verificationMethod string) (string, bool) {
	id, fragment, ok := strings.Cut(verificationMethod, "#")
	multikey, isKey := strings.CutPrefix(id, "did:key:")
	return multikey, ok && isKey && multikey == fragment && isEd25519(multikey)
}

// verifies reports whether the proof is one over document. §3.3.4: the hash of the
// proof's options and the hash of the document, one behind the other.
func (p *proof) verifies(document map[string]any) bool {
	options, err := jcs.Transform(p.options)
	if err != nil {
		return false
	}
	canonical, err := jcs.Transform(document)
	if err != nil {
		return false
	}
	key, err := did.ParseMultikey(p.multikey)
	if err != nil {
		return false
	}
	a, b := sha256.Sum256(options), sha256.Sum256(canonical)
	return key.Verify(credential.EdDSA, slices.Concat(a[:], b[:]), p.signature) == nil
}

// verifyProofs holds every proof of the entry to be made by one of keys.
func (e *entry) verifyProofs(keys []string) error {
	for i := range e.proofs {
		if !slices.Contains(keys, e.proofs[i].multikey) {
			return refuse("it is signed by a key that may not")
		}
		if !e.proofs[i].verifies(e.members) {
			return refuse("its proof does not verify")
		}
	}
	return nil
}
