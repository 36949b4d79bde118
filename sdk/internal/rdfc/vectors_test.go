package rdfc

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	material "github.com/dzong-id/dzong/sdk/internal/vectors"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/google/go-cmp/cmp"
)

// TestConformanceRDFCanon runs W3C's suite for RDFC-1.0: every canonical form
// byte by byte, and the poison graphs within the limit for credentials.
func TestConformanceRDFCanon(t *testing.T) {
	dir := filepath.Join(material.Folder(t, "rdf-canon"), "tests")
	f, err := os.Open(filepath.Join(dir, "manifest.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) < 60 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows[1:] {
		name, hash, kind := row[0], row[5], row[6]
		t.Run(name+" "+row[1], func(t *testing.T) {
			label := Label
			switch hash {
			case "", "SHA256":
			case "SHA384":
				label = Label384
			default:
				t.Fatalf("a hash this test does not know: %s", hash)
			}
			quads := parse(t, read(t, filepath.Join(dir, "rdfc10", name+"-in.nq")))
			start := time.Now()
			labelled, err := label(quads, limits.CanonicalSteps)
			got := strings.Join(Lines(labelled), "")
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("took %v", took)
			}
			if kind == "RDFC10NegativeEvalTest" {
				if !errors.Is(err, ErrWork) {
					t.Fatalf("a poison graph gives %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			want := read(t, filepath.Join(dir, "rdfc10", name+"-rdfc10.nq"))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// parse reads N-Quads, for tests alone.
func parse(t *testing.T, text string) (quads []Quad) {
	t.Helper()
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		var terms []Term
		for line != "" && line[0] != '.' {
			var term Term
			term, line = parseTerm(t, line)
			terms = append(terms, term)
			line = strings.TrimLeft(line, " \t")
		}
		q := Quad{Subject: terms[0], Predicate: terms[1], Object: terms[2]}
		if len(terms) == 4 {
			q.Graph = terms[3]
		}
		quads = append(quads, q)
	}
	return quads
}

func parseTerm(t *testing.T, s string) (Term, string) {
	t.Helper()
	switch {
	case s[0] == '<':
		end := strings.IndexByte(s, '>')
		return Term{Kind: IRI, Value: unescape(t, s[1:end])}, s[end+1:]
	case strings.HasPrefix(s, "_:"):
		end := strings.IndexAny(s, " \t<")
		return Term{Kind: Blank, Value: s[2:end]}, s[end:]
	}
	end := 1
	for s[end] != '"' {
		if s[end] == '\\' {
			end++
		}
		end++
	}
	term := Term{Kind: Literal, Value: unescape(t, s[1:end])}
	s = s[end+1:]
	switch {
	case strings.HasPrefix(s, "^^"):
		datatype, rest := parseTerm(t, s[2:])
		term.Datatype = datatype.Value
		return term, rest
	case strings.HasPrefix(s, "@"):
		end := strings.IndexAny(s, " \t.")
		term.Language = s[1:end]
		return term, s[end:]
	}
	return term, s
}

func unescape(t *testing.T, s string) string {
	t.Helper()
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		i++
		if n, ok := map[byte]int{'u': 4, 'U': 8}[s[i]]; ok {
			r, err := strconv.ParseUint(s[i+1:i+1+n], 16, 32)
			if err != nil {
				t.Fatal(err)
			}
			b.WriteRune(rune(r))
			i += n
			continue
		}
		at := strings.IndexByte(`tbnrf"'\`, s[i])
		b.WriteByte("\t\b\n\r\f\"'\\"[at])
	}
	return b.String()
}

// TestPoisonGraphsEnd: cliques of blank nodes of any size, which take factorial
// time without a limit, are refused and quickly so.
func TestPoisonGraphsEnd(t *testing.T) {
	for _, n := range []int{8, 12, 60} {
		quads := clique(n)
		start := time.Now()
		_, err := Canonicalize(quads, limits.CanonicalSteps)
		if !errors.Is(err, ErrWork) {
			t.Errorf("%d nodes: %v", n, err)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%d nodes took %v", n, took)
		}
	}
	if _, err := Canonicalize(clique(3), limits.CanonicalSteps); err != nil {
		t.Errorf("three nodes: %v", err)
	}
}

func clique(n int) (quads []Quad) {
	for i := range n {
		for j := range n {
			if i != j {
				quads = append(quads, Quad{Term{Kind: Blank, Value: fmt.Sprint("n", i)}, Term{Kind: IRI, Value: "urn:p"}, Term{Kind: Blank, Value: fmt.Sprint("n", j)}, Term{}})
			}
		}
	}
	return quads
}

// FuzzCanonicalize: no graph of blank nodes panics or hangs, and the names they
// had do not show: the same graph under other names has the same form.
func FuzzCanonicalize(f *testing.F) {
	f.Add([]byte{0, 1, 1, 0}, "text")
	f.Add([]byte{0, 1, 1, 2, 2, 0, 3, 3}, "\x00\"\\\n")
	f.Fuzz(func(t *testing.T, edges []byte, text string) {
		if len(edges) > 24 || !utf8.ValidString(text) {
			return
		}
		graph := func(name func(byte) string) (quads []Quad) {
			for i := 0; i+1 < len(edges); i += 2 {
				quads = append(quads,
					Quad{Term{Kind: Blank, Value: name(edges[i] % 8)}, Term{Kind: IRI, Value: fmt.Sprint("urn:p", edges[i]/128)}, Term{Kind: Blank, Value: name(edges[i+1] % 8)}, Term{}},
					Quad{Term{Kind: Blank, Value: name(edges[i+1] % 8)}, Term{Kind: IRI, Value: "urn:q"}, Term{Kind: Literal, Value: text, Datatype: xsdString}, Term{}})
			}
			return quads
		}
		one, errOne := Canonicalize(graph(func(b byte) string { return fmt.Sprint("x", b) }), limits.CanonicalSteps)
		two, errTwo := Canonicalize(graph(func(b byte) string { return fmt.Sprint("y", 9-b) }), limits.CanonicalSteps)
		if errOne != nil || errTwo != nil {
			return
		}
		if string(one) != string(two) {
			t.Fatalf("the names show:\n%s\n%s", one, two)
		}
	})
}
