package dcql

import (
	"encoding/json"
	"math"
	"strconv"
)

// selectJSON is §7.1.1. It gives nothing where the processing would return an
// error: either way there is no such claim.
func selectJSON(root any, path []any) []any {
	selected := []any{root}
	for _, component := range path {
		var next []any
		for _, v := range selected {
			switch component := component.(type) {
			case string:
				// "If any of the currently selected element(s) is not an object, abort
				// processing and return an error. If the key does not exist in any
				// element currently selected, remove that element from the selection."
				m, ok := v.(map[string]any)
				if !ok {
					return nil
				}
				if member, ok := m[component]; ok {
					next = append(next, member)
				}
			case nil:
				// "If any of the currently selected element(s) is not an array, abort".
				a, ok := v.([]any)
				if !ok {
					return nil
				}
				next = append(next, a...)
			case int:
				// "If the index does not exist in a selected array, remove that array
				// from the selection."
				a, ok := v.([]any)
				if !ok {
					return nil
				}
				if component < len(a) {
					next = append(next, a[component])
				}
			}
		}
		selected = next
	}
	// "If the set of elements currently selected is empty, abort processing".
	return selected
}

// matches is §6.3's values: "the type and value of the claim both match exactly for
// at least one of the elements in the array". Of several elements that a path
// selects, one is enough.
func (k *claim) matches(selected []any) bool {
	if k.values == nil {
		return len(selected) > 0
	}
	for _, v := range selected {
		for _, want := range k.values {
			if equal(v, want) {
				return true
			}
		}
	}
	return false
}

func equal(have, want any) bool {
	switch want := want.(type) {
	case string:
		s, ok := have.(string)
		return ok && s == want
	case bool:
		b, ok := have.(bool)
		return ok && b == want
	case int64:
		n, ok := have.(json.Number)
		if !ok {
			return false
		}
		i, ok := integer(n)
		return ok && i == want
	}
	return false
}

// mostExact is the largest integer that every JSON reader understands alike
// (RFC 8259 §6).
const mostExact = 1<<53 - 1

// integer reads a number that is whole: 3, 3.0 and 3e0 are one number to JSON.
func integer(n json.Number) (int64, bool) {
	if i, err := strconv.ParseInt(string(n), 10, 64); err == nil {
		return i, -mostExact <= i && i <= mostExact
	}
	f, err := strconv.ParseFloat(string(n), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > mostExact {
		return 0, false
	}
	return int64(f), true
}
