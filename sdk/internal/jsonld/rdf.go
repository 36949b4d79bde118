package jsonld

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/dzong-id/dzong/sdk/internal/jcs"
	"github.com/dzong-id/dzong/sdk/internal/rdfc"
)

const (
	rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	xsd = "http://www.w3.org/2001/XMLSchema#"
)

// walker is JSON-LD 1.1 API §8, Deserialize JSON-LD to RDF, of an expanded
// document. Where the algorithm lets something go, covered becomes false.
type walker struct {
	quads   []rdfc.Quad
	covered bool
	blanks  int
	// described has the nodes by graph and subject that something was said of:
	// what is said of one in two places could be exchanged between them.
	described map[rdfc.Quad]bool
}

func iri(s string) rdfc.Term { return rdfc.Term{Kind: rdfc.IRI, Value: s} }

func (w *walker) blank() rdfc.Term {
	w.blanks++
	return rdfc.Term{Kind: rdfc.Blank, Value: "n" + strconv.Itoa(w.blanks)}
}

func (w *walker) say(subject rdfc.Term, predicate string, object, graph rdfc.Term) {
	w.quads = append(w.quads, rdfc.Quad{Subject: subject, Predicate: iri(predicate), Object: object, Graph: graph})
}

func isNode(m map[string]any) bool {
	for _, name := range []string{"@value", "@list", "@set"} {
		if _, ok := m[name]; ok {
			return false
		}
	}
	return true
}

// node says everything about one node in graph and gives its term; ok is false
// if it has none, and then nothing can be said about it.
func (w *walker) node(m map[string]any, graph rdfc.Term) (subject rdfc.Term, ok bool) {
	subject, ok = w.identify(m["@id"])
	if w.described[rdfc.Quad{Subject: subject, Graph: graph}] && len(m) > 1 {
		w.covered = false
	}
	w.described[rdfc.Quad{Subject: subject, Graph: graph}] = len(m) > 1
	for _, name := range slices.Sorted(maps.Keys(m)) {
		values, _ := m[name].([]any)
		switch {
		case name == "@id":
		case name == "@type":
			w.types(values, subject, ok, graph)
		case name == "@graph":
			for _, v := range values {
				before := len(w.quads)
				if inner, isMap := v.(map[string]any); isMap && isNode(inner) {
					w.node(inner, subject)
				}
				if len(w.quads) == before {
					w.covered = false // it says nothing, and so is not signed
				}
			}
		case !absolute(name):
			// @index, @reverse, @included; blank nodes and relative IRIs as
			// properties.
			w.covered = false
		default:
			w.property(name, values, subject, ok, graph)
		}
	}
	return subject, ok
}

func (w *walker) identify(v any) (rdfc.Term, bool) {
	id, stated := v.(string)
	switch {
	case v == nil:
		return w.blank(), true
	case !stated || !absolute(id):
		// A label of a blank node is not signed either.
		w.covered = false
		if label, isBlank := strings.CutPrefix(id, "_:"); isBlank {
			return rdfc.Term{Kind: rdfc.Blank, Value: "l" + label}, true
		}
		return rdfc.Term{}, false
	}
	return iri(id), true
}

func (w *walker) types(values []any, subject rdfc.Term, ok bool, graph rdfc.Term) {
	seen := map[string]bool{}
	for _, v := range values {
		t, _ := v.(string)
		if !absolute(t) || seen[t] {
			w.covered = false
			continue
		}
		seen[t] = true
		if ok {
			w.say(subject, rdf+"type", iri(t), graph)
		}
	}
}

func (w *walker) property(name string, values []any, subject rdfc.Term, ok bool, graph rdfc.Term) {
	if len(values) == 0 {
		w.covered = false
	}
	var seen map[rdfc.Term]bool
	if len(values) > 1 {
		seen = make(map[rdfc.Term]bool, len(values))
	}
	for _, v := range values {
		object, sayable := w.object(v, graph)
		if !sayable || seen[object] {
			w.covered = false
			continue
		}
		if seen != nil {
			seen[object] = true
		}
		if ok {
			w.say(subject, name, object, graph)
		}
	}
}

