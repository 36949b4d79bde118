package vcdm

import (
	"errors"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/limits"
)

// contexts reads @context. 1.1 §4.1 and 2.0 §4.3: "an ordered set where the first
// item is a URL with the value" of the base context; the others are URLs or
// objects. A single URL is the same as an array of it.
func contexts(m map[string]any, v Version) (urls []string, inline bool, err error) {
	entries := list(m["@context"])
	if len(entries) > limits.JSONDepth {
		return nil, false, errors.New("@context has more entries than any credential needs")
	}
	for _, e := range entries {
		switch e := e.(type) {
		case string:
			urls = append(urls, e)
		case map[string]any:
			inline = true
		default:
			return nil, false, errors.New("@context holds something else than URLs and objects")
		}
	}
	base := BaseV2
	if v == V1 {
		base = BaseV1
	}
	if first, _ := firstOf(entries); first != base {
		return nil, false, errors.New("@context does not begin with the base context of its version")
	}
	return urls, inline, nil
}

func firstOf(entries []any) (string, bool) {
	if len(entries) == 0 {
		return "", false
	}
	s, ok := entries[0].(string)
	return s, ok
}

// IsV2 reports whether m begins its @context as a document of VCDM 2.0 does.
func IsV2(m map[string]any) bool {
	first, _ := firstOf(list(m["@context"]))
	return first == BaseV2
}

// Types reads a type member: one string or several. nil if it is neither.
func Types(v any) []string {
	entries := list(v)
	types := make([]string, len(entries))
	for i, e := range entries {
		var ok bool
		if types[i], ok = e.(string); !ok || types[i] == "" {
			return nil
		}
	}
	return types
}

func types(v any, wanted string) ([]string, error) {
	all := Types(v)
	if all == nil {
		return nil, errors.New("type is neither a string nor an array of strings")
	}
	for _, t := range all {
		if t == wanted {
			return all, nil
		}
	}
	// 1.1 §4.3, 2.0 §4.5: the type of every credential or presentation includes it.
	return nil, errors.New("type lacks " + wanted)
}

// identifier reads an id. 2.0 §4.4: "The value of the id property MUST be a
// single URL"; 1.1 has no more than "MUST NOT have more than one id", and calls
// it a URI.
func identifier(m map[string]any, name string, v Version) (string, error) {
	value, ok := m[name]
	if !ok {
		return "", nil
	}
	id, ok := value.(string)
	if !ok || id == "" || v == V2 && !isURL(id) {
		return "", errors.New(name + " is no URL")
	}
	return id, nil
}

// party reads an issuer or holder. 2.0 §4.7: "either a URL or an object containing
// an id property whose value is a URL".
func party(m map[string]any, name string, v Version) (string, error) {
	object, isObject := m[name].(map[string]any)
	if !isObject {
		return identifier(m, name, v)
	}
	id, err := identifier(object, "id", v)
	if err == nil && id == "" {
		err = errors.New("it has no id")
	}
	if err != nil {
		return "", errors.New(name + ": " + err.Error())
	}
	if v == V2 {
		for _, member := range []string{"name", "description"} {
			if err := text(object, member); err != nil {
				return "", errors.New(name + ": " + err.Error())
			}
		}
	}
	return id, nil
}

// isURL reports whether s has the shape scheme:rest (RFC 3986 §3.1). Nothing is
// ever fetched from it.
func isURL(s string) bool {
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || scheme == "" || rest == "" || strings.ContainsAny(s, " \t\r\n\"<>") {
		return false
	}
	for i, c := range []byte(scheme) {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || !('0' <= c && c <= '9' || c == '+' || c == '-' || c == '.')) {
			return false
		}
	}
	return true
}

// date reads a dateTimeStamp of XML Schema 1.1: with a zone. A leap second is
// read as the second before it, as wallets' libraries do.
func date(m map[string]any, name string) (time.Time, error) {
	value, ok := m[name]
	if !ok {
		return time.Time{}, nil
	}
	s, _ := value.(string)
	const shape = "2006-01-02T15:04:05"
	if len(s) > len(shape) && len(s) < 64 && s[17:19] == "60" {
		s = s[:17] + "59" + s[19:]
	}
	// time.Parse takes a comma before the fraction; XML Schema does not. The first
	// second of the year 1 would read as no date at all.
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || strings.IndexByte(s, ',') >= 0 || t.UTC().Year() < 2 {
		return time.Time{}, errors.New(name + " is no dateTimeStamp")
	}
	return t.UTC(), nil
}

// others checks members that no decision rests on but that the model gives a
// shape: what has another one was not made by the rules.
func others(m map[string]any, v Version) error {
	typed := []string{"evidence", "termsOfUse", "refreshService", "credentialSchema", "proof"}
	for _, name := range typed {
		value, ok := m[name]
		if !ok {
			continue
		}
		for _, e := range list(value) {
			o, ok := e.(map[string]any)
			// 2.0 §4.5: a type is required of all of them; in 1.1 too.
			if !ok || len(Types(o["type"])) == 0 {
				return errors.New(name + " lacks a type")
			}
			id, err := identifier(o, "id", v)
			if name == "credentialSchema" && (err != nil || id == "") {
				// 2.0 §4.11: "Each credentialSchema MUST specify its type [...] and
				// an id property that MUST be a URL".
				return errors.New("credentialSchema lacks an id")
			}
		}
	}
	if v == V1 {
		return nil
	}
	for _, name := range []string{"name", "description"} {
		if err := text(m, name); err != nil {
			return err
		}
	}
	return nil
}

// text checks a name or description. 2.0 §4.6: "either a string or a language
// value object", or an array of those (§11.1): an object with @value, @language
// and @direction, and nothing else.
func text(m map[string]any, name string) error {
	value, ok := m[name]
	if !ok {
		return nil
	}
	for _, e := range list(value) {
		if _, ok := e.(string); ok {
			continue
		}
		o, ok := e.(map[string]any)
		_, hasValue := o["@value"]
		for member := range o {
			switch member {
			case "@value", "@language", "@direction":
			default:
				ok = false
			}
		}
		if !ok || !hasValue {
			return errors.New(name + " is neither a string nor a language value")
		}
	}
	return nil
}
