package did

import (
	"crypto/elliptic"
	"encoding/hex"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/base58"
)

// materials are the members that may hold a verification method's key or stand
// for it.
var materials = [...]string{
	"publicKeyJwk", "publicKeyMultibase", "publicKeyBase58", "publicKeyHex", "publicKeyPem",
	"publicKeyBase64", "blockchainAccountId", "ethereumAddress",
}

// mostMaterial bounds a key's text before base58 is read: a point of
// BLS12-381 takes 132 characters.
const mostMaterial = 256

// material reads the key of one verification method. The type and the member
// must fit, but for publicKeyJwk, which says by itself what it is.
func material(m map[string]any) (credential.Key, bool) {
	// DID Core §5.2.1: "A verification method MUST NOT contain multiple
	// verification material properties for the same material": which of them
	// would count?
	held := ""
	for _, name := range materials {
		if _, ok := m[name]; ok {
			if held != "" {
				return credential.Key{}, false
			}
			held = name
		}
	}
	kind, _ := m["type"].(string)
	var key credential.Key
	err := errMultikey
	switch held {
	case "publicKeyJwk":
		if jwk, ok := m[held].(map[string]any); ok {
			key, err = credential.ParseJWKMap(jwk)
		}
	case "publicKeyMultibase":
		text, _ := m[held].(string)
		if key, err = fromMultibase(kind, text); err != nil {
			break
		}
		if alg, known := suites[kind]; known && !key.Algorithms().Has(alg) {
			err = errMultikey
		}
	case "publicKeyBase58", "publicKeyHex":
		text, _ := m[held].(string)
		if len(text) > mostMaterial {
			break
		}
		var raw []byte
		if held == "publicKeyHex" {
			raw, err = hex.DecodeString(text)
		} else {
			raw, err = base58.Decode(text)
		}
		if err == nil {
			key, err = fromRaw(kind, raw)
		}
	}
	return key, err == nil && !key.IsZero()
}

// suites says which algorithm a type of verification method is for, where the
// type says so.
var suites = map[string]credential.Algorithm{
	"Ed25519VerificationKey2018":        credential.EdDSA,
	"Ed25519VerificationKey2020":        credential.EdDSA,
	"EcdsaSecp256k1VerificationKey2019": credential.ES256K,
	"EcdsaSecp256r1VerificationKey2019": credential.ES256,
	"Bls12381G2Key2020":                 credential.BBS,
}

func fromMultibase(kind, text string) (credential.Key, error) {
	if kind == "Multikey" {
		return ParseMultikey(text)
	}
	if _, known := suites[kind]; known {
		return base58Multikey(text)
	}
	return credential.Key{}, errMultikey
}

// fromRaw reads a key whose kind stands in the type alone.
func fromRaw(kind string, raw []byte) (credential.Key, error) {
	switch kind {
	case "Ed25519VerificationKey2018":
		return ed25519Key(raw)
	case "EcdsaSecp256k1VerificationKey2019":
		return secp256k1Key(raw)
	case "EcdsaSecp256r1VerificationKey2019", "P256Key2021":
		return compressed(elliptic.P256(), raw)
	case "Bls12381G2Key2020":
		return blsKey(raw)
	}
	return credential.Key{}, errMultikey
}
