package interop

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
)

// change is a presentation after one change that a verifier must refuse it for.
type change struct {
	attempt
	kind    string
	outcome reason.Outcome
	code    reason.Code // among the reasons; empty where the change may break more than one thing
}

// flips is how many random bits of each presentation are turned over.
const flips = 24

// changes are single changes of p: of its bytes, of who asks what and when, and
// of what the verifier knows.
func (w *world) changes(p *presentation) []change {
	w.t.Helper()
	list := &changeList{p: p}
	for range flips {
		list.flip(w.r.IntN(len(p.token)), byte(1)<<w.r.IntN(8))
	}
	list.parts(w)
	list.circumstances(w)
	return list.all
}

type changeList struct {
	p   *presentation
	all []change
}

func (l *changeList) add(kind string, code reason.Code, edit func(*attempt)) {
	c := change{attempt: l.p.attempt, kind: kind, outcome: reason.Rejected, code: code}
	c.token = bytes.Clone(c.token)
	edit(&c.attempt)
	l.all = append(l.all, c)
}

func (l *changeList) text(kind string, code reason.Code, parts ...string) {
	l.add(kind, code, func(a *attempt) { a.token = []byte(strings.Join(parts, "~")) })
}

func (l *changeList) bound() bool { return l.p.peerNonce() != "" }

// flip turns bits of one byte over. The kind says which part it stands in,
// because it depends on that whether the peer looks.
func (l *changeList) flip(at int, bits byte) {
	part := partAt(l.p.token, at)
	kind := "a bit of " + part + " flipped"
	if strings.HasSuffix(part, "signature") && sameSignature(l.p.token, at, bits) {
		kind = "unused bits of " + part + " set"
	}
	l.add(kind, "", func(a *attempt) { a.token[at] ^= bits })
}

// sameSignature reports whether turning over bits of a signature's character
// leaves its bytes as they are: the last of 86 characters has four that mean
// nothing.
func sameSignature(token []byte, at int, bits byte) bool {
	start := bytes.LastIndexByte(token[:at+1], '.') + 1
	end := len(token)
	if i := bytes.IndexByte(token[at:], '~'); i >= 0 {
		end = at + i
	}
	changed := bytes.Clone(token[start:end])
	changed[at-start] ^= bits
	before, err1 := base64.RawURLEncoding.DecodeString(string(token[start:end]))
	after, err2 := base64.RawURLEncoding.DecodeString(string(changed))
	return err1 == nil && err2 == nil && bytes.Equal(before, after)
}

// everyBit is p with each of its bits flipped in turn.
func (p *presentation) everyBit() []change {
	list := &changeList{p: p}
	for at := range p.token {
		for bit := range 8 {
			list.flip(at, 1<<bit)
		}
	}
	return list.all
}

// partAt names the part of an SD-JWT in which a byte stands.
func partAt(token []byte, at int) string {
	if token[at] == '~' {
		return "a tilde"
	}
	first, last := bytes.IndexByte(token, '~'), bytes.LastIndexByte(token, '~')
	if at > first && at < last {
		return "a disclosure"
	}
	who, start := "the issuer's ", 0
	if at > last {
		who, start = "the holder's ", last+1
	}
	return who + [...]string{"header", "payload", "signature"}[bytes.Count(token[start:at], []byte{'.'})]
}

