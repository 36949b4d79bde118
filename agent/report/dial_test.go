package report_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha512"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dzong-id/dzong/agent/report"
	"github.com/dzong-id/dzong/agent/report/reporttest"
)

// authority makes certificates for tests.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  []byte
}

var validFrom, validUntil = time.Now().Add(-time.Hour), time.Now().Add(24 * time.Hour)

func newAuthority(t *testing.T) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"}, NotBefore: validFrom, NotAfter: validUntil,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}, &x509.Certificate{Subject: pkix.Name{CommonName: "test authority"}}, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return authority{cert, key, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})}
}

// server gives certificate and key files for a name or an address.
func (a authority) server(t *testing.T, dir, name string) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: validFrom, NotAfter: validUntil,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if ip := net.ParseIP(name); ip != nil {
		c.IPAddresses = []net.IP{ip}
	} else {
		c.DNSNames = []string{name}
	}
	der, err := x509.CreateCertificate(rand.Reader, c, a.cert, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return write(t, dir, "server.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600),
		write(t, dir, "server.key", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}), 0o600)
}

func write(t *testing.T, dir, name string, data []byte, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, data, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestBrokerOptionsAreRefused(t *testing.T) {
	dir := t.TempDir()
	ca := write(t, dir, "ca.pem", newAuthority(t).pem, 0o644)
	good := write(t, dir, "good", []byte("kiosk-1\nsecret\n"), 0o600)
	for name, o := range map[string]report.BrokerOptions{
		"nothing":                    {},
		"plain to elsewhere":         {URL: "tcp://broker.example:1883"},
		"plain to an address":        {URL: "tcp://10.0.0.1:1883"},
		"plain to a lookalike":       {URL: "tcp://localhost.example:1883"},
		"websocket":                  {URL: "ws://127.0.0.1:80", CAFile: ca},
		"a scheme paho takes":        {URL: "mqtt://127.0.0.1:1883"},
		"no port":                    {URL: "tls://broker.example", CAFile: ca},
		"a password in the address":  {URL: "tls://me:secret@broker.example:8883", CAFile: ca},
		"a path":                     {URL: "tls://broker.example:8883/x", CAFile: ca},
		"no authorities":             {URL: "tls://broker.example:8883"},
		"authorities absent":         {URL: "tls://broker.example:8883", CAFile: filepath.Join(dir, "none")},
		"authorities empty":          {URL: "tls://broker.example:8883", CAFile: good},
		"credentials absent":         {URL: "tcp://127.0.0.1:1", CredentialsFile: filepath.Join(dir, "none")},
		"credentials others read":    {URL: "tcp://127.0.0.1:1", CredentialsFile: write(t, dir, "open", []byte("kiosk-1\nsecret\n"), 0o644)},
		"credentials of one line":    {URL: "tcp://127.0.0.1:1", CredentialsFile: write(t, dir, "one", []byte("kiosk-1"), 0o600)},
		"credentials of three lines": {URL: "tcp://127.0.0.1:1", CredentialsFile: write(t, dir, "three", []byte("kiosk-1\nsecret\nmore"), 0o600)},
		"credentials too long":       {URL: "tcp://127.0.0.1:1", CredentialsFile: write(t, dir, "long", []byte("kiosk-1\n"+strings.Repeat("s", 1024)), 0o600)},
		"credentials empty":          {URL: "tcp://127.0.0.1:1", CredentialsFile: write(t, dir, "empty", nil, 0o600)},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := report.New(nil, report.Options{Kiosk: kiosk, Broker: o})
			if err == nil {
				t.Fatal("taken")
			}
			if strings.Contains(err.Error(), "secret") {
				t.Fatalf("the error tells the password: %v", err)
			}
		})
	}
	for _, url := range []string{"tcp://127.0.0.1:1883", "tcp://localhost:1883", "tcp://[::1]:1883", "tls://broker.example:8883"} {
		if _, err := report.New(nil, report.Options{Kiosk: kiosk, Broker: report.BrokerOptions{URL: url, CAFile: ca, CredentialsFile: good}}); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func TestBrokerIsAlwaysProved(t *testing.T) {
	ours, theirs := newAuthority(t), newAuthority(t)
	for name, c := range map[string]struct {
		signer authority
		host   string
		now    time.Time
		want   string
	}{
		"signed by another authority": {theirs, "127.0.0.1", time.Now(), "unknown authority"},
		"for another host":            {ours, "broker.example", time.Now(), "127.0.0.1"},
		"no longer valid":             {ours, "127.0.0.1", validUntil.Add(time.Minute), "expired"},
		"not yet valid":               {ours, "127.0.0.1", validFrom.Add(-time.Minute), "not yet valid"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			certFile, keyFile := c.signer.server(t, dir, c.host)
			pair, err := tls.LoadX509KeyPair(certFile, keyFile)
			if err != nil {
				t.Fatal(err)
			}
			ln, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{pair}})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = ln.Close() }()
			heard := make(chan int, 1)
			go func() {
				conn, err := ln.Accept()
				if err != nil {
					return
				}
				n, _ := conn.Read(make([]byte, 100)) // the handshake fails, or MQTT comes
				_ = conn.Close()
				heard <- n
			}()
			_, err = report.Dial(t.Context(), report.BrokerOptions{
				URL: "tls://" + ln.Addr().String(), CAFile: write(t, dir, "ca.pem", ours.pem, 0o644), Now: func() time.Time { return c.now },
			}, "test", nil)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want something about %q", err, c.want)
			}
			if n := <-heard; n != 0 {
				t.Fatalf("%d bytes were said to a broker that is not proved", n)
			}
		})
	}
}

func TestMosquittoWithCertificateAndPassword(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ca := newAuthority(t)
	certFile, keyFile := ca.server(t, dir, "127.0.0.1")
	caFile := write(t, dir, "ca.pem", ca.pem, 0o644)
	salt := []byte("0123456789ab")
	hash, err := pbkdf2.Key(sha512.New, "secret", salt, 101, 64)
	if err != nil {
		t.Fatal(err)
	}
	passwords := write(t, dir, "passwords", fmt.Appendf(nil, "kiosk-1:$7$101$%s$%s\n",
		base64.StdEncoding.EncodeToString(salt), base64.StdEncoding.EncodeToString(hash)), 0o600)
	b, err := reporttest.StartMosquitto(dir, fmt.Sprintf(
		"allow_anonymous false\npassword_file %s\ncertfile %s\nkeyfile %s", passwords, certFile, keyFile))
	if errors.Is(err, reporttest.ErrNoMosquitto) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Stop() })
	dial := func(password string) error {
		o := report.BrokerOptions{URL: "tls://" + b.Address(), CAFile: caFile}
		if password != "" {
			o.CredentialsFile = write(t, dir, "credentials", []byte("kiosk-1\n"+password+"\n"), 0o600)
		}
		l, err := report.Dial(t.Context(), o, "test", nil)
		if err == nil {
			l.Close()
		}
		return err
	}
	if err := dial("secret"); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{"wrong", ""} {
		err := dial(wrong)
		if err == nil || wrong != "" && strings.Contains(err.Error(), wrong) {
			t.Errorf("password %q: %v", wrong, err)
		}
	}
}

func TestDialEndsWithItsContext(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := report.Dial(ctx, report.BrokerOptions{URL: "tcp://" + ln.Addr().String()}, "test", nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	if d := time.Since(start); d > 5*time.Second {
		t.Fatalf("it took %v", d)
	}
}
