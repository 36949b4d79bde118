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
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		Subject: pkix.Name{CommonName: name},
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
	authority := newAuthority(t)
	ca := write(t, dir, "ca.pem", authority.pem, 0o644)
	cert, key := authority.server(t, dir, "kiosk-1")
	openKey := write(t, dir, "open.key", []byte("sesame"), 0o644)
	none := filepath.Join(dir, "none")
	user := write(t, dir, "user", []byte("kiosk-1\n"), 0o644)
	password := write(t, dir, "password", []byte("sesame\n"), 0o600)
	const plain, encrypted = "mqtt://127.0.0.1:1883", "mqtts://broker.example:8883"
	for name, o := range map[string]report.BrokerOptions{
		"nothing":                   {},
		"plain to elsewhere":        {URL: "mqtt://broker.example:1883"},
		"plain to an address":       {URL: "mqtt://10.0.0.1:1883"},
		"plain to a lookalike":      {URL: "mqtt://localhost.example:1883"},
		"plain to a name":           {URL: "mqtt://localhost:1883"},
		"plain with an authority":   {URL: plain, CAFile: ca},
		"plain with a certificate":  {URL: plain, ClientCertFile: cert, ClientKeyFile: key},
		"websocket":                 {URL: "ws://127.0.0.1:80"},
		"a scheme paho takes":       {URL: "tcp://127.0.0.1:1883"},
		"no port":                   {URL: "mqtts://broker.example", CAFile: ca},
		"a password in the address": {URL: "mqtts://me:sesame@broker.example:8883", CAFile: ca},
		"a path":                    {URL: "mqtts://broker.example:8883/x", CAFile: ca},
		"authorities absent":        {URL: encrypted, CAFile: none},
		"authorities that are none": {URL: encrypted, CAFile: user},
		"certificate without a key": {URL: encrypted, ClientCertFile: cert},
		"key without a certificate": {URL: encrypted, ClientKeyFile: key},
		"certificate absent":        {URL: encrypted, ClientCertFile: none, ClientKeyFile: key},
		"key others read":           {URL: encrypted, ClientCertFile: cert, ClientKeyFile: openKey},
		"key that is none":          {URL: encrypted, ClientCertFile: cert, ClientKeyFile: password},
		"password without a user":   {URL: plain, PasswordFile: password},
		"user absent":               {URL: plain, UsernameFile: none},
		"user empty":                {URL: plain, UsernameFile: write(t, dir, "empty", []byte("\n"), 0o644)},
		"user of two lines":         {URL: plain, UsernameFile: write(t, dir, "two", []byte("kiosk-1\nsesame\n"), 0o644)},
		"password absent":           {URL: plain, UsernameFile: user, PasswordFile: none},
		"password others read":      {URL: plain, UsernameFile: user, PasswordFile: openKey},
		"password empty":            {URL: plain, UsernameFile: user, PasswordFile: write(t, dir, "no-password", nil, 0o600)},
		"password too long":         {URL: plain, UsernameFile: user, PasswordFile: write(t, dir, "long", []byte(strings.Repeat("sesame", 200)), 0o600)},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := report.New(nil, report.Options{Kiosk: kiosk, Broker: o})
			if err == nil {
				t.Fatal("taken")
			}
			if strings.Contains(err.Error(), "sesame") {
				t.Fatalf("the error tells the password: %v", err)
			}
		})
	}
	for name, o := range map[string]report.BrokerOptions{
		"plain on this machine":         {URL: plain},
		"plain on this machine, IPv6":   {URL: "mqtt://[::1]:1883", UsernameFile: user, PasswordFile: password},
		"the system's authorities":      {URL: encrypted},
		"our authority and a password":  {URL: encrypted, CAFile: ca, UsernameFile: user, PasswordFile: password},
		"our authority and certificate": {URL: encrypted, CAFile: ca, ClientCertFile: cert, ClientKeyFile: key},
		"a user without a password":     {URL: encrypted, UsernameFile: user},
	} {
		if _, err := report.New(nil, report.Options{Kiosk: kiosk, Broker: o}); err != nil {
			t.Errorf("%s: %v", name, err)
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
				URL: "mqtts://" + ln.Addr().String(), CAFile: write(t, dir, "ca.pem", ours.pem, 0o644), Now: func() time.Time { return c.now },
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
		o := report.BrokerOptions{URL: "mqtts://" + b.Address(), CAFile: caFile}
		if password != "" {
			o.UsernameFile = write(t, dir, "user", []byte("kiosk-1\n"), 0o600)
			o.PasswordFile = write(t, dir, "password", []byte(password+"\n"), 0o600)
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

func TestMosquittoWithClientCertificate(t *testing.T) {
	t.Parallel()
	ours, theirs := newAuthority(t), newAuthority(t)
	dir := t.TempDir()
	certFile, keyFile := ours.server(t, dir, "127.0.0.1")
	caFile := write(t, dir, "ca.pem", ours.pem, 0o644)
	b, err := reporttest.StartMosquitto(dir, fmt.Sprintf(
		"require_certificate true\nuse_identity_as_username true\ncafile %s\ncertfile %s\nkeyfile %s", caFile, certFile, keyFile))
	if errors.Is(err, reporttest.ErrNoMosquitto) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Stop() })
	dial := func(signer *authority) error {
		o := report.BrokerOptions{URL: "mqtts://" + b.Address(), CAFile: caFile}
		if signer != nil {
			o.ClientCertFile, o.ClientKeyFile = signer.server(t, t.TempDir(), "kiosk-1")
		}
		l, err := report.Dial(t.Context(), o, "test", nil)
		if err == nil {
			l.Close()
		}
		return err
	}
	if err := dial(&ours); err != nil {
		t.Error(err)
	}
	if dial(nil) == nil {
		t.Error("a broker that wants a certificate let us in without one: this test shows nothing")
	}
	if dial(&theirs) == nil {
		t.Error("a certificate of somebody else's authority was taken: this test shows nothing")
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
	if _, err := report.Dial(ctx, report.BrokerOptions{URL: "mqtt://" + ln.Addr().String()}, "test", nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	if d := time.Since(start); d > 5*time.Second {
		t.Fatalf("it took %v", d)
	}
}
