package rdfc

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"hash"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/dzong-id/dzong/sdk/limits"
)

// ErrWork is returned for a graph that needs more steps than allowed, or whose
// statements are longer than limits.StatementBytes.
var ErrWork = errors.New("canonicalise RDF: the graph needs more work than any credential does")

// Canonicalize gives the canonical N-Quads of the dataset that quads are, in at
// most steps steps. Equal quads count once. quads is not changed.
func Canonicalize(quads []Quad, steps int) ([]byte, error) {
	labelled, err := Label(quads, steps)
	if err != nil {
		return nil, err
	}
	return []byte(strings.Join(Lines(labelled), "")), nil
}

// Label gives the quads of the canonical dataset, in at most steps steps: each
// once, in no particular order, blank nodes under their canonical labels (c14n0,
// c14n1 …). quads is not changed.
func Label(quads []Quad, steps int) ([]Quad, error) { return relabel(quads, sha256.New, steps) }

// Label384 is [Label] with SHA-384 in the place of SHA-256, which may give other
// labels: the hash is a parameter of the algorithm.
func Label384(quads []Quad, steps int) ([]Quad, error) {
	return relabel(quads, sha512.New384, steps)
}

func relabel(quads []Quad, hash func() hash.Hash, steps int) ([]Quad, error) {
	c, err := canonicalize(quads, hash, steps)
	if err != nil {
		return nil, err
	}
	out := make([]Quad, len(c.quads))
	for i, q := range c.quads {
		out[i] = q.Relabel(func(l string) string { return c.canonical.issued[l] })
	}
	return out, nil
}

// Labels gives the canonical label of every blank node in quads, by the label it
// has there, in at most steps steps.
func Labels(quads []Quad, steps int) (map[string]string, error) {
	c, err := canonicalize(quads, sha256.New, steps)
	if err != nil {
		return nil, err
	}
	return c.canonical.issued, nil
}

func canonicalize(quads []Quad, hash func() hash.Hash, steps int) (*canonicalizer, error) {
	c := &canonicalizer{
		hash:      hash,
		about:     map[string][]*Quad{},
		first:     map[string]string{},
		canonical: issuer{prefix: "c14n", issued: map[string]string{}},
		steps:     steps,
	}
	seen := make(map[Quad]bool, len(quads))
	written := 0
	for i := range quads {
		q := &quads[i]
		for _, t := range [...]*Term{&q.Subject, &q.Predicate, &q.Object, &q.Graph} {
			written += len(t.Value) + len(t.Datatype)
		}
		if written > limits.StatementBytes {
			return nil, ErrWork
		}
		if q.Object.Datatype == xsdString {
			with := *q
			with.Object.Datatype = ""
			q = &with
		}
		if seen[*q] {
			continue
		}
		seen[*q] = true
		c.quads = append(c.quads, q)
		// §4.4.3 step 2: "For each blank node that is a component of Q, add a
		// reference to Q from the map entry for the blank node identifier".
		var labels [3]string
		n := 0
		for _, t := range [...]*Term{&q.Subject, &q.Object, &q.Graph} {
			if t.Kind == Blank && !slices.Contains(labels[:n], t.Value) {
				labels[n] = t.Value
				n++
				c.about[t.Value] = append(c.about[t.Value], q)
			}
		}
	}
	return c, c.label()
}

type canonicalizer struct {
	hash      func() hash.Hash
	quads     []*Quad
	about     map[string][]*Quad // blank node → the quads it is in
	first     map[string]string  // blank node → its first degree hash
	canonical issuer
	steps     int
}

// bytesPerStep is how much of an IRI is hashed in the time of one step.
const bytesPerStep = 256

// spend counts work: one step is about one hash or one permutation's element.
func (c *canonicalizer) spend(n int) error {
	if c.steps -= n; c.steps < 0 {
		return ErrWork
	}
	return nil
}

// label is steps 3 to 5 of §4.4.3: it issues a canonical identifier to every
// blank node.
func (c *canonicalizer) label() error {
	byHash := map[string][]string{}
	for node := range c.about {
		if err := c.spend(len(c.about[node])); err != nil {
			return err
		}
		h := c.firstDegree(node)
		c.first[node] = h
		byHash[h] = append(byHash[h], node)
	}
	hashes := slices.Sorted(maps.Keys(byHash))
	// 4: those that their own statements tell from all others.
	for _, h := range hashes {
		if len(byHash[h]) == 1 {
			c.canonical.issue(byHash[h][0])
		}
	}
	// 5: the others, by what surrounds them.
	for _, h := range hashes {
		if len(byHash[h]) == 1 {
			continue
		}
		type result struct {
			hash   string
			issuer issuer
		}
		var results []result
		for _, node := range byHash[h] {
			if c.canonical.has(node) {
				continue
			}
			temporary := issuer{prefix: "b", issued: map[string]string{}}
			temporary.issue(node)
			hash, after, err := c.nDegree(node, temporary)
			if err != nil {
				return err
			}
			results = append(results, result{hash, after})
		}
		slices.SortStableFunc(results, func(a, b result) int { return strings.Compare(a.hash, b.hash) })
		for _, r := range results {
			for _, node := range r.issuer.order {
				c.canonical.issue(node)
			}
		}
	}
	return nil
}

