package interop

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/sdjwt"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/trust"
	"github.com/dzong-id/dzong/sdk/verify"
)

const (
	vct      = "https://registry.example/citizen"
	provider = "https://status.example"
	audience = "https://bank.example/counter"
	window   = time.Minute
)

var (
	algorithms = []string{"ES256", "ES384", "ES512", "EdDSA"}
	hashes     = []string{"sha-256", "sha-384", "sha-512"}
	listBits   = []int{1, 2, 4, 8}
)

// now is the time of every decision that does not say otherwise.
func now() time.Time { return time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC) }

// knowledge is what a verifier knows, on both sides.
type knowledge struct {
	snapshot *verify.Snapshot
	tokens   map[string]string // status list tokens by URI
	provider json.RawMessage   // the key that the peer takes for all of them
}

// attempt is one presentation and everything its verdict depends on.
type attempt struct {
	token   []byte
	vc      bool
	issuer  json.RawMessage // the issuer's key, for the peer; we find it in the trust list
	binding credential.Binding
	nonce   string // what stands in the key-binding JWT, where the binding is Fresh
	at      time.Time
	knows   *knowledge
}

// peerNonce is what the peer's verifier is asked to expect. It looks at no
// key-binding JWT unless it is asked for a nonce.
func (a attempt) peerNonce() string {
	switch a.binding.Kind() {
	case credential.BindingBound:
		return a.binding.Nonce()
	case credential.BindingFresh:
		return a.nonce
	}
	return ""
}

// verdict is what we make of a presentation.
type verdict struct {
	outcome reason.Outcome
	reasons []reason.Code
	claims  map[string]any
}

func (v verdict) accepted() bool { return v.outcome == reason.Accepted }

func (a attempt) ours(t testing.TB) verdict {
	t.Helper()
	v, err := verify.New(a.knows.snapshot, verify.Formats(sdjwt.Mechanism()), verify.Replay(verify.NewMemoryReplay()))
	if err != nil {
		t.Fatal(err)
	}
	r, err := v.Verify(context.Background(), verify.Input{Presented: verify.One(a.token), Binding: a.binding, At: a.at})
	if err != nil {
		t.Fatal(err)
	}
	got := verdict{outcome: r.Outcome(), reasons: r.Reasons()}
	if r.Accepted() {
		data, err := r.Credentials()[0].Claims().MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		if err := decode(data, &got.claims); err != nil {
			t.Fatal(err)
		}
	}
	return got
}

// world is the peer's issuers, wallets and status provider, and a trust list
// that names them.
type world struct {
	*peer
	r       *rand.Rand
	issuers map[string]key // by algorithm
	wallets map[string]key
	status  key
	lists   map[int]statusList // by bits
	knows   *knowledge
}

// statusList is a list that the peer publishes.
type statusList struct {
	uri     string
	bits    int
	entries []int
	valid   []int // indices of entries that are 0
}

// newWorld has the peer make every key and status list.
func newWorld(t testing.TB, r *rand.Rand) *world {
	t.Helper()
	w := &world{
		peer: startPeer(t), r: r,
		issuers: map[string]key{}, wallets: map[string]key{}, lists: map[int]statusList{},
	}
	for _, alg := range algorithms {
		w.issuers[alg], w.wallets[alg] = w.newKey(alg), w.newKey(alg)
	}
	w.status = w.newKey("ES256")
	tokens := map[string]string{}
	for _, bits := range listBits {
		l := statusList{uri: fmt.Sprintf("%s/%d", provider, bits), bits: bits}
		for i := range 4000 + 1000*r.IntN(4) + r.IntN(8) {
			value := 0
			if r.IntN(4) == 0 {
				value = r.IntN(1 << bits)
			}
			l.entries = append(l.entries, value)
			if value == 0 {
				l.valid = append(l.valid, i)
			}
		}
		w.lists[bits] = l
		tokens[l.uri] = w.statusToken(l, statusClaims(l))
	}
	w.knows = w.know(w.trustEntries(), tokens)
	return w
}

func statusClaims(l statusList) map[string]any {
	return map[string]any{
		"sub": l.uri, "iat": now().Add(-time.Hour).Unix(), "exp": now().Add(24 * time.Hour).Unix(), "ttl": 43200,
	}
}

// statusToken has the peer sign l as it stands.
func (w *world) statusToken(l statusList, claims map[string]any) string {
	w.t.Helper()
	var token string
	w.Call("status", map[string]any{
		"key": w.status.Number, "alg": w.status.Alg, "kid": "status", "claims": claims, "bits": l.bits, "entries": l.entries,
	}, &token)
	return token
}

// trustEntries is a trust list's issuers: for each algorithm one that issues
// SD-JWT VCs and one that issues plain SD-JWTs, and the status provider.
func (w *world) trustEntries() []map[string]any {
	entries := []map[string]any{{
		"id": provider, "types": []string{provider + "/no-credential"}, "jwks": jwks(withKid(w.status.JWK, "status")),
	}}
	for _, alg := range algorithms {
		keys := jwks(withKid(w.issuers[alg].JWK, "1"))
		entries = append(entries,
			map[string]any{"id": issuerID(alg, true), "types": []string{vct}, "jwks": keys, "status_signers": []string{provider}},
			map[string]any{"id": issuerID(alg, false), "types": []string{"*"}, "jwks": keys, "status": "none"})
	}
	return entries
}

func issuerID(alg string, vc bool) string {
	kind := "plain"
	if vc {
		kind = "vc"
	}
	return "https://" + kind + "." + strings.ToLower(alg) + ".example"
}

func jwks(keys ...map[string]any) map[string]any { return map[string]any{"keys": keys} }

func withKid(jwk json.RawMessage, kid string) map[string]any {
	m := object(jwk)
	m["kid"] = kid
	return m
}

// know makes knowledge of a trust list and status list tokens. A token that we
// refuse to open is refused knowledge, as it would be in operation.
func (w *world) know(entries []map[string]any, tokens map[string]string) *knowledge {
	w.t.Helper()
	data, err := json.Marshal(map[string]any{
		"format": 1, "number": 1,
		"issued":  now().Add(-time.Hour).Format(time.RFC3339),
		"expires": now().AddDate(10, 0, 0).Format(time.RFC3339),
		"issuers": entries,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	list, err := trust.Parse(data)
	if err != nil {
		w.t.Fatal(err)
	}
	s := &verify.Snapshot{Trust: list, Status: map[string]*status.List{}, Refused: map[string]reason.Code{}}
	for uri, token := range tokens {
		l, err := status.Token().Open(uri, []byte(token), list.Keys(s, now()), now())
		if err != nil {
			var coded *reason.Error
			if !errors.As(err, &coded) {
				w.t.Fatalf("a status list is refused without a code: %v", err)
			}
			s.Refused[uri] = coded.Code
			continue
		}
		s.Status[uri] = l
	}
	return &knowledge{snapshot: s, tokens: tokens, provider: w.status.JWK}
}

func object(data []byte) map[string]any {
	var m map[string]any
	if err := json.Unmarshal(data, &m); err != nil {
		panic(fmt.Sprintf("read an object of the peer's: %v", err))
	}
	return m
}
