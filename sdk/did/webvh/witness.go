package webvh

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// witnessList is who witnesses, and how many of them must (§The witness
// Parameter). The zero value is nobody.
type witnessList struct {
	threshold int
	ids       []string // Multikeys of their did:key
}

// readWitnessList: "threshold MUST be between 1 and the number of items in the
// witnesses array, inclusive"; each id "MUST be a did:key DID, and MUST be unique
// within the array".
func readWitnessList(v any) (*witnessList, error) {
	if v == nil {
		return &witnessList{}, nil
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil, malformed("parameter witness is no object")
	}
	if len(m) == 0 {
		return &witnessList{}, nil
	}
	list, _ := m["witnesses"].([]any)
	n, _ := m["threshold"].(json.Number)
	threshold, err := strconv.Atoi(string(n))
	if len(m) != 2 || err != nil || threshold < 1 || threshold > len(list) || len(list) > limits.WebVHKeys {
		return nil, malformed("parameter witness is no threshold and as many witnesses")
	}
	out := &witnessList{threshold: threshold}
	for _, v := range list {
		w, _ := v.(map[string]any)
		id, _ := w["id"].(string)
		multikey, ok := strings.CutPrefix(id, "did:key:")
		if !ok || len(w) != 1 || !isEd25519(multikey) || slices.Contains(out.ids, multikey) {
			return nil, malformed("a witness is no did:key with Ed25519, or named twice")
		}
		out.ids = append(out.ids, multikey)
	}
	return out, nil
}

// approvals gives for each witness the place of the latest entry it approved. "A
// valid proof from a witness carries the implication that ALL prior DID Log entries
// are also approved by that witness."
func (v *verifier) approvals(file []byte) (map[string]int, error) {
	if file == nil {
		return nil, lacking()
	}
	if len(file) > limits.WebVHLog {
		return nil, tooLarge(fmt.Sprintf("%d bytes of witness proofs, at most %d", len(file), limits.WebVHLog))
	}
	root, err := strictjson.Decode(file)
	if err != nil {
		return nil, err
	}
	list, ok := root.([]any)
	if !ok {
		return nil, malformed("the witness proofs are no array")
	}
	published := map[string]int{}
	for n, version := range v.log.versions {
		published[version.ID] = n
	}
	listed := map[string]bool{}
	for _, w := range v.approvers {
		for _, id := range w.ids {
			listed[id] = true
		}
	}
	approved, left := map[string]int{}, limits.WebVHProofs
	for _, item := range list {
		m, _ := item.(map[string]any)
		id, ok := m["versionId"].(string)
		if !ok {
			return nil, malformed("witness proofs without a versionId")
		}
		at, ok := published[id]
		if !ok {
			continue // "Resolvers MUST ignore proofs with versionIds not in the DID Log file."
		}
		proofs, _ := m["proof"].([]any)
		if left -= len(proofs); left < 0 {
			return nil, tooLarge("too many witness proofs")
		}
		for _, one := range proofs {
			approve(approved, listed, one, id, at)
		}
	}
	return approved, nil
}

// approve takes one proof, if it is good: "a resolver MAY ignore any proofs that
// fail verification". Of each witness the latest alone is of interest, and of who is
// none nothing.
func approve(approved map[string]int, listed map[string]bool, one any, versionID string, at int) {
	m, _ := one.(map[string]any)
	p, err := readProof(m)
	if err != nil || !listed[p.multikey] {
		return
	}
	if best, known := approved[p.multikey]; known && best >= at {
		return
	}
	if p.verifies(map[string]any{"versionId": versionID}) {
		approved[p.multikey] = at
	}
}

func lacking() error {
	return &reason.Error{Code: reason.SignatureInvalid, Doing: doing, Err: ErrWitnesses}
}
