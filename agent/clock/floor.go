package clock

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"
)

// floorFile is what is kept on disk.
type floorFile struct {
	Format int       `json:"format"` // 1
	Floor  time.Time `json:"floor"`
}

// readFloor reads the floor, or puts a file aside that is none.
func readFloor(name string, log *slog.Logger) (time.Time, error) {
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("read the clock's floor: %w", err)
	}
	floor, err := parseFloor(data)
	if err == nil {
		return floor, nil
	}
	log.Warn("the clock's floor is not readable and was put aside", "file", name, "err", err)
	if err := os.Rename(name, name+".refused"); err != nil {
		return time.Time{}, fmt.Errorf("put an unreadable clock floor aside: %w", err)
	}
	return time.Time{}, nil
}

func parseFloor(data []byte) (time.Time, error) {
	var f floorFile
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return time.Time{}, fmt.Errorf("decode: %w", err)
	}
	if d.More() {
		return time.Time{}, errors.New("something follows the object")
	}
	if f.Format != 1 {
		return time.Time{}, fmt.Errorf("format %d, want 1", f.Format)
	}
	return f.Floor.UTC(), nil
}

// writeFloor replaces the file so that after a power cut it holds either the old
// floor or the new one: temporary file, sync, rename, sync of the directory.
func writeFloor(name string, floor time.Time) (err error) {
	data, err := json.Marshal(floorFile{Format: 1, Floor: floor})
	if err != nil {
		return fmt.Errorf("encode the clock's floor: %w", err)
	}
	dir := filepath.Dir(name)
	tmp, err := os.CreateTemp(dir, filepath.Base(name)+".*.tmp")
	if err != nil {
		return fmt.Errorf("write the clock's floor: %w", err)
	}
	defer func() {
		if err != nil {
			tmp.Close()
			os.Remove(tmp.Name())
		}
	}()
	if _, err = tmp.Write(append(data, '\n')); err != nil {
		return fmt.Errorf("write the clock's floor: %w", err)
	}
	if err = tmp.Sync(); err != nil {
		return fmt.Errorf("sync the clock's floor: %w", err)
	}
	if err = tmp.Close(); err != nil {
		return fmt.Errorf("close the clock's floor: %w", err)
	}
	if err = os.Rename(tmp.Name(), name); err != nil {
		return fmt.Errorf("replace the clock's floor: %w", err)
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync the folder of the clock's floor: %w", err)
	}
	defer d.Close()
	if err = d.Sync(); err != nil {
		return fmt.Errorf("sync the folder of the clock's floor: %w", err)
	}
	return nil
}
