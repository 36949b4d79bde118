package cases

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/limits"
	"github.com/dzong-id/dzong/sdk/payload"
	"github.com/dzong-id/dzong/sdk/reason"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/verify"
)

// Runner runs cases with the mechanisms of a build.
type Runner struct {
	Mechanisms []credential.Mechanism
	Openers    []status.Opener
}

// Tally counts a run.
type Tally struct{ Passed, Failed int }

// ErrNoCase is returned where a folder holds no case at all.
var ErrNoCase = errors.New("no case found")

// RunAll runs every case at or below dir in lexical order, writes a line per
// failure and at last "N passed, N failed".
func (r Runner) RunAll(ctx context.Context, dir string, out io.Writer) (Tally, error) {
	dirs, err := Find(dir)
	if err != nil {
		return Tally{}, err
	}
	if len(dirs) == 0 {
		return Tally{}, fmt.Errorf("run cases in %s: %w; a case is a folder with a %s", dir, ErrNoCase, FileName)
	}
	var t Tally
	for _, d := range dirs {
		if err := ctx.Err(); err != nil {
			return t, err
		}
		if err := r.Run(ctx, d); err != nil {
			t.Failed++
			name, relErr := filepath.Rel(dir, d)
			if relErr != nil {
				name = d
			}
			fmt.Fprintf(out, "FAIL %s: %v\n", filepath.ToSlash(name), err)
			continue
		}
		t.Passed++
	}
	fmt.Fprintf(out, "%d passed, %d failed\n", t.Passed, t.Failed)
	return t, nil
}

// Run runs the case in dir; nil means it came out as expected.
func (r Runner) Run(ctx context.Context, dir string) error {
	c, err := Load(dir)
	if err != nil {
		return err
	}
	res, err := r.Decide(ctx, c)
	if err != nil {
		return err
	}
	return c.Compare(res)
}

// Decide makes the decision that a case describes.
func (r Runner) Decide(ctx context.Context, c *Case) (verify.Result, error) {
	s, err := c.Situation()
	if err != nil {
		return verify.Result{}, err
	}
	know, err := r.Snapshot(s)
	if err != nil {
		return verify.Result{}, err
	}
	return r.DecideOn(ctx, s, know, verify.NewMemoryReplay())
}

// Presented verifies what was presented, however it came. If it is a text that
// may have stood in a code, it is unwrapped as a scanned text, and what is a
// request or wrapped wrongly is refused with the payload's own code. Everything
// else (a document in JSON, bytes in CBOR, more than any code holds) is the
// presentation itself and is verified as it is; what no mechanism opens is
// refused there. A query that in says it was presented for stays.
func Presented(ctx context.Context, v *verify.Verifier, data []byte, in verify.Input) (verify.Result, error) {
	query := ""
	if len(in.Presented) > 0 {
		query = in.Presented[0].Query
	}
	in.Presented = []verify.Presented{{Query: query, Data: data}}
	if len(data) > limits.QRText {
		return v.Verify(ctx, in)
	}
	p, err := payload.Parse(data)
	switch {
	case err == nil:
		in.Presented[0].Data = p.Presentation
	case p.Kind == payload.Unknown && unsupported(err):
		// No form of a scanned text.
	default:
		return verify.Refuse(in, err)
	}
	return v.Verify(ctx, in)
}

func unsupported(err error) bool {
	var coded *reason.Error
	return errors.As(err, &coded) && coded.Code == reason.FormatUnsupported
}

// Compare says how a result differs from what the case expects; nil if it does
// not.
func (c *Case) Compare(res verify.Result) error {
	got := res.Reasons()
	if res.Outcome() != c.Expect {
		return fmt.Errorf("outcome is %s, want %s (reasons %v)", res.Outcome(), c.Expect, got)
	}
	if c.Reasons != nil {
		want := slices.Clone(*c.Reasons)
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, slices.Compact(want)) {
			return fmt.Errorf("reasons are %v, want %v", got, want)
		}
	}
	if c.Claims == nil {
		return nil
	}
	for _, credential := range res.Credentials() {
		data, err := json.Marshal(credential.Claims())
		if err != nil {
			return err
		}
		have, err := decode(data)
		if err != nil {
			return err
		}
		if subset(c.Claims, have) {
			return nil
		}
	}
	return errors.New("no accepted credential has the claims that must come out")
}

// Find lists the folders at or below dir that are cases, in lexical order.
func Find(dir string) ([]string, error) {
	var dirs []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !d.IsDir() && d.Name() == FileName {
			dirs = append(dirs, filepath.Dir(path))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for cases: %w", err)
	}
	sort.Strings(dirs)
	return dirs, nil
}

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readAllBounded(f)
}

func readAllBounded(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, fileLimit+1))
	if err != nil {
		return nil, err
	}
	if len(data) > fileLimit {
		return nil, fmt.Errorf("more than %d bytes", fileLimit)
	}
	return data, nil
}
