package mutate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// jsonNode is a JSON value that keeps what a Go map would lose: the order of
// members, members that repeat, and how numbers are written.
type jsonNode struct {
	kind  byte     // '{', '[', '"', or '0' for numbers, true, false and null
	text  string   // a string's contents; how anything else but objects and arrays is written
	names []string // of an object's items
	items []*jsonNode
}

func jsonString(s string) *jsonNode      { return &jsonNode{kind: '"', text: s} }
func jsonLiteral(s string) *jsonNode     { return &jsonNode{kind: '0', text: s} }
func jsonArray(i ...*jsonNode) *jsonNode { return &jsonNode{kind: '[', items: i} }

func jsonObject(name string, item *jsonNode) *jsonNode {
	return &jsonNode{kind: '{', names: []string{name}, items: []*jsonNode{item}}
}

// parseJSON reads a whole JSON document that is an object or an array.
func parseJSON(data []byte) (*jsonNode, bool) {
	start := bytes.TrimLeft(data, " \t\r\n")
	if len(start) == 0 || start[0] != '{' && start[0] != '[' || !json.Valid(data) {
		return nil, false
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	n, err := readJSON(d)
	return n, err == nil
}

func readJSON(d *json.Decoder) (*jsonNode, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Delim:
		n := &jsonNode{kind: byte(t)}
		for d.More() {
			if t == '{' {
				name, err := d.Token()
				if err != nil {
					return nil, err
				}
				n.names = append(n.names, name.(string))
			}
			item, err := readJSON(d)
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, item)
		}
		_, err := d.Token()
		return n, err
	case string:
		return jsonString(t), nil
	case json.Number:
		return jsonLiteral(string(t)), nil
	case bool:
		return jsonLiteral(fmt.Sprint(t)), nil
	case nil:
		return jsonLiteral("null"), nil
	}
	return nil, io.ErrUnexpectedEOF
}

// bytes writes the value, with nothing between its parts.
func (n *jsonNode) bytes() []byte {
	var b bytes.Buffer
	n.write(&b)
	return b.Bytes()
}

func (n *jsonNode) write(b *bytes.Buffer) {
	switch n.kind {
	case '{', '[':
		b.WriteByte(n.kind)
		for i, item := range n.items {
			if i > 0 {
				b.WriteByte(',')
			}
			if n.kind == '{' {
				writeString(b, n.names[i])
				b.WriteByte(':')
			}
			item.write(b)
		}
		b.WriteByte(n.kind + 2) // '}' and ']' stand two behind
	case '"':
		writeString(b, n.text)
	default:
		b.WriteString(n.text)
	}
}

func writeString(b *bytes.Buffer, s string) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always has a form
	b.Truncate(b.Len() - 1)
}

// copy is n, to be changed apart.
func (n *jsonNode) copy() *jsonNode {
	c := &jsonNode{kind: n.kind, text: n.text, names: append([]string(nil), n.names...)}
	for _, item := range n.items {
		c.items = append(c.items, item.copy())
	}
	return c
}

// jsonPlace is a value and where it stands.
type jsonPlace struct {
	*jsonNode
	parent *jsonNode // nil for the whole
	at     int       // among the parent's items
	up     int       // the parent's place in the list
}

// name is the member's name, empty in an array.
func (p jsonPlace) name() string {
	if p.parent == nil || p.parent.kind != '{' {
		return ""
	}
	return p.parent.names[p.at]
}

// set puts another value in its place.
func (p jsonPlace) set(n *jsonNode) {
	if p.parent == nil {
		*p.jsonNode = *n
		return
	}
	p.parent.items[p.at] = n
}

// places lists every value from the outside in, always in the same order.
func (n *jsonNode) places() []jsonPlace {
	list := []jsonPlace{{jsonNode: n}}
	for i := 0; i < len(list); i++ {
		for at, item := range list[i].items {
			list = append(list, jsonPlace{item, list[i].jsonNode, at, i})
		}
	}
	return list
}

// path names the nth place of a list. Names only: no value is ever shown.
func path(list []jsonPlace, n int) string {
	out := ""
	for ; list[n].parent != nil; n = list[n].up {
		step := fmt.Sprintf("[%d]", list[n].at)
		if name := list[n].name(); name != "" {
			step = "." + name
		}
		out = step + out
	}
	return "$" + out
}

func (n *jsonNode) insert(at int, name string, item *jsonNode) {
	n.items = append(n.items[:at], append([]*jsonNode{item}, n.items[at:]...)...)
	if n.kind == '{' {
		n.names = append(n.names[:at], append([]string{name}, n.names[at:]...)...)
	}
}

func (n *jsonNode) remove(at int) {
	n.items = append(n.items[:at], n.items[at+1:]...)
	if n.kind == '{' {
		n.names = append(n.names[:at], n.names[at+1:]...)
	}
}

// member is the place of a member of n, or no place.
func (n *jsonNode) member(name string) (jsonPlace, bool) {
	if n.kind == '{' {
		for i, have := range n.names {
			if have == name {
				return jsonPlace{jsonNode: n.items[i], parent: n, at: i}, true
			}
		}
	}
	return jsonPlace{}, false
}
