package main

import (
	"context"
	"flag"

	"github.com/dzong-id/dzong/sdk/internal/mechanisms"
)

func runVectors(ctx context.Context, s streams, flags *flag.FlagSet, args []string) (int, error) {
	rest, err := parse(flags, args)
	if err != nil {
		return 0, err
	}
	if len(rest) != 2 || rest[0] != "run" {
		return 0, usagef("say what to run: dzong vectors run DIR")
	}
	tally, err := mechanisms.Runner().RunAll(ctx, rest[1], s.out)
	if err != nil {
		return 0, err
	}
	if tally.Failed > 0 {
		return exitFailed, nil
	}
	return exitOK, nil
}
