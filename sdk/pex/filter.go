package pex

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// schema is a JSON Schema of draft 7 with these keywords:
//
//	type const enum
//	minLength maxLength pattern format (date, date-time, time, email, uri, uuid …)
//	minimum maximum exclusiveMinimum exclusiveMaximum
//	formatMinimum formatMaximum formatExclusiveMinimum formatExclusiveMaximum
//	items (one schema) minItems maxItems contains
//	properties required additionalProperties minProperties maxProperties
//	allOf anyOf oneOf not
//	$ref to #/definitions/… and #/$defs/…
//	$schema $id $comment title description default examples: no condition
//
// As the specification's own examples have them, type may be "date" (a string of
// that format), and a bound may be a string beside the format date or date-time.
// The formats date and date-time are enforced; the others say nothing, as draft 7
// lets them.
type schema struct {
	never bool     // the schema false
	types []string // nil: any
	allow []any    // const, enum; nil: any

	pattern            *regexp.Regexp
	patternSize        int
	minLength, maxLen  int // -1: none
	dates              string
	minimum, maximum   *bound
	items, contains    *schema
	minItems, maxItems int
	properties         map[string]*schema
	required           []string
	additional         *schema
	minProps, maxProps int
	all, any, one      []*schema
	not                *schema
	ref                *schema
}

// bound is a limit of a number, or of a date.
type bound struct {
	number    *big.Rat
	date      time.Time
	exclusive bool
}

// compiler compiles one filter.
type compiler struct {
	root  map[string]any
	named map[string]*schema // by reference; made before its content, so that it may hold itself
	err   *reason.Error
}

// compile reads a filter. It says what is wrong as the rest of a sentence.
func compile(v any) (*schema, *reason.Error) {
	root, ok := v.(map[string]any)
	if !ok {
		return nil, &reason.Error{Code: reason.Malformed, Doing: "is no JSON Schema object"}
	}
	c := &compiler{root: root, named: map[string]*schema{}}
	s := new(schema)
	c.read(s, v)
	if c.err != nil {
		return nil, c.err
	}
	return s, nil
}

func (c *compiler) fail(code reason.Code, what string, args ...any) {
	if c.err == nil {
		c.err = &reason.Error{Code: code, Doing: fmt.Sprintf(what, args...)}
	}
}

func (c *compiler) sub(v any) *schema {
	s := new(schema)
	c.read(s, v)
	return s
}

