package jcs

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/gowebpki/jcs"
)

// Transform gives the canonical form of v: map[string]any, []any, string, bool,
// nil, json.Number or float64.
func Transform(v any) ([]byte, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("canonicalise JSON: %w", err)
	}
	out, err := jcs.Transform(data)
	if err != nil {
		return nil, fmt.Errorf("canonicalise JSON: %w", err)
	}
	return out, nil
}

// Exact reports whether n is exactly the number that a reader of doubles takes it
// for. Of two that are not, both may have one canonical form, and one signature.
func Exact(n json.Number) bool {
	f, err := n.Float64()
	return err == nil && Same(n, strconv.FormatFloat(f, 'g', -1, 64))
}

// Same reports whether n and text are one number. It is false for what no
// double comes near to.
func Same(n json.Number, text string) bool {
	if len(n) > 64 || len(text) > 64 {
		return false
	}
	for _, s := range []string{string(n), text} {
		if i := strings.IndexAny(s, "eE"); i >= 0 {
			if e, err := strconv.Atoi(s[i+1:]); err != nil || math.Abs(float64(e)) > 400 {
				return false
			}
		}
	}
	a, okA := new(big.Rat).SetString(string(n))
	b, okB := new(big.Rat).SetString(text)
	return okA && okB && a.Cmp(b) == 0
}
