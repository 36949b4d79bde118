package cases

import (
	"bytes"
	"encoding/json"
	"math/big"
)

// decode reads JSON with numbers as they were written.
func decode(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}

// subset reports whether everything in want is in have: objects member by
// member, everything else equal.
func subset(want, have any) bool {
	w, ok := want.(map[string]any)
	if !ok {
		return equal(want, have)
	}
	h, ok := have.(map[string]any)
	if !ok {
		return false
	}
	for name, value := range w {
		got, ok := h[name]
		if !ok || !subset(value, got) {
			return false
		}
	}
	return true
}

func equal(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && len(a) == len(b) && subset(a, b)
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !equal(a[i], b[i]) {
				return false
			}
		}
		return true
	case json.Number:
		b, ok := b.(json.Number)
		return ok && (a == b || sameNumber(string(a), string(b)))
	default:
		return a == b
	}
}

// sameNumber compares 1.0 with 1 and 1e2 with 100. Exponents are bounded before
// a big number is made of them.
func sameNumber(a, b string) bool {
	if len(a) > 32 || len(b) > 32 || bytes.ContainsAny([]byte(a+b), "eE") {
		return false
	}
	x, okX := new(big.Rat).SetString(a)
	y, okY := new(big.Rat).SetString(b)
	return okX && okY && x.Cmp(y) == 0
}
