package selective

import (
	"crypto/sha256"
	"strings"

	"github.com/dzong-id/dzong/sdk/internal/rdfc"
)

// Relabel gives the N-Quads of canonically labelled statements, sorted, with each
// blank node under the label that labels gives for its canonical one (§3.4.1,
// labelReplacementCanonicalizeNQuads, with the function of §3.4.3). ok is false
// unless labels has every blank node, nothing else, and no label twice.
func Relabel(statements []rdfc.Quad, labels map[string]string) (lines []string, ok bool) {
	taken := make(map[string]bool, len(labels))
	for _, l := range labels {
		if taken[l] {
			return nil, false
		}
		taken[l] = true
	}
	ok = true
	met := make(map[string]bool, len(labels))
	quads := make([]rdfc.Quad, len(statements))
	for i, q := range statements {
		quads[i] = q.Relabel(func(canonical string) string {
			l, known := labels[canonical]
			ok = ok && known
			met[canonical] = true
			return l
		})
	}
	if !ok || len(met) != len(labels) {
		return nil, false
	}
	return rdfc.Lines(quads), true
}

// Split divides lines into those at the indexes in mandatory and the others, each
// in order (§3.5.9, createVerifyData, step 7). ok is false unless the indexes rise
// and lie within lines.
func Split(lines []string, mandatory []int) (must, may []string, ok bool) {
	must, may = make([]string, 0, len(mandatory)), make([]string, 0, max(0, len(lines)-len(mandatory)))
	for i, l := range lines {
		if len(mandatory) > 0 && mandatory[0] == i {
			mandatory = mandatory[1:]
			must = append(must, l)
			continue
		}
		may = append(may, l)
	}
	return must, may, len(mandatory) == 0
}

// Hash is the SHA-256 of lines one behind the other (§3.4.17,
// hashMandatoryNQuads).
func Hash(lines []string) [sha256.Size]byte {
	return sha256.Sum256([]byte(strings.Join(lines, "")))
}
