package verify_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/sdjwt"
	"github.com/dzong-id/dzong/sdk/verify"
	"github.com/dzong-id/dzong/sdk/verifytest"
)

const audience = "https://bank.example"

// desk is a world with one issuer, one wallet and one credential in it.
type desk struct {
	*verifytest.World
	registry *verifytest.Issuer
	wallet   *verifytest.Wallet
	held     *verifytest.Held
	store    *verify.MemoryReplay
	verifier *verify.Verifier
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	w := verifytest.NewWorld()
	d := &desk{World: w, wallet: w.AddWallet(), store: verify.NewMemoryReplay()}
	d.registry = w.AddIssuer("https://registry.example", "https://registry.example/citizen")
	d.held = d.registry.Issue(d.wallet, map[string]any{"full_name": "Pema Example"})
	d.verifier = verifierOn(t, w, d.store)
	return d
}

func verifierOn(t testing.TB, k verify.Knowledge, store verify.ReplayStore) *verify.Verifier {
	t.Helper()
	v, err := verify.New(k, verify.Formats(sdjwt.Mechanism()), verify.Replay(store))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (d *desk) present(opts ...verifytest.PresentOption) []byte {
	return d.wallet.Present(d.held, append([]verifytest.PresentOption{verifytest.To(audience)}, opts...)...)
}

func (d *desk) input(presented ...[]byte) verify.Input {
	in := verify.Input{Binding: credential.Fresh(audience, time.Minute), At: d.Now()}
	for _, p := range presented {
		in.Presented = append(in.Presented, verify.Presented{Data: p})
	}
	return in
}

func check(t *testing.T, r verify.Result, err error, outcome reason.Outcome, codes ...reason.Code) {
	t.Helper()
	if err != nil {
		t.Fatalf("Verify: %v", err)
	}
	if codes == nil {
		codes = []reason.Code{}
	}
	if r.Outcome() != outcome || !slices.Equal(r.Reasons(), codes) {
		t.Errorf("got %s %v, want %s %v", r.Outcome(), r.Reasons(), outcome, codes)
	}
	if outcome != reason.Accepted && len(r.Credentials()) > 0 {
		t.Errorf("%s, and yet %d credentials came out", outcome, len(r.Credentials()))
	}
	if outcome == reason.Accepted && len(r.Credentials()) == 0 {
		t.Error("accepted without a credential")
	}
}

func TestZeroValuesRefuse(t *testing.T) {
	var r verify.Result
	if r.Accepted() || r.Outcome() != reason.Rejected || r.Credentials() != nil {
		t.Errorf("the zero Result is %s with %d credentials", r.Outcome(), len(r.Credentials()))
	}
	var e verify.Evaluation
	if res, err := e.Settle(context.Background(), verify.NewMemoryReplay()); err != nil || res.Accepted() {
		t.Errorf("the zero Evaluation settles to %s, %v", res.Outcome(), err)
	}
}

func TestNewNamesWhatIsMissing(t *testing.T) {
	formats := verify.Formats(sdjwt.Mechanism())
	replay := verify.Replay(verify.NewMemoryReplay())
	for want, make := range map[string]func() (*verify.Verifier, error){
		"knowledge": func() (*verify.Verifier, error) { return verify.New(nil, formats, replay) },
		"formats":   func() (*verify.Verifier, error) { return verify.New(&verify.Snapshot{}, replay) },
		"replay":    func() (*verify.Verifier, error) { return verify.New(&verify.Snapshot{}, formats) },
	} {
		if v, err := make(); v != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("New without %s: %v, %v", want, v, err)
		}
	}
}

