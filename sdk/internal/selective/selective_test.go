package selective

import (
	"testing"

	"github.com/dzong-id/dzong/sdk/internal/rdfc"
	"github.com/google/go-cmp/cmp"
)

func node(label string) rdfc.Term { return rdfc.Term{Kind: rdfc.Blank, Value: label} }

var (
	knows = rdfc.Term{Kind: rdfc.IRI, Value: "urn:knows"}
	graph = []rdfc.Quad{
		{Subject: node("c14n0"), Predicate: knows, Object: node("c14n1")},
		{Subject: node("c14n1"), Predicate: knows, Object: rdfc.Term{Kind: rdfc.Literal, Value: "_:c14n0"}, Graph: node("c14n2")},
	}
)

func TestRelabelSortsUnderTheNewLabels(t *testing.T) {
	got, ok := Relabel(graph, map[string]string{"c14n0": "z", "c14n1": "a", "c14n2": "c14n0"})
	want := []string{"_:a <urn:knows> \"_:c14n0\" _:c14n0 .\n", "_:z <urn:knows> _:a .\n"}
	if diff := cmp.Diff(want, got); diff != "" || !ok {
		t.Errorf("%v (-want +got):\n%s", ok, diff)
	}
	if graph[0].Subject.Value != "c14n0" {
		t.Error("the statements were changed")
	}
	if got, ok := Relabel(graph[:0], nil); !ok || len(got) != 0 {
		t.Error("no statements need no labels")
	}
}

func TestRelabelTakesEachNodeOnce(t *testing.T) {
	for name, labels := range map[string]map[string]string{
		"a node without a label":     {"c14n0": "a", "c14n1": "b"},
		"no labels":                  nil,
		"a label that nothing uses":  {"c14n0": "a", "c14n1": "b", "c14n2": "c", "c14n3": "d"},
		"two nodes under one label":  {"c14n0": "a", "c14n1": "a", "c14n2": "c"},
		"labels of other nodes":      {"c14n1": "a", "c14n2": "b", "c14n3": "c"},
		"a label taken by an unused": {"c14n0": "a", "c14n1": "b", "c14n2": "c", "c14n3": "c"},
	} {
		if got, ok := Relabel(graph, labels); ok || got != nil {
			t.Errorf("%s: taken, %q", name, got)
		}
	}
}

func TestSplit(t *testing.T) {
	lines := []string{"a", "b", "c", "d"}
	for _, c := range []struct {
		mandatory []int
		must, may []string
	}{
		{nil, []string{}, lines},
		{[]int{0, 3}, []string{"a", "d"}, []string{"b", "c"}},
		{[]int{0, 1, 2, 3}, lines, []string{}},
	} {
		must, may, ok := Split(lines, c.mandatory)
		if diff := cmp.Diff([][]string{c.must, c.may}, [][]string{must, may}); diff != "" || !ok {
			t.Errorf("%v: %v (-want +got):\n%s", c.mandatory, ok, diff)
		}
	}
	for name, mandatory := range map[string][]int{
		"beyond the end": {4}, "negative": {-1}, "falling": {1, 0}, "twice": {1, 1}, "one too many": {0, 1, 2, 3, 4},
	} {
		if _, _, ok := Split(lines, mandatory); ok {
			t.Errorf("%s: taken", name)
		}
	}
	if _, _, ok := Split(nil, []int{0}); ok {
		t.Error("an index into nothing: taken")
	}
}
