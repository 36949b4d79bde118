package mutate

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/verify"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

// around is what surrounds a presentation: under none of these changes may the
// original be accepted, unless the change says so itself.
func around() []change {
	return []change{
		{"around: nonce", withBinding(func(r *rand.Rand, b *cases.Binding) bool {
			b.Nonce = changeText(r, b.Nonce)
			return b.Kind == "bound"
		})},
		{"around: audience", withBinding(func(r *rand.Rand, b *cases.Binding) bool {
			b.Audience = changeText(r, b.Audience)
			return b.Kind == "bound" || b.Kind == "fresh"
		})},
		{"around: transcript", withBinding(func(r *rand.Rand, b *cases.Binding) bool {
			raw, err := hex.DecodeString(b.Transcript)
			if err != nil || len(raw) == 0 {
				return false
			}
			raw[r.IntN(len(raw))] ^= byte(1 << r.IntN(8))
			b.Transcript = hex.EncodeToString(raw)
			return true
		})},
		{"around: another binding", otherBinding},
		{"around: time", atAnotherTime},
		{"around: issuer not listed", withIssuer(func(_ *rand.Rand, list, entry map[string]any, _ verify.Credential) (string, bool) {
			issuers := list["issuers"].([]any)
			list["issuers"] = slices.DeleteFunc(issuers, func(v any) bool { return v.(map[string]any)["id"] == entry["id"] })
			return "the issuer's entry is gone", true
		})},
		{"around: type not permitted", withIssuer(func(r *rand.Rand, _, entry map[string]any, _ verify.Credential) (string, bool) {
			entry["types"] = pick(r, []any{}, []any{"https://registry.example/none"})
			return "the issuer may issue another type only", true
		})},
		{"around: issuer not valid", withIssuer(func(r *rand.Rand, _, entry map[string]any, c verify.Credential) (string, bool) {
			delete(entry, "valid_from")
			delete(entry, "valid_until")
			name, at := "valid_until", epoch
			if r.IntN(2) == 0 {
				name, at = "valid_from", farAhead
			}
			entry[name] = at.Format(time.RFC3339)
			return name, true
		})},
		{"around: other keys", otherKeys},
		{"around: leaf rule", withIssuer(otherLeaf)},
		{"around: key revoked", keyRevoked},
		{"around: key purpose", otherPurpose},
		{"around: contexts of the type", otherContexts},
		{"around: context at hand", contextAtHand},
		{"around: document at hand", documentAtHand},
		{"around: status list gone", withStatus(func(*rand.Rand, *verify.Snapshot, string, *positive) bool { return true })},
		{"around: status set", withStatus(setStatus)},
		{"around: status list short", withStatus(shortStatus)},
		{"around: status list of another", withStatus(strangeStatus)},
		{"around: status list changed", statusChanged},
		{"around: denied", denied},
		{"around: trust list gone", func(_ *rand.Rand, p *positive) (mutant, bool) {
			s := *p.situation
			s.Trust = nil
			return mutant{situation: &s, what: "no trust list", refuse: true}, true
		}},
		{"around: policy", otherPolicy},
		{"around: query", func(r *rand.Rand, p *positive) (mutant, bool) {
			s := *p.situation
			s.Query = changeText(r, s.Query)
			return mutant{situation: &s, know: p.know, what: "presented for another query", refuse: true},
				p.situation.Query != "" && s.Query != p.situation.Query && s.Query != ""
		}},
	}
}

var (
	epoch    = time.Unix(0, 0).UTC()
	farAhead = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
)

func withBinding(change func(*rand.Rand, *cases.Binding) bool) func(*rand.Rand, *positive) (mutant, bool) {
	return func(r *rand.Rand, p *positive) (mutant, bool) {
		s := *p.situation
		if !change(r, &s.Binding) || bindingText(s.Binding) == bindingText(p.situation.Binding) {
			return mutant{}, false
		}
		return mutant{situation: &s, know: p.know, what: s.Binding.Kind, refuse: true}, true
	}
}

