package mutate

import (
	"bytes"
	"math/rand/v2"

	"github.com/dzong-id/dzong/sdk/verify"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

// mutant is a case with one thing changed.
type mutant struct {
	situation *cases.Situation
	know      *verify.Snapshot // nil: what the situation says
	what      string           // the change, without values
	refuse    bool             // nothing may be accepted, not even what the original says
}

// change makes one kind of mutant of a positive; false if there is nothing of the
// kind to change in it.
type change struct {
	name string
	make func(*rand.Rand, *positive) (mutant, bool)
}

// changes is every kind of change there is, inside a presentation and around it.
func changes() []change {
	all := []change{}
	for _, c := range inside() {
		all = append(all, change{c.name, c.make})
	}
	return append(all, around()...)
}

// inner is a change to one part of a presentation, whose kind it names.
type inner struct {
	name   string
	kind   kind
	refuse bool
	change func(*rand.Rand, []byte) (data []byte, what string, ok bool)
}

func inside() []inner {
	list := []inner{}
	list = append(list, byteChanges()...)
	list = append(list, textChanges()...)
	list = append(list, tokenChanges()...)
	list = append(list, disclosureChanges()...)
	list = append(list, presenterChanges()...)
	list = append(list, jsonChanges()...)
	list = append(list, linkedChanges()...)
	list = append(list, cborChanges()...)
	list = append(list, certificateChanges()...)
	return append(list, packedChanges()...)
}

// make changes one of the parts of the right kind, each of them as likely as the
// next.
func (c inner) make(r *rand.Rand, p *positive) (mutant, bool) {
	of := p.byKind[c.kind]
	if len(of) == 0 {
		return mutant{}, false
	}
	v := of[r.IntN(len(of))]
	data, what, ok := c.change(r, bytes.Clone(v.data))
	if !ok || bytes.Equal(data, v.data) {
		return mutant{}, false
	}
	s := *p.situation
	s.Presented = v.put(data)
	if bytes.Equal(s.Presented, p.situation.Presented) {
		return mutant{}, false
	}
	return mutant{situation: &s, what: what, refuse: c.refuse}, true
}

// pick is one of several, each as likely as the next.
func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }
