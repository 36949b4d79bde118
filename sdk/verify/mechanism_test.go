package verify_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"math/big"
	"slices"
	"testing"

	"crypto/elliptic"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verify"
)

// malleate replaces s by n-s in the holder's signature.
func malleate(t *testing.T, presented []byte) []byte {
	t.Helper()
	at := bytes.LastIndexByte(presented, '.') + 1
	sig, err := base64.RawURLEncoding.DecodeString(string(presented[at:]))
	if err != nil {
		t.Fatal(err)
	}
	s := new(big.Int).Sub(elliptic.P256().Params().N, new(big.Int).SetBytes(sig[32:]))
	s.FillBytes(sig[32:])
	return append(bytes.Clone(presented[:at]), base64.RawURLEncoding.EncodeToString(sig)...)
}

// A mechanism of somebody else's may be wrong. What it forgets must not open the
// door.
type lyingMechanism struct{ findings credential.Findings }

func (lyingMechanism) Recognise([]byte) bool                           { return true }
func (m lyingMechanism) Parse([]byte) (credential.Presentation, error) { return m, nil }
func (lyingMechanism) Format() credential.Format                       { return "lie" }
func (m lyingMechanism) Prove(credential.Evidence) credential.Findings { return m.findings }

func TestAMechanismThatForgetsProvesNothing(t *testing.T) {
	d := newDesk(t)
	signed := credential.Pass(reason.CheckSignature, "")
	claims := credential.NewClaims(map[string]any{"full_name": "Pema Example"})
	known := credential.Credential{Issuer: "https://registry.example", Types: []string{"https://registry.example/citizen"}, Claims: claims, HolderBound: true,
		Status: []credential.StatusReference{{Mechanism: credential.StatusToken, URI: d.registry.StatusURI(), Index: 0}}}
	with := func(c credential.Credential, checks ...credential.Check) credential.Findings {
		c.Checks = checks
		return credential.Findings{Credentials: []credential.Credential{c}}
	}
	unbound := known
	unbound.HolderBound = false
	statusless := known
	statusless.Status = nil
	stranger := known
	stranger.Issuer = "https://stranger.example"
	unmarked := known // bound, and nothing to know the proof by when it comes again
	endless := credential.Findings{Enclosed: []credential.Enclosed{{Data: []byte("again")}}}
	for name, c := range map[string]struct {
		findings credential.Findings
		code     reason.Code
	}{
		"no signature check":         {with(known), reason.SignatureMissing},
		"other checks only":          {with(known, credential.Pass(reason.CheckIssuer, "")), reason.SignatureMissing},
		"an issuer nobody lists":     {with(stranger, signed), reason.IssuerUnknown},
		"no status reference":        {with(statusless, signed), reason.StatusMissing},
		"no holder, and no word why": {with(unbound, signed), reason.HolderBindingMissing},
		"a proof without a mark":     {with(unmarked, signed), reason.HolderBindingMissing},
		"a check and nothing else":   {credential.Findings{Checks: []credential.Check{signed}}, reason.Malformed},
		"nothing at all":             {credential.Findings{}, reason.Malformed},
		"itself, again and again":    {endless, reason.TooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := verify.New(d, verify.Formats(lyingMechanism{c.findings}), verify.Replay(d.store))
			if err != nil {
				t.Fatal(err)
			}
			r, err := v.Verify(context.Background(), d.input([]byte("x")))
			if err != nil || r.Outcome() != reason.Rejected || len(r.Credentials()) > 0 {
				t.Fatalf("got %s, %v", r.Outcome(), err)
			}
			found := false
			for _, code := range r.Reasons() {
				found = found || code == c.code
			}
			if !found {
				t.Errorf("reasons are %v, want %s among them", r.Reasons(), c.code)
			}
		})
	}
}

