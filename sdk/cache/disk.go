package cache

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
)

// disk is the few operations the cache needs, so that a test can fill it up or
// cut the power between any two of them. Names are slash-separated and relative
// to the cache's folder.
type disk interface {
	// read gives a whole file of at most so many bytes, errTooLong for more.
	read(name string, most int) ([]byte, error)
	// create opens an empty file for writing, in place of one of that name.
	create(name string) (file, error)
	rename(from, to string) error
	remove(name string) error
	mkdir(dir string) error
	// list names the entries of a folder, sorted; none if it does not exist.
	list(dir string) ([]string, error)
	syncDir(dir string) error
}

type file interface {
	io.WriteCloser
	Sync() error
}

var errTooLong = errors.New("file is longer than its limit")

// replace puts data at name so that a reader sees either the old file or the new
// one, and so that the new one survives a power cut once replace has returned.
// The temporary name is fixed: what a power cut leaves behind is overwritten by
// the next attempt.
func replace(d disk, name string, data []byte) error {
	temp := name + ".tmp"
	if err := fill(d, temp, data); err != nil {
		// On a full disk the half file would stand in the way of everything else.
		_ = d.remove(temp)
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := d.rename(temp, name); err != nil {
		_ = d.remove(temp)
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := d.syncDir(path.Dir(name)); err != nil {
		return fmt.Errorf("write %s: sync its folder: %w", name, err)
	}
	return nil
}

func fill(d disk, name string, data []byte) error {
	f, err := d.create(name)
	if err != nil {
		return err
	}
	n, err := f.Write(data)
	if err == nil && n < len(data) {
		err = io.ErrShortWrite
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// osDisk is a real folder. Nothing outside it can be reached through it, also
// not by a symbolic link that somebody put there.
type osDisk struct{ root *os.Root }

func openDisk(dir string) (osDisk, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return osDisk{}, err
	}
	return openExisting(dir)
}

func openExisting(dir string) (osDisk, error) {
	root, err := os.OpenRoot(dir)
	return osDisk{root}, err
}

func (d osDisk) read(name string, most int) ([]byte, error) {
	f, err := d.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, int64(most)+1))
	if err == nil && len(data) > most {
		return nil, errTooLong
	}
	return data, err
}

func (d osDisk) create(name string) (file, error) {
	return d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
}

func (d osDisk) rename(from, to string) error { return d.root.Rename(from, to) }

func (d osDisk) remove(name string) error { return d.root.Remove(name) }

func (d osDisk) mkdir(dir string) error {
	err := d.root.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return d.syncDir(path.Dir(dir))
}

func (d osDisk) list(dir string) ([]string, error) {
	f, err := d.root.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	names, err := f.Readdirnames(-1)
	slices.Sort(names)
	return names, err
}

func (d osDisk) syncDir(dir string) error {
	f, err := d.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// readOnlyDisk changes nothing on the disk below it.
type readOnlyDisk struct{ disk }

func (readOnlyDisk) create(string) (file, error) { return nil, ErrReadOnly }
func (readOnlyDisk) rename(_, _ string) error    { return ErrReadOnly }
func (readOnlyDisk) remove(string) error         { return ErrReadOnly }
func (readOnlyDisk) mkdir(string) error          { return ErrReadOnly }
func (readOnlyDisk) syncDir(string) error        { return ErrReadOnly }
