package verify_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verify"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

// One random change to a presentation that is accepted: nothing that comes of it
// may be accepted, because under a challenge every byte is covered by one
// signature or the other.
func TestNoMutantIsAccepted(t *testing.T) {
	d := newDesk(t)
	d.held = d.registry.Issue(d.wallet, map[string]any{"full_name": "Pema Example", "village": "Example", "address": map[string]any{"a": []any{1, true, nil}}})
	original := d.present(verifytest.Nonce("n"))
	snapshot := d.Snapshot()
	n := 20_000
	if testing.Short() {
		n = 2_000
	}
	random := rand.New(rand.NewPCG(1, 2))
	mutators := []func([]byte) []byte{
		func(p []byte) []byte { p[random.IntN(len(p))] ^= 1 << random.IntN(8); return p },
		func(p []byte) []byte { p[random.IntN(len(p))] = alphabet[random.IntN(len(alphabet))]; return p },
		func(p []byte) []byte { i := random.IntN(len(p)); return slices.Delete(p, i, i+1) },
		func(p []byte) []byte {
			return slices.Insert(p, random.IntN(len(p)+1), alphabet[random.IntN(len(alphabet))])
		},
		func(p []byte) []byte {
			i, j := random.IntN(len(p)), random.IntN(len(p))
			p[i], p[j] = p[j], p[i]
			return p
		},
		func(p []byte) []byte { return p[:random.IntN(len(p))] },
		func(p []byte) []byte { // a piece twice, dropped, or in another place
			pieces := bytes.SplitAfter(p, []byte("~"))
			i := random.IntN(len(pieces))
			piece := pieces[i]
			if random.IntN(2) == 0 {
				pieces = slices.Delete(pieces, i, i+1)
			}
			if random.IntN(2) == 0 {
				pieces = slices.Insert(pieces, random.IntN(len(pieces)+1), piece)
			}
			return bytes.Join(pieces, nil)
		},
	}
	tried := 0
	for i := range n {
		mutant := mutators[i%len(mutators)](bytes.Clone(original))
		if bytes.Equal(mutant, original) {
			continue
		}
		tried++
		e := d.verifier.Evaluate(snapshot, d.input(mutant))
		if e.Outcome() != reason.Rejected {
			t.Fatalf("mutant %d is %s:\n%s", i, e.Outcome(), mutant)
		}
		text, err := json.Marshal(e)
		if err != nil || bytes.Contains(text, []byte("Pema")) {
			t.Fatalf("mutant %d: the evaluation tells a claim, or nothing: %v", i, err)
		}
	}
	if tried < n*9/10 {
		t.Errorf("only %d of %d mutants differ from the original", tried, n)
	}
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~= \n"

// The same input under everything that surrounds it, changed one by one.
func TestNoOtherSurroundingsAccept(t *testing.T) {
	d := newDesk(t)
	in := d.input(d.present())
	other := verifytest.NewWorldNamed("another", d.Now())
	other.AddIssuer(d.registry.ID(), "https://registry.example/citizen")
	for name, s := range map[string]*verify.Snapshot{
		"nil":                              nil,
		"empty":                            {},
		"an issuer of that name elsewhere": other.Snapshot(),
	} {
		if e := d.verifier.Evaluate(s, in); e.Outcome() == reason.Accepted {
			t.Errorf("accepted with %s knowledge", name)
		}
	}
	if got := fmt.Sprint(d.verifier.Evaluate(other.Snapshot(), in).Reasons()); got != "[signature_invalid]" {
		t.Errorf("an issuer of the same name with other keys: %s", got)
	}
}
