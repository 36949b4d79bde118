package report

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"sync"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// Message is one MQTT message.
type Message struct {
	Topic    string
	Payload  []byte // at most some 8 kB; a longer one arrives shortened to that
	Retained bool   // sent: to be kept by the broker; received: was kept by it
}

// Link is one connection to a broker, until it is lost: it never reconnects by
// itself. MQTT 3.1.1, always a clean session, everything at QoS 1.
//
// Clean, because the outbox and the collector's receipts already are what a
// session would be, with limits we know and on a disk we know. A session kept by
// the broker would send again what the outbox sends again, and would deliver a
// command of last week to a kiosk that comes back. For the same reason paho gets
// a store in memory that dies with the connection: its file store keeps nothing
// before the first connect, and is no outbox.
//
// It is safe for concurrent use.
type Link struct {
	client mqtt.Client
	out    chan outgoing
	lost   chan struct{}
	once   sync.Once
	mu     sync.Mutex
	err    error
}

// Dial connects to the broker as clientID. will, if not nil, is what the broker
// says when the connection breaks. The error is the broker's refusal, the
// network's, or that of ctx.
func Dial(ctx context.Context, o BrokerOptions, clientID string, will *Message) (*Link, error) {
	d, err := o.prepare()
	if err != nil {
		return nil, err
	}
	l := &Link{out: make(chan outgoing, 64), lost: make(chan struct{})}
	po := mqtt.NewClientOptions().
		AddBroker(d.url.String()).
		SetClientID(clientID).
		SetProtocolVersion(4). // 3.1.1, and no falling back to 3.1
		SetCleanSession(true).
		SetAutoReconnect(false).
		SetConnectRetry(false).
		SetOrderMatters(true). // the chain has an order
		SetStore(mqtt.NewMemoryStore()).
		SetKeepAlive(d.keepAlive).
		SetPingTimeout(20 * time.Second).
		SetConnectTimeout(dialTimeout).
		SetWriteTimeout(dialTimeout).
		SetConnectionLostHandler(func(_ mqtt.Client, err error) { l.fail(err) }).
		SetCustomOpenConnectionFn(func(*url.URL, mqtt.ClientOptions) (net.Conn, error) { return d.dial() })
	if d.user != "" {
		po.SetUsername(d.user).SetPassword(d.password)
	}
	if will != nil {
		po.SetBinaryWill(will.Topic, will.Payload, 1, will.Retained)
	}
	l.client = mqtt.NewClient(po)
	token := l.client.Connect()
	select {
	case <-token.Done():
		if err := token.Error(); err != nil {
			return nil, fmt.Errorf("connect to broker %s: %w", d.url.Host, err)
		}
		go l.send()
		return l, nil
	case <-ctx.Done():
		// paho has no other way to stop connecting; it ends by its own time limit.
		go l.client.Disconnect(0)
		return nil, fmt.Errorf("connect to broker %s: %w", d.url.Host, ctx.Err())
	}
}

// Subscribe asks for the messages of a topic filter at QoS 1. fn is called for
// one message after the other, in the order they came, and must not block.
func (l *Link) Subscribe(ctx context.Context, filter string, fn func(Message)) error {
	token := l.client.Subscribe(filter, 1, func(_ mqtt.Client, m mqtt.Message) {
		fn(Message{Topic: m.Topic(), Payload: m.Payload(), Retained: m.Retained()})
	})
	if err := l.wait(ctx, token); err != nil {
		return fmt.Errorf("subscribe to %s: %w", filter, err)
	}
	const refused = 0x80 // MQTT 3.1.1, section 3.9.3
	if s, ok := token.(*mqtt.SubscribeToken); ok && s.Result()[filter] == refused {
		return fmt.Errorf("subscribe to %s: the broker refuses; check its access list", filter)
	}
	return nil
}

// Publish hands m over for sending and does not wait for the broker; the answer
// tells when it has acknowledged.
func (l *Link) Publish(m Message) Ack {
	a := Ack{done: make(chan struct{}), err: new(error)}
	o := outgoing{m, make(chan mqtt.Token, 1)}
	select {
	case l.out <- o:
	case <-l.lost:
	}
	go func() {
		defer close(a.done)
		select {
		case token := <-o.handed:
			*a.err = l.wait(context.Background(), token)
		case <-l.lost:
			*a.err = l.Err()
		}
	}()
	return a
}

// outgoing is a message on its way to paho.
type outgoing struct {
	m      Message
	handed chan mqtt.Token
}

// send hands messages to paho one after the other. It stands between because
// paho's Publish, met by the loss of the connection, waits for its whole write
// timeout, and whoever called it could not reconnect meanwhile.
func (l *Link) send() {
	for {
		select {
		case o := <-l.out:
			o.handed <- l.client.Publish(o.m.Topic, 1, o.m.Retained, o.m.Payload)
		case <-l.lost:
			return
		}
	}
}

// Ack is a broker's acknowledgement to come.
type Ack struct {
	done chan struct{}
	err  *error
}

// Done is closed when the acknowledgement came, or never will.
func (a Ack) Done() <-chan struct{} { return a.done }

// Err is nil if it came. To be called after Done is closed.
func (a Ack) Err() error { return *a.err }

// Flush waits for an acknowledgement.
func (l *Link) Flush(ctx context.Context, a Ack) error {
	select {
	case <-a.Done():
		return a.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *Link) wait(ctx context.Context, token mqtt.Token) error {
	select {
	case <-token.Done():
		return token.Error()
	case <-l.lost:
		return l.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Lost is closed when the connection is gone.
func (l *Link) Lost() <-chan struct{} { return l.lost }

// Err says why it is gone; nil while it is not.
func (l *Link) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// Close says goodbye, so that the last will is not sent, and ends the
// connection.
func (l *Link) Close() {
	l.client.Disconnect(100)
	l.fail(errors.New("the connection was closed"))
}

// fail notes the first reason why the connection is gone.
func (l *Link) fail(err error) {
	l.once.Do(func() {
		l.mu.Lock()
		l.err = err
		l.mu.Unlock()
		close(l.lost)
	})
}
