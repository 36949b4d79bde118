package verify_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/trust"
	"github.com/dzong-id/dzong/sdk/verify"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

// withTrust is the desk's knowledge under a trust list with its first entry
// changed.
func (d *desk) withTrust(t *testing.T, name string, value any) *verify.Snapshot {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal(d.TrustJSON(), &doc); err != nil {
		t.Fatal(err)
	}
	doc["issuers"].([]any)[0].(map[string]any)[name] = value
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	s := d.Snapshot()
	if s.Trust, err = trust.Parse(data); err != nil {
		t.Fatal(err)
	}
	return s
}

// A clock that lags must not turn anybody away: what it says about an issuer's
// dates is as little worth as what it says about the holder's.
func TestAnIssuerOfTomorrowUnderALaggingClock(t *testing.T) {
	d := newDesk(t)
	s := d.withTrust(t, "valid_from", d.Now().Add(time.Hour).Format(time.RFC3339))
	for level, want := range map[credential.ClockLevel]struct {
		outcome reason.Outcome
		code    reason.Code
	}{
		credential.ClockProven:    {reason.Rejected, reason.IssuerNotValid},
		credential.ClockPlausible: {reason.Indeterminate, reason.ClockUntrusted},
		credential.ClockUntrusted: {reason.Indeterminate, reason.ClockUntrusted},
	} {
		in := d.input(d.present())
		in.Clock = level
		r, err := verifierOn(t, s, verify.NewMemoryReplay()).Verify(context.Background(), in)
		check(t, r, err, want.outcome, want.code)
	}
}

// An age by a clock that is wrong is no age.
func TestAnAgeByAnUntrustedClock(t *testing.T) {
	d := newDesk(t)
	d.Advance(time.Hour)
	in := d.input(d.present())
	in.Policy = policy(t, `{"credentials":[{"id":"a","max_age_s":60}]}`)
	r, err := d.verifier.Verify(context.Background(), in)
	check(t, r, err, reason.Rejected, reason.TooOld)
	in.Clock = credential.ClockUntrusted
	r, err = verifierOn(t, d, verify.NewMemoryReplay()).Verify(context.Background(), in)
	check(t, r, err, reason.Indeterminate, reason.ClockUntrusted)
}

// A rule of the policy that is broken rejects, also where something else could
// not be decided.
func TestAProofThatThePolicyWantsIsMissedWhateverElseIsUnknown(t *testing.T) {
	d := newDesk(t)
	s := *d.Snapshot()
	s.Status = nil
	in := d.input(d.wallet.Present(d.held))
	in.Binding = credential.BearerUnsafe()
	in.Policy = policy(t, `{"holder":{"proof_required":true}}`)
	r, err := verifierOn(t, &s, d.store).Verify(context.Background(), in)
	check(t, r, err, reason.Rejected, reason.StatusUnavailable, reason.HolderBindingMissing)
}

// Each entry needs a credential and each credential an entry; which answers which
// must not hang on the order in which a wallet hands them over.
func TestEntriesAreSharedOutWhateverTheOrder(t *testing.T) {
	d := newDesk(t)
	office := d.AddIssuer("https://office.example", "https://office.example/card")
	card := office.Issue(d.wallet, map[string]any{"desk": "4"})
	const registry, any = `{"id":"registry","issuers":["https://registry.example"]}`, `{"id":"any"}`
	n := 0
	for _, entries := range []string{any + "," + registry, registry + "," + any} {
		for _, swapped := range []bool{false, true} {
			n++
			nonce := verifytest.Nonce(string(rune('a' + n)))
			pieces := [][]byte{d.present(nonce), d.wallet.Present(card, verifytest.To(audience), nonce)}
			want := []string{"registry", "any"}
			if swapped {
				pieces[0], pieces[1], want = pieces[1], pieces[0], []string{"any", "registry"}
			}
			in := d.input(pieces...)
			in.Policy = policy(t, `{"credentials":[`+entries+`]}`)
			r, err := d.verifier.Verify(context.Background(), in)
			check(t, r, err, reason.Accepted)
			for i, c := range r.Credentials() {
				if c.Query != want[i] {
					t.Errorf("entries %s, swapped %v: credential %d answers %q, want %q", entries, swapped, i+1, c.Query, want[i])
				}
			}
		}
	}
	// One too few is still one too few, and two of a kind may answer one entry.
	in := d.input(d.present(verifytest.Nonce("y")))
	in.Policy = policy(t, `{"credentials":[`+any+`,`+registry+`]}`)
	r, err := d.verifier.Verify(context.Background(), in)
	check(t, r, err, reason.Rejected, reason.QueryNotSatisfied)
	in = d.input(d.present(verifytest.Nonce("z")), d.wallet.Present(card, verifytest.To(audience), verifytest.Nonce("z")))
	in.Policy = policy(t, `{"credentials":[`+any+`]}`)
	r, err = d.verifier.Verify(context.Background(), in)
	check(t, r, err, reason.Accepted)
}

