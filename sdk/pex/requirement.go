package pex

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/limits"
)

// requirement is a submission requirement (§6 of 1.0, the feature of 2.0).
type requirement struct {
	all             bool
	count, min, max int // -1: not stated
	from            []int
	nested          []requirement
}

// readRequirements reads submission_requirements. "All inputs listed in the
// input_descriptors array are required for submission, unless otherwise specified by
// a Feature": of one without a group, none specifies anything.
func (d *Definition) readRequirements(o *strictjson.Object) {
	d.requirements = d.requirementList(o, "submission_requirements", false)
	for i := range d.descriptors {
		if d.requirements != nil && d.descriptors[i].groups == nil {
			d.ungrouped = append(d.ungrouped, i)
		}
	}
}

func (d *Definition) requirementList(o *strictjson.Object, name string, required bool) []requirement {
	var out []requirement
	for i, v := range o.List(name, required, limits.Queries) {
		out = append(out, d.readRequirement(o.Sub(v, o.At(name, i))))
	}
	return out
}

func (d *Definition) readRequirement(o *strictjson.Object) requirement {
	r := requirement{
		all:   oneOf(o, "rule", "all", "pick") == "all",
		count: whole(o, "count", 1), min: whole(o, "min", 0), max: whole(o, "max", 1),
	}
	if !o.Has("rule") {
		o.Fail(o.Member("rule"), "is missing")
	}
	if r.min >= 0 && r.max >= 0 && r.max < r.min {
		o.Fail(o.Member("max"), "is less than min")
	}
	// "A submission requirement object MUST contain either a from or from_nested
	// property. [...] If both properties are present, the Verifier MUST produce an
	// error".
	if o.Has("from") == o.Has("from_nested") {
		o.Fail(o.Member("from"), "and from_nested: exactly one of them is needed")
		return r
	}
	if o.Has("from_nested") {
		r.nested = d.requirementList(o, "from_nested", true)
		return r
	}
	group := o.Text("from")
	for i := range d.descriptors {
		if slices.Contains(d.descriptors[i].groups, group) {
			r.from = append(r.from, i)
		}
	}
	if r.from == nil {
		o.Fail(o.Member("from"), "names a group of no input descriptor")
	}
	return r
}

// whole reads a whole number from least on, -1 if there is none. Nothing counts
// further than a definition can have descriptors, and a larger number is as
// unreachable as that.
func whole(o *strictjson.Object, name string, least int) int {
	v, ok := o.Take(name, false)
	if !ok {
		return -1
	}
	n, _ := v.(json.Number)
	i, err := strconv.ParseUint(string(n), 10, 31)
	if err != nil || int(i) < least {
		o.Fail(o.Member(name), "is no whole number of "+strconv.Itoa(least)+" or more")
	}
	return int(i)
}

// met reports whether the requirement is met by the descriptors that are answered,
// and gives those that lack where it is not. exact says that no more were submitted
// than was meant.
func (r *requirement) met(answered []bool, exact bool) (bool, []int) {
	done, of := 0, len(r.from)
	var lacking []int
	for _, i := range r.from {
		if answered[i] {
			done++
		} else {
			lacking = append(lacking, i)
		}
	}
	if r.nested != nil {
		of = len(r.nested)
		for i := range r.nested {
			ok, lacks := r.nested[i].met(answered, exact)
			if ok {
				done++
			} else {
				lacking = append(lacking, lacks...)
			}
		}
	}
	ok := true
	switch {
	case r.all:
		ok = done == of
	case r.count < 0 && r.min < 0 && r.max < 0:
		ok = done > 0
	}
	ok = ok && done >= r.count && done >= r.min
	if exact && !r.all {
		// Which of what was submitted is too much is not for the verifier to say.
		ok = ok && (r.count < 0 || done <= r.count) && (r.max < 0 || done <= r.max)
	}
	if ok {
		return true, nil
	}
	if lacking == nil {
		lacking = r.from
	}
	return false, lacking
}