// Contexts say what signed terms mean and are not signed themselves: only the
// list that the trust entry gives for the type will do, in order.
func TestContextsAreTheTrustEntrys(t *testing.T) {
	d := newDesk(t)
	c := credential.Credential{
		Issuer: d.registry.ID(), Types: []string{"VerifiableCredential", "https://registry.example/citizen"}, HolderBound: true,
		Status: []credential.StatusReference{{Mechanism: credential.StatusToken, URI: d.registry.StatusURI()}},
		Checks: []credential.Check{credential.Pass(reason.CheckSignature, "")},
	}
	for name, contexts := range map[string][]string{
		"a list, where the entry has none": {"https://www.w3.org/ns/credentials/v2"},
		"an empty list":                    {},
	} {
		c.Contexts = contexts
		v, err := verify.New(d, verify.Formats(lyingMechanism{credential.Findings{Credentials: []credential.Credential{c}}}), verify.Replay(d.store))
		if err != nil {
			t.Fatal(err)
		}
		r, err := v.Verify(context.Background(), d.input([]byte(name)))
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Reasons(); !slices.Contains(got, reason.ContextRefused) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// Which context is not at hand is told where the trust list speaks of it. Any other
// name is the presenter's own words, which no check repeats.
func TestAContextNobodyKnowsIsNotNamed(t *testing.T) {
	d := newDesk(t)
	known := "https://registry.example/context"
	s := d.withTrust(t, "contexts", map[string]any{d.registry.ID() + "/citizen": []string{known}})
	for url, want := range map[string]string{
		known: known, "https://x.example/Pema Example": "", known + " https://x.example/11410000000": "",
	} {
		fail := credential.Fail(reason.CheckContext, reason.ContextRefused, url)
		for name, f := range map[string]credential.Findings{
			"of the whole":    {Checks: []credential.Check{fail}},
			"of a credential": {Credentials: []credential.Credential{{Checks: []credential.Check{fail}}}},
		} {
			v, err := verify.New(s, verify.Formats(lyingMechanism{f}), verify.Replay(d.store))
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range v.Evaluate(s, d.input([]byte("x"))).Checks() {
				if c.Name == reason.CheckContext && c.Subject != want {
					t.Errorf("%s: %q is told as %q", name, url, c.Subject)
				}
			}
		}
	}
}

func FuzzVerify(f *testing.F) {
	d := newDesk(f)
	f.Add(d.present())
	f.Add([]byte("eyJhbGciOiJub25lIn0.e30.~"))
	f.Add([]byte(`{"vp_token": []}`))
	snapshot := d.Snapshot()
	good := d.input(d.present())
	f.Fuzz(func(t *testing.T, data []byte) {
		in := good
		in.Presented = verify.One(data)
		e := d.verifier.Evaluate(snapshot, in)
		if e.Outcome() == reason.Accepted && !bytes.Contains(data, []byte("~")) {
			t.Error("accepted what is no SD-JWT")
		}
	})
}

// What no signature covers comes out apart, and only where the policy says that it
// may come out at all; it answers nothing the policy asks for.
func TestUncoveredClaimsStayApart(t *testing.T) {
	d := newDesk(t)
	c := credential.Credential{
		Issuer: d.registry.ID(), Types: []string{"https://registry.example/citizen"},
		Status:          []credential.StatusReference{{Mechanism: credential.StatusToken, URI: d.registry.StatusURI()}},
		Checks:          []credential.Check{credential.Pass(reason.CheckSignature, "")},
		Claims:          credential.NewClaims(map[string]any{"signed": "yes"}),
		UncoveredClaims: credential.NewClaims(map[string]any{"full_name": "Anybody"}),
	}
	v, err := verify.New(d, verify.Formats(lyingMechanism{credential.Findings{Credentials: []credential.Credential{c}}}), verify.Replay(d.store))
	if err != nil {
		t.Fatal(err)
	}
	decide := func(policy string) verify.Result {
		t.Helper()
		p, err := verify.ParsePolicy([]byte(policy))
		if err != nil {
			t.Fatal(err)
		}
		in := d.input([]byte("x"))
		in.Binding, in.Policy = credential.BearerUnsafe(), p
		r, err := v.Verify(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if got := decide(`{}`); !got.Accepted() || got.Credentials()[0].UncoveredUnsafe().Len() != 0 {
		t.Errorf("a policy that does not ask gets them: %s", got.Outcome())
	}
	asked := decide(`{"uncovered_claims_unsafe":true}`)
	if !asked.Accepted() || asked.Credentials()[0].Claims().Has("full_name") || !asked.Credentials()[0].UncoveredUnsafe().Has("full_name") {
		t.Errorf("%s: not apart", asked.Outcome())
	}
	text, err := asked.MarshalJSON()
	if err != nil || !bytes.Contains(text, []byte(`"claims":{"signed":"yes"},"uncovered_unsafe":{"full_name":"Anybody"}`)) {
		t.Errorf("JSON: %s, %v", text, err)
	}
	got := decide(`{"uncovered_claims_unsafe":true,"credentials":[{"id":"a","required_claims":[["full_name"]]}]}`)
	if !slices.Equal(got.Reasons(), []reason.Code{reason.ClaimMissing}) {
		t.Errorf("a claim nobody signed answers the policy: %v", got.Reasons())
	}
}