// What was presented for one entry is not held to the age of another.
func TestTheAgeOfTheEntryItWasPresentedFor(t *testing.T) {
	d := newDesk(t)
	office := d.AddIssuer("https://office.example", "https://office.example/card")
	d.Advance(time.Hour)
	in := d.input(d.present(), d.wallet.Present(office.Issue(d.wallet, map[string]any{}), verifytest.To(audience)))
	in.Presented[0].Query, in.Presented[1].Query = "old", "new"
	in.Policy = policy(t, `{"credentials":[{"id":"old"},{"id":"new","max_age_s":60}]}`)
	r, err := d.verifier.Verify(context.Background(), in)
	check(t, r, err, reason.Accepted)
	in.Presented[0].Query, in.Presented[1].Query = "new", "old"
	r, err = verifierOn(t, d, verify.NewMemoryReplay()).Verify(context.Background(), in)
	check(t, r, err, reason.Rejected, reason.TooOld)
}

// A window wider than a replay mark is remembered would let a proof in twice.
func TestAWindowWiderThanTheReplayMarksIsMisuse(t *testing.T) {
	d := newDesk(t)
	in := d.input(d.present())
	in.Binding = credential.Fresh(audience, credential.MaxWindow)
	r, err := d.verifier.Verify(context.Background(), in)
	check(t, r, err, reason.Accepted)
	in.Binding = credential.Fresh(audience, credential.MaxWindow+1)
	if r, err := d.verifier.Verify(context.Background(), in); err == nil || r.Accepted() {
		t.Errorf("a wider window: %s, %v", r.Outcome(), err)
	}
}

// The mark of the earliest decision on a proof outlives the last moment at which
// the proof is fresh.
func TestAMarkOutlivesItsProof(t *testing.T) {
	d := newDesk(t)
	d.registry.StatusLives(0, 30*24*time.Hour)
	s, first := d.Snapshot(), d.Now()
	d.Advance(credential.MaxWindow)
	in := d.input(d.present())
	in.Binding, in.At = credential.Fresh(audience, credential.MaxWindow), first
	v := verifierOn(t, s, d.store)
	r, err := v.Verify(context.Background(), in)
	check(t, r, err, reason.Accepted)
	in.At = first.Add(2 * credential.MaxWindow)
	for i := range 2048 { // enough that the store forgets what it may
		if _, err := d.store.PutIfAbsent(context.Background(), [32]byte{byte(i), byte(i >> 8), 1}, in.At.Add(2*credential.MaxWindow)); err != nil {
			t.Fatal(err)
		}
	}
	r, err = v.Verify(context.Background(), in)
	check(t, r, err, reason.Rejected, reason.Replayed)
}

// What a bank does with a result changes no trust list.
func TestAResultHoldsNothingThatIsShared(t *testing.T) {
	d := newDesk(t)
	s := d.Snapshot()
	r, err := verifierOn(t, s, d.store).Verify(context.Background(), d.input(d.present()))
	check(t, r, err, reason.Accepted)
	r.Credentials()[0].IssuerNames["en"] = "changed"
	if i, _ := s.Trust.Issuer(d.registry.ID()); i.Names["en"] == "changed" {
		t.Error("the trust list's names were changed through a result")
	}
}

// A list stands for the URI it is signed for, whoever put it under another.
func TestAListUnderAnotherName(t *testing.T) {
	d := newDesk(t)
	s := d.Snapshot()
	other := d.AddIssuer("https://office.example", "https://office.example/card")
	s.Status[d.registry.StatusURI()] = d.Snapshot().Status[other.StatusURI()]
	s.Status[d.registry.StatusURI()].Signers[0] = d.registry.ID()
	r, err := verifierOn(t, s, d.store).Verify(context.Background(), d.input(d.present()))
	check(t, r, err, reason.Indeterminate, reason.StatusListInvalid)
}
