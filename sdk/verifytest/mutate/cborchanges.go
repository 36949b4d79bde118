package mutate

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/dzong-id/dzong/sdk/credential"
)

// cborChange changes an item, and says what.
func cborChange(name string, change func(*rand.Rand, *cborNode, []*cborNode) (string, bool)) inner {
	return inner{name, cborItem, false, func(r *rand.Rand, d []byte) ([]byte, string, bool) {
		item, ok := parseCBOR(d)
		if !ok {
			return nil, "", false
		}
		what, ok := change(r, item, item.places())
		return item.bytes(), what, ok
	}}
}

// holding picks an array or a map with something in it.
func holding(r *rand.Rand, list []*cborNode, majors ...byte) (int, bool) {
	found := []int{}
	for i, n := range list {
		if slices.Contains(majors, n.major) && len(n.items) > 0 {
			found = append(found, i)
		}
	}
	if len(found) == 0 {
		return 0, false
	}
	return pick(r, found...), true
}

// step is how many items of a node belong together: a key and its value, or one.
func (n *cborNode) step() int {
	if n.major == cborMap {
		return 2
	}
	return 1
}

func oddCBOR(r *rand.Rand) *cborNode {
	return pick(r, cborInt(0), cborInt(-7), cborInt(1), cborInt(4102444800), cborString("director"), cborString(""),
		cborByteString(nil), cborByteString([]byte{1, 2, 3}), &cborNode{major: cborMap}, &cborNode{major: cborArray},
		&cborNode{major: cborSimple, value: 20}, &cborNode{major: cborSimple, value: 21}, &cborNode{major: cborSimple, value: 22},
		&cborNode{major: cborSimple, value: 23}, &cborNode{major: cborSimple, width: 1, value: 200},
		&cborNode{major: cborSimple, width: 2, value: 0x7e00}, &cborNode{major: cborTag, value: 0, items: []*cborNode{cborString("2099-01-01T00:00:00Z")}})
}

// keys of headers and claims that mean something (RFC 9052 §3.1, RFC 9360, RFC
// 8392 §3.1), and names of ISO 18013-5's.
func knownKey(r *rand.Rand) *cborNode {
	if r.IntN(3) == 0 {
		return cborString(pick(r, "docType", "version", "status", "documents", "nameSpaces", "issuerAuth", "deviceSigned",
			"elementValue", "elementIdentifier", "digestID", "validityInfo", "deviceKeyInfo", "valueDigests", "role"))
	}
	return cborInt(pick[int64](r, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 16, 32, 33, 34, 35, 169, -260, -65537, 65535))
}

