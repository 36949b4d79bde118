package main

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/internal/vcdm"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/payload"
	"github.com/dzong-id/dzong/sdk/reason"
)

// What is shown without being asked for: how a thing is signed, who says so and
// from when to when. Never what is said of a person, nor what leads to one: a
// subject, a status index, a holder's key or a digest.
var (
	headerMembers     = []string{"alg", "typ", "kid", "cty", "b64"}
	credentialMembers = []string{"iss", "vct", "iat", "nbf", "exp", "_sd_alg", "status/status_list/uri", "cnf/jwk/kty", "cnf/jwk/crv"}
	bindingMembers    = []string{"aud", "iat", "nonce"}
	bindingHeader     = []string{"alg", "typ"} // kid may be the holder's DID
	tokenMembers      = []string{"iss", "iat", "exp", "nbf", "ttl", "status_list/bits", "format", "number", "issued", "expires"}
	statusMembers     = append([]string{"sub"}, tokenMembers...)
)

// sdJWT takes a compact SD-JWT apart: issuer-signed JWT, disclosures, and perhaps
// a key-binding JWT (RFC 9901 §4).
func (x *structure) sdJWT(text string, values bool) error {
	pieces := strings.Split(text, "~")
	if len(pieces)-2 > limits.Disclosures {
		return &reason.Error{Code: reason.TooLarge, Doing: "take SD-JWT apart: too many disclosures"}
	}
	claims, err := x.jwt("issuer-signed JWT", pieces[0], credentialMembers, values)
	if err != nil {
		return err
	}
	if kb := pieces[len(pieces)-1]; kb != "" {
		if _, err := x.jwt("key-binding JWT", kb, bindingMembers, values); err != nil {
			return err
		}
	}
	digests := map[string]bool{}
	collect(claims, digests)
	sums := make([]string, 0, len(pieces))
	for i, encoded := range pieces[1 : len(pieces)-1] {
		d, value, err := readDisclosure(encoded, values)
		if err != nil {
			return fmt.Errorf("disclosure %d: %w", i+1, err)
		}
		collect(value, digests)
		sums = append(sums, digest(claims, encoded))
		x.Disclosures = append(x.Disclosures, d)
	}
	for i, sum := range sums {
		x.Disclosures[i].Referenced = digests[sum]
		delete(digests, sum)
	}
	x.Withheld = len(digests)
	return nil
}

// readDisclosure reads [salt, name, value] or [salt, value] (RFC 9901 §4.2).
func readDisclosure(encoded string, values bool) (disclosure, any, error) {
	var d disclosure
	data, err := base64url.Decode(encoded)
	if err != nil {
		return d, nil, &reason.Error{Code: reason.Malformed, Doing: "read disclosure", Err: err}
	}
	v, err := strictjson.Decode(data)
	if err != nil {
		return d, nil, err
	}
	array, ok := v.([]any)
	if !ok || len(array) != 2 && len(array) != 3 {
		return d, nil, &reason.Error{Code: reason.Malformed, Doing: "read disclosure: it is no array of two or three"}
	}
	value := array[len(array)-1]
	if len(array) == 3 {
		if d.Name, ok = array[1].(string); !ok || d.Name == "" {
			return d, nil, &reason.Error{Code: reason.Malformed, Doing: "read disclosure: its claim name is no string"}
		}
	}
	d.Type = kind(value)
	if values {
		d.Value = value
	}
	return d, value, nil
}

// collect gathers the digests in _sd arrays and {"...": digest} elements.
func collect(v any, into map[string]bool) {
	add := func(v any) {
		if s, ok := v.(string); ok {
			into[s] = true
		}
	}
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			switch list, isList := value.([]any); {
			case name == "_sd" && isList:
				for _, e := range list {
					add(e)
				}
			case name == "...":
				add(value)
			default:
				collect(value, into)
			}
		}
	case []any:
		for _, e := range v {
			collect(e, into)
		}
	}
}

// digest is a disclosure's digest under the credential's _sd_alg; empty if that
// is none this command knows.
func digest(claims map[string]any, encoded string) string {
	alg, _ := claims["_sd_alg"].(string)
	switch alg {
	case "", "sha-256":
		sum := sha256.Sum256([]byte(encoded))
		return base64url.Encode(sum[:])
	case "sha-384":
		sum := sha512.Sum384([]byte(encoded))
		return base64url.Encode(sum[:])
	case "sha-512":
		sum := sha512.Sum512([]byte(encoded))
		return base64url.Encode(sum[:])
	}
	return ""
}

