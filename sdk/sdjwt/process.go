package sdjwt

import (
	"slices"
	"strconv"

	"github.com/dzong-id/dzong/sdk/limits"
)

const (
	sdKey  = "_sd"
	dotKey = "..."
	algKey = "_sd_alg"
)

// process is RFC 9901 §7.1 step 3: it replaces every embedded digest by what was
// disclosed for it, or removes it, and gives the processed payload. It works in
// place.
func process(payload map[string]any, disclosures *disclosureSet, fixed func(name string) bool) (map[string]any, error) {
	p := processor{disclosures: disclosures, isFixed: fixed}
	// Step 3.f: "Remove the claim _sd_alg from the SD-JWT payload." Once it is
	// gone, any other one has no place (§4.1.1).
	delete(payload, algKey)
	if err := p.object(payload, 1, false); err != nil {
		return nil, err
	}
	return payload, nil
}

type processor struct {
	disclosures *disclosureSet
	isFixed     func(name string) bool // top-level claims that may not be withheld; nil: none
}

func (p *processor) fixed(name string, depth int) bool {
	return depth == 1 && p.isFixed != nil && p.isFixed(name)
}

// value processes v, which lies inside depth containers, and gives what takes
// its place. Inside fixed values nothing may be withheld.
func (p *processor) value(v any, depth int, fixed bool) (any, error) {
	switch v := v.(type) {
	case map[string]any:
		return v, p.object(v, depth+1, fixed)
	case []any:
		return p.array(v, depth+1, fixed)
	default:
		return v, nil
	}
}

func (p *processor) object(m map[string]any, depth int, fixed bool) error {
	if err := checkDepth(depth); err != nil {
		return err
	}
	// §4.1: "The payload MUST NOT contain the claims _sd or ... except for the
	// purpose of conveying digests". An array element that is one was taken out
	// before it got here.
	if _, ok := m[dotKey]; ok {
		return malformed(`a member "..." is no digest of an array element`)
	}
	if _, ok := m[algKey]; ok {
		// §4.1.1: "It MUST NOT be used in any object nested within the payload."
		return malformed("_sd_alg is not at the top level, or is a disclosure")
	}
	digests, err := digestsOf(m)
	if err != nil {
		return err
	}
	if fixed && len(digests) > 0 {
		return malformed(withheld)
	}
	// Step 3.e: "Remove all _sd keys and their contents".
	delete(m, sdKey)
	for _, name := range containers(m) {
		v, err := p.value(m[name], depth, fixed || p.fixed(name, depth))
		if err != nil {
			return err
		}
		m[name] = v
	}
	for _, digest := range digests {
		d, err := p.disclosures.meet(digest)
		if err != nil {
			return err
		}
		if d == nil {
			continue
		}
		if err := p.insert(m, d, depth); err != nil {
			return err
		}
	}
	return nil
}

// containers are the names of the members of m that can hold digests, in an
// order of their own, so that a document with two faults is always refused for
// the same one.
func containers(m map[string]any) []string {
	var names []string
	for name, v := range m {
		switch v.(type) {
		case map[string]any, []any:
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// digestsOf gives the digests under _sd. §4.2.4.1: "The _sd key MUST refer to an
// array of strings"; it "MAY be empty".
func digestsOf(m map[string]any) ([]string, error) {
	v, ok := m[sdKey]
	if !ok {
		return nil, nil
	}
	list, ok := v.([]any)
	if !ok {
		return nil, malformed("_sd is no array")
	}
	digests := make([]string, len(list))
	for i, e := range list {
		if digests[i], ok = e.(string); !ok {
			return nil, malformed("_sd holds something else than strings")
		}
	}
	return digests, nil
}

// insert is step 3.c.ii: it puts the claim that d discloses into m.
func (p *processor) insert(m map[string]any, d *disclosure, depth int) error {
	content, err := d.open(3)
	if err != nil {
		return err
	}
	name, ok := content[1].(string)
	if !ok {
		// §4.2.1: "It MUST be a string".
		return malformed("a disclosed claim's name is no string")
	}
	switch name {
	case sdKey, dotKey:
		// Step 3.c.ii.2: "If the claim name is _sd or ..., the SD-JWT MUST be
		// rejected."
		return malformed("a disclosed claim is called _sd or ...")
	case algKey:
		return malformed("_sd_alg is not at the top level, or is a disclosure")
	}
	if _, exists := m[name]; exists {
		// Step 3.c.ii.3: "If the claim name already exists at the level of the _sd
		// key, the SD-JWT MUST be rejected."
		return malformed("a disclosed claim exists already")
	}
	if p.fixed(name, depth) {
		return malformed(withheld)
	}
	v, err := p.value(content[2], depth, false)
	if err != nil {
		return err
	}
	m[name] = v
	return nil
}

// array processes a in place and gives what is left of it.
func (p *processor) array(a []any, depth int, fixed bool) ([]any, error) {
	if err := checkDepth(depth); err != nil {
		return nil, err
	}
	kept := a[:0]
	for _, e := range a {
		digest, ok := elementDigest(e)
		if !ok {
			v, err := p.value(e, depth, fixed)
			if err != nil {
				return nil, err
			}
			kept = append(kept, v)
			continue
		}
		if fixed {
			return nil, malformed(withheld)
		}
		d, err := p.disclosures.meet(digest)
		if err != nil {
			return nil, err
		}
		if d == nil {
			// Step 3.d: "Remove all array elements for which the digest was not
			// found in the previous step."
			continue
		}
		content, err := d.open(2)
		if err != nil {
			return nil, err
		}
		// Steps 3.c.iii.2 and 3. A disclosed value that is itself {"...": digest}
		// is no array element, and object refuses it.
		v, err := p.value(content[1], depth, false)
		if err != nil {
			return nil, err
		}
		kept = append(kept, v)
	}
	clear(a[len(kept):])
	return kept, nil
}

// elementDigest is step 3.b.ii: "array elements that are objects with one key,
// that key being ... and referring to a string."
func elementDigest(e any) (string, bool) {
	m, ok := e.(map[string]any)
	if !ok || len(m) != 1 {
		return "", false
	}
	digest, ok := m[dotKey].(string)
	return digest, ok
}

// checkDepth holds the processed payload to the bound that each of its pieces
// was held to: disclosures within disclosures would escape it.
func checkDepth(depth int) error {
	if depth > limits.JSONDepth {
		return tooLarge("more than " + strconv.Itoa(limits.JSONDepth) + " levels of nesting")
	}
	return nil
}