func cborChanges() []inner {
	return []inner{
		cborChange("CBOR value changed", func(r *rand.Rand, _ *cborNode, list []*cborNode) (string, bool) {
			i := r.IntN(len(list))
			n := list[i]
			switch n.major {
			case cborBytes, cborText:
				switch {
				case n.indefinite || len(n.data) == 0:
					n.indefinite, n.items, n.data = false, nil, []byte("x")
				case n.major == cborText:
					n.data = []byte(changeText(r, string(n.data)))
				case r.IntN(4) == 0:
					n.data = n.data[:r.IntN(len(n.data))]
				default:
					n.data[r.IntN(len(n.data))] ^= byte(1 << r.IntN(8))
				}
			case cborArray, cborMap:
				return "", false
			default:
				n.value = pick(r, n.value+1, n.value-1, n.value^1, n.value<<1, n.value+86400*3650, 0)
				if n.major == cborSimple && n.width == 0 {
					n.value = 20 + n.value%4
				}
			}
			return fmt.Sprintf("item %d of %d, major type %d", i, len(list), n.major), true
		}),
		cborChange("CBOR type changed", func(r *rand.Rand, _ *cborNode, list []*cborNode) (string, bool) {
			i := r.IntN(len(list))
			n := list[i]
			was := n.copy()
			switch {
			case r.IntN(3) == 0 && (n.major == cborBytes || n.major == cborText):
				n.major ^= 1 // bytes for text, text for bytes
			case r.IntN(3) == 0 && n.major <= cborNegative:
				n.major ^= 1
			case r.IntN(3) == 0:
				*n = cborNode{major: cborArray, items: []*cborNode{was}}
			case r.IntN(3) == 0:
				*n = cborNode{major: cborBytes, data: was.bytes()}
			default:
				*n = *oddCBOR(r)
			}
			return fmt.Sprintf("item %d of %d", i, len(list)), true
		}),
		cborChange("CBOR item removed", func(r *rand.Rand, _ *cborNode, list []*cborNode) (string, bool) {
			i, ok := holding(r, list, cborArray, cborMap)
			if !ok {
				return "", false
			}
			n, step := list[i], list[i].step()
			at := r.IntN(len(n.items)/step) * step
			n.items = slices.Delete(n.items, at, at+step)
			return fmt.Sprintf("entry %d of item %d", at/step, i), true
		}),
		cborChange("CBOR item added", func(r *rand.Rand, _ *cborNode, list []*cborNode) (string, bool) {
			i, ok := holding(r, list, cborArray, cborMap)
			if !ok {
				return "", false
			}
			n, step := list[i], list[i].step()
			at := r.IntN(len(n.items)/step+1) * step
			add := []*cborNode{oddCBOR(r)}
			if n.major == cborMap {
				add = []*cborNode{knownKey(r), oddCBOR(r)}
			}
			n.items = slices.Insert(n.items, at, add...)
			return fmt.Sprintf("before entry %d of item %d", at/step, i), true
		}),
		cborChange("CBOR item repeated", func(r *rand.Rand, _ *cborNode, list []*cborNode) (string, bool) {
			i, ok := holding(r, list, cborArray, cborMap)
			if !ok {
				return "", false
			}
			n, step := list[i], list[i].step()
			at, to := r.IntN(len(n.items)/step)*step, r.IntN(len(n.items)/step+1)*step
			again := []*cborNode{}
			for _, item := range n.items[at : at+step] {
				again = append(again, item.copy())
			}
			if step == 2 && r.IntN(2) == 0 {
				again[1] = oddCBOR(r)
			}
			n.items = slices.Insert(n.items, to, again...)
			return fmt.Sprintf("entry %d of item %d", at/step, i), true
		}),
		cborChange("CBOR items swapped", func(r *rand.Rand, _ *cborNode, list []*cborNode) (string, bool) {
			if r.IntN(2) == 0 { // two entries of one container: their order
				i, ok := holding(r, list, cborArray, cborMap)
				if !ok {
					return "", false
				}
				n, step := list[i], list[i].step()
				a, b := r.IntN(len(n.items)/step)*step, r.IntN(len(n.items)/step)*step
				for k := range step {
					n.items[a+k], n.items[b+k] = n.items[b+k], n.items[a+k]
				}
				return fmt.Sprintf("entries %d and %d of item %d", a/step, b/step, i), a != b
			}
			a, b := list[r.IntN(len(list))], list[r.IntN(len(list))]
			if slices.Contains(a.places(), b) || slices.Contains(b.places(), a) {
				return "", false
			}
			*a, *b = *b, *a
			return "two items", true
		}),
		cborChange("CBOR tag changed", func(r *rand.Rand, _ *cborNode, list []*cborNode) (string, bool) {
			i := r.IntN(len(list))
			if t, ok := holding(r, list, cborTag); ok && r.IntN(2) == 0 {
				i = t
			}
			n := list[i]
			was := n.copy()
			if n.major == cborTag && r.IntN(2) == 0 {
				*n = *was.items[0]
				return fmt.Sprintf("off item %d", i), true
			}
			*n = cborNode{major: cborTag, value: pick[uint64](r, 0, 1, 16, 17, 18, 24, 61, 98, 1004, 55799), items: []*cborNode{was}}
			return fmt.Sprintf("on item %d", i), true
		}),
		cborChange("CBOR spelling", func(r *rand.Rand, _ *cborNode, list []*cborNode) (string, bool) {
			i := r.IntN(len(list))
			n := list[i]
			switch {
			case r.IntN(2) == 0 && n.major != cborSimple && !n.indefinite:
				n.width = pick(r, 1, 2, 4, 8)
			case n.major == cborArray || n.major == cborMap:
				n.indefinite = !n.indefinite
			case (n.major == cborBytes || n.major == cborText) && !n.indefinite:
				chunk := &cborNode{major: n.major, data: n.data}
				n.indefinite, n.data, n.items = true, nil, []*cborNode{chunk}
			default:
				return "", false
			}
			return fmt.Sprintf("item %d of %d", i, len(list)), true
		}),
		{"COSE signed by another", cborItem, true, coseByAnother},
		cborChange("COSE header changed", func(r *rand.Rand, _ *cborNode, list []*cborNode) (string, bool) {
			i, ok := signOne(r, list)
			if !ok {
				return "", false
			}
			n := list[i]
			protected, _ := parseCBOR(n.items[0].data)
			if protected == nil || protected.major != cborMap {
				protected = &cborNode{major: cborMap}
			}
			switch r.IntN(5) {
			case 0: // the algorithm where nobody signs it
				n.items[1].items = append(n.items[1].items, cborInt(1), cborInt(pick[int64](r, -7, -8, -35, 5, 0)))
			case 1: // every protected entry unprotected
				n.items[1].items = append(n.items[1].items, protected.items...)
				n.items[0].data = nil
			case 2:
				n.items[0].data = pick(r, nil, []byte{0xa0}, []byte{0xa1, 0x01, 0x26}, []byte{0xa1, 0x01, 0x05})
			case 3:
				n.items[1].items = append(n.items[1].items, knownKey(r), oddCBOR(r))
			default:
				n.items[1].items = nil
			}
			return fmt.Sprintf("item %d", i), true
		}),
		cborChange("COSE parts swapped", func(r *rand.Rand, _ *cborNode, list []*cborNode) (string, bool) {
			i, ok := signOne(r, list)
			if !ok {
				return "", false
			}
			n := list[i]
			a, b := r.IntN(4), r.IntN(4)
			if r.IntN(3) == 0 {
				n.items[a] = pick(r, cborByteString(nil), &cborNode{major: cborSimple, value: 22})
			} else {
				n.items[a], n.items[b] = n.items[b], n.items[a]
			}
			return fmt.Sprintf("parts %d and %d of item %d", a, b, i), true
		}),
	}
}

