package jsonld

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/dzong-id/dzong/sdk/internal/jcs"
	"github.com/dzong-id/dzong/sdk/internal/rdfc"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/piprate/json-gold/ld"
)

var (
	// ErrDocument is returned for a document that is no JSON-LD.
	ErrDocument = errors.New("process JSON-LD: the document is not JSON-LD")
	// ErrLarge is returned for more of a document than limits allow.
	ErrLarge = errors.New("process JSON-LD: the document is too large for it")
)

// Result is what a document says in RDF.
type Result struct {
	Quads   []rdfc.Quad
	Root    rdfc.Term // the node that the document is, in Quads; the zero Term if it is none
	Covered bool      // the statements say everything the document does
}

// Process turns document into statements. It is what strict JSON decoding gives,
// and is not changed. urls are its contexts and take the place of its @context;
// contexts of objects inside it must be URLs too, which the caller has checked.
// The error is [ErrDocument], [ErrLarge] or a *[ContextError].
func (p *Processor) Process(document map[string]any, urls []string, source Source) (r Result, err error) {
	// json-gold asserts types of what others wrote.
	defer func() {
		if recover() != nil {
			r, err = Result{}, ErrDocument
		}
	}()
	in := input{covered: true}
	body := in.object(document, true)
	if in.values > limits.LinkedDataValues || in.objects > limits.LinkedDataObjects {
		return Result{}, ErrLarge
	}
	if source == nil {
		return Result{}, &ContextError{strings.Join(urls, " ")}
	}
	slices.Sort(in.contexts)
	ctx, err := p.contexts(urls, slices.Compact(in.contexts), source)
	if err != nil {
		return Result{}, err
	}
	if ctx.typings(body) > limits.LinkedDataTypes {
		return Result{}, ErrLarge
	}
	expanded, safe, err := ctx.expand(body)
	if err != nil {
		return Result{}, err
	}
	w := walker{covered: in.covered && safe && !ctx.typedTwice(body), described: map[rdfc.Quad]bool{}}
	var root rdfc.Term
	if node, ok := expanded.(map[string]any); ok && isNode(node) {
		root, _ = w.node(node, rdfc.Term{})
	} else {
		w.covered = false
	}
	return Result{Quads: w.quads, Root: root, Covered: w.covered}, nil
}

// expand is JSON-LD expansion in safe mode, or, where that refuses a term,
// without it: safe says which.
func (c *contexts) expand(body map[string]any) (expanded any, safe bool, err error) {
	expanded, err = ld.NewJsonLdApi().Expand(c.safe, "", body, c.options(true), false, nil)
	if err == nil {
		return expanded, true, nil
	}
	if code(err) == ld.InvalidProperty {
		expanded, err = ld.NewJsonLdApi().Expand(c.lax, "", body, c.options(false), false, nil)
		if err == nil {
			return expanded, false, nil
		}
	}
	switch code(err) {
	case ld.LoadingRemoteContextFailed, ld.InvalidRemoteContext, ld.InvalidLocalContext, ld.ProtectedTermRedefinition, ld.InvalidContextNullification, ld.RecursiveContextInclusion:
		return nil, false, &ContextError{"of an object or a type in the document"}
	}
	return nil, false, ErrDocument
}

func code(err error) ld.ErrorCode {
	var coded *ld.JsonLdError
	if errors.As(err, &coded) {
		return coded.Code
	}
	return ""
}

// input makes a document ready for expansion and finds what RDF has no statement
// for before json-gold drops it.
type input struct {
	covered         bool
	values, objects int
	contexts        []string // named inside the document
}

func (in *input) value(v any) any {
	in.values++
	switch v := v.(type) {
	case map[string]any:
		return in.object(v, false)
	case []any:
		if len(v) == 0 {
			in.covered = false
		}
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = in.value(e)
		}
		return out
	case json.Number:
		f, err := v.Float64()
		if err != nil || !jcs.Same(v, lexical(f)) {
			in.covered = false
		}
		return f
	case nil:
		in.covered = false
	}
	return v
}

func (in *input) object(m map[string]any, top bool) map[string]any {
	in.objects++
	out := make(map[string]any, len(m))
	for name, v := range m {
		switch {
		case name == "@context" && top:
			continue
		case name == "@context":
			in.context(v)
			out[name] = v
			continue
		case name == "":
			// json-gold calls the outermost property so, and drops what stands alone there;
			// under @vocab (JSON-LD 1.1 §4.1.2) it would be a property.
			in.covered = false
		case strings.HasPrefix(name, "@"):
			// The other keywords put statements elsewhere, or say what RDF cannot.
			_, isValue := m["@value"]
			switch name {
			case "@value", "@language":
			case "@type":
				in.covered = in.covered && isValue
			default:
				// @id and @type have names in every context of a credential, under which
				// whoever reads the members looks for them.
				in.covered = false
			}
		}
		out[name] = in.value(v)
	}
	return out
}

func (in *input) context(v any) {
	entries, isList := v.([]any)
	if !isList {
		entries = []any{v}
	}
	for _, e := range entries {
		if url, ok := e.(string); ok {
			in.contexts = append(in.contexts, url)
		} else {
			in.covered = false
		}
	}
}

// lexical is how JSON-LD 1.1 API §8.2.2 writes a number: steps 10 and 11.
func lexical(f float64) string {
	if isInteger(f) {
		return strconv.FormatFloat(f, 'f', 0, 64)
	}
	return double(f)
}
