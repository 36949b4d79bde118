package reporttest

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/listeners"
	"github.com/mochi-mqtt/server/v2/packets"
)

// Broker is an MQTT broker that can be stopped and started again under the same
// address, forgetting everything, as after a crash.
type Broker interface {
	Address() string // host:port
	URL() string     // mqtt://host:port
	Stop() error
	Start() error
}

// Embedded is a broker inside this process.
type Embedded struct {
	addr string
	log  *slog.Logger

	mu     sync.Mutex
	server *mqtt.Server
	door   *door
}

// StartEmbedded starts a broker on a free loopback port. A nil logger is silent.
func StartEmbedded(logger *slog.Logger) (*Embedded, error) {
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	e := &Embedded{addr: "127.0.0.1:0", log: logger}
	return e, e.Start()
}

// Address is host:port.
func (e *Embedded) Address() string { return e.addr }

// URL is what clients are given.
func (e *Embedded) URL() string { return "mqtt://" + e.addr }

// Start starts the broker again after Stop, under its address.
func (e *Embedded) Start() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.server != nil {
		return errors.New("start embedded broker: it is running")
	}
	ln, err := net.Listen("tcp", e.addr)
	if err != nil {
		return fmt.Errorf("start embedded broker: %w", err)
	}
	e.addr = ln.Addr().String()
	caps := mqtt.NewDefaultServerCapabilities()
	caps.MinimumProtocolVersion = 4
	server := mqtt.New(&mqtt.Options{Logger: e.log, Capabilities: caps})
	if err := server.AddHook(new(everybody), nil); err != nil {
		return fmt.Errorf("start embedded broker: %w", err)
	}
	e.door = &door{Listener: ln, open: map[net.Conn]bool{}}
	if err := server.AddListener(listeners.NewNet("loopback", e.door)); err != nil {
		return fmt.Errorf("start embedded broker: %w", err)
	}
	if err := server.Serve(); err != nil { // it returns at once
		return fmt.Errorf("start embedded broker: %w", err)
	}
	e.server = server
	return nil
}

// Stop stops the broker and cuts its connections. Twice does no harm.
func (e *Embedded) Stop() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.server == nil {
		return nil
	}
	e.door.shut()
	err := e.server.Close()
	e.server = nil
	return err
}

// Forget makes the broker lose the subscriptions of one client without a word, as
// brokers do when one connection of a client is cleared away while its next is
// made. false: no such client.
func (e *Embedded) Forget(clientID string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.server == nil {
		return false
	}
	c, ok := e.server.Clients.Get(clientID)
	if ok {
		e.server.UnsubscribeClient(c)
	}
	return ok
}

// door is a listener that knows its connections. The broker's own Close misses
// one that is just being made, and then waits for it for as long as it lives.
type door struct {
	net.Listener
	mu   sync.Mutex
	open map[net.Conn]bool // nil once shut
}

// Accept implements net.Listener.
func (d *door) Accept() (net.Conn, error) {
	c, err := d.Listener.Accept()
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.open == nil {
		return nil, errors.Join(net.ErrClosed, c.Close())
	}
	d.open[c] = true
	return &guest{Conn: c, door: d}, nil
}

func (d *door) shut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	_ = d.Listener.Close()
	for c := range d.open {
		_ = c.Close()
	}
	d.open = nil
}

// guest leaves the list when it is closed.
type guest struct {
	net.Conn
	door *door
}

func (g *guest) Close() error {
	g.door.mu.Lock()
	delete(g.door.open, g.Conn)
	g.door.mu.Unlock()
	return g.Conn.Close()
}

// everybody lets everybody do everything.
type everybody struct{ mqtt.HookBase }

func (*everybody) ID() string { return "everybody" }

func (*everybody) Provides(b byte) bool {
	return b == mqtt.OnConnectAuthenticate || b == mqtt.OnACLCheck
}

func (*everybody) OnConnectAuthenticate(*mqtt.Client, packets.Packet) bool { return true }

func (*everybody) OnACLCheck(*mqtt.Client, string, bool) bool { return true }
