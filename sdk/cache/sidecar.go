package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/internal/strictjson"
)

// sidecar is what is known about a file beside its signed bytes. It is not
// trusted: Number, Issued and Version can only make the cache refuse more, also where
// the file itself was lost; ETag counts only for exactly the bytes it was stored
// with, and when a document was fetched only under a seal.
type sidecar struct {
	URI     string    `json:"uri,omitempty"`
	ETag    string    `json:"etag,omitempty"`
	Fetched time.Time `json:"fetched,omitzero"`
	SHA256  string    `json:"sha256,omitempty"`  // of the file's bytes, in hexadecimal
	Number  uint64    `json:"number,omitempty"`  // trust list, deny list: its number
	Digest  string    `json:"digest,omitempty"`  // trust list, deny list: SHA-256 of what was signed
	Issued  time.Time `json:"issued,omitzero"`   // status list: its iat
	Version string    `json:"version,omitempty"` // log of a did:webvh: its latest version's name
	Seal    string    `json:"seal,omitempty"`    // DID document: says that Fetched is true

	justFetched bool   // the bytes came now, or the seal says that they came at Fetched
	onDisk      bool   // the bytes were read from disk
	witnesses   []byte // of the log of a did:webvh
}

const sidecarLimit = 64 << 10

func readSidecar(d disk, name string) sidecar {
	data, err := d.read(name+".json", sidecarLimit)
	if err != nil {
		return sidecar{}
	}
	var s sidecar
	if strictjson.Unmarshal(data, &s) != nil {
		return sidecar{}
	}
	return s
}

func writeSidecar(d disk, name string, s sidecar) error {
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return replace(d, name+".json", append(data, '\n'))
}

const (
	trustName = "trust"
	denyName  = "deny"
	statusDir = "status"
	signedExt = ".jwt"
	// refusedExt follows the name of a file that was put aside.
	refusedExt = ".refused"
)

// statusName is where a list lies, without extension. The digest keeps whatever
// a URI holds out of the file system.
func statusName(uri string) string {
	sum := sha256.Sum256([]byte(uri))
	return statusDir + "/" + hex.EncodeToString(sum[:])
}

// isStatusFile reports whether a file in the status folder is a list's: put-aside
// files, sidecars and temporary files are not.
func isStatusFile(file string) (name string, ok bool) {
	base, ok := strings.CutSuffix(file, signedExt)
	if !ok || len(base) != 2*sha256.Size {
		return "", false
	}
	if _, err := hex.DecodeString(base); err != nil {
		return "", false
	}
	return statusDir + "/" + base, true
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
