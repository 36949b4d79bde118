package status

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"

	"github.com/dzong-id/dzong/sdk/internal/base64url"
	"github.com/dzong-id/dzong/sdk/limits"
)

// errBomb is given for a list that unfolds to more than limits.StatusList.
var errBomb = errors.New("the list unfolds beyond its limit")

// decompress decodes lst and unfolds it. §4.1 step 4: "The Status Issuer
// compresses the byte array using DEFLATE [RFC1951] with the ZLIB [RFC1950] data
// format." The stream must end where the text does: bytes behind it would be
// signed but mean nothing, and two readers may disagree about them.
func decompress(lst string) ([]byte, error) {
	packed, err := base64url.Decode(lst)
	if err != nil {
		return nil, invalid("lst is no base64url", err)
	}
	// A bytes.Reader is an io.ByteReader, so that flate reads no further than
	// the stream goes and what is left can be counted.
	src := bytes.NewReader(packed)
	z, err := zlib.NewReader(src)
	if err != nil {
		return nil, invalid("lst is no zlib stream", err)
	}
	data, err := readAtMost(z, limits.StatusList)
	if errors.Is(err, errBomb) {
		return nil, invalid("decompress lst", errBomb)
	}
	if err != nil {
		return nil, invalid("lst is a damaged zlib stream", err)
	}
	if src.Len() > 0 {
		return nil, invalid("something follows the zlib stream in lst", nil)
	}
	return data, nil
}

// readAtMost reads r to its end, growing as bytes arrive and never beyond most:
// zlib unfolds a thousandfold, so what the input's length promises is worth
// nothing. Reading to the end is also what checks the stream's checksum.
func readAtMost(r io.Reader, most int) ([]byte, error) {
	buf := make([]byte, 0, min(64<<10, most))
	for {
		if len(buf) == cap(buf) {
			if len(buf) == most {
				var one [1]byte
				n, err := io.ReadFull(r, one[:])
				switch {
				case n > 0:
					return nil, errBomb
				case err == io.EOF:
					return buf, nil
				default:
					return nil, err
				}
			}
			grown := make([]byte, len(buf), min(2*cap(buf), most))
			copy(grown, buf)
			buf = grown
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err == io.EOF {
			return bytes.Clone(buf), nil
		}
		if err != nil {
			return nil, err
		}
	}
}
