package collector_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"

	"github.com/dzong-id/dzong/agent/report"
	"github.com/dzong-id/dzong/agent/report/collector"
)

// A head office that keeps events in a folder and signs for them.
func Example() {
	ctx := context.Background() // until it ends
	_, key, _ := ed25519.GenerateKey(rand.Reader)

	store, err := collector.OpenFolder("/var/lib/dzong-collector")
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := collector.New(ctx, store, key, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	c.Run(ctx, collector.Service{
		Broker: report.BrokerOptions{URL: "mqtts://broker.example:8883", CAFile: "ca.pem", UsernameFile: "user", PasswordFile: "password"},
		Found:  func(f collector.Finding) { fmt.Println(f.Kind, f.Kiosk, f.Seq) },
	})
}