// parts are changes of the presentation's parts: left out, doubled, swapped, or
// taken from another one.
func (l *changeList) parts(w *world) {
	parts := strings.Split(string(l.p.token), "~")
	jwt, disclosures, kb := parts[0], parts[1:len(parts)-1], parts[len(parts)-1]
	with := func(d []string, kb string) []string { return slices.Concat([]string{jwt}, d, []string{kb}) }
	foreign := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `["%d","admin",true]`, w.r.Uint64()))

	l.text("a foreign disclosure added", reason.ClaimsNotCovered, with(append(slices.Clone(disclosures), foreign), kb)...)
	l.text("an empty disclosure", reason.Malformed, with(append(slices.Clone(disclosures), ""), kb)...)
	l.text("text behind the last tilde", reason.Malformed, with(disclosures, kb+"x")...)
	l.text("only the issuer's JWT, without a tilde", "", jwt)
	if n := len(disclosures); n > 0 {
		i := w.r.IntN(n)
		l.text("a disclosure twice", reason.Malformed, with(append(slices.Clone(disclosures), disclosures[i]), kb)...)
		replaced := slices.Clone(disclosures)
		replaced[i] = foreign
		l.text("a disclosure replaced", reason.ClaimsNotCovered, with(replaced, kb)...)
		padded := slices.Clone(disclosures)
		padded[i] += "="
		l.text("a disclosure padded", reason.Malformed, with(padded, kb)...)
		if l.bound() {
			l.text("a disclosure left out", reason.HolderBindingMismatch, with(slices.Delete(slices.Clone(disclosures), i, i+1), kb)...)
		}
		if n > 1 && l.bound() {
			j := (i + 1) % n
			swapped := slices.Clone(disclosures)
			swapped[i], swapped[j] = swapped[j], swapped[i]
			l.text("two disclosures swapped", reason.HolderBindingMismatch, with(swapped, kb)...)
		}
	}
	segments := strings.Split(jwt, ".")
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"typ":"dc+sd-jwt","kid":"1","alg":"none"}`))
	l.text("alg none", "", append([]string{none + "." + segments[1] + "."}, parts[1:]...)...)
	l.text("no signature", "", append([]string{segments[0] + "." + segments[1] + "."}, parts[1:]...)...)
	if !l.bound() {
		return
	}
	l.text("the holder's proof left out", reason.HolderBindingMissing, with(disclosures, "")...)

	// What the holder withheld, shown by somebody else.
	for _, d := range strings.Split(l.p.held.sdjwt, "~")[1:] {
		if d != "" && !slices.Contains(disclosures, d) {
			l.text("a disclosure that the holder withheld", "", with(append(slices.Clone(disclosures), d), kb)...)
			break
		}
	}
	made := now().Add(-10 * time.Second).Unix()
	again := func(who key, aud, nonce any, iat int64) string {
		// sd_hash as it stands in the proof it takes the place of.
		payload := mustJSON(map[string]any{"iat": iat, "aud": aud, "nonce": nonce, "sd_hash": segmentOf(kb, 1)["sd_hash"]})
		return w.sign(who, map[string]any{"typ": "kb+jwt"}, payload)
	}
	nonce := l.p.peerNonce()
	thief := w.wallets[algorithms[(slices.Index(algorithms, l.p.held.holder.Alg)+1)%4]]
	l.text("a proof by another holder's key", reason.HolderBindingMismatch, with(disclosures, again(thief, audience, nonce, made))...)
	l.text("a proof by the issuer's key", reason.HolderBindingMismatch, with(disclosures, again(w.issuers[l.p.held.alg], audience, nonce, made))...)
	l.text("a proof for two audiences", reason.AudienceMismatch, with(disclosures, again(l.p.held.holder, []string{audience, "https://other.example"}, nonce, made))...)
	l.text("a proof made tomorrow", reason.PresentationNotFresh, with(disclosures, again(l.p.held.holder, audience, nonce, made+86400))...)
}

// circumstances are changes of what surrounds the presentation.
func (l *changeList) circumstances(w *world) {
	h := l.p.held
	other := w.issuers[h.alg]
	other.JWK = w.wallets[h.alg].JWK // another key for the same algorithm
	l.add("another issuer's key", reason.SignatureInvalid, func(a *attempt) {
		a.issuer, a.knows = other.JWK, w.withIssuerKey(issuerID(h.alg, h.vc), other.JWK)
	})
	l.add("an hour after it expired", reason.Expired, func(a *attempt) { a.at = h.expires.Add(time.Hour) })
	l.add("the moment it expires", reason.Expired, func(a *attempt) { a.at = h.expires })
	if _, shown := l.p.expected["iat"]; shown {
		// Above the status list's own iat, which the peer applies to its token.
		kind := "before its iat"
		if h.discloses("iat") {
			kind = "before its disclosed iat"
		}
		l.add(kind, reason.NotYetValid, func(a *attempt) { a.at = now().Add(-2 * time.Hour) })
	}
	switch l.p.binding.Kind() {
	case credential.BindingBound:
		l.add("another nonce", reason.NonceMismatch, func(a *attempt) { a.binding = credential.Bound(a.binding.Nonce()+"x", audience) })
		l.add("another audience", reason.AudienceMismatch, func(a *attempt) { a.binding = credential.Bound(a.binding.Nonce(), audience+"/") })
	case credential.BindingFresh:
		l.add("another audience", reason.AudienceMismatch, func(a *attempt) { a.binding = credential.Fresh(audience+"/", window) })
		l.add("after its window", reason.PresentationNotFresh, func(a *attempt) { a.at = now().Add(window) })
	}
	if !h.vc {
		return
	}
	revoked := w.revoked(h, 1)
	l.add("revoked", reason.Revoked, func(a *attempt) { a.knows = revoked })
	if h.list.bits > 1 {
		suspended := w.revoked(h, 2)
		l.add("suspended", reason.Suspended, func(a *attempt) { a.knows = suspended })
	}
}

// mustRefuse holds us to refusing every change, and the peer to no more
// leniency than is written down.
func mustRefuse(t *testing.T, w *world, all []change, known *leniencies) {
	t.Helper()
	attempts := make([]attempt, len(all))
	for i, c := range all {
		attempts[i] = c.attempt
	}
	for i, theirs := range w.judge(attempts) {
		c := all[i]
		ours := c.ours(t)
		switch {
		case ours.outcome != c.outcome:
			t.Errorf("%s: %s %v, want %s\n%s", c.kind, ours.outcome, ours.reasons, c.outcome, c.token)
		case c.code != "" && !slices.Contains(ours.reasons, c.code):
			t.Errorf("%s: %v, want %s among them\n%s", c.kind, ours.reasons, c.code, c.token)
		}
		if theirs.Accepted {
			known.saw(t, c)
		}
	}
}
