package interop

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"
)

// peer is the running Node.js program. One request at a time.
type peer struct {
	t   testing.TB
	in  io.WriteCloser
	out *bufio.Reader
}

// startPeer starts peer/peer.mjs with the libraries in $DZONG_INTEROP, or skips
// the test where nobody asked for it.
func startPeer(t testing.TB) *peer {
	t.Helper()
	libraries := os.Getenv("DZONG_INTEROP")
	if libraries == "" {
		t.Skip("the SD-JWT libraries of others need Node.js 20: run make interop")
	}
	command := exec.Command("node", "peer/peer.mjs", libraries)
	command.Stderr = os.Stderr
	in, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatalf("start the peer: %v", err)
	}
	// A peer that hangs must not hang the tests.
	watch := time.AfterFunc(5*time.Minute, func() { _ = command.Process.Kill() })
	t.Cleanup(func() {
		_ = in.Close() // it ends when its input does
		if err := command.Wait(); err != nil {
			t.Errorf("the peer ended badly: %v", err)
		}
		watch.Stop()
	})
	return &peer{t: t, in: in, out: bufio.NewReaderSize(out, 1<<20)}
}

// call has the peer do op and reads the result into it. What the peer refuses to
// do fails the test: a refusal to verify is no error but a result.
func (p *peer) call(op string, request map[string]any, into any) {
	p.t.Helper()
	if err := p.try(op, request, into); err != nil {
		p.t.Fatal(err)
	}
}

func (p *peer) try(op string, request map[string]any, into any) error {
	message := map[string]any{"op": op}
	for name, v := range request {
		message[name] = v
	}
	line, err := json.Marshal(message)
	if err != nil {
		return fmt.Errorf("encode the request to the peer: %w", err)
	}
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("ask the peer to %s: %w", op, err)
	}
	if line, err = p.out.ReadBytes('\n'); err != nil {
		return fmt.Errorf("read the peer's answer to %s: %w", op, err)
	}
	var answer struct {
		Result json.RawMessage `json:"result"`
		Error  string          `json:"error"`
	}
	if err := json.Unmarshal(line, &answer); err != nil {
		return fmt.Errorf("read the peer's answer to %s: %w", op, err)
	}
	if answer.Error != "" {
		return fmt.Errorf("the peer could not %s: %s", op, answer.Error)
	}
	return decode(answer.Result, into)
}

// decode keeps numbers as they were written.
func decode(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return d.Decode(into)
}

// key is a key pair of the peer's: the private part stays there.
type key struct {
	Number int             `json:"key"`
	JWK    json.RawMessage `json:"jwk"`
	Alg    string          `json:"-"`
}

func (p *peer) newKey(alg string) key {
	p.t.Helper()
	k := key{Alg: alg}
	p.call("key", map[string]any{"alg": alg}, &k)
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
	p.call("sign", map[string]any{"key": k.Number, "header": with, "payload": payload}, &compact)
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
		p.call("verify", map[string]any{"items": items}, &judged)
		if len(judged) != n {
			p.t.Fatalf("the peer judged %d of %d", len(judged), n)
		}
		all = append(all, judged...)
		attempts = attempts[n:]
	}
	return all
}
