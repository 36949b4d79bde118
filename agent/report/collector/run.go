package collector

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/dzong-id/dzong/agent/report"
)

// Service says how a collector listens.
type Service struct {
	Broker report.BrokerOptions
	// ClientID is the beginning of this collector's name at the broker; each
	// connection adds some random letters. A broker that is still clearing away
	// the last connection of a name may clear away the subscription of the next.
	// Default "dzong.collector".
	ClientID string
	// Pause is the time between two attempts to connect. Default 2 s.
	Pause time.Duration
	// Ready, if not nil, is called whenever the collector has begun to listen.
	Ready func()
	// Found, if not nil, is called with every finding.
	Found func(Finding)
}

// queue is how many messages may wait for the store; what comes beyond it is
// dropped and comes again. batchSize is how many share one sync of the disk.
const (
	queue     = 1024
	batchSize = 256
)

// Run listens to all kiosks at a broker and answers with receipts, connecting
// again whenever the connection is lost, until ctx ends. On connecting it
// repeats every receipt, so that kiosks which were heard by nobody in the
// meantime begin to send at once.
func (c *Collector) Run(ctx context.Context, s Service) {
	if s.ClientID == "" {
		s.ClientID = "dzong.collector"
	}
	if s.Pause == 0 {
		s.Pause = 2 * time.Second
	}
	for ctx.Err() == nil {
		if err := c.serve(ctx, s); err != nil && ctx.Err() == nil {
			c.log.Warn("the collector is not connected", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(s.Pause):
		}
	}
}

func (c *Collector) serve(ctx context.Context, s Service) error {
	l, err := report.Dial(ctx, s.Broker, s.ClientID+"."+rand.Text(), nil)
	if err != nil {
		return err
	}
	defer l.Close()
	incoming := make(chan report.Message, queue)
	err = l.Subscribe(ctx, report.Everyone(report.KindEvent), func(m report.Message) {
		select {
		case incoming <- m:
		default: // the kiosk sends it again
		}
	})
	if err != nil {
		return err
	}
	for kiosk, receipts := range c.Receipts() {
		if err := send(l, kiosk, Answer{Receipts: receipts}); err != nil {
			return err
		}
	}
	if s.Ready != nil {
		s.Ready()
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-l.Lost():
			return l.Err()
		case m := <-incoming:
			if err := c.handle(ctx, l, s, gather(m, incoming)); err != nil {
				return err
			}
		}
	}
}

// gather takes with m what else is waiting already.
func gather(m report.Message, incoming <-chan report.Message) []report.Message {
	batch := []report.Message{m}
	for len(batch) < batchSize {
		select {
		case m := <-incoming:
			batch = append(batch, m)
		default:
			return batch
		}
	}
	return batch
}

func (c *Collector) handle(ctx context.Context, l *report.Link, s Service, batch []report.Message) error {
	events := map[report.Kiosk][][]byte{}
	var order []report.Kiosk
	for _, m := range batch {
		k, kind, ok := report.ParseTopic(m.Topic)
		if !ok || kind != report.KindEvent {
			continue
		}
		if _, known := events[k]; !known {
			order = append(order, k)
		}
		events[k] = append(events[k], m.Payload)
	}
	for _, k := range order {
		answer, err := c.Accept(ctx, k, events[k]...)
		if err != nil {
			c.log.Error("events were not kept; the kiosk will send them again", "kiosk", k.String(), "error", err)
			continue
		}
		for _, f := range answer.Findings {
			c.log.Warn("finding", "kind", string(f.Kind), "kiosk", f.Kiosk.String(), "epoch", f.Epoch, "seq", f.Seq)
			if s.Found != nil {
				s.Found(f)
			}
		}
		if err := send(l, k, answer); err != nil {
			return err
		}
	}
	return nil
}

// send publishes receipts. Nobody waits for the broker's acknowledgement: a
// receipt that is lost is given again for the events sent again.
func send(l *report.Link, k report.Kiosk, a Answer) error {
	for _, r := range a.Receipts {
		data, err := report.EncodeReceipt(r)
		if err != nil {
			return fmt.Errorf("send receipt: %w", err)
		}
		l.Publish(report.Message{Topic: k.Topic(report.KindReceipt), Payload: data})
	}
	return nil
}
