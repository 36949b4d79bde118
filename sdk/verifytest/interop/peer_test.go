package interop

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/dzong-id/dzong/sdk/verifytest/interop/nodejs"
)

// peer is the running Node.js program.
type peer struct {
	*nodejs.Program
	t testing.TB
}

// startPeer starts peer/peer.mjs with the libraries in $DZONG_INTEROP, or skips
// the test where nobody asked for it.
func startPeer(t testing.TB) *peer {
	t.Helper()
	libraries := os.Getenv("DZONG_INTEROP")
	if libraries == "" {
		t.Skip("the SD-JWT libraries of others need Node.js 20: run make interop")
	}
	return &peer{nodejs.Start(t, "peer/peer.mjs", libraries), t}
}

func decode(data []byte, into any) error { return nodejs.Decode(data, into) }

// key is a key pair of the peer's: the private part stays there.
type key struct {
	Number int             `json:"key"`
	JWK    json.RawMessage `json:"jwk"`
	Alg    string          `json:"-"`
}

func (p *peer) newKey(alg string) key {
	p.t.Helper()
	k := key{Alg: alg}
	p.Call("key", map[string]any{"alg": alg}, &k)
	return k
}

// sign makes a compact JWS over any payload. Its alg is the key's unless the
// header says otherwise.
func (p *peer) sign(k key, header map[string]any, payload []byte) string {
	p.t.Helper()
	with := map[string]any{"alg": k.Alg}
	for name, v := range header {
		with[name] = v
	}
	var compact string
	p.Call("sign", map[string]any{"key": k.Number, "header": with, "payload": payload}, &compact)
	return compact
}

// judgement is what the peer's verifier makes of a presentation.
type judgement struct {
	Accepted bool           `json:"accepted"`
	Claims   map[string]any `json:"claims"`
	Error    string         `json:"error"`
}

// judge has the peer verify attempts, in order.
func (p *peer) judge(attempts []attempt) []judgement {
	p.t.Helper()
	var all []judgement
	for len(attempts) > 0 {
		n := min(len(attempts), 200)
		items := make([]map[string]any, n)
		for i, a := range attempts[:n] {
			items[i] = map[string]any{
				"token": a.token, "vc": a.vc, "issuer": a.issuer, "now": a.at.Unix(),
				"nonce": a.peerNonce(), "status": a.knows.tokens, "provider": a.knows.provider,
			}
		}
		var judged []judgement
		p.Call("verify", map[string]any{"items": items}, &judged)
		if len(judged) != n {
			p.t.Fatalf("the peer judged %d of %d", len(judged), n)
		}
		all = append(all, judged...)
		attempts = attempts[n:]
	}
	return all
}
