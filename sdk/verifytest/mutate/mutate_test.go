package mutate_test

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/jws"
	"github.com/dzong-id/dzong/sdk/internal/mechanisms"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/sdjwt"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/verifytest"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
	"github.com/dzong-id/dzong/sdk/verifytest/mutate"
)

// positives writes this module's own cases.
func positives(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if _, err := verifytest.WriteCases(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// sdjwtPositives leaves only the cases of SD-JWT, which lie in no format's folder.
func sdjwtPositives(t *testing.T) string {
	t.Helper()
	dir := positives(t)
	folders, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		if _, err := os.Stat(filepath.Join(dir, f.Name(), cases.FileName)); err != nil {
			if err := os.RemoveAll(filepath.Join(dir, f.Name())); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

func TestNoChangeToOurOwnCasesPasses(t *testing.T) {
	report, err := mutate.Run(context.Background(), mechanisms.Runner(), positives(t), mutate.Options{N: 1500, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Failures {
		t.Errorf("mutant %d of %s: %s: %s: %s", f.Number, f.Case, f.Change, f.What, f.Wrong)
	}
	if report.Mutants != 1500 || report.Failed != len(report.Failures) {
		t.Errorf("made %d mutants, %d failed", report.Mutants, report.Failed)
	}
}

func TestARunCanBeRepeated(t *testing.T) {
	dir := sdjwtPositives(t)
	run := func(o mutate.Options) *mutate.Report {
		report, err := mutate.Run(context.Background(), broken(nil, anyNonce), dir, o)
		if err != nil {
			t.Fatal(err)
		}
		report.Slowest = mutate.Slowest{} // the only thing that depends on the machine
		return report
	}
	first := run(mutate.Options{N: 600, Seed: 3})
	if diff := cmp.Diff(first, run(mutate.Options{N: 600, Seed: 3})); diff != "" {
		t.Errorf("the same seed gives another run: %s", diff)
	}
	if len(first.Failures) == 0 {
		t.Fatal("no failure to repeat")
	}
	f := first.Failures[len(first.Failures)-1]
	alone := run(mutate.Options{N: 600, Seed: 3, Only: f.Number})
	if len(alone.Failures) != 1 || alone.Mutants != 1 || cmp.Diff(alone.Failures[0], f) != "" {
		t.Errorf("mutant %d alone gives %+v", f.Number, alone.Failures)
	}
}

// broken is a runner whose one mechanism is wrong in one way: in what it takes for
// evidence, or in what it says it found.
func broken(evidence func(credential.Evidence) credential.Evidence, findings func(credential.Findings) credential.Findings) cases.Runner {
	return cases.Runner{
		Mechanisms: []credential.Mechanism{brokenMechanism{sdjwt.Mechanism(), evidence, findings}},
		Openers:    []status.Opener{status.Token()},
	}
}

type brokenMechanism struct {
	credential.Mechanism
	evidence func(credential.Evidence) credential.Evidence
	findings func(credential.Findings) credential.Findings
}

func (m brokenMechanism) Parse(data []byte) (credential.Presentation, error) {
	p, err := m.Mechanism.Parse(data)
	if err != nil {
		return nil, err
	}
	return brokenPresentation{p, m}, nil
}

type brokenPresentation struct {
	credential.Presentation
	m brokenMechanism
}

func (p brokenPresentation) Prove(e credential.Evidence) credential.Findings {
	if p.m.evidence != nil {
		e = p.m.evidence(e)
	}
	found := p.Presentation.Prove(e)
	if p.m.findings != nil {
		found = p.m.findings(found)
	}
	return found
}

// anyNonce takes an answer to any challenge for one to its own.
func anyNonce(f credential.Findings) credential.Findings {
	for i := range f.Credentials {
		c := &f.Credentials[i]
		for k, check := range c.Checks {
			if check.Code == reason.NonceMismatch {
				c.Checks[k] = credential.Pass(check.Name, check.Subject)
				c.HolderBound = true
			}
		}
	}
	return f
}

// A harness that finds nothing must be one that would have found something.
func TestABrokenVerifierIsFound(t *testing.T) {
	dir := sdjwtPositives(t)
	var proofs atomic.Uint64
	for name, tt := range map[string]struct {
		evidence func(credential.Evidence) credential.Evidence
		findings func(credential.Findings) credential.Findings
		of       string // the case that is changed; all if empty
		change   string // some failure is of this kind
		wrong    string // and says this
	}{
		"a nonce is not compared": {
			findings: anyNonce, of: "accepted-bound",
			change: "around: nonce", wrong: "accepted, where nothing may be",
		},
		"any key will do": {
			evidence: func(e credential.Evidence) credential.Evidence {
				real := e.Keys
				e.Keys = credential.KeysFunc(func(s credential.Signer) ([]credential.Key, []credential.Check) {
					keys, checks := real.Find(s)
					return append(keys, attackerKeys(s)...), checks
				})
				return e
			},
			of:     "accepted-bearer", // a proof is over what the issuer signed
			change: "JWS signed by another", wrong: "accepted, where nothing may be",
		},
		"a proof is not known again": {
			findings: func(f credential.Findings) credential.Findings {
				for i := range f.Credentials {
					if f.Credentials[i].Replay != [32]byte{} {
						binary.BigEndian.PutUint64(f.Credentials[i].Replay[:], proofs.Add(1))
					}
				}
				return f
			},
			of: "accepted-bound", change: "signature turned", wrong: "accepted once more",
		},
		"the status is dropped": {
			findings: func(f credential.Findings) credential.Findings {
				for i := range f.Credentials {
					f.Credentials[i].Status = nil
				}
				return f
			},
			change: "", wrong: "", // no positive with a status is left: see below
		},
		"a fault on odd input": {
			findings: func(f credential.Findings) credential.Findings {
				if len(f.Credentials) == 1 && len(f.Credentials[0].Checks) > 0 && f.Credentials[0].Checks[0].Verdict != 0 && f.Credentials[0].Claims.Len() == 0 {
					panic("odd")
				}
				return f
			},
			wrong: "panic: odd",
		},
	} {
		t.Run(name, func(t *testing.T) {
			report, err := mutate.Run(context.Background(), broken(tt.evidence, tt.findings), filepath.Join(dir, tt.of), mutate.Options{N: 1000, Seed: 1})
			if tt.change == "" && tt.wrong == "" {
				if err == nil {
					t.Error("positives that are not accepted as they are were taken")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range report.Failures {
				if strings.HasPrefix(f.Change, tt.change) && strings.HasPrefix(f.Wrong, tt.wrong) {
					return
				}
			}
			t.Errorf("%d failures, none of which is a %q that is %q", report.Failed, tt.change, tt.wrong)
		})
	}
}

// Whoever holds a key of their own can make a good proof around what they copied.
func TestAVerifierThatTakesAnyPresenterIsFound(t *testing.T) {
	anyone := func(f credential.Findings) credential.Findings {
		for i := range f.Credentials {
			for k, check := range f.Credentials[i].Checks {
				if check.Code == reason.HolderBindingMismatch {
					f.Credentials[i].Checks[k] = credential.Pass(check.Name, check.Subject)
					f.Credentials[i].HolderBound, f.Credentials[i].Replay = true, [32]byte{1}
				}
			}
		}
		return f
	}
	runner := mechanisms.Runner()
	for i, m := range runner.Mechanisms {
		runner.Mechanisms[i] = brokenMechanism{Mechanism: m, findings: anyone}
	}
	all := positives(t)
	for folder, change := range map[string]string{"jwtvc": "JWS presented by another", "ldp": "JSON presented by another"} {
		report, err := mutate.Run(context.Background(), runner, filepath.Join(all, folder), mutate.Options{N: 400, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(report.Failures, func(f mutate.Failure) bool { return f.Change == change }) {
			t.Errorf("%s: %d failures, none of which is a %q", folder, report.Failed, change)
		}
	}
}

func TestWhatWasNotTriedIsTold(t *testing.T) {
	report, err := mutate.Run(context.Background(), mechanisms.Runner(), sdjwtPositives(t), mutate.Options{N: 1, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if slices.Contains(report.Unused, report.Rows[0].Change) || !slices.Contains(report.Unused, "COSE header changed") {
		t.Errorf("tried %v, told as not tried: %v", report.Rows, report.Unused)
	}
}

func TestAFolderWithoutAPositiveIsNoSuccess(t *testing.T) {
	all := positives(t)
	for name, dir := range map[string]string{
		"refusals alone": filepath.Join(all, "alg-none"),
		"nothing":        t.TempDir(),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := mutate.Run(context.Background(), mechanisms.Runner(), dir, mutate.Options{N: 10}); !errors.Is(err, mutate.ErrNoPositive) {
				t.Errorf("error is %v", err)
			}
		})
	}
	dir := filepath.Join(all, "accepted-bound")
	if err := os.WriteFile(filepath.Join(dir, "presentation.txt"), []byte("eyJ.eyJ.x~"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := mutate.Run(context.Background(), mechanisms.Runner(), dir, mutate.Options{N: 10}); err == nil || !strings.Contains(err.Error(), "as it is") {
		t.Errorf("a positive that is refused: %v", err)
	}
}

// attackerKeys is the key that mutants are signed with, called whatever the token
// says: what a verifier would take that believes a token about its own key.
func attackerKeys(s credential.Signer) []credential.Key {
	key, err := jws.Derive(s.Algorithm, []byte("dzong mutate attacker"))
	if err != nil {
		return nil
	}
	return []credential.Key{key.Public(s.KeyID).WithController(s.ID)}
}
