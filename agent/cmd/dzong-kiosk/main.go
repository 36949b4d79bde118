package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
)

// Exit statuses.
const (
	exitOK        = 0 // what was asked was done, and is well
	exitFailed    = 1 // could not run, or a scene did not come out as it must
	exitUsage     = 2
	exitAttention = 3 // it ran, and something wants attention: an image was not read, a check is not well
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := streams{os.Stdout, os.Stderr}.run(ctx, os.Args[1:])
	stop()
	os.Exit(status)
}

// streams is where a command writes: answers to out, logs and complaints to err.
type streams struct {
	out, err io.Writer
}

// command is one thing dzong-kiosk does.
type command struct {
	name  string
	args  string // after the name, as usage prints it
	about string
	run   func(context.Context, streams, *flag.FlagSet, []string) (int, error)
}

func commands() []command {
	return []command{
		{"run", "--config FILE", "be the kiosk that FILE describes, until it is told to stop", runRun},
		{"doctor", "--config FILE [--json]", "check everything a kiosk needs, and say what to do; changes nothing", runDoctor},
		{"scan", "[--json] IMAGE...", "show what a reader sees in image files (PNG, JPEG)", runScan},
		{"demo", "[--once] [--json]", "show the kiosk at work, without hardware, broker or network", runDemo},
	}
}

// run does what args ask for and gives the exit status.
func (s streams) run(ctx context.Context, args []string) int {
	if len(args) == 0 {
		s.usage(s.err)
		return exitUsage
	}
	name := args[0]
	if name == "help" || name == "-h" || name == "-help" || name == "--help" {
		s.usage(s.out)
		return exitOK
	}
	for _, c := range commands() {
		if c.name != name {
			continue
		}
		flags := flag.NewFlagSet(name, flag.ContinueOnError)
		flags.SetOutput(io.Discard)
		status, err := c.run(ctx, s, flags, args[1:])
		var wrong *usageError
		switch {
		case err == nil:
			return status
		case errors.Is(err, flag.ErrHelp):
			c.help(s.out, flags)
			return exitOK
		case errors.As(err, &wrong):
			fmt.Fprintf(s.err, "dzong-kiosk %s: %v\nusage: dzong-kiosk %s %s\n", name, err, name, c.args)
			return exitUsage
		default:
			fmt.Fprintf(s.err, "dzong-kiosk %s: %v\n", name, err)
			return exitFailed
		}
	}
	fmt.Fprintf(s.err, "dzong-kiosk: there is no command %s; dzong-kiosk help lists them\n", printable(name))
	return exitUsage
}

func (s streams) usage(w io.Writer) {
	fmt.Fprint(w, "dzong-kiosk reads credentials with a camera and checks them, offline.\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %s %s\n      %s\n", c.name, c.args, c.about)
	}
	fmt.Fprint(w, "\nExit status: 0 well, 3 something wants attention, 1 could not run, 2 usage.\n"+
		"dzong-kiosk COMMAND --help says what each flag means.\n")
}

func (c command) help(w io.Writer, flags *flag.FlagSet) {
	fmt.Fprintf(w, "dzong-kiosk %s: %s\n\nusage: dzong-kiosk %s %s\n", c.name, c.about, c.name, c.args)
	flags.SetOutput(w)
	flags.PrintDefaults()
}

// logger writes to standard error; nothing below a level worth a line.
func (s streams) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: slog.LevelInfo}))
}

// usageError is a fault in how the command was called.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

func usagef(format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...)}
}

// parse reads flags before, between and after the other arguments, and gives
// these.
func parse(flags *flag.FlagSet, args []string) ([]string, error) {
	var rest []string
	for {
		if err := flags.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, usagef("%v", err)
		}
		if flags.NArg() == 0 {
			return rest, nil
		}
		rest = append(rest, flags.Arg(0))
		args = flags.Args()[1:]
	}
}
