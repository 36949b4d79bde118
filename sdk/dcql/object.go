package dcql

import (
	"fmt"
	"slices"

	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/reason"
)

// idLength bounds an id, which checks and events repeat.
const idLength = 128

func readID(o *strictjson.Object, required bool) string {
	v, ok := o.Take("id", required)
	if !ok {
		return ""
	}
	s, _ := v.(string)
	switch {
	case len(s) > idLength:
		o.FailAs(reason.TooLarge, o.Member("id"), fmt.Sprintf("has more than %d bytes", idLength))
	case !idShape.MatchString(s):
		o.Fail(o.Member("id"), "is no string of letters, digits, _ and -")
	}
	return s
}

// references reads an array of ids and looks each up.
func references(o *strictjson.Object, v any, path string, most int, find func(id string) (int, bool)) []int {
	var out []int
	for i, v := range o.AsList(v, path, most) {
		id, _ := v.(string)
		n, ok := find(id)
		switch {
		case !ok:
			o.Fail(fmt.Sprintf("%s[%d]", path, i), "is the id of nothing in this query")
		case slices.Contains(out, n):
			o.Fail(fmt.Sprintf("%s[%d]", path, i), "repeats an earlier one")
		}
		out = append(out, n)
	}
	return out
}
