package reporttest

import (
	"fmt"
	"io"
	"net"
	"sync"
)

// Proxy is a line to a broker that can be cut.
type Proxy struct {
	ln     net.Listener
	target string

	mu    sync.Mutex
	conns map[net.Conn]bool
	down  bool
	after int64 // bytes towards the broker until the line breaks by itself; 0 = never
}

// StartProxy listens on a free loopback port and hands on to target, host:port.
func StartProxy(target string) (*Proxy, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start proxy: %w", err)
	}
	p := &Proxy{ln: ln, target: target, conns: map[net.Conn]bool{}}
	go p.accept()
	return p, nil
}

// URL is what clients are given.
func (p *Proxy) URL() string { return "mqtt://" + p.ln.Addr().String() }

// Cut breaks every connection at once, without a goodbye. New ones are let
// through.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		_ = c.Close()
	}
}

// Down breaks every connection and refuses new ones until Up.
func (p *Proxy) Down() {
	p.mu.Lock()
	p.down = true
	p.mu.Unlock()
	p.Cut()
}

// Up lets connections through again.
func (p *Proxy) Up() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = false
}

// CutAfter breaks each following connection once it has carried n bytes towards
// the broker, in the middle of whatever that is; 0 never does.
func (p *Proxy) CutAfter(n int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.after = n
}

// Close ends the proxy.
func (p *Proxy) Close() error {
	err := p.ln.Close()
	p.Down()
	return err
}

func (p *Proxy) accept() {
	for {
		near, err := p.ln.Accept()
		if err != nil {
			return
		}
		go p.carry(near)
	}
}

func (p *Proxy) carry(near net.Conn) {
	defer func() { _ = near.Close() }()
	p.mu.Lock()
	down, after := p.down, p.after
	p.mu.Unlock()
	if down {
		return
	}
	far, err := net.Dial("tcp", p.target)
	if err != nil {
		return
	}
	defer func() { _ = far.Close() }()
	p.mu.Lock()
	p.conns[near], p.conns[far] = true, true
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.conns, near)
		delete(p.conns, far)
	}()
	done := make(chan struct{}, 2)
	go func() { _, _ = io.Copy(near, far); done <- struct{}{} }()
	go func() {
		if after > 0 {
			_, _ = io.CopyN(far, near, after)
		} else {
			_, _ = io.Copy(far, near)
		}
		done <- struct{}{}
	}()
	<-done
}
