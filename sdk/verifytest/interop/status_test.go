package interop

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/status"
)

// TestEveryEntryOfAStatusList: what the peer's library packed, we unpack to the
// same values, entry by entry.
func TestEveryEntryOfAStatusList(t *testing.T) {
	w := newWorld(t, seeded(t))
	read := 0
	for _, bits := range listBits {
		t.Run(fmt.Sprintf("%d bits", bits), func(t *testing.T) {
			l := w.lists[bits]
			opened := w.knows.snapshot.Status[l.uri]
			if opened == nil {
				t.Fatalf("refused: %s", w.knows.snapshot.Refused[l.uri])
			}
			for i, want := range l.entries {
				got, err := opened.Lookup(uint64(i))
				if err != nil || int(got) != want {
					t.Fatalf("entry %d is %d (%v), want %d", i, got, err, want)
				}
				read++
			}
			// The list ends with its last byte (Token Status List §4.1).
			perByte := 8 / bits
			bytes := (len(l.entries) + perByte - 1) / perByte
			if opened.Len() != uint64(bytes*perByte) {
				t.Errorf("%d entries, want %d", opened.Len(), bytes*perByte)
			}
			if _, err := opened.Lookup(opened.Len()); !errors.Is(err, status.ErrRange) {
				t.Errorf("behind the end: %v, want %v", err, status.ErrRange)
			}
			flipped := []byte(w.knows.tokens[l.uri])
			flipped[len(flipped)/2] ^= 1
			if _, err := status.Token().Open(l.uri, flipped, w.knows.snapshot.Trust.Keys(nil, now()), now()); err == nil {
				t.Error("opened with a bit flipped")
			}
		})
	}
	t.Logf("%d entries read", read)
}

// statusCase is a status list token with one thing amiss.
type statusCase struct {
	name string
	make func(*world, *statusToken)
	ours reason.Code // we do not accept with this among the reasons; empty if we accept
	peer bool
	rule string // decides where the two differ
}

type statusToken struct {
	header, payload, list map[string]any
	key                   key
	index                 any // in the credential
}

func statusCases() []statusCase {
	const invalid = reason.StatusListInvalid
	claim := func(name string, v any) func(*world, *statusToken) {
		return func(_ *world, s *statusToken) { s.payload[name] = v }
	}
	typ := func(v any) func(*world, *statusToken) {
		return func(_ *world, s *statusToken) { s.header["typ"] = v }
	}
	return []statusCase{
		{name: "as it should be", make: func(*world, *statusToken) {}, peer: true},
		{name: "by a key nobody lists", ours: invalid, make: func(w *world, s *statusToken) { s.key = w.wallets["ES256"] }},
		{name: "without typ", ours: invalid, peer: true, rule: "Token Status List §5.1", make: typ(nil)},
		{name: "typ JWT", ours: invalid, peer: true, rule: "Token Status List §5.1", make: typ("JWT")},
		{name: "of another list", ours: invalid, peer: true, rule: "Token Status List §8.3", make: claim("sub", provider+"/other")},
		{name: "without sub", ours: invalid, peer: true, rule: "Token Status List §5.1", make: claim("sub", nil)},
		{name: "without iat", ours: invalid, peer: true, rule: "Token Status List §5.1", make: claim("iat", nil)},
		{name: "expired", ours: reason.StatusStale, make: claim("exp", now().Unix()-1)},
		{name: "expires at this moment", ours: reason.StatusStale, peer: true, rule: "RFC 7519 §4.1.4", make: claim("exp", now().Unix())},
		{name: "older than its ttl", ours: reason.StatusStale, peer: true, rule: "Token Status List §8.3", make: claim("ttl", 60)},
		{name: "a ttl that is a string", ours: invalid, peer: true, rule: "Token Status List §5.1", make: claim("ttl", "60")},
		{name: "issued tomorrow", ours: invalid, make: claim("iat", now().Unix()+86400)},
		{name: "three bits", ours: invalid, make: func(_ *world, s *statusToken) { s.list["bits"] = 3 }},
		{name: "bits that are a string", ours: invalid, make: func(_ *world, s *statusToken) { s.list["bits"] = "2" }},
		{name: "no list", ours: invalid, make: func(_ *world, s *statusToken) { s.list["lst"] = nil }},
		{name: "not compressed", ours: invalid, make: func(_ *world, s *statusToken) { s.list["lst"] = "AAAAAAAA" }},
		{name: "text behind the compressed list", ours: invalid, peer: true, rule: "Token Status List §4.1", make: func(_ *world, s *statusToken) {
			packed, err := base64.RawURLEncoding.DecodeString(s.list["lst"].(string))
			if err != nil {
				panic(err) // the peer made it
			}
			s.list["lst"] = base64.RawURLEncoding.EncodeToString(append(packed, "more"...))
		}},
		{name: "an index behind its end", ours: invalid, make: func(_ *world, s *statusToken) { s.index = 1 << 20 }},
		{name: "a negative index", ours: reason.Malformed, make: func(_ *world, s *statusToken) { s.index = -1 }},
		{name: "an index that is a string", ours: reason.Malformed, peer: true, rule: "Token Status List §6.2", make: func(_ *world, s *statusToken) { s.index = fmt.Sprint(s.index) }},
		{name: "an index with a fraction", ours: reason.Malformed, make: func(_ *world, s *statusToken) { s.index = 0.5 }},
	}
}

// TestWhatAStatusProviderMaySign is to status lists what
// TestWhatAnIssuerMaySign is to credentials.
func TestWhatAStatusProviderMaySign(t *testing.T) {
	w := newWorld(t, seeded(t))
	l := w.lists[2]
	base := w.knows.tokens[l.uri]
	for _, c := range statusCases() {
		t.Run(c.name, func(t *testing.T) {
			s := &statusToken{
				header:  map[string]any{"typ": status.TokenType, "kid": "status"},
				payload: segmentOf(base, 1), key: w.status, index: l.valid[0],
			}
			s.list = s.payload["status_list"].(map[string]any)
			c.make(w, s)
			for _, m := range []map[string]any{s.header, s.payload, s.list} {
				maps.DeleteFunc(m, func(_ string, v any) bool { return v == nil })
			}
			a := w.craft(craftedCase{craft: member("status", map[string]any{"status_list": map[string]any{"idx": s.index, "uri": l.uri}})})
			a.knows = w.withStatus(l.uri, w.sign(s.key, s.header, mustJSON(s.payload)))
			ours, theirs := a.ours(t), w.judge([]attempt{a})[0]
			if c.ours == "" && !ours.accepted() {
				t.Errorf("we refuse it: %v", ours.reasons)
			}
			if c.ours != "" && (ours.accepted() || !slices.Contains(ours.reasons, c.ours)) {
				t.Errorf("%s %v, want %s", ours.outcome, ours.reasons, c.ours)
			}
			if theirs.Accepted != c.peer {
				t.Errorf("the peer's answer is accepted=%t (%s), want %t", theirs.Accepted, theirs.Error, c.peer)
			}
			if ((c.ours == "") != c.peer) != (c.rule != "") {
				t.Errorf("whether a rule is named (%q) is not whether the two differ", c.rule)
			}
		})
	}
}