func TestMisuseIsAnErrorAndRefuses(t *testing.T) {
	d := newDesk(t)
	good := d.input(d.present())
	for name, change := range map[string]func(*verify.Input){
		"no binding":        func(in *verify.Input) { in.Binding = credential.Binding{} },
		"empty nonce":       func(in *verify.Input) { in.Binding = credential.Bound("", audience) },
		"empty audience":    func(in *verify.Input) { in.Binding = credential.Fresh("", time.Minute) },
		"no window":         func(in *verify.Input) { in.Binding = credential.Fresh(audience, 0) },
		"no transcript":     func(in *verify.Input) { in.Binding = credential.Session(nil, nil) },
		"no time":           func(in *verify.Input) { in.At = time.Time{} },
		"nothing presented": func(in *verify.Input) { in.Presented = nil },
		"too many pieces":   func(in *verify.Input) { in.Presented = make([]verify.Presented, limits.Credentials+1) },
	} {
		t.Run(name, func(t *testing.T) {
			in := good
			change(&in)
			r, err := d.verifier.Verify(context.Background(), in)
			if !errors.Is(err, verify.ErrMisuse) || r.Accepted() {
				t.Errorf("got %s, %v; want ErrMisuse", r.Outcome(), err)
			}
			if e := d.verifier.Evaluate(d.Snapshot(), in); e.Outcome() != reason.Rejected {
				t.Errorf("Evaluate gives %s", e.Outcome())
			}
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r, err := d.verifier.Verify(ctx, good); !errors.Is(err, context.Canceled) || r.Accepted() {
		t.Errorf("after cancellation: %s, %v", r.Outcome(), err)
	}
}

func TestEvaluateIsPure(t *testing.T) {
	d := newDesk(t)
	in, s := d.input(d.present()), d.Snapshot()
	first, err := json.Marshal(d.verifier.Evaluate(s, in))
	if err != nil {
		t.Fatal(err)
	}
	d.Advance(time.Hour)
	d.registry.Revoke(d.held)
	again, err := json.Marshal(d.verifier.Evaluate(s, in))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(first), string(again)); diff != "" {
		t.Errorf("the same inputs gave another evaluation (-first +again):\n%s", diff)
	}
	if bytes.Contains(first, []byte("Pema")) {
		t.Error("an evaluation gave a claim")
	}
}

func TestAPresentationIsAcceptedOnce(t *testing.T) {
	d := newDesk(t)
	in := d.input(d.present())
	r, err := d.verifier.Verify(context.Background(), in)
	check(t, r, err, reason.Accepted)
	r, err = d.verifier.Verify(context.Background(), in)
	check(t, r, err, reason.Rejected, reason.Replayed)
}

func TestManyAtOnceAcceptAPresentationOnce(t *testing.T) {
	d := newDesk(t)
	in, snapshot := d.input(d.present()), d.Snapshot()
	v := verifierOn(t, snapshot, d.store)
	var accepted atomic.Int32
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			if r, err := v.Verify(context.Background(), in); err == nil && r.Accepted() {
				accepted.Add(1)
			}
		})
	}
	wg.Wait()
	if accepted.Load() != 1 {
		t.Errorf("accepted %d times, want once", accepted.Load())
	}
}

// An attacker who flips s to n-s in an ECDSA signature has another signature
// that verifies. The replay mark must not care.
func TestAMalleatedSignatureIsReplayed(t *testing.T) {
	d := newDesk(t)
	presented := d.present()
	r, err := d.verifier.Verify(context.Background(), d.input(presented))
	check(t, r, err, reason.Accepted)
	r, err = d.verifier.Verify(context.Background(), d.input(malleate(t, presented)))
	check(t, r, err, reason.Rejected, reason.Replayed)
}

func TestIndeterminateIsNotMarked(t *testing.T) {
	d := newDesk(t)
	in := d.input(d.present())
	s := d.Snapshot()
	without := *s
	without.Status = nil
	r, err := verifierOn(t, &without, d.store).Verify(context.Background(), in)
	check(t, r, err, reason.Indeterminate, reason.StatusUnavailable)
	r, err = d.verifier.Verify(context.Background(), in)
	check(t, r, err, reason.Accepted)
}

