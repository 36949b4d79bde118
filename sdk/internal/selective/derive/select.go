package derive

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Select gives the part of document that JSON pointers (RFC 6901) lead to, with
// id and type of every object on the way and the @context of the whole (§3.4.13,
// selectJsonLd). It is nil if there are no pointers. document is not changed.
func Select(document map[string]any, pointers []string) (map[string]any, error) {
	if len(pointers) == 0 {
		return nil, nil
	}
	var wanted selection
	for _, pointer := range pointers {
		if pointer != "" && pointer[0] != '/' {
			return nil, fmt.Errorf("select from a document: %q is no JSON pointer", pointer)
		}
		wanted.add(strings.Split(pointer, "/")[1:])
	}
	out, err := wanted.pick(document)
	if err != nil {
		return nil, err
	}
	selected := out.(map[string]any)
	selected["@context"] = document["@context"]
	return selected, nil
}

// selection is what is wanted of one value: all of it, or some of its members.
type selection struct {
	all     bool
	members map[string]*selection
}

func (s *selection) add(path []string) {
	if len(path) == 0 {
		s.all = true
		return
	}
	name := strings.NewReplacer("~1", "/", "~0", "~").Replace(path[0])
	if s.members == nil {
		s.members = map[string]*selection{}
	}
	if s.members[name] == nil {
		s.members[name] = &selection{}
	}
	s.members[name].add(path[1:])
}

func (s *selection) pick(v any) (any, error) {
	if s.all {
		if m, ok := v.(map[string]any); ok {
			return maps.Clone(m), nil
		}
		return v, nil
	}
	switch v := v.(type) {
	case map[string]any:
		return s.object(v)
	case []any:
		return s.elements(v)
	}
	return nil, fmt.Errorf("select from a document: a pointer leads beyond a value")
}

// object is an object with the wanted members, behind §3.4.11,
// createInitialSelection.
func (s *selection) object(v map[string]any) (map[string]any, error) {
	out := map[string]any{}
	if id, ok := v["id"].(string); ok && !strings.HasPrefix(id, "_:") {
		out["id"] = id
	}
	if t, ok := v["type"]; ok {
		out["type"] = t
	}
	for name, wanted := range s.members {
		member, ok := v[name]
		if !ok {
			return nil, fmt.Errorf("select from a document: there is no %q", name)
		}
		picked, err := wanted.pick(member)
		if err != nil {
			return nil, err
		}
		out[name] = picked
	}
	return out, nil
}

func (s *selection) elements(v []any) ([]any, error) {
	var at []int
	for name := range s.members {
		i, err := strconv.Atoi(name)
		if err != nil || i < 0 || i >= len(v) {
			return nil, fmt.Errorf("select from a document: an array has no element %q", name)
		}
		at = append(at, i)
	}
	slices.Sort(at)
	out := make([]any, len(at))
	for n, i := range at {
		picked, err := s.members[strconv.Itoa(i)].pick(v[i])
		if err != nil {
			return nil, err
		}
		out[n] = picked
	}
	return out, nil
}
