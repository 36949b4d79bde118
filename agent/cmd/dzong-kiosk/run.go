package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"time"

	"github.com/dzong-id/dzong/agent/config"
	"github.com/dzong-id/dzong/agent/outbox"
)

// errInUse: another process has the data folder.
var errInUse = errors.New("another dzong-kiosk is running with this data folder: stop it first, or give each its own data_dir")

// What lies in the data folder.
func lockFile(dir string) string     { return filepath.Join(dir, "agent.lock") }
func clockFile(dir string) string    { return filepath.Join(dir, "clock.json") }
func knowledgeDir(dir string) string { return filepath.Join(dir, "knowledge") }
func outboxDir(dir string) string    { return filepath.Join(dir, "outbox") }
func configFlag(f *flag.FlagSet) *string {
	return f.String("config", "", "`file` that configures the kiosk")
}

func runRun(ctx context.Context, s streams, flags *flag.FlagSet, args []string) (int, error) {
	file := configFlag(flags)
	rest, err := parse(flags, args)
	if err != nil {
		return 0, err
	}
	switch {
	case len(rest) > 0:
		return 0, usagef("there is nothing to name beside the flags")
	case *file == "":
		return 0, usagef("--config names the file that configures the kiosk")
	}
	c, err := config.Load(*file)
	if err != nil {
		return 0, err
	}
	a, err := assemble(ctx, c, s.logger())
	if errors.Is(err, errInUse) || errors.Is(err, outbox.ErrInUse) {
		return 0, fmt.Errorf("data folder %s: %w", c.DataDir, errInUse)
	}
	if err != nil {
		return 0, err
	}
	fmt.Fprintf(s.out, "screen: http://%s/\n", a.listener.Addr())
	if err := a.run(ctx); err != nil {
		return 0, err
	}
	return exitOK, nil
}

// restPause is how long a part that fell over rests before it is started again.
const restPause = time.Second
