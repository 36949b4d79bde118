package sync

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/did"
	"github.com/dzong-id/dzong/sdk/internal/strictjson"
	"github.com/dzong-id/dzong/sdk/limits"
)

// The names in a folder to import from.
const (
	// TrustFile is the trust list's name.
	TrustFile = "trust.jwt"
	// DenyFile is the deny list's name.
	DenyFile = "deny.jwt"
	// StatusExtension is what the name of every status list in text ends in;
	// StatusCBORExtension of one in CBOR.
	StatusExtension     = ".jwt"
	StatusCBORExtension = ".cwt"
	// DocumentExtension is what the name of every DID document and context ends in;
	// ContextExtension is another for contexts.
	DocumentExtension = ".json"
	ContextExtension  = ".jsonld"
	// LogExtension is what the name of every did:webvh's log ends in. Its witness
	// proofs lie beside it under the same name and WitnessEnding: did.jsonl and
	// did-witness.json.
	LogExtension  = ".jsonl"
	WitnessEnding = "-witness.json"
)

// folderFiles bounds how many files of a folder are looked at.
const folderFiles = 1000

// ImportFolder takes knowledge from a folder, such as a USB stick: the trust list
// from trust.jwt and the deny list from deny.jwt; then every *.json and *.jsonld as
// a DID document or context, by the id it has or by the digest that the trust list pins, and every *.jsonl as the
// log of a did:webvh with its witness proofs in *-witness.json; then every other
// *.jwt, and every *.cwt, as a status list, whose URI is taken from its sub.
// Everything is verified as if it had been fetched, and nothing goes back in time;
// but nobody vouches for a did:web on a stick that the trust list does not pin, and a
// log is only as new as its latest entry. White space around a token in text is
// passed over; folders in it and symbolic links are not followed.
//
// The report has a line per file; the error is for a folder that cannot be read,
// one without any such file, and a cancelled context.
func ImportFolder(ctx context.Context, c *cache.Cache, dir string) (Report, error) {
	report := Report{At: time.Now()}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return report, fmt.Errorf("import folder: %w", err)
	}
	defer root.Close()
	names, err := toImport(root)
	if err != nil {
		return report, fmt.Errorf("import folder %s: %w", dir, err)
	}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return report, fmt.Errorf("import folder %s: %w", dir, err)
		}
		report.Resources = append(report.Resources, importFile(ctx, c, root, name))
	}
	return report, nil
}

// turn is when a file's is, in the order in which one makes the next count; negative
// for one that is none of ours.
func turn(name string) int {
	switch {
	case strings.HasPrefix(name, "."):
		return -1
	case name == TrustFile:
		return 0
	case name == DenyFile:
		return 1
	case strings.HasSuffix(name, DocumentExtension), strings.HasSuffix(name, ContextExtension), strings.HasSuffix(name, LogExtension):
		return 2
	case strings.HasSuffix(name, StatusExtension), strings.HasSuffix(name, StatusCBORExtension):
		return 3
	}
	return -1
}

// toImport names the files to import, in their order.
func toImport(root *os.Root) ([]string, error) {
	d, err := root.Open(".")
	if err != nil {
		return nil, err
	}
	defer d.Close()
	var names []string
	for looked := 0; looked < folderFiles; {
		batch, err := d.ReadDir(100)
		for _, e := range batch {
			if e.Type().IsRegular() && turn(e.Name()) >= 0 {
				names = append(names, e.Name())
			}
		}
		looked += len(batch)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("there is no file that ends in %s, %s, %s, %s or %s: %w",
			StatusExtension, StatusCBORExtension, DocumentExtension, ContextExtension, LogExtension, fs.ErrNotExist)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(turn(a), turn(b)), strings.Compare(a, b))
	})
	// Witness proofs come with their log.
	return slices.DeleteFunc(names, func(name string) bool {
		log, ok := strings.CutSuffix(name, WitnessEnding)
		return ok && slices.Contains(names, log+LogExtension)
	}), nil
}

