package main

import (
	"bytes"
	"context"
	"crypto/ecdh"
	"encoding/json"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/internal/mechanisms"
	"github.com/dzong-id/dzong/sdk/ldp"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verify"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

// verifyFlags is what a call of verify says.
type verifyFlags struct {
	policy, at, caseDir    string
	nonce, audience, fresh string
	window                 time.Duration
	transcript, readerKey  string
	bearer, ndi, json      bool
	knowledge              knowledgeFlags
	flags                  *flag.FlagSet
}

func runVerify(ctx context.Context, s streams, flags *flag.FlagSet, args []string) (int, error) {
	v := verifyFlags{flags: flags}
	flags.StringVar(&v.policy, "policy", "", "`file` with the policy (JSON); without one, any credential that the trust list permits")
	v.knowledge.register(flags)
	flags.StringVar(&v.at, "at", "", "decide as of this `time` (RFC 3339) instead of now")
	flags.StringVar(&v.nonce, "nonce", "", "the challenge the holder must have signed; needs --audience")
	flags.StringVar(&v.audience, "audience", "", "who the holder's proof must be made for; goes with --nonce")
	flags.StringVar(&v.fresh, "fresh", "", "no challenge: the proof must be made for this `audience` within --window")
	flags.DurationVar(&v.window, "window", cases.DefaultWindow, "how far a --fresh proof may lie from the time of the decision")
	flags.StringVar(&v.transcript, "transcript", "", "`file` with the ISO 18013-5 session transcript (CBOR) that a mobile document's device must have signed over")
	flags.StringVar(&v.readerKey, "reader-key", "", "`file` with the reader's ephemeral private key (JWK), for a deviceMac; goes with --transcript")
	flags.BoolVar(&v.bearer, "bearer", false, "ask for no proof of possession: a photograph passes as well")
	flags.BoolVar(&v.ndi, "bhutan-ndi", false, "also take the JWS header that Bhutan NDI's issuers write, whose algorithm is in no registry")
	flags.StringVar(&v.caseDir, "case", "", "decide on the case in this `folder`; everything else comes from its case.json")
	flags.BoolVar(&v.json, "json", false, "print one JSON object")
	rest, err := parse(flags, args)
	if err != nil {
		return 0, err
	}
	if v.caseDir != "" {
		return v.runCase(ctx, s, rest)
	}
	binding, err := v.binding(s)
	if err != nil {
		return 0, err
	}
	if len(rest) != 1 {
		return 0, usagef("name one file with the presentation, or - for standard input")
	}
	in := verify.Input{Binding: binding, At: time.Now()}
	if v.at != "" {
		if in.At, err = time.Parse(time.RFC3339, v.at); err != nil {
			return 0, usagef("--at %s is no time such as 2026-11-02T09:00:00Z", strconv.Quote(v.at))
		}
	}
	if err := v.knowledge.check(); err != nil {
		return 0, err
	}
	if v.policy != "" {
		if in.Policy, err = s.policy(v.policy); err != nil {
			return 0, err
		}
	}
	snapshot, err := v.knowledge.snapshot(s, in.At)
	if err != nil {
		return 0, err
	}
	data, err := s.read(rest[0], limits.Presentation)
	if err != nil {
		return 0, err
	}
	verifier, err := verify.New(snapshot, verify.Formats(mechanisms.All(v.profiles()...)...), verify.Replay(verify.NewMemoryReplay()))
	if err != nil {
		return 0, err
	}
	res, err := cases.Presented(ctx, verifier, data, in)
	if err != nil {
		return 0, err
	}
	if slices.Contains(res.Reasons(), reason.Malformed) && bytes.HasSuffix(data, []byte("\n")) {
		fmt.Fprintln(s.err, "dzong verify: the input ends with a line break, which is no part of a presentation; write it without one")
	}
	return s.answer(res, v.json)
}

// runCase decides on a case. The exit status is the outcome's, whether or not it
// is the one expected: vectors run compares.
func (v verifyFlags) runCase(ctx context.Context, s streams, rest []string) (int, error) {
	set := given(v.flags)
	delete(set, "case")
	delete(set, "json")
	if len(set) > 0 || len(rest) > 0 {
		return 0, usagef("--case takes everything from the case's case.json; leave out what else you gave")
	}
	c, err := cases.Load(v.caseDir)
	if err != nil {
		return 0, err
	}
	res, err := mechanisms.Runner().Decide(ctx, c)
	if err != nil {
		return 0, fmt.Errorf("decide case %s: %w", v.caseDir, err)
	}
	if err := mechanisms.Runner().Run(ctx, v.caseDir); err != nil {
		fmt.Fprintf(s.err, "dzong verify: not as the case expects: %v\n", err)
	}
	return s.answer(res, v.json)
}

func (v verifyFlags) profiles() []ldp.Option {
	if v.ndi {
		return []ldp.Option{ldp.BhutanNDI()}
	}
	return nil
}

// binding is the proof of possession wanted. There is no default: which one is
// needed is the caller's decision and decides who gets in.
func (v verifyFlags) binding(s streams) (credential.Binding, error) {
	set := given(v.flags)
	challenge := set["nonce"] || set["audience"]
	ways := 0
	for _, way := range []bool{challenge, set["fresh"], set["transcript"], v.bearer} {
		if way {
			ways++
		}
	}
	switch {
	case ways != 1:
		return credential.Binding{}, usagef("say which proof of possession you want, exactly one of: --nonce N --audience A, --fresh A, --transcript F, --bearer")
	case set["window"] && !set["fresh"]:
		return credential.Binding{}, usagef("--window goes with --fresh")
	case set["reader-key"] && !set["transcript"]:
		return credential.Binding{}, usagef("--reader-key goes with --transcript")
	case set["transcript"]:
		return v.session(s)
	}
	var binding credential.Binding
	switch {
	case challenge:
		binding = credential.Bound(v.nonce, v.audience)
	case set["fresh"]:
		binding = credential.Fresh(v.fresh, v.window)
	default:
		binding = credential.BearerUnsafe()
	}
	if !binding.Valid() {
		return binding, usagef("--nonce and --audience go together; neither they nor --fresh may be empty, and --window must be above zero and at most %v", credential.MaxWindow)
	}
	return binding, nil
}

// session is a proof over a session transcript.
func (v verifyFlags) session(s streams) (credential.Binding, error) {
	transcript, err := s.read(v.transcript, limits.Presentation)
	if err != nil {
		return credential.Binding{}, err
	}
	if len(transcript) == 0 {
		return credential.Binding{}, fmt.Errorf("read session transcript %s: it is empty", v.transcript)
	}
	var reader *ecdh.PrivateKey
	if v.readerKey != "" {
		data, err := s.read(v.readerKey, limits.DIDDocument)
		if err != nil {
			return credential.Binding{}, err
		}
		if reader, err = cases.ReaderKey(data); err != nil {
			return credential.Binding{}, fmt.Errorf("read reader key %s: %w", v.readerKey, err)
		}
	}
	return credential.Session(transcript, reader), nil
}

func (s streams) policy(name string) (*verify.Policy, error) {
	data, err := s.read(name, limits.Policy)
	if err != nil {
		return nil, err
	}
	p, err := verify.ParsePolicy(data)
	if err != nil {
		return nil, fmt.Errorf("read policy %s: %w", name, err)
	}
	return p, nil
}

// answer prints a result and gives its exit status.
func (s streams) answer(res verify.Result, asJSON bool) (int, error) {
	var err error
	if asJSON {
		err = printJSON(s.out, res)
	} else {
		err = s.tell(res)
	}
	if err != nil {
		return 0, fmt.Errorf("print the result: %w", err)
	}
	switch res.Outcome() {
	case reason.Accepted:
		return exitOK, nil
	case reason.Indeterminate:
		return exitIndeterminate, nil
	default:
		return exitRejected, nil
	}
}

// tell prints a result for people: the outcome, the reasons in words, every
// check, and the claims where it was accepted.
func (s streams) tell(res verify.Result) error {
	headline := strings.ToUpper(res.Outcome().String())
	for _, code := range res.Reasons() {
		headline += "  " + string(code)
	}
	fmt.Fprintln(s.out, headline)
	t := newTable(s.out)
	t.row("at", res.At().UTC().Format(time.RFC3339))
	if !res.AsOf().IsZero() {
		t.row("knowledge as of", res.AsOf().UTC().Format(time.RFC3339))
	}
	t.row("policy", res.Policy())
	if err := t.flush(); err != nil {
		return err
	}
	if len(res.Reasons()) > 0 {
		fmt.Fprintln(s.out)
	}
	for _, code := range res.Reasons() {
		if e, ok := reason.Lookup(code); ok {
			fmt.Fprintf(s.out, "  %s: %s %s\n", code, e.Sentence(reason.English), e.Next(reason.English))
		}
	}
	fmt.Fprintln(s.out)
	t = newTable(s.out)
	t.row("CREDENTIAL", "CHECK", "FOUND", "CODE", "ABOUT")
	for _, c := range res.Checks() {
		of, about := "-", c.Subject
		if c.Credential > 0 {
			of = strconv.Itoa(c.Credential)
		}
		if c.Resource != "" {
			about = strings.TrimSpace(about + " needs: " + c.Resource)
		}
		t.row(of, string(c.Name), c.Verdict.String(), string(c.Code), about)
	}
	if err := t.flush(); err != nil {
		return err
	}
	for i, c := range res.Credentials() {
		fmt.Fprintf(s.out, "\ncredential %d from %s, %s\n", i+1, printable(c.Issuer), printable(strings.Join(c.Types, " ")))
		if err := s.claims(c.Claims()); err != nil {
			return err
		}
		if loose := c.UncoveredUnsafe(); loose.Len() > 0 {
			fmt.Fprintln(s.out, "and what nobody has signed, which anybody may have written:")
			if err := s.claims(loose); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s streams) claims(claims credential.Claims) error {
	t := newTable(s.out)
	for _, name := range claims.Names() {
		value, err := claim(claims, name)
		if err != nil {
			return err
		}
		t.row(name, value)
	}
	return t.flush()
}

// claim is one accepted claim as text: a string as it is, anything else as JSON.
func claim(claims credential.Claims, name string) (string, error) {
	if text, ok := claims.String(name); ok {
		return text, nil
	}
	all, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(all, &members); err != nil {
		return "", err
	}
	return string(members[name]), nil
}
