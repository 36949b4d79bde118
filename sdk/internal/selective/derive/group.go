package derive

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/jsonld"
	"github.com/dzong-id/dzong/sdk/internal/rdfc"
	"github.com/dzong-id/dzong/sdk/limits"
)

// Document is a compact JSON-LD document without proof, and what it is read with.
// Its contexts call @id and @type id and type, and stand at its top alone.
type Document struct {
	Body      map[string]any // as strict JSON decoding gives it
	Contexts  []string
	Processor *jsonld.Processor
	Source    jsonld.Source
}

// LabelFunc gives blank nodes their labels in what is signed, by their canonical
// labels.
type LabelFunc func(canonical []string) map[string]string

// HMACLabels are those of ecdsa-sd-2023: the HMAC-SHA256 of the canonical label
// under key, in base64url behind "u" (§3.4.4, createHmacIdLabelMapFunction).
func HMACLabels(key []byte) LabelFunc {
	return func(canonical []string) map[string]string {
		out := make(map[string]string, len(canonical))
		for _, c := range canonical {
			mac := hmac.New(sha256.New, key)
			mac.Write([]byte(c))
			out[c] = "u" + base64url.Encode(mac.Sum(nil))
		}
		return out
	}
}

// ShuffledLabels are those of bbs-2023: b0, b1 … in the order of what [HMACLabels]
// gives (BBS Cryptosuites 1.0 §3.3.1, createShuffledIdLabelMapFunction).
func ShuffledLabels(key []byte) LabelFunc {
	return func(canonical []string) map[string]string {
		out := HMACLabels(key)(canonical)
		order := slices.Sorted(maps.Values(out))
		for c, l := range out {
			at, _ := slices.BinarySearch(order, l)
			out[c] = "b" + strconv.Itoa(at)
		}
		return out
	}
}

// Grouped are the statements of a document, and which of them each of some lists
// of JSON pointers selects.
type Grouped struct {
	Lines    []string         // N-Quads under their labels, sorted
	Selected map[string][]int // indexes into Lines, rising, by the list's name
	// Revealed tells for the last canonical labels of a selection, by the list's
	// name, which labels the same nodes have in Lines: what a verifier needs to
	// find them.
	Revealed map[string]map[string]string
}

// Group is §3.4.16, canonicalizeAndGroup.
func (d Document) Group(label LabelFunc, pointers map[string][]string) (*Grouped, error) {
	named, quads, canonical, err := d.named()
	if err != nil {
		return nil, err
	}
	labels := label(slices.Collect(maps.Values(canonical)))
	relabel := func(quads []rdfc.Quad) []string {
		out := make([]rdfc.Quad, len(quads))
		for i, q := range quads {
			out[i] = q.Relabel(func(l string) string { return labels[canonical[l]] })
		}
		return slices.Compact(rdfc.Lines(out))
	}
	g := &Grouped{Lines: relabel(quads), Selected: map[string][]int{}, Revealed: map[string]map[string]string{}}
	for name, list := range pointers {
		part, err := Select(named, list)
		if err != nil {
			return nil, err
		}
		var selected []rdfc.Quad
		if part != nil {
			if selected, err = d.statements(part); err != nil {
				return nil, err
			}
		}
		for _, l := range relabel(selected) {
			at, ok := slices.BinarySearch(g.Lines, l)
			if !ok {
				return nil, errors.New("group statements: a selection says what the document does not")
			}
			g.Selected[name] = append(g.Selected[name], at)
		}
		again, err := rdfc.Labels(selected, limits.CanonicalSteps)
		if err != nil {
			return nil, err
		}
		g.Revealed[name] = map[string]string{}
		for l, c := range again {
			g.Revealed[name][c] = labels[canonical[l]]
		}
	}
	return g, nil
}

// bnid is the scheme of names that blank nodes are given for a while.
const bnid = "urn:bnid:"

