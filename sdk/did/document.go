package did

import (
	"fmt"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Document is a parsed DID document (DID Core §5). It is immutable and safe for
// concurrent use. It carries no proof of its own: who handed it over vouches
// for it.
type Document struct {
	ID string // the DID it describes

	// AsOf is when the document was known to be the latest; zero if whoever handed
	// it over did not say, or if it never changes.
	AsOf time.Time
	// Until is from when on it is too old to count; zero if it never is.
	Until time.Time

	keys        []credential.Key
	unsupported []string
}

// Keys lists the keys that the document permits for purpose, in document order;
// each has the absolute DID URL of its verification method as identifier.
func (d *Document) Keys(purpose credential.Purpose) []credential.Key {
	if d == nil {
		return nil
	}
	var out []credential.Key
	for _, k := range d.keys {
		if k.Permits(purpose) {
			out = append(out, k)
		}
	}
	return out
}

// Dated is the same document as of a time, counting until another.
func (d *Document) Dated(asOf, until time.Time) *Document {
	dated := *d
	dated.AsOf, dated.Until = asOf, until
	return &dated
}

// Stale reports whether the document is too old to count at the given time.
func (d *Document) Stale(at time.Time) bool {
	return d != nil && !d.Until.IsZero() && !at.Before(d.Until)
}

// Unsupported names the verification methods that were skipped, by absolute DID
// URL: their key is of a kind or in a form that this module verifies nothing with,
// or it stands in another document.
func (d *Document) Unsupported() []string { return append([]string(nil), d.unsupported...) }

// IsDID reports whether s has the shape of a DID (DID Core §3.1), without path,
// query or fragment.
func IsDID(s string) bool {
	rest, ok := strings.CutPrefix(s, "did:")
	if !ok {
		return false
	}
	method, id, ok := strings.Cut(rest, ":")
	if !ok || method == "" || id == "" || strings.HasSuffix(id, ":") {
		return false
	}
	for _, c := range []byte(method) {
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9') {
			return false
		}
	}
	for i := 0; i < len(id); i++ {
		switch c := id[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9',
			c == '.', c == '-', c == '_', c == ':':
		case c == '%' && i+2 < len(id) && isHex(id[i+1]) && isHex(id[i+2]):
			i += 2
		default:
			return false
		}
	}
	return true
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// relationships are the lists of a document that say what a method may be used
// for (DID Core §5.3). The others (key agreement, capabilities) are of no use to
// a verifier of credentials.
var relationships = []struct {
	name    string
	purpose credential.Purpose
}{
	{"assertionMethod", credential.AssertionMethod},
	{"authentication", credential.Authentication},
}

// ParseDocument reads a DID document within limits.DIDDocument. Members it does
// not know are left alone: DID documents are extensible. The error is a
// *reason.Error, malformed or too_large.
func ParseDocument(data []byte) (*Document, error) {
	if len(data) > limits.DIDDocument {
		return nil, &reason.Error{Code: reason.TooLarge,
			Doing: fmt.Sprintf("parse DID document: %d bytes, at most %d", len(data), limits.DIDDocument)}
	}
	root, err := strictjson.DecodeObject(data)
	if err != nil {
		return nil, fmt.Errorf("parse DID document: %w", err)
	}
	id, _ := root["id"].(string)
	if !IsDID(id) {
		return nil, malformed("id is no DID")
	}
	return (&parser{did: id, methods: map[string]*method{}}).parse(root)
}

func (p *parser) parse(root map[string]any) (*Document, error) {
	list, err := array(root, "verificationMethod")
	if err != nil {
		return nil, err
	}
	for i, v := range list {
		if _, err := p.add(v, fmt.Sprintf("verificationMethod[%d]", i)); err != nil {
			return nil, err
		}
	}
	for _, r := range relationships {
		list, err := array(root, r.name)
		if err != nil {
			return nil, err
		}
		for i, v := range list {
			if err := p.refer(v, r.purpose, fmt.Sprintf("%s[%d]", r.name, i)); err != nil {
				return nil, err
			}
		}
	}
	return p.document(), nil
}

type method struct {
	id       string
	key      credential.Key
	usable   bool
	purposes credential.Purpose
}

type parser struct {
	did        string
	controller string // of methods that name none; empty: they are not usable
	methods    map[string]*method
	order      []*method
	foreign    []string // references to methods of other documents
}

// add reads one verification method (DID Core §5.2).
func (p *parser) add(v any, where string) (*method, error) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, malformed(where + " is no object")
	}
	id, ok := m["id"].(string)
	if !ok {
		return nil, malformed(where + " has no id")
	}
	id = p.absolute(id)
	if p.methods[id] != nil {
		return nil, malformed(where + " repeats an id")
	}
	out := &method{id: id}
	// §5.2 demands a controller; documents in the field leave it out, so that its
	// lack costs the method and not the document.
	controller, _ := m["controller"].(string)
	if _, stated := m["controller"]; !stated {
		controller = p.controller
	}
	if controller != "" {
		var key credential.Key
		if key, out.usable = material(m); out.usable {
			out.key = key.WithID(id).WithController(controller)
		}
	}
	p.methods[id] = out
	p.order = append(p.order, out)
	return out, nil
}

// refer reads one entry of a verification relationship: a reference to a method
// of this document, or a method embedded for this purpose alone.
func (p *parser) refer(v any, purpose credential.Purpose, where string) error {
	if ref, ok := v.(string); ok {
		ref = p.absolute(ref)
		if m := p.methods[ref]; m != nil {
			m.purposes |= purpose
		} else {
			p.foreign = append(p.foreign, ref)
		}
		return nil
	}
	m, err := p.add(v, where)
	if err != nil {
		return err
	}
	m.purposes |= purpose
	return nil
}

// absolute resolves a relative DID URL (DID Core §3.2.2) against the document's
// DID.
func (p *parser) absolute(ref string) string {
	if strings.HasPrefix(ref, "#") {
		return p.did + ref
	}
	return ref
}

func (p *parser) document() *Document {
	d := &Document{ID: p.did}
	for _, m := range p.order {
		if !m.usable {
			d.unsupported = append(d.unsupported, m.id)
		} else if m.purposes != 0 {
			d.keys = append(d.keys, m.key.WithPurposes(m.purposes))
		}
	}
	d.unsupported = append(d.unsupported, p.foreign...)
	return d
}

func array(m map[string]any, name string) ([]any, error) {
	v, ok := m[name]
	if !ok {
		return nil, nil
	}
	list, ok := v.([]any)
	if !ok {
		return nil, malformed(name + " is no array")
	}
	return list, nil
}

func malformed(what string) error {
	return &reason.Error{Code: reason.Malformed, Doing: "parse DID document: " + what}
}
