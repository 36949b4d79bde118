package interop

import (
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/google/go-cmp/cmp"
)

// craftedCase is a credential that the issuer's key signed: nobody altered it,
// so only the rules of the format tell whether it counts.
type craftedCase struct {
	name  string
	craft func(*crafting)
	ours  reason.Code // why we refuse it; empty if we accept it
	peer  bool        // the peer accepts it
	// rule decides where the two differ: in the answer, or in the claims.
	rule        string
	otherClaims bool // both accept, and the claims differ
}

// crafting is a valid SD-JWT VC without a holder, to be changed at one point.
type crafting struct {
	plain       bool // by the issuer of plain SD-JWTs, who may issue any type
	header      map[string]any
	payload     map[string]any
	raw         func([]byte) []byte // the payload's bytes
	disclosures []string
	noTilde     bool
	kb          *proof // nil: a bearer copy
}

// proof is a key-binding JWT to be changed at one point.
type proof struct {
	header, payload map[string]any
	noHolder        bool
}

// disclose adds a disclosure and gives its digest.
func (c *crafting) disclose(content string) string {
	return c.discloseText(base64.RawURLEncoding.EncodeToString([]byte(content)))
}

func (c *crafting) discloseText(text string) string {
	c.disclosures = append(c.disclosures, text)
	return digest(text)
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// hide discloses contents as members of the payload.
func hide(contents ...string) func(*crafting) {
	return func(c *crafting) {
		var sd []string
		for _, content := range contents {
			sd = append(sd, c.disclose(content))
		}
		c.payload["_sd"] = sd
	}
}

func member(name string, v any) func(*crafting) {
	return func(c *crafting) { c.payload[name] = v }
}

func header(name string, v any) func(*crafting) {
	return func(c *crafting) { c.header[name] = v }
}

func payloadText(old, new string) func(*crafting) {
	return func(c *crafting) {
		c.raw = func(data []byte) []byte {
			changed := strings.Replace(string(data), old, new, 1)
			if changed == string(data) {
				panic("nothing to replace by " + new)
			}
			return []byte(changed)
		}
	}
}

// kb changes a key-binding JWT that is valid otherwise.
func kb(change func(*proof)) func(*crafting) {
	return func(c *crafting) {
		c.kb = &proof{
			header:  map[string]any{"typ": "kb+jwt"},
			payload: map[string]any{"iat": now().Unix(), "aud": audience, "nonce": "n-1"},
		}
		change(c.kb)
	}
}

func kbMember(name string, v any) func(*crafting) {
	return kb(func(p *proof) { p.payload[name] = v })
}

func kbHeader(name string, v any) func(*crafting) {
	return kb(func(p *proof) { p.header[name] = v })
}

// TestWhatAnIssuerMaySign gives both verifiers what an issuer signed, well or
// badly, and holds each to its answer. Where they differ, the case names the rule
// that decides, and the package documentation tells it.
func TestWhatAnIssuerMaySign(t *testing.T) {
	w := newWorld(t, seeded(t))
	entries := w.trustEntries()
	for _, e := range entries {
		if e["id"] != provider {
			e["status"] = "none"
		}
	}
	w.knows = w.know(entries, nil)
	differ := 0
	for _, c := range craftedCases() {
		t.Run(c.name, func(t *testing.T) {
			a := w.craft(c)
			ours, theirs := a.ours(t), w.judge([]attempt{a})[0]
			switch {
			case c.ours == "" && !ours.accepted():
				t.Errorf("we refuse it: %v", ours.reasons)
			case c.ours != "" && (ours.outcome != reason.Rejected || !slices.Contains(ours.reasons, c.ours)):
				t.Errorf("%s %v, want %s", ours.outcome, ours.reasons, c.ours)
			}
			if theirs.Accepted != c.peer {
				t.Errorf("the peer's answer is accepted=%t (%s), want %t", theirs.Accepted, theirs.Error, c.peer)
			}
			same := cmp.Equal(ours.claims, theirs.Claims)
			if ours.accepted() && theirs.Accepted && same == c.otherClaims {
				t.Errorf("the claims being the same is %t:\n%s", same, cmp.Diff(theirs.Claims, ours.claims))
			}
			if (c.ours == "") != c.peer || c.otherClaims {
				differ++
				if c.rule == "" {
					t.Error("the two differ, and no rule is named that decides")
				}
			} else if c.rule != "" {
				t.Errorf("the two agree; %s decides nothing", c.rule)
			}
		})
	}
	t.Logf("%d credentials, %d of them judged differently", len(craftedCases()), differ)
}

// craft has the peer sign what c describes.
func (w *world) craft(c craftedCase) attempt {
	w.t.Helper()
	const alg = "ES256"
	k := &crafting{
		header: map[string]any{"typ": "dc+sd-jwt", "kid": "1"},
		payload: map[string]any{
			"iss": issuerID(alg, true), "vct": vct, "iat": now().Add(-3600e9).Unix(), "exp": now().Add(3600e9).Unix(),
			"cnf": map[string]any{"jwk": object(w.wallets[alg].JWK)},
		},
	}
	c.craft(k)
	if k.plain {
		k.payload["iss"] = issuerID(alg, false)
	}
	if k.kb != nil && k.kb.noHolder {
		delete(k.payload, "cnf")
	}
	maps.DeleteFunc(k.payload, func(_ string, v any) bool { return v == nil })
	maps.DeleteFunc(k.header, func(_ string, v any) bool { return v == nil })
	payload := mustJSON(k.payload)
	if k.raw != nil {
		payload = k.raw(payload)
	}
	if k.header["b64"] == false {
		// RFC 7797: the payload is signed as it stands, here as base64url text.
		payload = []byte(base64.RawURLEncoding.EncodeToString(payload))
	}
	a := attempt{vc: !k.plain, issuer: w.issuers[alg].JWK, binding: credential.BearerUnsafe(), at: now(), knows: w.knows}
	text := strings.Join(append([]string{w.sign(w.issuers[alg], k.header, payload)}, k.disclosures...), "~")
	if !k.noTilde {
		text += "~"
	}
	if k.kb != nil {
		a.binding = credential.Bound("n-1", audience)
		if _, given := k.kb.payload["sd_hash"]; !given {
			k.kb.payload["sd_hash"] = digest(text)
		}
		maps.DeleteFunc(k.kb.payload, func(_ string, v any) bool { return v == nil })
		text += w.sign(w.wallets[alg], k.kb.header, mustJSON(k.kb.payload))
	}
	a.token = []byte(text)
	return a
}
