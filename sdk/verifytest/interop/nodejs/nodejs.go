// Package nodejs runs a Node.js program that drives the libraries of others, for
// the interoperability tests. The program answers requests, one JSON object per
// line on standard input, with one line each on standard output:
//
//	{"op": "...", ...} → {"result": ...} or {"error": "..."}
//
// Only tests import it.
package nodejs

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"
)

// Program is a running program. One request at a time.
type Program struct {
	t   testing.TB
	in  io.WriteCloser
	out *bufio.Reader
}

// Start starts script with the folder of its libraries, which it takes as its only
// argument. The program ends with the test, or after five minutes.
func Start(t testing.TB, script, libraries string) *Program {
	t.Helper()
	command := exec.Command("node", script, libraries)
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
	return &Program{t: t, in: in, out: bufio.NewReaderSize(out, 1<<20)}
}

// Call has the program do op and reads the result into into. What it refuses to do
// fails the test: a refusal to verify is no error but a result.
func (p *Program) Call(op string, request map[string]any, into any) {
	p.t.Helper()
	if err := p.Try(op, request, into); err != nil {
		p.t.Fatal(err)
	}
}

// Try is [Program.Call] that gives what is refused as an error.
func (p *Program) Try(op string, request map[string]any, into any) error {
	message := maps.Clone(request)
	if message == nil {
		message = map[string]any{}
	}
	message["op"] = op
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
	return Decode(answer.Result, into)
}

// Random gives a test its random numbers. DZONG_INTEROP_SEED makes another run of
// the same kind; keys and signatures are new each time.
func Random(t testing.TB) *rand.Rand {
	t.Helper()
	seed := os.Getenv("DZONG_INTEROP_SEED")
	if seed == "" {
		seed = "1"
	}
	h := fnv.New64a()
	fmt.Fprint(h, seed, t.Name())
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("DZONG_INTEROP_SEED=%s", seed)
		}
	})
	return rand.New(rand.NewPCG(h.Sum64(), 0))
}

// Decode reads JSON and keeps numbers as they were written.
func Decode(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return d.Decode(into)
}
