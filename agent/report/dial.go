package report

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// BrokerOptions say how to reach the broker.
type BrokerOptions struct {
	// URL is tls://host:port, or tcp://host:port where host is this machine
	// itself: what leaves it is always encrypted, and the broker always proved.
	URL string
	// CAFile holds, in PEM, the authorities that may have signed the broker's
	// certificate. Required for tls; the system's own list is not used, because
	// it is long, and the broker is ours.
	CAFile string
	// CredentialsFile holds the user name in its first line and the password in
	// its second, and may be readable by its owner only. Empty: none are sent.
	// They are a file and never an argument, which every process can read.
	CredentialsFile string
	// KeepAlive is how long the line may be silent; the last will comes after one
	// and a half of it. Default 2 min: some 60 kB a day.
	KeepAlive time.Duration
	// Now is the time certificates are checked against. Default time.Now.
	Now func() time.Time
}

// dialer is BrokerOptions after everything in them was read and checked.
type dialer struct {
	url       *url.URL
	tls       *tls.Config // nil: plain, loopback only
	user      string
	password  string
	keepAlive time.Duration
}

const dialTimeout = 15 * time.Second

// prepare reads the files anew, so that a renewed password or authority is
// taken up with the next connection.
func (o BrokerOptions) prepare() (*dialer, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Hostname() == "" || u.Port() == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return nil, errors.New("broker: the address must be tls://host:port, or tcp://host:port for this machine itself") // it may hold a password: not repeated
	}
	d := &dialer{url: u, keepAlive: o.KeepAlive}
	if d.keepAlive == 0 {
		d.keepAlive = 2 * time.Minute
	}
	switch u.Scheme {
	case "tls":
		if d.tls, err = o.tlsConfig(u.Hostname()); err != nil {
			return nil, err
		}
	case "tcp":
		if !loopbackName(u.Hostname()) {
			return nil, fmt.Errorf("broker %s: unencrypted only on this machine itself; use tls://", u.Host)
		}
	default:
		return nil, fmt.Errorf("broker %s: scheme is %q, want tls or tcp", u.Host, u.Scheme)
	}
	if o.CredentialsFile != "" {
		if d.user, d.password, err = readCredentials(o.CredentialsFile); err != nil {
			return nil, fmt.Errorf("broker %s: %w", u.Host, err)
		}
	}
	return d, nil
}

func (o BrokerOptions) tlsConfig(host string) (*tls.Config, error) {
	if o.CAFile == "" {
		return nil, errors.New("broker: tls needs the file of the authorities that may sign the broker's certificate")
	}
	pem, err := os.ReadFile(filepath.Clean(o.CAFile))
	if err != nil {
		return nil, fmt.Errorf("broker: read authorities: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("broker: no certificate in %s; it must be PEM", o.CAFile)
	}
	return &tls.Config{RootCAs: pool, ServerName: host, MinVersion: tls.VersionTLS12, Time: o.Now}, nil
}

// dial opens the connection, bounded in time and in packet size.
func (d *dialer) dial() (net.Conn, error) {
	nd := &net.Dialer{Timeout: dialTimeout}
	if d.tls != nil {
		c, err := tls.DialWithDialer(nd, "tcp", d.url.Host, d.tls)
		if err != nil {
			return nil, err
		}
		return limitConn(c), nil
	}
	c, err := nd.Dial("tcp", d.url.Host)
	if err != nil {
		return nil, err
	}
	// A name can lead anywhere; what counts is where it led.
	if a, ok := c.RemoteAddr().(*net.TCPAddr); !ok || !a.IP.IsLoopback() {
		_ = c.Close()
		return nil, fmt.Errorf("broker %s is not this machine: unencrypted only there", d.url.Host)
	}
	return limitConn(c), nil
}

func loopbackName(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

func readCredentials(file string) (user, password string, err error) {
	f, err := os.Open(filepath.Clean(file))
	if err != nil {
		return "", "", fmt.Errorf("read credentials: %w", err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return "", "", fmt.Errorf("read credentials: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", "", fmt.Errorf("read credentials: others may read %s; chmod 600 it", file)
	}
	data := make([]byte, 1025)
	n, err := f.Read(data)
	if err != nil {
		return "", "", fmt.Errorf("read credentials %s: %w", file, err)
	}
	user, rest, _ := strings.Cut(string(data[:n]), "\n")
	password, more, _ := strings.Cut(rest, "\n")
	user, password = strings.TrimSuffix(user, "\r"), strings.TrimSuffix(password, "\r")
	if n > 1024 || user == "" || password == "" || strings.TrimSpace(more) != "" {
		return "", "", fmt.Errorf("read credentials %s: want two lines, the user name and the password", file)
	}
	return user, password, nil
}
