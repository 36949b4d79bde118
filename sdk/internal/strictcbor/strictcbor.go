package strictcbor

import (
	"fmt"

	"github.com/fxamacker/cbor/v2"

	"github.com/dzong-id/dzong/sdk/internal/cborjson"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

type (
	// RawMessage is one encoded data item, left as it is.
	RawMessage = cbor.RawMessage
	// Tag is a tag number and its decoded content.
	Tag = cbor.Tag
	// RawTag is a tag number and its content, left as it is.
	RawTag = cbor.RawTag
)

// Unmarshal reads the one data item in data into v, as encoding/json does: structs
// by field name or by the tags `cbor:"name"`, `cbor:"1,keyasint"` and
// `cbor:",toarray"`. Field names match with regard to case. Into an any, whole
// numbers become uint64 or int64 (*big.Int beyond), byte strings []byte, maps
// map[any]any, unknown tags [Tag].
//
// The library overlooks tags in front of what a typed destination takes, reads null
// as its zero value, and arrays of small numbers as []byte. Where that matters, as
// in everything that is signed, read with [Bytes], [Text], [Array], [Map], [Untag].
func Unmarshal(data []byte, v any) error {
	if err := cborjson.Check(data); err != nil {
		return err
	}
	if err := decoding.Unmarshal(data, v); err != nil {
		// The library's texts quote keys.
		return malformed("a data item is not of the type that belongs there")
	}
	return nil
}

// Marshal writes v in the core deterministic encoding (RFC 8949 §4.2.1): shortest
// numbers and lengths, map keys in the order of their bytes, nothing indefinite.
func Marshal(v any) ([]byte, error) {
	out, err := encoding.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write CBOR: %w", err)
	}
	return out, nil
}

// Value reads the one data item in data as what JSON can say; the rules are those
// of [cborjson.Value].
func Value(data []byte) (any, error) { return cborjson.Value(data) }

var (
	decoding = must(cbor.DecOptions{
		// What cborjson.Check has found stays true, whatever it overlooked.
		DupMapKey:         cbor.DupMapKeyEnforcedAPF,
		MaxNestedLevels:   limits.JSONDepth,
		MaxArrayElements:  limits.JSONValues,
		MaxMapPairs:       limits.JSONValues,
		UTF8:              cbor.UTF8RejectInvalid,
		FieldNameMatching: cbor.FieldNameMatchingCaseSensitive,
	}.DecMode())
	encoding = must(cbor.CoreDetEncOptions().EncMode())
)

// must is for options that are constants.
func must[M any](mode M, err error) M {
	if err != nil {
		panic("strictcbor: " + err.Error())
	}
	return mode
}

func malformed(what string) error {
	return &reason.Error{Code: reason.Malformed, Doing: "read CBOR: " + what}
}
