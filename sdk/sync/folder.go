package sync

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/dzong-id/dzong/sdk/cache"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/status"
)

// The names in a folder to import from.
const (
	// TrustFile is the trust list's name.
	TrustFile = "trust.jwt"
	// DenyFile is the deny list's name.
	DenyFile = "deny.jwt"
	// StatusExtension is what the name of every status list ends in.
	StatusExtension = ".jwt"
)

// folderFiles bounds how many files of a folder are looked at.
const folderFiles = 1000

// ImportFolder takes knowledge from a folder, such as a USB stick: the trust list
// from trust.jwt, the deny list from deny.jwt, every other *.jwt as a status list, whose URI is taken
// from its sub. Everything is verified as if it had been fetched, and nothing
// goes back in time. White space around a token is passed over; folders in it
// and symbolic links are not followed.
//
// The report has a line per file; the error is for a folder that cannot be read,
// one without any *.jwt, and a cancelled context.
func ImportFolder(ctx context.Context, c *cache.Cache, dir string) (Report, error) {
	report := Report{At: time.Now()}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return report, fmt.Errorf("import folder: %w", err)
	}
	defer root.Close()
	names, err := tokens(root)
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

// tokens names the files to import, the trust list first.
func tokens(root *os.Root) ([]string, error) {
	d, err := root.Open(".")
	if err != nil {
		return nil, err
	}
	defer d.Close()
	var names []string
	for looked := 0; looked < folderFiles; {
		batch, err := d.ReadDir(100)
		for _, e := range batch {
			if e.Type().IsRegular() && strings.HasSuffix(e.Name(), StatusExtension) && !strings.HasPrefix(e.Name(), ".") {
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
		return nil, fmt.Errorf("there is no file that ends in %s: %w", StatusExtension, fs.ErrNotExist)
	}
	slices.Sort(names)
	if i := slices.Index(names, TrustFile); i > 0 {
		names = slices.Insert(slices.Delete(names, i, i+1), 0, TrustFile)
	}
	return names, nil
}

func importFile(ctx context.Context, c *cache.Cache, root *os.Root, name string) Resource {
	r := Resource{Resource: name, From: name, State: Unchanged}
	most := limits.StatusToken
	switch name {
	case TrustFile:
		r.Resource, most = cache.TrustResource, limits.TrustList
	case DenyFile:
		r.Resource, most = cache.DenyResource, limits.DenyList
	}
	data, err := readFile(root, name, most)
	r.Bytes = int64(len(data))
	var before, after any
	switch {
	case err != nil:
	case name == TrustFile:
		before = c.Snapshot().Trust
		err = c.PutTrust(ctx, data)
		after = c.Snapshot().Trust
	case name == DenyFile:
		before = c.Snapshot().Deny
		err = c.PutDeny(ctx, data)
		after = c.Snapshot().Deny
	default:
		var uri string
		if uri, err = status.Subject(data); err == nil {
			r.Resource = uri
			before = c.Snapshot().Status[uri]
			err = c.PutStatus(ctx, uri, data)
			after = c.Snapshot().Status[uri]
		}
	}
	switch {
	case err != nil:
		r.fail(err)
	case before != after:
		r.State = Fetched
	}
	r.settle(c)
	return r
}

func readFile(root *os.Root, name string, most int) ([]byte, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(&bounded{r: f, left: most})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return bytes.TrimSpace(data), nil
}
