package reporttest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// ErrNoMosquitto: none is on this machine. cross/fetch-mosquitto.sh unpacks one
// into a cache without installing it.
var ErrNoMosquitto = errors.New("no Mosquitto on this machine; run cross/fetch-mosquitto.sh")

// FindMosquitto finds Mosquitto: named by $DZONG_MOSQUITTO, in the cache that
// cross/fetch-mosquitto.sh fills, or installed.
func FindMosquitto() (string, error) {
	var places []string
	if named := os.Getenv("DZONG_MOSQUITTO"); named != "" {
		places = append(places, named)
	}
	if cache := os.Getenv("XDG_CACHE_HOME"); cache != "" {
		places = append(places, filepath.Join(cache, "dzong", "mosquitto", "mosquitto"))
	} else if home, err := os.UserHomeDir(); err == nil {
		places = append(places, filepath.Join(home, ".cache", "dzong", "mosquitto", "mosquitto"))
	}
	if p, err := exec.LookPath("mosquitto"); err == nil {
		places = append(places, p)
	}
	for _, p := range append(places, "/usr/sbin/mosquitto") {
		if info, err := os.Stat(p); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0 {
			return p, nil
		}
	}
	return "", ErrNoMosquitto
}

// Mosquitto is a real broker in a process of its own.
type Mosquitto struct {
	binary string
	dir    string
	addr   string
	extra  string

	mu    sync.Mutex
	cmd   *exec.Cmd
	ended chan error
	out   bytes.Buffer // its log, to be read once it has ended
}

// StartMosquitto starts Mosquitto on a free loopback port, with its files in
// dir. extra is put into its configuration after the listener, for instance
// "cafile …"; empty lets everybody in without encryption. The error is
// [ErrNoMosquitto] where there is none.
func StartMosquitto(dir, extra string) (*Mosquitto, error) {
	binary, err := FindMosquitto()
	if err != nil {
		return nil, err
	}
	// A free port that another process may take before Mosquitto does; Start
	// then says so.
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start Mosquitto: %w", err)
	}
	m := &Mosquitto{binary: binary, dir: dir, addr: ln.Addr().String(), extra: extra}
	if err := ln.Close(); err != nil {
		return nil, fmt.Errorf("start Mosquitto: %w", err)
	}
	return m, m.Start()
}

// Address is host:port.
func (m *Mosquitto) Address() string { return m.addr }

// URL is what clients are given.
func (m *Mosquitto) URL() string { return "mqtt://" + m.addr }

// Start starts it again after Stop, under its address.
func (m *Mosquitto) Start() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.cmd != nil {
		return errors.New("start Mosquitto: it is running")
	}
	host, port, err := net.SplitHostPort(m.addr)
	if err != nil {
		return fmt.Errorf("start Mosquitto: %w", err)
	}
	extra := m.extra
	if extra == "" {
		extra = "allow_anonymous true"
	}
	conf := filepath.Join(m.dir, "mosquitto.conf")
	// Started as root it would give up its rights and could not read dir.
	text := fmt.Sprintf("user root\npersistence false\nlog_dest stderr\nlistener %s %s\n%s\n", port, host, extra)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		return fmt.Errorf("start Mosquitto: %w", err)
	}
	m.out.Reset()
	cmd := exec.Command(m.binary, "-c", conf)
	cmd.Stderr = &m.out
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start Mosquitto: %w", err)
	}
	m.cmd = cmd
	ended := make(chan error, 1)
	m.ended = ended
	go func() { ended <- cmd.Wait() }()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		select {
		case <-ended:
			m.cmd = nil
			return fmt.Errorf("start Mosquitto: it ended at once: %s", m.out.String())
		default:
		}
		if c, err := net.Dial("tcp", m.addr); err == nil {
			return c.Close()
		}
	}
	return errors.Join(errors.New("start Mosquitto: it does not listen"), m.kill())
}

// Stop kills it, as a crash would. Twice does no harm.
func (m *Mosquitto) Stop() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kill()
}

func (m *Mosquitto) kill() error {
	if m.cmd == nil {
		return nil
	}
	err := m.cmd.Process.Kill()
	m.cmd = nil
	select {
	case <-m.ended: // "signal: killed", as it should be
	case <-time.After(5 * time.Second):
		err = errors.Join(err, errors.New("it does not end"))
	}
	if err != nil {
		return fmt.Errorf("stop Mosquitto: %w", err)
	}
	return nil
}
