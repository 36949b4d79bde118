package mutate

import (
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"math/rand/v2"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/did"
	"github.com/dzong-id/dzong/sdk/internal/multibase"
	"github.com/dzong-id/dzong/sdk/verify"
)

// otherKeys gives everybody whom the trust list or a document names other keys and
// authorities, under the same names. What an identifier says itself cannot be
// changed so; a positive that rests on such an issuer alone has no mutant here.
func otherKeys(_ *rand.Rand, p *positive) (mutant, bool) {
	s := *p.situation
	list := object(s.Trust)
	rests := false // some credential rests on a key that is replaced
	for _, c := range p.credentials {
		rests = rests || !hasOwnKeys(entryOf(list, c.Issuer), c.Issuer)
	}
	if !rests {
		return mutant{}, false
	}
	issuers, _ := list["issuers"].([]any)
	for _, v := range issuers {
		entry, _ := v.(map[string]any)
		if set, ok := entry["jwks"].(map[string]any); ok {
			keys, _ := set["keys"].([]any)
			for _, k := range keys {
				if jwk, ok := k.(map[string]any); ok && !replaceJWK(jwk) {
					return mutant{}, false
				}
			}
		}
		anchors, _ := entry["x509"].([]any)
		for _, a := range anchors {
			anchor, _ := a.(map[string]any)
			text, _ := anchor["cert"].(string)
			block, _ := pem.Decode([]byte(text))
			if block == nil {
				return mutant{}, false
			}
			block.Bytes = selfSigned(block.Bytes)
			anchor["cert"] = string(pem.EncodeToMemory(block))
		}
	}
	s.Trust = mustJSON(list)
	s.Documents = maps.Clone(s.Documents)
	for id, data := range s.Documents {
		doc := object(data)
		if !replaceMethods(doc) {
			return mutant{}, false
		}
		s.Documents[id] = mustJSON(doc)
	}
	return mutant{situation: &s, what: "every key and authority at hand is another", refuse: true}, true
}

// hasOwnKeys reports whether an issuer's identifiers say its keys themselves.
func hasOwnKeys(entry map[string]any, id string) bool {
	if did.SelfContained(id) {
		return true
	}
	more, _ := entry["dids"].([]any)
	for _, v := range more {
		if id, _ := v.(string); did.SelfContained(id) {
			return true
		}
	}
	return false
}

// replaceJWK puts another key of the same kind in its place, under its name.
func replaceJWK(jwk map[string]any) bool {
	alg, ok := map[string]credential.Algorithm{
		"P-256": credential.ES256, "P-384": credential.ES384, "P-521": credential.ES512,
		"secp256k1": credential.ES256K, "Ed25519": credential.EdDSA,
	}[fmt.Sprint(jwk["crv"])]
	switch {
	case ok:
		for name, v := range attacker(alg).JWK("") {
			jwk[name] = v
		}
	case jwk["kty"] == any("RSA"):
		text, _ := jwk["n"].(string)
		n, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil || len(n) < 64 {
			return false
		}
		n[len(n)/2] ^= 1
		jwk["n"] = base64.RawURLEncoding.EncodeToString(n)
	default:
		return false
	}
	return true
}

// replaceMethods replaces the keys of a DID document.
func replaceMethods(doc map[string]any) bool {
	found := false
	for _, name := range []string{"verificationMethod", "publicKey", "assertionMethod", "authentication"} {
		list, _ := doc[name].([]any)
		for _, v := range list {
			m, ok := v.(map[string]any)
			if !ok {
				continue
			}
			if !replaceMethod(m) {
				return false
			}
			found = true
		}
	}
	return found
}

func replaceMethod(m map[string]any) bool {
	if jwk, ok := m["publicKeyJwk"].(map[string]any); ok {
		return replaceJWK(jwk)
	}
	delete(m, "publicKeyBase58")
	delete(m, "publicKeyHex")
	delete(m, "blockchainAccountId")
	delete(m, "ethereumAddress")
	if text, ok := m["publicKeyMultibase"].(string); ok && len(text) > 1 {
		raw, err := multibase.Decode(text)
		if err != nil || len(raw) < 3 {
			return false
		}
		// Another point would be no point, or nobody's: the last bytes are turned.
		raw[len(raw)-1] ^= 1
		m["publicKeyMultibase"] = multibase.Encode(raw)
		return true
	}
	m["publicKeyJwk"] = attacker(credential.ES256).JWK("")
	return true
}

// otherPurpose takes the purpose away for which the issuer's document lists its
// keys, where the keys come from a document.
func otherPurpose(r *rand.Rand, p *positive) (mutant, bool) {
	list := object(p.situation.Trust)
	for _, at := range r.Perm(len(p.credentials)) {
		id := p.credentials[at].Issuer
		entry := entryOf(list, id)
		if entry == nil || entry["jwks"] != nil || entry["x509"] != nil || entry["dids"] != nil || p.situation.Documents[id] == nil {
			continue
		}
		s := *p.situation
		s.Documents = maps.Clone(s.Documents)
		doc := object(s.Documents[id])
		doc["authentication"] = doc["assertionMethod"]
		doc["keyAgreement"] = doc["assertionMethod"]
		delete(doc, "assertionMethod")
		s.Documents[id] = json.RawMessage(mustJSON(doc))
		return mutant{situation: &s, what: "the issuer's keys are for authentication", refuse: true}, true
	}
	return mutant{}, false
}

// otherLeaf takes certificates of an issuer's authorities only if they are for
// something else, where authorities are all that its entry has.
func otherLeaf(r *rand.Rand, _, entry map[string]any, c verify.Credential) (string, bool) {
	anchors, _ := entry["x509"].([]any)
	if entry["jwks"] != nil || entry["dids"] != nil || did.IsDID(c.Issuer) || len(anchors) == 0 {
		return "", false
	}
	for _, v := range anchors {
		anchor, _ := v.(map[string]any)
		if _, ruled := anchor["leaf"]; !ruled {
			return "", false
		}
		anchor["leaf"] = pick(r, map[string]any{"eku": "1.3.6.1.5.5.7.3.1"}, map[string]any{"san": "stranger.example"})
	}
	return "certificates are for another use, or name", true
}
