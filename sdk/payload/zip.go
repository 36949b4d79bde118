package payload

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"

	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// zipFile is the name of the one file in PixelPass's archive.
const zipFile = "certificate.json"

var errArchive = errors.New("it does not hold exactly one file, certificate.json")

// unzip gives what is in PixelPass's archive, up to limits.Decompressed whatever
// its directory says.
func unzip(data []byte) ([]byte, error) {
	broken := func(err error) error {
		return &reason.Error{Code: reason.Malformed, Doing: "unfold scanned text: open the archive", Err: err}
	}
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, broken(err)
	}
	if len(r.File) != 1 || r.File[0].Name != zipFile || !r.File[0].Mode().IsRegular() {
		return nil, broken(errArchive)
	}
	f, err := r.File[0].Open()
	if err != nil {
		return nil, broken(err)
	}
	defer f.Close()
	out, err := io.ReadAll(io.LimitReader(f, limits.Decompressed+1))
	if len(out) > limits.Decompressed {
		return nil, &reason.Error{Code: reason.TooLarge, Doing: "unfold scanned text: the archive's file is larger than any credential"}
	}
	if err != nil {
		return nil, broken(err)
	}
	return out, nil
}
