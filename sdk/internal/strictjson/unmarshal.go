package strictjson

import (
	"bytes"
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/dzong-id/dzong/sdk/reason"
)

// Unmarshal reads one of our own documents (a policy, a trust list, a case) into
// the struct that into points to: strict as Decode, unknown names and nulls
// refused (encoding/json takes null for every type, as if nothing were said), and
// names matched exactly, where encoding/json would take "Number" for "number"
// and so let one document say a thing twice.
func Unmarshal(data []byte, into any) error {
	v, err := Decode(data)
	if err != nil {
		return err
	}
	if hasNull(v, reflect.TypeOf(into)) {
		return malformed("null, which says nothing; leave the member out", -1)
	}
	if !exact(v, reflect.TypeOf(into)) {
		return malformed("a member name this document does not have (names are matched exactly, case included)", -1)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return &reason.Error{Code: reason.Malformed, Doing: "read JSON: a value does not fit its member", Err: withoutValue(err)}
	}
	return nil
}

// hasNull looks for a null where t has a say. Types that read themselves answer for
// themselves: what is in a json.RawMessage is somebody else's document.
func hasNull(v any, t reflect.Type) bool {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch v := v.(type) {
	case nil:
		return true
	case map[string]any:
		if readsItself(t) {
			return false
		}
		fields := map[string]reflect.Type{}
		if t != nil && t.Kind() == reflect.Struct {
			names(t, fields)
		}
		for name, member := range v {
			ft := fields[name]
			if t != nil && t.Kind() == reflect.Map {
				ft = t.Elem()
			}
			if hasNull(member, ft) {
				return true
			}
		}
	case []any:
		if readsItself(t) {
			return false
		}
		var et reflect.Type
		if t != nil && (t.Kind() == reflect.Slice || t.Kind() == reflect.Array) {
			et = t.Elem()
		}
		return slices.ContainsFunc(v, func(element any) bool { return hasNull(element, et) })
	}
	return false
}

func readsItself(t reflect.Type) bool {
	return t != nil && reflect.PointerTo(t).Implements(jsonUnmarshaler)
}

// withoutValue keeps the errors of encoding/json that name a place and a type,
// and drops those that may quote the input.
func withoutValue(err error) error {
	if e, ok := err.(*json.UnmarshalTypeError); ok {
		// Value is a kind ("string", "number"), or "number 123" with the digits.
		kind, _, _ := strings.Cut(e.Value, " ")
		return &json.UnmarshalTypeError{Value: kind, Type: e.Type, Offset: e.Offset, Struct: e.Struct, Field: e.Field}
	}
	return nil
}

var (
	jsonUnmarshaler = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// exact reports whether every member name in v is exactly one that t has.
// Types that read themselves answer for themselves.
func exact(v any, t reflect.Type) bool {
	if t == nil {
		return true
	}
	for t.Kind() == reflect.Pointer {
		if t.Implements(jsonUnmarshaler) {
			return true
		}
		t = t.Elem()
	}
	if p := reflect.PointerTo(t); p.Implements(jsonUnmarshaler) || p.Implements(textUnmarshaler) {
		return true
	}
	switch v := v.(type) {
	case map[string]any:
		switch t.Kind() {
		case reflect.Struct:
			fields := map[string]reflect.Type{}
			names(t, fields)
			for name, member := range v {
				ft, ok := fields[name]
				if !ok || !exact(member, ft) {
					return false
				}
			}
		case reflect.Map:
			for _, member := range v {
				if !exact(member, t.Elem()) {
					return false
				}
			}
		}
	case []any:
		if t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
			for _, element := range v {
				if !exact(element, t.Elem()) {
					return false
				}
			}
		}
	}
	return true
}

// names collects the member names of struct t as encoding/json sees them.
func names(t reflect.Type, into map[string]reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		name, _, _ := strings.Cut(tag, ",")
		switch {
		case tag == "-":
		case f.Anonymous && name == "":
			ft := f.Type
			if ft.Kind() == reflect.Pointer {
				ft = ft.Elem()
			}
			if ft.Kind() == reflect.Struct {
				names(ft, into)
			}
		case !f.IsExported():
		case name == "":
			into[f.Name] = f.Type
		default:
			into[name] = f.Type
		}
	}
}
