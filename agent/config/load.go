package config

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/dzong-id/dzong/agent/secret"
	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/verify"
)

const (
	maxFile = 1 << 20 // no configuration or policy is larger
	maxKey  = 64 << 10
)

// Load reads and checks the configuration file at path, the policy and the
// public keys it names, and who may read the secrets it names. The error tells
// every mistake it found, one per line: which key, what is wrong, what to do.
func Load(path string) (*Config, error) {
	data, err := read(path, maxFile)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("read configuration %s: %w", path, err)
	}
	d, c, err := parse(data, dir)
	if err == nil {
		err = c.loadFiles(d, dir)
	}
	if err != nil {
		return nil, fmt.Errorf("configuration %s:\n%w", path, err)
	}
	return c, nil
}

// loadFiles reads the files that a checked document names.
func (c *Config) loadFiles(d *document, dir string) error {
	var problems []error
	problem := func(key string, err error) {
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", key, err))
		}
	}
	if d.PolicyFile != "" {
		data, err := read(within(dir, d.PolicyFile), maxFile)
		if err == nil {
			c.Policy, err = verify.ParsePolicy(data)
		}
		problem("policy_file", err)
	}
	var err error
	c.Trust.Key, err = loadKey(within(dir, d.Trust.KeyFile))
	problem("trust.key_file", err)
	for _, f := range []struct{ key, path string }{
		{"collector_key_file", d.CollectorKeyFile}, {"next_collector_key_file", d.NextCollectorKeyFile},
	} {
		if f.path == "" {
			continue
		}
		key, err := loadCollectorKey(within(dir, f.path))
		problem(f.key, err)
		c.Collectors = append(c.Collectors, key)
	}
	problem("trust.ca_file", exists(c.Trust.CAFile))
	problem("trust.seal_file", private(c.Trust.SealFile))
	if b := c.Broker; b != nil {
		problem("broker.ca_file", exists(b.CAFile))
		problem("broker.client_cert_file", exists(b.ClientCertFile))
		problem("broker.client_key_file", private(b.ClientKeyFile))
		problem("broker.username_file", exists(b.UsernameFile))
		problem("broker.password_file", private(b.PasswordFile))
	}
	return errors.Join(problems...)
}

func loadKey(path string) (credential.Key, error) {
	data, err := read(path, maxKey)
	if err != nil {
		return credential.Key{}, err
	}
	key, err := credential.ParseJWK(data)
	if err != nil {
		return credential.Key{}, fmt.Errorf("%s holds no public JWK: %w; ask head office for the file again", path, err)
	}
	return key, nil
}

// loadCollectorKey reads a public JWK that must be Ed25519: receipts are signed
// with nothing else.
func loadCollectorKey(path string) (ed25519.PublicKey, error) {
	key, err := loadKey(path)
	if err != nil {
		return nil, err
	}
	public, ok := key.Public().(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("%s holds another kind of key than Ed25519, which receipts are signed with: ask head office for the collector's key", path)
	}
	return public, nil
}

// private reports what is wrong with the file of a secret; it is read where it is
// used.
func private(path string) error {
	if path == "" {
		return nil
	}
	return secret.Check(path)
}

func exists(path string) error {
	if path == "" {
		return nil
	}
	if _, err := os.Stat(path); err != nil {
		return missing(path, err)
	}
	return nil
}

func missing(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is not there: put the file there or correct the path", path)
	}
	return err
}

func read(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, missing(path, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > most {
		return nil, fmt.Errorf("%s has more than %d bytes: it is not the right file", path, most)
	}
	return data, nil
}

// within makes a path start from the configuration's folder.
func within(dir, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}
