package report

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/dzong-id/dzong/agent/health"
	"github.com/dzong-id/dzong/agent/outbox"
)

// Options say who reports, where to, and how often. Zero durations and numbers
// take the default named beside them.
type Options struct {
	Kiosk  Kiosk
	Broker BrokerOptions

	// Window is how many records may be on their way without a receipt: 32, some
	// 20 kB, which is what an absent collector costs per repetition.
	Window int
	// RetryMin and RetryMax bound the time after which the window is sent again
	// when no receipt comes: 30 s, doubling to 30 min.
	RetryMin, RetryMax time.Duration
	// BackoffMin and BackoffMax bound the pause between two attempts to connect:
	// 1 s, doubling to 5 min.
	BackoffMin, BackoffMax time.Duration
	// AckTimeout is how long a broker may take to acknowledge before the line is
	// taken for dead: 30 s.
	AckTimeout time.Duration
	// StateEvery is how often the state is published when nothing urgent changed:
	// 15 min.
	StateEvery time.Duration

	// Facts and Conditions are asked for whenever state and health are
	// published; nil: none. They must not block.
	Facts      func() Facts
	Conditions func() []health.Condition
	// SyncNow asks the kiosk to fetch its knowledge now. It must not block and
	// may be called often; nil answers the command with "unavailable".
	SyncNow func()

	Logger *slog.Logger // nil is silent
}

// Client takes what the outbox holds to the collector. [Client.Run] does the
// work; the other methods are safe to call while it runs.
type Client struct {
	o    Options
	box  *outbox.Outbox
	log  *slog.Logger
	wake chan struct{}

	mu     sync.Mutex
	status Status
}

// New makes a client, and refuses options that could never work. Files named in
// them are read again with every connection.
func New(box *outbox.Outbox, o Options) (*Client, error) {
	if err := o.Kiosk.Check(); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	if _, err := o.Broker.prepare(); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	if o.Window == 0 {
		o.Window = 32
	}
	for _, d := range []struct {
		value *time.Duration
		std   time.Duration
	}{
		{&o.RetryMin, 30 * time.Second}, {&o.RetryMax, 30 * time.Minute},
		{&o.BackoffMin, time.Second}, {&o.BackoffMax, 5 * time.Minute},
		{&o.AckTimeout, 30 * time.Second}, {&o.StateEvery, 15 * time.Minute},
	} {
		if *d.value == 0 {
			*d.value = d.std
		}
		if *d.value < time.Millisecond {
			return nil, errors.New("report: a duration is below one millisecond")
		}
	}
	if o.Window < 1 {
		return nil, errors.New("report: the window must let at least one record through")
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Client{o: o, box: box, log: o.Logger, wake: make(chan struct{}, 1), status: Status{Since: time.Now()}}, nil
}

// Wake says that there is a new record, or that health has changed. It never
// blocks.
func (c *Client) Wake() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// Status says how reporting goes.
func (c *Client) Status() Status {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.status
}

func (c *Client) note(change func(*Status)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(&c.status)
}

// Run connects, reports, and connects again, until ctx ends; it returns nil
// then. The absence of a line is not an error but this kiosk's normal state.
func (c *Client) Run(ctx context.Context) error {
	pause := backoff{least: c.o.BackoffMin, most: c.o.BackoffMax}
	retry := backoff{least: c.o.RetryMin, most: c.o.RetryMax}
	for ctx.Err() == nil {
		err := c.connection(ctx, &retry, pause.reset)
		c.box.ForgetSent() // whatever was on its way may be lost
		if ctx.Err() != nil {
			break
		}
		wait := pause.interval()
		c.note(func(s *Status) {
			if s.Connected {
				s.Since = time.Now()
			}
			s.Connected, s.LastError = false, err.Error()
		})
		c.log.Info("not connected to the broker", "error", err, "next_attempt_in", wait.Round(time.Millisecond))
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
	c.note(func(s *Status) { s.Connected, s.Since = false, time.Now() })
	return nil
}

const (
	online  = "online"
	offline = "offline"
)

// connection makes one connection and serves it until it is gone. settled is
// called once it has proven to be of use.
func (c *Client) connection(ctx context.Context, retry *backoff, settled func()) error {
	link := Message{Topic: c.o.Kiosk.Topic(KindLink), Payload: []byte(offline), Retained: true}
	// '.' is in no identifier, so that two kiosks never share a client name,
	// which a broker answers by cutting the older one off.
	l, err := Dial(ctx, c.o.Broker, "dzong."+c.o.Kiosk.Site+"."+c.o.Kiosk.Name, &link)
	if err != nil {
		return err
	}
	defer c.leave(ctx, l, link)

	s := &session{c: c, link: l, retry: retry, settled: settled, incoming: make(chan Message, 64), warned: map[string]bool{}}
	setup, cancel := context.WithTimeout(ctx, c.o.AckTimeout)
	defer cancel()
	for _, kind := range []Kind{KindReceipt, KindCommand} {
		if err := l.Subscribe(setup, c.o.Kiosk.Topic(kind), s.receive); err != nil {
			return err
		}
	}
	here := link
	here.Payload = []byte(online)
	if err := l.Flush(setup, l.Publish(here)); err != nil {
		return err
	}
	c.note(func(s *Status) { s.Connected, s.Since, s.LastError = true, time.Now(), "" })
	c.log.Info("connected to the broker")

	return s.serve(ctx)
}

// leave says goodbye, whatever the reason: the broker sends the last will only
// for a connection that breaks, so what it would say is said here.
func (c *Client) leave(ctx context.Context, l *Link, will Message) {
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	_ = l.Flush(last, l.Publish(will)) // nobody may be there any more to hear it
	l.Close()
}