// firstDegree is §4.6, Hash First Degree Quads: the node itself is a, every
// other blank node z.
func (c *canonicalizer) firstDegree(node string) string {
	lines := make([]string, len(c.about[node]))
	for i, q := range c.about[node] {
		lines[i] = string(appendQuad(nil, q, func(l string) string {
			if l == node {
				return "a"
			}
			return "z"
		}))
	}
	slices.Sort(lines)
	h := c.hash()
	for _, l := range lines {
		h.Write([]byte(l))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// related is §4.7, Hash Related Blank Node.
func (c *canonicalizer) related(node string, q *Quad, is *issuer, position byte) string {
	b := []byte{position}
	if position != 'g' {
		b = append(b, '<')
		b = append(b, q.Predicate.Value...)
		b = append(b, '>')
	}
	switch {
	case c.canonical.has(node):
		b = append(b, "_:"+c.canonical.issued[node]...)
	case is.has(node):
		b = append(b, "_:"+is.issued[node]...)
	default:
		b = append(b, c.first[node]...)
	}
	h := c.hash()
	h.Write(b)
	return hex.EncodeToString(h.Sum(nil))
}

// nDegree is §4.8, Hash N-Degree Quads. is is not changed; what it became is
// returned.
func (c *canonicalizer) nDegree(node string, is issuer) (string, issuer, error) {
	byHash := map[string][]string{}
	for _, q := range c.about[node] {
		for i, t := range [...]*Term{&q.Subject, &q.Object, &q.Graph} {
			if t.Kind != Blank || t.Value == node {
				continue
			}
			if err := c.spend(1 + len(q.Predicate.Value)/bytesPerStep); err != nil {
				return "", is, err
			}
			h := c.related(t.Value, q, &is, "sog"[i])
			byHash[h] = append(byHash[h], t.Value)
		}
	}
	data := c.hash()
	for _, h := range slices.Sorted(maps.Keys(byHash)) {
		data.Write([]byte(h))
		chosen, after, err := c.choose(byHash[h], is)
		if err != nil {
			return "", is, err
		}
		data.Write([]byte(chosen))
		is = after
	}
	return hex.EncodeToString(data.Sum(nil)), is, nil
}

// choose is step 5.4: of all orders of nodes it finds the one with the smallest
// path.
func (c *canonicalizer) choose(nodes []string, is issuer) (string, issuer, error) {
	var best string
	var bestIssuer issuer
	order := slices.Sorted(slices.Values(nodes))
	for more := true; more; more = next(order) {
		path, after, err := c.path(order, is, best)
		if err != nil {
			return "", is, err
		}
		if path != "" && (best == "" || path < best) {
			best, bestIssuer = path, after
		}
	}
	return best, bestIssuer, nil
}

// path is steps 5.4.1 to 5.4.5 for one order of nodes: empty if it cannot become
// smaller than best.
func (c *canonicalizer) path(order []string, is issuer, best string) (string, issuer, error) {
	if err := c.spend(len(order) + len(is.order)); err != nil {
		return "", is, err
	}
	is = is.clone()
	var path []byte
	var recurse []string
	worse := func() bool { return best != "" && len(path) >= len(best) && string(path) > best }
	for _, node := range order {
		if c.canonical.has(node) {
			path = append(path, "_:"+c.canonical.issued[node]...)
		} else {
			if !is.has(node) {
				recurse = append(recurse, node)
			}
			path = append(path, "_:"+is.issue(node)...)
		}
		if worse() {
			return "", is, nil
		}
	}
	for _, node := range recurse {
		hash, after, err := c.nDegree(node, is)
		if err != nil {
			return "", is, err
		}
		path = append(path, "_:"+is.issue(node)+"<"+hash+">"...)
		is = after.clone()
		if worse() {
			return "", is, nil
		}
	}
	return string(path), is, nil
}

// next makes order the next permutation in lexical order; false after the last.
func next(order []string) bool {
	i := len(order) - 2
	for i >= 0 && order[i] >= order[i+1] {
		i--
	}
	if i < 0 {
		return false
	}
	j := len(order) - 1
	for order[j] <= order[i] {
		j--
	}
	order[i], order[j] = order[j], order[i]
	slices.Reverse(order[i+1:])
	return true
}

// issuer is §4.5: names for blank nodes in the order in which they are asked for.
type issuer struct {
	prefix string
	issued map[string]string
	order  []string
}

func (i *issuer) has(node string) bool { _, ok := i.issued[node]; return ok }

func (i *issuer) issue(node string) string {
	if name, ok := i.issued[node]; ok {
		return name
	}
	name := i.prefix + strconv.Itoa(len(i.order))
	i.issued[node] = name
	i.order = append(i.order, node)
	return name
}

func (i *issuer) clone() issuer {
	return issuer{i.prefix, maps.Clone(i.issued), slices.Clone(i.order)}
}
