package cache

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

// fakeDisk is a folder in memory whose power can be cut and whose space can run
// out. What was written but not synced is lost with the power, and so is a
// rename whose folder was not synced: the worst a file system may do.
type fakeDisk struct {
	mu      sync.Mutex
	durable map[string][]byte // what a power cut leaves
	files   map[string]*fakeFile
	space   int // bytes left; negative: no limit

	// cut ends the world before the n-th operation from now; zero: never.
	cut   int
	short bool // the write that runs out of space says nothing of it
	log   []string
}

type fakeFile struct {
	disk   *fakeDisk
	data   []byte
	synced bool
}

var (
	errPower = errors.New("power cut")
	errFull  = errors.New("no space left on device")
)

func newFakeDisk() *fakeDisk {
	return &fakeDisk{durable: map[string][]byte{}, files: map[string]*fakeFile{}, space: -1}
}

// restart is the disk as it comes back after the power was cut.
func (d *fakeDisk) restart() *fakeDisk {
	d.mu.Lock()
	defer d.mu.Unlock()
	next := newFakeDisk()
	for name, data := range d.durable {
		next.durable[name] = data
		next.files[name] = &fakeFile{disk: next, data: data, synced: true}
	}
	return next
}

func (d *fakeDisk) step(what string) error {
	if d.cut > 0 {
		d.cut--
		if d.cut == 0 {
			d.cut = -1
		}
	}
	if d.cut < 0 {
		return errPower
	}
	d.log = append(d.log, what)
	return nil
}

func (d *fakeDisk) read(name string, most int) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.files[name]
	if f == nil {
		return nil, fs.ErrNotExist
	}
	if len(f.data) > most {
		return nil, errTooLong
	}
	return slices.Clone(f.data), nil
}

func (d *fakeDisk) create(name string) (file, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step("create " + name); err != nil {
		return nil, err
	}
	f := &fakeFile{disk: d}
	d.files[name] = f
	return f, nil
}

func (f *fakeFile) Write(p []byte) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.disk.step("write"); err != nil {
		return 0, err
	}
	n := len(p)
	if f.disk.space >= 0 {
		n = min(n, f.disk.space)
		f.disk.space -= n
	}
	f.data = append(f.data, p[:n]...)
	if n < len(p) && !f.disk.short {
		return n, errFull
	}
	return n, nil
}

func (f *fakeFile) Sync() error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	f.synced = true
	return f.disk.step("sync")
}

func (f *fakeFile) Close() error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	return f.disk.step("close")
}

func (d *fakeDisk) rename(from, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step("rename " + to); err != nil {
		return err
	}
	f := d.files[from]
	if f == nil {
		return fs.ErrNotExist
	}
	delete(d.files, from)
	d.files[to] = f
	return nil
}

func (d *fakeDisk) remove(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step("remove " + name); err != nil {
		return err
	}
	if f := d.files[name]; f != nil && d.space >= 0 {
		d.space += len(f.data)
	}
	delete(d.files, name)
	return nil
}

func (d *fakeDisk) mkdir(string) error { return nil }

func (d *fakeDisk) list(dir string) ([]string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var names []string
	for name := range d.files {
		if path.Dir(name) == dir {
			names = append(names, path.Base(name))
		}
	}
	slices.Sort(names)
	return names, nil
}

// syncDir makes the folder's renames durable, and of each file in it what was
// synced: nothing, if the file was not.
func (d *fakeDisk) syncDir(dir string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step("syncdir " + dir); err != nil {
		return err
	}
	for name := range d.durable {
		if path.Dir(name) == dir {
			delete(d.durable, name)
		}
	}
	for name, f := range d.files {
		if path.Dir(name) == dir {
			d.durable[name] = nil
			if f.synced {
				d.durable[name] = slices.Clone(f.data)
			}
		}
	}
	return nil
}

func (d *fakeDisk) names(contains string) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []string
	for name := range d.files {
		if strings.Contains(name, contains) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