// read fills s. JSON's own depth bounds how deep it goes.
func (c *compiler) read(s *schema, v any) {
	s.minLength, s.maxLen, s.minItems, s.maxItems, s.minProps, s.maxProps = -1, -1, -1, -1, -1, -1
	if b, ok := v.(bool); ok {
		s.never = !b
		return
	}
	m, ok := v.(map[string]any)
	if !ok {
		c.fail(reason.Malformed, "has a schema that is neither an object nor a boolean")
		return
	}
	// What a bound means depends on the format.
	if t, _ := m["type"].(string); t == "date" || t == "date-time" {
		s.dates = t
	}
	if v, ok := m["format"]; ok {
		if s.dates, ok = v.(string); !ok {
			c.fail(reason.Malformed, "has a format that is no string")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		c.keyword(s, name, m[name])
		if c.err != nil {
			return
		}
	}
	if s.dates != "date" && s.dates != "date-time" {
		s.dates = ""
	}
}

func (c *compiler) keyword(s *schema, name string, v any) {
	switch name {
	case "$schema", "$id", "$comment", "title", "description", "default", "examples", "definitions", "$defs", "format":
	case "type":
		s.types = c.typeNames(v)
	case "const":
		s.allow = []any{v}
	case "enum":
		list, ok := v.([]any)
		if !ok || len(list) == 0 || s.allow != nil {
			c.fail(reason.Malformed, "has an enum that is no array with something in it, or that stands beside const")
		}
		s.allow = list
	case "pattern":
		c.readPattern(s, v)
	case "minLength":
		s.minLength = c.count(v)
	case "maxLength":
		s.maxLen = c.count(v)
	case "minItems":
		s.minItems = c.count(v)
	case "maxItems":
		s.maxItems = c.count(v)
	case "minProperties":
		s.minProps = c.count(v)
	case "maxProperties":
		s.maxProps = c.count(v)
	case "minimum", "formatMinimum":
		c.bound(s, &s.minimum, v, false)
	case "maximum", "formatMaximum":
		c.bound(s, &s.maximum, v, false)
	case "exclusiveMinimum", "formatExclusiveMinimum":
		c.bound(s, &s.minimum, v, true)
	case "exclusiveMaximum", "formatExclusiveMaximum":
		c.bound(s, &s.maximum, v, true)
	case "items":
		s.items = c.sub(v)
	case "contains":
		s.contains = c.sub(v)
	case "additionalProperties":
		s.additional = c.sub(v)
	case "not":
		s.not = c.sub(v)
	case "properties":
		s.properties = map[string]*schema{}
		m, ok := v.(map[string]any)
		if !ok {
			c.fail(reason.Malformed, "has properties that are no object")
		}
		for name, v := range m {
			s.properties[name] = c.sub(v)
		}
	case "required":
		list, ok := v.([]any)
		for _, v := range list {
			name, isText := v.(string)
			ok = ok && isText
			s.required = append(s.required, name)
		}
		if !ok {
			c.fail(reason.Malformed, "has a required that is no array of strings")
		}
	case "allOf":
		s.all = c.list(v)
	case "anyOf":
		s.any = c.list(v)
	case "oneOf":
		s.one = c.list(v)
	case "$ref":
		s.ref = c.reference(v)
	default:
		c.fail(reason.FormatUnsupported, "has a keyword that is not implemented")
	}
}

func (c *compiler) list(v any) []*schema {
	list, ok := v.([]any)
	if !ok || len(list) == 0 {
		c.fail(reason.Malformed, "has a combination of schemas that is no array with something in it")
	}
	out := make([]*schema, len(list))
	for i, v := range list {
		out[i] = c.sub(v)
	}
	return out
}

func (c *compiler) typeNames(v any) []string {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	var out []string
	for _, v := range list {
		name, _ := v.(string)
		switch name {
		case "null", "boolean", "object", "array", "number", "string", "integer":
		case "date", "date-time":
			name = "string"
		default:
			c.fail(reason.Malformed, "has a type that JSON Schema does not know")
		}
		out = append(out, name)
	}
	if len(out) == 0 {
		c.fail(reason.Malformed, "has no type where it says that there is one")
	}
	return out
}

// count reads a size. None is larger than a document has values.
func (c *compiler) count(v any) int {
	n, _ := v.(json.Number)
	i, err := strconv.ParseUint(string(n), 10, 31)
	if err != nil {
		c.fail(reason.Malformed, "has a size that is no whole number of at most 2^31-1")
	}
	return int(i)
}

// patternSize bounds a compiled pattern in instructions: RE2 costs their number for
// every character.
const patternSize = 2000

func (c *compiler) readPattern(s *schema, v any) {
	text, ok := v.(string)
	if !ok {
		c.fail(reason.Malformed, "has a pattern that is no string")
		return
	}
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil || len(text) > pathLength {
		c.fail(reason.FormatUnsupported, "has a pattern that is not in the syntax of RE2, or too long")
		return
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil || len(program.Inst) > patternSize {
		c.fail(reason.TooLarge, "has a pattern that grows too large")
		return
	}
	if s.pattern, err = regexp.Compile(text); err != nil {
		c.fail(reason.FormatUnsupported, "has a pattern that is not in the syntax of RE2")
	}
	s.patternSize = len(program.Inst)
}

func (c *compiler) bound(s *schema, into **bound, v any, exclusive bool) {
	b := &bound{exclusive: exclusive}
	switch v := v.(type) {
	case json.Number:
		if b.number = rational(v); b.number == nil {
			c.fail(reason.TooLarge, "has a bound with more digits than any number here")
		}
	case string:
		var ok bool
		if b.date, ok = date(s.dates, v, true); !ok {
			c.fail(reason.Malformed, "has a bound that is neither a number nor a date of its format")
		}
	default:
		c.fail(reason.Malformed, "has a bound that is neither a number nor a date")
	}
	if *into != nil {
		c.fail(reason.Malformed, "has two bounds on one side")
	}
	*into = b
}

// reference reads a $ref within the filter. Nothing is ever fetched.
func (c *compiler) reference(v any) *schema {
	text, _ := v.(string)
	if s, ok := c.named[text]; ok {
		return s
	}
	for _, place := range []string{"definitions", "$defs"} {
		name, ok := strings.CutPrefix(text, "#/"+place+"/")
		if !ok || strings.ContainsAny(name, "/~%") {
			continue
		}
		defined, _ := c.root[place].(map[string]any)
		content, ok := defined[name]
		if !ok {
			c.fail(reason.Malformed, "refers to a definition that is not there")
			return nil
		}
		s := new(schema)
		c.named[text] = s
		c.read(s, content)
		return s
	}
	c.fail(reason.FormatUnsupported, "refers to something that is not among its own definitions")
	return nil
}

// numberLength bounds the digits of a number that is compared.
const numberLength = 64

// rational is a number exactly; nil if it is too long to be worth it. An exponent
// of many digits would make a number that fills the memory.
func rational(n json.Number) *big.Rat {
	if len(n) > numberLength {
		return nil
	}
	if at := strings.IndexAny(string(n), "eE"); at >= 0 && len(n)-at > 4 {
		return nil
	}
	r, ok := new(big.Rat).SetString(string(n))
	if !ok {
		return nil
	}
	return r
}

// date reads a date of a format. Bounds in the specification's examples have months
// and days of one digit; what a credential says has not.
func date(format, text string, bound bool) (time.Time, bool) {
	layout := time.DateOnly
	switch {
	case format == "date-time":
		layout = time.RFC3339
	case format != "date":
		return time.Time{}, false
	case bound:
		layout = "2006-1-2"
	}
	t, err := time.Parse(layout, text)
	if err != nil && bound && format == "date-time" {
		t, err = time.Parse("2006-1-2", text)
	}
	return t, err == nil && len(text) <= limits.JSONDepth*2
}
