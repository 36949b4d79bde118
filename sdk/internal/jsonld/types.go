package jsonld

// json-gold gives an object the types under the last of its members that mean
// @type, and drops those under the others (JSON-LD 1.1 API §5.1.2 step 13.4.4.4
// would keep all). What is dropped nobody signed, so an object with two such
// members is not covered.

// typeNames gathers the terms that some context makes another name of @type,
// wherever it does, from its own words: a term, or one that means such a term.
func typeNames(documents map[string]map[string]any) map[string]bool {
	names := map[string]bool{"@type": true}
	for found := true; found; {
		before := len(names)
		for _, document := range documents {
			gatherTypeNames(document, names)
		}
		found = len(names) > before
	}
	return names
}

func gatherTypeNames(v any, names map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for term, definition := range v {
			id, _ := definition.(string)
			if m, ok := definition.(map[string]any); ok {
				id, _ = m["@id"].(string)
			}
			if term[:min(1, len(term))] != "@" && names[id] {
				names[term] = true
			}
			gatherTypeNames(definition, names)
		}
	case []any:
		for _, e := range v {
			gatherTypeNames(e, names)
		}
	}
}

// typedTwice reports whether an object of a document has two members that may mean
// @type.
func (c *contexts) typedTwice(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		members := 0
		for name, member := range v {
			if c.types[name] {
				members++
			}
			if c.typedTwice(member) {
				return true
			}
		}
		return members > 1
	case []any:
		for _, e := range v {
			if c.typedTwice(e) {
				return true
			}
		}
	}
	return false
}

// typings is how many types the objects of a document name.
func (c *contexts) typings(v any) (n int) {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if list, isList := member.([]any); c.types[name] && isList {
				n += len(list)
			} else if c.types[name] {
				n++
			}
			n += c.typings(member)
		}
	case []any:
		for _, e := range v {
			n += c.typings(e)
		}
	}
	return n
}