func bindingText(b cases.Binding) string { return string(mustJSON(b)) }

// otherBinding asks for another kind of proof than the one that is there. A bearer
// binding asks for less, and a fresh one may be content with an answer to a
// challenge: those may accept what the original says and no more.
func otherBinding(r *rand.Rand, p *positive) (mutant, bool) {
	was := p.situation.Binding
	s := *p.situation
	s.Binding = pick(r,
		cases.Binding{Kind: "bound", Nonce: "another-nonce", Audience: "https://another.example"},
		cases.Binding{Kind: "bound", Nonce: "another-nonce", Audience: was.Audience},
		cases.Binding{Kind: "fresh", Audience: "https://another.example", WindowS: 60},
		cases.Binding{Kind: "fresh", Audience: was.Audience, WindowS: 60},
		cases.Binding{Kind: "session", Transcript: "8360f6f6"},
		cases.Binding{Kind: "bearer"},
	)
	refuse := s.Binding.Kind != "bearer" && (s.Binding.Audience != was.Audience || s.Binding.Kind != "fresh" || was.Kind == "bearer")
	if s.Binding.Kind == was.Kind || s.Binding.Kind == "fresh" && s.Binding.Audience == "" || s.Binding.Kind == "bound" && s.Binding.Audience == "" {
		return mutant{}, false
	}
	if was.Kind == "bearer" && s.Binding.Kind == "fresh" {
		// A presentation that has a proof may be shown to who asks for none.
		refuse = s.Binding.Audience == "https://another.example"
	}
	return mutant{situation: &s, know: p.know, what: was.Kind + " to " + s.Binding.Kind, refuse: refuse}, true
}

// atAnotherTime moves the reference time behind something's end, with everything
// else still in force, or before the trust list's beginning.
func atAnotherTime(r *rand.Rand, p *positive) (mutant, bool) {
	s := *p.situation
	m := mutant{situation: &s, refuse: true}
	trust := object(s.Trust)
	stretch := func() { // the trust list holds at any time
		trust["issued"], trust["expires"] = epoch.Format(time.RFC3339), farAhead.Format(time.RFC3339)
		s.Trust = mustJSON(trust)
	}
	switch r.IntN(6) {
	case 0:
		s.Now, m.what = epoch.Add(time.Duration(r.IntN(1000))*time.Hour), "1970"
	case 1:
		s.Now, m.what = farAhead.Add(time.Duration(r.IntN(1000))*time.Hour), "2200"
	case 2:
		at, err := time.Parse(time.RFC3339, fmt.Sprint(trust["expires"]))
		if err != nil {
			return mutant{}, false
		}
		s.Now, m.what = at.Add(time.Duration(r.IntN(1000))*time.Second), "trust list over"
	case 3:
		ends := p.earliest(func(c verify.Credential) time.Time { return c.Expires })
		if ends.IsZero() {
			return mutant{}, false
		}
		stretch()
		s.Now, m.what = ends.Add(time.Duration(r.IntN(1000))*time.Second), "credential over"
	case 4:
		ends := time.Time{}
		for _, uri := range p.statusURIs() {
			if l := p.know.Status[uri]; l != nil && (ends.IsZero() || l.Deadline().Before(ends)) {
				ends = l.Deadline()
			}
		}
		if ends.IsZero() || ends.Before(s.Now) {
			return mutant{}, false
		}
		stretch()
		s.Now, m.what = ends.Add(time.Duration(1+r.IntN(1000))*time.Second), "status list stale"
	default:
		if s.Binding.Kind != "fresh" {
			return mutant{}, false
		}
		stretch()
		window := time.Duration(s.Binding.WindowS) * time.Second
		if window == 0 {
			window = cases.DefaultWindow
		}
		// The proof lies within a window of now, on one side or the other.
		shift := 2*window + time.Duration(1+r.IntN(1000))*time.Second
		s.Now, m.what = s.Now.Add(pick(r, shift, -shift)), "out of the window"
	}
	return m, true
}