func TestRejectedIsMarked(t *testing.T) {
	d := newDesk(t)
	d.registry.Revoke(d.held)
	in := d.input(d.present())
	r, err := d.verifier.Verify(context.Background(), in)
	check(t, r, err, reason.Rejected, reason.Revoked)
	r, err = d.verifier.Verify(context.Background(), in)
	check(t, r, err, reason.Rejected, reason.Revoked, reason.Replayed)
}

type brokenStore struct{}

func (brokenStore) PutIfAbsent(context.Context, [32]byte, time.Time) (bool, error) {
	return true, errors.New("no route to store")
}

func TestAStoreThatDoesNotAnswerAcceptsNothing(t *testing.T) {
	d := newDesk(t)
	r, err := verifierOn(t, d, brokenStore{}).Verify(context.Background(), d.input(d.present()))
	if err == nil || r.Accepted() || len(r.Credentials()) > 0 {
		t.Errorf("got %s, %v", r.Outcome(), err)
	}
}

func TestTheClock(t *testing.T) {
	list := []struct {
		name    string
		level   credential.ClockLevel
		offset  time.Duration // of the kiosk's clock
		outcome reason.Outcome
		codes   []reason.Code
	}{
		{"proven and right", credential.ClockProven, 0, reason.Accepted, nil},
		{"plausible and right", credential.ClockPlausible, 0, reason.Accepted, nil},
		{"untrusted, right or not", credential.ClockUntrusted, 0, reason.Indeterminate, []reason.Code{reason.ClockUntrusted}},
		{"plausible and behind", credential.ClockPlausible, -time.Hour, reason.Indeterminate, []reason.Code{reason.ClockUntrusted}},
		{"proven, and the proof from the future", credential.ClockProven, -2 * time.Minute, reason.Rejected, []reason.Code{reason.PresentationNotFresh}},
		{"plausible, and the proof stale", credential.ClockPlausible, 2 * time.Minute, reason.Rejected, []reason.Code{reason.PresentationNotFresh}},
	}
	for _, c := range list {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			s := d.Snapshot()
			d.Advance(2 * time.Hour)
			in := d.input(d.present())
			in.At, in.Clock = in.At.Add(c.offset), c.level
			r, err := verifierOn(t, s, d.store).Verify(context.Background(), in)
			check(t, r, err, c.outcome, c.codes...)
		})
	}
}

func TestKnowledgeFromAheadOfAnUnprovenClock(t *testing.T) {
	d := newDesk(t)
	presented, at := d.present(), d.Now()
	d.Advance(time.Hour) // the trust list and the status lists are signed now
	in := d.input(presented)
	in.At, in.Clock = at, credential.ClockPlausible
	r, err := d.verifier.Verify(context.Background(), in)
	check(t, r, err, reason.Indeterminate, reason.ClockUntrusted)

	in.Clock = credential.ClockProven
	r, err = d.verifier.Verify(context.Background(), in)
	check(t, r, err, reason.Indeterminate, reason.TrustStale, reason.StatusListInvalid)
}

func TestPersonsAreNotMixed(t *testing.T) {
	d := newDesk(t)
	other := d.AddWallet()
	theirs := d.registry.Issue(other, map[string]any{"full_name": "Dorji Example"})
	in := d.input(d.present(), other.Present(theirs, verifytest.To(audience)))
	r, err := d.verifier.Verify(context.Background(), in)
	check(t, r, err, reason.Accepted)
	var names []string
	for _, c := range r.Credentials() {
		name, _ := c.Claims().String("full_name")
		names = append(names, name)
	}
	if want := []string{"Pema Example", "Dorji Example"}; !slices.Equal(names, want) {
		t.Errorf("names are %v, want %v", names, want)
	}

	in.Policy = policy(t, `{"holder":{"same_key":true}}`)
	in.Presented[0].Data = d.present(verifytest.Nonce("2"))
	in.Presented[1].Data = other.Present(theirs, verifytest.To(audience), verifytest.Nonce("2"))
	r, err = d.verifier.Verify(context.Background(), in)
	check(t, r, err, reason.Rejected, reason.HolderNotSame)
}

