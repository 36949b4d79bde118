package interop

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
)

// held is a credential that the peer issued to one of its wallets.
type held struct {
	vc      bool
	alg     string // the issuer's
	hash    string
	holder  key
	claims  *tree // all of the payload
	sdjwt   string
	list    statusList // of a VC
	index   int
	expires time.Time
}

// reserved are the members of the payload that mean something to a verifier.
var reserved = []string{"iss", "vct", "iat", "nbf", "exp", "cnf", "status", "sub", "aud", "_sd_alg", "vct#integrity", "@context", "issuer"}

// issue has the peer issue a random credential; every number leads to another
// combination of algorithms.
func (w *world) issue(n int) *held {
	w.t.Helper()
	h := &held{
		vc:      n%8 != 7,
		alg:     algorithms[n%4],
		holder:  w.wallets[algorithms[n/4%4]],
		hash:    hashes[n/16%3],
		list:    w.lists[listBits[w.r.IntN(4)]],
		expires: now().Add(time.Duration(1+w.r.IntN(1000)) * time.Hour),
	}
	h.index = h.list.valid[w.r.IntN(len(h.list.valid))]
	width := w.r.IntN(12)
	if n%25 == 24 {
		width = 150
	}
	h.claims = generate(w.r, width, 4, reserved...)
	add := func(name string, hidden bool, v any) {
		h.claims.children = append(h.claims.children, child{name: name, hidden: hidden, value: &tree{scalar: v}})
	}
	add("iss", false, issuerID(h.alg, h.vc))
	add("exp", false, float64(h.expires.Unix()))
	add("cnf", false, map[string]any{"jwk": object(h.holder.JWK)})
	// SD-JWT VC §2.2.2.2: sub and iat may be selectively disclosed.
	add("iat", w.r.IntN(2) == 0, float64(now().Add(-time.Hour).Unix()))
	if w.r.IntN(2) == 0 {
		add("sub", w.r.IntN(2) == 0, text(w.r))
	}
	if w.r.IntN(2) == 0 {
		add("nbf", false, float64(now().Add(-time.Minute).Unix()))
	}
	typ := "example+sd-jwt"
	if h.vc {
		typ = "dc+sd-jwt"
		add("vct", false, vct)
		add("status", false, map[string]any{"status_list": map[string]any{"idx": float64(h.index), "uri": h.list.uri}})
	}
	w.Call("issue", map[string]any{
		"vc": h.vc, "alg": h.alg, "key": w.issuers[h.alg].Number, "hash": h.hash,
		"header": map[string]any{"kid": "1", "typ": typ},
		"seed":   fmt.Sprint(w.r.Uint64()), "payload": h.claims.plain(), "frame": h.claims.frame(),
	}, &h.sdjwt)
	return h
}

// discloses reports whether a member of the payload is selectively disclosable.
func (h *held) discloses(name string) bool {
	return slices.ContainsFunc(h.claims.children, func(c child) bool { return c.name == name && c.hidden })
}

// presentation is a presentation that the peer's wallet made of a credential.
type presentation struct {
	attempt
	held     *held
	expected map[string]any // the claims that must come out
	wrong    []byte         // the library's own attempt, where its proof is over something else
}

// present has the holder disclose a random part of h, with the proof of
// possession that the binding asks for.
func (w *world) present(h *held, binding credential.Binding) *presentation {
	w.t.Helper()
	h.claims.choose(w.r, []float64{0, .3, .7, 1}[w.r.IntN(4)], true)
	p := &presentation{held: h, attempt: attempt{
		vc: h.vc, issuer: w.issuers[h.alg].JWK, binding: binding, at: now(), knows: w.knows,
		nonce: fmt.Sprintf("n-%d", w.r.Uint64()),
	}}
	p.expected = h.claims.disclosed().(map[string]any)
	// Without an _sd_alg, which the peer writes only with something to withhold,
	// RFC 9901 §4.1.1 has a default.
	hash := h.hash
	if h.claims.frame() == nil {
		hash = "sha-256"
	}
	request := map[string]any{"vc": h.vc, "sdjwt": h.sdjwt, "hash": hash, "frame": h.claims.shows()}
	if nonce := p.peerNonce(); nonce != "" {
		request["kb"] = map[string]any{"key": h.holder.Number, "alg": h.holder.Alg, "payload": map[string]any{
			"iat": now().Add(-10 * time.Second).Unix(), "aud": audience, "nonce": nonce,
		}}
	}
	var made struct{ Token, Wrong string }
	w.Call("present", request, &made)
	p.token, p.wrong = []byte(made.Token), []byte(made.Wrong)
	return p
}

// binding is the nth kind of proof that a presentation is asked for.
func (w *world) binding(n int) credential.Binding {
	switch n % 5 {
	case 3:
		return credential.Fresh(audience, window)
	case 4:
		return credential.BearerUnsafe()
	}
	return credential.Bound(fmt.Sprintf("n-%d", w.r.Uint64()), audience)
}

// revoked is knowledge in which one entry of one list has another value.
func (w *world) revoked(h *held, value int) *knowledge {
	w.t.Helper()
	l := h.list
	l.entries = slices.Clone(l.entries)
	l.entries[h.index] = value
	return w.withStatus(l.uri, w.statusToken(l, statusClaims(l)))
}

// withStatus is knowledge in which one status list token is another.
func (w *world) withStatus(uri, token string) *knowledge {
	w.t.Helper()
	return w.know(w.trustEntries(), map[string]string{uri: token})
}

// withIssuerKey is knowledge in which an issuer has another key.
func (w *world) withIssuerKey(id string, jwk json.RawMessage) *knowledge {
	w.t.Helper()
	entries := w.trustEntries()
	for _, e := range entries {
		if e["id"] == id {
			e["jwks"] = jwks(withKid(jwk, "1"))
		}
	}
	return w.know(entries, w.knows.tokens)
}
