// Package secret reads what must not stand in a configuration or on a command
// line: passwords and private keys, each in a file of its own that the
// configuration names.
//
// It promises that a file which everybody on the machine may read or change is
// refused, in words that say what to do, and that no error repeats what a file
// holds. It does not keep a secret in memory longer than its caller does.
//
// agent/config and agent/report import it; it imports nothing of ours.
package secret

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

const maxSecret = 64 << 10 // a private key with its chain is a tenth of it

// Read reads a secret without the line break that editors put at its end. An
// empty one is refused.
func Read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, missing(path, err)
	}
	defer f.Close()
	info, err := f.Stat() // of what is open: a name may lead elsewhere by now
	if err != nil {
		return nil, err
	}
	if err := private(path, info); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	if err != nil {
		return nil, fmt.Errorf("read secret: %w", err)
	}
	if len(data) > maxSecret {
		return nil, fmt.Errorf("%s has more than %d bytes: it is not the right file", path, maxSecret)
	}
	s := strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")
	if s == "" {
		return nil, fmt.Errorf("%s is empty: put the secret into it", path)
	}
	return []byte(s), nil
}

// Check reports what is wrong with the file of a secret, without reading it.
func Check(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return missing(path, err)
	}
	return private(path, info)
}

func private(path string, info fs.FileInfo) error {
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no regular file", path)
	}
	if info.Mode().Perm()&0o007 != 0 {
		return fmt.Errorf("%s may be read or changed by everybody on this machine (mode %04o): run chmod 0600 %s, as the user the kiosk runs as",
			path, info.Mode().Perm(), path)
	}
	return nil
}

func missing(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is not there: put the file there or correct the path", path)
	}
	return err
}
