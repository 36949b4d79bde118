package mutate

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"math/rand/v2"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base58"
	"github.com/dzong-id/dzong/sdk/internal/jcs"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/multicodec"
)

// presenterChanges show somebody else's credentials: the proof around them is made
// anew, and made well, by who holds another key. A credential that is bound to
// nobody may be accepted so.
func presenterChanges() []inner {
	return []inner{
		{"JWS presented by another", jwsToken, false, func(_ *rand.Rand, d []byte) ([]byte, string, bool) {
			header, parts, ok := splitToken(d)
			if !ok {
				return nil, "", false
			}
			raw, err := base64.RawURLEncoding.DecodeString(parts[1])
			payload := object(raw)
			vp, inner := payload["vp"].(map[string]any)
			_, outer := payload["verifiableCredential"]
			if err != nil || !inner && !outer {
				return nil, "", false
			}
			key, did, method := stranger()
			payload["iss"] = did
			for _, holder := range []map[string]any{payload, vp} {
				if _, named := holder["holder"]; named {
					holder["holder"] = did
				}
			}
			delete(header, "x5c")
			delete(header, "jwk")
			header["alg"], header["kid"] = string(key.Algorithm()), method
			token, err := jws.Sign(header, mustJSON(payload), key)
			return []byte(token), "the whole", err == nil
		}},
		{"JSON presented by another", jsonDoc, false, func(_ *rand.Rand, d []byte) ([]byte, string, bool) {
			doc := object(d)
			was, _ := doc["proof"].(map[string]any)
			if list, ok := doc["proof"].([]any); ok && len(list) > 0 {
				was, _ = list[0].(map[string]any)
			}
			if _, encloses := doc["verifiableCredential"]; !encloses || was == nil {
				return nil, "", false
			}
			key, did, method := stranger()
			doc["holder"] = did
			delete(doc, "proof")
			proof := map[string]any{
				"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "@context": doc["@context"],
				"proofPurpose": was["proofPurpose"], "verificationMethod": method,
			}
			for _, name := range []string{"created", "challenge", "domain"} {
				if v, stated := was[name]; stated {
					proof[name] = v
				}
			}
			signed, ok := hashes(proof, doc)
			if !ok {
				return nil, "", false
			}
			value, err := key.Sign(signed)
			doc["proof"] = proof
			proof["proofValue"] = "z" + base58.Encode(value)
			return mustJSON(doc), "the whole", err == nil
		}},
	}
}

// stranger is a key that is a DID's, and what it is called there.
func stranger() (key *jws.PrivateKey, did, method string) {
	key = attacker(credential.EdDSA)
	public, _ := key.Public("").Public().(ed25519.PublicKey)
	multikey := "z" + base58.Encode(multicodec.Join(multicodec.Ed25519, public))
	did = "did:key:" + multikey
	return key, did, did + "#" + multikey
}

// hashes are what eddsa-jcs-2022 signs (Data Integrity EdDSA Cryptosuites 1.0
// §3.3.4).
func hashes(options, document map[string]any) ([]byte, bool) {
	a, err := jcs.Transform(maps.Clone(options))
	if err != nil {
		return nil, false
	}
	first := sha256.Sum256(a)
	b, err := jcs.Transform(document)
	if err != nil {
		return nil, false
	}
	second := sha256.Sum256(b)
	return append(first[:], second[:]...), true
}
