package main

import (
	"context"
	"flag"

	"github.com/dzong-id/dzong/sdk/credential"
	"github.com/dzong-id/dzong/sdk/ldp"
	"github.com/dzong-id/dzong/sdk/sdjwt"
	"github.com/dzong-id/dzong/sdk/shc"
	"github.com/dzong-id/dzong/sdk/status"
	"github.com/dzong-id/dzong/sdk/verifytest/cases"
)

// mechanisms is every way of securing credentials this command opens.
func mechanisms() []credential.Mechanism {
	return []credential.Mechanism{sdjwt.Mechanism(), shc.Mechanism(), ldp.Mechanism()}
}

// openers is every form of status list this command opens.
func openers() []status.Opener {
	return []status.Opener{status.Token(), status.Credential(mechanisms()...), status.HealthCard()}
}

func runner() cases.Runner { return cases.Runner{Mechanisms: mechanisms(), Openers: openers()} }

func runVectors(ctx context.Context, s streams, flags *flag.FlagSet, args []string) (int, error) {
	rest, err := parse(flags, args)
	if err != nil {
		return 0, err
	}
	if len(rest) != 2 || rest[0] != "run" {
		return 0, usagef("say what to run: dzong vectors run DIR")
	}
	tally, err := runner().RunAll(ctx, rest[1], s.out)
	if err != nil {
		return 0, err
	}
	if tally.Failed > 0 {
		return exitFailed, nil
	}
	return exitOK, nil
}
