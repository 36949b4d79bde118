package collector

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/dzong-id/dzong/agent/outbox"
	"github.com/dzong-id/dzong/agent/report"
)

// Folder is a [Store] on disk: a file per stream,
// <dir>/<site>/<kiosk>/<epoch>.jsonl, an event per line, exactly as it came.
// It belongs to one process.
type Folder struct {
	dir string

	mu      sync.Mutex
	streams map[Stream]*file
}

// file is one stream's.
type file struct {
	path string
	ends []int64 // where the line of each event ends
	head Head
	bad  error // a write failed and could not be taken back
}

const extension = ".jsonl"

// OpenFolder reads what is in dir (made if absent) and checks every chain. The
// last line of a file may be cut off by a power cut; it was never signed for and
// is removed. Anything else that is not a chain is an error: it is for a person
// to decide what becomes of it.
func OpenFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open collector's folder: %w", err)
	}
	f := &Folder{dir: dir, streams: map[Stream]*file{}}
	paths, err := filepath.Glob(filepath.Join(dir, "*", "*", "*"+extension))
	if err != nil {
		return nil, fmt.Errorf("open collector's folder: %w", err)
	}
	for _, path := range paths {
		s, err := streamOf(dir, path)
		if err != nil {
			return nil, fmt.Errorf("open collector's folder: %w", err)
		}
		if f.streams[s], err = openFile(path, s); err != nil {
			return nil, fmt.Errorf("open collector's folder: %s: %w", path, err)
		}
	}
	return f, nil
}

func streamOf(dir, path string) (Stream, error) {
	rel, err := filepath.Rel(dir, strings.TrimSuffix(path, extension))
	if err != nil {
		return Stream{}, err
	}
	part := strings.Split(filepath.ToSlash(rel), "/")
	s := Stream{Kiosk: report.Kiosk{Site: part[0], Name: part[1]}, Epoch: part[2]}
	return s, s.Kiosk.Check()
}

func openFile(path string, s Stream) (*file, error) {
	in, err := os.OpenFile(filepath.Clean(path), os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }()
	f := &file{path: path, head: Head{Stream: s}}
	var end int64
	for r := bufio.NewReaderSize(in, outbox.MaxEvent+1); ; {
		line, err := r.ReadSlice('\n')
		if errors.Is(err, io.EOF) {
			if len(line) == 0 {
				return f, nil
			}
			return f, errors.Join(in.Truncate(end), in.Sync())
		}
		if err != nil { // longer than any event, or the disk
			return nil, fmt.Errorf("line %d: %w", f.head.Seq+1, err)
		}
		end += int64(len(line))
		data := bytes.TrimSuffix(line, []byte("\n"))
		e, err := report.ParseEvent(data)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", f.head.Seq+1, err)
		}
		if e.Epoch != s.Epoch || e.Seq != f.head.Seq+1 || e.PrevHash != f.head.Hash {
			return nil, fmt.Errorf("line %d does not continue the chain", f.head.Seq+1)
		}
		f.head.Seq, f.head.Hash = e.Seq, sha256.Sum256(data)
		f.ends = append(f.ends, end)
	}
}

// Heads implements [Store].
func (f *Folder) Heads(context.Context) ([]Head, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []Head
	for _, s := range f.streams {
		if s.head.Seq > 0 {
			out = append(out, s.head)
		}
	}
	return out, nil
}

// Append implements [Store].
func (f *Folder) Append(_ context.Context, s Stream, events [][]byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(events) == 0 {
		return nil
	}
	st, ok := f.streams[s]
	if !ok {
		path, err := f.create(s)
		if err != nil {
			return fmt.Errorf("keep events: %w", err)
		}
		st = &file{path: path, head: Head{Stream: s}}
		f.streams[s] = st
	}
	if st.bad != nil {
		return fmt.Errorf("keep events in %s: an earlier write failed; open the folder again: %w", st.path, st.bad)
	}
	if err := st.append(events); err != nil {
		return fmt.Errorf("keep events: %w", err)
	}
	return nil
}

// create makes the file, and makes its name and those of its folders durable.
func (f *Folder) create(s Stream) (string, error) {
	site := filepath.Join(f.dir, s.Kiosk.Site)
	kiosk := filepath.Join(site, s.Kiosk.Name)
	if err := os.MkdirAll(kiosk, 0o700); err != nil {
		return "", err
	}
	path := filepath.Join(kiosk, s.Epoch+extension)
	out, err := os.OpenFile(filepath.Clean(path), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	if err := out.Close(); err != nil {
		return "", err
	}
	for _, dir := range []string{kiosk, site, f.dir} {
		d, err := os.Open(filepath.Clean(dir))
		if err != nil {
			return "", err
		}
		if err := errors.Join(d.Sync(), d.Close()); err != nil {
			return "", err
		}
	}
	return path, nil
}

func (st *file) append(events [][]byte) error {
	out, err := os.OpenFile(st.path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer func() { _ = out.Close() }()
	start := st.size()
	var lines bytes.Buffer
	ends := st.ends
	for _, e := range events {
		lines.Write(e)
		lines.WriteByte('\n')
		ends = append(ends, start+int64(lines.Len()))
	}
	_, err = out.WriteAt(lines.Bytes(), start)
	if err == nil {
		err = out.Sync()
	}
	if err != nil {
		// After a failed sync nobody knows what is on the disk, and a later sync
		// would not tell: nothing more is kept here until the file is read anew.
		st.bad = err
		_ = out.Truncate(start)
		return err
	}
	st.ends = ends
	st.head.Seq += uint64(len(events))
	st.head.Hash = sha256.Sum256(events[len(events)-1])
	return nil
}

func (st *file) size() int64 {
	if len(st.ends) == 0 {
		return 0
	}
	return st.ends[len(st.ends)-1]
}

// Event implements [Store].
func (f *Folder) Event(_ context.Context, s Stream, seq uint64) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	st, ok := f.streams[s]
	if !ok || seq < 1 || seq > uint64(len(st.ends)) {
		return nil, fmt.Errorf("event %d of %s is not held", seq, s.Kiosk)
	}
	in, err := os.Open(st.path)
	if err != nil {
		return nil, fmt.Errorf("read event %d: %w", seq, err)
	}
	defer func() { _ = in.Close() }()
	var start int64
	if seq > 1 {
		start = st.ends[seq-2]
	}
	data := make([]byte, st.ends[seq-1]-start-1)
	if _, err := in.ReadAt(data, start); err != nil {
		return nil, fmt.Errorf("read event %d: %w", seq, err)
	}
	return data, nil
}
