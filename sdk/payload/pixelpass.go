package payload

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"

	"github.com/dzong-id/dzong/sdk/internal/base45"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/reason"
)

// PixelPass packs a presentation for a code in alphanumeric mode: zlib at its
// best level (RFC 1950), then base45 (RFC 9285). It is what a wallet does; Parse
// undoes it.
func PixelPass(presentation []byte) string {
	var packed bytes.Buffer
	w, err := zlib.NewWriterLevel(&packed, zlib.BestCompression)
	if err == nil {
		_, err = w.Write(presentation)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		// Neither the level nor a bytes.Buffer can fail.
		panic("payload: compress into memory: " + err.Error())
	}
	return string(base45.Encode(packed.Bytes()))
}

// compressed reports whether data begins with a zlib header (RFC 1950 §2.2):
// deflate, a window of at most 32 KiB, and the check over both bytes. One text
// in about two thousand passes by chance; it then fails to inflate.
func compressed(data []byte) bool {
	return len(data) >= 2 && data[0]&0x0f == 8 && data[0]>>4 <= 7 && (uint(data[0])<<8|uint(data[1]))%31 == 0
}

// inflate undoes zlib up to limits.Decompressed. Nothing may stand behind the
// stream: two texts must not unfold to the same presentation.
func inflate(data []byte) ([]byte, error) {
	in := bytes.NewReader(data)
	r, err := zlib.NewReader(in)
	if err != nil {
		return nil, &reason.Error{Code: reason.Malformed, Doing: "unfold scanned text: open the compressed payload", Err: err}
	}
	defer r.Close()
	// Twice the input is what credentials unfold to at most; beyond it the buffer
	// grows with what is really there, and never past the cap.
	out := bytes.NewBuffer(make([]byte, 0, min(2*len(data), limits.Decompressed)))
	n, err := io.Copy(out, io.LimitReader(r, limits.Decompressed+1))
	if n > limits.Decompressed {
		return nil, &reason.Error{Code: reason.TooLarge, Doing: "unfold scanned text: the compressed payload is larger than any credential"}
	}
	if err != nil {
		return nil, &reason.Error{Code: reason.Malformed, Doing: "unfold scanned text: the compressed payload is damaged", Err: err}
	}
	if in.Len() > 0 {
		return nil, &reason.Error{Code: reason.Malformed, Doing: "unfold scanned text", Err: errTrailing}
	}
	return out.Bytes(), nil
}

var errTrailing = errors.New("bytes behind the compressed payload")