func importFile(ctx context.Context, c *cache.Cache, root *os.Root, name string) Resource {
	r := Resource{Resource: name, From: name, State: Unchanged}
	before := digests(c)
	var err error
	switch {
	case name == TrustFile:
		r.Resource = cache.TrustResource
		err = r.take(root, limits.TrustList, func(data []byte) error { return c.PutTrust(ctx, bytes.TrimSpace(data)) })
	case name == DenyFile:
		r.Resource = cache.DenyResource
		err = r.take(root, limits.DenyList, func(data []byte) error { return c.PutDeny(ctx, bytes.TrimSpace(data)) })
	case strings.HasSuffix(name, StatusExtension):
		err = r.take(root, limits.StatusToken, func(data []byte) error { return importStatus(ctx, c, &r, bytes.TrimSpace(data)) })
	case strings.HasSuffix(name, StatusCBORExtension):
		err = r.take(root, limits.StatusToken, func(data []byte) error { return importStatus(ctx, c, &r, data) })
	case strings.HasSuffix(name, LogExtension):
		err = r.take(root, limits.WebVHLog, func(data []byte) error { return importLog(ctx, c, root, &r, data) })
	default:
		err = r.take(root, max(limits.Context, limits.DIDDocument), func(data []byte) error { return importPinned(ctx, c, &r, data) })
	}
	switch {
	case err != nil:
		r.fail(err)
	case digests(c)[r.Resource] != before[r.Resource]:
		r.State = Fetched
	}
	r.settle(c)
	return r
}

// importStatus takes a status list as the one that it says it is.
func importStatus(ctx context.Context, c *cache.Cache, r *Resource, data []byte) error {
	uri, err := c.StatusSubject(data)
	if err != nil {
		return err
	}
	r.Resource = uri
	return c.PutStatus(ctx, uri, data)
}

// digests is what is at hand.
func digests(c *cache.Cache) map[string]string {
	out := map[string]string{}
	for _, e := range c.Entries() {
		out[e.Resource] = e.Digest
	}
	return out
}

// take reads the file of r within its limit and puts it.
func (r *Resource) take(root *os.Root, most int, put func(data []byte) error) error {
	data, err := readFile(root, r.From, most)
	r.Bytes = int64(len(data))
	if err != nil {
		return err
	}
	return put(data)
}

// importPinned takes a file as the context whose digest it has, or else as the
// document of the DID that it says it is.
func importPinned(ctx context.Context, c *cache.Cache, r *Resource, data []byte) error {
	sum := sha256.Sum256(data)
	var pinned []string
	for _, x := range c.Snapshot().Trust.Contexts() {
		if x.SHA256 == sum {
			pinned = append(pinned, x.URL)
		}
	}
	for _, url := range pinned {
		r.Resource = url
		if err := c.PutContext(ctx, url, data); err != nil {
			return err
		}
	}
	if pinned != nil {
		return nil
	}
	d, err := did.ParseDocument(data)
	if err != nil {
		return errors.New("it is no context that the trust list pins, and no DID document")
	}
	r.Resource = d.ID
	return c.PutDocument(ctx, d.ID, data)
}

// importLog takes a file as the log of the DID that its last line says it is.
func importLog(ctx context.Context, c *cache.Cache, root *os.Root, r *Resource, log []byte) error {
	lines := bytes.TrimRight(log, "\r\n")
	entry, err := strictjson.DecodeObject(lines[bytes.LastIndexByte(lines, '\n')+1:])
	if err != nil {
		return fmt.Errorf("read the log's last entry: %w", err)
	}
	state, _ := entry["state"].(map[string]any)
	id, _ := state["id"].(string)
	if !did.IsDID(id) {
		return errors.New("the log's last entry names no DID")
	}
	r.Resource = id
	witnesses, err := readFile(root, strings.TrimSuffix(r.From, LogExtension)+WitnessEnding, limits.WebVHLog)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	r.Bytes += int64(len(witnesses))
	return c.PutDocument(ctx, id, log, cache.WithWitnesses(witnesses))
}

// readFile reads a file that a folder has under a name, and nothing else of that name:
// a pipe would never end, and a link leads elsewhere.
func readFile(root *os.Root, name string, most int) ([]byte, error) {
	info, err := root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("read %s: it is no file", name)
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(&bounded{r: f, left: most})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return data, nil
}
