package mutate

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verify"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

// positive is a case that is to be accepted, taken apart, and what comes out of it.
type positive struct {
	name        string
	format      string
	situation   *cases.Situation
	know        *verify.Snapshot
	checks      []verify.Check
	credentials []verify.Credential
	facts       []fact
	byKind      [kinds][]view
}

// load reads the case in dir; nil if it is none that is to be accepted. A positive
// that is not accepted as it is would make every mutant look well refused, so it is
// an error.
func load(ctx context.Context, runner cases.Runner, dir, name string) (*positive, error) {
	c, err := cases.Load(dir)
	if err != nil || c.Expect != reason.Accepted {
		return nil, err
	}
	p := &positive{name: name}
	if p.situation, err = c.Situation(); err != nil {
		return nil, err
	}
	if p.know, err = runner.Snapshot(p.situation); err != nil {
		return nil, err
	}
	res, err := runner.DecideOn(ctx, p.situation, p.know, verify.NewMemoryReplay())
	if err == nil {
		err = c.Compare(res)
	}
	if err != nil {
		return nil, fmt.Errorf("as it is: %w", err)
	}
	p.checks, p.credentials = res.Checks(), res.Credentials()
	p.facts = factsOf(res)
	p.format = "unknown"
	for _, check := range p.checks {
		if check.Name == reason.CheckFormat && check.Subject != "" {
			p.format = check.Subject
			break
		}
	}
	for _, v := range findViews(p.situation.Presented) {
		p.byKind[v.kind] = append(p.byKind[v.kind], v)
	}
	return p, nil
}

// statusURIs are the lists at hand that the decision looked into.
func (p *positive) statusURIs() []string {
	var out []string
	for _, c := range p.checks {
		if c.Name == reason.CheckStatus && p.know.Status[c.Subject] != nil && !slices.Contains(out, c.Subject) {
			out = append(out, c.Subject)
		}
	}
	return out
}

// bound reports whether some holder proved to hold the key of a credential.
func (p *positive) bound() bool {
	return slices.ContainsFunc(p.credentials, func(c verify.Credential) bool { return c.HolderBound })
}

func (p *positive) earliest(of func(verify.Credential) time.Time) time.Time {
	var first time.Time
	for _, c := range p.credentials {
		if t := of(c); !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}

// fact is what an accepted credential gives.
type fact struct {
	query, issuer, holder string
	format                credential.Format
	types, status         []string
	bound                 bool
	issued, expires       time.Time
	claims                any
}

func factsOf(res verify.Result) []fact {
	status := map[int][]string{}
	for _, c := range res.Checks() {
		if c.Name == reason.CheckStatus {
			status[c.Credential] = append(status[c.Credential], c.Subject)
		}
	}
	var out []fact
	for i, c := range res.Credentials() {
		out = append(out, fact{
			c.Query, c.Issuer, c.Holder, c.Format, c.Types, status[i+1], c.HolderBound, c.IssuedAt, c.Expires, claimsOf(c),
		})
	}
	return out
}

func claimsOf(c verify.Credential) any {
	data, err := json.Marshal(c.Claims())
	if err != nil {
		return err // equal to nothing
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return err
	}
	if c.Format == credential.FormatLDPVC {
		return plain(v)
	}
	return v
}

// statements are the values of a member of a JSON-LD document, in no order.
type statements []any

// plain is one form for all that JSON-LD makes the same statements (JSON-LD 1.1
// §4.3, §9): what is signed there is what a document says and not how, so that "x",
// ["x"] and {"@value": "x"} are one claim, as are the orders of an array, "id" and
// "@id", and an identifier and an object that has nothing else.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, value := range v {
			// Beside its alias, a keyword is another member.
			if _, both := v[strings.TrimPrefix(name, "@")]; (name == "@id" || name == "@type") && !both {
				name = name[1:]
			}
			out[name] = plain(value)
		}
		for _, alone := range []string{"@value", "id"} {
			if value, ok := out[alone]; ok && len(out) == 1 {
				return value
			}
		}
		return out
	case []any:
		var out statements
		for _, value := range v {
			switch value := plain(value).(type) {
			case statements:
				out = append(out, value...)
			case nil: // says nothing
			default:
				out = append(out, value)
			}
		}
		if len(out) == 1 {
			return out[0]
		}
		return out
	default:
		return v
	}
}

// beyond says what f gives that none of the original's facts does; empty if some
// fact of the original gives all of it. It names members, never values.
func (f fact) beyond(original []fact) string {
	nearest := "another issuer"
	for _, o := range original {
		switch {
		case f.issuer != o.issuer:
			continue
		case f.format != o.format:
			nearest = "another format"
		case !slices.Equal(f.types, o.types) && (f.format != credential.FormatLDPVC || !sameSet(f.types, o.types)):
			nearest = "another type"
		case f.holder != o.holder, f.bound && !o.bound:
			nearest = "another holder"
		case !slices.Equal(f.status, o.status):
			nearest = "another status"
		case f.query != o.query:
			nearest = "an answer to another query"
		case !f.issued.Equal(o.issued), !f.expires.Equal(o.expires):
			nearest = "another validity"
		default:
			at, within := part(f.claims, o.claims, "$")
			if within {
				return ""
			}
			nearest = "another claim at " + at
		}
	}
	return nearest
}

// sameNumber takes 1, 1.0 and 1e0 for one number, as JSON does.
func sameNumber(a, b any) bool {
	x, okX := a.(json.Number)
	y, okY := b.(json.Number)
	if !okX || !okY || len(x) > 32 || len(y) > 32 {
		return false
	}
	p, errX := strconv.ParseFloat(string(x), 64)
	q, errY := strconv.ParseFloat(string(y), 64)
	return errX == nil && errY == nil && p == q
}

// sameSet compares types, which have no order in JSON-LD.
func sameSet(a, b []string) bool {
	sorted := func(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }
	return slices.Equal(sorted(a), sorted(b))
}

// part reports whether v is the original or less of it: objects with fewer
// members, arrays with fewer elements in the same order; or where it is more.
func part(v, original any, at string) (string, bool) {
	switch v := v.(type) {
	case map[string]any:
		o, ok := original.(map[string]any)
		if all, many := original.(statements); many {
			return at, slices.ContainsFunc(all, func(was any) bool { _, ok := part(v, was, ""); return ok })
		}
		if !ok {
			return at, false
		}
		for name, value := range v {
			was, ok := o[name]
			if !ok {
				return at + "." + name, false
			}
			if at, ok := part(value, was, at+"."+name); !ok {
				return at, false
			}
		}
		return "", true
	case []any:
		o, ok := original.([]any)
		if !ok {
			return at, false
		}
		for i, value := range v {
			found := slices.IndexFunc(o, func(was any) bool { _, ok := part(value, was, ""); return ok })
			if found < 0 {
				return fmt.Sprintf("%s[%d]", at, i), false
			}
			o = o[found+1:]
		}
		return "", true
	case statements:
		for i, value := range v {
			if _, ok := part(value, original, ""); !ok {
				return fmt.Sprintf("%s[%d]", at, i), false
			}
		}
		return "", true
	default:
		if all, ok := original.(statements); ok {
			return at, slices.ContainsFunc(all, func(was any) bool { _, ok := part(v, was, ""); return ok })
		}
		return at, v == original || sameNumber(v, original)
	}
}
