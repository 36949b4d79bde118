package mutate

import "encoding/binary"

// cborNode is a CBOR item (RFC 8949 §3) that keeps how it was written: the width
// of its head, and whether its length is indefinite. It reads what is well formed,
// canonical or not.
type cborNode struct {
	major      byte
	width      int // bytes behind the first: 0, 1, 2, 4 or 8
	value      uint64
	indefinite bool
	data       []byte      // of a byte or text string
	items      []*cborNode // elements; keys and values in turn; a tag's content; chunks
}

const (
	cborUnsigned = iota
	cborNegative
	cborBytes
	cborText
	cborArray
	cborMap
	cborTag
	cborSimple
)

const cborDepth = 32

// parseCBOR reads data that is one array, map or tag and nothing behind it.
func parseCBOR(data []byte) (*cborNode, bool) {
	if len(data) < 2 || data[0]>>5 < cborArray || data[0]>>5 > cborTag {
		return nil, false
	}
	n, rest, ok := readCBOR(data, 0)
	return n, ok && len(rest) == 0
}

func readCBOR(data []byte, depth int) (*cborNode, []byte, bool) {
	if len(data) == 0 || depth > cborDepth {
		return nil, nil, false
	}
	n := &cborNode{major: data[0] >> 5}
	short := data[0] & 31
	data = data[1:]
	switch {
	case short < 24:
		n.value = uint64(short)
	case short < 28:
		n.width = 1 << (short - 24)
		if len(data) < n.width {
			return nil, nil, false
		}
		var whole [8]byte
		copy(whole[8-n.width:], data)
		n.value = binary.BigEndian.Uint64(whole[:])
		data = data[n.width:]
	case short == 31 && n.major >= cborBytes && n.major <= cborMap:
		n.indefinite = true
	default:
		return nil, nil, false
	}
	count := uint64(0)
	switch n.major {
	case cborBytes, cborText:
		if n.indefinite {
			break
		}
		if n.value > uint64(len(data)) {
			return nil, nil, false
		}
		n.data = append([]byte(nil), data[:n.value]...)
		return n, data[n.value:], true
	case cborArray:
		count = n.value
	case cborMap:
		count = 2 * n.value
	case cborTag:
		count = 1
	}
	if count > uint64(len(data)) {
		return nil, nil, false
	}
	for i := uint64(0); n.indefinite || i < count; i++ {
		if n.indefinite && len(data) > 0 && data[0] == 0xff {
			return n, data[1:], n.major != cborMap || i%2 == 0
		}
		item, rest, ok := readCBOR(data, depth+1)
		if !ok {
			return nil, nil, false
		}
		n.items, data = append(n.items, item), rest
	}
	return n, data, true
}

func (n *cborNode) bytes() []byte { return n.write(nil) }

func (n *cborNode) write(to []byte) []byte {
	value := n.value
	switch n.major {
	case cborBytes, cborText:
		value = uint64(len(n.data))
	case cborArray:
		value = uint64(len(n.items))
	case cborMap:
		value = uint64(len(n.items) / 2)
	}
	if n.indefinite {
		to = append(to, n.major<<5|31)
		for _, item := range n.items {
			to = item.write(to)
		}
		return append(to, 0xff)
	}
	to = writeHead(to, n.major, n.width, value)
	to = append(to, n.data...)
	for _, item := range n.items {
		to = item.write(to)
	}
	return to
}

// writeHead writes a head of a width, or wider if the value needs it.
func writeHead(to []byte, major byte, width int, value uint64) []byte {
	least := 0
	switch {
	case value >= 1<<32:
		least = 8
	case value >= 1<<16:
		least = 4
	case value >= 1<<8:
		least = 2
	case value >= 24:
		least = 1
	}
	width = max(width, least)
	if width == 0 {
		return append(to, major<<5|byte(value))
	}
	short := map[int]byte{1: 24, 2: 25, 4: 26, 8: 27}[width]
	var whole [8]byte
	binary.BigEndian.PutUint64(whole[:], value)
	return append(append(to, major<<5|short), whole[8-width:]...)
}

// places lists every item from the outside in, always in the same order.
func (n *cborNode) places() []*cborNode {
	list := []*cborNode{n}
	for i := 0; i < len(list); i++ {
		list = append(list, list[i].items...)
	}
	return list
}

func (n *cborNode) copy() *cborNode {
	c := *n
	c.data = append([]byte(nil), n.data...)
	c.items = nil
	for _, item := range n.items {
		c.items = append(c.items, item.copy())
	}
	return &c
}

func cborInt(v int64) *cborNode {
	if v < 0 {
		return &cborNode{major: cborNegative, value: uint64(-1 - v)}
	}
	return &cborNode{major: cborUnsigned, value: uint64(v)}
}

func cborString(s string) *cborNode     { return &cborNode{major: cborText, data: []byte(s)} }
func cborByteString(b []byte) *cborNode { return &cborNode{major: cborBytes, data: b} }