// skolemize is the document with a name for every blank node. Which of its
// objects are nodes, the statements about it say: every object is given a name,
// and those that no statement uses are taken away again.
func (d Document) skolemize() (map[string]any, error) {
	count := 0
	named := name(d.Body, true, func(m map[string]any) {
		count++
		m["id"] = bnid + strconv.Itoa(count)
	})
	quads, err := d.quads(named)
	if err != nil {
		return nil, err
	}
	used := map[string]bool{}
	for _, q := range quads {
		for _, t := range [...]rdfc.Term{q.Subject, q.Object, q.Graph} {
			if t.Kind == rdfc.IRI {
				used[t.Value] = true
			}
		}
	}
	return name(named, true, func(m map[string]any) {
		if id, _ := m["id"].(string); strings.HasPrefix(id, bnid) && !used[id] {
			delete(m, "id")
		}
	}), nil
}

// named is the body skolemized, what it says, and the canonical labels of its blank
// nodes by those that they were given.
func (d Document) named() (body map[string]any, quads []rdfc.Quad, canonical map[string]string, err error) {
	if body, err = d.skolemize(); err != nil {
		return nil, nil, nil, err
	}
	if quads, err = d.statements(body); err != nil {
		return nil, nil, nil, err
	}
	canonical, err = rdfc.Labels(quads, limits.CanonicalSteps)
	return body, quads, canonical, err
}

// Named is the body with an identifier for every blank node, urn:bnid:_: and its
// canonical label, as holders of BbsBlsSignature2020 show them.
func (d Document) Named() (map[string]any, error) {
	named, _, canonical, err := d.named()
	if err != nil {
		return nil, err
	}
	return name(named, true, func(m map[string]any) {
		if id, ok := m["id"].(string); ok {
			m["id"] = bnid + "_:" + canonical[strings.TrimPrefix(id, bnid)]
		}
	}), nil
}

// name is v with every object that has no id, or one that was given here, changed
// by change.
func name(v map[string]any, top bool, change func(map[string]any)) map[string]any {
	out := make(map[string]any, len(v))
	for key, member := range v {
		if key == "@context" && top {
			out[key] = member
			continue
		}
		out[key] = nameIn(member, change)
	}
	_, isValue := v["@value"]
	_, isList := v["@list"]
	id, has := v["id"].(string)
	if !isValue && !isList && (!has || strings.HasPrefix(id, bnid)) {
		change(out)
	}
	return out
}

func nameIn(v any, change func(map[string]any)) any {
	switch v := v.(type) {
	case map[string]any:
		return name(v, false, change)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = nameIn(e, change)
		}
		return out
	}
	return v
}

func (d Document) quads(body map[string]any) ([]rdfc.Quad, error) {
	r, err := d.Processor.Process(body, d.Contexts, d.Source)
	return r.Quads, err
}

// statements are what a skolemized body says, its blank nodes nameless again
// (§3.4.9, toDeskolemizedNQuads).
func (d Document) statements(body map[string]any) ([]rdfc.Quad, error) {
	quads, err := d.quads(body)
	for i := range quads {
		q := &quads[i]
		for _, t := range [...]*rdfc.Term{&q.Subject, &q.Object, &q.Graph} {
			if label, ok := strings.CutPrefix(t.Value, bnid); ok && t.Kind == rdfc.IRI {
				*t = rdfc.Term{Kind: rdfc.Blank, Value: label}
			}
		}
	}
	return quads, err
}

// Hash is the SHA-256 of the canonical form of what body says under the document's
// contexts: of the document's own, or of a proof's options (§3.6.4), all of its
// members but proofValue.
func (d Document) Hash(body map[string]any) ([sha256.Size]byte, error) {
	quads, err := d.quads(body)
	if err != nil {
		return [sha256.Size]byte{}, err
	}
	text, err := rdfc.Canonicalize(quads, limits.CanonicalSteps)
	return sha256.Sum256(text), err
}