// object reads a JSON object of the case's own, numbers as they are.
func object(data []byte) map[string]any {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	m := map[string]any{}
	_ = d.Decode(&m) // an object, or nothing to change
	return m
}

// entryOf is the trust list's entry of an issuer.
func entryOf(list map[string]any, id string) map[string]any {
	issuers, _ := list["issuers"].([]any)
	for _, v := range issuers {
		if e, ok := v.(map[string]any); ok && e["id"] == any(id) {
			return e
		}
	}
	return nil
}

// withIssuer changes the entry of an issuer of one of the accepted credentials.
func withIssuer(change func(r *rand.Rand, list, entry map[string]any, c verify.Credential) (string, bool)) func(*rand.Rand, *positive) (mutant, bool) {
	return func(r *rand.Rand, p *positive) (mutant, bool) {
		c := pick(r, p.credentials...)
		s := *p.situation
		list := object(s.Trust)
		entry := entryOf(list, c.Issuer)
		if entry == nil {
			return mutant{}, false
		}
		what, ok := change(r, list, entry, c)
		s.Trust = mustJSON(list)
		return mutant{situation: &s, what: what, refuse: true}, ok
	}
}

// keyRevoked revokes the key that signed, where the decision names one that the
// trust list does.
func keyRevoked(r *rand.Rand, p *positive) (mutant, bool) {
	var named []string
	for _, c := range p.checks {
		if (c.Name == reason.CheckSignature || c.Name == reason.CheckKey) && c.Subject != "" {
			named = append(named, c.Subject)
		}
	}
	return withIssuer(func(_ *rand.Rand, _, entry map[string]any, _ verify.Credential) (string, bool) {
		set, _ := entry["jwks"].(map[string]any)
		keys, _ := set["keys"].([]any)
		for _, k := range keys {
			if kid, _ := k.(map[string]any)["kid"].(string); kid != "" && slices.Contains(named, kid) {
				entry["revoked_keys"] = []any{map[string]any{"kid": kid, "from": epoch.Format(time.RFC3339)}}
				return "the key that signed", true
			}
		}
		return "", false
	})(r, p)
}

// otherContexts changes the list that an entry gives for a type (Data Integrity,
// "Context Validation").
func otherContexts(r *rand.Rand, p *positive) (mutant, bool) {
	return withIssuer(func(r *rand.Rand, _, entry map[string]any, c verify.Credential) (string, bool) {
		all, _ := entry["contexts"].(map[string]any)
		if all == nil || c.Format != credential.FormatLDPVC {
			return "", false
		}
		kind, changed := r.IntN(4), false
		for _, t := range c.Types {
			list, ok := all[t].([]any)
			if !ok || kind > 1 && len(list) < 2 {
				continue
			}
			changed = true
			switch kind {
			case 0:
				delete(all, t)
			case 1:
				all[t] = append(slices.Clone(list), "https://stranger.example/context")
			case 2:
				all[t] = list[:len(list)-1]
			default:
				turned := slices.Clone(list)
				slices.Reverse(turned)
				all[t] = turned
			}
		}
		if len(all) == 0 {
			delete(entry, "contexts")
		}
		return "the lists for its types", changed
	})(r, p)
}

// contextAtHand takes a context away or changes it. It is knowledge, so what the
// credential says may still be accepted; nothing else may.
func contextAtHand(r *rand.Rand, p *positive) (mutant, bool) {
	if len(p.situation.Contexts) == 0 {
		return mutant{}, false
	}
	s := *p.situation
	s.Contexts = maps.Clone(s.Contexts)
	url := pick(r, slices.Sorted(maps.Keys(s.Contexts))...)
	if r.IntN(2) == 0 {
		delete(s.Contexts, url)
		return mutant{situation: &s, what: "one is gone"}, true
	}
	doc, ok := parseJSON(s.Contexts[url])
	if !ok {
		return mutant{}, false
	}
	what, ok := changeValue(r, doc)
	s.Contexts[url] = doc.bytes()
	return mutant{situation: &s, what: "one has another " + what}, ok
}

