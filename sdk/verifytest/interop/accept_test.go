package interop

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verifytest/interop/nodejs"
	"github.com/google/go-cmp/cmp"
)

// presentations is how many random presentations a run makes.
const presentations = 200

func seeded(t *testing.T) *rand.Rand { return nodejs.Random(t) }

// TestWhatAnotherLibraryMakes: credentials and presentations of the peer's are
// accepted, and the claims are those the peer's verifier gives and those the
// holder meant to show. After each of a list of single changes they are refused.
func TestWhatAnotherLibraryMakes(t *testing.T) {
	w := newWorld(t, seeded(t))
	changed, mended, lenient := 0, 0, newLeniencies()
	for n := range presentations {
		h := w.issue(n)
		p := w.present(h, w.binding(n))
		t.Run(fmt.Sprintf("%d %s %s holder %s", n, h.alg, h.hash, h.holder.Alg), func(t *testing.T) {
			if len(p.wrong) > 0 {
				mended++
				p.mustRefuseWrong(t, w)
			}
			p.mustAgree(t, w)
			all := w.changes(p)
			changed += len(all)
			mustRefuse(t, w, all, lenient)
		})
	}
	// Every bit of two short ones, one with a proof and one without: random bits
	// seldom meet the last character.
	for n, b := range []credential.Binding{credential.BearerUnsafe(), w.binding(0)} {
		h := w.issue(19 * n) // ES256 for anybody; EdDSA for a holder of ES256
		h.claims.choose(w.r, 0, true)
		p := w.present(h, b)
		t.Run("every bit "+h.alg, func(t *testing.T) {
			all := p.everyBit()
			changed += len(all)
			mustRefuse(t, w, all, lenient)
		})
	}
	lenient.mustMatch(t)
	t.Logf("%d presentations accepted with equal claims (%d with a proof made anew), %d single changes refused",
		presentations, mended, changed)
}

// floats is v with numbers as what they are and not as they are written.
func floats(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := map[string]any{}
		for name, member := range v {
			m[name] = floats(member)
		}
		return m
	case []any:
		a := make([]any, len(v))
		for i, element := range v {
			a[i] = floats(element)
		}
		return a
	case json.Number:
		if f, err := v.Float64(); err == nil {
			return f
		}
	}
	return v
}

// mustRefuseWrong: what the peer's wallet makes where it loses disclosures between
// the hash and the result. The peer's verifier refuses it too.
func (p *presentation) mustRefuseWrong(t *testing.T, w *world) {
	t.Helper()
	wrong := p.attempt
	wrong.token = p.wrong
	if ours := wrong.ours(t); ours.outcome != reason.Rejected || !slices.Contains(ours.reasons, reason.HolderBindingMismatch) {
		t.Errorf("a proof over other disclosures: %s %v, want %s\n%s", ours.outcome, ours.reasons, reason.HolderBindingMismatch, p.wrong)
	}
	if w.judge([]attempt{wrong})[0].Accepted {
		t.Errorf("the peer accepts a proof over other disclosures\n%s", p.wrong)
	}
}

func (p *presentation) mustAgree(t *testing.T, w *world) {
	t.Helper()
	theirs := w.judge([]attempt{p.attempt})[0]
	ours := p.ours(t)
	if !theirs.Accepted {
		t.Fatalf("the peer refuses what it made: %s\n%s", theirs.Error, p.token)
	}
	if !ours.accepted() {
		t.Fatalf("%s %v\n%s", ours.outcome, ours.reasons, p.token)
	}
	if diff := cmp.Diff(any(p.expected), floats(ours.claims)); diff != "" {
		t.Errorf("not the claims that were to be shown (-want +got):\n%s\n%s", diff, p.token)
	}
	if diff := cmp.Diff(theirs.Claims, ours.claims); diff != "" {
		t.Errorf("not the claims that the peer finds (-peer +ours):\n%s\n%s", diff, p.token)
	}
}
