package verifytest

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"

	"github.com/dzong-id/dzong/sdk/internal/jsonld"
	"github.com/dzong-id/dzong/sdk/internal/selective/derive"
)

// Selective is a credential with a base proof of ecdsa-sd-2023 as its holder keeps
// it: parts of it can be shown.
type Selective struct {
	document derive.Document
	proof    map[string]any
}

// IssueSelective signs what [Issuer.IssueLD] signs with ecdsa-sd-2023. What
// mandatory, JSON pointers, lead to must always be shown.
func (i *Issuer) IssueSelective(wallet *Wallet, claims map[string]any, mandatory []string, opts ...IssueOption) *Selective {
	label := fmt.Sprintf("%s/%s/selective/%d", i.world.name, i.id, i.serial)
	body := i.document(wallet, claims)
	options := i.proof("ecdsa-sd-2023")
	for _, o := range opts {
		o(options, body)
	}
	d := derive.Document{Body: decoded(body), Processor: jsonld.New(), Source: LinkedDataContexts()}
	for _, c := range d.Body["@context"].([]any) {
		d.Contexts = append(d.Contexts, c.(string))
	}
	ephemeral, secret := deriveKey(label), sha256.Sum256([]byte(label))
	proof, err := derive.SignECDSA(d, decoded(options), mandatory, i.key.private, ephemeral.private, ephemeral.point(), secret[:])
	if err != nil {
		panic(fmt.Sprintf("verifytest: sign: %v", err))
	}
	return &Selective{d, proof}
}

// Whole is the credential with its base proof, which a holder keeps to themselves.
func (s *Selective) Whole() map[string]any {
	out := maps.Clone(s.document.Body)
	out["proof"] = maps.Clone(s.proof)
	return out
}

// Show is the part of the credential that is mandatory or that pointers lead to,
// with a proof derived for it.
func (s *Selective) Show(pointers ...string) map[string]any {
	body, proof, err := derive.DeriveECDSA(s.document, s.proof, pointers)
	if err != nil {
		panic(fmt.Sprintf("verifytest: derive: %v", err))
	}
	body["proof"] = proof
	return decoded(body)
}

// point is a P-256 key's point, compressed.
func (k keyPair) point() []byte {
	coordinate := func(name string) []byte {
		raw, err := base64.RawURLEncoding.DecodeString(k.jwkMap("")[name].(string))
		if err != nil {
			panic(fmt.Sprintf("verifytest: read own key: %v", err))
		}
		return raw
	}
	y := coordinate("y")
	return append([]byte{2 | y[len(y)-1]&1}, coordinate("x")...)
}
