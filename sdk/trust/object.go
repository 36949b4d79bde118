package trust

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/dzong-id/dzong/sdk/internal/strictjson"
)

// object is the trust list's own way of reading an object: members that nobody
// asks for are refused, and a null is wrong everywhere.
type object struct{ *strictjson.Object }

func (o *object) sub(v any, path string) *object { return &object{o.Sub(v, path)} }

// text reads a string with something in it, empty if it need not be there and is
// not.
func (o *object) text(name string, required bool) string {
	if !required && !o.Has(name) {
		o.Known(name)
		return ""
	}
	return o.Text(name)
}

// most is the largest integer that every JSON reader understands alike
// (RFC 8259 §6).
const most = 1<<53 - 1

func (o *object) integer(name string) uint64 {
	v, ok := o.Take(name, true)
	if !ok {
		return 0
	}
	n, ok := v.(json.Number)
	u, err := strconv.ParseUint(string(n), 10, 64)
	if !ok || err != nil || u < 1 || u > most {
		o.Fail(o.Member(name), "is no whole number from 1 to 2^53-1")
	}
	return u
}

// time reads RFC 3339 as the schema states it: capital T and Z, seconds always
// there.
func (o *object) time(name string, required bool) time.Time {
	v, ok := o.Take(name, required)
	if !ok {
		return time.Time{}
	}
	s, _ := v.(string)
	t, ok := strictjson.Time(s)
	if !ok {
		o.Fail(o.Member(name), "is no RFC 3339 time such as 2026-01-31T00:00:00Z")
	}
	return t
}

func (o *object) list(name string, required bool) []any {
	v, ok := o.Take(name, required)
	if !ok {
		return nil
	}
	l, ok := v.([]any)
	if !ok {
		o.Fail(o.Member(name), "is no array")
	}
	return l
}

func (o *object) texts(name string) []string {
	return o.asTexts(o.list(name, false), o.Member(name))
}

func (o *object) asTexts(list []any, path string) []string {
	out := make([]string, 0, len(list))
	seen := make(map[string]bool, len(list))
	for n, v := range list {
		s := o.AsText(v, fmt.Sprintf("%s[%d]", path, n))
		if seen[s] {
			o.Fail(fmt.Sprintf("%s[%d]", path, n), "repeats an earlier entry")
		}
		seen[s] = true
		out = append(out, s)
	}
	return out
}