// jwt adds a JWT's header and payload to the parts.
func (x *structure) jwt(name, text string, open []string, values bool) (map[string]any, error) {
	t, err := jws.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	claims, err := strictjson.DecodeObject(t.Payload)
	if err != nil {
		return nil, fmt.Errorf("%s: payload: %w", name, err)
	}
	header := headerMembers
	switch {
	case name == "key-binding JWT":
		header = bindingHeader
	case presents(t, claims):
		header, open = bindingHeader, bindingMembers
	case t.TypIs("statuslist+jwt"):
		open = statusMembers
	}
	x.Parts = append(x.Parts,
		part{name + ", header", members(t.Params, header, values)},
		part{name + ", payload", spread(members(claims, open, values), claims, []string{"@context", "type"})})
	return claims, x.presented(claims, values)
}

// presents reports whether a JWT is a W3C presentation (VC-JWT 1.1 §6.3.1,
// VC-JOSE-COSE §3.1.2): its issuer is a holder.
func presents(t *jws.Token, claims map[string]any) bool {
	const presentation = "VerifiablePresentation"
	types, _ := claims["type"].([]any)
	_, vp := claims["vp"]
	return vp || t.TypIs("vp+jwt") || claims["type"] == any(presentation) || slices.Contains(types, any(presentation))
}

// document adds a JSON document: a trust list, a policy, a key.
func (x *structure) document(data []byte, values bool) error {
	object, err := strictjson.DecodeObject(data)
	if err != nil {
		return err
	}
	switch {
	case linked(object):
		name := "credential"
		if isPresentation(vcdm.Types(object["type"])) {
			name = "presentation"
		}
		return x.linkedData(name, object, values, 0)
	case object["payload"] != nil && (object["signature"] != nil || object["signatures"] != nil):
		text, err := compactForm(object)
		if err != nil {
			return err
		}
		x.Kind = payload.SDJWT
		return x.sdJWT(text, values)
	}
	x.Parts = append(x.Parts, part{"document", members(object, tokenMembers, values)})
	return nil
}

// compactForm writes an SD-JWT in JSON form as a compact one (RFC 9901 §8).
func compactForm(object map[string]any) (string, error) {
	signed := object
	if list, ok := object["signatures"].([]any); ok {
		if len(list) != 1 {
			return "", &reason.Error{Code: reason.Malformed, Doing: "take SD-JWT apart: not exactly one signature"}
		}
		signed, _ = list[0].(map[string]any)
	}
	word := func(m map[string]any, name string) string {
		s, _ := m[name].(string)
		return s
	}
	pieces := []string{word(signed, "protected") + "." + word(object, "payload") + "." + word(signed, "signature")}
	header, _ := signed["header"].(map[string]any)
	disclosures, _ := header["disclosures"].([]any)
	for _, v := range disclosures {
		s, _ := v.(string)
		pieces = append(pieces, s)
	}
	return strings.Join(append(pieces, word(header, "kb_jwt")), "~"), nil
}

// members lists what an object holds, objects within it too. Values are shown
// where values is set, or the member's path is among open.
func members(object map[string]any, open []string, values bool) []member {
	out := []member{}
	var walk func(object map[string]any, path []string)
	walk = func(object map[string]any, path []string) {
		for _, name := range slices.Sorted(maps.Keys(object)) {
			at := append(slices.Clone(path), name)
			value := object[name]
			m := member{Path: at, Type: kind(value)}
			if inner, ok := value.(map[string]any); ok && len(inner) > 0 {
				out = append(out, m)
				walk(inner, at)
				continue
			}
			if values || isOpen(at, value, open) {
				m.Value = value
			}
			out = append(out, m)
		}
	}
	walk(object, nil)
	return out
}

// isOpen reports whether a single value at path is among those always shown. A
// name that holds the separator could pass for another path, so it never is.
func isOpen(path []string, value any, open []string) bool {
	for _, name := range path {
		if strings.Contains(name, "/") {
			return false
		}
	}
	_, many := value.([]any)
	return !many && slices.Contains(open, strings.Join(path, "/"))
}

// kind names a JSON value's type, with a size where it has one.
func kind(v any) string {
	switch v := v.(type) {
	case map[string]any:
		return fmt.Sprintf("object of %d", len(v))
	case []any:
		return fmt.Sprintf("array of %d", len(v))
	case string:
		return "string"
	case bool:
		return "boolean"
	case nil:
		return "null"
	default:
		return "number"
	}
}

// shown is a value for people: a string as it is, anything else as JSON.
func shown(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	text, err := json.Marshal(v)
	if err != nil {
		return "(cannot be shown)"
	}
	return string(text)
}
