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
	"strings"
	"time"

	"github.com/dzong-id/dzong/agent/secret"
)

// BrokerOptions say how to reach the broker, and how to prove to it who we are:
// by a certificate, a user name with a password, or both. Secrets are files and
// never arguments, which every process can read; see package secret for who may
// read them.
type BrokerOptions struct {
	// URL is mqtts://host:port, or mqtt://address:port where address is this
	// machine's own (127.0.0.1, [::1]): what leaves it is always encrypted, and the
	// broker always proved.
	URL string
	// CAFile holds, in PEM, the authorities that may have signed the broker's
	// certificate. Empty: the system's, which are many.
	CAFile string
	// ClientCertFile and ClientKeyFile are our certificate with its chain, and its
	// private key, in PEM: both or neither.
	ClientCertFile, ClientKeyFile string
	// UsernameFile and PasswordFile hold one word each. Without a user name none is
	// sent.
	UsernameFile, PasswordFile string
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

// prepare reads the files anew, so that a renewed password, certificate or
// authority is taken up with the next connection.
func (o BrokerOptions) prepare() (*dialer, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Hostname() == "" || u.Port() == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("broker: the address must be mqtts://host:port, or mqtt://127.0.0.1:port for this machine itself") // it may hold a password: not repeated
	}
	d := &dialer{url: u, keepAlive: o.KeepAlive}
	if d.keepAlive == 0 {
		d.keepAlive = 2 * time.Minute
	}
	switch u.Scheme {
	case "mqtts":
		if d.tls, err = o.tlsConfig(u.Hostname()); err != nil {
			return nil, fmt.Errorf("broker %s: %w", u.Host, err)
		}
	case "mqtt":
		// A name is not taken: it means whatever a file or a server says today.
		if a, err := netip.ParseAddrPort(u.Host); err != nil || !a.Addr().IsLoopback() {
			return nil, fmt.Errorf("broker %s: unencrypted only on this machine itself (127.0.0.1 or [::1]); use mqtts://", u.Host)
		}
		if o.CAFile != "" || o.ClientCertFile != "" || o.ClientKeyFile != "" {
			return nil, fmt.Errorf("broker %s: plain mqtt uses no certificate; use mqtts:// or leave the files out", u.Host)
		}
	default:
		return nil, fmt.Errorf("broker %s: scheme is %q, want mqtts or mqtt", u.Host, u.Scheme)
	}
	if err := o.credentials(d); err != nil {
		return nil, fmt.Errorf("broker %s: %w", u.Host, err)
	}
	return d, nil
}

func (o BrokerOptions) tlsConfig(host string) (*tls.Config, error) {
	c := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12, Time: o.Now}
	if o.CAFile != "" {
		pem, err := os.ReadFile(o.CAFile)
		if err != nil {
			return nil, fmt.Errorf("read authorities: %w", err)
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("no certificate in %s; it must be PEM", o.CAFile)
		}
	}
	switch {
	case o.ClientCertFile == "" && o.ClientKeyFile == "":
		return c, nil
	case o.ClientCertFile == "" || o.ClientKeyFile == "":
		return nil, errors.New("a client certificate and its key belong together; give both files or neither")
	}
	cert, err := os.ReadFile(o.ClientCertFile)
	if err != nil {
		return nil, fmt.Errorf("read client certificate: %w", err)
	}
	key, err := secret.Read(o.ClientKeyFile)
	if err != nil {
		return nil, fmt.Errorf("read client key: %w", err)
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, fmt.Errorf("client certificate %s with key %s: %w", o.ClientCertFile, o.ClientKeyFile, err)
	}
	c.Certificates = []tls.Certificate{pair}
	return c, nil
}

// credentials reads the user name and the password.
func (o BrokerOptions) credentials(d *dialer) error {
	if o.UsernameFile == "" {
		if o.PasswordFile != "" {
			return errors.New("a password needs a user name; give its file too")
		}
		return nil
	}
	// A user name is no secret.
	data, err := os.ReadFile(o.UsernameFile)
	if err != nil {
		return fmt.Errorf("read user name: %w", err)
	}
	d.user = strings.TrimSpace(string(data))
	if d.user == "" || len(d.user) > maxCredential || strings.ContainsAny(d.user, "\r\n") {
		return fmt.Errorf("read user name: %s must hold one line with a name of at most %d bytes", o.UsernameFile, maxCredential)
	}
	if o.PasswordFile == "" {
		return nil
	}
	password, err := secret.Read(o.PasswordFile)
	if err != nil {
		return fmt.Errorf("read password: %w", err)
	}
	if len(password) > maxCredential {
		return fmt.Errorf("read password: %s has more than %d bytes: it is not the right file", o.PasswordFile, maxCredential)
	}
	d.password = string(password)
	return nil
}

// maxCredential bounds a user name and a password, in bytes.
const maxCredential = 1024

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
	c, err := nd.Dial("tcp", d.url.Host) // loopback: prepare has seen to it
	if err != nil {
		return nil, err
	}
	return limitConn(c), nil
}
