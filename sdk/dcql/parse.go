package dcql

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// Parse reads a query of at most limits.Policy bytes. "Implementations MUST ignore
// any unknown properties" (§6): so does this. A known one of the wrong kind, and a
// null, is an error, a *reason.Error with malformed or too_large.
func Parse(data []byte) (*Query, error) { return parse(data, false) }

// ParseStrict is [Parse] for a query that one wrote oneself: a member that §6 and
// Appendix B do not know is an error, because a condition that is misspelled is a
// condition that is not applied.
func ParseStrict(data []byte) (*Query, error) { return parse(data, true) }

func parse(data []byte, strict bool) (*Query, error) {
	if len(data) > limits.Policy {
		return nil, &reason.Error{Code: reason.TooLarge,
			Doing: fmt.Sprintf("parse DCQL query: %d bytes, at most %d", len(data), limits.Policy)}
	}
	root, err := strictjson.DecodeObject(data)
	if err != nil {
		return nil, fmt.Errorf("parse DCQL query: %w", err)
	}
	o := strictjson.ReadObject(root, "parse DCQL query", strict)
	q := &Query{json: bytes.Clone(data)}
	for i, v := range o.List("credentials", true, limits.Queries) {
		c := readCredential(o.Sub(v, o.At("credentials", i)))
		if o.Err() == nil && q.index(c.id) >= 0 {
			o.Fail(o.At("credentials", i), "has the id of an earlier one")
		}
		q.credentials = append(q.credentials, c)
	}
	for i, v := range o.List("credential_sets", false, limits.Queries) {
		q.sets = append(q.sets, q.readSet(o.Sub(v, o.At("credential_sets", i))))
	}
	o.Done()
	if err := o.Err(); err != nil {
		return nil, err
	}
	return q, nil
}

func readCredential(o *strictjson.Object) credentialQuery {
	c := credentialQuery{
		id:       readID(o, true),
		format:   o.Text("format"),
		multiple: o.Flag("multiple", false),
		unbound:  !o.Flag("require_cryptographic_holder_binding", true),
	}
	if v, ok := o.Take("meta", true); ok {
		c.meta = readMeta(o.Sub(v, o.Member("meta")))
	}
	for i, v := range o.List("trusted_authorities", false, limits.Queries) {
		c.authorities = append(c.authorities, readAuthority(o.Sub(v, o.At("trusted_authorities", i))))
	}
	byID := map[string]int{}
	sets := o.Has("claim_sets")
	for i, v := range o.List("claims", false, limits.QueryClaims) {
		path := o.At("claims", i)
		k := readClaim(o.Sub(v, path), c.format == "mso_mdoc", sets)
		if _, twice := byID[k.id]; k.id != "" && twice {
			o.Fail(path, "has the id of an earlier one")
		}
		// "Verifiers MUST NOT point to the same claim more than once in a single
		// query."
		if slices.ContainsFunc(c.claims, func(other claim) bool { return other.text == k.text }) {
			o.Fail(path, "points to the claim of an earlier one")
		}
		byID[k.id] = i
		c.claims = append(c.claims, k)
	}
	// §6.4.1: "claim_sets MUST NOT be present if claims is absent."
	if sets && c.claims == nil {
		o.Fail(o.Member("claim_sets"), "is there without claims")
	}
	for i, v := range o.List("claim_sets", false, limits.QueryClaims) {
		c.claimSets = append(c.claimSets, references(o, v, o.At("claim_sets", i), limits.QueryClaims, func(id string) (int, bool) {
			n, ok := byID[id]
			return n, ok && id != ""
		}))
	}
	o.Done()
	return c
}

func readMeta(o *strictjson.Object) meta {
	m := meta{vcts: o.Texts("vct_values", false, limits.QueryValues)}
	if o.Has("doctype_value") {
		m.doctype = o.Text("doctype_value")
	}
	o.Known("doctype_value")
	for i, v := range o.List("type_values", false, limits.Queries) {
		m.typeSets = append(m.typeSets, o.AsTexts(v, o.At("type_values", i), limits.QueryValues))
	}
	o.Done()
	return m
}

func readAuthority(o *strictjson.Object) authority {
	a := authority{kind: o.Text("type"), values: o.Texts("values", true, limits.QueryValues)}
	if a.kind == "aki" {
		for i, v := range a.values {
			id, err := base64url.Decode(v)
			if err != nil || len(id) == 0 {
				o.Fail(o.At("values", i), "is no base64url")
			}
			a.aki = append(a.aki, id)
		}
	}
	o.Done()
	return a
}

func readClaim(o *strictjson.Object, mdoc, idNeeded bool) claim {
	k := claim{id: readID(o, idNeeded)}
	for i, v := range o.List("path", true, limits.JSONDepth) {
		switch v := v.(type) {
		case string, nil:
			k.path = append(k.path, v)
		case json.Number:
			// §7: "strings, nulls and non-negative integers". No array is longer
			// than the values that one document may have.
			n, err := strconv.ParseUint(string(v), 10, 31)
			if err != nil || !wholeNumber.MatchString(string(v)) {
				o.Fail(o.At("path", i), "is a number, but no index")
			}
			k.path = append(k.path, int(n))
		default:
			o.Fail(o.At("path", i), "is no string, null or index")
		}
	}
	if mdoc {
		// §7.2.1: "If the claims path pointer does not contain exactly two components
		// or one of the components is not a string then abort processing".
		strings := !slices.ContainsFunc(k.path, func(v any) bool { _, ok := v.(string); return !ok })
		if len(k.path) != 2 || !strings {
			o.Fail(o.Member("path"), "is not a namespace and a data element")
		}
		o.Flag("intent_to_retain", false)
	}
	for i, v := range o.List("values", false, limits.QueryValues) {
		switch v := v.(type) {
		case string, bool:
			k.values = append(k.values, v)
		case json.Number:
			n, ok := integer(v)
			if !ok || !wholeNumber.MatchString(string(v)) {
				o.Fail(o.At("values", i), "is a number, but no integer of at most 2^53-1")
			}
			k.values = append(k.values, n)
		default:
			o.Fail(o.At("values", i), "is no string, integer or boolean")
		}
	}
	text, err := json.Marshal(k.path)
	if err != nil {
		o.Fail(o.Member("path"), "cannot be written")
	}
	k.text = string(text)
	o.Done()
	return k
}

func (q *Query) readSet(o *strictjson.Object) credentialSet {
	s := credentialSet{optional: !o.Flag("required", true)}
	for i, v := range o.List("options", true, limits.Queries) {
		s.options = append(s.options, references(o, v, o.At("options", i), limits.Queries, func(id string) (int, bool) {
			n := q.index(id)
			return n, n >= 0
		}))
	}
	o.Done()
	return s
}

// idShape is §6.1's and §6.3's "non-empty string consisting of alphanumeric,
// underscore (_), or hyphen (-) characters".
var idShape = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// wholeNumber is a number written as an integer is (RFC 8259 §6).
var wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
