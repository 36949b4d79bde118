package main

import (
	"context"
	"flag"
	"fmt"
	"io"

	"github.com/dzong-id/dzong/agent/scan"
)

func runScan(ctx context.Context, s streams, flags *flag.FlagSet, args []string) (int, error) {
	asJSON := flags.Bool("json", false, "print one JSON object per image")
	images, err := parse(flags, args)
	if err != nil {
		return 0, err
	}
	if len(images) == 0 {
		return 0, usagef("name at least one image file")
	}
	status := exitOK
	for _, name := range images {
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		r := scan.File(name)
		switch {
		case r.Faulted():
			status = exitFailed // graver than an image without a readable code
		case !r.OK && status == exitOK:
			status = exitAttention
		}
		if *asJSON {
			err = r.Write(s.out)
		} else {
			err = tellScan(s.out, r)
		}
		if err != nil {
			return 0, err
		}
	}
	return status, nil
}

// tellScan says what was read. What a code holds is somebody's credential: its
// beginning is enough to tell what it is, and --json gives all of it to whoever
// asks for it.
func tellScan(w io.Writer, r scan.Report) error {
	if !r.OK {
		_, err := fmt.Fprintf(w, "%s: not read: %s\n", printable(r.File), printable(r.Error))
		return err
	}
	for _, p := range r.Payloads {
		content := fmt.Sprintf("%d bytes that are no text", len(p.Base64))
		if p.Text != nil {
			content = fmt.Sprintf("%d bytes, %q", len(p.Base64), beginning(*p.Text))
		}
		if _, err := fmt.Fprintf(w, "%s: version %d, %s (%.1f ms)\n", printable(r.File), p.Version, content, float64(r.CPU)/1000); err != nil {
			return err
		}
	}
	return nil
}

func beginning(text string) string {
	const most = 48
	n := 0
	for i := range text {
		if n++; n > most {
			return text[:i] + "…"
		}
	}
	return text
}
