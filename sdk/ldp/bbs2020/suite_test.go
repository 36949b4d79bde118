package bbs2020

import (
	"bytes"
	"testing"

	"github.com/dzong-id/dzong/sdk/internal/rdfc"
)

// Cases of one cause, run through whole decisions, stand in verifytest/bbstest. Here
// is what a decision does not show.

func TestSuiteMakesTwoKinds(t *testing.T) {
	s := Suite()
	for _, c := range [][2]string{{"BbsBlsSignature2020", ""}, {"BbsBlsSignatureProof2020", ""}} {
		if !s.Makes(c[0], c[1]) {
			t.Errorf("%q is not made", c)
		}
	}
	for _, c := range [][2]string{{"BbsBlsSignature2020", "bbs-2023"}, {"DataIntegrityProof", "BbsBlsSignature2020"}, {"BbsTermwiseSignature2021", ""}, {"", ""}} {
		if s.Makes(c[0], c[1]) {
			t.Errorf("%q is made", c)
		}
	}
}

func TestDecodeTakesOneFormOfEachAlphabet(t *testing.T) {
	for text, want := range map[string][]byte{"": {}, "+/8=": {0xfb, 0xff}, "-_8": {0xfb, 0xff}, "AAAA": {0, 0, 0}, "AA==": {0}} {
		if got, err := decode(text); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%q: %x, %v", text, got, err)
		}
	}
	for name, text := range map[string]string{
		"both alphabets":          "+_8=",
		"standard, no padding":    "+/8",
		"URL and padding":         "-_8=",
		"bits left over":          "+/9=",
		"bits left over, URL":     "-_9",
		"a line break":            "AA\n==",
		"a line break behind":     "AA==\n",
		"a carriage return":       "AA\r==",
		"a space":                 "AA ==",
		"something behind":        "AA==A",
		"padding in the middle":   "AA==AAAA",
		"a letter of no alphabet": "A*==",
	} {
		if got, err := decode(text); err == nil {
			t.Errorf("%s: %x", name, got)
		}
	}
}

func TestIdentifiersThatStandForLabels(t *testing.T) {
	for id, want := range map[string]bool{
		"urn:bnid:_:c14n0": true, "urn:bnid:_:c14n12": true,
		"urn:bnid:_:c14n": false, "urn:bnid:_:c14nx": false, "urn:bnid:_:c14n1x": false, "urn:bnid:_:b0": false,
		"urn:bnid:_:01971f49-58dd-7773-938d-73087614f2c0": false, "urn:bnid:c14n0": false, "_:c14n0": false, "c14n0": false, "": false,
	} {
		if standsForLabel(id) != want {
			t.Errorf("%q: %v", id, !want)
		}
	}
	iri := func(s string) rdfc.Term { return rdfc.Term{Kind: rdfc.IRI, Value: s} }
	standing := iri("urn:bnid:_:c14n0")
	text := rdfc.Term{Kind: rdfc.Literal, Value: "<urn:bnid:_:c14n0>"}
	p := iri("urn:p")
	got, ok := labelled([]rdfc.Quad{{Subject: standing, Predicate: p, Object: text}, {Subject: iri("urn:s"), Predicate: p, Object: standing, Graph: standing}})
	lines := rdfc.Lines(got)
	if !ok || lines[1] != "_:c14n0 <urn:p> \"<urn:bnid:_:c14n0>\" .\n" || lines[0] != "<urn:s> <urn:p> _:c14n0 _:c14n0 .\n" {
		t.Errorf("%q, %v", lines, ok)
	}
	if standing.Kind != rdfc.IRI {
		t.Error("the statements were changed")
	}
	blank := rdfc.Term{Kind: rdfc.Blank, Value: "c14n0"}
	if _, ok := labelled([]rdfc.Quad{{Subject: standing, Predicate: p, Object: text}, {Subject: blank, Predicate: p, Object: text}}); ok {
		t.Error("two nodes have one label")
	}
	if _, ok := labelled([]rdfc.Quad{{Subject: blank, Predicate: p, Object: text}}); !ok {
		t.Error("nodes without identifiers alone are refused")
	}
}

func TestOptionsLead(t *testing.T) {
	for _, c := range []struct {
		revealed []int
		n        int
		want     bool
	}{
		{[]int{0, 1, 2, 3}, 4, true}, {[]int{0, 1, 2, 3, 9}, 4, true},
		{[]int{0, 1, 2, 4}, 4, false}, {[]int{1, 2, 3, 4}, 4, false}, {[]int{0, 1, 2}, 4, false}, {nil, 4, false}, {[]int{0}, 0, false},
	} {
		if leads(c.revealed, c.n) != c.want {
			t.Errorf("%v: %v", c.revealed, !c.want)
		}
	}
}