func TestOneBadCredentialRefusesAll(t *testing.T) {
	d := newDesk(t)
	revoked := d.registry.Issue(d.wallet, map[string]any{"full_name": "Pema Example"})
	d.registry.Revoke(revoked)
	r, err := d.verifier.Verify(context.Background(), d.input(d.present(), d.wallet.Present(revoked, verifytest.To(audience))))
	check(t, r, err, reason.Rejected, reason.Revoked)
	for _, c := range r.Checks() {
		if c.Code == reason.Revoked && c.Credential != 2 {
			t.Errorf("the revoked credential is number %d, want 2", c.Credential)
		}
	}
}

func TestNotAPresentation(t *testing.T) {
	d := newDesk(t)
	for name, c := range map[string]struct {
		data []byte
		code reason.Code
	}{
		"empty":     {nil, reason.FormatUnsupported},
		"text":      {[]byte("hello"), reason.FormatUnsupported},
		"torn":      {[]byte("eyJhbGciOiJFUzI1NiJ9.e30~"), reason.Malformed},
		"too large": {bytes.Repeat([]byte{'~'}, limits.Presentation+1), reason.TooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := d.verifier.Verify(context.Background(), d.input(c.data))
			check(t, r, err, reason.Rejected, c.code)
			if !r.NotAPresentation() {
				t.Error("NotAPresentation is false")
			}
		})
	}
	// Beside a presentation, junk is a failed check like any other.
	r, err := d.verifier.Verify(context.Background(), d.input(d.present(), []byte("hello")))
	check(t, r, err, reason.Rejected, reason.FormatUnsupported)
	if r.NotAPresentation() {
		t.Error("NotAPresentation beside a presentation")
	}
}

func TestRequirements(t *testing.T) {
	d := newDesk(t)
	const citizen = `"types":["https://registry.example/citizen"]`
	list := []struct {
		name, policy, query string
		outcome             reason.Outcome
		codes               []reason.Code
	}{
		{"the entry it was presented for", `{"credentials":[{"id":"a"}]}`, "a", reason.Accepted, nil},
		{"an entry nobody asked for", `{"credentials":[{"id":"a"}]}`, "b", reason.Rejected, []reason.Code{reason.QueryNotSatisfied}},
		{"another issuer", `{"credentials":[{"id":"a","issuers":["https://other.example"]}]}`, "", reason.Rejected, []reason.Code{reason.QueryNotSatisfied}},
		{"two entries, one credential", `{"credentials":[{"id":"a",` + citizen + `},{"id":"b","types":["https://other.example/card"]}]}`, "", reason.Rejected, []reason.Code{reason.QueryNotSatisfied}},
		{"a claim in a claim", `{"credentials":[{"id":"a","required_claims":[["full_name","first"]]}]}`, "", reason.Rejected, []reason.Code{reason.ClaimMissing}},
		{"the second entry's claims are there", `{"credentials":[{"id":"a","required_claims":[["birth_date"]]},{"id":"b","required_claims":[["full_name"]]}]}`, "b", reason.Rejected, []reason.Code{reason.QueryNotSatisfied}},
	}
	for i, c := range list {
		t.Run(c.name, func(t *testing.T) {
			in := d.input(d.present(verifytest.Nonce(string(rune('a' + i)))))
			in.Policy = policy(t, c.policy)
			in.Presented[0].Query = c.query
			r, err := d.verifier.Verify(context.Background(), in)
			check(t, r, err, c.outcome, c.codes...)
		})
	}
}

func policy(t *testing.T, doc string) *verify.Policy {
	t.Helper()
	p, err := verify.ParsePolicy([]byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	return p
}