// documentAtHand is contextAtHand for DID documents.
func documentAtHand(r *rand.Rand, p *positive) (mutant, bool) {
	if len(p.situation.Documents) == 0 {
		return mutant{}, false
	}
	s := *p.situation
	s.Documents = maps.Clone(s.Documents)
	id := pick(r, slices.Sorted(maps.Keys(s.Documents))...)
	doc, ok := parseJSON(s.Documents[id])
	if !ok || r.IntN(4) == 0 {
		delete(s.Documents, id)
		return mutant{situation: &s, what: "one is gone"}, true
	}
	what, ok := changeValue(r, doc)
	s.Documents[id] = doc.bytes()
	return mutant{situation: &s, what: "one has another " + what}, ok
}

// withStatus changes the list that a credential's status was looked up in; the
// change is to the opened list, since nobody here can sign one.
func withStatus(change func(*rand.Rand, *verify.Snapshot, string, *positive) bool) func(*rand.Rand, *positive) (mutant, bool) {
	return func(r *rand.Rand, p *positive) (mutant, bool) {
		uris := p.statusURIs()
		if len(uris) == 0 {
			return mutant{}, false
		}
		uri := pick(r, uris...)
		know := *p.know
		know.Status = maps.Clone(know.Status)
		delete(know.Status, uri)
		ok := change(r, &know, uri, p)
		return mutant{situation: p.situation, know: &know, what: "the list it stands in", refuse: true}, ok
	}
}

// statusChanged changes a list's own bytes.
func statusChanged(r *rand.Rand, p *positive) (mutant, bool) {
	if len(p.situation.Status) == 0 {
		return mutant{}, false
	}
	s := *p.situation
	s.Status = slices.Clone(s.Status)
	l := &s.Status[r.IntN(len(s.Status))]
	views := findViews(l.Data)
	v := views[r.IntN(len(views))]
	c := pick(r, byteChanges()...)
	data, what, ok := c.change(r, bytes.Clone(v.data))
	l.Data = v.put(data)
	return mutant{situation: &s, what: what}, ok
}

// otherPolicy asks for what was not presented.
func otherPolicy(r *rand.Rand, p *positive) (mutant, bool) {
	s := *p.situation
	if len(s.Policy) > 0 {
		policy, ok := otherValues(s.Policy)
		s.Policy = policy
		return mutant{situation: &s, know: p.know, what: "asks for another value", refuse: true}, ok
	}
	asked := pick(r,
		`{"credentials":[{"id":"x","types":["https://registry.example/none"]}]}`,
		`{"credentials":[{"id":"x","required_claims":[["no claim is called so"]]}]}`,
		`{"holder":{"proof_required":true}}`,
	)
	if asked == `{"holder":{"proof_required":true}}` && (p.situation.Binding.Kind != "bearer" || p.bound()) {
		return mutant{}, false
	}
	s.Policy = json.RawMessage(asked)
	return mutant{situation: &s, know: p.know, what: "asks for something else", refuse: true}, true
}

// otherValues asks for a value that no claim has in every query of a policy's DCQL;
// false where one of them asks for no claim, or gives a choice.
func otherValues(policy json.RawMessage) (json.RawMessage, bool) {
	doc := object(policy)
	query, _ := doc["dcql"].(map[string]any)
	asked, _ := query["credentials"].([]any)
	for _, v := range asked {
		c, _ := v.(map[string]any)
		claims, _ := c["claims"].([]any)
		if len(claims) == 0 || c["claim_sets"] != nil {
			return nil, false
		}
		one, ok := claims[0].(map[string]any)
		if !ok {
			return nil, false
		}
		one["values"] = []any{"no claim is this"}
	}
	return mustJSON(doc), len(asked) > 0
}
