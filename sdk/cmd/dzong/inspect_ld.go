package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/vcdm"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// What is shown of W3C credentials with embedded proofs. A presentation's proof
// names a key of its holder, so of that the key is left out.
var (
	documentMembers = []string{"@context", "type", "issuer", "issuer/id", "validFrom", "validUntil", "issuanceDate", "expirationDate",
		"credentialStatus/type", "credentialStatus/statusPurpose", "credentialStatus/statusListCredential", "credentialSchema/type"}
	presentationMembers = []string{"@context", "type"}
	holderProofMembers  = []string{"type", "cryptosuite", "created", "expires", "proofPurpose", "challenge", "domain"}
	issuerProofMembers  = append([]string{"verificationMethod", "disclosure"}, holderProofMembers...)
)

// linked reports whether a JSON object is a credential or presentation of W3C's
// data model.
func linked(object map[string]any) bool {
	_, proof := object["proof"]
	types := vcdm.Types(object["type"])
	return proof && object["@context"] != nil || isPresentation(types) || slices.Contains(types, "VerifiableCredential") || vcdm.IsEnvelope(types)
}

func isPresentation(types []string) bool { return slices.Contains(types, "VerifiablePresentation") }

// linkedData takes a credential or presentation apart: itself, its proofs, and
// what it encloses, in any form.
func (x *structure) linkedData(name string, object map[string]any, values bool, depth int) error {
	if depth > limits.Nesting || len(x.Parts) > 4*limits.Credentials {
		return &reason.Error{Code: reason.TooLarge, Doing: "take document apart: too much is inside it"}
	}
	types := vcdm.Types(object["type"])
	if vcdm.IsEnvelope(types) {
		e, err := vcdm.Unwrap(object)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return x.enclosed(name, e.Data, values)
	}
	body := maps.Clone(object)
	proofs := listOf(body["proof"])
	delete(body, "proof")
	open, proofOpen := documentMembers, issuerProofMembers
	switch {
	case isPresentation(types):
		open, proofOpen = presentationMembers, holderProofMembers
	case selfAttested(body):
		// Who issued it is who it is about.
		open = slices.DeleteFunc(slices.Clone(open), func(name string) bool { return strings.HasPrefix(name, "issuer") })
		proofOpen = holderProofMembers
	}
	inside := []any{}
	if isPresentation(types) {
		inside = listOf(body["verifiableCredential"])
	}
	x.Parts = append(x.Parts, part{name, spread(members(body, open, values), body, open)})
	for i, v := range proofs {
		proof, ok := v.(map[string]any)
		if !ok {
			return &reason.Error{Code: reason.Malformed, Doing: "take document apart: a proof is no object"}
		}
		x.Parts = append(x.Parts, part{numbered(name+", proof", i, len(proofs)), members(withDisclosure(proof), proofOpen, values)})
	}
	if len(proofs) == 0 {
		x.Parts = append(x.Parts, part{name + ", WITHOUT A PROOF", nil})
	}
	return x.inside(inside, values, depth)
}

// inside takes the credentials of a presentation apart.
func (x *structure) inside(list []any, values bool, depth int) error {
	for i, v := range list {
		name := numbered("credential", i, len(list))
		var err error
		switch v := v.(type) {
		case string:
			err = x.enclosed(name, []byte(v), values)
		case map[string]any:
			err = x.linkedData(name, v, values, depth+1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// presented takes apart what a presentation as JWT encloses.
func (x *structure) presented(claims map[string]any, values bool) error {
	if vp, ok := claims["vp"].(map[string]any); ok {
		claims = vp
	}
	return x.inside(listOf(claims["verifiableCredential"]), values, 0)
}

// selfAttested reports whether a credential's subject is its issuer.
func selfAttested(object map[string]any) bool {
	issuer := object["issuer"]
	if m, ok := issuer.(map[string]any); ok {
		issuer = m["id"]
	}
	return slices.ContainsFunc(listOf(object["credentialSubject"]), func(v any) bool {
		subject, _ := v.(map[string]any)
		id, _ := subject["id"].(string)
		return id != "" && id == issuer
	})
}

func numbered(name string, i, of int) string {
	if of == 1 {
		return name
	}
	return fmt.Sprintf("%s %d", name, i+1)
}

// enclosed takes a token apart that stands in an envelope.
func (x *structure) enclosed(name string, data []byte, values bool) error {
	inner, err := look(data, values)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for _, p := range inner.Parts {
		x.Parts = append(x.Parts, part{name + ", " + p.Name, p.Members})
	}
	x.Disclosures = append(x.Disclosures, inner.Disclosures...)
	x.Withheld += inner.Withheld
	return nil
}

func listOf(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	default:
		return []any{v}
	}
}

// spread shows lists of names too, which members leaves out because it cannot tell
// them from lists of anything else: contexts and types.
func spread(list []member, object map[string]any, open []string) []member {
	for i, m := range list {
		if len(m.Path) != 1 || m.Path[0] != "@context" && m.Path[0] != "type" || !slices.Contains(open, m.Path[0]) {
			continue
		}
		names, ok := object[m.Path[0]].([]any)
		if ok && !slices.ContainsFunc(names, func(v any) bool { _, ok := v.(string); return !ok }) {
			list[i].Value = names
		}
	}
	return list
}

// withDisclosure adds in words what a selective disclosure proof is, which its
// value says in its first three bytes (vc-di-ecdsa §3.5, vc-di-bbs §3.3).
func withDisclosure(proof map[string]any) map[string]any {
	value, _ := proof["proofValue"].(string)
	text, ok := strings.CutPrefix(value, "u")
	if !ok {
		return proof
	}
	data, err := base64url.Decode(text)
	if err != nil || len(data) < 3 || data[0] != 0xd9 || data[1] != 0x5d {
		return proof
	}
	words := map[byte]string{
		0x00: "base proof: for the holder alone", 0x01: "derived proof",
		0x02: "base proof: for the holder alone", 0x03: "derived proof",
		0x04: "base proof with anonymous holder binding: for the holder alone", 0x05: "derived proof with anonymous holder binding",
	}[data[2]]
	if words == "" {
		words = "of a feature nobody here knows"
	}
	out := maps.Clone(proof)
	out["disclosure"] = words
	return out
}

// documentKind is what a JSON document is called.
func (x *structure) documentKind() string {
	if len(x.Parts) > 0 && (x.Parts[0].Name == "credential" || x.Parts[0].Name == "presentation") {
		return "JSON-LD " + x.Parts[0].Name
	}
	return "JSON document"
}