func (w *walker) object(v any, graph rdfc.Term) (rdfc.Term, bool) {
	m, isMap := v.(map[string]any)
	if !isMap {
		return rdfc.Term{}, false
	}
	if value, ok := m["@value"]; ok {
		return w.literal(value, m)
	}
	if list, ok := m["@list"]; ok {
		items, _ := list.([]any)
		if len(m) > 1 {
			w.covered = false // @index
		}
		return w.list(items, graph), true
	}
	if !isNode(m) {
		return rdfc.Term{}, false
	}
	return w.node(m, graph)
}

func (w *walker) list(items []any, graph rdfc.Term) rdfc.Term {
	rest := iri(rdf + "nil")
	for _, v := range slices.Backward(items) {
		item, ok := w.object(v, graph)
		if !ok {
			w.covered = false
			continue
		}
		cell := w.blank()
		w.say(cell, rdf+"first", item, graph)
		w.say(cell, rdf+"rest", rest, graph)
		rest = cell
	}
	return rest
}

// literal is §8.2.2, Object to RDF Conversion.
func (w *walker) literal(value any, m map[string]any) (rdfc.Term, bool) {
	for name := range m {
		switch name {
		case "@value", "@type", "@language":
		default:
			w.covered = false // @index, @direction
		}
	}
	t := rdfc.Term{Kind: rdfc.Literal}
	if datatype, typed := m["@type"]; typed {
		t.Datatype, _ = datatype.(string)
		if t.Datatype == "@json" {
			text, err := jcs.Transform(value)
			t.Value, t.Datatype = string(text), rdf+"JSON"
			return t, err == nil
		}
		if !absolute(t.Datatype) {
			return t, false
		}
	}
	if language, tagged := m["@language"]; tagged {
		t.Language, _ = language.(string)
		if !wellFormed(t.Language) {
			return t, false
		}
	}
	switch v := value.(type) {
	case string:
		t.Value = v
	case bool:
		t.Value = strconv.FormatBool(v)
		if t.Datatype == "" {
			t.Datatype = xsd + "boolean"
		}
	case float64:
		if isInteger(v) && t.Datatype != xsd+"double" {
			t.Value = strconv.FormatFloat(v, 'f', 0, 64)
			if t.Datatype == "" {
				t.Datatype = xsd + "integer"
			}
			break
		}
		t.Value = double(v)
		if t.Datatype == "" {
			t.Datatype = xsd + "double"
		}
	default:
		return t, false
	}
	return t, true
}

// isInteger: "number with no non-zero fractional part" below 1e21.
func isInteger(f float64) bool { return f == math.Trunc(f) && math.Abs(f) < 1e21 }

// double is the canonical xsd:double: %1.15E without needless zeroes.
func double(f float64) string {
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'E', 15, 64), "E")
	mantissa = strings.TrimRight(mantissa, "0")
	if strings.HasSuffix(mantissa, ".") {
		mantissa += "0"
	}
	sign := ""
	if exponent[0] == '-' {
		sign = "-"
	}
	exponent = strings.TrimLeft(exponent, "+-0")
	if exponent == "" {
		sign, exponent = "", "0"
	}
	return mantissa + "E" + sign + exponent
}

// absolute reports whether s is an IRI with a scheme that N-Quads can write.
// RFC 3987 allows less; what it forbids beyond this is written as it is.
func absolute(s string) bool {
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || scheme == "" || rest == "" || !letter(scheme[0]) {
		return false
	}
	for i := range len(scheme) {
		if c := scheme[i]; !letter(c) && (c < '0' || c > '9') && !strings.ContainsRune("+-.", rune(c)) {
			return false
		}
	}
	return !strings.ContainsFunc(rest, func(r rune) bool { return r <= ' ' || strings.ContainsRune("<>\"{}|\\^`\u007f", r) })
}

// wellFormed reports whether s is shaped like a BCP 47 language tag.
func wellFormed(s string) bool {
	for i, part := range strings.Split(s, "-") {
		if part == "" || len(part) > 8 {
			return false
		}
		for j := range len(part) {
			if c := part[j]; !letter(c) && (i == 0 || c < '0' || c > '9') {
				return false
			}
		}
	}
	return true
}

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