// signOne picks what looks like a COSE_Sign1 (RFC 9052 §4.2).
func signOne(r *rand.Rand, list []*cborNode) (int, bool) {
	found := []int{}
	for i, n := range list {
		if n.major == cborArray && len(n.items) == 4 && n.items[0].major == cborBytes && n.items[1].major == cborMap && n.items[3].major == cborBytes {
			found = append(found, i)
		}
	}
	if len(found) == 0 {
		return 0, false
	}
	return pick(r, found...), true
}

// coseByAnother signs a COSE_Sign1 again with a key that nobody trusts, and brings
// that key's certificate along.
func coseByAnother(r *rand.Rand, d []byte) ([]byte, string, bool) {
	item, ok := parseCBOR(d)
	if !ok {
		return nil, "", false
	}
	i, ok := signOne(r, item.places())
	if !ok {
		return nil, "", false
	}
	n := item.places()[i]
	if n.items[2].major != cborBytes { // detached, over something that is elsewhere
		return nil, "", false
	}
	what := "the same headers"
	chain := cborByteString(selfSigned(nil))
	switch r.IntN(3) {
	case 0:
		n.items[1].items = append(n.items[1].items, cborInt(33), chain)
		what = "its certificate as x5chain"
	case 1:
		for k := 0; k+1 < len(n.items[1].items); k += 2 {
			if key := n.items[1].items[k]; key.major == cborUnsigned && key.value == 33 {
				if old := n.items[1].items[k+1]; old.major == cborBytes {
					chain.data = selfSigned(old.data)
				}
				n.items[1].items[k+1] = chain
				what = "its certificate, of the same name, as x5chain"
			}
		}
	}
	n.items[0].data = []byte{0xa1, 0x01, 0x26} // {1: -7}, ES256
	// Sig_structure, RFC 9052 §4.4.
	input := &cborNode{major: cborArray, items: []*cborNode{cborString("Signature1"), n.items[0], cborByteString(nil), n.items[2]}}
	sig, err := attacker(credential.ES256).Sign(input.bytes())
	n.items[3] = cborByteString(sig)
	return item.bytes(), what, err == nil
}
