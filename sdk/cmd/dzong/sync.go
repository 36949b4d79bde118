package main

import (
	"context"
	"errors"
	"flag"
)

func runSync(_ context.Context, _ streams, flags *flag.FlagSet, args []string) (int, error) {
	if _, err := parse(flags, args); err != nil {
		return 0, err
	}
	return 0, errors.New("this build does not fetch yet")
}
