package rdfc

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Kind is the kind of a term. The zero value is no term: as a quad's graph, the
// default graph.
type Kind uint8

const (
	None Kind = iota
	IRI
	Blank
	Literal
)

// Term is an IRI, a blank node (Value is its label without "_:"), or a literal.
type Term struct {
	Kind     Kind
	Value    string
	Datatype string // of a literal; empty is xsd:string
	Language string // of a literal; Datatype is not looked at then
}

// Quad is one statement. Its predicate is an IRI.
type Quad struct {
	Subject, Predicate, Object, Graph Term
}

const xsdString = "http://www.w3.org/2001/XMLSchema#string"

// Relabel is q with every blank node under the label that label gives for its own.
func (q Quad) Relabel(label func(string) string) Quad {
	for _, t := range [...]*Term{&q.Subject, &q.Object, &q.Graph} {
		if t.Kind == Blank {
			t.Value = label(t.Value)
		}
	}
	return q
}

// Lines is each quad in the canonical form of N-Quads, line feed included, in
// code point order: joined, they are the canonical form of a dataset whose labels
// are canonical.
func Lines(quads []Quad) []string {
	lines := make([]string, len(quads))
	for i := range quads {
		lines[i] = string(appendQuad(nil, &quads[i], func(l string) string { return l }))
	}
	slices.Sort(lines)
	return lines
}

// appendQuad writes the canonical form of N-Quads (RDFC-1.0 §5): one space
// between terms, no comment, a line feed at the end. label names blank nodes.
func appendQuad(b []byte, q *Quad, label func(string) string) []byte {
	b = appendTerm(b, &q.Subject, label)
	b = append(b, ' ')
	b = appendTerm(b, &q.Predicate, label)
	b = append(b, ' ')
	b = appendTerm(b, &q.Object, label)
	if q.Graph.Kind != None {
		b = append(b, ' ')
		b = appendTerm(b, &q.Graph, label)
	}
	return append(b, " .\n"...)
}

func appendTerm(b []byte, t *Term, label func(string) string) []byte {
	switch t.Kind {
	case IRI:
		b = append(b, '<')
		b = append(b, t.Value...)
		return append(b, '>')
	case Blank:
		b = append(b, "_:"...)
		return append(b, label(t.Value)...)
	}
	b = append(b, '"')
	b = appendEscaped(b, t.Value)
	b = append(b, '"')
	switch {
	case t.Language != "":
		b = append(b, '@')
		b = append(b, t.Language...)
	case t.Datatype != "" && t.Datatype != xsdString:
		b = append(b, "^^<"...)
		b = append(b, t.Datatype...)
		b = append(b, '>')
	}
	return b
}

// appendEscaped: "Characters BS, HT, LF, FF, CR, ", and \ MUST be encoded using
// ECHAR. Characters in the range from U+0000 to U+0007, VT, characters in the
// range from U+000E to U+001F, DEL, and characters not matching the Char
// production [...] MUST be represented by UCHAR using a lowercase \u with 4 HEX."
func appendEscaped(b []byte, s string) []byte {
	if !strings.ContainsFunc(s, special) {
		return append(b, s...)
	}
	const hex = "0123456789ABCDEF"
	for _, r := range s {
		switch r {
		case '\b':
			b = append(b, `\b`...)
		case '\t':
			b = append(b, `\t`...)
		case '\n':
			b = append(b, `\n`...)
		case '\f':
			b = append(b, `\f`...)
		case '\r':
			b = append(b, `\r`...)
		case '"':
			b = append(b, `\"`...)
		case '\\':
			b = append(b, `\\`...)
		default:
			if special(r) {
				b = append(b, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
				continue
			}
			b = utf8.AppendRune(b, r)
		}
	}
	return b
}

func special(r rune) bool {
	return r < ' ' || r == '"' || r == '\\' || r == 0x7F || r == 0xFFFE || r == 0xFFFF
}
