package mdoc

import (
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"fmt"
	"maps"
	"slices"

	"github.com/dzong-id/dzong/sdk/internal/cborjson"
	"github.com/dzong-id/dzong/sdk/internal/strictcbor"
	"github.com/dzong-id/dzong/sdk/limits"
)

// item is one IssuerSignedItem (§8.3.2.1.2.2): an element and its value, with what
// finds its digest in the MSO.
type item struct {
	encoded   strictcbor.RawMessage // IssuerSignedItemBytes as received, tag 24 included
	nameSpace string
	digestID  uint64
	element   string
	value     any // as cborjson.Value reads it
}

// leastRandom is how many bytes of random an item has at least (§9.1.2.5): with
// fewer, the value behind a digest that is not disclosed could be guessed.
const leastRandom = 16

// parseItems reads IssuerNameSpaces. Within a namespace neither a digestID nor an
// elementIdentifier may stand twice: which of the two values would count?
func parseItems(nameSpaces map[string][]strictcbor.RawMessage) ([]item, error) {
	var all []item
	for _, name := range slices.Sorted(maps.Keys(nameSpaces)) {
		list := nameSpaces[name]
		if name == "" || len(list) == 0 {
			return nil, malformed("a namespace without a name or without items", nil)
		}
		if len(all)+len(list) > limits.Disclosures {
			return nil, tooLarge("a document with more items than any has")
		}
		digests, elements := make(map[uint64]bool, len(list)), make(map[string]bool, len(list))
		for n, raw := range list {
			i, err := parseItem(raw)
			if err != nil {
				return nil, within(fmt.Sprint("item ", n+1, " of a namespace"), err)
			}
			if digests[i.digestID] || elements[i.element] {
				return nil, malformed("a namespace with a digestID or an elementIdentifier twice", nil)
			}
			digests[i.digestID], elements[i.element] = true, true
			i.nameSpace = name
			all = append(all, i)
		}
	}
	return all, nil
}

func parseItem(raw strictcbor.RawMessage) (item, error) {
	inner, err := embedded(raw)
	if err != nil {
		return item{}, err
	}
	var id, random, element, value []byte
	err = cborjson.Members(inner, func(name string, member []byte) error {
		switch name {
		case "digestID":
			id = member
		case "random":
			random = member
		case "elementIdentifier":
			element = member
		case "elementValue":
			value = member
		}
		return nil
	})
	if err != nil {
		return item{}, err
	}
	if id == nil || random == nil || element == nil || value == nil {
		return item{}, malformed("an item without digestID, random, elementIdentifier or elementValue", nil)
	}
	i := item{encoded: raw}
	if i.digestID, err = cborjson.Unsigned(id); err != nil {
		return item{}, err
	}
	if i.element, err = cborjson.Text(element); err != nil {
		return item{}, err
	}
	if i.element == "" {
		return item{}, malformed("an item with an empty elementIdentifier", nil)
	}
	if random, err = cborjson.Bytes(random); err != nil {
		return item{}, err
	}
	if len(random) < leastRandom {
		return item{}, malformed("an item whose random is too short to hide anything", nil)
	}
	i.value, err = cborjson.Value(value)
	return i, err
}

// digests are the algorithms of §9.1.2.5, table 21.
var digests = map[string]func([]byte) []byte{
	"SHA-256": func(b []byte) []byte { s := sha256.Sum256(b); return s[:] },
	"SHA-384": func(b []byte) []byte { s := sha512.Sum384(b); return s[:] },
	"SHA-512": func(b []byte) []byte { s := sha512.Sum512(b); return s[:] },
}

// covered reports whether the MSO has the item's digest, in its namespace and under
// its digestID. §9.1.2.5: the digest is over IssuerSignedItemBytes, so over the
// bytes as they came, tag and length included.
func (m *securityObject) covered(i *item) bool {
	want, err := cborjson.Bytes(m.digests[i.nameSpace][i.digestID])
	return err == nil && subtle.ConstantTimeCompare(want, m.digest(i.encoded)) == 1
}

// claims are the disclosed elements by namespace.
func claims(items []item) map[string]any {
	out := map[string]any{}
	for i := range items {
		space, ok := out[items[i].nameSpace].(map[string]any)
		if !ok {
			space = map[string]any{}
			out[items[i].nameSpace] = space
		}
		space[items[i].element] = items[i].value
	}
	return out
}
