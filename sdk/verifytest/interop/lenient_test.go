package interop

import (
	"os"
	"strings"
	"testing"
)

// lenience is a change that the peer's verifier, as it comes, accepts and that
// we refuse, with the rule that decides. They are told in the package
// documentation.
type lenience struct {
	rule   string
	bearer bool // only where no proof of possession is asked for: otherwise sd_hash covers it
}

// known are the leniencies of the peer's verifier towards changes made to a
// presentation, by the kind of change.
func known() map[string]lenience {
	return map[string]lenience{
		"a bit of a disclosure flipped":             {"RFC 9901 §7.1 step 5", true},
		"a foreign disclosure added":                {"RFC 9901 §7.1 step 5", true},
		"a disclosure replaced":                     {"RFC 9901 §7.1 step 5", true},
		"a disclosure padded":                       {"RFC 9901 §4, ABNF", true},
		"a disclosure twice":                        {"RFC 9901 §4", true},
		"only the issuer's JWT, without a tilde":    {"RFC 9901 §4", true},
		"another audience":                          {"RFC 9901 §7.3 step 5.f", false},
		"a proof for two audiences":                 {"RFC 9901 §4.3", false},
		"a proof made tomorrow":                     {"RFC 9901 §7.3 step 5.e", false},
		"after its window":                          {"RFC 9901 §7.3 step 5.e", false},
		"before its disclosed iat":                  {"RFC 9901 §7.1 step 6", false},
		"the moment it expires":                     {"RFC 7519 §4.1.4", false},
		"unused bits of the holder's signature set": {"RFC 4648 §3.5", false},
		"unused bits of the issuer's signature set": {"RFC 4648 §3.5", true},
	}
}

// leniencies counts what the peer accepted.
type leniencies struct {
	seen map[string]int
}

func newLeniencies() *leniencies { return &leniencies{seen: map[string]int{}} }

func (l *leniencies) saw(t *testing.T, c change) {
	t.Helper()
	entry, ok := known()[c.kind]
	if !ok || entry.bearer && c.peerNonce() != "" {
		t.Errorf("the peer accepts %q, which we refuse, and no rule is written down that decides", c.kind)
	}
	l.seen[c.kind]++
}

// mustMatch holds the table to what happened, so that it does not outlive a
// version of the peer.
func (l *leniencies) mustMatch(t *testing.T) {
	t.Helper()
	for kind := range known() {
		if l.seen[kind] == 0 {
			t.Errorf("the peer never accepted %q: this leniency is gone, or no longer tested", kind)
		}
	}
}

// TestEveryDifferenceIsDocumented compares the tables with the package
// documentation.
func TestEveryDifferenceIsDocumented(t *testing.T) {
	data, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(strings.ReplaceAll(string(data), "//", "")), " ")
	rules := map[string]string{}
	for kind, entry := range known() {
		rules[entry.rule] = kind
	}
	for _, c := range craftedCases() {
		if c.rule != "" {
			rules[c.rule] = c.name
		}
	}
	for _, c := range statusCases() {
		if c.rule != "" {
			rules[c.rule] = c.name
		}
	}
	for rule, example := range rules {
		if !strings.Contains(text, rule) {
			t.Errorf("doc.go does not name %s, which decides %q", rule, example)
		}
	}
}
